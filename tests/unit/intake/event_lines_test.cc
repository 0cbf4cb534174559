// SPDX-License-Identifier: Apache-2.0
#include "intake/event_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace kstati::intake {
namespace {

using testing::Eq;
using testing::Optional;

TEST(EventLines, ABirthWaitsForTheRegistrationOfTheMother) {
  EventLines lines;
  const uint64_t mother = lines.Add({"mother"});
  const uint64_t birth = lines.Add({"child", "mother", "child"});
  const uint64_t other = lines.Add({"neighbour"});
  const uint64_t child = lines.Add({"child"});
  EXPECT_THAT(lines.Next(), Optional(Eq(mother)));
  EXPECT_THAT(lines.Next(), Optional(Eq(other))) << "who is not named waits for nobody";
  EXPECT_EQ(lines.Next(), std::nullopt);
  lines.Done(mother);
  EXPECT_THAT(lines.Next(), Optional(Eq(birth)));
  EXPECT_EQ(lines.Next(), std::nullopt);
  lines.Done(birth);
  EXPECT_THAT(lines.Next(), Optional(Eq(child)));
  lines.Done(other);
  lines.Done(child);
  EXPECT_EQ(lines.size(), 0u);
}

// Any number of events at once, done in any order: those that share a person stay in order, and
// all are done.
TEST(EventLines, EventsOfAPersonAreWorkedAtInOrderAndOneAtATime) {
  std::mt19937 random(20'260'316);
  for (int round = 0; round < 200; ++round) {
    EventLines lines;
    std::map<uint64_t, std::vector<std::string>> people;
    std::map<std::string, uint64_t> latest;  // of each person, what was worked at last
    std::vector<uint64_t> in_work;
    size_t done = 0;
    const size_t count = 1 + random() % 40;
    while (done < count) {
      const auto step = random() % 3;
      if (step == 0 && people.size() < count) {
        std::vector<std::string> named;
        for (size_t i = 0; i <= random() % 3; ++i) named.push_back(std::to_string(random() % 5));
        people[lines.Add(named)] = named;
      } else if (step == 1) {
        const auto next = lines.Next();
        if (!next) continue;
        for (const std::string& person : people.at(*next)) {
          EXPECT_LE(latest[person], *next);
          for (const uint64_t other : in_work) {
            EXPECT_EQ(std::ranges::count(people.at(other), person), 0);
          }
          latest[person] = *next;
        }
        in_work.push_back(*next);
      } else if (!in_work.empty()) {
        std::swap(in_work.back(), in_work[random() % in_work.size()]);
        lines.Done(in_work.back());
        in_work.pop_back();
        ++done;
      }
    }
    EXPECT_EQ(lines.size(), 0u);
  }
}

}  // namespace
}  // namespace kstati::intake
