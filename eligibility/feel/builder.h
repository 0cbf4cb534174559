// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/issue.h"
#include "eligibility/feel/decision_table.h"
#include "eligibility/feel/expression.h"
#include "eligibility/feel/names.h"
#include "eligibility/feel/program.h"

namespace kstati::eligibility::feel {

// A part of the text.
struct Extent {
  size_t begin = 0;
  size_t end = 0;
};

// Where the byte of a text at an offset stands in its file.
using Places = std::function<Location(size_t offset)>;

// Turns offsets of a text into places of its file and collects what is wrong.
class IssueSink {
 public:
  IssueSink(const CompileOptions& options, std::vector<Issue>& issues)
      : options_(options), issues_(issues) {}

  // The text that offsets belong to from now on.
  void Enter(Places places) {
    places_ = std::move(places);
    closed_ = false;
  }
  void Error(size_t offset, std::string text, std::string hint = {});
  // An error in strict mode, otherwise a warning: the standard gives null for it.
  void Mismatch(size_t offset, std::string text, std::string hint = {});
  // Ignores what else is wrong with the text after a syntax error: it would only be an echo.
  void Close() { closed_ = true; }
  bool failed() const { return failed_; }

 private:
  void Add(Severity severity, size_t offset, std::string text, std::string hint);

  const CompileOptions& options_;
  std::vector<Issue>& issues_;
  Places places_;
  size_t count_ = 0;
  bool failed_ = false;
  bool closed_ = false;
};

struct Iterator {
  NodeIndex domain = kNoNode;
  NodeIndex last = kNoNode;  // of a range of numbers or dates
  uint16_t local = 0;
};

struct Argument {
  std::string name;  // empty for a positional argument
  NodeIndex node = kNoNode;
};

struct ContextEntry {
  std::string name;
  NodeIndex node = kNoNode;
  uint16_t local = 0;
};

// Makes the nodes of a program, infers their types, reports operands that cannot fit and folds
// constants. Every function returns a node, also after an issue.
class Builder {
 public:
  Builder(IssueSink& issues, const CompileOptions& options) : issues_(issues), options_(options) {
    program_.limits = options.limits;
  }

  // Extents count from here on from byte `begin` of the program's text.
  void StartText(size_t begin) { text_begin_ = begin; }

  NodeIndex Constant(Value value, Type type, Extent at);
  NodeIndex Null(Extent at) { return Constant(Value::Null(), Type::Any(), at); }
  NodeIndex Load(uint32_t slot, Type type, Extent at);
  NodeIndex Local(uint16_t local, Type type, Extent at);
  // `found` is what the name means outside of the item, or kNoNode.
  NodeIndex ItemEntry(uint16_t item, std::string name, NodeIndex found, Extent at);
  NodeIndex Negate(NodeIndex operand, Extent at);
  NodeIndex Arithmetic(Op op, NodeIndex a, NodeIndex b, size_t operator_offset);
  NodeIndex Compare(Op op, NodeIndex a, NodeIndex b, size_t operator_offset);
  NodeIndex Between(NodeIndex value, NodeIndex low, NodeIndex high);
  NodeIndex Test(Op op, NodeIndex operand, Extent at);
  NodeIndex In(NodeIndex value, const std::vector<NodeIndex>& tests, Extent at);
  NodeIndex Logic(Op op, const std::vector<NodeIndex>& operands);
  NodeIndex If(NodeIndex condition, NodeIndex yes, NodeIndex no, Extent at);
  NodeIndex List(const std::vector<NodeIndex>& items, Extent at);
  NodeIndex Context(const std::vector<ContextEntry>& entries, Extent at);
  NodeIndex Range(NodeIndex start, NodeIndex end, uint8_t flags, Extent at);
  NodeIndex Path(NodeIndex base, std::string name, Extent name_at);
  NodeIndex Filter(NodeIndex base, NodeIndex condition, uint16_t item, Extent at);
  NodeIndex For(const std::vector<Iterator>& iterators, NodeIndex body,
                std::optional<uint16_t> partial, Extent at);
  NodeIndex Quantified(Op op, const std::vector<Iterator>& iterators, NodeIndex condition,
                       Extent at);
  NodeIndex Lambda(feel::Lambda lambda, Extent at);
  NodeIndex CallBuiltin(uint32_t builtin, const std::vector<Argument>& arguments, Extent at);
  NodeIndex CallNative(const std::string& name, const NativeFunction& function,
                       const std::vector<Argument>& arguments, Extent at);
  NodeIndex CallValue(NodeIndex callee, const std::vector<Argument>& arguments, Extent at);
  NodeIndex InstanceOf(NodeIndex value, Type type, Extent at);
  // The value of the last entry, which sees those before it.
  NodeIndex LastOf(const std::vector<ContextEntry>& entries, Extent at);
  // `value` converted to `type`, or null; `value` itself when the type is any.
  NodeIndex Convert(NodeIndex value, Type type);
  NodeIndex Table(DecisionTable table, Extent at);

  const Type& type(NodeIndex node) const { return program_.types[node]; }
  Op op(NodeIndex node) const { return program_.nodes[node].op; }
  Extent extent(NodeIndex node) const;
  const Value* constant(NodeIndex node) const;
  // The type an iterator variable or a filtered item has.
  Type ElementType(NodeIndex list) const;

  // The program with `root`; checks the expected type.
  Program Finish(NodeIndex root, uint16_t frame_size, std::string_view text);

 private:
  NodeIndex Add(Node node, Type type, Extent at, int depth);
  uint32_t AddChildren(const std::vector<NodeIndex>& children);
  uint32_t AddName(std::string name);
  int Depth(NodeIndex node) const { return node == kNoNode ? 0 : depths_[node]; }
  int DeepestOf(const std::vector<NodeIndex>& nodes) const;
  Extent Cover(NodeIndex a, NodeIndex b) const;
  void CheckCode(NodeIndex code, NodeIndex literal);
  void RequireBoolean(NodeIndex node, std::string_view what);
  Type PathType(const Type& base, const std::string& name, Extent at);
  NodeIndex Iterate(Op op, const std::vector<Iterator>& iterators, NodeIndex body, Node node,
                    Type type, Extent at);
  bool CheckArguments(uint32_t builtin, const std::vector<NodeIndex>& arguments, Extent at);
  // Arguments in the order of the parameters, and the signature when names chose it.
  struct Ordered {
    std::vector<NodeIndex> nodes;
    std::optional<size_t> signature;
  };
  std::optional<Ordered> Order(uint32_t builtin, const std::vector<Argument>& arguments, Extent at);
  Type CallType(uint32_t builtin, const std::vector<NodeIndex>& arguments) const;
  // Evaluates a call of a pure built-in with constant arguments; nullopt when it cannot.
  std::optional<Value> Fold(uint32_t builtin, const Ordered& arguments, Extent at);

  IssueSink& issues_;
  const CompileOptions& options_;
  Program program_;
  std::vector<int> depths_;
  size_t text_begin_ = 0;
};

}  // namespace kstati::eligibility::feel
