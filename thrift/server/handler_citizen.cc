// SPDX-License-Identifier: Apache-2.0
// The calls about one citizen.
#include <algorithm>
#include <utility>

#include "cases/data_needs.h"
#include "cases/life_question.h"
#include "profile/household.h"
#include "thrift/server/from_rpc.h"
#include "thrift/server/handler.h"
#include "thrift/server/to_rpc_register.h"
#include "thrift/server/to_rpc_sources.h"

namespace kstati::thrift {
namespace {

constexpr int32_t kSuggestionsMax = 100;
constexpr size_t kServicesMax = 1'000;  // named by one questionnaire

using kstati::profile::ledger::EntryKind;

// The name under which `feedback` knows one place of one list; tells nothing about the person.
std::string ExposureOf(const std::string& shown_at, size_t place) {
  return shown_at + "#" + std::to_string(place + 1);
}

}  // namespace

void Handler::suggest(rpc::SuggestResult& reply, const rpc::CallContext& context,
                      const std::string& citizen, int32_t limit) {
  Answer("suggest", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, AdmitLookingBack("suggest", context, citizen));
    if (limit < 1 || limit > kSuggestionsMax) {
      return Fail(ErrorCode::kInvalidArgument, "the limit is out of range", "limit",
                  "ask for 1 to " + std::to_string(kSuggestionsMax) + " suggestions");
    }
    if (reading.as_of) {
      KSTATI_TRY(Suggested made, MakeSuggestions(reading, limit));
      reply = std::move(made.result);
      return Enter(reading, UsedFor(made, made.rests_on));
    }
    KSTATI_TRY(Shown shown, SuggestNow(reading, limit));
    const Asked asked = AskFor(reading, shown.suggested->lacked, ServiceId(), kTellOfRights,
                               reading.wait.value_or(std::chrono::milliseconds(0)));
    if (SomeAnswered(asked)) {
      KSTATI_TRY(Shown again, SuggestNow(reading, limit));
      shown = ShownAfter(std::move(shown), std::move(again));
    }
    reply = shown.suggested->result;
    if (!asked.empty()) reply.__set_sources(WriteAsked(reading.wording, asked));
    Used used = UsedFor(*shown.suggested, std::move(shown.read));
    used.exposure = std::move(shown.exposure);
    return Enter(reading, std::move(used));
  });
}

Result<Handler::Shown> Handler::SuggestNow(const Reading& reading, int32_t limit) {
  const bool masked = reading.wording.values == eligibility::Values::kMasked;
  const SuggestionCache::Question question{reading.citizen,      limit,  reading.wording.language,
                                           parts_.world.Today(), masked, parts_.ranker.changes()};
  SuggestionCache::Reply known = suggestions_.Find(question);
  if (known) return Shown{std::move(known), {}, {}};
  const uint64_t read_after = parts_.world.store->LatestChange();
  KSTATI_TRY(Suggested made, MakeSuggestions(reading, limit));
  Shown shown{nullptr, made.rests_on, std::exchange(made.exposure, {})};
  shown.suggested = std::make_shared<const Suggested>(std::move(made));
  suggestions_.Keep(question, shown.suggested, read_after);
  return shown;
}

Handler::Shown Handler::ShownAfter(Shown before, Shown again) {
  for (const CitizenId& citizen : before.read) {
    if (std::ranges::find(again.read, citizen) == again.read.end()) again.read.push_back(citizen);
  }
  if (again.suggested == before.suggested) again.exposure = std::move(before.exposure);
  return again;
}

Used Handler::UsedFor(const Suggested& made, std::vector<CitizenId> read) {
  kstati::profile::DeedContent said{{"categories", made.categories}, {"ranked_by", made.ranked_by}};
  if (made.estimated) said.emplace("estimated", "yes");
  return {EntryKind::kEvaluation, std::move(said), std::move(read)};
}

Result<Suggested> Handler::MakeSuggestions(const Reading& reading, int32_t limit) const {
  Suggested made;
  KSTATI_TRY(recommender::Suggestions found,
             parts_.desk.Suggest(reading.citizen, static_cast<size_t>(limit), &made.rests_on,
                                 reading.as_of));
  rpc::SuggestResult& result = made.result;
  const Instant shown_at = InstantsOf(reading.as_of).known_at;
  result.as_of = shown_at.ToString();
  found.exposure.at = shown_at;
  made.exposure = recommender::Encode(found.exposure);
  result.catalogue_version = parts_.world.catalogue().version();
  result.model_version = found.ranked_by.model_version;
  made.ranked_by = found.ranked_by.stage;
  made.estimated = found.estimated;
  kstati::cases::Categories categories;
  for (const recommender::Suggested& suggested : found.items) {
    rpc::Suggestion suggestion = WriteSuggestion(reading.wording, suggested);
    suggestion.ranked_by = suggested.stage;
    suggestion.exposure = ExposureOf(result.as_of, result.suggestions.size());
    result.suggestions.push_back(std::move(suggestion));
    categories.merge(
        kstati::cases::CategoriesUsed(suggested.decision, reading.wording.dictionary()));
    if (AsksSources(reading)) {
      made.lacked.merge(parts_.inquiries->LackedBy(suggested.decision));
    }
  }
  made.categories = kstati::profile::Joined(categories);
  return made;
}

Used Handler::UsedToDecide(const Reading& reading, const eligibility::Decision& decision,
                           std::vector<CitizenId> read) {
  const auto categories = kstati::cases::CategoriesUsed(decision, reading.wording.dictionary());
  return {
      EntryKind::kEvaluation,
      {{"categories", kstati::profile::Joined(categories)}, {"service", decision.service.text()}},
      std::move(read)};
}

void Handler::explain(rpc::Explanation& reply, const rpc::CallContext& context,
                      const std::string& citizen, const std::string& service_id,
                      const std::string& about) {
  Answer("explain", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, AdmitLookingBack("explain", context, citizen));
    KSTATI_TRY(const std::string service, ReadName(service_id, "service_id"));
    KSTATI_TRY(const CitizenId whom, AdmitAbout(reading, about));
    std::vector<CitizenId> read;
    const auto decide = [&] {
      return parts_.desk.Explain(reading.citizen, ServiceId(service), whom, reading.as_of, &read);
    };
    KSTATI_TRY(eligibility::Decision decision, decide());
    const Asked asked = AskToDecide(reading, decision, kTellOfRights);
    if (SomeAnswered(asked)) {
      KSTATI_TRY(decision, decide());
    }
    reply = WriteExplanation(reading.wording, decision);
    if (!asked.empty()) reply.__set_sources(WriteAsked(reading.wording, asked));
    if (decision.verdict == eligibility::Verdict::kNotEligible) {
      KSTATI_TRY(
          const eligibility::Counterfactuals changes,
          parts_.desk.WhatWouldChange(reading.citizen, ServiceId(service), whom, reading.as_of));
      reply.changes = WriteChanges(reading.wording, changes, reading.citizen);
    }
    return Enter(reading, UsedToDecide(reading, decision, std::move(read)));
  });
}

void Handler::passport(rpc::Passport& reply, const rpc::CallContext& context,
                       const std::string& citizen, const std::string& service_id,
                       const std::string& about, const std::string& compared_with) {
  Answer("passport", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, AdmitLookingBack("passport", context, citizen));
    KSTATI_TRY(const std::string service, ReadName(service_id, "service_id"));
    KSTATI_TRY(const CitizenId whom, AdmitAbout(reading, about));
    Used used{.kind = EntryKind::kEvaluation, .said = {{"service", service}}};
    kstati::cases::Categories categories;
    const auto on = [&](const kstati::cases::LookAt& as_of) -> Result<eligibility::Passport> {
      std::vector<CitizenId> read;
      KSTATI_TRY(const eligibility::Decision decision,
                 parts_.desk.Explain(reading.citizen, ServiceId(service), whom, as_of, &read));
      const Wording& wording = reading.wording;
      categories.merge(kstati::cases::CategoriesUsed(decision, wording.dictionary()));
      used.said["categories"] = kstati::profile::Joined(categories);
      for (const CitizenId other : read) {
        if (!std::ranges::count(used.of, other)) used.of.push_back(other);
      }
      const graph::Course* course =
          decision.in_force == nullptr
              ? nullptr
              : parts_.world.CourseOf(*decision.described, *decision.in_force);
      return eligibility::WritePassport(decision, wording.program, wording.messages,
                                        wording.language, wording.values, course);
    };
    KSTATI_TRY(const eligibility::Passport passport, on(reading.as_of));
    reply = WritePassport(reading.wording, passport);
    if (compared_with.empty()) return Enter(reading, std::move(used));
    const kstati::profile::AsOf now = InstantsOf(reading.as_of);
    KSTATI_TRY(const kstati::profile::AsOf other,
               ReadAsOf(compared_with, {}, now.valid_at, now.known_at, "compared_with"));
    KSTATI_TRY(const eligibility::Passport before, on(other));
    reply.changes = WriteChanges(eligibility::Compare(before, passport));
    return Enter(reading, std::move(used));
  });
}

void Handler::certificate(std::string& reply, const rpc::CallContext& context,
                          const std::string& citizen, const std::string& service_id,
                          const std::string& about) {
  Answer("certificate", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, AdmitLookingBack("certificate", context, citizen));
    if (reading.wording.values == eligibility::Values::kMasked) {
      return Fail(ErrorCode::kDenied, "a certificate tells the person's facts", "context.reason",
                  "say why they are looked at");
    }
    KSTATI_TRY(const std::string service, ReadName(service_id, "service_id"));
    KSTATI_TRY(const CitizenId whom, AdmitAbout(reading, about));
    std::vector<CitizenId> read;
    KSTATI_TRY(reply, parts_.desk.Certify(reading.citizen, ServiceId(service), whom, reading.as_of,
                                          &read));
    return Enter(reading, {EntryKind::kDisclosure, {{"service", service}}, std::move(read)});
  });
}

void Handler::nextQuestion(rpc::NextQuestion& reply, const rpc::CallContext& context,
                           const std::string& citizen, const std::vector<std::string>& services,
                           const std::string& situation, const std::string& about,
                           const std::vector<rpc::Answer>& answers) {
  Answer("nextQuestion", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, AdmitLookingBack("nextQuestion", context, citizen));
    kstati::cases::Desk::Questionnaire questionnaire;
    if (services.size() > kServicesMax) {
      return Fail(ErrorCode::kLimitExceeded, "there are too many services", "services",
                  "name at most " + std::to_string(kServicesMax));
    }
    for (const std::string& service : services) {
      KSTATI_TRY(std::string name, ReadName(service, "services"));
      questionnaire.services.push_back(ServiceId(std::move(name)));
    }
    if (!situation.empty()) {
      KSTATI_TRY(std::string name, ReadName(situation, "situation"));
      questionnaire.situation = SituationId(std::move(name));
    }
    KSTATI_TRY(questionnaire.about, AdmitAbout(reading, about));
    KSTATI_TRY(questionnaire.answers, ReadAnswers(answers, parts_.world.program->dictionary()));
    std::vector<CitizenId> read;
    Asked asked;
    KSTATI_TRY(const auto next, AskPerson(reading, std::move(questionnaire), read, asked));
    reply = WriteNextQuestion(reading.wording, next);
    if (!asked.empty()) reply.__set_sources(WriteAsked(reading.wording, asked));
    return Enter(reading, {EntryKind::kEvaluation, {}, std::move(read)});
  });
}

void Handler::situations(std::vector<rpc::SituationOfCitizen>& reply,
                         const rpc::CallContext& context, const std::string& citizen) {
  Answer("situations", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, AdmitLookingBack("situations", context, citizen));
    KSTATI_TRY(const auto situations, parts_.desk.Situations(reading.citizen, reading.as_of));
    for (const recommender::OpenSituation& situation : situations) {
      reply.push_back(WriteSituation(reading.wording, situation));
    }
    return Enter(reading);
  });
}

rpc::Case Handler::Describe(const Wording& wording, const kstati::cases::Case& c,
                            const std::optional<Instant>& known_at) const {
  // The decision is made again from what was known when the case was opened.
  const Date opened_on = LocalDate(c.opened_at, parts_.world.time_zone);
  const kstati::profile::AsOf as_of{opened_on, c.opened_at};
  const auto load = [this](CitizenId who) { return parts_.world.store->Load(who); };
  const auto decide = [&]() -> Result<eligibility::Decision> {
    KSTATI_TRY(const auto household, kstati::profile::LoadHousehold(c.citizen, as_of, load));
    eligibility::Subject subject{&household, household.Find(c.about), std::nullopt};
    if (c.about == c.citizen) {
      subject.about = nullptr;
    } else if (!subject.about) {
      KSTATI_TRY(const kstati::profile::History other, load(c.about));
      subject.about = std::make_shared<kstati::profile::FactView>(other, as_of);
    }
    KSTATI_TRY(const auto situations, parts_.desk.Situations(c.citizen));
    for (const recommender::OpenSituation& situation : situations) {
      if (situation.about == c.about) subject.event_date = situation.occurred_on;
    }
    const graph::Service* service = parts_.world.catalogue().FindService(c.service);
    if (service == nullptr)
      return Fail(ErrorCode::kNotFound, "the service " + c.service.text() + " left the catalogue",
                  {}, "restore the service's file: the case still needs it");
    return parts_.world.program->Decide(*service, subject, true);
  };
  const Result<eligibility::Decision> decision = decide();
  const eligibility::Decision* known = decision ? &*decision : nullptr;
  rpc::Case written = WriteCase(wording, c, known);
  const Instant until = known_at.value_or(parts_.world.Now());
  const auto zeros =
      kstati::cases::ZerosOf(c, known, wording.dictionary(), until, parts_.world.time_zone);
  if (zeros) written.__set_zeros(WriteZeros(wording, *zeros));
  return written;
}

void Handler::cases(std::vector<rpc::Case>& reply, const rpc::CallContext& context,
                    const std::string& citizen) {
  Answer("cases", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, AdmitLookingBack("cases", context, citizen));
    if (context.as_of.__isset.valid_at) {
      return Fail(ErrorCode::kInvalidArgument, "cases are known, not true on a day",
                  "context.as_of.valid_at", "give known_at alone");
    }
    KSTATI_TRY(const auto cases, parts_.desk.Cases(reading.citizen, reading.as_of));
    std::optional<Instant> known_at;
    if (reading.as_of) known_at = reading.as_of->known_at;
    for (const kstati::cases::Case& c : cases) {
      reply.push_back(Describe(reading.wording, c, known_at));
    }
    return Enter(reading);
  });
}

void Handler::apply(rpc::Case& reply, const rpc::CallContext& context, const std::string& citizen,
                    const std::string& service_id, const std::string& about) {
  Answer("apply", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("apply", context, citizen));
    KSTATI_TRY(const std::string service, ReadName(service_id, "service_id"));
    KSTATI_TRY(const CitizenId whom, AdmitAbout(reading, about));
    std::vector<CitizenId> read;
    KSTATI_TRY(const Asked asked, AskForService(reading, ServiceId(service), whom));
    KSTATI_TRY(const kstati::cases::Case c,
               parts_.desk.Apply(reading.citizen, ServiceId(service), whom, &read));
    reply = Describe(reading.wording, c);
    if (!asked.empty()) reply.__set_sources(WriteAsked(reading.wording, asked));
    return Enter(reading, {EntryKind::kAccess, {{"service", service}}, std::move(read)});
  });
}

void Handler::decline(rpc::Case& reply, const rpc::CallContext& context, const std::string& citizen,
                      const std::string& case_id) {
  Answer("decline", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("decline", context, citizen));
    KSTATI_TRY(const std::string name, ReadName(case_id, "case_id"));
    KSTATI_TRY(const kstati::cases::Case c, parts_.desk.Decline(reading.citizen, CaseId(name)));
    reply = Describe(reading.wording, c);
    return Enter(reading, {EntryKind::kAccess, {{"service", c.service.text()}}});
  });
}

void Handler::notifications(std::vector<rpc::Notification>& reply, const rpc::CallContext& context,
                            const std::string& citizen) {
  Answer("notifications", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("notifications", context, citizen));
    KSTATI_TRY(const auto notifications, parts_.desk.Notifications(reading.citizen));
    KSTATI_TRY(const std::vector<kstati::cases::Case> cases, parts_.desk.Cases(reading.citizen));
    for (const kstati::cases::SequencedNotification& each : notifications) {
      const auto c = std::ranges::find(cases, each.notification.case_id, &kstati::cases::Case::id);
      reply.push_back(WriteNotification(reading.wording, each, c == cases.end() ? nullptr : &*c));
    }
    return Enter(reading);
  });
}

bool Handler::IsAnsweredInPerson(const Reading& reading) const {
  const bool nobody_else = reading.actor.empty() && reading.reason.empty();
  return reading.own || (parts_.access.open() && nobody_else);
}

void Handler::lifeQuestion(rpc::LifeQuestion& reply, const rpc::CallContext& context,
                           const std::string& citizen) {
  Answer("lifeQuestion", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("lifeQuestion", context, citizen));
    if (!IsAnsweredInPerson(reading)) return Enter(reading);  // put to nobody else
    KSTATI_TRY(const auto question, parts_.desk.AskAboutLife(reading.citizen));
    if (question) {
      const std::string message(recommender::inference::kQuestionMessage);
      reply.__set_text(parts_.messages.Format(reading.wording.language, message));
      reply.__set_asked_on(question->asked_on.ToString());
    }
    return Enter(reading, {EntryKind::kEvaluation, {}});
  });
}

void Handler::answerLifeQuestion(const rpc::CallContext& context, const std::string& citizen,
                                 bool changed) {
  Answer("answerLifeQuestion", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("answerLifeQuestion", context, citizen));
    if (!IsAnsweredInPerson(reading)) {
      return Fail(ErrorCode::kDenied, "only the person answers it", "context.token",
                  "use the person's own token, or one with the scope portal");
    }
    KSTATI_TRY_VOID(parts_.desk.AnswerAboutLife(reading.citizen, changed));
    return EnterForeign(reading);
  });
}

void Handler::feedback(const rpc::CallContext& context, const std::string& citizen,
                       const std::string& exposure, const std::string& service_id,
                       rpc::Reaction::type reaction, const std::string& about) {
  Answer("feedback", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("feedback", context, citizen));
    KSTATI_TRY(const std::string shown, ReadName(exposure, "exposure"));
    KSTATI_TRY(const std::string service, ReadName(service_id, "service_id"));
    KSTATI_TRY(const std::string did, ReadReaction(reaction));
    KSTATI_TRY(const CitizenId whom, AdmitAbout(reading, about));
    KSTATI_TRY_VOID(parts_.desk.Feedback(reading.citizen, shown, ServiceId(service), did, whom));
    return EnterForeign(reading);
  });
}

}  // namespace kstati::thrift
