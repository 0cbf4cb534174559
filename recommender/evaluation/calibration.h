// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace kstati::recommender::evaluation {

// 1 / (1 + exp(-(slope * score + offset))), fitted by Newton's method on the log loss with Platt's
// targets, which keep it finite where one outcome never occurs. Scores should be log odds.
class PlattCalibration {
 public:
  PlattCalibration(std::span<const double> scores, std::span<const uint8_t> happened);
  // As one that was fitted before.
  PlattCalibration(double slope, double offset) : slope_(slope), offset_(offset) {}

  double operator()(double score) const;
  double slope() const { return slope_; }
  double offset() const { return offset_; }

 private:
  double slope_ = 1;
  double offset_ = 0;
};

}  // namespace kstati::recommender::evaluation
