// SPDX-License-Identifier: Apache-2.0
#include "graph/chains/day_count.h"

#include <gtest/gtest.h>

#include <vector>

namespace kstati::graph::chains {
namespace {

// 2026 with long holidays at both ends and in May, and a working Saturday.
const WorkingCalendar& Holidays() {
  static const WorkingCalendar calendar = [] {
    WorkingCalendar::Year year;
    year.year = 2026;
    for (int day = 1; day <= 9; ++day) {
      for (const Date date : {Date::Of(2026, 1, day), Date::Of(2026, 5, day)}) {
        if (date.weekday() < 6) year.days_off.insert(date);
      }
    }
    year.days_off.insert(Date::Of(2026, 12, 31));
    year.working_saturdays.insert(Date::Of(2026, 4, 25));
    return WorkingCalendar({year});
  }();
  return calendar;
}

std::vector<Term> Terms() {
  std::vector<Term> terms{{15, TermUnit::kMinutes}};
  for (const TermUnit unit : {TermUnit::kWorkingDays, TermUnit::kCalendarDays}) {
    for (const int64_t value : {0, 1, 2, 4, 10, 30, 90, 400}) terms.push_back({value, unit});
  }
  for (const int64_t value : {0, 1, 2, 6, 14}) terms.push_back({value, TermUnit::kMonths});
  return terms;
}

TEST(DayCountTest, TermsEndWhenTheCalendarSays) {
  const Date first = Date::Of(2026, 1, 3);  // a Saturday
  const Date last = Date::Of(2026, 12, 31);
  for (const Term& term : Terms()) {
    DayCount count(Holidays(), first);
    int64_t before = 0;
    for (int64_t start = 0; start < 500; ++start) {
      const int64_t end = count.EndOf(start, term);
      const Result<Date> expected = Holidays().EndOfTerm(first.AddDays(start), term);
      // Minutes end on any day.
      if (expected && first.AddDays(start) <= last) {
        ASSERT_EQ(first.AddDays(end), *expected) << term.value << " from " << start;
      } else if (term.unit != TermUnit::kMinutes) {
        ASSERT_GT(first.AddDays(end), last) << term.value << " from " << start;
      }
      ASSERT_GE(end, before) << "who begins later is not done sooner";
      ASSERT_GE(end - start, LeastDays(term));
      before = end;
    }
  }
}

TEST(DayCountTest, WorkingDaysAreThoseOfTheCalendar) {
  const Date first = Date::Of(2026, 1, 3);
  DayCount count(Holidays(), first);
  for (int64_t day = 0; first.AddDays(day) <= Date::Of(2026, 12, 31); ++day) {
    ASSERT_EQ(count.WorkingDaysUpTo(day),
              Holidays().WorkingDaysBetween(first, first.AddDays(day)).value());
  }
  const int64_t known = count.WorkingDaysUpTo(362);
  EXPECT_GT(count.WorkingDaysUpTo(363), known);
  EXPECT_EQ(count.WorkingDaysUpTo(362 + 70), known + 50) << "five of seven are guessed";
}

TEST(DayCountTest, WithoutACalendarAllIsGuessed) {
  const WorkingCalendar none;
  DayCount count(none, Date::Of(2026, 3, 2));
  EXPECT_EQ(count.WorkingDaysUpTo(0), 0);
  EXPECT_EQ(count.EndOf(0, {5, TermUnit::kWorkingDays}), 7);
  EXPECT_EQ(count.EndOf(0, {1, TermUnit::kMonths}), 31);
}

}  // namespace
}  // namespace kstati::graph::chains
