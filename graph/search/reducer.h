// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "graph/search/circles.h"
#include "graph/search/components.h"
#include "graph/search/core.h"
#include "graph/search/landmarks.h"
#include "graph/search/simplifier.h"

namespace kstati::graph::search {

// Makes a core smaller without changing what its cheapest chain costs:
//  1. the rules of Simplifier;
//  2. facts that cannot be reached, or that matter only to each other, on circles too;
//  3. a goal need not be waited for by a service outside of the goal's circle: it comes anyway;
//  4. landmarks of goals are goals; a service does not give what every way to its needs has before;
//  5. a service goes when another costs no more, gives as much and needs only what every way to the
//     first one's needs has before.
// Of equally cheap chains one stays.
class Reducer {
 public:
  // False: some goal cannot be reached. The core may have more goals than before, and more paid.
  bool Run(Core& core);
  // What the caller decides before Run is told here.
  Simplifier& simplifier() { return simplifier_; }
  // As Run, after changes made through the simplifier.
  bool RunOn(Core& core);
  // The services for which rule 5 took away others that cost as much, since ForgetEqual; of the
  // problem. A cheapest chain that was lost so becomes one that is left, with a service of these in
  // the place of the other. Free services do not count.
  const std::vector<uint32_t>& equal() const { return equal_; }
  void ForgetEqual() { equal_.clear(); }

 private:
  bool DropUnreachable(Core& core);
  bool DropUseless(Core& core);
  void DropWaitsForGoals(Core& core);
  void UseLandmarks(Core& core);
  void DropDominated(Core& core);
  bool IsDominated(const Core& core, uint32_t service);
  bool Dominates(const Core& core, uint32_t better, uint32_t service) const;

  Simplifier simplifier_;
  CircleFinder circles_;
  Landmarks landmarks_;
  std::vector<uint32_t> waiting_;
  std::vector<uint32_t> missing_;
  std::vector<uint8_t> seen_;
  std::vector<uint8_t> reached_;
  std::vector<uint32_t> equal_;
};

}  // namespace kstati::graph::search
