// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <unordered_map>
#include <vector>

#include "eligibility/questions/diagrams.h"

namespace kstati::eligibility::questions {

// How likely it is that the answer to a question matters when everything else is answered. Whoever
// settles a goal must ask every question that then matters, in whatever order: so these
// probabilities, summed, are the fewest questions that any plan can expect.
class Influence {
 public:
  // By question and answer, the probabilities of the answers. Both must outlive it.
  Influence(Diagrams& diagrams, const std::vector<std::vector<double>>& probabilities)
      : diagrams_(diagrams), probabilities_(probabilities) {}

  // For each of QuestionsOf(diagram), in that order. The reference lives until the next call.
  const std::vector<double>& Of(Diagram diagram);

 private:
  struct SetHash {
    size_t operator()(const std::vector<Diagram>& set) const;
  };

  // How likely it is that not all of them, sorted and each once, have one outcome.
  double Difference(const std::vector<Diagram>& set);

  Diagrams& diagrams_;
  const std::vector<std::vector<double>>& probabilities_;
  std::unordered_map<Diagram, std::vector<double>> influences_;
  std::unordered_map<std::vector<Diagram>, double, SetHash> differences_;
};

}  // namespace kstati::eligibility::questions
