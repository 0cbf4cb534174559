// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/issue.h"
#include "graph/calendars.h"
#include "graph/catalogue.h"
#include "graph/chains/model.h"

namespace kstati::graph {

// Which services make what other services need, on one day: a directed hypergraph held as a
// bipartite Boost graph of services and attributes. An input is satisfied by any of its
// alternatives; an attribute by any service that outputs it. Immutable; safe to share.
class ServiceGraph {
 public:
  // Both must outlive the graph. Without `calendars` everybody keeps the country's.
  ServiceGraph(const Catalogue& catalogue, Date on, const Calendars* calendars = nullptr);
  ~ServiceGraph();
  ServiceGraph(ServiceGraph&&) noexcept;

  const Catalogue& catalogue() const;
  Date date() const;
  // The same for chains of people.
  const chains::Model& model() const;
  // Services that output the attribute, by id.
  std::vector<ServiceId> ProducersOf(const AttributeId& attribute) const;
  std::vector<ServiceId> ConsumersOf(const AttributeId& attribute) const;

  // Whether an attribute comes from outside: a registry reports it or a person brings it.
  using Supplied = std::function<bool(const AttributeId&)>;
  // Inputs that no other service outputs and that are not `supplied`: the service can never start.
  std::vector<Issue> DeadInputs(const Supplied& supplied) const;
  // Circles of services that wait for each other's outputs with no way in from outside: none of
  // them can ever start. Each is shown along its inputs, at the one that closes it. A circle that
  // somebody can enter is no problem: passports are replaced against passports. Dead inputs do not
  // count here: they are problems of their own.
  std::vector<Issue> DeadCircles(const Supplied& supplied) const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace kstati::graph
