// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "eligibility/feel/environment.h"
#include "eligibility/feel/limits.h"
#include "eligibility/feel/type.h"
#include "eligibility/feel/value.h"

namespace kstati::eligibility::feel {

// What a built-in may ask of the evaluation that calls it.
class CallContext {
 public:
  virtual ~CallContext() = default;
  // Records why the call gives null; returns null.
  virtual Value Fail(std::string text) = 0;
  // Calls a function value; null when it is not a function.
  virtual Value Invoke(const Value& function, std::span<const Value> arguments) = 0;
  // Whether `count` items may be made; otherwise the evaluation is cut short.
  virtual bool MayMakeItems(size_t count) = 0;
  virtual Environment& environment() = 0;
  virtual const Limits& limits() = 0;
};

// Who deals with unknown arguments.
enum class UnknownRule : uint8_t {
  kDeep,     // the caller: any unknown at any depth makes the result unknown
  kShallow,  // the caller for arguments that are unknown; the function for unknowns inside them
  kOwn,      // the function
};

// How the type of a call follows from its arguments.
enum class ResultRule : uint8_t {
  kFixed,    // always `result`
  kElement,  // the element type of the first argument when that is a list
  kFirst,    // the type of the first argument
};

// A parameter of a built-in. `type` is any where several kinds are admitted.
struct Parameter {
  std::string name;
  Type type;
  bool optional = false;
};

using Signature = std::vector<Parameter>;

using BuiltinFunction = Value (*)(std::span<const Value> arguments, CallContext& call);

struct Builtin {
  std::string_view name;
  // Alternatives as "string:s, start position:n, length?:n | other:x". Letters: x any, b boolean,
  // n number, s string, d date, t time, z date and time, m and u the durations, l list,
  // c context, r range, f function. "list...:l" admits a list or any number of items.
  std::string_view parameters;
  Type result;
  UnknownRule unknown = UnknownRule::kDeep;
  BuiltinFunction run = nullptr;
  ResultRule rule = ResultRule::kFixed;
  bool pure = true;          // the same arguments always give the same value
  bool keeps_lists = false;  // variadic, but every argument is a list of its own

  // Filled by the registry.
  std::vector<Signature> signatures = {};
  bool variadic = false;
  // Whether several arguments stand for the items of its one list.
  bool gathers() const { return variadic && signatures.front().size() == 1 && !keeps_lists; }
};

const std::vector<Builtin>& Builtins();
// The index of a built-in by canonical name.
std::optional<uint32_t> FindBuiltin(std::string_view name);
// The one signature that has all the named arguments, and the position of each of its parameters
// among them; missing optional ones are kAbsentArgument. nullopt when no signature fits.
inline constexpr uint32_t kAbsentArgument = UINT32_MAX;
struct ArgumentOrder {
  size_t signature = 0;
  std::vector<uint32_t> positions;
};
std::optional<ArgumentOrder> OrderNamedArguments(const Builtin& builtin,
                                                 std::span<const std::string> names);
// Calls a built-in: checks the number and kinds of the arguments, turns a list of one into its
// item and an item into a list where the parameter asks for it, and deals with unknowns by the
// function's rule. May change `arguments`. With `only`, they
// must fit a signature that has its names.
Value RunBuiltin(const Builtin& builtin, std::vector<Value>& arguments, CallContext& call,
                 std::optional<size_t> only = std::nullopt);
// "substring(string, start position, length?)", for messages.
std::string UsageOf(const Builtin& builtin);

// range("[1..10]"), in a file of its own.
Value MakeRange(std::span<const Value> arguments, CallContext& call);

// Parts of the registry, one per file of builtins/.
std::vector<Builtin> NumericBuiltins();
std::vector<Builtin> StringBuiltins();
std::vector<Builtin> ListBuiltins();
std::vector<Builtin> AggregateBuiltins();
std::vector<Builtin> TemporalBuiltins();
std::vector<Builtin> RangeBuiltins();
std::vector<Builtin> ContextBuiltins();
std::vector<Builtin> ConversionBuiltins();
std::vector<Builtin> BooleanBuiltins();

}  // namespace kstati::eligibility::feel
