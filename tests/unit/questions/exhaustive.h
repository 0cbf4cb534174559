// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "eligibility/questions/planner.h"

namespace kstati::eligibility::questions {

// Goals over all questions, each as a table: the outcome by the number whose digit i, of as many
// values as question i has answers, is the answer to question i.
struct Tables {
  std::vector<Question> questions;
  std::vector<std::vector<Outcome>> goals;

  size_t size() const;  // of a table
  AnswerIndex answer_count(QuestionIndex question) const;
};

// The fewest questions that can be expected, by trying every question after every answer. Shares
// nothing with the planner; minds neither topics nor `after`.
double FewestByTryingAll(const Tables& tables);

// The same for up to fourteen questions of two answers, by a table over all partial answers.
double FewestBySubcubes(const Tables& tables);

// The questions asked when `planner` plans anew after every answer; by full answers.
struct Played {
  double mean = 0;  // weighted
  uint32_t most = 0;
};
Played PlayAll(Planner& planner, const Tables& tables, const std::vector<Diagram>& goals);

// The goals in a planner; `from_last` builds them from the last question to the first.
std::vector<Diagram> MakeDiagrams(const Tables& tables, Diagrams& diagrams, bool from_last = false);

}  // namespace kstati::eligibility::questions
