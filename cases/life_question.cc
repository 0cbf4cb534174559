// SPDX-License-Identifier: Apache-2.0
#include "cases/life_question.h"

#include <algorithm>

#include "base/bytes.h"
#include "recommender/inference/infer.h"

namespace kstati::cases {
namespace {

namespace inference = recommender::inference;

bool IsOpen(const LifeQuestion& question, Date today) {
  return !question.changed && today < question.asked_on.AddDays(kLifeQuestionOpenDays);
}

void KeepQuestion(Draft& draft, CitizenId citizen, const LifeQuestion& question) {
  draft.PutRecord(citizen, kLifeQuestionRecord, question.asked_on.ToString(), Encode(question));
}

}  // namespace

std::string Encode(const LifeQuestion& question) {
  ByteWriter writer;
  writer.Day(question.asked_on).Flag(question.changed.has_value());
  return writer.Flag(question.changed.value_or(false)).Take();
}

Result<LifeQuestion> DecodeLifeQuestion(std::string_view bytes) {
  ByteReader reader(bytes);
  LifeQuestion question;
  question.asked_on = reader.Day();
  const bool is_answered = reader.Flag();
  const bool changed = reader.Flag();
  if (is_answered) question.changed = changed;
  KSTATI_TRY_VOID(reader.Finish("a question to a person"));
  return question;
}

Result<std::vector<LifeQuestion>> LifeQuestionsOf(Draft& draft, CitizenId citizen) {
  KSTATI_TRY_VOID(draft.Cases(citizen));  // what is read here is what the commit expects
  KSTATI_TRY(const auto records, draft.world().store->Records(citizen, kLifeQuestionRecord));
  std::vector<LifeQuestion> questions;
  for (const auto& [id, bytes] : records) {
    KSTATI_TRY(LifeQuestion question, DecodeLifeQuestion(bytes));
    questions.push_back(std::move(question));
  }
  std::ranges::sort(questions, {}, &LifeQuestion::asked_on);
  return questions;
}

Result<AskedToday> QuestionToday(Draft& draft, CitizenId citizen,
                                 const inference::InferenceModel* model) {
  KSTATI_TRY(const auto household, draft.HouseholdOf(citizen));
  AskedToday asked;
  const bool may_ask =
      model != nullptr && model->learned_from() == inference::LearnedFrom::kRecords;
  if (!may_ask) return asked;
  KSTATI_TRY(const auto questions, LifeQuestionsOf(draft, citizen));
  inference::InferenceRequest request;
  if (!questions.empty()) {
    request.asked_on = questions.back().asked_on;
    if (IsOpen(questions.back(), draft.today())) asked.question = questions.back();
  }
  if (asked.question) return asked;
  request.person = household->person.get();
  request.on = draft.today();
  KSTATI_TRY(request.consents, draft.Consents(citizen));
  const auto inferred = inference::Infer(request, *model, draft.world().program->dictionary());
  asked.is_new = inference::QuestionFor(request, inferred).has_value();
  if (asked.is_new) asked.question = LifeQuestion{draft.today(), std::nullopt};
  return asked;
}

Result<std::optional<LifeQuestion>> PutLifeQuestion(Draft& draft, CitizenId citizen,
                                                    const inference::InferenceModel* model) {
  KSTATI_TRY(const AskedToday asked, QuestionToday(draft, citizen, model));
  if (asked.is_new) KeepQuestion(draft, citizen, *asked.question);
  return asked.question;
}

Result<LifeQuestion> AnswerLifeQuestion(Draft& draft, CitizenId citizen, bool changed) {
  KSTATI_TRY_VOID(draft.HouseholdOf(citizen));
  KSTATI_TRY(const auto questions, LifeQuestionsOf(draft, citizen));
  if (questions.empty() || !IsOpen(questions.back(), draft.today())) {
    return Fail(ErrorCode::kNotFound, "no question is open", "citizen",
                "ask with lifeQuestion first");
  }
  LifeQuestion question = questions.back();
  question.changed = changed;
  KeepQuestion(draft, citizen, question);
  return question;
}

}  // namespace kstati::cases
