// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "profile/value.h"

namespace kstati::eligibility::questions {

// Answers between which no rule makes a difference, by one of them.
struct PossibleAnswer {
  profile::FactValue value;
  // Numbers and dates: the answers strictly between both; absent: no such end. Both absent: only
  // `value` itself, or any text that no rule names.
  std::optional<profile::FactValue> above = {};
  std::optional<profile::FactValue> below = {};
};

struct PossibleAnswers {
  std::vector<PossibleAnswer> answers;  // at least one
  // Whether rules tell no other answers apart. False when the attribute is read in another way than
  // by comparing it with values that are known for this subject.
  bool exact = true;
};

}  // namespace kstati::eligibility::questions
