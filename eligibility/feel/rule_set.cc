// SPDX-License-Identifier: Apache-2.0
#include "eligibility/feel/rule_set.h"

#include <utility>

#include "eligibility/feel/composer.h"
#include "eligibility/feel/evaluator.h"

namespace kstati::eligibility::feel {

std::optional<RuleSet> RuleSet::Compile(std::span<const RuleText> rules, const Scope& scope,
                                        std::vector<Issue>& issues, const CompileOptions& options,
                                        const Sharing& sharing) {
  CompileOptions of_set = options;
  of_set.limits.max_text_bytes = options.limits.max_text_bytes * (rules.size() + 1);
  Composer composer(scope, of_set, issues);
  RuleSet set;
  for (const RuleText& rule : rules) {
    const auto places = [&rule](size_t offset) { return PlaceOf(rule.text, rule.where, offset); };
    set.roots_.push_back(composer.Expression(rule.text, places));
  }
  std::optional<Program> program = composer.FinishProgram(set.roots_);
  if (!program) return std::nullopt;
  ShareParts(*program, set.roots_, sharing);
  set.program_ = std::make_shared<const Program>(*std::move(program));
  return set;
}

void Memo::Clear() {
  if (++round_ != 0) return;
  computed_.assign(computed_.size(), 0);
  round_ = 1;
}

RuleEvaluation::RuleEvaluation(const RuleSet& rules, Environment& environment)
    : rules_(rules),
      environment_(environment),
      memo_(rules.program()->part_slots.size()),
      frame_(rules.program()->frame_size) {}

Value RuleEvaluation::Evaluate(size_t rule) {
  return feel::Evaluate(rules_, rule, environment_, frame_, memo_, work_);
}

Value Evaluate(const RuleSet& rules, size_t rule, Environment& environment, std::span<Value> locals,
               PartValues& parts, Work& work) {
  return Evaluator(rules.program(), environment).Run(rules.root(rule), locals, parts, work);
}

}  // namespace kstati::eligibility::feel
