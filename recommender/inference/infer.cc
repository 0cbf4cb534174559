// SPDX-License-Identifier: Apache-2.0
#include "recommender/inference/infer.h"

#include <algorithm>

#include "base/check.h"

namespace kstati::recommender::inference {

bool MayInfer(EventKind kind, const InferenceRequest& request,
              const profile::Dictionary& dictionary) {
  if (!IsSensitive(kind)) return true;
  profile::Processing estimate;
  estimate.purpose = profile::Purpose::kInferEvents;
  estimate.situation = SituationOf(kind);
  estimate.categories = CategoriesOf(kind, dictionary);
  estimate.mode = profile::ConsentMode::kPrepare;
  estimate.on = request.on;
  return std::ranges::any_of(request.consents, [&](const profile::Consent& consent) {
    return consent.latest().scope.situation == estimate.situation &&
           consent.granting().by.capacity == profile::Capacity::kSelf &&
           profile::Allows(consent, estimate);
  });
}

namespace {

// nullopt where the model does not know the kind or it cannot have happened.
std::optional<double> ProbabilityOf(EventKind kind, const profile::FactView& person, Date on,
                                    const InferenceModel& model) {
  const KindModel* by = model.Find(kind);
  if (by == nullptr || !IsAtRisk(kind, person, on)) return std::nullopt;
  return by->Probability(RowOf(kind, person, on));
}

}  // namespace

std::vector<InferredEvent> Infer(const InferenceRequest& request, const InferenceModel& model,
                                 const profile::Dictionary& dictionary) {
  KSTATI_CHECK(request.person != nullptr);
  const profile::FactView& person = *request.person;
  std::vector<InferredEvent> inferred;
  for (const EventKind kind : kEventKinds) {
    if (!MayInfer(kind, request, dictionary)) continue;
    const auto probability = ProbabilityOf(kind, person, request.on, model);
    if (!probability) continue;
    const Zone zone = *probability >= request.ask_from ? Zone::kQuestion : Zone::kSilent;
    inferred.emplace_back(kind, person.citizen(), request.on, *probability, zone);
  }
  return inferred;
}

EventEstimates EstimatesOf(const profile::FactView& person, Date on, const InferenceModel& model) {
  EventEstimates estimates;
  for (const EventKind kind : kEventKinds) {
    if (IsSensitive(kind)) continue;
    const auto probability = ProbabilityOf(kind, person, on, model);
    if (probability) estimates.of[static_cast<size_t>(kind)] = static_cast<float>(*probability);
  }
  return estimates;
}

std::optional<Question> QuestionFor(const InferenceRequest& request,
                                    const std::vector<InferredEvent>& inferred) {
  const bool is_quiet = request.asked_on && request.on < request.asked_on->AddDays(kQuietDays);
  const bool asks = std::ranges::any_of(
      inferred, [](const InferredEvent& event) { return event.zone() == Zone::kQuestion; });
  if (is_quiet || !asks) return std::nullopt;
  return Question{kQuestionMessage};
}

}  // namespace kstati::recommender::inference
