// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <span>
#include <utility>
#include <vector>

#include "base/result.h"
#include "eligibility/questions/questionnaire.h"

namespace kstati::eligibility::questions {

// A fact of somebody, under the attribute that is recorded.
using FactKey = std::pair<CitizenId, profile::AttributeIndex>;

// The attribute that is recorded: child.birth_date is person.birth_date of the child.
const profile::Attribute& RecordedOf(const profile::Attribute& attribute,
                                     const profile::Dictionary& dictionary);

// Whether a person may be asked for it: it is reported by the person, and by no registry.
bool MayBeAsked(const profile::Attribute& attribute, const profile::Dictionary& dictionary);

// Answers that have been checked.
struct Answered {
  std::vector<Assumption> known;
  std::set<FactKey> not_known;
  std::optional<FactKey> last;
};

Result<Answered> Check(std::span<const Answer> answers, const Subject& subject,
                       const profile::Dictionary& dictionary, size_t max_answers);

}  // namespace kstati::eligibility::questions
