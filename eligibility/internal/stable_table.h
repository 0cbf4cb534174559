// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/check.h"

namespace kstati::eligibility {

// Values under the keys 0 .. n-1, each made when first asked for and never moved. Made for large n
// of which one use touches few: making and clearing the table costs four bytes per key.
template <class T>
class StableTable {
 public:
  // Before the first value is asked for; a table that was never given its size holds nothing.
  void SetSize(size_t size) {
    KSTATI_CHECK(count_ == 0);
    place_.assign(size, 0);
  }
  bool has_size() const { return !place_.empty(); }

  // Forgets the values, and keeps the memory for as many others.
  void Clear() {
    std::fill(place_.begin(), place_.end(), 0);
    used_ = std::max(used_, count_);
    count_ = 0;
  }

  T& At(uint32_t key) {
    uint32_t& place = place_[key];
    if (place == 0) {
      if (count_ == chunks_.size() * kChunk) chunks_.push_back(std::make_unique<T[]>(kChunk));
      place = ++count_;
      T& made = chunks_[(place - 1) / kChunk][(place - 1) % kChunk];
      if (count_ <= used_) made = T();  // of before Clear
      return made;
    }
    return chunks_[(place - 1) / kChunk][(place - 1) % kChunk];
  }

  // Whether At was called for the key.
  bool Has(uint32_t key) const { return key < place_.size() && place_[key] != 0; }

  // Requires that At was called for the key.
  const T& Made(uint32_t key) const {
    const uint32_t place = place_[key];
    KSTATI_CHECK(place != 0);
    return chunks_[(place - 1) / kChunk][(place - 1) % kChunk];
  }

 private:
  static constexpr uint32_t kChunk = 8;

  std::vector<uint32_t> place_;  // 1 + position among the values made; 0: not made
  std::vector<std::unique_ptr<T[]>> chunks_;
  uint32_t count_ = 0;
  uint32_t used_ = 0;  // the most that were ever made at once
};

}  // namespace kstati::eligibility
