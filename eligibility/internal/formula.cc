// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/formula.h"

#include "eligibility/internal/notation.h"

namespace kstati::eligibility {
namespace {

using nlohmann::json;

// A rule of the catalogue.
class RuleNotation final : public Notation {
 public:
  RuleNotation(const Rule& rule, const Rulebook& book)
      : Notation(rule.expression.program(), 0, !rule.member_slots.empty()), book_(book) {}

 private:
  Result<json> Load(uint32_t slot) const override { return json{"name", book_.IdOf(slot).text()}; }

  const Rulebook& book_;
};

}  // namespace

Result<json> FormulaOf(const Rule& rule, const Rulebook& book) {
  return Bounded(RuleNotation(rule, book).Of(rule.expression.program().root));
}

Result<json> ValueForm(const feel::Value& value) {
  switch (value.kind()) {
    case feel::Kind::kNull: return json();
    case feel::Kind::kBoolean: return json(value.boolean());
    case feel::Kind::kNumber: return json{{"number", value.number().ToString()}};
    case feel::Kind::kString: return json{{"text", value.string()}};
    case feel::Kind::kDate: return json{{"date", value.date().ToString()}};
    case feel::Kind::kTime: return json{{"time", feel::ToText(value)}};
    case feel::Kind::kDateTime: return json{{"moment", feel::ToText(value)}};
    case feel::Kind::kMonthsDuration:
      return json{{"months", std::to_string(value.months().months)}};
    case feel::Kind::kTimeDuration: return json{{"days", feel::ToText(value)}};
    case feel::Kind::kList: {
      json items = json::array();
      for (const feel::Value& item : value.list()) {
        KSTATI_TRY(json form, ValueForm(item));
        items.push_back(std::move(form));
      }
      return json{{"list", std::move(items)}};
    }
    case feel::Kind::kContext: {
      json entries = json::array();
      for (const feel::Value::Entry& entry : value.context()) {
        KSTATI_TRY(json form, ValueForm(entry.value));
        entries.push_back(json::array({entry.name, std::move(form)}));
      }
      return json{{"entries", std::move(entries)}};
    }
    default: return NoNotation("a value of the kind " + std::string(feel::NameOf(value.kind())));
  }
}

}  // namespace kstati::eligibility
