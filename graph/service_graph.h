// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/issue.h"
#include "graph/catalogue.h"

namespace kstati::graph {

// Which services make what other services need, on one day: a directed hypergraph held as a
// bipartite Boost graph of services and attributes. An input is satisfied by any of its
// alternatives; an attribute by any service that outputs it. Immutable; safe to share.
class ServiceGraph {
 public:
  // `catalogue` must outlive the graph.
  ServiceGraph(const Catalogue& catalogue, Date on);
  ~ServiceGraph();
  ServiceGraph(ServiceGraph&&) noexcept;

  const Catalogue& catalogue() const;
  Date date() const;
  // Services that output the attribute, by id.
  std::vector<ServiceId> ProducersOf(const AttributeId& attribute) const;
  std::vector<ServiceId> ConsumersOf(const AttributeId& attribute) const;

  // Circles of services that feed each other (each as a list of services), by strongly connected
  // components.
  std::vector<std::vector<ServiceId>> Cycles() const;
  // Inputs that no service produces and for which `supplied` (a registry reports it or a person
  // brings it) is false: the service can never start.
  std::vector<Issue> DeadInputs(const std::function<bool(const AttributeId&)>& supplied) const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace kstati::graph
