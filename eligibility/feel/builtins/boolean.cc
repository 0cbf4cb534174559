// SPDX-License-Identifier: Apache-2.0
#include "eligibility/feel/builtin.h"
#include "eligibility/feel/operators.h"

namespace kstati::eligibility::feel {
namespace {

using Arguments = std::span<const Value>;

Value Negation(Arguments arguments, CallContext&) { return Not(arguments[0]); }

// The same value of the same kind: unlike "=", a time with another offset is another value.
Value Is(Arguments arguments, CallContext&) {
  const Value& second = arguments.size() > 1 ? arguments[1] : Value::Null();
  return Value::Boolean(!arguments.empty() && Identical(arguments[0], second));
}

}  // namespace

std::vector<Builtin> BooleanBuiltins() {
  return {
      {.name = "not", .parameters = "negand:b", .result = Type::Boolean(), .run = Negation},
      {.name = "is", .parameters = "value1?:x, value2?:x", .result = Type::Boolean(), .run = Is},
  };
}

}  // namespace kstati::eligibility::feel
