// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "recommender/evaluation/bootstrap.h"

namespace kstati::recommender::evaluation {

// A figure, and what it is in each resampling where it is finite, in ascending order.
struct Drawings {
  double value = 0;
  std::vector<double> drawn;
};

// Draws people with replacement, always whole persons, and computes `figure` of each drawing. The
// same seed gives the same drawings.
Drawings Draw(size_t people, const std::function<double(const Multiplicity&)>& figure,
              const BootstrapOptions& options);
// The interval beyond which so large a share of the resamplings lies on either side (percentile
// bootstrap).
Estimate EstimateOf(const Drawings& drawings, double tail);
// How often chance would give a figure as far from zero on its side or the other: twice the share
// of resamplings on the other side of zero, at least two of all.
double ChanceOfZero(const Drawings& drawings);

}  // namespace kstati::recommender::evaluation
