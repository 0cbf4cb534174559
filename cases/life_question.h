// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "cases/draft.h"
#include "recommender/inference/inference_model.h"

namespace kstati::cases {

// A question to a person whether something has changed that no registry told of. What is kept is
// that it was asked and how it was answered, never what was guessed; nothing else follows from
// either.
struct LifeQuestion {
  Date asked_on;
  std::optional<bool> changed;  // the answer

  bool operator==(const LifeQuestion&) const = default;
};

inline constexpr std::string_view kLifeQuestionRecord = "life_question";
inline constexpr int64_t kLifeQuestionOpenDays = 30;

std::string Encode(const LifeQuestion& question);
Result<LifeQuestion> DecodeLifeQuestion(std::string_view bytes);

// All that were put to the person, oldest first.
Result<std::vector<LifeQuestion>> LifeQuestionsOf(Draft& draft, CitizenId citizen);

// What there is to ask the person today.
struct AskedToday {
  std::optional<LifeQuestion> question;  // absent: nothing
  bool is_new = false;                   // it was not put yet
};

// As recommender::inference::QuestionFor says; one that was put and not answered stands for
// kLifeQuestionOpenDays. Nothing by a model of made-up lives. kNotFound without a profile.
Result<AskedToday> QuestionToday(Draft& draft, CitizenId citizen,
                                 const recommender::inference::InferenceModel* model);

// The same, and keeps that it is put.
Result<std::optional<LifeQuestion>> PutLifeQuestion(
    Draft& draft, CitizenId citizen, const recommender::inference::InferenceModel* model);

// kNotFound when none is open.
Result<LifeQuestion> AnswerLifeQuestion(Draft& draft, CitizenId citizen, bool changed);

}  // namespace kstati::cases
