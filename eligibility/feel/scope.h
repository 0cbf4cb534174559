// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eligibility/feel/type.h"
#include "eligibility/feel/value.h"

namespace kstati::eligibility::feel {

// Where a name's value comes from: Environment::Load(slot).
struct Binding {
  uint32_t slot = 0;
  Type type;
};

// A literal argument that does not fit: which one, why, and what to write instead.
struct ArgumentProblem {
  size_t argument = 0;
  std::string text;
  std::string hint;
};

// A function that the environment provides: Environment::Call(function, arguments).
struct NativeFunction {
  uint32_t function = 0;
  size_t least_arguments = 0;
  size_t most_arguments = 0;
  Type result;
  // Called once per call in the text. `literals` has one element per argument, nullopt where the
  // argument is not a constant; may return the problem and may narrow `result`.
  std::function<std::optional<ArgumentProblem>(const std::vector<std::optional<Value>>& literals,
                                               Type& result)>
      check;
};

// The names an expression may use. Names arrive in canonical form (see CanonicalName).
class Scope {
 public:
  virtual ~Scope() = default;
  virtual std::optional<Binding> Resolve(std::string_view name) const = 0;
  virtual std::optional<NativeFunction> ResolveFunction(std::string_view name) const;
  // What a type's name in "instance of" stands for, beside the language's own.
  virtual std::optional<Type> ResolveType(std::string_view name) const;
  // Every name of values and functions, for hints.
  virtual std::vector<std::string> Names() const = 0;
};

// One blank between words, none around . / - ' + *: "person . birth_date" -> "person.birth_date".
std::string CanonicalName(std::string_view text);

}  // namespace kstati::eligibility::feel
