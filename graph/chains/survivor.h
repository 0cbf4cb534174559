// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "graph/chains/dating.h"
#include "graph/chains/goal_conflicts.h"
#include "graph/chains/personal_problem.h"
#include "graph/chains/simulation.h"
#include "graph/chains/working_time.h"

namespace kstati::graph::chains {

// A chain that was carried out step by step.
struct Survivor {
  std::optional<Dating> dating;  // none: no choice survives
  Cost burden = 0;               // with the days of waiting, when they count
  Cost lower = 0;                // no chain that survives asks less
  bool proven = false;
  std::vector<uint32_t> given_up;  // goals that no chain reaches together with the others
};

// Of two results of one search: the better chain, with what either of them proves of it.
void KeepBetter(Survivor next, Survivor& best);

// What is left of a part without one choice of it, its actions with its documents alone: those
// without one of them, and those with another beside all of them.
std::vector<Terms> AllBut(const Choice& choice, const Terms& part, const Ways& ways);

// How many working days later a choice is done as dated than if nothing kept its steps apart;
// nullopt: the calendar cannot tell it.
std::optional<int64_t> DelayOf(const Ways& ways, const Choice& choice,
                               const std::vector<uint32_t>& without, const Dating& dating);

// The best choice that survives the simulation. One that does not is ruled out, and only this one:
// what is left is searched in parts, those without one of its actions and those with another beside
// all of them. So is one whose fees are higher on its days than they were taken for, or in which a
// service waits for one that it comes after. The part that may hold the best goes first, until no
// part may hold a better one.
class SurvivorSearch {
 public:
  // A working day of waiting adds `of_a_day` to the cost. All outlive the search.
  SurvivorSearch(const Ways& ways, PersonalProblem& problem, Cost of_a_day)
      : ways_(ways), problem_(problem), simulation_(ways), of_a_day_(of_a_day) {}

  // Until `stop`, when there is one. Goals that exclude each other are given up: as few as
  // possible, the situation's last ones first.
  Survivor Find(std::optional<search::Instant> stop);

  // As long as `time` lasts. The search watches the clock on the wall: when others had the
  // processor instead, it goes again for what is left.
  Survivor FindWithin(const WorkingTime& time);

 private:
  struct Part {
    Terms terms;
    Choice best;
    Cost lower = 0;      // of the part
    bool exact = false;  // `best` is its best
  };

  std::vector<uint32_t> GoalsToReach() const;
  std::vector<uint32_t> FewestOf(std::vector<uint32_t> together, const GoalConflicts& conflicts,
                                 Survivor& best, bool& all_proven);
  Survivor FindWithout(const std::vector<uint32_t>& without);
  static bool LessPromising(const Part& a, const Part& b);
  void Try(const Part& part, Survivor& best);
  void Open(Terms terms);
  // Whether it is known when the survivor is done, where that counts.
  bool IsDated(const Survivor& survivor) const;
  // False: the time ran out before all of it was opened.
  bool Split(const Part& part);
  Cost BurdenOf(const Choice& choice) const;
  // nullopt: the calendar cannot tell it.
  std::optional<Cost> WaitOf(const Part& part) const;
  std::optional<Cost> DelayOf(const Part& part, const Dating& dating) const;
  search::Deadline Left() const;
  bool IsLate() const;

  const Ways& ways_;
  PersonalProblem& problem_;
  Simulation simulation_;
  Cost of_a_day_;
  std::optional<search::Instant> stop_;
  std::vector<Part> open_;  // a heap: the least bound on top
};

}  // namespace kstati::graph::chains
