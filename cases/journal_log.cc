// SPDX-License-Identifier: Apache-2.0
#include "cases/journal_log.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "cases/case.h"
#include "cases/draft.h"
#include "cases/journal.h"
#include "cases/regulation_entry.h"

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
  if (entry.activity == kRegulationAppliedActivity) {
    AppliedRegulation applied = ParseAppliedRegulation(entry.reason);
    c.regulation = std::move(applied.version);
    c.variant = std::move(applied.variant);
    return;  // nothing that takes time
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

// A case that was over and is open again is another one: it has a term of its own.
using CaseTerms = std::map<std::pair<CaseId, size_t>, monitoring::LoggedCase>;

// The chains of one person. A situation that comes again is another chain: one lasts for as long as
// its situation stands open.
class Chains {
 public:
  Chains(const World& world, size_t& count) : world_(world), count_(count) {}

  // The chain's number; empty outside of a situation. Cases are given in the order of opening.
  std::string Of(const Case& c) {
    if (c.situation.empty()) return {};
    const Date opened = LocalDate(c.opened_at, world_.time_zone);
    const graph::Situation* situation = world_.catalogue().FindSituation(c.situation);
    Chain& chain = chains_[{c.situation, c.about}];
    const bool over = situation != nullptr && situation->lasts.After(chain.begun) < opened;
    if (chain.number.empty() || over) chain = {std::to_string(++count_), opened};
    return chain.number;
  }

 private:
  struct Chain {
    std::string number;
    Date begun;
  };

  const World& world_;
  size_t& count_;
  std::map<std::pair<SituationId, CitizenId>, Chain> chains_;
};

// What the journal leaves to the case's record: situations, and which cases belong together.
Result<void> AddChains(const World& world, const std::map<CitizenId, std::string>& people,
                       CaseTerms& cases) {
  size_t count = 0;
  for (const auto& [citizen, number] : people) {
    KSTATI_TRY(const profile::NamedRecords records, world.store->Records(citizen, kCaseRecord));
    std::vector<Case> of_citizen;
    for (const auto& [id, bytes] : records) {
      KSTATI_TRY(Case c, DecodeCase(bytes));
      of_citizen.push_back(std::move(c));
    }
    std::ranges::stable_sort(of_citizen, {}, &Case::opened_at);
    Chains chains(world, count);
    for (const Case& c : of_citizen) {
      const std::string chain = chains.Of(c);
      for (auto each = cases.lower_bound({c.id, 0});
           each != cases.end() && each->first.first == c.id; ++each) {
        each->second.situation = c.situation.text();
        each->second.chain = chain;
      }
    }
  }
  return {};
}

}  // namespace

Result<monitoring::EventLog> JournalAsLog(const World& world) {
  CaseTerms cases;
  std::map<CaseId, size_t> terms;
  std::map<CitizenId, std::string> people;  // numbered as the journal comes to them
  KSTATI_TRY_VOID(
      world.store->ForEachEntry(kJournalLog, [&](const profile::LogRecord& record) -> Result<bool> {
        KSTATI_TRY(const JournalEntry entry, DecodeJournalEntry(*record.value));
        size_t& term = terms[entry.case_id];
        if (entry.activity == kRestartedActivity) {
          const monitoring::LoggedCase before = cases[{entry.case_id, term++}];
          cases[{entry.case_id, term}].regulation = before.regulation;
          cases[{entry.case_id, term}].variant = before.variant;
        }
        std::string& person = people[record.citizen];
        if (person.empty()) person = std::to_string(people.size());
        monitoring::LoggedCase& c = cases[{entry.case_id, term}];
        c.person = person;  // also of an erased case, so that nobody counts as several
        Add(entry, c);
        return true;
      }));
  KSTATI_TRY_VOID(AddChains(world, people, cases));
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
