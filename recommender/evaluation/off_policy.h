// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "recommender/evaluation/bootstrap.h"

namespace kstati::recommender::evaluation {

// One place of a list as it was shown: how probable the old policy made what was shown there, how
// probable the new one would have made it, what came of it, and what a model expects.
struct LoggedChoice {
  uint32_t person = 0;        // an index from 0 without gaps
  double propensity = 0;      // of the shown item under the policy that showed it, in (0, 1]
  double new_propensity = 0;  // of the same item under the policy that is judged, in [0, 1]
  double outcome = 0;         // 1 when it was taken up
  double expected = 0;        // outcome of the shown item by the model
  double new_expected = 0;    // mean over the new policy's choice of the outcome by the model
};

// What the new policy would have earned per choice, judged before it is switched on. Intervals are
// over people. All three are right when the propensities are; the doubly robust one also when only
// the model is, and varies less where it is good.
struct OffPolicyEstimates {
  Estimate logged;               // what the old policy earned
  Estimate inverse;              // IPS: outcomes weighted by new over old propensity
  Estimate self_normalised;      // SNIPS: the same over the sum of the weights
  Estimate doubly_robust;        // DR: the model, corrected by the weighted error on what was shown
  double effective_choices = 0;  // (sum of weights)^2 / sum of their squares
};

// kInvalidArgument when there is no choice, a propensity is outside its range, or the weights are
// all zero: then nothing that the new policy would show was ever shown.
Result<OffPolicyEstimates> EstimateOffPolicy(const std::vector<LoggedChoice>& choices,
                                             const BootstrapOptions& options);

}  // namespace kstati::recommender::evaluation
