// SPDX-License-Identifier: Apache-2.0
#include "graph/service_graph.h"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <limits>
#include <unordered_map>
#include <utility>

#include "base/check.h"
#include "base/circles.h"

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

// A service that cannot start before another has given it an attribute for one of its inputs.
struct Wait {
  uint32_t producer;
  const AttributeId* attribute;
  const Input* input;
};

using Waiting = std::vector<std::vector<Wait>>;  // by consumer; empty: it can start

std::string Joined(const std::vector<AttributeId>& attributes, std::string_view separator) {
  std::string text;
  for (const AttributeId& attribute : attributes) {
    if (!text.empty()) text += separator;
    text += attribute.text();
  }
  return text;
}

}  // namespace

struct ServiceGraph::Implementation {
  Implementation(const Catalogue& described, Date day, const Calendars* calendars)
      : catalogue(&described), on(day), model(described, day, calendars) {}

  const Catalogue* catalogue;
  Date on;
  chains::Model model;
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

  // The services other than `consumer` that output the attribute.
  std::vector<size_t> OtherProducers(const AttributeId& attribute, size_t consumer) const {
    std::vector<size_t> producers;
    const auto vertex = vertex_of.find(attribute);
    if (vertex == vertex_of.end()) return producers;
    const auto [begin, end] = boost::in_edges(vertex->second, graph);
    for (auto edge = begin; edge != end; ++edge) {
      if (boost::source(*edge, graph) != consumer) producers.push_back(boost::source(*edge, graph));
    }
    return producers;
  }

  // Whether anything could ever satisfy the input. One that names nothing was reported when it was
  // read.
  bool HasSource(const Input& input, size_t consumer, const Supplied& supplied) const {
    return input.any_of.empty() ||
           std::ranges::any_of(input.any_of, [&](const AttributeId& attribute) {
             return supplied(attribute) || !OtherProducers(attribute, consumer).empty();
           });
  }

  // What the service still waits for when the services of `can_start` have done their work.
  std::vector<Wait> WaitsOf(size_t consumer, const std::vector<bool>& can_start,
                            const Supplied& supplied) const {
    std::vector<Wait> waits;
    for (const Input& input : services[consumer].regulation->inputs) {
      std::vector<Wait> of_input;
      bool satisfied = !HasSource(input, consumer, supplied);
      for (const AttributeId& attribute : input.any_of) {
        satisfied = satisfied || supplied(attribute);
        for (const size_t producer : OtherProducers(attribute, consumer)) {
          satisfied = satisfied || can_start[producer];
          of_input.push_back({static_cast<uint32_t>(producer), &attribute, &input});
        }
      }
      if (!satisfied) waits.insert(waits.end(), of_input.begin(), of_input.end());
    }
    return waits;
  }

  // Lets services start until no other can; what is left waits for ever.
  Waiting WaitingServices(const Supplied& supplied) const {
    std::vector<bool> can_start(services.size(), false);
    Waiting waiting(services.size());
    for (bool changed = true; changed;) {
      changed = false;
      for (size_t service = 0; service < services.size(); ++service) {
        if (can_start[service]) continue;
        waiting[service] = WaitsOf(service, can_start, supplied);
        can_start[service] = waiting[service].empty();
        changed = changed || can_start[service];
      }
    }
    return waiting;
  }

  // "a gives doc.x to b, b gives doc.y to a", at the input of the first that the last feeds.
  Issue Describe(const std::vector<uint32_t>& circle, const Waiting& waiting) const {
    Location closing;
    std::string way;
    for (size_t i = circle.size(); i-- > 0;) {  // each waits for the next: outputs flow backwards
      const uint32_t consumer = circle[i];
      const uint32_t producer = circle[(i + 1) % circle.size()];
      const Wait& wait = *std::ranges::find(waiting[consumer], producer, &Wait::producer);
      closing = wait.input->location;
      way += (way.empty() ? "" : ", ") + services[producer].service->id.text() + " gives " +
             wait.attribute->text() + " to " + services[consumer].service->id.text();
    }
    return {Severity::kError, closing, "these services wait for each other for ever: " + way,
            "one of them must be possible without the others: add an alternative input that comes "
            "from outside"};
  }
};

ServiceGraph::ServiceGraph(const Catalogue& catalogue, Date on, const Calendars* calendars)
    : implementation_(std::make_unique<Implementation>(catalogue, on, calendars)) {
  Implementation& made = *implementation_;
  for (const Service& service : catalogue.services()) {
    const Regulation* const regulation = service.RegulationOn(on);
    if (regulation == nullptr) continue;
    const size_t vertex = boost::add_vertex(Vertex{made.services.size()}, made.graph);
    KSTATI_CHECK(vertex == made.services.size());
    made.services.push_back(Active{&service, regulation});
  }
  for (size_t service = 0; service < made.services.size(); ++service) {
    const Regulation& regulation = *made.services[service].regulation;
    for (const Input* input : InputsOf(regulation)) {
      for (const AttributeId& attribute : input->any_of) {
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
const chains::Model& ServiceGraph::model() const { return implementation_->model; }

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

std::vector<Issue> ServiceGraph::DeadInputs(const Supplied& supplied) const {
  std::vector<Issue> issues;
  for (size_t service = 0; service < implementation_->services.size(); ++service) {
    const Active& active = implementation_->services[service];
    for (const Input* input : InputsOf(*active.regulation)) {
      if (implementation_->HasSource(*input, service, supplied)) continue;
      issues.push_back(Issue{Severity::kError, input->location,
                             "\"" + active.service->id.text() +
                                 "\" can never start: nothing supplies " +
                                 Joined(input->any_of, " or "),
                             "a registry must report it, a person bring it, or a service output "
                             "it"});
    }
  }
  return issues;
}

std::vector<Issue> ServiceGraph::DeadCircles(const Supplied& supplied) const {
  const Waiting waiting = implementation_->WaitingServices(supplied);
  std::vector<std::vector<uint32_t>> waits_for(waiting.size());
  for (size_t service = 0; service < waiting.size(); ++service) {
    for (const Wait& wait : waiting[service]) waits_for[service].push_back(wait.producer);
  }
  std::vector<Issue> issues;
  for (const std::vector<uint32_t>& circle : FindCircles(waits_for)) {
    issues.push_back(implementation_->Describe(circle, waiting));
  }
  return issues;
}

}  // namespace kstati::graph
