// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "eligibility/feel/expression.h"

namespace kstati::eligibility::feel {

// A small world: names with types and values. Names without a value are unknown inputs whose
// number is the order of declaration from 1.
class World final : public Scope, public Environment {
 public:
  World() {
    today = Date::Of(2026, 3, 15);
    now = DateTime{Date::Of(2026, 3, 15), 9 * 3600 * kNanosPerSecond, Zone{true, 3 * 3600}};
  }

  World& Declare(std::string name, Type type, std::optional<Value> value = std::nullopt) {
    const auto slot = static_cast<uint32_t>(values_.size() + 1);
    bindings_[std::move(name)] = Binding{slot, std::move(type)};
    values_.push_back(value.value_or(Value::Unknown(slot)));
    return *this;
  }
  void Set(uint32_t slot, Value value) { values_[slot - 1] = std::move(value); }

  std::optional<Binding> Resolve(std::string_view name) const override {
    const auto found = bindings_.find(name);
    if (found == bindings_.end()) return std::nullopt;
    return found->second;
  }
  // parameter("pm_child"): 17733; no other parameter exists.
  std::optional<NativeFunction> ResolveFunction(std::string_view name) const override {
    if (name != "parameter") return std::nullopt;
    NativeFunction function{7, 1, 2, Type::Number(), {}};
    function.check = [](const std::vector<std::optional<Value>>& literals,
                        Type&) -> std::optional<ArgumentProblem> {
      if (literals[0] && literals[0]->is(Kind::kString) && literals[0]->string() == "pm_child") {
        return std::nullopt;
      }
      return ArgumentProblem{0, "there is no such parameter", "did you mean \"pm_child\"?"};
    };
    return function;
  }
  std::vector<std::string> Names() const override {
    std::vector<std::string> names{"parameter"};
    for (const auto& [name, binding] : bindings_) names.push_back(name);
    return names;
  }

  Value Load(uint32_t slot) override { return values_[slot - 1]; }
  Value Call(uint32_t, std::span<const Value>) override { return Value::Number(17733); }

 private:
  std::map<std::string, Binding, std::less<>> bindings_;
  std::vector<Value> values_;
};

// The printed value, or the rendered issues.
inline std::string Answer(World& world, std::string_view text, CompileOptions options = {}) {
  std::vector<Issue> issues;
  const auto expression = Compile(text, Location{"rule.yaml", 1, 1}, world, issues, options);
  if (expression) return ToSource(Evaluate(*expression, world));
  std::string out;
  for (const Issue& issue : issues) {
    size_t begin = 0;
    for (int line = 1; line < issue.where.line; ++line) begin = text.find('\n', begin) + 1;
    out += Render(issue, text.substr(begin, text.find('\n', begin) - begin));
  }
  return out;
}

// By the letter of the standard: mismatches are null at run time instead of errors.
inline std::string LenientAnswer(std::string_view text) {
  World world;
  return Answer(world, text, {.strict = false});
}

inline Value Number(std::string_view text) { return Value::Number(*Decimal::Parse(text)); }

}  // namespace kstati::eligibility::feel
