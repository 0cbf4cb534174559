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
#include "eligibility/feel/work.h"

namespace kstati::eligibility::feel {

struct RuleText {
  std::string_view text;
  Location where;
};

// What is kept of a set beside what its words alone compute.
struct Sharing {
  bool loads = true;  // values of slots; false: the environment keeps them as well
  // Calls of the scope's functions; true: they give the same for the same arguments.
  bool native_calls = false;
};

// Many expressions over one scope in one program: what they have in common is one node of it.
// Immutable; shared by threads.
class RuleSet {
 public:
  // nullopt exactly when an error was appended.
  static std::optional<RuleSet> Compile(std::span<const RuleText> rules, const Scope& scope,
                                        std::vector<Issue>& issues,
                                        const CompileOptions& options = {},
                                        const Sharing& sharing = {});

  size_t size() const { return roots_.size(); }
  NodeIndex root(size_t rule) const { return roots_[rule]; }
  const std::shared_ptr<const Program>& program() const { return program_; }

 private:
  std::shared_ptr<const Program> program_;
  std::vector<NodeIndex> roots_;
};

// Where the values of a program's shared parts are kept. Parts are numbered from 0.
class PartValues {
 public:
  // A value, and the steps that its computation took.
  struct Kept {
    Value value;
    uint64_t steps = 0;
  };

  virtual ~PartValues() = default;
  // nullptr when it is not kept yet; then Begin follows, and Keep unless a limit was exceeded.
  virtual const Kept* Find(uint32_t part) = 0;
  // Before a part is computed; others may be computed within. Keep gets what it gives.
  virtual size_t Begin() = 0;
  virtual const Value& Keep(uint32_t part, size_t begun, Kept kept) = 0;
};

// The values of shared parts in one environment, each computed when first needed.
class Memo final : public PartValues {
 public:
  explicit Memo(size_t parts) : kept_(parts), computed_(parts, 0) {}

  // Forgets everything; costs nothing.
  void Clear();
  const Kept* Find(uint32_t part) override {
    return computed_[part] == round_ ? &kept_[part] : nullptr;
  }
  size_t Begin() override { return 0; }
  const Value& Keep(uint32_t part, size_t, Kept kept) override {
    computed_[part] = round_;
    kept_[part] = std::move(kept);
    return kept_[part].value;
  }

 private:
  std::vector<Kept> kept_;
  std::vector<uint32_t> computed_;  // the round in which each was computed
  uint32_t round_ = 1;
};

// One rule of a set in an environment; parts that are kept are not computed again. The value is
// the one of the rule alone. `locals` has the frame size of the program. Adds to `work`.
Value Evaluate(const RuleSet& rules, size_t rule, Environment& environment, std::span<Value> locals,
               PartValues& parts, Work& work);

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
  // Since it was made.
  const Work& work() const { return work_; }

 private:
  const RuleSet& rules_;
  Environment& environment_;
  Memo memo_;
  std::vector<Value> frame_;
  Work work_;
};

// Makes equal parts of a program one node where that changes nothing: parts that read no local of
// others and whose value depends on the environment alone. `roots` follow. Numbers in `parts` what
// several others read.
void ShareParts(Program& program, std::vector<NodeIndex>& roots, const Sharing& sharing);

}  // namespace kstati::eligibility::feel
