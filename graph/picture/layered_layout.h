// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace kstati::graph::picture {

// What is to be laid out. Sizes in pixels.
struct Box {
  std::string key;  // unique
  int width = 0;
  int height = 0;
};

struct LayoutEdge {
  uint32_t from = 0;
  uint32_t to = 0;
};

struct Point {
  int x = 0;
  int y = 0;

  bool operator==(const Point&) const = default;
};

struct Route {
  // From the border of one box to that of the other, in turn straight past a layer and across the
  // gap to the next: from the earlier layer on, straight first.
  std::vector<Point> points;
  bool backwards = false;  // against the layers: it closes a circle
};

struct Layout {
  std::vector<Point> corners;    // upper left, by box
  std::vector<uint32_t> layers;  // by box
  std::vector<Route> routes;     // by edge
  int width = 0;
  int height = 0;
  uint64_t crossings = 0;  // between neighbouring layers
};

// A layered layout from left to right: each edge leads to a later layer, but for those that close
// circles; layers by the longest way, crossings reduced by barycentre sweeps, positions by least
// squares. Boxes of a layer never overlap. Depends on keys and edges alone, not on their order. No
// edge from a box to itself.
Layout LayOut(const std::vector<Box>& boxes, const std::vector<LayoutEdge>& edges);

}  // namespace kstati::graph::picture
