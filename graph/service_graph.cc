// SPDX-License-Identifier: Apache-2.0
#include "graph/service_graph.h"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>
#include <limits>
#include <unordered_map>
#include <utility>

#include "base/check.h"

namespace kstati::graph {
namespace {

constexpr size_t kNoService = std::numeric_limits<size_t>::max();

// A service (by its place in Graph::services) or an attribute.
struct Vertex {
  size_t service = kNoService;
};

// From an attribute to the services that need it, from a service to the attributes it outputs.
using BipartiteGraph =
    boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS, Vertex>;

// A service with its rules of the day.
struct Active {
  const Service* service;
  const Regulation* regulation;
};

}  // namespace

struct ServiceGraph::Implementation {
  const Catalogue* catalogue;
  Date on;
  std::vector<Active> services;  // by id
  BipartiteGraph graph;          // the first vertices are the services, in their order
  std::unordered_map<AttributeId, size_t> vertex_of;

  size_t VertexOf(const AttributeId& attribute) {
    const auto [entry, is_new] = vertex_of.try_emplace(attribute, 0);
    if (is_new) entry->second = boost::add_vertex(Vertex{}, graph);
    return entry->second;
  }

  // Vertices are numbered by id, so sorted vertices are services sorted by id.
  std::vector<ServiceId> IdsOf(std::vector<size_t> vertices) const {
    std::sort(vertices.begin(), vertices.end());
    vertices.erase(std::unique(vertices.begin(), vertices.end()), vertices.end());
    std::vector<ServiceId> ids;
    ids.reserve(vertices.size());
    for (const size_t vertex : vertices) ids.push_back(services[graph[vertex].service].service->id);
    return ids;
  }

  // Whether a service other than `consumer` outputs the attribute.
  bool HasOtherProducer(const AttributeId& attribute, size_t consumer) const {
    const auto vertex = vertex_of.find(attribute);
    if (vertex == vertex_of.end()) return false;
    const auto [begin, end] = boost::in_edges(vertex->second, graph);
    return std::any_of(begin, end,
                       [&](const auto& edge) { return boost::source(edge, graph) != consumer; });
  }
};

ServiceGraph::ServiceGraph(const Catalogue& catalogue, Date on)
    : implementation_(std::make_unique<Implementation>()) {
  Implementation& made = *implementation_;
  made.catalogue = &catalogue;
  made.on = on;
  for (const Service& service : catalogue.services()) {
    const Regulation* const regulation = service.RegulationOn(on);
    if (regulation == nullptr) continue;
    const size_t vertex = boost::add_vertex(Vertex{made.services.size()}, made.graph);
    KSTATI_CHECK(vertex == made.services.size());
    made.services.push_back(Active{&service, regulation});
  }
  for (size_t service = 0; service < made.services.size(); ++service) {
    const Regulation& regulation = *made.services[service].regulation;
    for (const Input& input : regulation.inputs) {
      for (const AttributeId& attribute : input.any_of) {
        boost::add_edge(made.VertexOf(attribute), service, made.graph);
      }
    }
    for (const AttributeId& attribute : regulation.outputs) {
      boost::add_edge(service, made.VertexOf(attribute), made.graph);
    }
  }
}

ServiceGraph::~ServiceGraph() = default;
ServiceGraph::ServiceGraph(ServiceGraph&&) noexcept = default;

const Catalogue& ServiceGraph::catalogue() const { return *implementation_->catalogue; }
Date ServiceGraph::date() const { return implementation_->on; }

std::vector<ServiceId> ServiceGraph::ProducersOf(const AttributeId& attribute) const {
  const auto vertex = implementation_->vertex_of.find(attribute);
  if (vertex == implementation_->vertex_of.end()) return {};
  std::vector<size_t> producers;
  const auto [begin, end] = boost::in_edges(vertex->second, implementation_->graph);
  for (auto edge = begin; edge != end; ++edge) {
    producers.push_back(boost::source(*edge, implementation_->graph));
  }
  return implementation_->IdsOf(std::move(producers));
}

std::vector<ServiceId> ServiceGraph::ConsumersOf(const AttributeId& attribute) const {
  const auto vertex = implementation_->vertex_of.find(attribute);
  if (vertex == implementation_->vertex_of.end()) return {};
  std::vector<size_t> consumers;
  const auto [begin, end] = boost::out_edges(vertex->second, implementation_->graph);
  for (auto edge = begin; edge != end; ++edge) {
    consumers.push_back(boost::target(*edge, implementation_->graph));
  }
  return implementation_->IdsOf(std::move(consumers));
}

std::vector<std::vector<ServiceId>> ServiceGraph::Cycles() const {
  const BipartiteGraph& graph = implementation_->graph;
  std::vector<size_t> component(boost::num_vertices(graph));
  const size_t count = boost::strong_components(
      graph,
      boost::make_iterator_property_map(component.begin(), boost::get(boost::vertex_index, graph)));
  std::vector<std::vector<size_t>> members(count);
  for (size_t service = 0; service < implementation_->services.size(); ++service) {
    members[component[service]].push_back(service);
  }
  std::vector<std::vector<ServiceId>> cycles;
  for (std::vector<size_t>& services : members) {
    if (services.size() > 1) cycles.push_back(implementation_->IdsOf(std::move(services)));
  }
  std::sort(cycles.begin(), cycles.end());
  return cycles;
}

std::vector<Issue> ServiceGraph::DeadInputs(
    const std::function<bool(const AttributeId&)>& supplied) const {
  std::vector<Issue> issues;
  for (size_t service = 0; service < implementation_->services.size(); ++service) {
    const Active& active = implementation_->services[service];
    for (const Input& input : active.regulation->inputs) {
      const bool alive =
          std::any_of(input.any_of.begin(), input.any_of.end(), [&](const AttributeId& attribute) {
            return supplied(attribute) || implementation_->HasOtherProducer(attribute, service);
          });
      if (alive) continue;
      std::string names;
      for (const AttributeId& attribute : input.any_of) {
        names += (names.empty() ? "" : " or ") + attribute.text();
      }
      issues.push_back(
          Issue{Severity::kError, input.location,
                "\"" + active.service->id.text() + "\" can never start: nothing supplies " + names,
                "a registry must report it, a person bring it, or a service output it"});
    }
  }
  return issues;
}

}  // namespace kstati::graph
