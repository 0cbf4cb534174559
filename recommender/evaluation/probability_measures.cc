// SPDX-License-Identifier: Apache-2.0
#include "recommender/evaluation/probability_measures.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/check.h"

namespace kstati::recommender::evaluation {
namespace {

constexpr double kProbabilityMin = 1e-6;

double WeightOf(std::span<const double> weights, size_t row) {
  return weights.empty() ? 1 : weights[row];
}

// Of the rows in this order, the share that happened of all with the same forecast, so that bins do
// not depend on the order of rows whose forecasts are equal.
std::vector<double> HappenedOfEqual(const Forecasts& forecasts, std::span<const size_t> order) {
  std::vector<double> shares;
  while (shares.size() < order.size()) {
    const size_t first = shares.size();
    size_t last = first;
    double happened = 0;
    const double probability = forecasts.probability[order[first]];
    for (; last < order.size() && forecasts.probability[order[last]] == probability; ++last) {
      happened += forecasts.happened[order[last]];
    }
    shares.resize(last, happened / static_cast<double>(last - first));
  }
  return shares;
}

}  // namespace

std::vector<size_t> ByProbability(const Forecasts& forecasts) {
  std::vector<size_t> order(forecasts.probability.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return forecasts.probability[a] < forecasts.probability[b];
  });
  return order;
}

double Auc(const Forecasts& forecasts, std::span<const double> weights) {
  return Auc(forecasts, ByProbability(forecasts), weights);
}

double Auc(const Forecasts& forecasts, std::span<const size_t> order,
           std::span<const double> weights) {
  double pairs = 0;
  double below = 0;  // weight of what did not happen, at lower probabilities
  double happened_sum = 0;
  for (size_t i = 0; i < order.size();) {
    double happened = 0;
    double others = 0;
    const double probability = forecasts.probability[order[i]];
    for (; i < order.size() && forecasts.probability[order[i]] == probability; ++i) {
      (forecasts.happened[order[i]] ? happened : others) += WeightOf(weights, order[i]);
    }
    pairs += happened * (below + others / 2);
    below += others;
    happened_sum += happened;
  }
  return pairs / (happened_sum * below);
}

double LogLoss(const Forecasts& forecasts, std::span<const double> weights) {
  KSTATI_CHECK(!forecasts.probability.empty());
  double sum = 0;
  double weight_sum = 0;
  for (size_t row = 0; row < forecasts.probability.size(); ++row) {
    const double kept =
        std::clamp(forecasts.probability[row], kProbabilityMin, 1 - kProbabilityMin);
    const double weight = WeightOf(weights, row);
    sum -= weight * std::log(forecasts.happened[row] ? kept : 1 - kept);
    weight_sum += weight;
  }
  return sum / weight_sum;
}

std::vector<ReliabilityBin> Reliability(const Forecasts& forecasts, size_t bins) {
  KSTATI_CHECK(bins > 0);
  const std::vector<size_t> order = ByProbability(forecasts);
  const std::vector<double> happened = HappenedOfEqual(forecasts, order);
  std::vector<ReliabilityBin> curve;
  for (size_t bin = 0; bin < bins; ++bin) {
    const size_t from = order.size() * bin / bins;
    const size_t to = order.size() * (bin + 1) / bins;
    if (from == to) continue;
    ReliabilityBin filled{to - from, 0, 0};
    for (size_t i = from; i < to; ++i) {
      filled.forecast += forecasts.probability[order[i]];
      filled.happened += happened[i];
    }
    filled.forecast /= static_cast<double>(filled.rows);
    filled.happened /= static_cast<double>(filled.rows);
    curve.push_back(filled);
  }
  return curve;
}

double CalibrationError(const Forecasts& forecasts, size_t bins) {
  double sum = 0;
  for (const ReliabilityBin& bin : Reliability(forecasts, bins)) {
    sum += static_cast<double>(bin.rows) * std::abs(bin.forecast - bin.happened);
  }
  return sum / static_cast<double>(forecasts.probability.size());
}

}  // namespace kstati::recommender::evaluation
