// SPDX-License-Identifier: Apache-2.0
#include "cases/draft.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/bytes.h"
#include "base/check.h"
#include "cases/clock_keeping.h"
#include "cases/register.h"

namespace kstati::cases {
namespace {

Result<std::vector<Case>> DecodeCases(const profile::NamedRecords& records) {
  std::vector<Case> cases;
  for (const auto& [id, bytes] : records) {
    KSTATI_TRY(Case c, DecodeCase(bytes));
    cases.push_back(std::move(c));
  }
  return cases;
}

std::string NotificationId(const Case& c) {
  char number[16];
  std::snprintf(number, sizeof number, "-%02zu", c.history.size());
  return c.id.text() + number;
}

}  // namespace

Draft::Draft(const World& world, Instant now)
    : world_(world), transaction_(now), today_(LocalDate(now, world.time_zone)) {}

Draft::Draft(const World& world, profile::AsOf as_of)
    : world_(world), transaction_(as_of.known_at), looks_back_(true), today_(as_of.valid_at) {}

// Where it happened the day may have begun earlier than where legal days begin; what follows from
// it is decided on that day.
void Draft::Begin(const profile::RegistryEvent& event) {
  event_ = event;
  today_ = std::max(today_, event.occurred_on);
  for (const auto& fact : event.facts) today_ = std::max(today_, fact.valid.from);
  for (const auto& relation : event.relations) today_ = std::max(today_, relation.valid.from);
}

void Draft::Record(const profile::RegistryEvent& event) {
  Begin(event);
  transaction_.Record(event);
}

void Draft::RecordSpread(const profile::RegistryEvent& event) {
  Begin(event);
  waits_ = false;
  transaction_.RecordSpread(event);
}

void Draft::Follow(const profile::RegistryEvent& event) {
  Begin(event);
  recorded_ = true;
  transaction_.Followed({event.subject, event.key});
}

void Draft::NeedNotWait() {
  waits_ = false;
  transaction_.NeedNotWait();
}

Result<profile::History> Draft::LoadStored(CitizenId citizen) {
  if (const auto found = stored_.find(citizen); found != stored_.end()) return found->second;
  if (waits_) KSTATI_TRY_VOID(world_.store->AwaitFacts(citizen));
  // Of the first one mostly everything is looked at, of relatives the history.
  if (stored_.empty()) KSTATI_TRY_VOID(ReadWhole(citizen));
  if (const auto found = stored_.find(citizen); found != stored_.end()) return found->second;
  KSTATI_TRY(profile::History history, world_.store->Load(citizen));
  transaction_.DependOn(history);
  return stored_.emplace(citizen, std::move(history)).first->second;
}

Result<void> Draft::ReadWhole(CitizenId citizen) {
  static constexpr std::array<std::string_view, 1> kKinds{kCaseRecord};
  KSTATI_TRY(profile::CitizenReading reading, world_.store->Read(citizen, kKinds));
  KSTATI_TRY(std::vector<Case> cases, DecodeCases(reading.records.front()));
  transaction_.DependOn(reading.history);
  stored_.emplace(citizen, std::move(reading.history));
  stored_consents_.emplace(citizen, std::move(reading.consents));
  cases_.emplace(citizen, std::move(cases));
  return {};
}

Result<profile::History> Draft::Load(CitizenId citizen) {
  KSTATI_TRY(profile::History history, LoadStored(citizen));
  if (!event_ || recorded_) return history;
  return profile::WithEvent(std::move(history), *event_, now());
}

Result<bool> Draft::Knows(CitizenId citizen) {
  const Result<profile::History> history = Load(citizen);
  if (!history && history.error().code == ErrorCode::kNotFound) return false;
  if (!history) return Fail(history.error());
  return history->version > 0 || !history->facts.empty() || !history->relations.empty();
}

Result<void> Draft::RequireProfile(CitizenId citizen) {
  KSTATI_TRY(const bool known, Knows(citizen));
  if (known) return {};
  KSTATI_TRY_VOID(Load(citizen));  // an erased person's error says so
  return Fail(ErrorCode::kNotFound, "the citizen has no profile", {},
              "a profile appears with the first event that a registry reports about the citizen");
}

Result<std::shared_ptr<const profile::Household>> Draft::HouseholdOf(CitizenId citizen) {
  if (const auto found = households_.find(citizen); found != households_.end()) {
    return found->second;
  }
  KSTATI_TRY(profile::Household household,
             LoadHousehold(citizen, [this](CitizenId member) { return Load(member); }));
  auto shared = std::make_shared<const profile::Household>(std::move(household));
  households_.emplace(citizen, shared);
  return shared;
}

std::vector<CitizenId> Draft::Read() const {
  std::vector<CitizenId> citizens;
  for (const auto& [citizen, history] : stored_) citizens.push_back(citizen);
  return citizens;
}

Result<profile::History> Draft::LoadBefore(CitizenId citizen) {
  KSTATI_TRY(profile::History history, LoadStored(citizen));
  if (!recorded_) return history;
  return profile::WithoutEvent(std::move(history), *event_);
}

Result<profile::Household> Draft::HouseholdBefore(CitizenId citizen) {
  KSTATI_TRY(const profile::History history, LoadBefore(citizen));
  if (history.version == 0) return profile::Household{};
  return LoadHousehold(citizen, [this](CitizenId member) { return LoadBefore(member); });
}

Result<profile::Household> Draft::LoadHousehold(CitizenId citizen,
                                                const profile::LoadHistory& load) const {
  const profile::AsOf as_of{today_, now()};
  return looks_back_ ? profile::LoadHousehold(citizen, as_of, load)
                     : profile::LoadHouseholdNow(citizen, as_of, load);
}

Result<std::vector<profile::Consent>> Draft::Consents(CitizenId citizen) {
  KSTATI_TRY_VOID(LoadStored(citizen));
  auto stored = stored_consents_.find(citizen);
  if (stored == stored_consents_.end()) {
    KSTATI_TRY(std::vector<profile::Consent> read, world_.store->Consents(citizen));
    stored = stored_consents_.emplace(citizen, std::move(read)).first;
  }
  std::vector<profile::Consent> consents = stored->second;
  for (const profile::Consent& put : consents_[citizen]) {
    const auto found = std::ranges::find(consents, put.id, &profile::Consent::id);
    if (found == consents.end()) {
      consents.push_back(put);
    } else {
      *found = put;
    }
  }
  return consents;
}

Result<std::vector<Case>> Draft::Cases(CitizenId citizen) {
  if (const auto found = cases_.find(citizen); found != cases_.end()) return found->second;
  KSTATI_TRY_VOID(LoadStored(citizen));
  if (const auto found = cases_.find(citizen); found != cases_.end()) return found->second;
  KSTATI_TRY(const auto records, world_.store->Records(citizen, kCaseRecord));
  KSTATI_TRY(std::vector<Case> cases, DecodeCases(records));
  return cases_.emplace(citizen, std::move(cases)).first->second;
}

Result<Case> Draft::Open(Case c, std::string reason) {
  KSTATI_TRY(const std::vector<Case> earlier, Cases(c.citizen));
  if (c.id.empty()) {
    c.id = CaseId(NumberedId('C', c.citizen, earlier.size()));
    c.opened_at = now();
  }
  c.history.push_back({c.status, now(), std::move(reason)});
  KSTATI_TRY_VOID(Save(c));
  const bool asked = c.mode == graph::Mode::kOnRequest;
  Enter(c.citizen, profile::ledger::EntryKind::kDecision,
        {{"case", c.id.text()},
         {"service", c.service.text()},
         {"about", c.about.ToString()},
         {"verdict", std::string(eligibility::NameOf(c.verdict))},
         {"regulation_from", c.regulation_from.ToString()},
         {"status", std::string(NameOf(c.status))},
         {"consent", c.consent.text()},
         {"categories", profile::Joined(c.categories)},
         {"basis", asked ? "service_on_request" : "tell_of_rights"}});
  return c;
}

Result<void> Draft::Act(Case& c, Action action, std::string reason) {
  // Nothing was handed over yet.
  const bool withdraws_offer = c.status == Status::kAnnounced || c.status == Status::kOffered ||
                               c.status == Status::kStarted;
  KSTATI_CHECK(action != Action::kRefuse);
  KSTATI_CHECK(action != Action::kAnnul || withdraws_offer);
  return Take(c, action, std::move(reason));
}

Result<void> Draft::ActAgainst(Case& c, const AdverseLeave& leave, std::string reason) {
  Ruling ruling = leave.ruling();
  ruling.at = now();
  const Action action = ruling.decided == Decided::kAnnulled ? Action::kAnnul : Action::kRefuse;
  c.rulings.push_back(std::move(ruling));
  const Result<void> taken = Take(c, action, std::move(reason));
  if (!taken) c.rulings.pop_back();
  return taken;
}

Result<void> Draft::Take(Case& c, Action action, std::string reason) {
  KSTATI_TRY_VOID(Cases(c.citizen));
  const std::optional<Status> next = Next(c.status, action);
  if (!next) {
    NoteIllegal(c, action);
    return Fail(ErrorCode::kConflict,
                "the case is " + std::string(NameOf(c.status)) + " and cannot take this step",
                "case " + c.id.text(), "read the case again: its status has changed");
  }
  const bool was_for_official = IsForOfficial(c.status);
  c.status = *next;
  c.history.push_back({c.status, now(), std::move(reason)});
  KSTATI_TRY_VOID(Save(c));
  if (was_for_official != IsForOfficial(c.status)) AppendDesk(c);
  return {};
}

// The work of an official begins or ends with the status that the case has now.
void Draft::AppendDesk(const Case& c) {
  const bool begins = IsForOfficial(c.status);
  JournalEntry entry = EntryAbout(c);
  entry.activity = begins ? kOfficialAssignedActivity : kOfficialDoneActivity;
  entry.reason = c.history.back().reason;
  entry.actor = ActorOf(entry.reason);
  entry.party = entry.authority;
  Append(c.citizen, entry);
}

Result<void> Draft::Keep(const Case& c) {
  KSTATI_TRY_VOID(Cases(c.citizen));
  Remember(c);
  return {};
}

void Draft::Remember(const Case& c) {
  std::vector<Case>& known = cases_[c.citizen];
  bool replaced = false;
  for (Case& other : known) {
    if (other.id == c.id) {
      other = c;
      replaced = true;
    }
  }
  if (!replaced) known.push_back(c);
  changed_.push_back(c);
  PutRecord(c.citizen, kCaseRecord, c.id.text(), Encode(c));
}

void Draft::QueueNextStep(const Case& c) {
  if (c.status == Status::kStarted) {
    ByteWriter entry;
    AppendLog(c.citizen, kHandOverLog,
              entry.Number(c.citizen.number()).Text(c.id.text()).Moment(now()).Take());
  }
  const std::string queued = Encode(QueuedCase{c.citizen, c.id, now(), c.wait_until});
  if (c.status == Status::kInterAgency) AppendLog(c.citizen, kDecideLog, queued);
  if (IsUnderWay(c.status) && c.wait_until) AppendLog(c.citizen, kWaitLog, queued);
  if (IsForOfficial(c.status)) AppendLog(c.citizen, kOfficialLog, queued);
}

std::string Encode(const QueuedCase& queued) {
  ByteWriter writer;
  writer.Number(queued.citizen.number()).Text(queued.id.text()).Moment(queued.since);
  return writer.OptionalDay(queued.until).Take();
}

Result<QueuedCase> DecodeQueuedCase(std::string_view bytes) {
  ByteReader reader(bytes);
  QueuedCase queued;
  queued.citizen = CitizenId(reader.Number());
  queued.id = CaseId(reader.Text());
  queued.since = reader.Moment();
  queued.until = reader.OptionalDay();
  KSTATI_TRY_VOID(reader.Finish("queued case"));
  return queued;
}

std::string Joined(const std::vector<GroundId>& grounds) {
  std::string ids;
  for (const GroundId& ground : grounds) ids += (ids.empty() ? "" : " ") + ground.text();
  return ids;
}

void EnterRuling(Draft& draft, const Case& c) {
  const Ruling& ruling = c.rulings.back();
  profile::DeedContent content{
      {"case", c.id.text()},
      {"service", c.service.text()},
      {"about", c.about.ToString()},
      {"verdict", std::string(eligibility::NameOf(ruling.verdict))},
      {"regulation_from", c.regulation_from.ToString()},
      {"status", std::string(NameOf(c.status))},
      {"consent", c.consent.text()},
      {"categories", profile::Joined(c.categories)},
      {"decided_by", ruling.official.empty() ? "rules" : "official"},
      {"override", std::string(NameOf(ruling.override_reason))},
      {"grounds", Joined(ruling.grounds)},
      {"basis", c.consent.empty() ? "service_on_request" : "tell_of_rights"}};
  if (ruling.amount) content.emplace("amount", ruling.amount->ToString());
  draft.Enter(c.citizen, profile::ledger::EntryKind::kDecision, std::move(content));
}

Result<void> Draft::Save(Case& c) {
  KSTATI_TRY_VOID(FollowCase(*this, c));
  Remember(c);
  KSTATI_TRY_VOID(RegisterDecision(*this, c));
  Tell(c, "notification." + std::string(NameOf(c.status)), NotificationId(c));
  JournalEntry entry = EntryAbout(c);
  entry.activity = "status." + std::string(NameOf(c.status));
  entry.reason = c.history.back().reason;
  entry.actor = ActorOf(entry.reason);
  Append(c.citizen, entry);
  QueueNextStep(c);
  return {};
}

void Draft::Tell(const Case& c, std::string message, std::string id) {
  const std::string encoded =
      Encode(Notification{c.citizen, now(), std::move(message), c.id, c.service});
  PutRecord(c.citizen, kNotificationRecord, id, encoded);
  AppendLog(c.citizen, kOutboxLog, encoded);
}

JournalEntry Draft::EntryAbout(const Case& c) const {
  JournalEntry entry;
  entry.case_id = c.id;
  entry.service = c.service;
  const graph::Service* service = world_.catalogue().FindService(c.service);
  if (service != nullptr) entry.authority = service->authority;
  entry.at = now();
  return entry;
}

void Draft::Append(CitizenId citizen, const JournalEntry& entry) {
  AppendLog(citizen, kJournalLog, Encode(entry));
}

void Draft::Keep(const CaseClock& clock) {
  PutRecord(clock.citizen, kClockRecord, clock.case_id.text(), Encode(clock));
  clocks_.insert_or_assign(clock.case_id, clock);
}

const CaseClock* Draft::ChangedClock(const CaseId& id) const {
  const auto found = clocks_.find(id);
  return found == clocks_.end() ? nullptr : &found->second;
}

void Draft::SetTimer(profile::Timer timer) { transaction_.SetTimer(std::move(timer)); }

void Draft::StopTimer(profile::Timer timer) { transaction_.StopTimer(std::move(timer)); }

void Draft::Put(const profile::Consent& consent) {
  consents_[consent.citizen].push_back(consent);
  transaction_.PutConsent(consent);
}

void Draft::PutRecord(CitizenId citizen, std::string_view kind, std::string_view id,
                      std::string value) {
  removed_.erase({citizen, std::string(kind), std::string(id)});
  transaction_.PutRecord(citizen, kind, id, std::move(value));
}

void Draft::RemoveRecord(CitizenId citizen, std::string_view kind, std::string_view id) {
  removed_.emplace(citizen, kind, id);
  transaction_.RemoveRecord(citizen, kind, id);
}

bool Draft::Removes(CitizenId citizen, std::string_view kind, std::string_view id) const {
  return removed_.contains({citizen, std::string(kind), std::string(id)});
}

void Draft::AppendLog(CitizenId citizen, std::string_view log, std::string value) {
  transaction_.AppendLog(citizen, log, std::move(value));
}

void Draft::Enter(CitizenId citizen, profile::ledger::EntryKind kind,
                  profile::DeedContent content) {
  transaction_.Enter(citizen, kind, std::move(content));
}

void Draft::EnterOnce(CitizenId citizen, profile::ledger::EntryKind kind,
                      profile::DeedContent content) {
  if (entered_once_.emplace(citizen, kind, content).second) {
    Enter(citizen, kind, std::move(content));
  }
}

void Draft::Note(CitizenId citizen, std::string situation_key, TriggerDecision decision) {
  triggers_[{citizen, std::move(situation_key)}].push_back(std::move(decision));
}

Result<void> Draft::PutTriggers() {
  for (auto& [key, decisions] : triggers_) {
    const auto& [citizen, situation] = key;
    KSTATI_TRY(const auto bytes, world_.store->GetRecord(citizen, kTriggerRecord, situation));
    std::vector<TriggerDecision> known;
    if (bytes) {
      KSTATI_TRY(known, DecodeTriggers(*bytes));
    }
    if (AddChanged(known, std::move(decisions))) {
      PutRecord(citizen, kTriggerRecord, situation, Encode(known));
    }
  }
  triggers_.clear();
  return {};
}

Result<void> Draft::Commit() {
  KSTATI_TRY_VOID(PutTriggers());
  return world_.store->Commit(std::move(transaction_));
}

}  // namespace kstati::cases
