// SPDX-License-Identifier: Apache-2.0
#include "recommender/evaluation/shown_list.h"

namespace kstati::recommender::evaluation {

ShownList ListOf(const Interaction& interaction, const graph::Catalogue& catalogue) {
  ShownList list;
  for (const Interaction::Shown& each : interaction.shown) {
    const graph::Service* service = catalogue.FindService(each.service);
    if (service == nullptr) continue;
    list.candidates.push_back(
        {service, each.about, each.verdict, each.situation, each.situation_since});
    list.taken.push_back(each.taken);
    list.fresh.push_back(IsFresh(each.situation_since, interaction.on));
  }
  return list;
}

}  // namespace kstati::recommender::evaluation
