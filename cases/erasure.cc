// SPDX-License-Identifier: Apache-2.0
#include "cases/erasure.h"

#include <algorithm>

#include "base/bytes.h"
#include "cases/delivery_record.h"
#include "cases/pre_check.h"
#include "cases/single_application.h"
#include "cases/speaking.h"

namespace kstati::cases {
namespace {

constexpr uint64_t kForm = 2;
constexpr uint64_t kFormWithoutPurged = 1;
constexpr std::string_view kErasureRecord = "erasure";
const ParameterId kDaysToErase("erasure_after_withdrawal");

Date DueFor(const World& world, Date revoked_on) {
  const graph::Parameter* parameter = world.catalogue().FindParameter(kDaysToErase);
  const graph::ParameterValue* value =
      parameter == nullptr ? nullptr : parameter->On(revoked_on, std::string(graph::kFederal));
  const auto* days = value == nullptr ? nullptr : std::get_if<Decimal>(&value->value);
  return revoked_on.AddDays(days == nullptr ? 0 : days->ToInt64().value_or(0));
}

// What a case is when nobody may know any more what it was about: when it moved, and why it ended.
Case Emptied(const Case& c) {
  Case empty;
  empty.id = c.id;
  empty.citizen = c.citizen;
  empty.about = c.citizen;
  empty.status = c.status;
  empty.opened_at = c.opened_at;
  empty.clock_started_at = c.opened_at;
  empty.due_note = "case.due.not_started";
  empty.consent = c.consent;
  for (const StatusChange& change : c.history)
    empty.history.push_back({change.status, change.at, {}});
  return empty;
}

std::string NamesOf(const std::vector<CaseId>& cases) {
  std::string names;
  for (const CaseId& id : cases) names += (names.empty() ? "" : " ") + id.text();
  return names;
}

Result<void> RemoveMessagesAbout(Draft& draft, const Case& c) {
  KSTATI_TRY(const auto records, draft.world().store->Records(c.citizen, kNotificationRecord));
  for (const auto& [id, bytes] : records) {
    KSTATI_TRY(const Notification notification, DecodeNotification(bytes));
    if (notification.case_id != c.id) continue;
    draft.RemoveRecord(c.citizen, kNotificationRecord, id);
    draft.RemoveRecord(c.citizen, kDeliveryRecord, MessageKey(bytes));
  }
  return {};
}

// What was decided about starting the services says what the cases were about.
Result<void> RemoveTriggersOf(Draft& draft, CitizenId citizen, const std::vector<Case>& cases) {
  KSTATI_TRY(const auto records, draft.world().store->Records(citizen, kTriggerRecord));
  for (const auto& [situation, bytes] : records) {
    KSTATI_TRY(std::vector<TriggerDecision> decisions, DecodeTriggers(bytes));
    const auto of_cases = [&cases](const TriggerDecision& decision) {
      return std::ranges::any_of(cases, [&decision](const Case& c) {
        return decision.service == c.service && decision.about == c.about;
      });
    };
    if (std::erase_if(decisions, of_cases) == 0) continue;
    draft.PutRecord(citizen, kTriggerRecord, situation, Encode(decisions));
  }
  return {};
}

bool IsAmong(const CaseId& id, const std::vector<Case>& cases) {
  return std::ranges::find(cases, id, &Case::id) != cases.end();
}

// What is left of an application of which nothing may be known any more: that it was made.
SingleApplication Emptied(const SingleApplication& application) {
  SingleApplication empty;
  empty.id = application.id;
  empty.citizen = application.citizen;
  empty.about = application.citizen;
  empty.confirmed_by = application.citizen;
  empty.made_at = application.made_at;
  empty.consent = application.consent;
  return empty;
}

// Steps say what the cases were about; those that were to start on the consent never will.
Result<void> RemoveStepsOf(Draft& draft, CitizenId citizen, const ConsentId& consent,
                           const std::vector<Case>& cases) {
  KSTATI_TRY(const std::vector<SingleApplication> applications, ApplicationsOf(draft, citizen));
  for (SingleApplication application : applications) {
    const size_t erased = std::erase_if(application.steps, [&](const ApplicationStep& step) {
      const bool waits = step.case_id.empty() && application.consent == consent;
      return waits || IsAmong(step.case_id, cases);
    });
    if (erased == 0) continue;
    if (application.steps.empty()) application = Emptied(application);
    draft.PutRecord(citizen, kApplicationRecord, application.id, Encode(application));
  }
  return {};
}

// So does a pre-check that a case was started on. Its number stays taken.
Result<void> EmptyPreChecksOf(Draft& draft, CitizenId citizen, const std::vector<Case>& cases) {
  KSTATI_TRY(const std::vector<PreCheck> pre_checks, PreChecksOf(draft, citizen));
  for (const PreCheck& pre_check : pre_checks) {
    if (!IsAmong(pre_check.case_id, cases)) continue;
    PreCheck empty;
    empty.id = pre_check.id;
    empty.citizen = empty.about = citizen;
    empty.made_at = pre_check.made_at;
    draft.PutRecord(citizen, kPreCheckRecord, empty.id, Encode(empty));
  }
  return {};
}

void Put(Draft& draft, CitizenId citizen, const ErasureDuty& duty) {
  draft.PutRecord(citizen, kErasureRecord, duty.consent.text(), Encode(duty));
}

Result<ErasureDuty> FindDuty(Draft& draft, CitizenId citizen, const ConsentId& consent) {
  KSTATI_TRY(const std::vector<ErasureDuty> duties, ErasureDutiesOf(draft, citizen));
  const auto found = std::ranges::find(duties, consent, &ErasureDuty::consent);
  if (found != duties.end()) return *found;
  return Fail(ErrorCode::kNotFound, "nothing is to be erased on this consent",
              "consent " + consent.text(), "only a revocation that stops cases makes a duty");
}

}  // namespace

std::string Encode(const ErasureDuty& duty) {
  ByteWriter writer;
  writer.Number(kForm).Text(duty.consent.text()).Number(duty.cases.size());
  for (const CaseId& id : duty.cases) writer.Text(id.text());
  writer.Moment(duty.since).Day(duty.due).Flag(duty.done.has_value());
  if (duty.done) writer.Moment(*duty.done);
  writer.Flag(duty.purged);
  return writer.Take();
}

Result<ErasureDuty> DecodeErasureDuty(std::string_view bytes) {
  ByteReader reader(bytes);
  const uint64_t form = reader.Number();
  if (form != kForm && form != kFormWithoutPurged) {
    return Fail(ErrorCode::kUnsupported, "a stored duty to erase has an unknown format", {},
                "use the version of kstati that wrote the store, or a newer one");
  }
  ErasureDuty duty;
  duty.consent = ConsentId(reader.Text());
  for (size_t left = reader.Count(); left > 0; --left) duty.cases.emplace_back(reader.Text());
  duty.since = reader.Moment();
  duty.due = reader.Day();
  if (reader.Flag()) duty.done = reader.Moment();
  if (form == kForm) duty.purged = reader.Flag();
  KSTATI_TRY_VOID(reader.Finish("duty to erase"));
  return duty;
}

Result<QueuedErasure> DecodeQueuedErasure(std::string_view bytes) {
  ByteReader reader(bytes);
  QueuedErasure queued;
  queued.citizen = CitizenId(reader.Number());
  queued.consent = ConsentId(reader.Text());
  queued.due = reader.Day();
  KSTATI_TRY_VOID(reader.Finish("queued erasure"));
  return queued;
}

std::optional<Date> BeginErasure(Draft& draft, const profile::Consent& consent,
                                 const std::vector<Case>& stopped) {
  if (stopped.empty()) return std::nullopt;
  ErasureDuty duty;
  duty.consent = consent.id;
  for (const Case& c : stopped) duty.cases.push_back(c.id);
  duty.since = draft.now();
  duty.due = DueFor(draft.world(), draft.today());
  Put(draft, consent.citizen, duty);
  ByteWriter entry;
  entry.Number(consent.citizen.number()).Text(consent.id.text()).Day(duty.due);
  draft.AppendLog(consent.citizen, kErasureLog, entry.Take());
  return duty.due;
}

Result<std::vector<ErasureDuty>> ErasureDutiesOf(Draft& draft, CitizenId citizen) {
  KSTATI_TRY_VOID(draft.RequireProfile(citizen));  // the change rests on it
  KSTATI_TRY(const auto records, draft.world().store->Records(citizen, kErasureRecord));
  std::vector<ErasureDuty> duties;
  for (const auto& [id, bytes] : records) {
    KSTATI_TRY(ErasureDuty duty, DecodeErasureDuty(bytes));
    duties.push_back(std::move(duty));
  }
  return duties;
}

Result<ErasureDuty> PerformErasure(Draft& draft, CitizenId citizen, const ConsentId& consent) {
  KSTATI_TRY(ErasureDuty duty, FindDuty(draft, citizen, consent));
  if (duty.done) return duty;
  KSTATI_TRY(std::vector<Case> cases, draft.Cases(citizen));
  std::erase_if(cases, [&duty](const Case& c) {
    const bool due = std::ranges::find(duty.cases, c.id) != duty.cases.end();
    return !due || c.status != Status::kStopped;
  });
  KSTATI_TRY_VOID(RemoveTriggersOf(draft, citizen, cases));
  KSTATI_TRY_VOID(RemoveStepsOf(draft, citizen, consent, cases));
  KSTATI_TRY_VOID(EmptyPreChecksOf(draft, citizen, cases));
  for (const Case& c : cases) {
    KSTATI_TRY_VOID(RemoveMessagesAbout(draft, c));
    Case empty = Emptied(c);
    KSTATI_TRY_VOID(draft.Act(empty, Action::kErase, "case.reason.erased"));
  }
  duty.done = draft.now();
  Put(draft, citizen, duty);
  draft.Enter(citizen, profile::ledger::EntryKind::kErasure,
              {{"consent", consent.text()},
               {"cases", NamesOf(duty.cases)},
               {"withdrawn_at", duty.since.ToString()},
               {"due", duty.due.ToString()}});
  return duty;
}

Result<ErasureDuty> NotePurged(Draft& draft, CitizenId citizen, const ConsentId& consent) {
  KSTATI_TRY(ErasureDuty duty, FindDuty(draft, citizen, consent));
  duty.purged = true;
  Put(draft, citizen, duty);
  return duty;
}

Result<WholeErasure> WhatErasingTakes(Draft& draft, CitizenId citizen) {
  WholeErasure whole;
  whole.citizen = citizen;
  KSTATI_TRY_VOID(draft.RequireProfile(citizen));
  KSTATI_TRY(const profile::History history, draft.Load(citizen));
  whole.facts = history.facts.size();
  KSTATI_TRY(const std::vector<profile::Consent> consents, draft.Consents(citizen));
  whole.consents = static_cast<size_t>(std::ranges::count_if(consents, [&](const auto& consent) {
    return !consent.revoked() &&
           profile::StateOf(consent, draft.today()) != profile::ConsentState::kExpired;
  }));
  KSTATI_TRY(const std::vector<profile::Proxy> proxies, ProxiesOf(draft, citizen));
  whole.proxies = static_cast<size_t>(std::ranges::count_if(
      proxies, [&](const auto& proxy) { return profile::IsInForce(proxy, draft.today()); }));
  KSTATI_TRY(const std::vector<Case> cases, draft.Cases(citizen));
  for (const Case& c : cases) {
    if (!IsOpen(c.status)) continue;
    const bool held = IsUnderWay(c.status) || c.status == Status::kGranted;
    (held ? whole.held_by : whole.stopped).push_back(c);
  }
  return whole;
}

Result<WholeErasure> PrepareErasing(Draft& draft, CitizenId citizen) {
  KSTATI_TRY(WholeErasure whole, WhatErasingTakes(draft, citizen));
  if (!whole.held_by.empty()) {
    std::string names;
    for (const Case& c : whole.held_by) names += (names.empty() ? "" : " ") + c.id.text();
    return Fail(ErrorCode::kDenied, "authorities work at applications of the citizen", names,
                "erase when their results are there; the law keeps the records until then");
  }
  for (Case c : whole.stopped) {
    if (c.status != Status::kStarted) continue;
    KSTATI_TRY_VOID(draft.Act(c, Action::kConsentEnds, "case.reason.person_erased"));
  }
  return whole;
}

}  // namespace kstati::cases
