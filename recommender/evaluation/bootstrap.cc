// SPDX-License-Identifier: Apache-2.0
#include "recommender/evaluation/bootstrap.h"

#include "recommender/evaluation/drawings.h"

namespace kstati::recommender::evaluation {
namespace {

constexpr double kTail = 0.025;

}  // namespace

Estimate Bootstrap(size_t people, const std::function<double(const Multiplicity&)>& figure,
                   const BootstrapOptions& options) {
  return EstimateOf(Draw(people, figure, options), kTail);
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
