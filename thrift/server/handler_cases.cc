// SPDX-License-Identifier: Apache-2.0
// The calls about how a case goes on, of people and of officials.
#include <algorithm>

#include "cases/official.h"
#include "thrift/server/from_rpc.h"
#include "thrift/server/handler.h"
#include "thrift/server/to_rpc_sources.h"

namespace kstati::thrift {
namespace {

using kstati::cases::OfficialAct;
using kstati::profile::ledger::EntryKind;

constexpr int32_t kQueueMax = 1'000;
constexpr size_t kNamesMax = 100;  // in one list of an act

Result<void> CheckSize(size_t count, const std::string& place) {
  if (count <= kNamesMax) return {};
  return Fail(ErrorCode::kLimitExceeded, "the list is too long", place,
              "name at most " + std::to_string(kNamesMax));
}

// Who acts, as the ledger names them: the token, and whom it says is acting.
std::string NameOfOfficial(const Caller& caller, const std::string& actor) {
  return actor.empty() ? caller.name() : caller.name() + ": " + actor;
}

Result<OfficialAct> ReadOfficialAct(const rpc::OfficialAct& form) {
  OfficialAct act;
  KSTATI_TRY(act.citizen, ReadCitizen(form.citizen, "citizen"));
  KSTATI_TRY(std::string id, ReadName(form.case_id, "case_id"));
  act.id = CaseId(std::move(id));
  KSTATI_TRY(act.step, kstati::cases::ParseOfficialStep(form.step));
  KSTATI_TRY_VOID(CheckSize(form.grounds.size(), "grounds"));
  KSTATI_TRY_VOID(CheckSize(form.attributes.size(), "attributes"));
  KSTATI_TRY_VOID(CheckSize(form.findings.size(), "findings"));
  for (const std::string& ground : form.grounds) {
    KSTATI_TRY(std::string name, ReadName(ground, "grounds"));
    act.grounds.emplace_back(std::move(name));
  }
  for (const std::string& attribute : form.attributes) {
    KSTATI_TRY(std::string name, ReadName(attribute, "attributes"));
    act.attributes.emplace(std::move(name));
  }
  for (const auto& [condition, holds] : form.findings) {
    KSTATI_TRY(std::string name, ReadName(condition, "findings"));
    act.findings[std::move(name)] = holds;
  }
  if (form.__isset.last_day) {
    KSTATI_TRY(act.until, Date::Parse(form.last_day));
  }
  if (!form.__isset.override_reason) return act;
  const auto reason = kstati::cases::ParseOverride(form.override_reason);
  if (!reason) {
    return Fail(ErrorCode::kInvalidArgument, "there is no such reason", "override_reason",
                "one of record_is_wrong, document_seen, court_decided, rule_is_wrong");
  }
  act.override_reason = *reason;
  return act;
}

// Whose an answer is, is left open where it does not say so.
Result<std::map<kstati::cases::AskedFact, std::string>> ReadAnswers(
    const std::vector<rpc::Answer>& answers) {
  std::map<kstati::cases::AskedFact, std::string> told;
  for (const rpc::Answer& answer : answers) {
    KSTATI_TRY(std::string attribute, ReadName(answer.attribute, "answers"));
    CitizenId whose;
    if (answer.__isset.citizen && !answer.citizen.empty()) {
      KSTATI_TRY(whose, ReadCitizen(answer.citizen, "answers"));
    }
    told[{whose, AttributeId(std::move(attribute))}] = answer.value;
  }
  return told;
}

}  // namespace

Result<Caller> Handler::AdmitOfficial(const rpc::CallContext& context, const std::string& authority,
                                      std::string_view method, CitizenId citizen) const {
  KSTATI_TRY(Caller caller, Identify(context));
  if (caller.MayOperate() || caller.MayDecideFor(authority)) return caller;
  if (citizen != CitizenId()) EnterRefusal(method, caller.name(), citizen);
  return Fail(ErrorCode::kDenied, "the token is no official's of this authority", "context.token",
              "use a token with the scope official:" + authority);
}

void Handler::withdraw(rpc::Case& reply, const rpc::CallContext& context,
                       const std::string& citizen, const std::string& case_id) {
  Answer("withdraw", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("withdraw", context, citizen));
    KSTATI_TRY(const std::string name, ReadName(case_id, "case_id"));
    KSTATI_TRY(const kstati::cases::Case c,
               kstati::cases::WithdrawCase(parts_.world, reading.citizen, CaseId(name)));
    reply = Describe(reading.wording, c);
    return Enter(reading, {EntryKind::kAccess, {{"service", c.service.text()}}});
  });
}

void Handler::tellCase(rpc::Case& reply, const rpc::CallContext& context,
                       const std::string& citizen, const std::string& case_id,
                       const std::vector<rpc::Answer>& answers) {
  Answer("tellCase", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("tellCase", context, citizen));
    KSTATI_TRY(const std::string name, ReadName(case_id, "case_id"));
    KSTATI_TRY_VOID(CheckSize(answers.size(), "answers"));
    KSTATI_TRY(const auto told, ReadAnswers(answers));
    KSTATI_TRY(const kstati::cases::Case c,
               kstati::cases::TellCase(parts_.world, reading.citizen, CaseId(name), told));
    reply = Describe(reading.wording, c);
    return Enter(reading, {EntryKind::kAccess, {{"service", c.service.text()}}});
  });
}

void Handler::triggers(std::vector<rpc::TriggerDecision>& reply, const rpc::CallContext& context,
                       const std::string& citizen) {
  Answer("triggers", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("triggers", context, citizen));
    KSTATI_TRY_VOID(parts_.desk.Situations(reading.citizen));
    KSTATI_TRY(const auto records,
               parts_.world.store->Records(reading.citizen, kstati::cases::kTriggerRecord));
    for (const auto& [situation, bytes] : records) {
      KSTATI_TRY(const auto decisions, kstati::cases::DecodeTriggers(bytes));
      const std::string name = situation.substr(0, situation.find('.'));
      for (const kstati::cases::TriggerDecision& decision : decisions) {
        reply.push_back(WriteTrigger(reading.wording, SituationId(name), decision));
      }
    }
    std::ranges::stable_sort(reply, std::ranges::greater(), &rpc::TriggerDecision::at);
    return Enter(reading);
  });
}

void Handler::officialQueue(std::vector<rpc::Case>& reply, const rpc::CallContext& context,
                            const std::string& authority, int32_t limit) {
  Answer("officialQueue", context, [&]() -> Result<void> {
    KSTATI_TRY(const Caller known, Identify(context));
    KSTATI_TRY(std::string name, ReadName(authority, "authority"));
    if (name.empty()) name = known.authority();
    KSTATI_TRY(const Caller caller, AdmitOfficial(context, name, "officialQueue"));
    if (limit < 1 || limit > kQueueMax) {
      return Fail(ErrorCode::kInvalidArgument, "the limit is out of range", "limit",
                  "ask for 1 to " + std::to_string(kQueueMax) + " cases");
    }
    KSTATI_TRY(const auto queue, officials_.Queue(parts_.world, name, static_cast<size_t>(limit)));
    const Wording wording = WordingOf(context);
    for (const kstati::cases::ForOfficial& each : queue) {
      reply.push_back(Describe(wording, each.c));
      KSTATI_TRY_VOID(EnterOfficial("officialQueue", context, caller, each.c));
    }
    return {};
  });
}

void Handler::actOfficially(rpc::Case& reply, const rpc::CallContext& context,
                            const rpc::OfficialAct& form) {
  Answer("actOfficially", context, [&]() -> Result<void> {
    KSTATI_TRY(OfficialAct act, ReadOfficialAct(form));
    // Who is no official of the case's authority does not learn whether there is such a case.
    const auto before = parts_.desk.FindCase(act.citizen, act.id);
    const graph::Service* service =
        before ? parts_.world.catalogue().FindService(before->service) : nullptr;
    KSTATI_TRY(const Caller caller,
               AdmitOfficial(context, service == nullptr ? std::string() : service->authority,
                             "actOfficially", act.citizen));
    if (!before) return Fail(before.error());
    KSTATI_TRY(const std::string actor, ReadName(context.actor, "context.actor"));
    act.official = NameOfOfficial(caller, actor);
    KSTATI_TRY(const kstati::cases::Case c, kstati::cases::ActOfficially(parts_.world, act));
    reply = Describe(WordingOf(context), c);
    return EnterOfficial("actOfficially", context, caller, c);
  });
}

void Handler::overrides(std::vector<rpc::OverrideCount>& reply, const rpc::CallContext& context) {
  Answer("overrides", context, [&]() -> Result<void> {
    KSTATI_TRY(const Caller caller, Identify(context));
    const Wording wording = WordingOf(context);
    KSTATI_TRY(const auto counts, officials_.Overrides(parts_.world));
    for (const kstati::cases::OverrideCount& count : counts) {
      const graph::Service* service = parts_.world.catalogue().FindService(count.service);
      const std::string authority = service == nullptr ? std::string() : service->authority;
      if (caller.MayDecideFor(authority)) reply.push_back(WriteOverrideCount(wording, count));
    }
    return {};
  });
}

Result<void> Handler::EnterOfficial(std::string_view method, const rpc::CallContext& context,
                                    const Caller& caller, const kstati::cases::Case& c) const {
  Reading reading{c.citizen, std::nullopt, WordingOf(context), method, caller.name(), {}, {}};
  KSTATI_TRY(reading.actor, ReadName(context.actor, "context.actor"));
  // The scope of an official is the purpose: a service that was asked for, or consented to.
  reading.purpose.id = kServiceOnRequest;
  if (!c.consent.empty()) {
    reading.purpose.id = NameOf(kstati::profile::Purpose::kProactiveStart);
    reading.purpose.consent = c.consent.text();
  }
  return Enter(reading, {EntryKind::kAccess, {{"service", c.service.text()}}});
}

}  // namespace kstati::thrift
