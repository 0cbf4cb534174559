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

std::vector<InferredEvent> Infer(const InferenceRequest& request, const InferenceModel& model,
                                 const profile::Dictionary& dictionary) {
  KSTATI_CHECK(request.person != nullptr);
  const profile::FactView& person = *request.person;
  std::vector<InferredEvent> inferred;
  for (const EventKind kind : kEventKinds) {
    const KindModel* by = model.Find(kind);
    if (by == nullptr || !MayInfer(kind, request, dictionary)) continue;
    if (!IsAtRisk(kind, person, request.on)) continue;
    const double probability = by->Probability(RowOf(kind, person, request.on));
    const Zone zone = probability >= request.ask_from ? Zone::kQuestion : Zone::kSilent;
    inferred.emplace_back(kind, person.citizen(), request.on, probability, zone);
  }
  return inferred;
}

EventEstimates EstimatesOf(const InferenceRequest& request, const InferenceModel& model,
                           const profile::Dictionary& dictionary) {
  EventEstimates estimates;
  for (const InferredEvent& event : Infer(request, model, dictionary)) {
    estimates.of[static_cast<size_t>(event.kind())] = static_cast<float>(event.probability());
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
