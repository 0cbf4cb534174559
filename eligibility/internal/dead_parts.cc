// SPDX-License-Identifier: Apache-2.0
// Parts of a rule that decide nothing.
#include <algorithm>

#include "eligibility/internal/regulation_lint.h"

namespace kstati::eligibility {
namespace {

using feel::Node;
using feel::NodeIndex;
using feel::Op;

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

  // Only parts that truth passes through: those of an "if" that gives a number are no branches.
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

std::vector<DeadPart> FindDeadParts(const Rule& rule, WitnessSearch& search, Parts& parts) {
  return Parting(rule, search, parts).Find();
}

}  // namespace kstati::eligibility
