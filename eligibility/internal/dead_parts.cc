// SPDX-License-Identifier: Apache-2.0
// Parts of a rule that decide nothing.
#include <algorithm>

#include "eligibility/internal/regulation_lint.h"

namespace kstati::eligibility {
namespace {

using feel::Node;
using feel::NodeIndex;
using feel::Op;

// What a value is made of, as far as it means something by itself: what binds a name is left out.
std::vector<NodeIndex> PartsOf(const feel::Program& program, const Node& node) {
  switch (node.op) {
    case Op::kAdd:
    case Op::kSubtract:
    case Op::kMultiply:
    case Op::kDivide:
    case Op::kEqual:
    case Op::kNotEqual:
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kGreater:
    case Op::kGreaterEqual: return {node.a, node.b};
    case Op::kNegate:
    case Op::kPath: return {node.a};
    case Op::kBetween: return {node.a, node.b, node.c};
    case Op::kCallBuiltin: {
      const auto children = std::span(program.children).subspan(node.a, node.b);
      return {children.begin(), children.end()};
    }
    default: return {};
  }
}

class Parting {
 public:
  Parting(const Rule& rule, WitnessSearch& search, Parts& parts)
      : rule_(rule), program_(rule.expression.program()), search_(search), parts_(parts) {}

  std::vector<DeadPart> Find() {
    Visit(program_.root);
    return std::move(found_);
  }

 private:
  const Rule* PartAt(NodeIndex node) {
    return &parts_.emplace_back(PartOfRule(program_, node), rule_.needs, rule_.member_slots);
  }

  std::string TextOf(NodeIndex index) const {
    const Node& node = program_.nodes[index];
    return program_.text.substr(node.offset, node.length);
  }

  // Truths of "and" and "or" that count as such, and branches of whatever is chosen.
  void Visit(NodeIndex index) {
    const Node& node = program_.nodes[index];
    if (node.op == Op::kAnd || node.op == Op::kOr) {
      const std::span<const NodeIndex> operands =
          std::span(program_.children).subspan(node.a, node.b);
      CheckOperands(node.op == Op::kOr, operands);
      for (const NodeIndex operand : operands) Visit(operand);
    } else if (node.op == Op::kIf) {
      CheckBranch(node.a, node.b, true);
      CheckBranch(node.a, node.c, false);
      Visit(node.a);
      Visit(node.b);
      Visit(node.c);
    } else {
      for (const NodeIndex part : PartsOf(program_, node)) Visit(part);
    }
  }

  // An operand of "or" matters where it alone is true, of "and" where it alone is not.
  void CheckOperands(bool is_or, std::span<const NodeIndex> operands) {
    std::vector<const Rule*> rules;
    for (const NodeIndex operand : operands) rules.push_back(PartAt(operand));
    for (size_t i = 0; i < rules.size(); ++i) {
      std::vector<Demand> demands{{rules[i], is_or}};
      for (size_t k = 0; k < rules.size(); ++k) {
        if (k != i) demands.push_back({rules[k], !is_or});
      }
      if (search_.Find(demands).end != Witness::End::kImpossible) continue;
      const std::string text = "\"" + TextOf(operands[i]) + "\" never matters: ";
      std::vector<Demand> shown{{rules[i], is_or}};
      const bool never = search_.Find(shown).end == Witness::End::kImpossible;
      if (never) {
        found_.push_back({operands[i], text + (is_or ? "it never holds" : "it always holds"), {}});
      } else {
        const std::string whose = is_or ? "whenever it holds, another part of the \"or\" does too"
                                        : "whenever it fails, another part of the \"and\" does too";
        found_.push_back({operands[i], text + whose, shown});
      }
      return;  // of two equal operands only one is one too many
    }
  }

  void CheckBranch(NodeIndex condition, NodeIndex branch, bool taken_when) {
    const Rule* rule = PartAt(condition);
    if (search_.Find({{rule, taken_when}}).end != Witness::End::kImpossible) return;
    found_.push_back({branch,
                      "the branch \"" + TextOf(branch) + "\" is never taken: \"" +
                          TextOf(condition) + "\" always " + (taken_when ? "fails" : "holds"),
                      {{rule, !taken_when}}});
  }

  const Rule& rule_;
  const feel::Program& program_;
  WitnessSearch& search_;
  Parts& parts_;
  std::vector<DeadPart> found_;
};

}  // namespace

std::vector<const Rule*> TruthsIn(const Rule& rule, Parts& parts) {
  const feel::Program& program = rule.expression.program();
  std::vector<const Rule*> truths;
  std::vector<NodeIndex> open{program.root};
  if (program.types[program.root].is(feel::Kind::kBoolean)) truths.push_back(&rule);
  while (!open.empty()) {
    const Node& node = program.nodes[open.back()];
    open.pop_back();
    if (node.op == Op::kIf) {
      truths.push_back(
          &parts.emplace_back(PartOfRule(program, node.a), rule.needs, rule.member_slots));
      open.insert(open.end(), {node.a, node.b, node.c});
    }
    const std::vector<NodeIndex> inner = PartsOf(program, node);
    open.insert(open.end(), inner.begin(), inner.end());
  }
  return truths;
}

std::vector<DeadPart> FindDeadParts(const Rule& rule, WitnessSearch& search, Parts& parts) {
  return Parting(rule, search, parts).Find();
}

}  // namespace kstati::eligibility
