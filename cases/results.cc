// SPDX-License-Identifier: Apache-2.0
#include "cases/results.h"

#include <algorithm>
#include <set>

namespace kstati::cases {
namespace {

bool IsResult(const profile::Attribute& attribute, const profile::FactValue& value) {
  if (attribute.type == profile::ValueType::kPayment) {
    return !std::holds_alternative<profile::NotApplicable>(value);
  }
  const bool* flag = std::get_if<bool>(&value);
  const bool may_be = attribute.type == profile::ValueType::kDocument ||
                      attribute.type == profile::ValueType::kBoolean;
  return may_be && flag != nullptr && *flag;
}

// Who may have a case whose result is about `citizen`.
Result<std::set<CitizenId>> ApplicantsFor(Draft& draft, CitizenId citizen) {
  KSTATI_TRY(const bool known, draft.Knows(citizen));
  if (!known) return std::set<CitizenId>();
  std::set<CitizenId> applicants{citizen};
  KSTATI_TRY(const auto household, draft.HouseholdOf(citizen));
  for (const auto& parent : household->parents) {
    if (!parent->erased()) applicants.insert(parent->citizen());
  }
  return applicants;
}

bool Yields(const World& world, const Case& c, const AttributeId& output) {
  const graph::Service* service = world.catalogue().FindService(c.service);
  const graph::Regulation* regulation =
      service == nullptr ? nullptr : service->RegulationOn(c.regulation_from);
  return regulation != nullptr && std::find(regulation->outputs.begin(), regulation->outputs.end(),
                                            output) != regulation->outputs.end();
}

}  // namespace

Result<void> CloseByResults(Draft& draft, const profile::RegistryEvent& event) {
  const profile::Dictionary& dictionary = draft.world().program->dictionary();
  for (const profile::ReportedFact& fact : event.facts) {
    const profile::Attribute* attribute = dictionary.Find(fact.attribute);
    if (attribute == nullptr || !IsResult(*attribute, fact.value)) continue;
    KSTATI_TRY(const std::set<CitizenId> applicants, ApplicantsFor(draft, fact.citizen));
    for (const CitizenId applicant : applicants) {
      KSTATI_TRY(const std::vector<Case> cases, draft.Cases(applicant));
      for (Case c : cases) {
        const bool same_person = c.about == fact.citizen || c.citizen == fact.citizen;
        if (!IsOpen(c.status) || !same_person || !Yields(draft.world(), c, fact.attribute))
          continue;
        KSTATI_TRY_VOID(draft.Act(c, Action::kResult, "case.reason.result"));
      }
    }
  }
  return {};
}

}  // namespace kstati::cases
