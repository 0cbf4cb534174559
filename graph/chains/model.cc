// SPDX-License-Identifier: Apache-2.0
#include "graph/chains/model.h"

#include <set>

namespace kstati::graph::chains {
namespace {

void AddInputs(const Regulation& regulation, std::set<AttributeId>& found) {
  for (const Input* input : InputsOf(regulation)) {
    found.insert(input->any_of.begin(), input->any_of.end());
  }
}

// In whatever region.
std::set<AttributeId> AttributesOf(const std::vector<const Service*>& services, Date on) {
  std::set<AttributeId> found;
  for (const Service* service : services) {
    for (const auto* regulations : {&service->regulations, &service->regional}) {
      for (const Regulation& regulation : *regulations) {
        if (!regulation.in_force.Contains(on)) continue;
        AddInputs(regulation, found);
        found.insert(regulation.outputs.begin(), regulation.outputs.end());
      }
    }
  }
  return found;
}

}  // namespace

Model::Model(const Catalogue& catalogue, Date on, const Calendars* calendars)
    : catalogue_(&catalogue), calendars_(calendars), date_(on) {
  for (const Service& service : catalogue.services()) {
    const Regulation* const regulation = service.RegulationOn(on);
    if (regulation == nullptr) continue;
    services_.push_back(&service);
    regulations_.push_back(regulation);
  }
  for (const AttributeId& id : AttributesOf(services_, on)) {
    number_of_.emplace(id, attribute_count());
    attributes_.push_back(id);
  }
  for (const Regulation* regulation : regulations_) {
    for (const AttributeId& output : regulation->outputs) gives_.Add(number_of_.at(output));
    gives_.EndRow();
  }
  producers_.Transpose(gives_, attribute_count());
}

const WorkingCalendar& Model::CalendarOf(const Service& service, std::string_view region) const {
  const WorkingCalendar* const other =
      calendars_ == nullptr ? nullptr : calendars_->Find(service, region);
  return other == nullptr ? catalogue_->calendar() : *other;
}

std::optional<uint32_t> Model::Find(const AttributeId& id) const {
  const auto found = number_of_.find(id);
  if (found == number_of_.end()) return std::nullopt;
  return found->second;
}

}  // namespace kstati::graph::chains
