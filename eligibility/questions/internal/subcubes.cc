// SPDX-License-Identifier: Apache-2.0
#include "eligibility/questions/internal/subcubes.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

namespace kstati::eligibility::questions {
namespace {

constexpr double kTolerance = 1e-9;
constexpr int32_t kOpen = -1;

// A question as the goals see it: answers between which they make no difference are one.
struct Axis {
  QuestionIndex question = 0;
  std::vector<AnswerIndex> answers;  // one of each kind
  std::vector<double> probabilities;
  size_t stride = 1;  // between cells that differ by one digit

  size_t open() const { return answers.size(); }  // the digit of "not answered"
};

std::vector<Axis> AxesOf(Diagrams& diagrams, std::span<const Diagram> goals,
                         const std::vector<std::vector<double>>& probabilities) {
  std::vector<QuestionIndex> questions;
  for (const Diagram goal : goals) {
    const auto named = diagrams.QuestionsOf(goal);
    questions.insert(questions.end(), named.begin(), named.end());
  }
  std::ranges::sort(questions);
  questions.erase(std::unique(questions.begin(), questions.end()), questions.end());
  std::vector<Axis> axes;
  for (const QuestionIndex question : questions) {
    Axis& axis = axes.emplace_back();
    axis.question = question;
    std::map<std::vector<Diagram>, size_t> kinds;
    for (AnswerIndex answer = 0; answer < diagrams.answer_count(question); ++answer) {
      std::vector<Diagram> left;
      for (const Diagram goal : goals) left.push_back(diagrams.Given(goal, question, answer));
      const auto [kind, added] = kinds.try_emplace(std::move(left), axis.answers.size());
      if (added) {
        axis.answers.push_back(answer);
        axis.probabilities.push_back(0);
      }
      axis.probabilities[kind->second] += probabilities[question][answer];
    }
  }
  return axes;
}

// A cell is a partial answer: a number whose digit for each axis is an answer, or `open()`, the
// largest digit. So all that a cell's plans come to stands before it.
class Table {
 public:
  Table(const Diagrams& diagrams, std::span<const Diagram> goals, std::vector<Axis> axes,
        size_t cells)
      : diagrams_(diagrams),
        goals_(goals),
        axes_(std::move(axes)),
        expected_(cells),
        outcome_(cells, kOpen),
        at_most_(cells) {}

  BestPlans Fill() {
    std::vector<size_t> digits(axes_.size());
    for (size_t cell = 0;; ++cell) {
      FillCell(cell, digits);
      if (cell + 1 == expected_.size()) return {expected_[cell], at_most_[cell], Firsts(cell)};
      for (size_t i = 0; ++digits[i] > axes_[i].open(); ++i) digits[i] = 0;
    }
  }

 private:
  struct Promise {
    double expected = std::numeric_limits<double>::infinity();
    uint32_t at_most = std::numeric_limits<uint32_t>::max();
  };

  size_t CellGiven(size_t cell, const Axis& axis, size_t answer) const {
    return cell - (axis.open() - answer) * axis.stride;
  }

  void FillCell(size_t cell, const std::vector<size_t>& digits) {
    const auto is_open = [&](size_t i) { return digits[i] == axes_[i].open(); };
    size_t first = 0;
    while (first < axes_.size() && !is_open(first)) ++first;
    outcome_[cell] = first == axes_.size() ? JointOutcome(digits) : OutcomeBelow(cell, first);
    if (outcome_[cell] != kOpen) return;
    Promise best;
    for (size_t i = first; i < axes_.size(); ++i) {
      if (is_open(i)) best = Better(best, PromiseOf(cell, axes_[i]));
    }
    expected_[cell] = best.expected;
    at_most_[cell] = static_cast<uint8_t>(best.at_most);
  }

  // What every answer on the axis comes to, when that is one outcome.
  int32_t OutcomeBelow(size_t cell, size_t i) const {
    const int32_t outcome = outcome_[CellGiven(cell, axes_[i], 0)];
    for (size_t answer = 1; answer < axes_[i].open(); ++answer) {
      if (outcome_[CellGiven(cell, axes_[i], answer)] != outcome) return kOpen;
    }
    return outcome;
  }

  Promise PromiseOf(size_t cell, const Axis& axis) const {
    Promise promise{1, 0};
    for (size_t answer = 0; answer < axis.open(); ++answer) {
      const size_t below = CellGiven(cell, axis, answer);
      promise.expected += axis.probabilities[answer] * expected_[below];
      promise.at_most = std::max<uint32_t>(promise.at_most, at_most_[below]);
    }
    ++promise.at_most;
    return promise;
  }

  static Promise Better(const Promise& a, const Promise& b) {
    if (b.expected < a.expected - kTolerance) return b;
    return b.expected < a.expected + kTolerance && b.at_most < a.at_most ? b : a;
  }

  // Of the cell where nothing is answered.
  std::vector<QuestionIndex> Firsts(size_t cell) const {
    std::vector<QuestionIndex> firsts;
    for (const Axis& axis : axes_) {
      const Promise promise = PromiseOf(cell, axis);
      const bool best =
          promise.expected < expected_[cell] + 2 * kTolerance && promise.at_most <= at_most_[cell];
      if (best) firsts.push_back(axis.question);
    }
    return firsts;
  }

  int32_t JointOutcome(const std::vector<size_t>& digits) {
    std::vector<Outcome> outcomes;
    for (Diagram goal : goals_) {
      while (!diagrams_.IsSettled(goal)) {
        const auto axis =
            std::ranges::lower_bound(axes_, diagrams_.FirstQuestionOf(goal), {}, &Axis::question);
        const size_t digit = digits[static_cast<size_t>(axis - axes_.begin())];
        goal = diagrams_.ChildrenOf(goal)[axis->answers[digit]];
      }
      outcomes.push_back(diagrams_.OutcomeOf(goal));
    }
    const auto next = static_cast<int32_t>(joint_.size());
    return joint_.try_emplace(std::move(outcomes), next).first->second;
  }

  const Diagrams& diagrams_;
  const std::span<const Diagram> goals_;
  const std::vector<Axis> axes_;
  std::vector<double> expected_;
  std::vector<int32_t> outcome_;  // kOpen, or a number for what all goals together come to
  std::vector<uint8_t> at_most_;
  std::map<std::vector<Outcome>, int32_t> joint_;
};

}  // namespace

std::optional<BestPlans> BestPlansBySubcubes(Diagrams& diagrams, std::span<const Diagram> goals,
                                             const std::vector<std::vector<double>>& probabilities,
                                             uint64_t max_cells) {
  std::vector<Axis> axes = AxesOf(diagrams, goals, probabilities);
  uint64_t cells = 1;
  for (Axis& axis : axes) {
    axis.stride = cells;
    cells *= axis.open() + 1;
    if (cells > max_cells) return std::nullopt;
  }
  return Table(diagrams, goals, std::move(axes), cells).Fill();
}

}  // namespace kstati::eligibility::questions
