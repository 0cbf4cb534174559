// SPDX-License-Identifier: Apache-2.0
#include "recommender/evaluation/drawings.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "recommender/internal/digest.h"

namespace kstati::recommender::evaluation {
namespace {

double At(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  return sorted[static_cast<size_t>(std::lround(place))];
}

}  // namespace

Drawings Draw(size_t people, const std::function<double(const Multiplicity&)>& figure,
              const BootstrapOptions& options) {
  KSTATI_CHECK(people > 0 && options.resamples > 0);
  Drawings drawings;
  drawings.value = figure(Multiplicity(people, 1));
  uint64_t state = internal::Spread(options.seed);
  for (int i = 0; i < options.resamples; ++i) {
    Multiplicity times(people, 0);
    for (size_t k = 0; k < people; ++k) ++times[internal::Spread(state++) % people];
    const double value = figure(times);
    if (std::isfinite(value)) drawings.drawn.push_back(value);
  }
  std::sort(drawings.drawn.begin(), drawings.drawn.end());
  if (drawings.drawn.empty()) drawings.drawn.push_back(drawings.value);
  return drawings;
}

Estimate EstimateOf(const Drawings& drawings, double tail) {
  return {drawings.value, At(drawings.drawn, tail), At(drawings.drawn, 1 - tail)};
}

double ChanceOfZero(const Drawings& drawings) {
  const auto low = std::ranges::count_if(drawings.drawn, [](double drawn) { return drawn <= 0; });
  const auto high = std::ranges::count_if(drawings.drawn, [](double drawn) { return drawn >= 0; });
  const auto all = static_cast<double>(drawings.drawn.size());
  return std::min(1.0, 2 * (static_cast<double>(std::min(low, high)) + 1) / (all + 1));
}

}  // namespace kstati::recommender::evaluation
