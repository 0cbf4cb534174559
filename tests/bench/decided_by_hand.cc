// SPDX-License-Identifier: Apache-2.0
#include "decided_by_hand.h"

#include <array>
#include <memory>
#include <optional>
#include <string>

namespace kstati::eligibility {
namespace {

constexpr CitizenId kMother{1};
constexpr CitizenId kChild{2};

const AttributeId kBirthDate("person.birth_date");
const AttributeId kCitizenship("person.citizenship_rf");
const AttributeId kRegion("person.region_code");
const AttributeId kStateSupport("child.full_state_support");
const AttributeId kIncome("family.income_per_capita_month");
const AttributeId kBalance("family.matcap_balance");

// The value of a fact, or null when it is not known.
template <class T>
const T* ValueOf(const profile::FactView& view, const AttributeId& attribute) {
  const profile::Fact* fact = view.Find(attribute);
  return fact == nullptr ? nullptr : std::get_if<T>(&fact->value);
}

Truth TruthOf(bool holds) { return holds ? Truth::kHolds : Truth::kFails; }

Truth IncomeWithinTwoMinimums(const profile::FactView& mother, const graph::Parameter& minimum) {
  const auto* income = ValueOf<Decimal>(mother, kIncome);
  const auto* region = ValueOf<std::string>(mother, kRegion);
  if (income == nullptr || region == nullptr) return Truth::kUnknown;
  const graph::ParameterValue* figure = minimum.On(mother.as_of().valid_at, *region);
  if (figure == nullptr) return Truth::kUnknown;
  return TruthOf(*income <= *Decimal(2).Multiply(std::get<Decimal>(figure->value)));
}

profile::Fact FactOf(const AttributeId& attribute, profile::FactValue value) {
  profile::Fact fact;
  fact.attribute = attribute;
  fact.value = std::move(value);
  fact.valid.from = Date::Of(2020, 1, 1);
  fact.known_at = Instant{1'700'000'000'000'000};
  fact.reported_by = profile::EventKey{RegistryId("bench"), EventId("1")};
  return fact;
}

}  // namespace

Verdict DecideByHand(const Subject& subject, const graph::Parameter& minimum_income) {
  const profile::FactView& mother = *subject.household->person;
  const profile::FactView& child = *subject.about;
  const auto* born = ValueOf<Date>(child, kBirthDate);
  const auto* citizen = ValueOf<bool>(child, kCitizenship);
  const auto* balance = ValueOf<Decimal>(mother, kBalance);
  const auto* supported = ValueOf<bool>(child, kStateSupport);
  const std::array<Truth, 5> criteria{
      born ? TruthOf(MonthsBetween(*born, child.as_of().valid_at) < 3 * 12) : Truth::kUnknown,
      IncomeWithinTwoMinimums(mother, minimum_income),
      citizen ? TruthOf(*citizen) : Truth::kUnknown,
      balance ? TruthOf(*balance > Decimal()) : Truth::kUnknown,
      // The registry is complete: no record means no.
      TruthOf(supported == nullptr || !*supported),
  };
  bool open = false;
  for (const Truth truth : criteria) {
    if (truth == Truth::kFails) return Verdict::kNotEligible;
    open |= truth == Truth::kUnknown;
  }
  return open ? Verdict::kUndetermined : Verdict::kEligible;
}

std::vector<profile::Household> PeopleOfEveryKind(const profile::AsOf& as_of) {
  struct Choice {
    AttributeId attribute;
    bool of_child;
    std::array<std::optional<profile::FactValue>, 3> values;  // holds, fails, not known
  };
  const std::array<Choice, 5> choices{{
      {kBirthDate, true, {Date::Of(2025, 11, 3), Date::Of(2019, 11, 3), std::nullopt}},
      {kIncome, false, {Decimal(20'000), Decimal(900'000), std::nullopt}},
      {kCitizenship, true, {true, false, std::nullopt}},
      {kBalance, false, {Decimal(500'000), Decimal(), std::nullopt}},
      {kStateSupport, true, {false, true, std::nullopt}},
  }};
  std::vector<profile::Household> people;
  for (int kind = 0; kind < 3 * 3 * 3 * 3 * 3; ++kind) {
    profile::History mother{kMother, {FactOf(kRegion, std::string("77"))}, {}, {}, 1, {}};
    profile::History child{kChild, {}, {}, {}, 1, {}};
    int rest = kind;
    for (const Choice& choice : choices) {
      const auto& value = choice.values[static_cast<size_t>(rest % 3)];
      rest /= 3;
      if (!value) continue;
      (choice.of_child ? child : mother).facts.push_back(FactOf(choice.attribute, *value));
    }
    profile::Household household;
    household.person = std::make_shared<profile::FactView>(mother, as_of);
    household.children.push_back(std::make_shared<profile::FactView>(child, as_of));
    people.push_back(std::move(household));
  }
  return people;
}

}  // namespace kstati::eligibility
