// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace kstati::recommender::evaluation {

// A rising step function from scores to shares of what happened, by pooling adjacent violators;
// between two steps it is linear. Immutable.
class IsotonicCalibration {
 public:
  // At least one score; `happened` 0 or 1, one a score.
  IsotonicCalibration(std::span<const double> scores, std::span<const uint8_t> happened);
  double operator()(double score) const;

 private:
  std::vector<double> scores_;  // rising: mean score of a pool
  std::vector<double> shares_;
};

// 1 / (1 + exp(-(slope * score + offset))), fitted by Newton's method on the log loss with Platt's
// targets, which keep it finite where one outcome never occurs. Scores should be log odds.
class PlattCalibration {
 public:
  PlattCalibration(std::span<const double> scores, std::span<const uint8_t> happened);
  double operator()(double score) const;
  double slope() const { return slope_; }
  double offset() const { return offset_; }

 private:
  double slope_ = 1;
  double offset_ = 0;
};

}  // namespace kstati::recommender::evaluation
