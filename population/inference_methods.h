// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "recommender/inference/inference_table.h"
#include "recommender/inference/inferred_event.h"

namespace kstati::population {

// How a hazard is estimated, everything else being the same. The first two read what the person is
// and fresh signals, the others age and state alone.
enum class Method {
  kServed,   // a logistic regression: the model that serves
  kTrees,    // boosted trees
  kSplines,  // a logistic regression on natural splines of age
  kMarkov,   // a Markov chain of age and state
};
inline constexpr std::array kComparedMethods{Method::kTrees, Method::kSplines, Method::kMarkov};

std::string_view NameOf(Method method);  // "logistic", "trees", "splines", "markov"

// The probability of each row of `asked` by one of kComparedMethods, fitted on `training` and
// calibrated by Platt's method on `calibration`. Sizes of trees, and bands and shrinkage of the
// Markov chain, are chosen by log loss on halves of the training people, trees where both outcomes
// occur in each. One that orders the people it is calibrated on no better than chance gives
// everybody their share: turned round, its order would be one of noise. All three tables need rows,
// the first two of both outcomes.
Result<std::vector<double>> ForecastBy(Method method, recommender::inference::EventKind kind,
                                       const recommender::inference::InferenceTable& training,
                                       const recommender::inference::InferenceTable& calibration,
                                       const recommender::inference::InferenceTable& asked);

}  // namespace kstati::population
