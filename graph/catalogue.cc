// SPDX-License-Identifier: Apache-2.0
#include "graph/catalogue.h"

#include <algorithm>

namespace kstati::graph {
namespace {

// `items` are ordered by id.
template <class Item, class Id>
const Item* FindById(const std::vector<Item>& items, const Id& id) {
  const auto found =
      std::lower_bound(items.begin(), items.end(), id,
                       [](const Item& item, const Id& key) { return item.id < key; });
  return found != items.end() && found->id == id ? &*found : nullptr;
}

}  // namespace

const Service* Catalogue::FindService(const ServiceId& id) const { return FindById(services_, id); }

const Situation* Catalogue::FindSituation(const SituationId& id) const {
  return FindById(situations_, id);
}

const EventType* Catalogue::FindEventType(const EventTypeId& id) const {
  return FindById(event_types_, id);
}

const Parameter* Catalogue::FindParameter(const ParameterId& id) const {
  return FindById(parameters_, id);
}

const Act* Catalogue::FindAct(const ActId& id) const { return FindById(acts_, id); }

const RefusalGround* Catalogue::FindGround(const GroundId& id) const {
  return FindById(grounds_, id);
}

const Authority* Catalogue::FindAuthority(std::string_view id) const {
  return FindById(authorities_, id);
}

const Source* Catalogue::FindSource(std::string_view id) const { return FindById(sources_, id); }

}  // namespace kstati::graph
