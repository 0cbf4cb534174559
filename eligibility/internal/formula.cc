// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/formula.h"

#include "eligibility/internal/notation.h"

namespace kstati::eligibility {
namespace {

using nlohmann::json;

// A rule of the catalogue.
class RuleNotation final : public Notation {
 public:
  RuleNotation(const feel::Program& program, const Rulebook& book)
      : Notation(program), book_(book) {}

 private:
  Result<json> Load(uint32_t slot) const override { return json{"name", book_.IdOf(slot).text()}; }

  const Rulebook& book_;
};

}  // namespace

Result<json> FormulaOf(const Rule& rule, const Rulebook& book) {
  const feel::Program& program = rule.expression.program();
  return Bounded(RuleNotation(program, book).Of(program.root));
}

Result<json> ValueForm(const feel::Value& value) {
  switch (value.kind()) {
    case feel::Kind::kNull: return json();
    case feel::Kind::kBoolean: return json(value.boolean());
    case feel::Kind::kNumber: return json{{"number", value.number().ToString()}};
    case feel::Kind::kString: return json{{"text", value.string()}};
    case feel::Kind::kDate: return json{{"date", value.date().ToString()}};
    case feel::Kind::kMonthsDuration:
      return json{{"months", std::to_string(value.months().months)}};
    default: return NoNotation("a value of the kind " + std::string(feel::NameOf(value.kind())));
  }
}

}  // namespace kstati::eligibility
