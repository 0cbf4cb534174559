// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bilingual.h"
#include "base/messages.h"
#include "eligibility/decision.h"
#include "eligibility/program.h"

namespace kstati::eligibility {

// One sentence of an explanation and the article it speaks from (null: none).
struct Reason {
  std::string text;
  const graph::LegalSource* source = nullptr;
};

// Whether sentences tell the values of facts, or kMask in their place.
enum class Values { kShown, kMasked };

inline constexpr std::string_view kMask = "•••";

// A decision in plain words, from top to bottom: the verdict, then why. For a "no" every ground,
// for an undetermined decision what is missing, for "likely" what remains to be confirmed. Each
// sentence names the fact and rule it speaks from. Requires a decision made with explanation.
std::vector<Reason> Explain(const Decision& decision, const Program& program,
                            const Messages& messages, Language language,
                            Values values = Values::kShown);

// A fact's value in words: "да", "25 342 ₽", "15 марта 2026". Data about a person: never log it.
std::string ValueInWords(const profile::FactValue& value, profile::ValueType type,
                         const Messages& messages, Language language);

}  // namespace kstati::eligibility
