// SPDX-License-Identifier: Apache-2.0
#include "eligibility/questions/planner.h"

#include <algorithm>

#include "eligibility/questions/internal/search.h"

namespace kstati::eligibility::questions {
namespace {

std::vector<AnswerIndex> AnswerCounts(const std::vector<Question>& questions) {
  std::vector<AnswerIndex> counts;
  for (const Question& question : questions) {
    counts.push_back(static_cast<AnswerIndex>(question.weights.size()));
  }
  return counts;
}

}  // namespace

Planner::Planner(std::vector<Question> questions, const PlannerLimits& limits)
    : questions_(std::move(questions)),
      limits_(limits),
      diagrams_(AnswerCounts(questions_)),
      search_(std::make_unique<Search>(diagrams_, questions_, limits_)) {}

Planner::~Planner() = default;

Plan Planner::PlanFor(std::span<const Diagram> goals, std::optional<Topic> last_topic) {
  Plan plan;
  std::vector<QuestionIndex> candidates;
  for (const StateId part : search_->PartsOf(goals)) {
    const bool solved = search_->Solve(part);
    const State& state = search_->At(part);
    plan.exact &= solved;
    plan.at_least += state.lower;
    Search::Promise promise{state.cost, state.at_most};
    if (solved) {
      std::ranges::copy(search_->FirstsOf(part), std::back_inserter(candidates));
    } else {
      uint64_t moves = limits_.max_moves;
      promise = search_->GreedyPromiseOf(part, moves);
      candidates.push_back(search_->GreedyMoveOf(part).question);
    }
    plan.expected += promise.expected;
    plan.at_most += promise.at_most;
  }
  const auto rank = [&](QuestionIndex question) {
    const bool stays = last_topic && questions_[question].topic == *last_topic;
    return std::pair(!stays, question);
  };
  const auto first = std::ranges::min_element(candidates, {}, rank);
  if (first != candidates.end()) plan.next = *first;
  return plan;
}

}  // namespace kstati::eligibility::questions
