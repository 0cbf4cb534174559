// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <unordered_map>
#include <vector>

#include "eligibility/questions/internal/influence.h"
#include "eligibility/questions/internal/subcubes.h"
#include "eligibility/questions/planner.h"

namespace kstati::eligibility::questions {

// Goals that are still open and hang together: no question of theirs tells anything about others.
using StateId = uint32_t;

// What an answer, or several that come to the same, leave open.
struct Branch {
  double probability = 0;
  std::vector<StateId> parts;  // sorted; questions about one tell nothing about another
};

struct Move {
  QuestionIndex question = 0;
  double floor = 0;  // no plan that begins so expects fewer questions
  std::vector<Branch> branches;
};

struct State {
  std::vector<Diagram> goals;  // open, sorted, each once
  double floor = 0;            // as seen without search: no plan expects fewer questions
  double lower = 0;            // the best that is proven by now
  double cost = 0;             // of the best plan; set when solved
  uint32_t at_most = 0;        // of that plan
  bool solved = false;
  bool expanded = false;
  std::vector<Move> moves;  // by floor, then by question; when solved, the best one if it is known
  std::vector<QuestionIndex> firsts = {};  // of all best plans, when solved by a table
};

// The best plans for sets of open goals, by depth-first branch and bound over what is left open.
//
// Why it is exact:
// 1. What is left open is the set of diagrams that remain, whatever answers led there; equal sets
//    are one state. Goals that share no question are planned apart: the answers are independent.
// 2. A question that matters whatever else is answered is on every path of every plan, so some best
//    plan begins with it.
// 3. Everything else is pruned by lower bounds only; a table tries the rest.
class Search {
 public:
  Search(Diagrams& diagrams, const std::vector<Question>& questions, const PlannerLimits& limits);

  // The open ones among `goals`, by what hangs together.
  std::vector<StateId> PartsOf(std::span<const Diagram> goals);
  // Searches within the limits; returns whether the state is solved.
  bool Solve(StateId id);
  const State& At(StateId id) const { return states_[id]; }
  // Questions with which plans as good as the state's begin. Requires that it is solved.
  std::vector<QuestionIndex> FirstsOf(StateId id);

  struct Promise {
    double expected = 0;
    uint32_t at_most = 0;
  };
  // Of the plan that always takes the move of the least floor, for as many moves as are left;
  // beyond them every question counts as asked.
  Promise GreedyPromiseOf(StateId id, uint64_t& moves);
  const Move& GreedyMoveOf(StateId id) { return Expand(id).moves.front(); }

 private:
  struct Attempt {
    double bound = 0;       // no plan that begins so expects fewer
    bool complete = false;  // `bound` is what the best such plan expects
  };

  std::vector<StateId> Split(std::span<const Diagram> goals);
  StateId Intern(std::vector<Diagram> goals);
  double FloorOf(const std::vector<Diagram>& goals);
  double CostOfOne(Diagram goal);
  // By question, the greatest influence that its answer has on one of the goals.
  std::vector<std::pair<QuestionIndex, double>> GreatestInfluences(
      const std::vector<Diagram>& goals);
  Move MoveOf(const State& state, QuestionIndex question);
  double FloorOf(const std::vector<Branch>& branches) const;
  bool IsBlocked(QuestionIndex question, std::span<const QuestionIndex> open) const;
  // Every question with which a plan may begin.
  std::vector<Move> MovesOf(StateId id);
  State& Expand(StateId id);
  bool SearchWithin(StateId id, uint64_t moves);
  bool SolveByTable(StateId id);
  void SolveBelow(StateId id, double limit);
  Attempt Try(const Move& move, double limit);
  uint32_t AtMost(const Move& move) const;

  struct GoalsHash {
    size_t operator()(const std::vector<Diagram>& goals) const;
  };

  Diagrams& diagrams_;
  const std::vector<Question>& questions_;
  const PlannerLimits& limits_;
  std::vector<std::vector<double>> probabilities_;
  Influence influence_;
  std::deque<State> states_;  // a deque: states stay in place while others are added
  std::unordered_map<std::vector<Diagram>, StateId, GoalsHash> known_;
  std::unordered_map<StateId, Promise> greedy_;
  uint64_t moves_left_ = 0;
};

}  // namespace kstati::eligibility::questions
