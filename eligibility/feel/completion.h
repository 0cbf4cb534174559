// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include "eligibility/feel/environment.h"
#include "eligibility/feel/value.h"

namespace kstati::eligibility::feel {

struct CompletionLimits {
  // Evaluations of one decision: twelve facts that are true or false. More would take longer than
  // asking the person.
  size_t max_evaluations = 8192;
};

// The values that a missing input may turn out to have; empty when they are too many to list.
using DomainOf = std::function<std::span<const Value>(InputId)>;

// Something that is evaluated in an environment, as often as is asked.
using Evaluable = std::function<Value(Environment&)>;

// The value that every completion of the missing inputs gives; otherwise unknown, as `evaluate`
// gives it. Kleene logic leaves "a or not a" open, this decides it. Exact for inputs that have a
// domain; one without stays unknown in every completion. Inputs are told apart by Load: a slot
// whose value is an unknown of one input is that input.
Value EvaluateByCompletion(const Evaluable& evaluate, Environment& environment,
                           const DomainOf& domain_of, const CompletionLimits& limits = {});

}  // namespace kstati::eligibility::feel
