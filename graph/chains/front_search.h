// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "graph/chains/dating.h"
#include "graph/chains/personal_problem.h"
#include "graph/chains/simulation.h"
#include "graph/chains/working_time.h"

namespace kstati::graph::chains {

// What can be had for how much in how many days, carried out step by step.
struct SurvivingFront {
  struct Point {
    Choice choice;
    Dating dating;
    Cost cost = 0;
    int64_t days = 0;
    bool waits = false;  // it takes longer than the search took for granted
  };
  std::vector<Point> points;  // each costs more than the one before and takes fewer days
  Cost lower = 0;             // no chain costs less
  bool proven = true;         // no chain is better than a point in one and no worse in the other
};

// The front of cost against days. A choice that does not survive the simulation, or whose fees are
// higher on its days than they were taken for, or that takes longer since a service waits for one
// that it comes after, is ruled out alone, as in SurvivorSearch; what is left of its part is
// searched again, until nothing that is left may be better than what survived.
class FrontSearch {
 public:
  // Both outlive the search.
  FrontSearch(const Ways& ways, PersonalProblem& problem)
      : ways_(ways), problem_(problem), simulation_(ways) {}

  // Without the goals of `without`.
  SurvivingFront Find(const std::vector<uint32_t>& without, const WorkingTime& time);

 private:
  void Search(const Terms& part, const WorkingTime& time);
  std::optional<Dating> CarryOut(const Choice& choice, const Terms& part);
  bool IsCovered(Cost cost, int64_t days) const;
  void Add(SurvivingFront::Point point);
  SurvivingFront::Point PointOf(const Choice& choice, Dating dating,
                                const std::vector<uint32_t>& without);

  const Ways& ways_;
  PersonalProblem& problem_;
  Simulation simulation_;
  std::vector<Terms> open_;
  SurvivingFront front_;
};

}  // namespace kstati::graph::chains
