// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "eligibility/decision.h"
#include "eligibility/internal/evaluation.h"
#include "eligibility/internal/rulebook.h"
#include "graph/service.h"

namespace kstati::eligibility {

// What the regulation in force comes to for one subject.
struct Ruling {
  Verdict verdict = Verdict::kUndetermined;
  const graph::Regulation* in_force = nullptr;    // null: none, so not eligible
  const graph::Regulation* regulation = nullptr;  // as it applies: in_force or the variant's
  const graph::Variant* variant = nullptr;        // null: there is none, or it is not settled
  // Variants that may be the applicant's, where their shared grounds were looked for; when
  // recording.
  std::vector<const graph::Variant*> possible;
  std::vector<GroundId> grounds;       // ordered, each once
  std::vector<feel::InputId> missing;  // only when undetermined
  std::vector<uint32_t> rules;         // that were evaluated; when recording
  Mark mark;
};

// Decides a service of the catalogue. With variants, the one whose category the applicant is in
// decides. While that is open, the service is refused only on a ground that every possible variant
// refuses on; where no variant or several cover the applicant, the regulation contradicts itself
// and the answer is undetermined: an official decides.
Ruling RuleOn(const graph::Service& service, const Rulebook& book, Evaluation& evaluation);
// The same without grounds.
Ruling VerdictAlone(const graph::Service& service, const Rulebook& book, Evaluation& evaluation);

}  // namespace kstati::eligibility
