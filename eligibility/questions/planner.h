// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "eligibility/questions/diagrams.h"

namespace kstati::eligibility::questions {

// What questions are about, for the order in which they are asked.
using Topic = uint32_t;

// One thing that can be asked. Answers to different questions are taken to be independent.
struct Question {
  std::vector<double> weights;  // how likely each answer is, positive; scaled to a sum of one
  Topic topic = 0;
  // The question makes sense only after this one: it is not asked while a goal still depends on it.
  std::optional<QuestionIndex> after = std::nullopt;
};

// A move is a question tried at a partial answer; it takes some ten microseconds.
struct PlannerLimits {
  // Moves before the plan is no longer sought to be the best one: half a second.
  uint64_t max_moves = 20'000;
  // Moves after which a table of all partial answers is likely to be faster, if it is small enough.
  uint64_t max_moves_before_table = 2'000;
  // Partial answers in such a table: those to fourteen questions of two answers, half a second.
  uint64_t max_cells = 4'782'969;
  // Moves to find the least number of questions for one goal alone, which bounds the plan.
  uint64_t max_moves_of_one_goal = 1'000;
};

// What to ask next, and what is then still to be expected when every question gets an answer.
struct Plan {
  std::optional<QuestionIndex> next;  // nullopt: every goal is settled
  // Of the plan that begins with `next`; `exact`: no plan expects fewer.
  double expected = 0;
  // What every plan expects at least: proven. Equals `expected` when exact.
  double at_least = 0;
  uint32_t at_most = 0;  // questions in the plan's worst case
  bool exact = true;
};

class Search;

// Plans the fewest expected questions until every goal is settled.
//
// What it found out is kept, so further plans about the same questions come quickly. For one
// thread.
class Planner {
 public:
  explicit Planner(std::vector<Question> questions, const PlannerLimits& limits = {});
  ~Planner();
  Planner(const Planner&) = delete;
  Planner& operator=(const Planner&) = delete;

  // Where goals are made.
  Diagrams& diagrams() { return diagrams_; }

  // The plan for all goals at once. Of equally good questions, one of the topic last asked about
  // comes first, then the first in order.
  Plan PlanFor(std::span<const Diagram> goals, std::optional<Topic> last_topic = std::nullopt);

 private:
  const std::vector<Question> questions_;
  const PlannerLimits limits_;
  Diagrams diagrams_;
  std::unique_ptr<Search> search_;
};

}  // namespace kstati::eligibility::questions
