// SPDX-License-Identifier: Apache-2.0
#include "recommender/evaluation/off_policy.h"

#include <algorithm>
#include <cmath>

namespace kstati::recommender::evaluation {
namespace {

double WeightOf(const LoggedChoice& choice) { return choice.new_propensity / choice.propensity; }

bool IsSound(const LoggedChoice& choice) {
  return choice.propensity > 0 && choice.propensity <= 1 && choice.new_propensity >= 0 &&
         choice.new_propensity <= 1 && std::isfinite(choice.outcome) &&
         std::isfinite(choice.expected) && std::isfinite(choice.new_expected);
}

// Sum of `value` over sum of `weight`, both of the choices of drawn people.
template <class Value, class Weight>
Estimate RatioOf(const std::vector<LoggedChoice>& choices, size_t people,
                 const BootstrapOptions& options, const Value& value, const Weight& weight) {
  const auto ratio = [&](const Multiplicity& times) {
    double values = 0;
    double weights = 0;
    for (const LoggedChoice& choice : choices) {
      values += times[choice.person] * value(choice);
      weights += times[choice.person] * weight(choice);
    }
    return values / weights;
  };
  return Bootstrap(people, ratio, options);
}

}  // namespace

Result<OffPolicyEstimates> EstimateOffPolicy(const std::vector<LoggedChoice>& choices,
                                             const BootstrapOptions& options) {
  double sum = 0;
  double squares = 0;
  size_t people = 0;
  for (const LoggedChoice& choice : choices) {
    if (!IsSound(choice)) {
      return Fail(ErrorCode::kInvalidArgument, "a logged choice has no sound propensity",
                  "propensity", "log the probability with which each item was shown, above 0");
    }
    sum += WeightOf(choice);
    squares += WeightOf(choice) * WeightOf(choice);
    people = std::max<size_t>(people, choice.person + 1);
  }
  if (!(sum > 0)) {
    return Fail(ErrorCode::kInvalidArgument, "nothing that the new policy shows was ever shown",
                "choices", "let the old policy explore, and log its propensities");
  }
  const auto one = [](const LoggedChoice&) { return 1.0; };
  const auto weighted = [](const LoggedChoice& choice) {
    return WeightOf(choice) * choice.outcome;
  };
  OffPolicyEstimates estimates;
  estimates.logged = RatioOf(
      choices, people, options, [](const LoggedChoice& choice) { return choice.outcome; }, one);
  estimates.inverse = RatioOf(choices, people, options, weighted, one);
  estimates.self_normalised = RatioOf(choices, people, options, weighted, WeightOf);
  estimates.doubly_robust = RatioOf(
      choices, people, options,
      [](const LoggedChoice& choice) {
        return choice.new_expected + WeightOf(choice) * (choice.outcome - choice.expected);
      },
      one);
  estimates.effective_choices = sum * sum / squares;
  return estimates;
}

}  // namespace kstati::recommender::evaluation
