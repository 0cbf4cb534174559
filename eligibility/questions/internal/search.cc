// SPDX-License-Identifier: Apache-2.0
#include "eligibility/questions/internal/search.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "base/check.h"

namespace kstati::eligibility::questions {
namespace {

// Sums of probabilities that differ less are the same.
constexpr double kTolerance = 1e-9;

std::vector<std::vector<double>> ProbabilitiesOf(const std::vector<Question>& questions) {
  std::vector<std::vector<double>> probabilities;
  for (const Question& question : questions) {
    const double sum = std::accumulate(question.weights.begin(), question.weights.end(), 0.0);
    std::vector<double>& scaled = probabilities.emplace_back();
    for (const double weight : question.weights) {
      KSTATI_CHECK(weight > 0);
      scaled.push_back(weight / sum);
    }
  }
  return probabilities;
}

// Sets of questions that hang together.
class Groups {
 public:
  explicit Groups(size_t questions) : leader_(questions) {
    std::iota(leader_.begin(), leader_.end(), 0);
  }
  QuestionIndex LeaderOf(QuestionIndex question) {
    while (leader_[question] != question) {
      question = leader_[question] = leader_[leader_[question]];
    }
    return question;
  }
  void Join(QuestionIndex a, QuestionIndex b) { leader_[LeaderOf(a)] = LeaderOf(b); }

 private:
  std::vector<QuestionIndex> leader_;
};

}  // namespace

size_t Search::GoalsHash::operator()(const std::vector<Diagram>& goals) const {
  uint64_t hash = goals.size();
  for (const Diagram goal : goals)
    hash = (hash ^ goal) * 0x9E37'79B9'7F4A'7C15U, hash ^= hash >> 32;
  return hash;
}

Search::Search(Diagrams& diagrams, const std::vector<Question>& questions,
               const PlannerLimits& limits)
    : diagrams_(diagrams),
      questions_(questions),
      limits_(limits),
      probabilities_(ProbabilitiesOf(questions)),
      influence_(diagrams, probabilities_) {}

std::vector<StateId> Search::PartsOf(std::span<const Diagram> goals) {
  moves_left_ = std::min(limits_.max_moves, limits_.max_moves_before_table);
  return Split(goals);
}

std::vector<StateId> Search::Split(std::span<const Diagram> goals) {
  std::vector<Diagram> open;
  std::ranges::copy_if(goals, std::back_inserter(open),
                       [&](Diagram goal) { return !diagrams_.IsSettled(goal); });
  std::ranges::sort(open);
  open.erase(std::unique(open.begin(), open.end()), open.end());
  Groups groups(questions_.size());
  std::vector<bool> named(questions_.size());
  for (const Diagram goal : open) {
    for (const QuestionIndex question : diagrams_.QuestionsOf(goal)) {
      named[question] = true;
      groups.Join(question, diagrams_.FirstQuestionOf(goal));
    }
  }
  for (QuestionIndex question = 0; question < named.size(); ++question) {
    const auto after = questions_[question].after;
    if (named[question] && after && named[*after]) groups.Join(question, *after);
  }
  std::unordered_map<QuestionIndex, std::vector<Diagram>> by_leader;
  for (const Diagram goal : open) {
    by_leader[groups.LeaderOf(diagrams_.FirstQuestionOf(goal))].push_back(goal);
  }
  std::vector<StateId> parts;
  for (auto& [leader, together] : by_leader) parts.push_back(Intern(std::move(together)));
  std::ranges::sort(parts);
  return parts;
}

StateId Search::Intern(std::vector<Diagram> goals) {
  const auto found = known_.find(goals);
  if (found != known_.end()) return found->second;
  const double floor = FloorOf(goals);  // may add other states
  State& state = states_.emplace_back();
  state.goals = goals;
  state.floor = state.lower = floor;
  const auto id = static_cast<StateId>(states_.size() - 1);
  known_.emplace(std::move(goals), id);
  return id;
}

std::vector<std::pair<QuestionIndex, double>> Search::GreatestInfluences(
    const std::vector<Diagram>& goals) {
  std::vector<std::pair<QuestionIndex, double>> greatest;
  for (const Diagram goal : goals) {
    const std::vector<double>& of_goal = influence_.Of(goal);
    const auto questions = diagrams_.QuestionsOf(goal);
    for (size_t i = 0; i < questions.size(); ++i) greatest.emplace_back(questions[i], of_goal[i]);
  }
  std::ranges::sort(greatest, [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : a.second > b.second;
  });
  const auto same = [](const auto& a, const auto& b) { return a.first == b.first; };
  greatest.erase(std::unique(greatest.begin(), greatest.end(), same), greatest.end());
  return greatest;
}

// Each of several goals without a common question needs its own best plan, and every other question
// is asked at least when it matters for some goal.
double Search::FloorOf(const std::vector<Diagram>& goals) {
  const auto influences = GreatestInfluences(goals);
  double floor = 1;
  double sum = 0;
  for (const auto& [question, influence] : influences) sum += influence;
  floor = std::max(floor, sum);
  if (goals.size() == 1) return floor;
  std::vector<std::pair<double, Diagram>> by_cost;
  for (const Diagram goal : goals) by_cost.emplace_back(-CostOfOne(goal), goal);
  std::ranges::sort(by_cost);
  std::vector<bool> counted(questions_.size());
  double packed = 0;
  for (const auto& [negated, goal] : by_cost) {
    const auto questions = diagrams_.QuestionsOf(goal);
    if (std::ranges::any_of(questions, [&](QuestionIndex each) { return counted[each]; })) continue;
    for (const QuestionIndex each : questions) counted[each] = true;
    packed -= negated;
  }
  for (const auto& [question, influence] : influences) {
    if (!counted[question]) packed += influence;
  }
  return std::max(floor, packed);
}

double Search::CostOfOne(Diagram goal) {
  const StateId id = Intern({goal});
  const uint64_t kept = moves_left_ - std::min(moves_left_, limits_.max_moves_of_one_goal);
  SearchWithin(id, moves_left_ - kept);
  moves_left_ += kept;
  return states_[id].lower;
}

bool Search::IsBlocked(QuestionIndex question, std::span<const QuestionIndex> open) const {
  const auto after = questions_[question].after;
  return after && std::ranges::binary_search(open, *after);
}

Move Search::MoveOf(const State& state, QuestionIndex question) {
  Move move{question, 0, {}};
  std::vector<Diagram> left(state.goals.size());
  for (AnswerIndex answer = 0; answer < diagrams_.answer_count(question); ++answer) {
    std::ranges::transform(state.goals, left.begin(),
                           [&](Diagram goal) { return diagrams_.Given(goal, question, answer); });
    const double probability = probabilities_[question][answer];
    std::vector<StateId> parts = Split(left);
    const auto same = std::ranges::find(move.branches, parts, &Branch::parts);
    if (same != move.branches.end()) {
      same->probability += probability;
    } else {
      move.branches.push_back({probability, std::move(parts)});
    }
  }
  move.floor = FloorOf(move.branches);
  return move;
}

double Search::FloorOf(const std::vector<Branch>& branches) const {
  double floor = 1;
  for (const Branch& branch : branches) {
    for (const StateId part : branch.parts) floor += branch.probability * states_[part].floor;
  }
  return floor;
}

std::vector<Move> Search::MovesOf(StateId id) {
  State& state = states_[id];
  std::vector<QuestionIndex> open;
  for (const auto& [question, influence] : GreatestInfluences(state.goals)) {
    open.push_back(question);
  }
  std::vector<Move> moves;
  for (const QuestionIndex question : open) {
    if (!IsBlocked(question, open)) moves.push_back(MoveOf(state, question));
  }
  return moves;
}

State& Search::Expand(StateId id) {
  State& state = states_[id];
  if (state.expanded) return state;
  const auto influences = GreatestInfluences(state.goals);
  std::vector<QuestionIndex> open;
  for (const auto& [question, influence] : influences) open.push_back(question);
  for (const auto& [question, influence] : influences) {
    if (influence < 1 - kTolerance || IsBlocked(question, open)) continue;
    state.moves = {MoveOf(state, question)};
    break;
  }
  if (state.moves.empty()) state.moves = MovesOf(id);
  std::ranges::stable_sort(state.moves, {}, &Move::floor);
  state.expanded = true;
  return state;
}

bool Search::Solve(StateId id) {
  if (SearchWithin(id, std::min(limits_.max_moves, limits_.max_moves_before_table))) return true;
  return SolveByTable(id) || SearchWithin(id, limits_.max_moves);
}

bool Search::SearchWithin(StateId id, uint64_t moves) {
  moves_left_ = moves;
  SolveBelow(id, std::numeric_limits<double>::infinity());
  return states_[id].solved;
}

bool Search::SolveByTable(StateId id) {
  State& state = states_[id];
  const auto waits = [&](const auto& each) { return questions_[each.first].after.has_value(); };
  if (std::ranges::any_of(GreatestInfluences(state.goals), waits)) return false;
  auto best = BestPlansBySubcubes(diagrams_, state.goals, probabilities_, limits_.max_cells);
  if (!best) return false;
  state.solved = true;
  state.cost = state.lower = best->expected;
  state.at_most = best->at_most;
  state.firsts = std::move(best->firsts);
  return true;
}

std::vector<QuestionIndex> Search::FirstsOf(StateId id) {
  const State& state = states_[id];
  if (!state.firsts.empty()) return state.firsts;
  std::vector<QuestionIndex> firsts{state.moves.front().question};
  for (const Move& move : MovesOf(id)) {
    moves_left_ = limits_.max_moves_of_one_goal;
    const Attempt attempt = Try(move, state.cost + 2 * kTolerance);
    const bool good = attempt.complete && attempt.bound < state.cost + kTolerance;
    if (good && AtMost(move) <= state.at_most) firsts.push_back(move.question);
  }
  return firsts;
}

// Finds the best plan when it expects fewer than `limit`; otherwise raises `lower`.
void Search::SolveBelow(StateId id, double limit) {
  State& state = states_[id];
  if (state.solved || state.lower >= limit || moves_left_ == 0) return;
  Expand(id);
  double best = limit;
  double least = std::numeric_limits<double>::infinity();  // of what the moves not taken expect
  const Move* chosen = nullptr;
  for (const Move& move : state.moves) {
    const Attempt attempt = Try(move, best);
    if (attempt.complete && attempt.bound < best - kTolerance) {
      best = attempt.bound;
      chosen = &move;
    }
    least = std::min(least, attempt.bound);
  }
  if (chosen != nullptr && least >= best - kTolerance) {
    state.solved = true;
    state.cost = state.lower = best;
    state.at_most = AtMost(*chosen);
    state.moves = {*chosen};
  } else {
    state.lower = std::max(state.lower, least);
  }
}

Search::Attempt Search::Try(const Move& move, double limit) {
  const auto bound = [&] {
    double sum = 1;
    for (const Branch& branch : move.branches) {
      for (const StateId part : branch.parts) sum += branch.probability * states_[part].lower;
    }
    return sum;
  };
  double proven = bound();
  for (const Branch& branch : move.branches) {
    for (const StateId part : branch.parts) {
      if (states_[part].solved) continue;
      if (proven >= limit - kTolerance || moves_left_ == 0) return {proven, false};
      --moves_left_;
      SolveBelow(part, states_[part].lower + (limit - proven) / branch.probability);
      proven = bound();  // the part may be in several branches
    }
  }
  const auto solved = [&](StateId part) { return states_[part].solved; };
  const bool complete = std::ranges::all_of(move.branches, [&](const Branch& branch) {
    return std::ranges::all_of(branch.parts, solved);
  });
  return {proven, complete};
}

uint32_t Search::AtMost(const Move& move) const {
  uint32_t at_most = 0;
  for (const Branch& branch : move.branches) {
    uint32_t sum = 0;
    for (const StateId part : branch.parts) sum += states_[part].at_most;
    at_most = std::max(at_most, sum);
  }
  return 1 + at_most;
}

Search::Promise Search::GreedyPromiseOf(StateId id, uint64_t& moves) {
  if (states_[id].solved) return {states_[id].cost, states_[id].at_most};
  const auto found = greedy_.find(id);
  if (found != greedy_.end()) return found->second;
  if (moves == 0) {  // at worst every question is asked
    const auto questions = static_cast<uint32_t>(GreatestInfluences(states_[id].goals).size());
    return {static_cast<double>(questions), questions};
  }
  --moves;
  Promise promise{1, 0};
  for (const Branch& branch : GreedyMoveOf(id).branches) {
    uint32_t at_most = 0;
    for (const StateId part : branch.parts) {
      const Promise below = GreedyPromiseOf(part, moves);
      promise.expected += branch.probability * below.expected;
      at_most += below.at_most;
    }
    promise.at_most = std::max(promise.at_most, at_most);
  }
  ++promise.at_most;
  greedy_.emplace(id, promise);
  return promise;
}

}  // namespace kstati::eligibility::questions
