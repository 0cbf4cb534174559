// SPDX-License-Identifier: Apache-2.0
#include "recommender/evaluation/bootstrap.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "recommender/internal/digest.h"

namespace kstati::recommender::evaluation {
namespace {

constexpr double kTail = 0.025;

double At(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  return sorted[static_cast<size_t>(std::lround(place))];
}

}  // namespace

Estimate Bootstrap(size_t people, const std::function<double(const Multiplicity&)>& figure,
                   const BootstrapOptions& options) {
  KSTATI_CHECK(people > 0 && options.resamples > 0);
  Estimate estimate;
  estimate.value = figure(Multiplicity(people, 1));
  std::vector<double> drawn;
  uint64_t state = internal::Spread(options.seed);
  for (int i = 0; i < options.resamples; ++i) {
    Multiplicity times(people, 0);
    for (size_t k = 0; k < people; ++k) ++times[internal::Spread(state++) % people];
    const double value = figure(times);
    if (std::isfinite(value)) drawn.push_back(value);
  }
  std::sort(drawn.begin(), drawn.end());
  if (drawn.empty()) drawn.push_back(estimate.value);
  estimate.low = At(drawn, kTail);
  estimate.high = At(drawn, 1 - kTail);
  return estimate;
}

Estimate BootstrapMean(std::span<const double> values, const BootstrapOptions& options) {
  const auto mean = [values](const Multiplicity& times) {
    double sum = 0;
    for (size_t i = 0; i < values.size(); ++i) sum += times[i] * values[i];
    return sum / static_cast<double>(values.size());
  };
  return Bootstrap(values.size(), mean, options);
}

}  // namespace kstati::recommender::evaluation
