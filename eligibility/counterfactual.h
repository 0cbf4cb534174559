// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/messages.h"
#include "base/time.h"
#include "eligibility/program.h"
#include "graph/service.h"
#include "profile/value.h"

namespace kstati::eligibility {

// A fact as it would have to be.
struct Change {
  CitizenId citizen;
  AttributeId attribute;  // as recorded
  profile::FactValue value;
};

struct CounterfactualLimits {
  size_t most_changes = 8;          // in one set
  size_t max_evaluations = 20'000;  // some tens of milliseconds
  int days_ahead = 20 * 366;        // how far time is looked into
};

// What would turn a "no" into "eligible" or "likely".
struct Counterfactuals {
  // Sets of changes that the person could make, of attributes that the dictionary says a person
  // changes; fewest first. No set has a part that would do; of one set of attributes the values
  // nearest to the present are named.
  std::vector<std::vector<Change>> sets;
  // No set is left out: every combination of values that the rules tell apart was tried.
  bool complete = true;
  // The first later day on which the same facts are enough, as far as law and calendar are known.
  std::optional<Date> by_waiting;
};

// Empty unless the service is decided "not eligible" for the subject. Every answer was decided by
// the engine. Waiting is looked into when the household has the histories it was made from.
Counterfactuals WhatWouldChange(const Program& program, const graph::Service& service,
                                const Subject& subject, const CounterfactualLimits& limits = {});

// The same in sentences, one for each set and one for waiting.
std::vector<std::string> InWords(const Counterfactuals& counterfactuals, const Program& program,
                                 CitizenId applicant, const Messages& messages, Language language);

}  // namespace kstati::eligibility
