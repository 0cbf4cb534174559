// SPDX-License-Identifier: Apache-2.0
#include "cases/draft.h"

#include <cstdio>

#include "base/bytes.h"

namespace kstati::cases {
namespace {

CaseId NumberCase(CitizenId citizen, size_t earlier) {
  char number[16];
  std::snprintf(number, sizeof number, "-%04zu", earlier + 1);
  return CaseId("C-" + citizen.ToString() + number);
}

std::string NotificationId(const Case& c) {
  char number[16];
  std::snprintf(number, sizeof number, "-%02zu", c.history.size());
  return c.id.text() + number;
}

}  // namespace

Draft::Draft(const World& world, Instant now)
    : Draft(world, profile::AsOf{LocalDate(now, world.time_zone), now}) {}

Draft::Draft(const World& world, profile::AsOf as_of)
    : world_(world), transaction_(as_of.known_at), today_(as_of.valid_at) {}

void Draft::Record(const profile::RegistryEvent& event) {
  event_ = event;
  transaction_.Record(event);
}

void Draft::RecordSpread(const profile::RegistryEvent& event) {
  event_ = event;
  waits_ = false;
  transaction_.RecordSpread(event);
}

void Draft::Follow(const profile::RegistryEvent& event) {
  event_ = event;
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
  KSTATI_TRY(profile::History history, world_.store->Load(citizen));
  transaction_.DependOn(history);
  return stored_.emplace(citizen, std::move(history)).first->second;
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

Result<std::shared_ptr<const profile::Household>> Draft::HouseholdOf(CitizenId citizen) {
  if (const auto found = households_.find(citizen); found != households_.end()) {
    return found->second;
  }
  KSTATI_TRY(profile::Household household,
             profile::LoadHousehold(citizen, {today_, now()},
                                    [this](CitizenId member) { return Load(member); }));
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
  return profile::LoadHousehold(citizen, {today_, now()},
                                [this](CitizenId member) { return LoadBefore(member); });
}

Result<std::vector<profile::Consent>> Draft::Consents(CitizenId citizen) {
  KSTATI_TRY_VOID(LoadStored(citizen));
  return world_.store->Consents(citizen);
}

Result<std::vector<Case>> Draft::Cases(CitizenId citizen) {
  if (const auto found = cases_.find(citizen); found != cases_.end()) return found->second;
  KSTATI_TRY_VOID(LoadStored(citizen));
  KSTATI_TRY(const auto records, world_.store->Records(citizen, kCaseRecord));
  std::vector<Case> cases;
  for (const auto& [id, bytes] : records) {
    KSTATI_TRY(Case c, DecodeCase(bytes));
    cases.push_back(std::move(c));
  }
  return cases_.emplace(citizen, std::move(cases)).first->second;
}

Result<Case> Draft::Open(Case c, std::string reason) {
  KSTATI_TRY(const std::vector<Case> earlier, Cases(c.citizen));
  c.id = NumberCase(c.citizen, earlier.size());
  c.opened_at = now();
  c.history.push_back({c.status, now(), std::move(reason)});
  Save(c);
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
  KSTATI_TRY_VOID(Cases(c.citizen));
  const std::optional<Status> next = Next(c.status, action);
  if (!next) {
    return Fail(ErrorCode::kConflict,
                "the case is " + std::string(NameOf(c.status)) + " and cannot take this step",
                "case " + c.id.text(), "read the case again: its status has changed");
  }
  c.status = *next;
  c.history.push_back({c.status, now(), std::move(reason)});
  Save(c);
  return {};
}

void Draft::Save(const Case& c) {
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

  const Notification notification{c.citizen, now(), "notification." + std::string(NameOf(c.status)),
                                  c.id, c.service};
  const std::string message = Encode(notification);
  PutRecord(c.citizen, kCaseRecord, c.id.text(), Encode(c));
  PutRecord(c.citizen, kNotificationRecord, NotificationId(c), message);
  AppendLog(c.citizen, kOutboxLog, message);
  if (c.status == Status::kStarted) {
    ByteWriter entry;
    AppendLog(c.citizen, kHandOverLog,
              entry.Number(c.citizen.number()).Text(c.id.text()).Moment(now()).Take());
  }
}

void Draft::Put(const profile::Consent& consent) { transaction_.PutConsent(consent); }

void Draft::PutRecord(CitizenId citizen, std::string_view kind, std::string_view id,
                      std::string value) {
  transaction_.PutRecord(citizen, kind, id, std::move(value));
}

void Draft::RemoveRecord(CitizenId citizen, std::string_view kind, std::string_view id) {
  transaction_.RemoveRecord(citizen, kind, id);
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

Result<void> Draft::Commit() { return world_.store->Commit(std::move(transaction_)); }

}  // namespace kstati::cases
