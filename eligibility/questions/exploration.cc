// SPDX-License-Identifier: Apache-2.0
#include "eligibility/questions/exploration.h"

namespace kstati::eligibility::questions {
namespace {

struct Explorer {
  const Judge& judge;
  const AnswerCount& answer_count;
  const Outcome unseen;
  uint64_t& evaluations;
  bool whole = true;
  std::vector<Given> given = {};

  Exploration::Step Follow() {
    Exploration::Step step;
    if (evaluations == 0) {
      whole = false;
      step.outcome = unseen;
      return step;
    }
    --evaluations;
    const Standing standing = judge(given);
    step.outcome = standing.outcome;
    if (standing.outcome) return step;
    step.question = standing.waits_for;
    const AnswerIndex count = answer_count(step.question);
    for (AnswerIndex answer = 0; answer < count; ++answer) {
      given.push_back({step.question, answer});
      step.by_answer.push_back(Follow());
      given.pop_back();
    }
    return step;
  }
};

Diagram ToDiagram(const Exploration::Step& step, std::span<const QuestionIndex> place_of,
                  Diagrams& diagrams) {
  if (step.outcome) return diagrams.Settled(*step.outcome);
  std::vector<Diagram> by_answer;
  for (const Exploration::Step& each : step.by_answer) {
    by_answer.push_back(ToDiagram(each, place_of, diagrams));
  }
  return diagrams.Chosen(place_of[step.question], by_answer);
}

}  // namespace

Exploration Explore(const Judge& judge, const AnswerCount& answer_count, Outcome unseen,
                    uint64_t& evaluations) {
  Explorer explorer{judge, answer_count, unseen, evaluations};
  Exploration exploration{explorer.Follow()};
  exploration.whole = explorer.whole;
  return exploration;
}

Diagram ToDiagram(const Exploration& exploration, std::span<const QuestionIndex> place_of,
                  Diagrams& diagrams) {
  return ToDiagram(exploration.root, place_of, diagrams);
}

}  // namespace kstati::eligibility::questions
