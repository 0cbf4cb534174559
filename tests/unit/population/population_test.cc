// SPDX-License-Identifier: Apache-2.0
#include "population/population.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "population/figures.h"
#include "population/registration.h"
#include "village.h"

namespace kstati::population {
namespace {

Population Make(uint64_t citizens, uint64_t seed = 1) {
  return Population::Generate(Options(citizens, seed), TheLaw().catalogue);
}

const profile::Fact* FactOf(const profile::Household& household, const char* attribute) {
  return household.person->Find(AttributeId(attribute));
}

TEST(PopulationTest, HasExactlySoManyPeopleNumberedFromOne) {
  for (const uint64_t count : {1u, 2u, 3u, 17u, 500u}) {
    const Population population = Make(count);
    ASSERT_EQ(population.people().size(), count);
    for (uint64_t i = 0; i < count; ++i) EXPECT_EQ(population.people()[i].id, CitizenId(i + 1));
  }
}

TEST(PopulationTest, AgesAndFamiliesArePlausible) {
  const Population population = Make(5'000);
  for (const Person& person : population.people()) {
    const int64_t age = person.AgeOn(Day(kToday));
    EXPECT_GE(age, 0);
    EXPECT_LE(age, 105);
    for (const CitizenId parent : {person.mother, person.father}) {
      if (parent.number() == 0) continue;
      EXPECT_GE(MonthsBetween(population.at(parent).birth, person.birth), 12 * 16);
    }
    if (person.mother.number() != 0) {
      EXPECT_EQ(population.at(person.mother).sex, Sex::kFemale);
      EXPECT_LE(MonthsBetween(population.at(person.mother).birth, person.birth), 12 * 50);
    }
    if (person.spouse.number() != 0) {
      EXPECT_EQ(population.at(person.spouse).spouse, person.id);
    }
    EXPECT_FALSE(person.employed && age < 16);
  }
}

TEST(PopulationTest, EveryLivingPersonIsInOneHome) {
  const Population population = Make(2'000);
  std::set<CitizenId> seen;
  for (const Home& home : population.homes()) {
    for (const CitizenId member : home.members) EXPECT_TRUE(seen.insert(member).second);
  }
  for (const Person& person : population.people()) {
    EXPECT_EQ(seen.contains(person.id), person.alive());
  }
}

TEST(PopulationTest, AllKindsOfPeopleOccur) {
  const Population population = Make(3'000);
  const auto share = [&](auto fits) {
    const auto people = population.people();
    return static_cast<double>(std::count_if(people.begin(), people.end(), fits)) / 3'000;
  };
  const Date today = Day(kToday);
  EXPECT_NEAR(share([&](const Person& p) { return p.AgeOn(today) < 18; }), 0.24, 0.08);
  EXPECT_NEAR(share([](const Person& p) { return p.pension == Pension::kOldAge; }), 0.2, 0.08);
  EXPECT_NEAR(share([](const Person& p) { return p.disability != Disability::kNone; }), 0.07, 0.04);
  EXPECT_GT(share([](const Person& p) { return p.employed; }), 0.3);
  EXPECT_GT(share([](const Person& p) { return p.student; }), 0.01);
  EXPECT_GT(share([](const Person& p) { return !p.alive(); }), 0.0005);
  EXPECT_GT(share([](const Person& p) { return p.region == "77"; }), 0.1);
}

TEST(PopulationTest, SomeHomesStandExactlyOnTheThreshold) {
  const Population population = Make(5'000);
  const Law& law = TheLaw();
  std::set<int64_t> distances;
  for (const Home& home : population.homes()) {
    if (!home.income_per_head_month) continue;
    const auto minimum = SumInForce(law.catalogue, "pm_per_capita", Day(kToday), home.region);
    ASSERT_TRUE(minimum.has_value());
    distances.insert(*home.income_per_head_month - *minimum);
  }
  EXPECT_THAT(distances, testing::ElementsAre(0, 1));
}

TEST(PopulationTest, TheSeedDecidesEverything) {
  const auto bytes = [](uint64_t seed) {
    return Bytes(Registrations(Make(300, seed), Source(seed)));
  };
  EXPECT_EQ(bytes(1), bytes(1));
  EXPECT_NE(bytes(1), bytes(2));
}

TEST(RegistrationTest, EveryEventPassesTheChecksOfTheDoor) {
  const Population population = Make(1'000);
  std::set<std::string> keys;
  for (const auto& event : Registrations(population, Source())) {
    const auto valid = profile::Validate(event, TheLaw().dictionary, Day(kToday));
    ASSERT_TRUE(valid.has_value()) << event.key.ToString() << ": " << valid.error().ToString();
    EXPECT_TRUE(keys.insert(event.key.ToString()).second) << "two events with one id";
  }
}

TEST(RegistrationTest, PeopleAreRegisteredBeforeAnybodyNamesThem) {
  const Population population = Make(1'000);
  std::set<CitizenId> registered;
  for (const auto& event : Registrations(population, Source())) {
    if (event.type.text() == kPersonRegistered) registered.insert(event.subject);
    for (const CitizenId citizen : profile::ConcernedBy(event)) {
      ASSERT_TRUE(registered.contains(citizen));
    }
  }
  EXPECT_EQ(registered.size(), 1'000u);
}

TEST(RegistrationTest, RelationsArriveFromBothSides) {
  const Population population = Make(800);
  Village village;
  village.RecordRegistrations(population, Source());
  size_t parents = 0;
  for (const Person& person : population.people()) {
    const auto household = village.HouseholdOf(person.id, Day(kToday));
    ASSERT_TRUE(household.has_value());
    EXPECT_EQ(household->children.size(), population.ChildrenOf(person.id).size());
    EXPECT_EQ(household->spouses.size(), person.spouse.number() != 0 ? 1u : 0u);
    parents += household->parents.size();
  }
  EXPECT_GT(parents, 200u);
}

TEST(RegistrationTest, AFewFactsAreUnknownButNeverBirthAndSex) {
  const Population population = Make(800);
  Village village;
  village.RecordRegistrations(population, Source(1, 0.03));
  Village complete;
  complete.RecordRegistrations(population, Source(1, 0));
  double known = 0;
  double all = 0;
  for (const Person& person : population.people()) {
    const auto household = village.HouseholdOf(person.id, Day(kToday));
    EXPECT_NE(FactOf(*household, "person.birth_date"), nullptr);
    EXPECT_NE(FactOf(*household, "person.sex"), nullptr);
    known += static_cast<double>(household->person->facts().size());
    const auto full = complete.HouseholdOf(person.id, Day(kToday));
    all += static_cast<double>(full->person->facts().size());
  }
  EXPECT_NEAR(known / all, 0.97, 0.01);
}

TEST(RegistrationTest, MostOfWhatRulesReadIsFilledForSomebody) {
  const Population population = Make(3'000);
  std::set<std::string> filled;
  for (const auto& event : Registrations(population, Source())) {
    for (const auto& fact : event.facts) filled.insert(fact.attribute.text());
  }
  for (const char* attribute :
       {"person.birth_date", "person.sex", "person.alive", "person.region_code", "person.employed",
        "person.pension_type", "person.disability_group", "family.income_per_capita_month",
        "doc.passport_rf", "doc.snils", "doc.oms_policy", "status.unemployed"}) {
    EXPECT_TRUE(filled.contains(attribute)) << attribute;
  }
  EXPECT_GT(filled.size(), 80u);
}

}  // namespace
}  // namespace kstati::population
