// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/clock.h"
#include "base/micros.h"
#include "cases/clock.h"

namespace kstati::cases {
namespace {

constexpr int64_t kRiskShare = 5;  // one fifth of the term, rounded up
constexpr int64_t kNever = INT64_MAX;

// Days on whose end the clock stood: from <= day < to.
struct Standstill {
  Date from;
  Date to;  // kNever days: it still stands
};

std::vector<Standstill> StandstillsOf(const std::vector<Pause>& pauses, const std::string& zone) {
  std::vector<Standstill> days;
  for (const Pause& pause : pauses) {
    const Date from = LocalDate(pause.from, zone);
    const Date to = pause.to ? LocalDate(*pause.to, zone) : Date{kNever};
    if (to > from) days.push_back({from, to});
  }
  return days;
}

// The last day of a count of `count` days after `start`; nullopt while the clock stands before it.
class DayCount {
 public:
  DayCount(const WorkingCalendar& calendar, TermUnit unit,
           const std::vector<Standstill>& standstills)
      : calendar_(calendar), working_(unit == TermUnit::kWorkingDays), standstills_(standstills) {}

  Result<std::optional<Date>> End(Date start, int64_t count) const {
    if (count == 0) return FirstThatCounts(start);
    Date counted_to = start;  // days up to here are counted or do not count
    for (const Standstill& each : standstills_) {
      if (each.to <= counted_to.AddDays(1)) continue;
      if (each.from.days > counted_to.days + 1) {
        const Result<int64_t> before = DaysIn(counted_to, each.from.AddDays(-1));
        // Past the last calendar the end may still come before the standstill.
        if (!before || *before >= count) break;
        count -= *before;
      }
      if (each.to.days == kNever) return std::optional<Date>();
      counted_to = std::max(counted_to, each.to.AddDays(-1));
    }
    KSTATI_TRY(const Date end, DayAfter(counted_to, count));
    return std::optional<Date>(end);
  }

  // The first working day from `end` on that counts.
  Result<std::optional<Date>> MovedToWork(Date end) const {
    for (;;) {
      KSTATI_TRY(const std::optional<Date> counts, FirstThatCounts(end));
      if (!counts) return counts;
      KSTATI_TRY(const bool works, calendar_.IsWorkingDay(*counts));
      if (works) return counts;
      KSTATI_TRY(end, calendar_.EndOfTerm(*counts, {1, TermUnit::kWorkingDays}));
    }
  }

 private:
  Result<std::optional<Date>> FirstThatCounts(Date day) const {
    for (const Standstill& each : standstills_) {
      if (day < each.from || day >= each.to) continue;
      if (each.to.days == kNever) return std::optional<Date>();
      day = each.to;
    }
    return std::optional<Date>(day);
  }

  Result<int64_t> DaysIn(Date after, Date up_to) const {
    if (!working_) return up_to.days - after.days;
    return calendar_.WorkingDaysBetween(after, up_to);
  }

  Result<Date> DayAfter(Date day, int64_t count) const {
    if (!working_) return day.AddDays(count);
    return calendar_.EndOfTerm(day, {count, TermUnit::kWorkingDays});
  }

  const WorkingCalendar& calendar_;
  const bool working_;
  const std::vector<Standstill>& standstills_;
};

// The moment at which the clock has run for so many microseconds; nullopt while it stands before.
std::optional<Instant> AfterRunning(Instant started, int64_t micros,
                                    const std::vector<Pause>& pauses) {
  Instant end{started.micros + micros};
  for (const Pause& pause : pauses) {
    if (pause.from >= end) break;
    if (!pause.to) return std::nullopt;
    end.micros += pause.to->micros - pause.from.micros;
  }
  return end;
}

Result<std::optional<Deadline>> InMinutes(const Reckoning& reckoning, Instant started,
                                          int64_t minutes, const std::vector<Pause>& pauses) {
  const int64_t micros = minutes * kMicrosPerMinute;
  const std::optional<Instant> breach = AfterRunning(started, micros, pauses);
  if (!breach) return std::optional<Deadline>();
  Deadline deadline{LocalDate(*breach, reckoning.zone), *breach, std::nullopt};
  deadline.risk = AfterRunning(started, micros - micros / kRiskShare, pauses);
  return std::optional<Deadline>(deadline);
}

Result<std::optional<Deadline>> InDays(const Reckoning& reckoning, Instant started,
                                       const Term& term, const std::vector<Pause>& pauses) {
  const std::vector<Standstill> standstills = StandstillsOf(pauses, reckoning.zone);
  const DayCount counted(reckoning.calendar, term.unit, standstills);
  const Date start = LocalDate(started, reckoning.zone);
  const bool months = term.unit == TermUnit::kMonths;
  const int64_t count = months ? start.AddMonths(term.value).days - start.days : term.value;
  // The start's year must be loaded whatever the unit is.
  KSTATI_TRY_VOID(reckoning.calendar.IsWorkingDay(start));
  KSTATI_TRY(std::optional<Date> due, counted.End(start, count));
  const bool moves = months || term.unit == TermUnit::kCalendarDays;
  if (due && moves) {
    KSTATI_TRY(due, counted.MovedToWork(*due));
  }
  if (!due) return std::optional<Deadline>();
  Deadline deadline{*due, StartOfDay(due->AddDays(1), reckoning.zone), std::nullopt};
  if (count == 0) return std::optional<Deadline>(deadline);
  const int64_t safe = count - (count + kRiskShare - 1) / kRiskShare;
  std::optional<Date> last_safe = start;
  if (safe > 0) {
    KSTATI_TRY(last_safe, counted.End(start, safe));
  }
  if (last_safe) deadline.risk = StartOfDay(last_safe->AddDays(1), reckoning.zone);
  return std::optional<Deadline>(deadline);
}

Instant MomentOf(const CaseClock& clock, Instant now) {
  for (const ClockEntry& entry : clock.LastTerm()) {
    if (entry.mark == ClockMark::kStopped) return std::min(entry.at, now);
  }
  return now;
}

int64_t MicrosRun(Instant started, Instant now, const std::vector<Pause>& pauses) {
  int64_t run = std::max<int64_t>(0, now.micros - started.micros);
  for (const Pause& pause : pauses) {
    const Instant to = std::min(now, pause.to.value_or(now));
    if (pause.from < to) run -= to.micros - pause.from.micros;
  }
  return run;
}

// Days after `start` up to `last` that count.
Result<int64_t> DaysCounted(const Reckoning& reckoning, const CaseClock& clock, Date start,
                            Date last) {
  if (last <= start) return 0;
  const bool working = clock.term.unit == TermUnit::kWorkingDays;
  const auto days = [&](Date after, Date up_to) -> Result<int64_t> {
    if (up_to <= after) return 0;
    if (!working) return up_to.days - after.days;
    return reckoning.calendar.WorkingDaysBetween(after, up_to);
  };
  KSTATI_TRY(int64_t counted, days(start, last));
  for (const Standstill& each : StandstillsOf(PausesOf(clock), reckoning.zone)) {
    const Date after = std::max(start, each.from.AddDays(-1));
    const Date to = each.to.days == kNever ? last : std::min(last, each.to.AddDays(-1));
    KSTATI_TRY(const int64_t stood, days(after, to));
    counted -= stood;
  }
  return counted;
}

}  // namespace

Result<std::optional<Deadline>> DeadlineOf(const Reckoning& reckoning, Instant started,
                                           const Term& term, const std::vector<Pause>& pauses) {
  if (term.value < 0 || term.value > kLongestTerm) {
    return Fail(ErrorCode::kInvalidArgument, "a term is negative or too long", {},
                "terms are counted from 0 to " + std::to_string(kLongestTerm) + " units");
  }
  if (term.unit == TermUnit::kMinutes) return InMinutes(reckoning, started, term.value, pauses);
  return InDays(reckoning, started, term, pauses);
}

Result<std::optional<Deadline>> DeadlineOf(const Reckoning& reckoning, const CaseClock& clock) {
  return DeadlineOf(reckoning, clock.started_at(), clock.term, PausesOf(clock));
}

Result<ClockState> StateAt(const Reckoning& reckoning, const CaseClock& clock, Instant now) {
  const Instant moment = MomentOf(clock, now);
  ClockState state;
  const Date start = LocalDate(clock.started_at(), reckoning.zone);
  int64_t whole = clock.term.value;
  state.unit = clock.term.unit;
  if (clock.term.unit == TermUnit::kMonths) {
    state.unit = TermUnit::kCalendarDays;
    whole = start.AddMonths(clock.term.value).days - start.days;
  }
  if (clock.term.unit == TermUnit::kMinutes) {
    state.passed = MicrosRun(clock.started_at(), moment, PausesOf(clock)) / kMicrosPerMinute;
  } else {
    // Today counts only when it is over.
    const Date yesterday = LocalDate(moment, reckoning.zone).AddDays(-1);
    KSTATI_TRY(state.passed, DaysCounted(reckoning, clock, start, yesterday));
  }
  KSTATI_TRY(const std::optional<Deadline> deadline, DeadlineOf(reckoning, clock));
  state.remaining = whole - state.passed;
  if (!deadline) return state;
  state.breached = moment >= deadline->breach;
  state.at_risk = !state.breached && deadline->risk && moment >= *deadline->risk;
  return state;
}

}  // namespace kstati::cases
