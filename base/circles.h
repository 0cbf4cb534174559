// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace kstati {

// Circles among nodes 0..n-1, where `reads[i]` are the nodes that node i depends on. Each is a list
// of nodes in which every node reads the next and the last reads the first, the shortest through
// its lowest node. No node is in two, and without the nodes in them no circle is left.
std::vector<std::vector<uint32_t>> FindCircles(const std::vector<std::vector<uint32_t>>& reads);

}  // namespace kstati
