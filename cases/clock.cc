// SPDX-License-Identifier: Apache-2.0
#include "cases/clock.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "profile/ledger/hash.h"

namespace kstati::cases {
namespace {

constexpr uint64_t kForm = 2;
constexpr uint64_t kFormBefore = 1;  // without the calendar
constexpr int kFirstYear = 1992;     // no calendar is older
constexpr size_t kVersionBytes = 6;

constexpr std::array<std::pair<ClockMark, std::string_view>, 8> kMarkNames{{
    {ClockMark::kStarted, "started"},
    {ClockMark::kPaused, "paused"},
    {ClockMark::kResumed, "resumed"},
    {ClockMark::kStopped, "stopped"},
    {ClockMark::kRecounted, "recounted"},
    {ClockMark::kRiskTold, "risk_told"},
    {ClockMark::kBreachTold, "breach_told"},
    {ClockMark::kRestarted, "restarted"},
}};

// Told and recounted entries do not change whether the clock runs.
bool Moves(ClockMark mark) {
  return mark == ClockMark::kStarted || mark == ClockMark::kPaused || mark == ClockMark::kResumed ||
         mark == ClockMark::kStopped || mark == ClockMark::kRestarted;
}

ClockMark LastMove(const CaseClock& clock) {
  for (size_t i = clock.entries.size(); i-- > 0;) {
    if (Moves(clock.entries[i].mark)) return clock.entries[i].mark;
  }
  return ClockMark::kStopped;
}

ClockEntry ReadEntry(ByteReader& reader) {
  ClockEntry entry;
  entry.mark = static_cast<ClockMark>(reader.Number());
  entry.at = reader.Moment();
  entry.recorded_at = reader.Moment();
  entry.ground = reader.Text();
  entry.until = reader.Text();
  entry.due = reader.OptionalDay();
  entry.calendar = reader.Text();
  return entry;
}

}  // namespace

std::string_view NameOf(ClockMark mark) {
  for (const auto& [known, name] : kMarkNames) {
    if (known == mark) return name;
  }
  return "unknown";
}

bool CaseClock::Runs() const {
  const ClockMark last = LastMove(*this);
  return last == ClockMark::kStarted || last == ClockMark::kResumed ||
         last == ClockMark::kRestarted;
}

std::span<const ClockEntry> CaseClock::LastTerm() const {
  const auto last =
      std::ranges::find(entries.rbegin(), entries.rend(), ClockMark::kRestarted, &ClockEntry::mark);
  const auto first = last == entries.rend() ? entries.begin() : std::prev(last.base());
  return {first, entries.end()};
}

bool CaseClock::Stands() const { return LastMove(*this) == ClockMark::kPaused; }

std::string Encode(const CaseClock& clock) {
  ByteWriter writer;
  writer.Number(kForm).Text(clock.case_id.text()).Number(clock.citizen.number());
  writer.Signed(clock.term.value).Number(static_cast<uint64_t>(clock.term.unit));
  writer.Number(clock.entries.size());
  for (const ClockEntry& entry : clock.entries) {
    writer.Number(static_cast<uint64_t>(entry.mark)).Moment(entry.at).Moment(entry.recorded_at);
    writer.Text(entry.ground).Text(entry.until).OptionalDay(entry.due).Text(entry.calendar);
  }
  writer.Flag(clock.timer.has_value());
  if (clock.timer) writer.Moment(*clock.timer);
  writer.Text(clock.calendar);
  return writer.Take();
}

Result<CaseClock> DecodeCaseClock(std::string_view bytes) {
  ByteReader reader(bytes);
  const uint64_t form = reader.Number();
  if (form != kForm && form != kFormBefore) {
    return Fail(ErrorCode::kUnsupported, "a stored clock has an unknown format", {},
                "use the version of kstati that wrote the store, or a newer one");
  }
  CaseClock clock;
  clock.case_id = CaseId(reader.Text());
  clock.citizen = CitizenId(reader.Number());
  clock.term.value = reader.Signed();
  clock.term.unit = static_cast<TermUnit>(reader.Number());
  for (size_t left = reader.Count(); left > 0; --left) clock.entries.push_back(ReadEntry(reader));
  if (reader.Flag()) clock.timer = reader.Moment();
  if (form == kForm) clock.calendar = reader.Text();
  KSTATI_TRY_VOID(reader.Finish("clock"));
  if (clock.entries.empty() || clock.term.unit > TermUnit::kMonths) {
    return Fail(ErrorCode::kCorrupt, "a stored clock never started", {},
                "restore the store from a backup");
  }
  return clock;
}

std::vector<Pause> PausesOf(const CaseClock& clock) {
  std::vector<Pause> pauses;
  for (const ClockEntry& entry : clock.LastTerm()) {
    if (entry.mark == ClockMark::kPaused) pauses.push_back({entry.at, std::nullopt});
    const bool ends = entry.mark == ClockMark::kResumed;
    if (ends && !pauses.empty() && !pauses.back().to) pauses.back().to = entry.at;
  }
  return pauses;
}

std::string CalendarVersion(const WorkingCalendar& calendar) {
  if (calendar.empty()) return "none";
  std::string days;
  int first = 0;
  for (int year = kFirstYear; year <= calendar.last_year(); ++year) {
    const Date end = Date::Of(year + 1, 1, 1);
    for (Date day = Date::Of(year, 1, 1); day < end; day = day.AddDays(1)) {
      const Result<bool> works = calendar.IsWorkingDay(day);
      if (!works) break;
      if (first == 0) first = year;
      days.push_back(*works ? '1' : '0');
    }
  }
  const profile::ledger::Hash hash = profile::ledger::Sha256(std::to_string(first) + ":" + days);
  std::string version = std::to_string(first) + "-" + std::to_string(calendar.last_year()) + "/";
  for (size_t i = 0; i < kVersionBytes; ++i) {
    char byte[3];
    std::snprintf(byte, sizeof byte, "%02x", hash.bytes[i]);
    version += byte;
  }
  return version;
}

}  // namespace kstati::cases
