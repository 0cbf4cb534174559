// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace kstati::recommender::evaluation {

// A figure with the interval in which it lies in 95 of 100 resamplings.
struct Estimate {
  double value = 0;
  double low = 0;
  double high = 0;
};

struct BootstrapOptions {
  int resamples = 1000;
  uint64_t seed = 1;
};

// How often each of `people` was drawn in one resampling.
using Multiplicity = std::vector<uint32_t>;

// Draws people with replacement, always whole persons, and computes `figure` of each drawing
// (percentile bootstrap). The same seed gives the same interval.
Estimate Bootstrap(size_t people, const std::function<double(const Multiplicity&)>& figure,
                   const BootstrapOptions& options);

// The mean of one value a person. At least one.
Estimate BootstrapMean(std::span<const double> values, const BootstrapOptions& options);

}  // namespace kstati::recommender::evaluation
