// SPDX-License-Identifier: Apache-2.0
#include "base/calendar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <filesystem>
#include <fstream>

namespace kstati {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Date Day(std::string_view text) { return Date::Parse(text).value(); }

// The production calendar of the catalogue, 2024 to 2026.
const WorkingCalendar& Russia() {
  static const WorkingCalendar calendar = [] {
    std::vector<Issue> issues;
    WorkingCalendar loaded = LoadCalendar(std::string(KSTATI_DATA) + "/catalogue", issues);
    for (const Issue& issue : issues) ADD_FAILURE() << Render(issue, {});
    return loaded;
  }();
  return calendar;
}

std::string End(std::string_view start, int64_t value, TermUnit unit) {
  const Result<Date> end = Russia().EndOfTerm(Day(start), Term{value, unit});
  return end ? end->ToString() : std::string(KindOf(end.error().code).name);
}

TEST(WorkingCalendarTest, KnowsWorkingDaysAndDaysOff) {
  EXPECT_EQ(Russia().IsWorkingDay(Day("2025-11-01")), true) << "a Saturday that is worked";
  EXPECT_EQ(Russia().IsWorkingDay(Day("2025-11-03")), false) << "a Monday taken off for it";
  EXPECT_EQ(Russia().IsWorkingDay(Day("2025-11-08")), false) << "a plain Saturday";
  EXPECT_EQ(Russia().IsWorkingDay(Day("2026-01-08")), false) << "the New Year holidays";
  EXPECT_EQ(Russia().IsWorkingDay(Day("2026-01-12")), true);
}

TEST(WorkingCalendarTest, TheDayOfTheStartDoesNotCount) {
  EXPECT_EQ(End("2026-03-02", 2, TermUnit::kWorkingDays), "2026-03-04");
  EXPECT_EQ(End("2026-03-02", 10, TermUnit::kCalendarDays), "2026-03-12");
}

TEST(WorkingCalendarTest, WorkingDaysSkipWeekendsAndHolidays) {
  EXPECT_EQ(End("2025-10-31", 1, TermUnit::kWorkingDays), "2025-11-01");
  EXPECT_EQ(End("2025-11-01", 1, TermUnit::kWorkingDays), "2025-11-05");
  EXPECT_EQ(End("2025-12-30", 1, TermUnit::kWorkingDays), "2026-01-12");
  EXPECT_EQ(End("2026-01-03", 1, TermUnit::kWorkingDays), "2026-01-12");
}

TEST(WorkingCalendarTest, ATermThatEndsOnADayOffEndsOnTheNextWorkingDay) {
  EXPECT_EQ(End("2025-12-22", 10, TermUnit::kCalendarDays), "2026-01-12");
  EXPECT_EQ(End("2026-04-01", 1, TermUnit::kMonths), "2026-05-04") << "1 May is a holiday";
}

TEST(WorkingCalendarTest, MonthsEndOnTheSameDayOrTheLastOfTheMonth) {
  EXPECT_EQ(End("2026-02-12", 1, TermUnit::kMonths), "2026-03-12");
  EXPECT_EQ(End("2024-12-31", 2, TermUnit::kMonths), "2025-02-28");
}

TEST(WorkingCalendarTest, MinutesAndNoWorkingDaysEndOnTheSameDay) {
  EXPECT_EQ(End("2026-01-03", 15, TermUnit::kMinutes), "2026-01-03");
  EXPECT_EQ(End("2026-01-03", 0, TermUnit::kWorkingDays), "2026-01-03");
}

TEST(WorkingCalendarTest, RefusesEveryQuestionPastTheLastLoadedYear) {
  const int next = Russia().last_year() + 1;
  const Date last_day = Date::Of(next - 1, 12, 31);
  EXPECT_EQ(Russia().IsWorkingDay(Date::Of(next, 1, 12)).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(End(last_day.ToString(), 1, TermUnit::kWorkingDays), "not_found");
  EXPECT_EQ(End(last_day.ToString(), 1, TermUnit::kCalendarDays), "not_found");
  EXPECT_EQ(End(last_day.ToString(), 0, TermUnit::kCalendarDays), "not_found")
      << "31 December is a day off, and the next working day is in an unknown year";
  EXPECT_EQ(Russia().WorkingDaysBetween(last_day, Date::Of(next, 1, 1)).error().code,
            ErrorCode::kNotFound);
}

TEST(WorkingCalendarTest, RefusesToCountOverAYearThatIsNotLoaded) {
  const WorkingCalendar gap({{2024, {}, {}, {}}, {2026, {}, {}, {}}});
  const Term term{10, TermUnit::kWorkingDays};
  EXPECT_EQ(gap.EndOfTerm(Day("2024-12-28"), term).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(gap.EndOfTerm(Day("2023-01-01"), term).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(WorkingCalendar().EndOfTerm(Day("2024-01-01"), term).error().code,
            ErrorCode::kNotFound);
}

TEST(WorkingCalendarTest, RefusesATermThatIsNoTerm) {
  EXPECT_EQ(End("2026-03-02", -1, TermUnit::kWorkingDays), "invalid_argument");
  EXPECT_EQ(End("2026-03-02", kLongestTerm + 1, TermUnit::kCalendarDays), "invalid_argument");
}

TEST(WorkingCalendarTest, CountsWorkingDaysAfterTheFirstUpToTheLast) {
  EXPECT_EQ(Russia().WorkingDaysBetween(Day("2025-10-31"), Day("2025-11-05")), 2);
  EXPECT_EQ(Russia().WorkingDaysBetween(Day("2025-11-05"), Day("2025-10-31")), -2);
  EXPECT_EQ(Russia().WorkingDaysBetween(Day("2025-11-05"), Day("2025-11-05")), 0);
}

TEST(TermUnitTest, NamesReadBack) {
  for (const TermUnit unit :
       {TermUnit::kMinutes, TermUnit::kWorkingDays, TermUnit::kCalendarDays, TermUnit::kMonths}) {
    EXPECT_EQ(ParseTermUnit(NameOf(unit)), unit);
  }
  EXPECT_FALSE(ParseTermUnit("days"));
}

// An oracle that walks day by day, as a person with a wall calendar would.
class WallCalendar {
 public:
  explicit WallCalendar(WorkingCalendar::Year year) : year_(std::move(year)) {}

  bool Works(Date date) const {
    return date.weekday() <= 5 ? year_.days_off.count(date) == 0
                               : year_.working_saturdays.count(date) == 1;
  }

  // Absent when the answer is not in the year.
  std::optional<Date> WorkingDayAfter(Date start, int64_t count) const {
    Date day = start;
    while (count > 0) {
      day = day.AddDays(1);
      if (day.parts().year != year_.year) return std::nullopt;
      if (Works(day)) --count;
    }
    return day;
  }

  std::optional<Date> NotDayOff(Date day) const {
    while (day.parts().year == year_.year) {
      if (Works(day)) return day;
      day = day.AddDays(1);
    }
    return std::nullopt;
  }

 private:
  WorkingCalendar::Year year_;
};

WorkingCalendar::Year AnyYear() {
  WorkingCalendar::Year year{*rc::gen::inRange(2000, 2100), {}, {}, {}};
  for (Date day = Date::Of(year.year, 1, 1); day.parts().year == year.year; day = day.AddDays(1)) {
    const bool exception = *rc::gen::inRange(0, 12) == 0;
    if (exception) (day.weekday() <= 5 ? year.days_off : year.working_saturdays).insert(day);
  }
  return year;
}

std::optional<Date> Valued(const Result<Date>& result) {
  return result ? std::optional(*result) : std::nullopt;
}

RC_GTEST_PROP(WorkingCalendarProperty, AgreesWithAWallCalendar, ()) {
  const WorkingCalendar::Year year = AnyYear();
  const WorkingCalendar calendar({year});
  const WallCalendar wall(year);
  for (int i = 0; i < 20; ++i) {
    const Date start = Date::Of(year.year, 1, 1).AddDays(*rc::gen::inRange(0, 365));
    const int64_t count = *rc::gen::inRange(1, 60);
    RC_ASSERT(Valued(calendar.EndOfTerm(start, {count, TermUnit::kWorkingDays})) ==
              wall.WorkingDayAfter(start, count));
    RC_ASSERT(Valued(calendar.EndOfTerm(start, {count, TermUnit::kCalendarDays})) ==
              wall.NotDayOff(start.AddDays(count)));
    const Date other = Date::Of(year.year, 1, 1).AddDays(*rc::gen::inRange(0, 365));
    int64_t between = 0;
    for (Date day = start; day < other; day = day.AddDays(1)) between += wall.Works(day.AddDays(1));
    for (Date day = other; day < start; day = day.AddDays(1)) between -= wall.Works(day.AddDays(1));
    RC_ASSERT(calendar.WorkingDaysBetween(start, other).value() == between);
  }
}

class LoadCalendarTest : public ::testing::Test {
 protected:
  LoadCalendarTest()
      : folder_(::testing::TempDir() + "calendar_test_" +
                ::testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ + "/calendars");
  }
  ~LoadCalendarTest() override { std::filesystem::remove_all(folder_); }

  void Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ + "/calendars/" + name) << text;
  }

  std::vector<std::string> Load() {
    std::vector<Issue> issues;
    calendar_ = LoadCalendar(folder_, issues);
    std::vector<std::string> lines;
    for (const Issue& issue : issues) {
      lines.push_back(std::to_string(issue.where.line) + ": " + issue.text);
    }
    return lines;
  }

  std::string folder_;
  WorkingCalendar calendar_;
};

TEST_F(LoadCalendarTest, ReadsAYear) {
  Write("2026.yaml",
        "year: 2026\nact: pp_1\nverification: confirmed\nsources: [a]\n"
        "days_off:\n  - {date: 2026-01-01, reason: holiday}\n"
        "  - {date: 2026-03-09, reason: transfer, of: 2026-03-08}\n"
        "working_saturdays: [2026-01-03]\nshortened_days: [2026-12-30]\n"
        "working_days_total: 260\n");
  EXPECT_THAT(Load(), IsEmpty());
  EXPECT_EQ(calendar_.last_year(), 2026);
  EXPECT_EQ(calendar_.IsWorkingDay(Day("2026-01-01")), false);
  EXPECT_EQ(calendar_.IsWorkingDay(Day("2026-01-03")), true);
}

TEST_F(LoadCalendarTest, ATotalThatTheDaysDoNotMakeIsAnIssue) {
  Write("2026.yaml",
        "year: 2026\nverification: confirmed\ndays_off: []\nworking_days_total: 247\n");
  EXPECT_THAT(Load(), ElementsAre("4: the days listed make 261 working days, not 247"));
}

TEST_F(LoadCalendarTest, ADayThatDoesNotFitIsAnIssue) {
  Write("2026.yaml",
        "year: 2026\n"
        "verification: confirmed\n"
        "days_off:\n"
        "  - {date: 2025-12-31, reason: holiday}\n"
        "  - {date: 2026-01-03, reason: holiday}\n"
        "  - {date: 2026-01-01, reason: holiday}\n"
        "  - {date: 2026-01-01, reason: holiday, of: 2026-01-02}\n"
        "working_saturdays: [2026-01-05]\n"
        "shortened_days: [2026-01-01]\n");
  EXPECT_THAT(Load(),
              ElementsAre("4: 2025-12-31 is not a day of 2026",
                          "5: 2026-01-03 is not a day from Monday to Friday",
                          "7: 2026-01-01 is listed twice", "7: only a transfer is of another day",
                          "8: 2026-01-05 is not a Saturday or a Sunday",
                          "9: 2026-01-01 is not a working day"));
}

TEST_F(LoadCalendarTest, AYearLeftOutAndAWrongNameAreIssues) {
  const std::string rest = "\nverification: confirmed\ndays_off: []\n";
  Write("2024.yaml", "year: 2024" + rest);
  Write("2026.yaml", "year: 2026" + rest);
  Write("27.yaml", "year: 2027" + rest);
  EXPECT_THAT(Load(), ElementsAre("1: the file must be named 2027.yaml",
                                  "0: the calendar of 2025 is missing"));
}

TEST_F(LoadCalendarTest, AnUnknownKeyIsAnIssue) {
  Write("2026.yaml", "year: 2026\nverification: confirmed\ndays_off: []\nday_off: []\n");
  EXPECT_THAT(Load(), ElementsAre(HasSubstr("unknown key \"day_off\"")));
}

}  // namespace
}  // namespace kstati
