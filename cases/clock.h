// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"

namespace kstati::cases {

// The legal clock of a case, as a list of what happened to it: nothing in it is ever edited.
//
// How a term runs:
// 1. The legal day begins at midnight of the configured zone. The day on which the clock starts
//    does not count; another day counts when the clock runs at its end. So a pause that begins and
//    ends on one day costs nothing, and one that begins on the last day keeps that day.
// 2. The last day is the one that makes the count full. A term of calendar days or months that
//    would end on a day off, or while the clock stands, ends on the next working day on which it
//    runs. A term of months is one of as many calendar days as the months have without pauses.
// 3. A term of minutes runs to the microsecond, nights and days off included.
// 4. The term is breached from the first moment after its last day on. At most a fifth of the days
//    of the term, and always the last one, is the time in which it is at risk.
// 5. A case that was over and is open again has a new term from that moment on. What was counted
//    before stays in the list and counts no more.

enum class ClockMark {
  kStarted,
  kPaused,
  kResumed,
  kStopped,     // the case ended
  kRecounted,   // the production calendar changed, and with it the last day
  kRiskTold,    // the last days began
  kBreachTold,  // the term ran out
  kRestarted,   // the case was over and is open again: a new term runs from here on
};

std::string_view NameOf(ClockMark mark);  // "started", "breach_told", ...

struct ClockEntry {
  ClockMark mark = ClockMark::kStarted;
  Instant at;               // when it took effect; of a told one: when it became true
  Instant recorded_at;      // never before the entry before it
  std::string ground;       // key of a message: why; may be empty
  std::string until;        // of a pause: key of a message: what ends it
  std::optional<Date> due;  // as counted then; absent: it stands, or the calendar ends before
  std::string calendar;     // the version of the calendar it was counted by; see CalendarVersion
  bool operator==(const ClockEntry&) const = default;
};

struct CaseClock {
  CaseId case_id;
  CitizenId citizen;
  Term term;
  std::vector<ClockEntry> entries;  // oldest first; the first one is kStarted
  std::optional<Instant> timer;     // the next moment at which there is something to tell
  std::string calendar = {};        // as Case::calendar

  bool Runs() const;    // neither paused nor stopped
  bool Stands() const;  // paused
  // What happened to the term that counts: from kStarted, or the last kRestarted, on.
  std::span<const ClockEntry> LastTerm() const;
  Instant started_at() const { return LastTerm().front().at; }
};

// What the form before this one wrote is read too.
std::string Encode(const CaseClock& clock);
Result<CaseClock> DecodeCaseClock(std::string_view bytes);

// Time in which a clock stood; `to` absent: it still does.
struct Pause {
  Instant from;
  std::optional<Instant> to;
};

// What a term is counted by.
struct Reckoning {
  const WorkingCalendar& calendar;
  std::string zone;  // where legal days begin
};

// When a term ends.
struct Deadline {
  Date due;                     // its last day
  Instant breach;               // from here on it is breached
  std::optional<Instant> risk;  // from here on it is at risk; absent: at no time before the breach
};

// nullopt while the clock stands, unless the term ended before. kNotFound when a day past the last
// loaded calendar would be needed, kInvalidArgument for a term that Term does not allow. `pauses`
// are ordered and do not overlap; only the last may be open.
Result<std::optional<Deadline>> DeadlineOf(const Reckoning& reckoning, Instant started,
                                           const Term& term, const std::vector<Pause>& pauses);
Result<std::optional<Deadline>> DeadlineOf(const Reckoning& reckoning, const CaseClock& clock);

std::vector<Pause> PausesOf(const CaseClock& clock);

// How far the term has come at a moment (at the latest when it stopped).
struct ClockState {
  int64_t passed = 0;     // units of the term that counted; of months: calendar days
  int64_t remaining = 0;  // negative when breached; units as above
  TermUnit unit = TermUnit::kWorkingDays;  // never months
  bool at_risk = false;
  bool breached = false;
};
// kNotFound as for DeadlineOf.
Result<ClockState> StateAt(const Reckoning& reckoning, const CaseClock& clock, Instant now);

// Names what a calendar says, for example "2024-2026/5f2b9c01d3aa": its years, and the start of a
// SHA-256 over its working days. "none" when it is empty.
std::string CalendarVersion(const WorkingCalendar& calendar);

// Records whose clocks are told of; kept with the citizen under the id of the case.
inline constexpr std::string_view kClockRecord = "clock";

}  // namespace kstati::cases
