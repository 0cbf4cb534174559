// SPDX-License-Identifier: Apache-2.0
#include "eligibility/supply.h"

#include <algorithm>
#include <vector>

namespace kstati::eligibility {
namespace {

// Services that both need and output an attribute replace it: people hold it from before.
bool IsReplaced(const graph::ServiceGraph& services, const AttributeId& id) {
  const std::vector<ServiceId> producers = services.ProducersOf(id);
  return std::ranges::any_of(services.ConsumersOf(id), [&](const ServiceId& consumer) {
    return std::ranges::binary_search(producers, consumer);
  });
}

bool IsProved(const graph::Catalogue& catalogue, const AttributeId& id) {
  return std::ranges::any_of(catalogue.event_types(), [&](const graph::EventType& type) {
    return std::ranges::find(type.proves, id) != type.proves.end();
  });
}

}  // namespace

bool IsSupplied(const profile::Dictionary& dictionary, const graph::ServiceGraph& services,
                const AttributeId& id) {
  const profile::Attribute* attribute = dictionary.Find(id);
  if (attribute == nullptr || !attribute->derive.empty() || !attribute->same_as.empty()) {
    return true;
  }
  if (attribute->registry.text() == profile::kDeclared || services.ProducersOf(id).empty()) {
    return attribute->is_reported();
  }
  return IsReplaced(services, id) || IsProved(services.catalogue(), id);
}

}  // namespace kstati::eligibility
