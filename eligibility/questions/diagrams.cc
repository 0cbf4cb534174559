// SPDX-License-Identifier: Apache-2.0
#include "eligibility/questions/diagrams.h"

#include <algorithm>

#include "base/check.h"

namespace kstati::eligibility::questions {

size_t Diagrams::KeyHash::operator()(const std::vector<uint32_t>& key) const {
  uint64_t hash = 0x9E37'79B9'7F4A'7C15U;
  for (const uint32_t part : key) hash = (hash ^ part) * 0xFF51'AFD7'ED55'8CCDU, hash ^= hash >> 32;
  return hash;
}

Diagrams::Diagrams(std::vector<AnswerIndex> answer_counts)
    : answer_counts_(std::move(answer_counts)) {
  for (const AnswerIndex count : answer_counts_) KSTATI_CHECK(count > 0);
}

std::span<const Diagram> Diagrams::ChildrenOf(Diagram diagram) const {
  const Node& node = nodes_[diagram];
  return {&children_[node.first], answer_counts_[node.question]};
}

Diagram Diagrams::Settled(Outcome outcome) {
  const auto [found, added] = known_.try_emplace({kNoQuestion, outcome}, nodes_.size());
  if (added) {
    nodes_.push_back({kNoQuestion, outcome});
    depends_.emplace_back();
  }
  return found->second;
}

Diagram Diagrams::Make(QuestionIndex question, std::vector<Diagram> children) {
  if (std::ranges::all_of(children, [&](Diagram each) { return each == children.front(); })) {
    return children.front();
  }
  std::vector<uint32_t> key{question};
  key.insert(key.end(), children.begin(), children.end());
  const auto [found, added] = known_.try_emplace(std::move(key), nodes_.size());
  if (!added) return found->second;
  std::vector<QuestionIndex> depends;
  for (const Diagram child : children) {
    depends.insert(depends.end(), depends_[child].begin(), depends_[child].end());
  }
  std::ranges::sort(depends);
  depends.erase(std::unique(depends.begin(), depends.end()), depends.end());
  KSTATI_CHECK(depends.empty() || question < depends.front());
  depends.insert(depends.begin(), question);
  nodes_.push_back({question, static_cast<uint32_t>(children_.size())});
  children_.insert(children_.end(), children.begin(), children.end());
  depends_.push_back(std::move(depends));
  return found->second;
}

Diagram Diagrams::Child(Diagram diagram, QuestionIndex question, AnswerIndex answer) const {
  const Node& node = nodes_[diagram];
  return node.question == question ? children_[node.first + answer] : diagram;
}

bool Diagrams::DependsOn(Diagram diagram, QuestionIndex question) const {
  return std::ranges::binary_search(depends_[diagram], question);
}

Diagram Diagrams::Chosen(QuestionIndex question, std::span<const Diagram> by_answer) {
  KSTATI_CHECK(by_answer.size() == answer_counts_[question]);
  QuestionIndex first = question;
  for (const Diagram each : by_answer) first = std::min(first, nodes_[each].question);
  std::vector<Diagram> children;
  if (first == question) {
    children.assign(by_answer.begin(), by_answer.end());
    return Make(question, std::move(children));
  }
  std::vector<Diagram> below(by_answer.size());
  for (AnswerIndex answer = 0; answer < answer_counts_[first]; ++answer) {
    std::ranges::transform(by_answer, below.begin(),
                           [&](Diagram each) { return Child(each, first, answer); });
    children.push_back(Chosen(question, below));
  }
  return Make(first, std::move(children));
}

Diagram Diagrams::Given(Diagram diagram, QuestionIndex question, AnswerIndex answer) {
  if (!DependsOn(diagram, question)) return diagram;
  if (nodes_[diagram].question == question) return Child(diagram, question, answer);
  std::vector<uint32_t> key{diagram, question, answer};
  const auto found = given_.find(key);
  if (found != given_.end()) return found->second;
  const std::span<const Diagram> before = ChildrenOf(diagram);
  std::vector<Diagram> children(before.begin(), before.end());
  for (Diagram& child : children) child = Given(child, question, answer);
  const Diagram result = Make(nodes_[diagram].question, std::move(children));
  given_.emplace(std::move(key), result);
  return result;
}

Diagram Diagrams::Larger(Diagram a, Diagram b) {
  if (a == b) return a;
  if (a > b) std::swap(a, b);
  if (IsSettled(a) && IsSettled(b)) return OutcomeOf(a) > OutcomeOf(b) ? a : b;
  const auto found = larger_.find({a, b});
  if (found != larger_.end()) return found->second;
  const QuestionIndex first = std::min(nodes_[a].question, nodes_[b].question);
  std::vector<Diagram> children;
  for (AnswerIndex answer = 0; answer < answer_counts_[first]; ++answer) {
    children.push_back(Larger(Child(a, first, answer), Child(b, first, answer)));
  }
  const Diagram result = Make(first, std::move(children));
  larger_.emplace(std::pair{a, b}, result);
  return result;
}

}  // namespace kstati::eligibility::questions
