// SPDX-License-Identifier: Apache-2.0
#include "base/circles.h"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <limits>

namespace kstati {
namespace {

constexpr uint32_t kUnseen = std::numeric_limits<uint32_t>::max();
using Reads = std::vector<std::vector<uint32_t>>;

// The shortest way from `start` back to itself, by breadth; empty when there is none.
std::vector<uint32_t> ShortestCircle(const Reads& reads, uint32_t start) {
  std::vector<uint32_t> came_from(reads.size(), kUnseen);
  std::deque<uint32_t> open{start};
  while (!open.empty()) {
    const uint32_t node = open.front();
    open.pop_front();
    for (const uint32_t next : reads[node]) {
      if (next == start) {
        std::vector<uint32_t> circle;
        for (uint32_t at = node; at != start; at = came_from[at]) circle.push_back(at);
        circle.push_back(start);
        std::ranges::reverse(circle);
        return circle;
      }
      if (came_from[next] == kUnseen) {
        came_from[next] = node;
        open.push_back(next);
      }
    }
  }
  return {};
}

}  // namespace

std::vector<std::vector<uint32_t>> FindCircles(const Reads& reads) {
  std::vector<std::vector<uint32_t>> circles;
  Reads remaining = reads;
  for (uint32_t node = 0; node < remaining.size(); ++node) {
    std::vector<uint32_t> circle = ShortestCircle(remaining, node);
    if (circle.empty()) continue;
    for (const uint32_t member : circle) remaining[member].clear();
    circles.push_back(std::move(circle));
  }
  return circles;
}

}  // namespace kstati
