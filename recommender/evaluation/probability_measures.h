// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kstati::recommender::evaluation {

// Forecasts of a yes-or-no event: one row a forecast. `person` is an index from 0 without gaps;
// whoever has several rows is drawn as a whole where intervals are made.
struct Forecasts {
  std::vector<double> probability;
  std::vector<uint8_t> happened;  // 0 or 1
  std::vector<uint32_t> person;
};

// Probability that a forecast of what happened is above one of what did not; ties count half.
// `weights`, one a row, may be empty (all 1). NaN unless both outcomes occur.
double Auc(const Forecasts& forecasts, std::span<const double> weights = {});
// The same where many weightings are asked for: `order` is that of ByProbability.
double Auc(const Forecasts& forecasts, std::span<const size_t> order,
           std::span<const double> weights);
// The rows by ascending probability.
std::vector<size_t> ByProbability(const Forecasts& forecasts);

// Mean of -log(probability given to what happened), in nats; probabilities are kept away from 0 and
// 1 by 1e-6.
double LogLoss(const Forecasts& forecasts, std::span<const double> weights = {});

// One of the bins of equal mass, by ascending probability.
struct ReliabilityBin {
  size_t rows = 0;
  double forecast = 0;  // mean
  double happened = 0;  // share; where equal forecasts lie in several bins, theirs is the same
};
inline constexpr size_t kReliabilityBins = 10;

std::vector<ReliabilityBin> Reliability(const Forecasts& forecasts, size_t bins = kReliabilityBins);
// Expected calibration error: |forecast - happened| of the bins, weighted by their rows.
double CalibrationError(const Forecasts& forecasts, size_t bins = kReliabilityBins);

}  // namespace kstati::recommender::evaluation
