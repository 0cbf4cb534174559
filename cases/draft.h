// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "cases/adverse.h"
#include "cases/case.h"
#include "cases/clock.h"
#include "cases/journal.h"
#include "cases/notification.h"
#include "cases/refused_filing.h"
#include "cases/trigger_record.h"
#include "cases/world.h"
#include "profile/household.h"
#include "profile/registry_event.h"
#include "profile/store.h"

namespace kstati::cases {

// A step that the table of the state machine does not allow.
struct IllegalStep {
  CitizenId citizen;
  CaseId id;
  Action action = Action::kConfirm;
};

// What is told of an act that was refused, by a commit of its own: nothing else of the act is kept.
struct RefusedAct {
  CitizenId citizen;
  JournalEntry entry;
  profile::DeedContent deed;  // what the citizen's ledger says of the decision; empty: nothing
  std::optional<RefusedFiling> filing = {};  // an application that was not taken
};

// A change under way: what is read goes through it, so that reads see the event that is being
// recorded and the commit fails when anything read has changed meanwhile. One thread, one attempt.
class Draft {
 public:
  // Reads everything that is recorded, also what was recorded before the clock jumped back.
  Draft(const World& world, Instant now);
  // Only to read: as of another pair of instants.
  Draft(const World& world, profile::AsOf as_of);

  // From now on histories read as if the event were recorded; it will be, with everything else.
  void Record(const profile::RegistryEvent& event);

  // The same for an event about citizens of several partitions; only it is in this draft.
  void RecordSpread(const profile::RegistryEvent& event);
  // The event is recorded, everyone has its facts, and this draft is all that follows from it.
  void Follow(const profile::RegistryEvent& event);
  // What is decided here rests on no facts: neither on those under way, nor on those of people
  // whose partition is down.
  void NeedNotWait();
  bool waits() const { return waits_; }

  // The citizen's history with the event applied; version 0 when there is no profile.
  Result<profile::History> Load(CitizenId citizen);
  // Whether something is kept, or made by the event: nothing follows for whom it is not, for
  // example since their data were erased.
  Result<bool> Knows(CitizenId citizen);
  // kNotFound without a profile. Reads nobody else, unlike what needs the household.
  Result<void> RequireProfile(CitizenId citizen);
  // As of today and now, with the event applied; kNotFound without a profile.
  Result<std::shared_ptr<const profile::Household>> HouseholdOf(CitizenId citizen);
  // The same without the event; `person` is null when the event makes the profile.
  Result<profile::Household> HouseholdBefore(CitizenId citizen);

  // Everyone whose history was read so far, by number.
  std::vector<CitizenId> Read() const;

  // Consents of the citizen, with those of this draft.
  Result<std::vector<profile::Consent>> Consents(CitizenId citizen);
  // Cases of the citizen, with those of this draft.
  Result<std::vector<Case>> Cases(CitizenId citizen);

  // Gives the case its number, where it has none as an offer, and an entry of its history; tells.
  Result<Case> Open(Case c, std::string reason);
  // Takes the case to the status that the table allows, and tells the person. kConflict, with the
  // step noted in IllegalStep, when it does not. Not for what needs leave.
  Result<void> Act(Case& c, Action action, std::string reason);
  // The same for what is against the person: a refusal, or taking back.
  Result<void> ActAgainst(Case& c, const AdverseLeave& leave, std::string reason);
  // Keeps what else changed of a case. The person is told nothing.
  Result<void> Keep(const Case& c);
  // The last step that the table did not allow, and how whoever looks first tells of one.
  void NoteIllegal(const Case& c, Action action) { illegal_step_ = {c.citizen, c.id, action}; }
  const std::optional<IllegalStep>& illegal_step() const { return illegal_step_; }
  // That an act is refused, for whoever makes its record (KeepRefusedAct).
  void NoteRefused(RefusedAct act) { refused_act_ = std::move(act); }
  const std::optional<RefusedAct>& refused_act() const { return refused_act_; }
  // Tells the person; `id` names the message among the citizen's, and telling it again changes
  // nothing.
  void Tell(const Case& c, std::string message, std::string id);
  // An entry about the case as it is, and its place in the journal.
  JournalEntry EntryAbout(const Case& c) const;
  void Append(CitizenId citizen, const JournalEntry& entry);

  void Keep(const CaseClock& clock);
  const CaseClock* ChangedClock(const CaseId& id) const;  // by this draft; else null
  void SetTimer(profile::Timer timer);
  void StopTimer(profile::Timer timer);

  void Put(const profile::Consent& consent);
  void PutRecord(CitizenId citizen, std::string_view kind, std::string_view id, std::string value);
  void RemoveRecord(CitizenId citizen, std::string_view kind, std::string_view id);
  // Whether this draft removes it.
  bool Removes(CitizenId citizen, std::string_view kind, std::string_view id) const;
  // What the state decided about starting a service in a situation; kept with the commit.
  void Note(CitizenId citizen, std::string situation_key, TriggerDecision decision);
  // Something done about the citizen, for the ledger.
  void Enter(CitizenId citizen, profile::ledger::EntryKind kind, profile::DeedContent content);
  // The same, unless this draft has entered just that: one event says it once.
  void EnterOnce(CitizenId citizen, profile::ledger::EntryKind kind, profile::DeedContent content);
  void AppendLog(CitizenId citizen, std::string_view log, std::string value);

  // The event it follows; null when it follows none.
  const profile::RegistryEvent* event() const { return event_ ? &*event_ : nullptr; }
  const std::vector<Case>& changed_cases() const { return changed_; }
  Instant now() const { return transaction_.now(); }
  // Where legal days begin, or that of the event where it has begun earlier.
  Date today() const { return today_; }
  const World& world() const { return world_; }

  // Whether it changes citizens of several partitions, so that one commit cannot take it.
  bool IsSpread() const { return world_.store->IsSpread(transaction_); }
  Result<void> Commit();

 private:
  void Begin(const profile::RegistryEvent& event);
  Result<void> PutTriggers();
  Result<void> Take(Case& c, Action action, std::string reason);
  void Remember(const Case& c);
  Result<void> Save(Case& c);
  void AppendDesk(const Case& c);
  void QueueNextStep(const Case& c);
  Result<profile::History> LoadStored(CitizenId citizen);
  // History, consents and cases, of one moment.
  Result<void> ReadWhole(CitizenId citizen);
  Result<profile::History> LoadBefore(CitizenId citizen);
  Result<profile::Household> LoadHousehold(CitizenId citizen,
                                           const profile::LoadHistory& load) const;

  const World& world_;
  profile::Transaction transaction_;
  bool looks_back_ = false;  // reads as of another moment than now
  Date today_;
  std::optional<profile::RegistryEvent> event_;
  bool recorded_ = false;  // the event is, and stands in the stored histories
  bool waits_ = true;      // for facts under way
  std::map<CitizenId, profile::History> stored_;
  std::map<CitizenId, std::vector<profile::Consent>> stored_consents_;
  std::map<CitizenId, std::shared_ptr<const profile::Household>> households_;
  std::map<CitizenId, std::vector<Case>> cases_;
  std::map<CitizenId, std::vector<profile::Consent>> consents_;  // put by this draft
  std::map<CaseId, CaseClock> clocks_;                           // changed by this draft
  std::vector<Case> changed_;
  std::optional<IllegalStep> illegal_step_;
  std::optional<RefusedAct> refused_act_;
  std::set<std::tuple<CitizenId, std::string, std::string>> removed_;
  std::map<std::pair<CitizenId, std::string>, std::vector<TriggerDecision>> triggers_;
  std::set<std::tuple<CitizenId, profile::ledger::EntryKind, profile::DeedContent>> entered_once_;
};

// Enters the last ruling on a case into the ledger.
void EnterRuling(Draft& draft, const Case& c);
// Ids with spaces between them, as entries of ledger and journal have them.
std::string Joined(const std::vector<GroundId>& grounds);

// Kinds of records kept with a citizen.
inline constexpr std::string_view kCaseRecord = "case";
inline constexpr std::string_view kNotificationRecord = "notification";
inline constexpr std::string_view kSituationRecord = "situation";

// Started cases that wait to be handed over, in order of starting.
inline constexpr std::string_view kHandOverLog = "handover";
// Cases that were handed over or went on since, to be decided as far as the rules can.
inline constexpr std::string_view kDecideLog = "decide";
// Cases that wait, with the day on which the wait is over.
inline constexpr std::string_view kWaitLog = "wait";
// Cases that came to an official.
inline constexpr std::string_view kOfficialLog = "official";

// An entry of these logs, but for that of started cases.
struct QueuedCase {
  CitizenId citizen;
  CaseId id;
  Instant since;
  std::optional<Date> until;
};

std::string Encode(const QueuedCase& queued);
Result<QueuedCase> DecodeQueuedCase(std::string_view bytes);

}  // namespace kstati::cases
