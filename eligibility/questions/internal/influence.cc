// SPDX-License-Identifier: Apache-2.0
#include "eligibility/questions/internal/influence.h"

#include <algorithm>

namespace kstati::eligibility::questions {

size_t Influence::SetHash::operator()(const std::vector<Diagram>& set) const {
  uint64_t hash = set.size();
  for (const Diagram each : set) hash = (hash ^ each) * 0x9E37'79B9'7F4A'7C15U, hash ^= hash >> 32;
  return hash;
}

const std::vector<double>& Influence::Of(Diagram diagram) {
  const auto found = influences_.find(diagram);
  if (found != influences_.end()) return found->second;
  const std::span<const QuestionIndex> questions = diagrams_.QuestionsOf(diagram);
  std::vector<double> influence(questions.size(), 0);
  if (!questions.empty()) {
    const auto children = diagrams_.ChildrenOf(diagram);
    std::vector<Diagram> set(children.begin(), children.end());
    for (size_t answer = 0; answer < set.size(); ++answer) {
      const double probability = probabilities_[questions.front()][answer];
      const std::vector<double>& below = Of(set[answer]);
      const auto named = diagrams_.QuestionsOf(set[answer]);
      for (size_t i = 0; i < named.size(); ++i) {
        const auto place = std::ranges::lower_bound(questions, named[i]) - questions.begin();
        influence[static_cast<size_t>(place)] += probability * below[i];
      }
    }
    std::ranges::sort(set);
    set.erase(std::unique(set.begin(), set.end()), set.end());
    influence.front() = Difference(set);
  }
  return influences_.emplace(diagram, std::move(influence)).first->second;
}

double Influence::Difference(const std::vector<Diagram>& set) {
  if (set.size() == 1) return 0;
  const auto settled = [&](Diagram each) { return diagrams_.IsSettled(each); };
  if (std::ranges::count_if(set, settled) > 1) return 1;
  const auto found = differences_.find(set);
  if (found != differences_.end()) return found->second;
  QuestionIndex first = diagrams_.question_count();
  for (const Diagram each : set) {
    if (!settled(each)) first = std::min(first, diagrams_.FirstQuestionOf(each));
  }
  double difference = 0;
  for (AnswerIndex answer = 0; answer < diagrams_.answer_count(first); ++answer) {
    std::vector<Diagram> below;
    for (const Diagram each : set) below.push_back(diagrams_.Given(each, first, answer));
    std::ranges::sort(below);
    below.erase(std::unique(below.begin(), below.end()), below.end());
    difference += probabilities_[first][answer] * Difference(below);
  }
  differences_.emplace(set, difference);
  return difference;
}

}  // namespace kstati::eligibility::questions
