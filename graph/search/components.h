// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "graph/search/core.h"

namespace kstati::graph::search {

// The parts of a core that share no fact and no service. Parts without a goal are left out: what
// capped rules did not find to be useless is dropped here. Order of numbers is kept inside a part.
class Components {
 public:
  // Finds the parts of what is not gone; returns how many there are.
  uint32_t Find(const Core& core);
  // Writes one part, with nothing gone and nothing paid. `part` is another object than `core`.
  void Write(const Core& core, uint32_t number, Core& part);

 private:
  void Label(const Core& core, uint32_t start, uint32_t label);

  uint32_t count_ = 0;
  std::vector<uint32_t> fact_label_;
  std::vector<uint32_t> service_label_;
  std::vector<uint32_t> waiting_;
  Rows facts_;     // by label
  Rows services_;  // by label
  Rows fact_labels_;
  Rows service_labels_;
  std::vector<uint32_t> new_fact_;
};

}  // namespace kstati::graph::search
