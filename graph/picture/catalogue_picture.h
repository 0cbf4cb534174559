// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/bilingual.h"
#include "graph/picture/picture.h"
#include "graph/service_graph.h"

namespace kstati::graph::picture {

// No picture has more nodes: a reader sees nothing in a larger one.
inline constexpr size_t kNodesMax = 60;

// How things are called in a picture.
struct Naming {
  Language language = Language::kRussian;
  std::function<std::string(const AttributeId&)> attribute;
};

// The service, what it needs and gives, and `hops` times on: who gives what is needed, and who
// needs what is given. What no longer fits is left out, the farthest first. Without a description.
// nullopt: there is no such service in force.
std::optional<Picture> NeighbourhoodOf(const ServiceGraph& graph, const ServiceId& service,
                                       int hops, const Naming& naming);

// The services of a situation that are in force, with what they need and give; its goals are
// marked. Without a description.
Picture PictureOf(const ServiceGraph& graph, const Situation& situation, const Naming& naming);

}  // namespace kstati::graph::picture
