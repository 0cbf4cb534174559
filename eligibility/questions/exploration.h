// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "eligibility/questions/diagrams.h"

namespace kstati::eligibility::questions {

// An answer given while a goal is explored.
struct Given {
  QuestionIndex question = 0;
  AnswerIndex answer = 0;
};

// What a goal comes to on some answers: its outcome, or else a question that it waits for and that
// is not among them.
struct Standing {
  std::optional<Outcome> outcome;
  QuestionIndex waits_for = 0;
};

using Judge = std::function<Standing(std::span<const Given>)>;
using AnswerCount = std::function<AnswerIndex(QuestionIndex)>;

// A goal as it was explored: which question it waits for after which answers.
struct Exploration {
  struct Step {
    std::optional<Outcome> outcome;
    QuestionIndex question = 0;
    std::vector<Step> by_answer = {};  // empty when settled
  };
  Step root;
  bool whole = true;  // false: some answers were not followed for want of evaluations
};

// Follows every answer, asking `judge` at most `evaluations` times; takes them off. Steps that were
// not followed have the outcome `unseen`.
Exploration Explore(const Judge& judge, const AnswerCount& answer_count, Outcome unseen,
                    uint64_t& evaluations);

// The goal as a function of the answers; `place_of` says which of the diagrams' questions a
// question is.
Diagram ToDiagram(const Exploration& exploration, std::span<const QuestionIndex> place_of,
                  Diagrams& diagrams);

}  // namespace kstati::eligibility::questions
