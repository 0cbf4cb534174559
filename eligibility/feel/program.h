// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "eligibility/feel/decision_table.h"
#include "eligibility/feel/limits.h"
#include "eligibility/feel/type.h"
#include "eligibility/feel/value.h"

namespace kstati::eligibility::feel {

using NodeIndex = uint32_t;
inline constexpr NodeIndex kNoNode = std::numeric_limits<NodeIndex>::max();

// What a node does. `list` means children[a .. a + b).
enum class Op : uint8_t {
  kConstant,  // constants[a]
  kLoad,      // Environment::Load(a)
  kLocal,     // frame[a]
  kNegate,    // a
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kPower,  // a, b
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,  // a, b
  kAnd,
  kOr,         // list
  kBetween,    // a between b and c
  kIn,         // c in any test of the list
  kTest,       // only as a test of kIn: `flags` is the comparison (an Op), a the operand
  kIf,         // a ? b : c
  kList,       // list
  kContext,    // list of (value, local) pairs; names[c + i] names entry i, frame[local] keeps
               // it for the entries after it; with kLastEntry only the value of the last
  kRange,      // a, b (kNoNode: no such end); flags kStartIncluded, kEndIncluded
  kPath,       // entry or property names[b] of a
  kItemEntry,  // entry names[b] of frame[a] when that is a context with it, else c or null
  kFilter,     // a[b], the item in frame[local]; flags kFilterByIndex, kFilterByCondition
  kFor,        // list of (domain, last or kNoNode, local) triples, body c; with kUsesPartial
               // frame[local] holds the results so far
  kSome,
  kEvery,          // as kFor, without partial
  kLambda,         // lambdas[a]
  kCallBuiltin,    // built-in c with list; flags: 1 + the signature that named arguments chose
  kCallNative,     // Environment::Call(c) with list
  kCallValue,      // function value children[a] with children[a + 1 .. a + b); with kNamed
                   // names[c + i] names argument i
  kInstanceOf,     // a instance of type_references[b]
  kConvert,        // a as type_references[b], or null
  kDecisionTable,  // tables[a]
};

inline constexpr uint8_t kStartIncluded = 1;
inline constexpr uint8_t kEndIncluded = 2;
inline constexpr uint8_t kFilterByIndex = 1;
inline constexpr uint8_t kFilterByCondition = 2;
inline constexpr uint8_t kLastEntry = 1;
inline constexpr uint8_t kNamed = 1;
inline constexpr uint8_t kUsesPartial = 1;

// One operation. Children precede their parents, so node i may be evaluated into column i.
struct Node {
  Op op = Op::kConstant;
  uint8_t flags = 0;
  uint16_t local = 0;
  uint32_t a = 0;
  uint32_t b = 0;
  uint32_t c = 0;
  uint32_t offset = 0;  // the part of the text it was made from
  uint32_t length = 0;
};

// A function in the text. Its frame: parameters first, then its own locals and captures.
struct Lambda {
  std::vector<std::string> parameters;
  std::vector<Type> parameter_types;
  std::vector<std::pair<uint16_t, uint16_t>> captures;  // from the outer frame, to its own
  uint16_t frame_size = 0;
  NodeIndex body = kNoNode;
};

// A compiled expression: flat, typed, immutable.
//
// Invariants:
// 1. Every child index is less than its parent's; `types` has one element per node.
// 2. Frames: locals are written before they are read, and each index has one writer.
struct Program {
  std::string text;
  std::vector<Node> nodes;
  std::vector<Type> types;
  std::vector<NodeIndex> children;
  std::vector<Value> constants;
  std::vector<std::string> names;
  std::vector<Type> type_references;  // of kInstanceOf and kConvert
  std::vector<Lambda> lambdas;
  std::vector<DecisionTable> tables;
  std::vector<uint32_t> slots;  // read by kLoad, sorted and unique
  // By node: 1 + the number of the part that several others read; 0: only one does. Empty: none is.
  std::vector<uint32_t> parts;
  std::vector<std::vector<uint32_t>> part_slots;  // by part: what it reads, sorted and unique
  uint16_t frame_size = 0;
  NodeIndex root = kNoNode;
  Limits limits;
};

}  // namespace kstati::eligibility::feel
