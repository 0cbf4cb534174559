// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "base/result.h"
#include "recommender/evaluation/off_policy.h"
#include "recommender/exposure.h"
#include "recommender/stored_models.h"

namespace kstati::recommender::evaluation {

// One score per offer of an exposure, from whatever order is judged; a higher one comes first. An
// empty answer leaves the exposure out (the citizen has no profile any more).
using ScoreOffers = std::function<Result<std::vector<double>>(const Exposure&)>;

// The explored places of what was shown, as choices: the old policy drew evenly among what was
// left, the judged one would have shown its best of that. What is expected of an offer is the score
// that the old order gave it.
Result<std::vector<LoggedChoice>> ChoicesOf(const std::vector<ExposureOutcome>& outcomes,
                                            const ScoreOffers& score);

// What was shown to people whom the model may be judged on. Of others it has learned what they took
// up, and would be judged by its own labels.
std::vector<ExposureOutcome> OfUnseen(const StoredModel& model,
                                      std::vector<ExposureOutcome> outcomes);

// Whether the log can be trusted before anything is compared by it. Intervals hold 99.5 of 100
// resamplings, a thousand at least: of a hundred sound logs one may be refused.
struct SameAgainstSame {
  size_t people = 0;
  // Outcomes per shown offer of one half of the people minus that of the other half; halves by a
  // digest of the citizen. An interval without 0 says that halves differ though nothing was done.
  Estimate halves;
  // The drawing policy judged by itself: IPS minus what was logged, exactly 0 when propensities are
  // those of an even drawing.
  double drawing_error = 0;
  size_t drawings = 0;  // explored places
  // Mean place drawn over places left, explored places alone: 0.5 when the drawing was even.
  Estimate drawn_place;
};

// kInvalidArgument when there are fewer than two people in either half.
Result<SameAgainstSame> CheckSameAgainstSame(const std::vector<ExposureOutcome>& outcomes,
                                             const BootstrapOptions& options);

// kUnsupported, with what is wrong, when halves differ, propensities are not those of an even
// drawing or places were not drawn evenly: whatever was estimated by such a log would be wrong as
// well.
Result<void> RequireSound(const SameAgainstSame& same);

// How the shadow model would have ordered what was shown: over exposures at which it looked on.
struct ShadowReport {
  size_t exposures = 0;
  double same_first = 0;    // share with the same first offer among all offers
  double overlap_at_5 = 0;  // mean share of the best five that both have
  double log_loss = 0;      // of the model that ordered, over shown offers
  double shadow_log_loss = 0;
};
ShadowReport ReportOnShadow(const std::vector<ExposureOutcome>& outcomes);

}  // namespace kstati::recommender::evaluation
