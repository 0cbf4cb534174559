// SPDX-License-Identifier: Apache-2.0
#include "recommender/evaluation/calibration.h"

#include <Eigen/Dense>
#include <cmath>
#include <numeric>

#include "base/check.h"
#include "recommender/hazards/logistic.h"

namespace kstati::recommender::evaluation {
namespace {

constexpr int kNewtonSteps = 50;
constexpr int kHalvingsMax = 30;
constexpr double kNewtonPrecision = 1e-10;

// Minus the log likelihood of a "yes" so probable, where the log odds are `margin`.
double LossOf(double margin, double yes) {
  const double log_of_one_plus =
      margin > 0 ? margin + std::log1p(std::exp(-margin)) : std::log1p(std::exp(margin));
  return log_of_one_plus - yes * margin;
}

}  // namespace

PlattCalibration::PlattCalibration(std::span<const double> scores,
                                   std::span<const uint8_t> happened) {
  KSTATI_CHECK(!scores.empty() && scores.size() == happened.size());
  const double yes = std::accumulate(happened.begin(), happened.end(), 0.0);
  const double no = static_cast<double>(scores.size()) - yes;
  const double target_yes = (yes + 1) / (yes + 2);
  const double target_no = 1 / (no + 2);
  const auto loss_at = [&](double slope, double offset) {
    double loss = 0;
    for (size_t i = 0; i < scores.size(); ++i) {
      loss += LossOf(slope * scores[i] + offset, happened[i] ? target_yes : target_no);
    }
    return loss;
  };
  slope_ = 0;
  offset_ = std::log((yes + 1) / (no + 1));
  double loss = loss_at(slope_, offset_);
  for (int step = 0; step < kNewtonSteps; ++step) {
    Eigen::Vector2d gradient = Eigen::Vector2d::Zero();
    Eigen::Matrix2d curvature = 1e-9 * Eigen::Matrix2d::Identity();
    for (size_t i = 0; i < scores.size(); ++i) {
      const double probability = (*this)(scores[i]);
      const Eigen::Vector2d row(scores[i], 1);
      gradient += (probability - (happened[i] ? target_yes : target_no)) * row;
      curvature += probability * (1 - probability) * row * row.transpose();
    }
    Eigen::Vector2d change = curvature.ldlt().solve(gradient);
    // Where the event is rare a whole step leads far beyond; a part of it never leads up.
    double next = loss_at(slope_ - change(0), offset_ - change(1));
    for (int halving = 0; halving < kHalvingsMax && !(next <= loss); ++halving) {
      change /= 2;
      next = loss_at(slope_ - change(0), offset_ - change(1));
    }
    slope_ -= change(0);
    offset_ -= change(1);
    loss = next;
    if (change.cwiseAbs().maxCoeff() < kNewtonPrecision) break;
  }
}

double PlattCalibration::operator()(double score) const {
  return hazards::Logistic(slope_ * score + offset_);
}

}  // namespace kstati::recommender::evaluation
