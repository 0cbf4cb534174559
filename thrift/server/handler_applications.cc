// SPDX-License-Identifier: Apache-2.0
// The calls about single applications, pre-checks and orders.
#include <algorithm>

#include "cases/consenting.h"
#include "cases/pre_check.h"
#include "cases/single_application.h"
#include "cases/zeros.h"
#include "thrift/server/from_rpc.h"
#include "thrift/server/handler.h"
#include "thrift/server/to_rpc_applications.h"
#include "thrift/server/to_rpc_register.h"
#include "thrift/server/to_rpc_sources.h"

namespace kstati::thrift {
namespace {

using kstati::cases::Draft;
using kstati::profile::ledger::EntryKind;

constexpr size_t kAnswersMax = 100;

Result<kstati::cases::Confirmation> ReadConfirmation(const rpc::ApplicationConfirmation& form,
                                                     Language language) {
  kstati::cases::Confirmation confirmation;
  KSTATI_TRY(std::string situation, ReadName(form.situation, "situation"));
  confirmation.situation = SituationId(std::move(situation));
  KSTATI_TRY(confirmation.offer, ReadName(form.offer, "offer"));
  KSTATI_TRY(confirmation.evidence.text_version, ReadName(form.text_version, "text_version"));
  KSTATI_TRY(confirmation.evidence.channel, ReadName(form.channel, "channel"));
  confirmation.evidence.language = CodeOf(language);
  if (form.answers.size() > kAnswersMax) {
    return Fail(ErrorCode::kLimitExceeded, "the list is too long", "answers",
                "answer at most " + std::to_string(kAnswersMax) + " questions");
  }
  return confirmation;
}

// Answers that name nobody are the citizen's own.
Result<void> ReadTold(const std::vector<rpc::Answer>& answers, CitizenId citizen,
                      kstati::cases::Confirmation& confirmation) {
  for (const rpc::Answer& answer : answers) {
    KSTATI_TRY(std::string attribute, ReadName(answer.attribute, "answers"));
    CitizenId whose = citizen;
    if (answer.__isset.citizen && !answer.citizen.empty()) {
      KSTATI_TRY(whose, ReadCitizen(answer.citizen, "answers"));
    }
    std::optional<std::string> value;
    if (answer.__isset.value) value = answer.value;
    confirmation.answers[{whose, AttributeId(std::move(attribute))}] = std::move(value);
  }
  return {};
}

// Steps without a case are decided anew to be shown, on the data of whom the draft read.
Used UsedToShow(const std::vector<kstati::cases::SingleApplication>& applications,
                const Draft& draft) {
  const bool decided = std::ranges::any_of(applications, [](const auto& application) {
    return std::ranges::any_of(application.steps,
                               [](const auto& step) { return step.case_id.empty(); });
  });
  if (!decided) return {};
  return {EntryKind::kEvaluation, {}, draft.Read()};
}

// nullopt: there is none, or it was ordered already.
Result<std::optional<kstati::cases::PreCheck>> FindPreCheck(const kstati::cases::World& world,
                                                            CitizenId citizen,
                                                            const std::string& id) {
  Draft draft(world, world.Now());  // never committed
  KSTATI_TRY(const auto pre_checks, kstati::cases::PreChecksOf(draft, citizen));
  const auto found = std::ranges::find(pre_checks, id, &kstati::cases::PreCheck::id);
  const bool open = found != pre_checks.end() && found->case_id.empty();
  return open ? std::optional(*found) : std::nullopt;
}

}  // namespace

void Handler::offerApplication(rpc::ApplicationOffer& reply, const rpc::CallContext& context,
                               const std::string& citizen, const std::string& situation,
                               const std::string& about) {
  Answer("offerApplication", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("offerApplication", context, citizen));
    KSTATI_TRY(const std::string name, ReadName(situation, "situation"));
    KSTATI_TRY(const CitizenId whom, AdmitAbout(reading, about));
    std::vector<CitizenId> read;
    KSTATI_TRY(const auto offer, kstati::cases::OfferApplication(parts_.world, reading.citizen,
                                                                 SituationId(name), whom, &read));
    reply = WriteOffer(reading.wording, offer);
    return Enter(reading, {EntryKind::kEvaluation, {{"situation", name}}, std::move(read)});
  });
}

void Handler::confirmApplication(rpc::SingleApplication& reply, const rpc::CallContext& context,
                                 const rpc::ApplicationConfirmation& form) {
  Answer("confirmApplication", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("confirmApplication", context, form.citizen));
    KSTATI_TRY(kstati::cases::Confirmation confirmation,
               ReadConfirmation(form, ReadLanguage(context)));
    confirmation.citizen = reading.citizen;
    KSTATI_TRY(confirmation.about, AdmitAbout(reading, form.about));
    confirmation.by = reading.speaker;
    KSTATI_TRY_VOID(ReadTold(form.answers, reading.citizen, confirmation));
    KSTATI_TRY(const auto application,
               kstati::cases::ConfirmApplication(parts_.world, confirmation));
    Draft draft(parts_.world, parts_.world.Now());  // never committed
    KSTATI_TRY(reply, WriteApplication(reading.wording, application, draft));
    Used used = UsedToShow({application}, draft);
    used.said = {{"situation", form.situation}};
    return Enter(reading, std::move(used));
  });
}

void Handler::applications(std::vector<rpc::SingleApplication>& reply,
                           const rpc::CallContext& context, const std::string& citizen) {
  Answer("applications", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("applications", context, citizen));
    Draft draft(parts_.world, parts_.world.Now());  // never committed
    KSTATI_TRY_VOID(draft.HouseholdOf(reading.citizen));
    KSTATI_TRY(const auto applications, kstati::cases::ApplicationsOf(draft, reading.citizen));
    for (const kstati::cases::SingleApplication& each : applications) {
      if (each.situation.empty()) continue;  // erased
      KSTATI_TRY(rpc::SingleApplication written, WriteApplication(reading.wording, each, draft));
      reply.push_back(std::move(written));
    }
    return Enter(reading, UsedToShow(applications, draft));
  });
}

void Handler::preCheck(rpc::PreCheck& reply, const rpc::CallContext& context,
                       const std::string& citizen, const std::string& service_id,
                       const std::string& about) {
  Answer("preCheck", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("preCheck", context, citizen));
    KSTATI_TRY(const std::string service, ReadName(service_id, "service_id"));
    KSTATI_TRY(const CitizenId whom, AdmitAbout(reading, about));
    std::vector<CitizenId> read;
    KSTATI_TRY(const Asked asked, AskForService(reading, ServiceId(service), whom));
    KSTATI_TRY(const auto pre_check,
               parts_.desk.CheckAhead(reading.citizen, ServiceId(service), whom, &read));
    reply = WritePreCheck(reading.wording, pre_check, pre_check.Promises());
    if (!asked.empty()) reply.__set_sources(WriteAsked(reading.wording, asked));
    return Enter(reading, {EntryKind::kEvaluation, {{"service", service}}, std::move(read)});
  });
}

void Handler::preChecks(std::vector<rpc::PreCheck>& reply, const rpc::CallContext& context,
                        const std::string& citizen) {
  Answer("preChecks", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("preChecks", context, citizen));
    Draft draft(parts_.world, parts_.world.Now());  // never committed
    KSTATI_TRY_VOID(draft.HouseholdOf(reading.citizen));
    KSTATI_TRY(const auto pre_checks, kstati::cases::PreChecksOf(draft, reading.citizen));
    for (const kstati::cases::PreCheck& each : pre_checks) {
      if (each.service.empty()) continue;  // erased
      KSTATI_TRY(const bool holds, kstati::cases::Binds(draft, each));
      reply.push_back(WritePreCheck(reading.wording, each, holds));
    }
    std::ranges::reverse(reply);
    return Enter(reading);
  });
}

void Handler::order(rpc::Case& reply, const rpc::CallContext& context, const std::string& citizen,
                    const std::string& pre_check) {
  Answer("order", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("order", context, citizen));
    KSTATI_TRY(const std::string id, ReadName(pre_check, "pre_check"));
    Asked asked;
    KSTATI_TRY(const auto known, FindPreCheck(parts_.world, reading.citizen, id));
    if (known) {
      KSTATI_TRY(asked, AskForService(reading, known->service, known->about));
    }
    KSTATI_TRY(const kstati::cases::Case c,
               kstati::cases::RetryStep(parts_.world, [&](Draft& draft) {
                 return kstati::cases::OrderOnPreCheck(draft, reading.citizen, id);
               }));
    reply = Describe(reading.wording, c);
    if (!asked.empty()) reply.__set_sources(WriteAsked(reading.wording, asked));
    return Enter(reading, {EntryKind::kAccess, {{"service", c.service.text()}}});
  });
}

void Handler::zeros(rpc::Zeros& reply, const rpc::CallContext& context, const std::string& citizen,
                    const std::string& service_id, const std::string& about) {
  Answer("zeros", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("zeros", context, citizen));
    KSTATI_TRY(const std::string service, ReadName(service_id, "service_id"));
    KSTATI_TRY(const CitizenId whom, AdmitAbout(reading, about));
    std::vector<CitizenId> read;
    KSTATI_TRY(const eligibility::Decision decision,
               parts_.desk.Explain(reading.citizen, ServiceId(service), whom, {}, &read));
    if (decision.regulation == nullptr) {
      return Fail(ErrorCode::kNotFound, "no regulation of the service is in force today",
                  "service_id", "`passport` says on which days one is");
    }
    reply =
        WriteZeros(reading.wording, kstati::cases::ZerosOf(decision, reading.wording.dictionary()));
    return Enter(reading, UsedToDecide(reading, decision, std::move(read)));
  });
}

}  // namespace kstati::thrift
