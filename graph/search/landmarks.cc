// SPDX-License-Identifier: Apache-2.0
#include "graph/search/landmarks.h"

#include <algorithm>

namespace kstati::graph::search {

bool Landmarks::Find(const Core& core, bool has_circles) {
  words_ = (core.fact_count() + 63) / 64;
  if (words_ * (core.fact_count() + core.service_count()) * 64 > kMaxBits) return false;
  // From above: everything is a landmark until a way without it is found.
  of_fact_.assign(words_ * core.fact_count(), ~uint64_t{0});
  of_service_.resize(words_ * core.service_count());
  swept_.assign(core.service_count(), 0);
  sweep_ = 0;
  while (Sweep(core) && has_circles) {
  }
  if (!has_circles) return true;
  for (uint32_t service = 0; service < core.service_count(); ++service) {
    if (core.service_gone[service] == 0) UniteNeeds(core, service);
  }
  return true;
}

void Landmarks::UniteNeeds(const Core& core, uint32_t service) {
  uint64_t* const set = of_service_.data() + service * words_;
  for (size_t word = 0; word < words_; ++word) set[word] = 0;
  for (const uint32_t need : core.needs[service]) {
    if (core.fact_gone[need] != 0) continue;
    const uint64_t* const of_need = of_fact_.data() + need * words_;
    for (size_t word = 0; word < words_; ++word) set[word] |= of_need[word];
  }
}

bool Landmarks::Sweep(const Core& core) {
  ++sweep_;
  bool changed = false;
  for (uint32_t fact = 0; fact < core.fact_count(); ++fact) {
    if (core.fact_gone[fact] != 0) continue;
    uint64_t* const set = of_fact_.data() + fact * words_;
    uint64_t lost = 0;
    for (const uint32_t producer : core.producers[fact]) {
      if (core.service_gone[producer] != 0) continue;
      if (swept_[producer] != sweep_) {
        swept_[producer] = sweep_;
        UniteNeeds(core, producer);
      }
      const uint64_t* const of_producer = of_service_.data() + producer * words_;
      set[fact / 64] &= ~(uint64_t{1} << (fact % 64));
      for (size_t word = 0; word < words_; ++word) {
        lost |= set[word] & ~of_producer[word];
        set[word] &= of_producer[word];
      }
    }
    set[fact / 64] |= uint64_t{1} << (fact % 64);
    changed = changed || lost != 0;
  }
  return changed;
}

}  // namespace kstati::graph::search
