// SPDX-License-Identifier: Apache-2.0
#include "population/past_situations.h"

#include <algorithm>
#include <optional>
#include <variant>

namespace kstati::population {
namespace {

using profile::FactView;
using profile::Household;
using recommender::LifeEvent;
using recommender::OpenSituation;
using View = std::shared_ptr<const FactView>;

// How far back derived attributes are compared; no situation of the catalogue lasts longer than two
// years.
constexpr int64_t kDerivedReachDays = 366;

template <class T>
const T* ValueOf(const FactView& person, const AttributeId& attribute) {
  const profile::Fact* fact = person.Find(attribute);
  return fact == nullptr ? nullptr : std::get_if<T>(&fact->value);
}

LifeEvent EventOf(const graph::EventType& type, CitizenId subject, Date on) {
  LifeEvent event;
  event.type = type.id;
  event.on = on;
  event.subject = subject;
  event.participants[type.subject] = {subject};
  return event;
}

// The household of a member, as far as this person's household shows it.
Household HouseholdOfMember(const Household& household, const View& member) {
  const auto has = [&member](const std::vector<View>& members) {
    return std::find(members.begin(), members.end(), member) != members.end();
  };
  Household seen;
  seen.person = member;
  if (has(household.children)) seen.parents = {household.person};
  if (has(household.spouses)) seen.spouses = {household.person};
  if (has(household.parents)) seen.children = {household.person};
  return seen;
}

class Reconstruction {
 public:
  Reconstruction(const Household& household, Date on, const recommender::LoadHouseholdOn& load,
                 const eligibility::Program& program)
      : household_(household), on_(on), load_(load), program_(program) {}

  Result<std::vector<OpenSituation>> Run() {
    std::vector<View> members = household_.children;
    members.insert(members.end(), household_.spouses.begin(), household_.spouses.end());
    members.insert(members.end(), household_.parents.begin(), household_.parents.end());
    for (const graph::EventType& type : program_.catalogue().event_types()) {
      AddDated(type, household_.person, household_);
      for (const View& member : members) {
        AddDated(type, member, HouseholdOfMember(household_, member));
      }
      AddChanged(type);
      KSTATI_TRY_VOID(AddDerived(type));
    }
    return std::move(found_);
  }

 private:
  // Birthdays, births and deaths of one member.
  void AddDated(const graph::EventType& type, const View& member, const Household& household) {
    static const AttributeId kBirthDate("person.birth_date");
    static const AttributeId kDeathDate("person.death_date");
    const Date* birth = ValueOf<Date>(*member, kBirthDate);
    const Date* death = ValueOf<Date>(*member, kDeathDate);
    if (birth != nullptr && type.detection == graph::Detection::kDate && type.after) {
      Add(EventOf(type, member->citizen(), type.after->After(*birth)), household);
    }
    const bool is_child = !household.parents.empty() && member != household_.person;
    if (birth != nullptr && is_child && type.id.text() == "event.child_born") {
      LifeEvent event = EventOf(type, member->citizen(), *birth);
      event.participants[ParentRole()] = {household_.person->citizen()};
      Add(event, household);
    }
    if (death != nullptr && type.id.text() == "event.death_registered") {
      Add(EventOf(type, member->citizen(), *death), household);
    }
  }

  std::string ParentRole() const {
    static const AttributeId kSex("person.sex");
    const std::string* sex = ValueOf<std::string>(*household_.person, kSex);
    return sex != nullptr && *sex == "male" ? "father" : "mother";
  }

  void AddChanged(const graph::EventType& type) {
    if (type.detection != graph::Detection::kChange) return;
    const profile::Fact* fact = household_.person->Find(type.attribute);
    if (fact == nullptr || profile::ToText(fact->value) != type.becomes) return;
    Add(EventOf(type, household_.person->citizen(), fact->valid.from), household_);
  }

  // The day a derived attribute came true, by halving the time before.
  Result<void> AddDerived(const graph::EventType& type) {
    if (type.detection != graph::Detection::kDerived || !Holds(type, household_)) return {};
    int64_t without = kDerivedReachDays;  // days back when it did not hold yet
    int64_t with = 0;
    KSTATI_TRY(const bool held_long, HeldDaysAgo(type, without));
    if (held_long) return {};
    while (without - with > 1) {
      const int64_t middle = (without + with) / 2;
      KSTATI_TRY(const bool held, HeldDaysAgo(type, middle));
      (held ? with : without) = middle;
    }
    Add(EventOf(type, household_.person->citizen(), on_.AddDays(-with)), household_);
    return {};
  }

  bool Holds(const graph::EventType& type, const Household& household) const {
    const auto value = program_.Evaluate(type.attribute, {&household, nullptr, std::nullopt});
    return value && profile::ToText(*value) == type.becomes;
  }

  Result<bool> HeldDaysAgo(const graph::EventType& type, int64_t days) const {
    const auto earlier = load_(household_.person->citizen(), on_.AddDays(-days), std::nullopt);
    if (!earlier) return Fail(earlier.error());
    return Holds(type, *earlier);
  }

  void Add(const LifeEvent& event, const Household& household) {
    if (event.on > on_) return;
    for (OpenSituation& open :
         recommender::FindSituations(event, household, program_.catalogue())) {
      const bool own = open.citizen == household_.person->citizen();
      if (own && open.IsOpenOn(on_)) found_.push_back(std::move(open));
    }
  }

  const Household& household_;
  Date on_;
  const recommender::LoadHouseholdOn& load_;
  const eligibility::Program& program_;
  std::vector<OpenSituation> found_;
};

}  // namespace

Result<std::vector<OpenSituation>> ReconstructSituations(const Household& household, Date on,
                                                         const recommender::LoadHouseholdOn& load,
                                                         const eligibility::Program& program) {
  return Reconstruction(household, on, load, program).Run();
}

}  // namespace kstati::population
