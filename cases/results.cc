// SPDX-License-Identifier: Apache-2.0
#include "cases/results.h"

#include <algorithm>
#include <set>

#include "cases/deciding.h"
#include "cases/household_cases.h"

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

bool IsAmong(const std::vector<AttributeId>& attributes, const AttributeId& attribute) {
  return std::ranges::find(attributes, attribute) != attributes.end();
}

const graph::Regulation* RegulationBehind(const World& world, const Case& c) {
  const graph::Service* service = world.catalogue().FindService(c.service);
  return service == nullptr ? nullptr : service->RegulationOn(c.regulation_from);
}

// Whether a new one is given to who has one: the service takes what it gives, or the situation
// calls for a new one.
bool IsRenewed(const World& world, const Case& c, const graph::Regulation& regulation,
               const AttributeId& output) {
  const bool taken = std::ranges::any_of(regulation.inputs, [&output](const graph::Input& input) {
    return IsAmong(input.any_of, output);
  });
  const graph::Situation* situation = world.catalogue().FindSituation(c.situation);
  return taken || (situation != nullptr && IsAmong(situation->renews, output));
}

// Whether just this is on record by another event.
Result<bool> IsToldAgain(Draft& draft, const profile::RegistryEvent& event,
                         const profile::ReportedFact& fact) {
  KSTATI_TRY(const profile::History history, draft.Load(fact.citizen));
  const auto stands = [&history](const profile::Fact& earlier) {
    return std::ranges::none_of(history.supersessions, [&](const profile::Supersession& each) {
      return earlier.reported_by == each.event;
    });
  };
  return std::ranges::any_of(history.facts, [&](const profile::Fact& earlier) {
    return earlier.attribute == fact.attribute && earlier.value == fact.value &&
           earlier.valid == fact.valid && !(earlier.reported_by == event.key) && stands(earlier);
  });
}

// The moment from which something may come of the case: of the application, else of the offer.
Instant BeganAt(const Case& c) {
  for (const StatusChange& change : c.history) {
    if (change.status == Status::kStarted) return change.at;
  }
  return c.opened_at;
}

// Whether the event puts right what was told before the case began, so that nothing is new.
Result<bool> CorrectsOldFacts(Draft& draft, const profile::RegistryEvent& event, const Case& c) {
  if (!event.supersedes) return false;
  KSTATI_TRY(const std::optional<Instant> told_at,
             draft.world().store->RecordedAt(event.subject, {event.key.source, *event.supersedes}));
  return told_at && *told_at < BeganAt(c);
}

// The day from which what the case is about can have been given: of the life event, or of the
// application where it is earlier. Who applies for a new one of what they have gets it later.
Result<Date> GivenSince(Draft& draft, const Case& c, bool renewed) {
  const Date began = LocalDate(BeganAt(c), draft.world().time_zone);
  const bool applied = c.status != Status::kAnnounced && c.status != Status::kOffered;
  if (renewed && applied) return began;
  KSTATI_TRY(const Viewpoint viewpoint, ViewpointOfCase(draft, c));
  return std::min(began, viewpoint.event_date.value_or(began));
}

// Whether the fact is what the case is to come to. What was granted, and what is paid, may count
// from an earlier day.
Result<bool> Ends(Draft& draft, const profile::RegistryEvent& event,
                  const profile::ReportedFact& fact, const Case& c) {
  const World& world = draft.world();
  const graph::Regulation* regulation = RegulationBehind(world, c);
  if (regulation == nullptr || !IsAmong(regulation->outputs, fact.attribute)) return false;
  const bool renewed = IsRenewed(world, c, *regulation, fact.attribute);
  const bool waits = c.status == Status::kAnnounced || c.status == Status::kOffered;
  if (waits && !renewed) return true;  // the person has it, since whenever
  KSTATI_TRY(const bool told_again, IsToldAgain(draft, event, fact));
  KSTATI_TRY(const bool corrects, CorrectsOldFacts(draft, event, c));
  if (told_again || corrects) return false;
  const profile::Attribute* attribute = world.program->dictionary().Find(fact.attribute);
  const bool may_be_earlier =
      attribute->type == profile::ValueType::kPayment || c.status == Status::kGranted;
  if (may_be_earlier && !renewed) return true;
  KSTATI_TRY(const bool about_known, draft.Knows(c.about));
  if (!about_known) return false;
  KSTATI_TRY(const Date since, GivenSince(draft, c, renewed));
  return fact.valid.from >= since;
}

}  // namespace

Result<void> CloseByResults(Draft& draft, const profile::RegistryEvent& event) {
  const profile::Dictionary& dictionary = draft.world().program->dictionary();
  std::vector<profile::ReportedFact> results;
  for (const profile::ReportedFact& fact : event.facts) {
    const profile::Attribute* attribute = dictionary.Find(fact.attribute);
    if (attribute == nullptr || !IsResult(*attribute, fact.value)) continue;
    KSTATI_TRY(const bool known, draft.Knows(fact.citizen));
    if (known) results.push_back(fact);
  }
  if (results.empty()) return {};
  KSTATI_TRY(const std::set<CitizenId> around, PeopleAround(draft, event));
  for (const profile::ReportedFact& fact : results) {
    for (const CitizenId applicant : around) {
      KSTATI_TRY(const std::vector<Case> cases, draft.Cases(applicant));
      for (Case c : cases) {
        const bool same_person = c.about == fact.citizen || c.citizen == fact.citizen;
        if (!IsOpen(c.status) || !same_person) continue;
        KSTATI_TRY(const bool ends, Ends(draft, event, fact, c));
        if (ends) KSTATI_TRY_VOID(draft.Act(c, Action::kResult, "case.reason.result"));
      }
    }
  }
  return {};
}

}  // namespace kstati::cases
