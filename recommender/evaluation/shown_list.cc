// SPDX-License-Identifier: Apache-2.0
#include "recommender/evaluation/shown_list.h"

#include <algorithm>
#include <numeric>

namespace kstati::recommender::evaluation {

ShownList ListOf(const Interaction& interaction, const graph::Catalogue& catalogue) {
  ShownList list;
  for (const Interaction::Shown& each : interaction.shown) {
    const graph::Service* service = catalogue.FindService(each.service);
    if (service == nullptr) continue;
    list.candidates.push_back(
        {service, each.about, each.verdict, each.situation, each.situation_since});
    list.taken.push_back(each.taken);
  }
  return list;
}

std::vector<size_t> OrderOf(const std::vector<double>& scores) {
  std::vector<size_t> order(scores.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return scores[a] > scores[b]; });
  return order;
}

}  // namespace kstati::recommender::evaluation
