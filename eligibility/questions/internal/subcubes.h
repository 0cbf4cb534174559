// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "eligibility/questions/diagrams.h"

namespace kstati::eligibility::questions {

// The best plans for some goals: what they expect, and every question with which one begins.
struct BestPlans {
  double expected = 0;
  uint32_t at_most = 0;               // the least worst case of a plan that expects so few
  std::vector<QuestionIndex> firsts;  // of plans with that worst case, ascending
};

// Finds the best plans by a table of all partial answers: what structure cannot prune is settled by
// size. Takes time and memory (16 bytes each) for every partial answer, whatever the goals are;
// nullopt when there are more than `max_cells`. Follow-up questions are asked as any other.
// `probabilities` are by question and answer.
std::optional<BestPlans> BestPlansBySubcubes(Diagrams& diagrams, std::span<const Diagram> goals,
                                             const std::vector<std::vector<double>>& probabilities,
                                             uint64_t max_cells);

}  // namespace kstati::eligibility::questions
