// SPDX-License-Identifier: Apache-2.0
#include "cases/reach.h"

#include <array>
#include <optional>
#include <set>
#include <variant>

#include "cases/draft.h"

namespace kstati::cases {
namespace {

constexpr const char* kUnknownGroup = "?";

template <class T>
const T* ValueOf(const profile::FactView& person, const char* attribute) {
  const profile::Fact* fact = person.Find(AttributeId(attribute));
  return fact == nullptr ? nullptr : std::get_if<T>(&fact->value);
}

std::string WordOf(const profile::FactView& person, const char* attribute) {
  const std::string* word = ValueOf<std::string>(person, attribute);
  return word == nullptr ? kUnknownGroup : *word;
}

std::string AgeGroupOf(const profile::FactView& person, Date today) {
  constexpr std::array kGroups{std::pair(60, "60+"), std::pair(35, "35-59"), std::pair(18, "18-34"),
                               std::pair(0, "0-17")};
  const Date* born = ValueOf<Date>(person, "person.birth_date");
  if (born == nullptr) return kUnknownGroup;
  for (const auto& [years, group] : kGroups) {
    if (born->AddMonths(years * 12) <= today) return group;
  }
  return kUnknownGroup;
}

Reach ReachOf(const World& world, const profile::Household& household) {
  Reach reach;
  reach.people = 1;
  std::set<AttributeId> missing;
  eligibility::Inquiry inquiry(*world.program, eligibility::Subject{&household, nullptr, {}});
  for (const graph::Service& service : world.catalogue().services()) {
    const graph::Regulation* regulation = service.RegulationOn(world.Today());
    const bool unasked = service.about == graph::About::kPerson && regulation != nullptr &&
                         regulation->mode != graph::Mode::kOnRequest;
    if (!unasked) continue;
    ++reach.decisions;
    const eligibility::Decision decision = inquiry.Decide(service, false);
    if (decision.verdict != eligibility::Verdict::kUndetermined) continue;
    ++reach.unseen;
    for (const eligibility::Missing& one : decision.missing) {
      if (!one.attribute.empty()) missing.insert(one.attribute);
    }
  }
  reach.blind = reach.decisions > 0 && reach.unseen == reach.decisions ? 1 : 0;
  for (const AttributeId& attribute : missing) reach.missing[attribute] = 1;
  return reach;
}

}  // namespace

Reach& Reach::operator+=(const Reach& other) {
  people += other.people;
  decisions += other.decisions;
  unseen += other.unseen;
  blind += other.blind;
  for (const auto& [attribute, count] : other.missing) missing[attribute] += count;
  return *this;
}

Result<void> ReachAudit::Look(CitizenId citizen) {
  Draft draft(world_, profile::AsOf{world_.Today(), world_.Now()});
  KSTATI_TRY(const auto household, draft.HouseholdOf(citizen));
  const profile::FactView& person = *household->person;
  const Reach reach = ReachOf(world_, *household);
  all_ += reach;
  groups_["age"][AgeGroupOf(person, world_.Today())] += reach;
  groups_["sex"][WordOf(person, "person.sex")] += reach;
  groups_["region"][WordOf(person, "person.region_code")] += reach;
  groups_["portal"][WordOf(person, "person.esia_level")] += reach;
  return {};
}

}  // namespace kstati::cases
