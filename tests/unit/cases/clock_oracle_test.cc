// SPDX-License-Identifier: Apache-2.0
//
// Terms over fifty years of made-up calendars against a walk from day to day that shares no code
// with them: days are std::chrono's, midnights are the C library's, and whether a day counts is
// asked of each day by itself. KSTATI_TEST_SCALE multiplies the number of terms.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "cases/clock.h"

namespace kstati::cases {
namespace {

using std::chrono::sys_days;

// The zone database of the library that the clock uses ends with 2037 where clocks are still
// changed.
constexpr int kFirstYear = 1988;
constexpr int kLastYear = 2037;
constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kDay = 86'400 * kSecond;

int Terms() {
  const char* const scale = std::getenv("KSTATI_TEST_SCALE");
  return 4'000 * (scale == nullptr ? 1 : std::max(1, std::atoi(scale)));
}

int64_t DayNumber(int year, unsigned month, unsigned day) {
  return sys_days(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day))
      .time_since_epoch()
      .count();
}

std::chrono::year_month_day CivilOf(int64_t day) {
  return std::chrono::year_month_day(sys_days(std::chrono::days(day)));
}

class Oracle {
 public:
  explicit Oracle(std::string zone) {
    setenv("TZ", zone.c_str(), 1);
    tzset();
  }
  ~Oracle() {
    unsetenv("TZ");
    tzset();
  }

  // The calendar it makes up, year by year.
  std::vector<WorkingCalendar::Year> MakeYears(std::mt19937& random) {
    std::vector<WorkingCalendar::Year> years;
    for (int number = kFirstYear; number <= kLastYear; ++number) {
      WorkingCalendar::Year year;
      year.year = number;
      for (int64_t day = DayNumber(number, 1, 1); day <= DayNumber(number, 12, 31); ++day) {
        const bool weekend =
            std::chrono::weekday(sys_days(std::chrono::days(day))).iso_encoding() > 5;
        const bool swapped = random() % (weekend ? 40 : 20) == 0;
        if (weekend && swapped) year.working_saturdays.insert(Date{day});
        if (!weekend && swapped) year.days_off.insert(Date{day});
        if (weekend == swapped) works_.insert(day);
      }
      years.push_back(std::move(year));
    }
    return years;
  }

  static int64_t DayOf(int64_t micros) {
    const time_t second = static_cast<time_t>(
        std::chrono::floor<std::chrono::seconds>(std::chrono::microseconds(micros)).count());
    tm local{};
    localtime_r(&second, &local);
    return DayNumber(local.tm_year + 1900, static_cast<unsigned>(local.tm_mon + 1),
                     static_cast<unsigned>(local.tm_mday));
  }

  static int64_t EndOf(int64_t day) {
    const auto civil = CivilOf(day + 1);
    tm local{};
    local.tm_year = static_cast<int>(civil.year()) - 1900;
    local.tm_mon = static_cast<int>(static_cast<unsigned>(civil.month())) - 1;
    local.tm_mday = static_cast<int>(static_cast<unsigned>(civil.day()));
    local.tm_isdst = -1;
    return static_cast<int64_t>(mktime(&local)) * kSecond;
  }

  static bool RunsAt(int64_t moment, const std::vector<Pause>& pauses) {
    for (const Pause& pause : pauses) {
      if (pause.from.micros < moment && (!pause.to || moment <= pause.to->micros)) return false;
    }
    return true;
  }

  struct End {
    bool known = false;  // else past the last calendar
    std::optional<int64_t> due;
    std::optional<int64_t> risk;
  };

  End Walk(int64_t started, const Term& term, const std::vector<Pause>& pauses) const {
    const int64_t start = DayOf(started);
    const bool working = term.unit == TermUnit::kWorkingDays;
    int64_t wanted = term.value;
    if (term.unit == TermUnit::kMonths) wanted = MonthsLater(start, term.value) - start;
    const int64_t safe = wanted - (wanted + 4) / 5;
    End end;
    int64_t counted = 0;
    for (int64_t day = start;; ++day) {
      if (CivilOf(day).year() > std::chrono::year(kLastYear)) return end;
      if (!pauses.empty() && !pauses.back().to && EndOf(day) > pauses.back().from.micros) {
        end.known = true;
        return end;
      }
      const bool runs = RunsAt(EndOf(day), pauses);
      const bool counts = day > start && runs && (!working || works_.contains(day));
      if (counts) ++counted;
      const bool safe_is_over = counted == safe && (runs || safe == 0);
      if (wanted > 0 && safe_is_over && !end.risk) end.risk = EndOf(day);
      const bool may_end = working || works_.contains(day);
      if (counted >= wanted && runs && (working || may_end)) {
        end.known = true;
        end.due = day;
        return end;
      }
    }
  }

  int64_t CountedBy(int64_t started, const Term& term, const std::vector<Pause>& pauses,
                    int64_t now) const {
    int64_t counted = 0;
    for (int64_t day = DayOf(started) + 1; EndOf(day) <= now; ++day) {
      const bool working = term.unit == TermUnit::kWorkingDays;
      counted += RunsAt(EndOf(day), pauses) && (!working || works_.contains(day)) ? 1 : 0;
    }
    return counted;
  }

 private:
  static int64_t MonthsLater(int64_t day, int64_t months) {
    auto civil = CivilOf(day);
    civil += std::chrono::months(months);
    if (!civil.ok()) civil = civil.year() / civil.month() / std::chrono::last;
    return sys_days(civil).time_since_epoch().count();
  }

  std::set<int64_t> works_;
};

struct Sample {
  int64_t started;
  Term term;
  std::vector<Pause> pauses;
};

Sample Draw(std::mt19937_64& random) {
  Sample sample;
  const int64_t first = DayNumber(kFirstYear, 1, 2) * kDay;
  const int64_t last = DayNumber(kLastYear, 12, 30) * kDay;
  sample.started = first + static_cast<int64_t>(random() % static_cast<uint64_t>(last - first));
  constexpr TermUnit kUnits[] = {TermUnit::kWorkingDays, TermUnit::kCalendarDays,
                                 TermUnit::kMonths};
  sample.term.unit = kUnits[random() % 3];
  sample.term.value =
      static_cast<int64_t>(random() % (sample.term.unit == TermUnit::kMonths ? 7 : 60));
  int64_t at = sample.started;
  for (size_t left = random() % 4; left > 0; --left) {
    at += static_cast<int64_t>(random() % (20 * kDay));
    const int64_t from = at;
    // Some within a day, some over many, some to the very midnight.
    at += static_cast<int64_t>(random() % (random() % 2 == 0 ? kDay : 40 * kDay)) + 1;
    if (random() % 8 == 0) at = Oracle::EndOf(Oracle::DayOf(at));
    sample.pauses.push_back({Instant{from}, Instant{at}});
  }
  if (!sample.pauses.empty() && random() % 4 == 0) sample.pauses.back().to.reset();
  return sample;
}

std::string Text(const Sample& sample) {
  std::string text = Instant{sample.started}.ToString() + ", " + std::to_string(sample.term.value) +
                     " " + std::string(NameOf(sample.term.unit));
  for (const Pause& pause : sample.pauses) {
    text += "; stands from " + pause.from.ToString() +
            (pause.to ? " to " + pause.to->ToString() : " on");
  }
  return text;
}

CaseClock ClockFor(const Sample& sample) {
  CaseClock clock;
  clock.term = sample.term;
  clock.entries.push_back({});
  clock.entries.back().at = Instant{sample.started};
  for (const Pause& pause : sample.pauses) {
    clock.entries.push_back({});
    clock.entries.back().mark = ClockMark::kPaused;
    clock.entries.back().at = pause.from;
    if (!pause.to) continue;
    clock.entries.push_back({});
    clock.entries.back().mark = ClockMark::kResumed;
    clock.entries.back().at = *pause.to;
  }
  return clock;
}

class ClockOracleTest : public ::testing::TestWithParam<std::string> {};

TEST_P(ClockOracleTest, AgreesWithAWalkFromDayToDay) {
  std::mt19937_64 random(7);
  std::mt19937 days(11);
  Oracle oracle(GetParam());
  const WorkingCalendar calendar(oracle.MakeYears(days));
  const Reckoning reckoning{calendar, GetParam()};
  int ended = 0;
  int stood = 0;
  int past = 0;
  for (int i = 0; i < Terms(); ++i) {
    const Sample sample = Draw(random);
    const Oracle::End expected = oracle.Walk(sample.started, sample.term, sample.pauses);
    const auto found = DeadlineOf(reckoning, Instant{sample.started}, sample.term, sample.pauses);
    if (!expected.known) {
      ++past;
      // A clock that stands before that may be known to stand.
      EXPECT_TRUE(!found || !found->has_value()) << Text(sample);
      continue;
    }
    ASSERT_TRUE(found) << Text(sample) << ": " << found.error().ToString();
    ASSERT_EQ(found->has_value(), expected.due.has_value()) << Text(sample);
    if (!expected.due) {
      ++stood;
      continue;
    }
    ++ended;
    EXPECT_EQ((*found)->due.ToString(), Date{*expected.due}.ToString()) << Text(sample);
    EXPECT_EQ((*found)->breach.micros, Oracle::EndOf(*expected.due)) << Text(sample);
    EXPECT_EQ((*found)->risk ? (*found)->risk->micros : 0, expected.risk.value_or(0))
        << Text(sample);
    const Instant now{sample.started + static_cast<int64_t>(random() % (90 * kDay))};
    const Result<ClockState> state = StateAt(reckoning, ClockFor(sample), now);
    if (!state) continue;  // the moment is past the last calendar
    EXPECT_EQ(state->passed,
              oracle.CountedBy(sample.started, sample.term, sample.pauses, now.micros))
        << Text(sample) << " at " << now.ToString();
    EXPECT_EQ(state->breached, now >= (*found)->breach);
  }
  EXPECT_GT(ended, Terms() / 2);
  EXPECT_GT(stood, 0);
  EXPECT_GT(past, 0);
}

INSTANTIATE_TEST_SUITE_P(Zones, ClockOracleTest,
                         ::testing::Values("Europe/Moscow", "Asia/Kamchatka", "America/New_York"));

}  // namespace
}  // namespace kstati::cases
