// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/issue.h"
#include "eligibility/feel/environment.h"
#include "eligibility/feel/expression.h"
#include "eligibility/feel/program.h"
#include "eligibility/feel/scope.h"

namespace kstati::eligibility::feel {

struct RuleText {
  std::string_view text;
  Location where;
};

// Many expressions over one scope in one program: what they have in common is one node of it.
// Immutable; shared by threads.
class RuleSet {
 public:
  // nullopt exactly when an error was appended.
  static std::optional<RuleSet> Compile(std::span<const RuleText> rules, const Scope& scope,
                                        std::vector<Issue>& issues,
                                        const CompileOptions& options = {});

  size_t size() const { return roots_.size(); }
  NodeIndex root(size_t rule) const { return roots_[rule]; }
  const std::shared_ptr<const Program>& program() const { return program_; }

 private:
  std::shared_ptr<const Program> program_;
  std::vector<NodeIndex> roots_;
};

// The values of shared nodes in one environment, each computed when first needed.
class Memo {
 public:
  explicit Memo(size_t nodes) : values_(nodes), computed_(nodes, 0) {}

  // Forgets everything; costs nothing.
  void Clear();
  // nullptr when the node was not computed since Clear.
  const Value* Find(NodeIndex node) const {
    return computed_[node] == round_ ? &values_[node] : nullptr;
  }
  const Value& Keep(NodeIndex node, Value value) {
    computed_[node] = round_;
    values_[node] = std::move(value);
    return values_[node];
  }

 private:
  std::vector<Value> values_;
  std::vector<uint32_t> computed_;  // the round in which each was computed
  uint32_t round_ = 1;
};

// Evaluates rules of one set for one person after another. What rules share is computed once for
// each person, and only when a rule needs it. For one thread; the set and the environment must
// outlive it.
class RuleEvaluation {
 public:
  RuleEvaluation(const RuleSet& rules, Environment& environment);

  // Never fails, as Evaluate(Expression, Environment).
  Value Evaluate(size_t rule);
  // The environment has other values from now on.
  void Restart() { memo_.Clear(); }

 private:
  const RuleSet& rules_;
  Environment& environment_;
  Memo memo_;
  std::vector<Value> frame_;
};

// Makes equal parts of a program one node where that changes nothing: parts without locals whose
// value depends on the environment alone. `roots` follow. Marks in `shared` what several others
// read.
void ShareParts(Program& program, std::vector<NodeIndex>& roots);

}  // namespace kstati::eligibility::feel
