// SPDX-License-Identifier: Apache-2.0
#include "cases/journal_log.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "cases/case.h"
#include "cases/journal.h"

namespace kstati::cases {
namespace {

constexpr std::string_view kStatusPrefix = "status.";

bool EndsCase(std::string_view activity) {
  if (!activity.starts_with(kStatusPrefix)) return false;
  activity.remove_prefix(kStatusPrefix.size());
  for (int number = 0;; ++number) {
    const Status status = static_cast<Status>(number);
    if (NameOf(status) == "unknown") return false;
    if (NameOf(status) == activity) return !IsOpen(status);
  }
}

bool StartsCase(std::string_view activity) {
  return activity == kStartedActivity || activity == kRestartedActivity ||
         activity == kFilingRefusedActivity;
}

// A term that stands has no last moment, unless that was over before.
void Pause(const JournalEntry& entry, monitoring::LoggedCase& c) {
  if (c.deadline && entry.at <= *c.deadline) c.deadline.reset();
}

void Add(const JournalEntry& entry, monitoring::LoggedCase& c) {
  if (!entry.service.empty()) {  // of an emptied case only its moments are left
    c.service = entry.service.text();
    c.authority = entry.authority;
  }
  if (StartsCase(entry.activity)) c.started = entry.at;
  if (entry.activity == monitoring::activity::kPaused) Pause(entry, c);
  if (entry.activity == kDueActivity) {
    const Result<Instant> breach = Instant::Parse(entry.reason);
    if (breach) c.deadline = Instant{breach->micros - 1};
  }
  if (!c.ended && EndsCase(entry.activity)) c.ended = entry.at;
  c.events.push_back({entry.activity, entry.at, entry.reason, entry.party});
}

bool HasStarted(const monitoring::LoggedCase& c) {
  return std::ranges::any_of(
      c.events, [](const monitoring::LoggedEvent& event) { return StartsCase(event.activity); });
}

// What draft, clocks and officials' acts write down (nobody records visits, complaints and errors).
std::set<std::string, std::less<>> WrittenActivities() {
  std::set<std::string, std::less<>> written;
  for (const std::string_view each :
       {monitoring::activity::kPaused, monitoring::activity::kResumed,
        monitoring::activity::kSourceAsked, monitoring::activity::kSourceAnswered,
        monitoring::activity::kSourceSilent, monitoring::activity::kOfficialAssigned,
        monitoring::activity::kOfficialDone, monitoring::activity::kSuspended,
        monitoring::activity::kRefused, monitoring::activity::kFilingRefused,
        monitoring::activity::kUnlistedAsk, monitoring::activity::kHeldAsk}) {
    written.emplace(each);
  }
  return written;
}

}  // namespace

Result<monitoring::EventLog> JournalAsLog(const World& world) {
  // A case that was over and is open again is another one: it has a term of its own.
  std::map<std::pair<CaseId, size_t>, monitoring::LoggedCase> cases;
  std::map<CaseId, size_t> terms;
  KSTATI_TRY_VOID(
      world.store->ForEachEntry(kJournalLog, [&](const profile::LogRecord& record) -> Result<bool> {
        KSTATI_TRY(const JournalEntry entry, DecodeJournalEntry(*record.value));
        size_t& term = terms[entry.case_id];
        if (entry.activity == kRestartedActivity) ++term;
        Add(entry, cases[{entry.case_id, term}]);
        return true;
      }));
  monitoring::EventLog log;
  log.written = WrittenActivities();
  for (auto& [id, c] : cases) {
    if (!HasStarted(c)) continue;
    std::ranges::stable_sort(c.events, {}, &monitoring::LoggedEvent::at);
    log.cases.push_back(std::move(c));
  }
  std::ranges::stable_sort(log.cases, {}, &monitoring::LoggedCase::started);
  for (size_t i = 0; i < log.cases.size(); ++i) log.cases[i].id = std::to_string(i + 1);
  return log;
}

}  // namespace kstati::cases
