// SPDX-License-Identifier: Apache-2.0
#include "eligibility/standing.h"

#include <set>

namespace kstati::eligibility {

graph::Permission PermissionOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kNotEligible: return graph::Permission::kForbidden;
    case Verdict::kUndetermined: return graph::Permission::kUndetermined;
    case Verdict::kEligible:
    case Verdict::kLikely: break;
  }
  return graph::Permission::kAllowed;
}

graph::Standing StandingOf(const Decision& decision,
                           const std::function<bool(const AttributeId&)>& may_be_given) {
  std::set<AttributeId> read;
  for (const auto* outcomes : {&decision.criteria, &decision.categories}) {
    for (const CriterionOutcome& outcome : *outcomes) {
      for (const UsedFact& used : outcome.facts) read.insert(used.fact.attribute);
      for (const Reading& one : outcome.readings) {
        if (one.kin == Kin::kNone) read.insert(one.attribute);
      }
      for (const Missing& one : outcome.missing) read.insert(one.attribute);
    }
  }
  for (const auto* missing : {&decision.missing, &decision.completed}) {
    for (const Missing& one : *missing) read.insert(one.attribute);
  }
  std::erase_if(read, [&](const AttributeId& id) { return !may_be_given(id); });
  return {PermissionOf(decision.verdict),
          decision.regulation,
          decision.slowest,
          {read.begin(), read.end()}};
}

}  // namespace kstati::eligibility
