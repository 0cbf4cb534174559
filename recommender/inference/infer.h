// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "profile/consent.h"
#include "profile/dictionary.h"
#include "profile/fact.h"
#include "recommender/background.h"
#include "recommender/inference/inference_model.h"
#include "recommender/inference/inferred_event.h"

namespace kstati::recommender::inference {

struct InferenceRequest {
  const profile::FactView* person = nullptr;
  std::vector<profile::Consent> consents;  // the person's
  Date on;
  std::optional<Date> asked_on;  // the last question, whatever came of it
  double ask_from = kAskFrom;    // calibrated probability

  static constexpr double kAskFrom = 0.3;
};
inline constexpr int64_t kQuietDays = 180;  // between two questions

// Whether the person lets the state estimate the kind. What is not sensitive needs no consent. A
// sensitive kind needs one of the person's own for the purpose kInferEvents that names the kind's
// situation: one that names none does not reach it. It must cover all categories that are read.
bool MayInfer(EventKind kind, const InferenceRequest& request,
              const profile::Dictionary& dictionary);

// What may have happened to the person, one for each kind that the model knows, that may be
// inferred and that the person is at risk of. What may not be inferred is not computed. The zone is
// kQuestion from `ask_from` on. A function of the person's own facts, relations and consents.
std::vector<InferredEvent> Infer(const InferenceRequest& request, const InferenceModel& model,
                                 const profile::Dictionary& dictionary);

// As features of an order: NaN for what is not known or cannot have happened, and for every
// sensitive kind, since the consent to estimate it is for the question alone.
EventEstimates EstimatesOf(const profile::FactView& person, Date on, const InferenceModel& model);

// The key of a text in the message catalogue.
struct Question {
  std::string_view message;
};

// What to ask the person, if anything: nothing where all is silent, nor within kQuietDays of the
// last question. One text for all kinds, so that it tells nothing of which it was: neither the
// person, who may not want to read it, nor whoever looks over the shoulder.
std::optional<Question> QuestionFor(const InferenceRequest& request,
                                    const std::vector<InferredEvent>& inferred);
inline constexpr std::string_view kQuestionMessage = "inference.question";

}  // namespace kstati::recommender::inference
