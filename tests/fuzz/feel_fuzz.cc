// SPDX-License-Identifier: Apache-2.0
// Any bytes as a FEEL text: compiling must end in issues or an expression, evaluating in a value,
// and two evaluations must agree. Names that look like inputs are unknown.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "eligibility/feel/expression.h"

namespace kstati::eligibility::feel {
namespace {

class Inputs final : public Scope {
 public:
  std::optional<Binding> Resolve(std::string_view name) const override {
    if (name == "u") return Binding{1, Type::Any()};
    if (name == "n") return Binding{2, Type::Number()};
    if (name == "a.b c") return Binding{3, Type::ListOf(Type::Any())};
    return std::nullopt;
  }
  std::vector<std::string> Names() const override { return {"u", "n", "a.b c"}; }
};

class Person final : public Environment {
 public:
  Value Load(uint32_t slot) override { return slot == 2 ? Value::Number(7) : Value::Unknown(slot); }
};

void Run(std::string_view text, bool strict) {
  CompileOptions options;
  options.strict = strict;
  options.limits.max_steps = 20'000;
  options.limits.max_list_items = 2'000;
  options.limits.max_string_bytes = 100'000;
  std::vector<Issue> issues;
  const auto expression = Compile(text, {"fuzz", 1, 1}, Inputs(), issues, options);
  KSTATI_CHECK(expression.has_value() != HasErrors(issues));
  if (!expression) return;
  Person person;
  Diagnostics diagnostics;
  person.diagnostics = &diagnostics;
  const Value first = Evaluate(*expression, person);
  const Value second = Evaluate(*expression, person);
  KSTATI_CHECK(ToSource(first) == ToSource(second));
}

}  // namespace
}  // namespace kstati::eligibility::feel

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  kstati::eligibility::feel::Run(text, true);
  kstati::eligibility::feel::Run(text, false);
  return 0;
}
