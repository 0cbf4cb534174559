// SPDX-License-Identifier: Apache-2.0
#include "graph/picture/spread.h"

#include <cstddef>

namespace kstati::graph::picture {
namespace {

// Neighbours that stand as close as they may.
struct Pool {
  double place = 0;  // of the first, and of the others less their distances to it
  double weight = 0;
  size_t count = 0;
};

}  // namespace

std::vector<double> Spread(const std::vector<Wish>& wishes) {
  std::vector<Pool> pools;
  std::vector<double> offsets;  // of each from the first of all, when all are as close as they may
  for (const Wish& wish : wishes) {
    offsets.push_back(offsets.empty() ? 0 : offsets.back() + wish.distance);
    pools.push_back({wish.place - offsets.back(), wish.weight, 1});
    while (pools.size() > 1 && pools[pools.size() - 2].place > pools.back().place) {
      const Pool last = pools.back();
      pools.pop_back();
      Pool& merged = pools.back();
      const double weight = merged.weight + last.weight;
      merged.place = (merged.place * merged.weight + last.place * last.weight) / weight;
      merged.weight = weight;
      merged.count += last.count;
    }
  }
  std::vector<double> places;
  for (const Pool& pool : pools) {
    for (size_t i = 0; i < pool.count; ++i) places.push_back(pool.place + offsets[places.size()]);
  }
  return places;
}

}  // namespace kstati::graph::picture
