// SPDX-License-Identifier: Apache-2.0
#include "population/life_stream.h"

#include <gmock/gmock.h>

#include <map>
#include <set>

#include "population/registration.h"
#include "recommender/life_event.h"
#include "village.h"

namespace kstati::population {
namespace {

class LifeStreamTest : public testing::Test {
 protected:
  static constexpr double kPace = 40;  // a year's events within ten days

  LifeStreamTest()
      : population_(Population::Generate(Options(1'500), TheLaw().catalogue)), source_(Source()) {}

  LifeStream Stream(uint64_t seed = 1) const {
    LifeStreamOptions options;
    options.seed = seed;
    options.pace = kPace;
    return LifeStream(population_, source_, options, Day(kToday));
  }

  std::vector<profile::RegistryEvent> Days(LifeStream& stream, int days) const {
    std::vector<profile::RegistryEvent> events;
    for (int i = 0; i < days; ++i) {
      for (auto& event : stream.NextDay()) events.push_back(std::move(event));
    }
    return events;
  }

  Population population_;
  FactSource source_;
};

TEST_F(LifeStreamTest, AReplayIsARepetition) {
  LifeStream first = Stream();
  LifeStream second = Stream();
  LifeStream other = Stream(2);
  const std::string bytes = Bytes(Days(first, 10));
  EXPECT_EQ(bytes, Bytes(Days(second, 10)));
  EXPECT_NE(bytes, Bytes(Days(other, 10)));
}

TEST_F(LifeStreamTest, EveryEventPassesTheChecksOfTheDoorOnItsDay) {
  LifeStream stream = Stream();
  std::set<std::string> keys;
  for (const auto& event : Registrations(population_, source_)) keys.insert(event.key.ToString());
  for (int i = 0; i < 20; ++i) {
    for (const auto& event : stream.NextDay()) {
      const auto valid = profile::Validate(event, TheLaw().dictionary, stream.today());
      ASSERT_TRUE(valid.has_value()) << event.type.text() << ": " << valid.error().ToString();
      EXPECT_TRUE(keys.insert(event.key.ToString()).second) << "two events with one id";
    }
  }
}

TEST_F(LifeStreamTest, EventsComeFromTheirRegistryWithTheRolesTheyNeed) {
  LifeStream stream = Stream();
  std::map<std::string, int> seen;
  for (const auto& event : Days(stream, 20)) {
    ++seen[event.type.text()];
    const graph::EventType* type = TheLaw().catalogue.FindEventType(event.type);
    if (event.type.text() == profile::kFactsOnly) continue;
    ASSERT_NE(type, nullptr);
    EXPECT_EQ(type->registry, event.key.source);
    for (const std::string& role : type->required) {
      EXPECT_TRUE(event.participants.contains(role)) << event.type.text() << " lacks " << role;
    }
  }
  for (const char* type :
       {"event.child_born", "event.death_registered", "event.residence_changed",
        "event.marriage_registered", "event.disability_established", "event.pension_assigned"}) {
    EXPECT_GT(seen[type], 0) << type;
  }
}

TEST_F(LifeStreamTest, NewbornsGetTheNextNumbersAndNobodyElseIsUnknown) {
  LifeStream stream = Stream();
  Village village;
  village.RecordRegistrations(population_, source_);
  uint64_t next = population_.people().size() + 1;
  for (const auto& event : Days(stream, 20)) {
    if (event.type.text() == "event.child_born") {
      EXPECT_EQ(event.subject, CitizenId(next++));
      EXPECT_FALSE(village.Knows(event.subject));
    }
    for (const CitizenId citizen : profile::ConcernedBy(event)) {
      ASSERT_TRUE(village.Knows(citizen) || citizen == event.subject);
    }
    village.Record(event);
  }
  EXPECT_GT(next, population_.people().size() + 10);
}

TEST_F(LifeStreamTest, TheEventsLeadToTheLifeEventsOfTheCatalogue) {
  LifeStream stream = Stream();
  Village village;
  village.RecordRegistrations(population_, source_);
  std::map<std::string, int> found;
  for (int i = 0; i < 20; ++i) {
    for (const auto& event : stream.NextDay()) {
      const bool known = village.Knows(event.subject);
      const auto before =
          known ? *village.HouseholdOf(event.subject, stream.today()) : profile::Household{};
      village.Record(event);
      const auto after = *village.HouseholdOf(event.subject, stream.today());
      for (const auto& life_event :
           recommender::DetectLifeEvents(event, before, after, *TheLaw().program)) {
        ++found[life_event.type.text()];
        EXPECT_LE(life_event.on, stream.today());
        if (life_event.type.text() != "event.child_born") continue;
        EXPECT_FALSE(recommender::FindSituations(life_event, after, TheLaw().catalogue).empty());
      }
    }
  }
  EXPECT_GT(found["event.child_born"], 0);
  EXPECT_GT(found["event.death_registered"], 0);
  EXPECT_GT(found["event.dismissed"], 0);
}

TEST_F(LifeStreamTest, TheDeadStayDead) {
  LifeStream stream = Stream();
  std::set<CitizenId> dead;
  for (const auto& event : Days(stream, 30)) {
    if (event.type.text() == "event.death_registered") {
      EXPECT_TRUE(dead.insert(event.subject).second) << "died twice";
    } else if (event.type.text() != profile::kFactsOnly) {
      EXPECT_FALSE(dead.contains(event.subject)) << event.type.text();
    }
  }
  EXPECT_FALSE(dead.empty());
}

}  // namespace
}  // namespace kstati::population
