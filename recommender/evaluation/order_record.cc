// SPDX-License-Identifier: Apache-2.0
#include "recommender/evaluation/order_record.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

#include "base/check.h"

namespace kstati::recommender::evaluation {
namespace {

constexpr size_t kJudgedDepth = 5;
// Keeps the log loss of a wrong certainty finite.
constexpr double kCertaintyMin = 1e-6;

// Of a list in which something was taken up.
double NdcgOf(const std::vector<size_t>& order, const std::vector<bool>& taken) {
  const auto count = static_cast<size_t>(std::count(taken.begin(), taken.end(), true));
  double gain = 0;
  double ideal = 0;
  for (size_t rank = 0; rank < std::min(kJudgedDepth, order.size()); ++rank) {
    const double discount = 1 / std::log2(static_cast<double>(rank) + 2);
    if (taken[order[rank]]) gain += discount;
    if (rank < count) ideal += discount;
  }
  return gain / ideal;
}

}  // namespace

std::vector<size_t> OrderOf(const std::vector<double>& scores, const std::vector<bool>& fresh) {
  std::vector<size_t> order(scores.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const auto worth = [&](size_t place) {
    return std::pair<bool, double>(fresh[place], scores[place]);
  };
  std::ranges::stable_sort(order, std::greater(), worth);
  return order;
}

void OrderRecord::Add(uint32_t person, const std::vector<double>& scores,
                      const std::vector<bool>& fresh, const std::vector<bool>& taken) {
  Add(person, scores, scores, fresh, taken);
}

void OrderRecord::Add(uint32_t person, const std::vector<double>& places,
                      const std::vector<double>& probabilities, const std::vector<bool>& fresh,
                      const std::vector<bool>& taken) {
  const size_t shown = places.size();
  KSTATI_CHECK(shown > 0 && probabilities.size() == shown && taken.size() == shown &&
               fresh.size() == shown);
  if (person >= people_.size()) people_.resize(person + 1);
  Sums& sums = people_[person];
  for (size_t i = 0; i < shown; ++i) {
    forecasts_.probability.push_back(probabilities[i]);
    forecasts_.happened.push_back(taken[i] ? 1 : 0);
    forecasts_.person.push_back(person);
    const double score = std::clamp(probabilities[i], kCertaintyMin, 1 - kCertaintyMin);
    sums.loss -= std::log(taken[i] ? score : 1 - score);
    sums.rows += 1;
  }
  if (std::find(taken.begin(), taken.end(), true) == taken.end()) return;
  const std::vector<size_t> order = OrderOf(places, fresh);
  sums.ndcg += NdcgOf(order, taken);
  sums.hits += taken[order.front()] ? 1 : 0;
  sums.lists += 1;
}

size_t OrderRecord::lists() const {
  double lists = 0;
  for (const Sums& sums : people_) lists += sums.lists;
  return static_cast<size_t>(lists);
}

std::vector<double> OrderRecord::Means(double Sums::* sum) const {
  std::vector<double> means;
  for (const Sums& sums : people_) {
    if (sums.lists > 0) means.push_back(sums.*sum / sums.lists);
  }
  return means;
}

double OrderRecord::LossOf(const Multiplicity& times) const {
  double loss = 0;
  double rows = 0;
  for (size_t i = 0; i < people_.size(); ++i) {
    loss += times[i] * people_[i].loss;
    rows += times[i] * people_[i].rows;
  }
  return loss / rows;
}

RankingQuality OrderRecord::Judge(const BootstrapOptions& bootstrap) const {
  RankingQuality quality;
  quality.ndcg_at_5 = BootstrapMean(Means(&Sums::ndcg), bootstrap);
  quality.hit_rate_at_1 = BootstrapMean(Means(&Sums::hits), bootstrap);
  quality.log_loss = Bootstrap(
      people_.size(), [this](const Multiplicity& times) { return LossOf(times); }, bootstrap);
  quality.calibration_error = CalibrationError(forecasts_);
  quality.reliability = Reliability(forecasts_);
  return quality;
}

RankingGain GainOver(const OrderRecord& base, const OrderRecord& other,
                     const BootstrapOptions& bootstrap) {
  KSTATI_CHECK(base.people() == other.people() && base.lists() == other.lists());
  const auto gain_of = [&](double OrderRecord::Sums::* sum) {
    std::vector<double> gains = other.Means(sum);
    const std::vector<double> bases = base.Means(sum);
    for (size_t i = 0; i < gains.size(); ++i) gains[i] -= bases[i];
    return BootstrapMean(gains, bootstrap);
  };
  RankingGain gain;
  gain.ndcg_at_5 = gain_of(&OrderRecord::Sums::ndcg);
  gain.hit_rate_at_1 = gain_of(&OrderRecord::Sums::hits);
  gain.log_loss = Bootstrap(
      base.people(),
      [&](const Multiplicity& times) { return other.LossOf(times) - base.LossOf(times); },
      bootstrap);
  return gain;
}

}  // namespace kstati::recommender::evaluation
