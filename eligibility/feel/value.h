// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/decimal.h"
#include "base/time.h"
#include "eligibility/feel/temporal.h"

namespace kstati::eligibility::feel {

enum class Kind : uint8_t {
  kNull,  // not applicable
  kBoolean,
  kNumber,
  kDate,
  kTime,
  kDateTime,
  kMonthsDuration,  // years and months duration
  kTimeDuration,    // days and time duration
  kUnknown,         // a missing input, or something computed from one; never the same as null
  // The kinds below live in shared storage.
  kString,
  kList,
  kContext,
  kRange,
  kFunction,
};

// "number", "date and time", ...; "Null" and "unknown" for those two.
std::string_view NameOf(Kind kind);

class Value;
struct Range;
struct FunctionData;
struct Program;
class Type;

// The name of one input that may be missing; the Scope that compiled the expression gives it
// meaning (a slot, or an identifier of its own choice for a parameter without a value).
using InputId = uint32_t;

// One FEEL value, immutable. Copying allocates nothing; scalars live inside the value, strings,
// lists, contexts, ranges and functions in reference-counted storage that threads may share.
//
// Invariants:
// 1. An unknown stands for at least one input; its inputs are sorted and unique.
// 2. Lists and contexts may hold unknowns; has_unknown() says so without a search.
class Value {
 public:
  struct Entry;
  using Entries = std::vector<Entry>;

  Value() = default;  // null
  Value(const Value& other) noexcept { CopyFrom(other); }
  Value(Value&& other) noexcept { MoveFrom(other); }
  Value& operator=(const Value& other) noexcept;
  Value& operator=(Value&& other) noexcept;
  ~Value() { Release(); }

  static Value Null() { return {}; }
  static Value Boolean(bool value);
  static Value Number(Decimal value);
  static Value String(std::string text);  // UTF-8
  static Value OfDate(Date date);
  static Value OfTime(TimeOfDay time);
  static Value OfDateTime(DateTime moment);
  static Value OfMonths(MonthsDuration duration);
  static Value OfNanos(TimeDuration duration);
  static Value List(std::vector<Value> items);
  // Entries in order; names must be unique.
  static Value Context(Entries entries);
  static Value OfRange(Range range);
  static Value OfFunction(FunctionData function);
  static Value Unknown(InputId input);
  // Any order, duplicates allowed, not empty.
  static Value Unknown(std::span<const InputId> inputs);

  Kind kind() const { return kind_; }
  bool is(Kind kind) const { return kind_ == kind; }
  bool is_null() const { return kind_ == Kind::kNull; }
  bool is_unknown() const { return kind_ == Kind::kUnknown; }
  bool is_true() const { return kind_ == Kind::kBoolean && payload_.words[0] != 0; }
  bool is_false() const { return kind_ == Kind::kBoolean && payload_.words[0] == 0; }
  // Whether it is an unknown or holds one at any depth.
  bool has_unknown() const { return kind_ == Kind::kUnknown || holds_unknown_; }

  // Each accessor requires the matching kind.
  bool boolean() const { return Word(Kind::kBoolean, 0) != 0; }
  Decimal number() const;
  const std::string& string() const;
  Date date() const { return Date{static_cast<int64_t>(Word(Kind::kDate, 0))}; }
  TimeOfDay time() const;
  DateTime date_time() const;
  MonthsDuration months() const;
  TimeDuration nanos() const;
  const std::vector<Value>& list() const;
  const Entries& context() const;
  const Range& range() const;
  const FunctionData& function() const;
  // The missing inputs behind an unknown.
  std::span<const InputId> missing() const;

  // How deep lists, contexts, ranges and captures nest inside it; 0 for a scalar.
  int nesting() const { return kind_ > Kind::kString ? detail_ : 0; }

  // The entry of a context, or nullptr.
  const Value* Find(std::string_view name) const;

 private:
  static constexpr uint8_t kInlineInputs = 4;
  union Payload {
    uint64_t words[2] = {0, 0};
    InputId inputs[kInlineInputs];
  };

  bool shared() const {
    return kind_ >= Kind::kString || (kind_ == Kind::kUnknown && inline_inputs_ == 0);
  }
  uint64_t Word(Kind kind, size_t index) const {
    KSTATI_DCHECK(kind_ == kind);
    return payload_.words[index];
  }
  template <class T>
  const T& Data(Kind kind) const;
  template <class T>
  static Value Adopt(Kind kind, T* data);
  void TakeBits(const Value& other) noexcept {
    kind_ = other.kind_;
    inline_inputs_ = other.inline_inputs_;
    zoned_ = other.zoned_;
    holds_unknown_ = other.holds_unknown_;
    detail_ = other.detail_;
    payload_ = other.payload_;
  }
  void CopyFrom(const Value& other) noexcept {
    TakeBits(other);
    if (shared()) Retain();
  }
  void MoveFrom(Value& other) noexcept {
    TakeBits(other);
    other.kind_ = Kind::kNull;
    other.holds_unknown_ = false;
  }
  void Release() noexcept {
    if (shared()) Drop();
  }
  void Retain() const noexcept;
  void Drop() noexcept;
  void Destroy() noexcept;

  Kind kind_ = Kind::kNull;
  uint8_t inline_inputs_ = 0;   // unknown: inputs kept in the payload; 0 when they are shared
  bool zoned_ = false;          // time, date and time
  bool holds_unknown_ = false;  // list, context, range, function
  int32_t detail_ = 0;          // time: the packed zone; list, context: nesting
  Payload payload_;
};

static_assert(sizeof(Value) == 24);

struct Value::Entry {
  std::string name;
  Value value;
};

// An end of a range: `(< 10)` has no start at all, `(null..10)` has the start null.
struct Range {
  Value start;
  Value end;
  bool has_start = true;
  bool has_end = true;
  bool start_included = false;
  bool end_included = false;
};

// A built-in function, a function of the environment, or a lambda with what it captured.
struct FunctionData {
  enum class Form : uint8_t { kBuiltin, kNative, kLambda };
  Form form = Form::kLambda;
  uint32_t index = 0;  // into the built-ins, the environment's functions or the program's lambdas
  std::shared_ptr<const Program> program;  // of a lambda
  std::vector<Value> captures;
  std::shared_ptr<const Type> type = {};  // of a function of the environment; null: not known
};

// The union of the inputs of every unknown in `values`, at any depth; an unknown over them.
// Requires at least one.
Value UnionOfUnknowns(std::span<const Value> values);
Value UnionOfUnknowns(const Value& a, const Value& b);
// Adds the inputs behind the unknowns inside `value` (sorted and unique are not promised).
void CollectMissing(const Value& value, std::vector<InputId>& inputs);

// The date, time, date and time or duration that the text after "@" stands for; null when none.
Value ParseTemporal(std::string_view text);

// The same value in every observable way, deeply; values with unknowns are never identical.
bool Identical(const Value& a, const Value& b);

// FEEL's string(): numbers plain, strings bare at the top and quoted inside lists and contexts.
// An unknown prints as "unknown(3, 7)".
std::string ToText(const Value& value);
// As FEEL source: strings quoted also at the top.
std::string ToSource(const Value& value);

}  // namespace kstati::eligibility::feel
