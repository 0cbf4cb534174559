// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "cases/notification.h"
#include "cases/world.h"
#include "recommender/inference/inference_model.h"
#include "recommender/ranker.h"

namespace kstati::cases {

// What is known of a suggestion when it is asked what telling the person of it is worth.
struct SuggestionWorth {
  double needed = 0;                      // probability that the person takes it up
  double completes = 1;                   // and that it then comes to a result
  std::optional<int64_t> yearly = {};     // kopecks that the law states over a year
  std::optional<int64_t> days_left = {};  // to apply; absent: there is no such term
  size_t declines = 0;                    // of the service about the same person, at any time
};

// needed x completes x worth x urgency / 2^declines. Worth is 1 without a sum and grows with its
// logarithm: 2 at 9,000 roubles a year, 3 at 99,000. Urgency is 1 without a term and rises to 2 as
// its last day comes near (3/2 thirty days before it); 0 once it is over. No unit: for comparing
// alone.
double ExpectedValue(const SuggestionWorth& worth);

// What each of a person's messages that suggest a service is worth to the person, as of now. 0: of
// a service that is not in the catalogue or that the person may not have. `inference`, whose
// estimates the ranker was trained with, may be null: none are made. kNotFound without a profile.
Result<std::vector<double>> ValuesOf(const World& world, const recommender::Ranker& ranker,
                                     const recommender::inference::InferenceModel* inference,
                                     CitizenId citizen,
                                     const std::vector<Notification>& suggestions);

}  // namespace kstati::cases
