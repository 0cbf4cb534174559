// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace kstati::eligibility::questions {

using QuestionIndex = uint32_t;
using AnswerIndex = uint32_t;
using Outcome = uint32_t;

// A function of the answers to questions. Equal functions of one Diagrams are the same number.
using Diagram = uint32_t;

// Multi-valued decision diagrams that share their parts: how what somebody wants to know depends on
// the answers still open.
//
// Invariants:
// 1. A node's question comes before all questions of its children.
// 2. No node has equal children only; no two nodes have the same question and children. So a
//    diagram depends on exactly the questions that it names, and equal functions are one diagram.
class Diagrams {
 public:
  // By question, how many answers it has: at least one each.
  explicit Diagrams(std::vector<AnswerIndex> answer_counts);

  // The function that gives `outcome` whatever is answered.
  Diagram Settled(Outcome outcome);
  // The function that the answer to `question` chooses from `by_answer`; these may depend on any
  // question but `question` itself.
  Diagram Chosen(QuestionIndex question, std::span<const Diagram> by_answer);
  // What remains of `diagram` once `question` has `answer`.
  Diagram Given(Diagram diagram, QuestionIndex question, AnswerIndex answer);
  // The function whose outcome is the larger one of both.
  Diagram Larger(Diagram a, Diagram b);

  bool IsSettled(Diagram diagram) const { return nodes_[diagram].question == kNoQuestion; }
  // Requires IsSettled.
  Outcome OutcomeOf(Diagram diagram) const { return nodes_[diagram].first; }
  // The questions whose answers matter to it, ascending.
  std::span<const QuestionIndex> QuestionsOf(Diagram diagram) const { return depends_[diagram]; }
  // Requires that it is not settled.
  QuestionIndex FirstQuestionOf(Diagram diagram) const { return nodes_[diagram].question; }
  std::span<const Diagram> ChildrenOf(Diagram diagram) const;

  QuestionIndex question_count() const { return static_cast<uint32_t>(answer_counts_.size()); }
  AnswerIndex answer_count(QuestionIndex question) const { return answer_counts_[question]; }

 private:
  static constexpr QuestionIndex kNoQuestion = ~QuestionIndex{0};

  struct Node {
    QuestionIndex question = kNoQuestion;
    uint32_t first = 0;  // of its children; the outcome when settled
  };
  struct KeyHash {
    size_t operator()(const std::vector<uint32_t>& key) const;
  };

  Diagram Make(QuestionIndex question, std::vector<Diagram> children);
  // By answer to `question`, which is not after the diagram's first.
  Diagram Child(Diagram diagram, QuestionIndex question, AnswerIndex answer) const;
  bool DependsOn(Diagram diagram, QuestionIndex question) const;

  std::vector<AnswerIndex> answer_counts_;
  std::vector<Node> nodes_;
  std::vector<Diagram> children_;
  std::vector<std::vector<QuestionIndex>> depends_;  // by diagram
  std::unordered_map<std::vector<uint32_t>, Diagram, KeyHash> known_;
  std::unordered_map<std::vector<uint32_t>, Diagram, KeyHash> given_;
  std::map<std::pair<Diagram, Diagram>, Diagram> larger_;
};

}  // namespace kstati::eligibility::questions
