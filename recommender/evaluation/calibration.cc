// SPDX-License-Identifier: Apache-2.0
#include "recommender/evaluation/calibration.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/check.h"

namespace kstati::recommender::evaluation {
namespace {

struct Pool {
  double weight = 0;
  double score = 0;  // sums
  double happened = 0;

  double Share() const { return happened / weight; }
};

constexpr int kNewtonSteps = 50;
constexpr double kNewtonPrecision = 1e-10;

double Logistic(double margin) { return 1 / (1 + std::exp(-margin)); }

}  // namespace

IsotonicCalibration::IsotonicCalibration(std::span<const double> scores,
                                         std::span<const uint8_t> happened) {
  KSTATI_CHECK(!scores.empty() && scores.size() == happened.size());
  std::vector<size_t> order(scores.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return scores[a] < scores[b]; });
  std::vector<Pool> pools;
  for (size_t i = 0; i < order.size();) {
    Pool pool;  // equal scores have one share
    const double score = scores[order[i]];
    for (; i < order.size() && scores[order[i]] == score; ++i) {
      pool.weight += 1;
      pool.score += score;
      pool.happened += happened[order[i]];
    }
    while (!pools.empty() && pools.back().Share() >= pool.Share()) {
      pool.weight += pools.back().weight;
      pool.score += pools.back().score;
      pool.happened += pools.back().happened;
      pools.pop_back();
    }
    pools.push_back(pool);
  }
  for (const Pool& pool : pools) {
    scores_.push_back(pool.score / pool.weight);
    shares_.push_back(pool.Share());
  }
}

double IsotonicCalibration::operator()(double score) const {
  const auto above = std::upper_bound(scores_.begin(), scores_.end(), score);
  if (above == scores_.begin()) return shares_.front();
  if (above == scores_.end()) return shares_.back();
  const auto i = static_cast<size_t>(above - scores_.begin());
  const double part = (score - scores_[i - 1]) / (scores_[i] - scores_[i - 1]);
  return shares_[i - 1] + part * (shares_[i] - shares_[i - 1]);
}

PlattCalibration::PlattCalibration(std::span<const double> scores,
                                   std::span<const uint8_t> happened) {
  KSTATI_CHECK(!scores.empty() && scores.size() == happened.size());
  const double yes = std::accumulate(happened.begin(), happened.end(), 0.0);
  const double no = static_cast<double>(scores.size()) - yes;
  const double target_yes = (yes + 1) / (yes + 2);
  const double target_no = 1 / (no + 2);
  slope_ = 0;
  offset_ = std::log((yes + 1) / (no + 1));
  for (int step = 0; step < kNewtonSteps; ++step) {
    Eigen::Vector2d gradient = Eigen::Vector2d::Zero();
    Eigen::Matrix2d curvature = 1e-9 * Eigen::Matrix2d::Identity();
    for (size_t i = 0; i < scores.size(); ++i) {
      const double probability = (*this)(scores[i]);
      const Eigen::Vector2d row(scores[i], 1);
      gradient += (probability - (happened[i] ? target_yes : target_no)) * row;
      curvature += probability * (1 - probability) * row * row.transpose();
    }
    const Eigen::Vector2d change = curvature.ldlt().solve(gradient);
    slope_ -= change(0);
    offset_ -= change(1);
    if (change.cwiseAbs().maxCoeff() < kNewtonPrecision) break;
  }
}

double PlattCalibration::operator()(double score) const {
  return Logistic(slope_ * score + offset_);
}

}  // namespace kstati::recommender::evaluation
