// SPDX-License-Identifier: Apache-2.0
#include "graph/schedule/trip_search.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace kstati::graph::schedule {
namespace {

const WorkingCalendar& Year2026() {
  static const WorkingCalendar calendar({WorkingCalendar::Year{2026, {}, {}, "made up"}});
  return calendar;
}

constexpr Day kMonday = 20'514;  // 2026-03-02

Task Lasting(int64_t working_days, int visits, std::vector<std::string> places,
             const std::vector<uint32_t>& givers = {}) {
  Task task;
  task.term = {working_days, TermUnit::kWorkingDays};
  task.calendar = &Year2026();
  task.visits = visits;
  task.places = std::move(places);
  for (const uint32_t giver : givers) task.needs.push_back({giver, std::nullopt});
  return task;
}

// A trip, then layers of two waits for both of the layer before, then a trip for the result.
std::vector<Task> Layers(uint32_t layers) {
  std::vector<Task> tasks{Lasting(1, 1, {"a"})};
  std::vector<uint32_t> last{0};
  for (uint32_t layer = 0; layer < layers; ++layer) {
    const auto first = static_cast<uint32_t>(tasks.size());
    tasks.push_back(Lasting(1, 0, {}, last));
    tasks.push_back(Lasting(1, 0, {}, last));
    last = {first, first + 1};
  }
  tasks.push_back(Lasting(1, 1, {"a"}, last));
  return tasks;
}

TEST(TripSearchTest, ManyWaysFromATripToTheNextAreLookedAtOnce) {
  EXPECT_EQ(TripsNeeded(Layers(60), 3), 2);
}

// Each two can be done on one trip, all three cannot.
std::vector<Task> Triangle() {
  return {Lasting(1, 1, {"a", "b"}), Lasting(1, 1, {"b", "c"}), Lasting(1, 1, {"a", "c"})};
}

TEST(TripSearchTest, TripsThatWereNotCountedAreNotClaimed) {
  EXPECT_EQ(TripsNeeded(Triangle(), 3), 2);
  const int64_t one_trip = 3 * 3;  // three tasks at three places
  EXPECT_EQ(TripsNeeded(Triangle(), 3, one_trip), 1) << "whether it takes a second is not known";
}

TEST(TripSearchTest, ASearchThatGivesUpClaimsNothing) {
  const std::vector<Task> tasks{Lasting(1, 1, {"a"}), Lasting(1, 1, {"b"})};
  const Day late = kMonday + 20;
  // Both places on the first day, and the other one on the second. The other way round is no
  // sooner.
  const int64_t whole = 3 * 2;
  const FirstFinish found = FindFirstFinish(tasks, kMonday, kMonday, late, whole);
  EXPECT_EQ(found.day, kMonday + 2);
  ASSERT_TRUE(found.plan);
  EXPECT_EQ(found.plan->finish, kMonday + 2);
  const FirstFinish given_up = FindFirstFinish(tasks, kMonday, kMonday, late, whole - 1);
  EXPECT_EQ(given_up.day, kMonday) << "not proven";
  EXPECT_FALSE(given_up.plan);
}

}  // namespace
}  // namespace kstati::graph::schedule
