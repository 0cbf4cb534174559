// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "graph/search/core.h"

namespace kstati::graph::search {

// For each fact the facts that every way to it has before it, itself included; for each service
// those that every way to its needs has. Sets of bits: facts of the core by number.
class Landmarks {
 public:
  // More bits than this are not worth their time.
  static constexpr size_t kMaxBits = size_t{1} << 25;

  // False when there would be too many bits. `has_circles`: see CircleFinder; without circles one
  // sweep in the order of numbers finds all.
  bool Find(const Core& core, bool has_circles);

  bool OfFactHas(uint32_t fact, uint32_t landmark) const { return Has(of_fact_, fact, landmark); }
  bool OfServiceHas(uint32_t service, uint32_t landmark) const {
    return Has(of_service_, service, landmark);
  }
  // Calls use(landmark) for each landmark of the fact.
  template <class Use>
  void ForEachOfFact(uint32_t fact, Use use) const {
    for (size_t word = 0; word < words_; ++word) {
      uint64_t bits = of_fact_[fact * words_ + word];
      for (; bits != 0; bits &= bits - 1) {
        use(static_cast<uint32_t>(word * 64 + static_cast<size_t>(__builtin_ctzll(bits))));
      }
    }
  }

 private:
  bool Has(const std::vector<uint64_t>& sets, uint32_t owner, uint32_t landmark) const {
    return (sets[owner * words_ + landmark / 64] >> (landmark % 64) & 1) != 0;
  }
  void UniteNeeds(const Core& core, uint32_t service);
  bool Sweep(const Core& core);

  size_t words_ = 0;
  std::vector<uint64_t> of_fact_;
  std::vector<uint64_t> of_service_;
  std::vector<uint32_t> swept_;  // by service: the sweep that united its needs last
  uint32_t sweep_ = 0;
};

}  // namespace kstati::graph::search
