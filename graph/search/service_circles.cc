// SPDX-License-Identifier: Apache-2.0
#include "graph/search/service_circles.h"

#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/strong_components.hpp>
#include <utility>

namespace kstati::graph::search {
namespace {

// The first vertices are the facts, the others the services.
using BipartiteGraph =
    boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, boost::no_property,
                                       boost::no_property, uint32_t, uint32_t>;

}  // namespace

std::vector<uint8_t> FactsOnCircles(const Rows& needs, const Rows& gives, uint32_t fact_count) {
  std::vector<std::pair<uint32_t, uint32_t>> edges;
  edges.reserve(needs.item_count() + gives.item_count());
  for (uint32_t service = 0; service < needs.size(); ++service) {
    for (const uint32_t fact : needs[service]) edges.emplace_back(fact, fact_count + service);
    for (const uint32_t fact : gives[service]) edges.emplace_back(fact_count + service, fact);
  }
  const auto vertex_count = static_cast<uint32_t>(fact_count + needs.size());
  const BipartiteGraph graph(boost::edges_are_unsorted_multi_pass, edges.begin(), edges.end(),
                             vertex_count);
  std::vector<uint32_t> component(vertex_count, 0);
  const uint32_t count = boost::strong_components(
      graph,
      boost::make_iterator_property_map(component.begin(), boost::get(boost::vertex_index, graph)));
  std::vector<uint32_t> size(count, 0);
  for (const uint32_t number : component) ++size[number];
  std::vector<uint8_t> on_circle(fact_count, 0);
  // No service gives what it needs, so a circle has more than one vertex.
  for (uint32_t fact = 0; fact < fact_count; ++fact) on_circle[fact] = size[component[fact]] > 1;
  return on_circle;
}

}  // namespace kstati::graph::search
