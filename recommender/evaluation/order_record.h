// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "recommender/evaluation/bootstrap.h"
#include "recommender/evaluation/probability_measures.h"

namespace kstati::recommender::evaluation {

// Places in the order in which they are shown: what is fresh, then by score, best first; equal ones
// keep their order.
std::vector<size_t> OrderOf(const std::vector<double>& scores, const std::vector<bool>& fresh);

// How well an order puts what people took up at the top, and whether its scores come true, on
// people whom it has not seen.
struct RankingQuality {
  Estimate ndcg_at_5;      // of lists in which something was taken up, mean over people
  Estimate hit_rate_at_1;  // likewise
  Estimate log_loss;       // of everything shown
  double calibration_error = 0;
  std::vector<ReliabilityBin> reliability;
};

// One order's quality minus another's, person by person on the same people.
struct RankingGain {
  Estimate ndcg_at_5;
  Estimate hit_rate_at_1;
  Estimate log_loss;  // below zero: the one that gains is better
};

// What an order made of lists that were shown, person by person.
class OrderRecord {
 public:
  // `person` is an index from 0 without gaps. One score and one flag of each kind for each of what
  // was shown, at least one.
  void Add(uint32_t person, const std::vector<double>& scores, const std::vector<bool>& fresh,
           const std::vector<bool>& taken);
  // Where places follow from something else than the probabilities that are said.
  void Add(uint32_t person, const std::vector<double>& places,
           const std::vector<double>& probabilities, const std::vector<bool>& fresh,
           const std::vector<bool>& taken);

  size_t people() const { return people_.size(); }
  size_t lists() const;  // in which something was taken up
  // Something must have been taken up.
  RankingQuality Judge(const BootstrapOptions& bootstrap) const;

 private:
  friend RankingGain GainOver(const OrderRecord& base, const OrderRecord& other,
                              const BootstrapOptions& bootstrap);
  struct Sums {
    double ndcg = 0;
    double hits = 0;
    double lists = 0;
    double loss = 0;
    double rows = 0;
  };

  std::vector<double> Means(double Sums::* sum) const;
  double LossOf(const Multiplicity& times) const;

  std::vector<Sums> people_;
  Forecasts forecasts_;
};

// Of `other` over `base`, to both of which the same lists were added.
RankingGain GainOver(const OrderRecord& base, const OrderRecord& other,
                     const BootstrapOptions& bootstrap);

}  // namespace kstati::recommender::evaluation
