// SPDX-License-Identifier: Apache-2.0
#include "cases/journal_log.h"

#include <algorithm>
#include <map>
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

void Add(const JournalEntry& entry, monitoring::LoggedCase& c) {
  if (!entry.service.empty()) {  // of an emptied case only its moments are left
    c.service = entry.service.text();
    c.authority = entry.authority;
  }
  if (entry.activity == kStartedActivity) c.started = entry.at;
  if (entry.activity == kDueActivity) {
    const Result<Instant> breach = Instant::Parse(entry.reason);
    if (breach) c.deadline = Instant{breach->micros - 1};
  }
  if (!c.ended && EndsCase(entry.activity)) c.ended = entry.at;
  c.events.push_back({entry.activity, entry.at, entry.reason, entry.party});
}

bool HasStarted(const monitoring::LoggedCase& c) {
  return std::ranges::find(c.events, kStartedActivity, &monitoring::LoggedEvent::activity) !=
         c.events.end();
}

}  // namespace

Result<monitoring::EventLog> JournalAsLog(const World& world) {
  std::map<CaseId, monitoring::LoggedCase> cases;
  KSTATI_TRY_VOID(
      world.store->ForEachEntry(kJournalLog, [&](const profile::LogRecord& record) -> Result<bool> {
        KSTATI_TRY(const JournalEntry entry, DecodeJournalEntry(*record.value));
        Add(entry, cases[entry.case_id]);
        return true;
      }));
  monitoring::EventLog log;
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
