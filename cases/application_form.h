// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cases/draft.h"
#include "eligibility/decision.h"

namespace kstati::cases {

enum class FieldState {
  kHeld,      // filled in with what is on record
  kRegistry,  // a registry has not reported it yet: nobody asks the person
  kPerson,    // nobody but the person can tell
  kBring,     // a document that is on no record, and that no registry keeps
};

std::string_view NameOf(FieldState state);  // "held", "registry", "person", "bring"

// A field of an application.
struct FormField {
  CitizenId citizen;  // whose; 0: nobody is known in the attribute's role
  AttributeId attribute;
  FieldState state = FieldState::kHeld;
  std::optional<eligibility::UsedFact> fact;  // of what is held
};

// What an application for the service of an explained decision consists of: the documents that its
// regulation lists, and the facts that its rules read. Each once; nothing else is ever asked.
Result<std::vector<FormField>> FillForm(Draft& draft, const eligibility::Decision& decision);

}  // namespace kstati::cases
