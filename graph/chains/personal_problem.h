// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "graph/chains/action_days.h"
#include "graph/chains/ways.h"
#include "graph/search/solver.h"

namespace kstati::graph::chains {

struct Dating;

// What a chain has least of; of equals, what it asks of the person in all. A trip serves everything
// that is to be done at its place, but one visit of each service: so few trips are needed when
// nothing has to be waited for.
enum class Aim { kBurden, kTrips, kFees, kObstacles };

// Actions that lead to the goals together, and what the person brings for them.
struct Choice {
  std::vector<uint32_t> actions;      // each comes after what gives its inputs
  std::vector<uint32_t> brought;      // facts
  Cost cost = 0;                      // by the aim
  int64_t days = 0;                   // working days until all goals are there; see ActionDays
  int64_t until = 0;                  // the day, counted from that of the request
  std::vector<uint32_t> forced = {};  // of the actions: taken whether or not a goal uses them
};

// What is looked for apart from the aim.
struct Terms {
  std::vector<uint32_t> forbidden = {};    // actions
  std::vector<uint32_t> forced = {};       // actions
  std::vector<uint32_t> without = {};      // goals, as facts, that are given up
  std::vector<uint32_t> not_brought = {};  // facts
  std::vector<uint32_t> brought = {};      // facts: whether or not an action uses them
};

struct Found {
  std::optional<Choice> choice;  // none: the goals cannot be had on these terms
  Cost lower = 0;                // no choice costs less
  bool proven = false;           // none costs less than this one
};

struct FoundFront {
  std::vector<Choice> choices;  // each costs more than the one before and takes fewer days
  Cost lower = 0;
  bool proven = false;
};

// The ways of a person as a problem of the exact search. Goals that cannot be reached are left out.
// For one thread.
class PersonalProblem {
 public:
  // `ways` must outlive it. Actions of `left_out` are not there.
  PersonalProblem(const Ways& ways, Aim aim, const std::vector<uint8_t>& left_out = {});

  Found Solve(const Terms& terms, search::Deadline deadline);
  // What can be had for how much in how many working days.
  FoundFront FindFront(const Terms& terms, search::Deadline deadline);

  // Puts one with fewer actions, when there is one, for a choice that is the cheapest for its days.
  void TakeFewest(const Terms& terms, search::Deadline deadline, Choice& choice);
  // How much more a choice as dated costs, by the fees of the days on which its steps begin, and
  // by doubts that come with these days.
  Cost CostBeyond(const Dating& dating) const;

  // What no chain has less of, when none costs less.
  Cost UnitsIn(Cost cost) const { return cost / weight_; }

  // False: the aim weighs less than all else together, since no more fits.
  bool outweighs() const { return outweighs_; }

 private:
  // A service of the problem: an action, a document brought, or one of several alternatives taken.
  struct Meaning {
    std::optional<uint32_t> action;
    std::optional<uint32_t> brought;
  };

  void Write();
  void WriteAction(uint32_t action);
  uint32_t NeedOf(std::vector<uint32_t> any_of);
  uint32_t TripsFor(const Action& action);
  uint32_t TripTo(const std::string& place, int number);
  void Add(search::ServiceForm form, Meaning meaning);
  Cost CostOf(const Action& action, const Burden& burden) const;
  Cost CostOfDocument() const;
  Cost CostOfDoubt() const;
  void WeighAim();
  search::Query QueryFor(const Terms& terms);
  void ForbidAlternativesTo(uint32_t action);
  Choice ChoiceOf(std::span<const uint32_t> services, const Terms& terms) const;

  const Ways& ways_;
  Aim aim_;
  std::vector<uint8_t> left_out_;
  Cost weight_ = 0;  // of a trip, a kopeck of fees or an obstacle, by the aim
  bool outweighs_ = true;
  std::vector<std::pair<search::ServiceForm, Meaning>> forms_;
  std::map<std::vector<uint32_t>, uint32_t> need_of_;  // by alternatives: a fact of the problem
  // Facts of the problem: so many trips were made to a place, and enough to some of several.
  std::map<std::pair<std::string, int>, uint32_t> trips_to_;
  std::map<std::pair<std::vector<std::string>, int>, uint32_t> trips_for_;
  uint32_t fact_count_ = 0;
  std::vector<Meaning> meanings_;    // by service of the problem
  std::vector<uint32_t> number_of_;  // by action: the service of the problem
  std::vector<uint32_t> bringing_;   // by fact: likewise
  ActionDays action_days_;
  std::optional<search::Problem> problem_;
  std::optional<search::Solver> solver_;
  std::vector<uint32_t> initial_;
  std::vector<uint32_t> goals_;
  std::vector<uint32_t> all_goals_;
  std::vector<uint32_t> forbidden_;
};

}  // namespace kstati::graph::chains
