// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "eligibility/internal/evaluation.h"
#include "eligibility/internal/ruling.h"

namespace kstati::eligibility {

struct CompletionLimits {
  // Evaluations of one decision: ten facts that are true or false, or three of ten values each. In
  // a few milliseconds; more unknown facts are asked for instead.
  size_t max_evaluations = 1024;
};

// What all ways of completing the missing facts of a decision have in common.
struct Completion {
  // A fact that was completed, with every value that the rules tell apart.
  struct Domain {
    Missing fact;
    std::vector<profile::FactValue> values;
  };
  // Set when all end in the same verdict; a refusal, when they share a ground. `regulation` and
  // `variant` are those of all, or the regulation in force when completions differ in them.
  std::optional<Ruling> ruling;
  std::vector<Truth> truths;   // of its criteria; kUnknown where completions differ
  std::vector<Domain> varied;  // what was completed
  // With `ruling`: the ways that were tried, each as far as it had to be told. Together they cover
  // every combination of values.
  std::vector<std::vector<Assumption>> ways;
  std::vector<Missing> indifferent;  // missing facts none of whose values changes any outcome
};

// Decides by completion what plain evaluation leaves undetermined. `missing` is what it misses,
// `region` the applicant's ("" when nobody knows it).
// Exact: whatever the facts turn out to be, later decisions are the same. Says nothing when it
// cannot help or the completions are too many to try.
Completion Complete(const Rulebook& book, const Subject& subject, const graph::Service& service,
                    const std::string& region, const std::vector<Missing>& missing,
                    const CompletionLimits& limits = {});

}  // namespace kstati::eligibility
