// SPDX-License-Identifier: Apache-2.0
#include "cases/regulation_entry.h"

namespace kstati::cases {

void NoteRegulation(Draft& draft, const Case& c, const eligibility::Decision& decision) {
  if (decision.in_force == nullptr) return;
  JournalEntry entry = draft.EntryAbout(c);
  entry.activity = kRegulationAppliedActivity;
  entry.reason = decision.in_force->in_force.from.ToString();
  if (decision.variant != nullptr) entry.reason += " " + decision.variant->id;
  draft.Append(c.citizen, entry);
}

AppliedRegulation ParseAppliedRegulation(std::string_view reason) {
  const size_t middle = reason.find(' ');
  AppliedRegulation applied{std::string(reason.substr(0, middle)), {}};
  if (middle != std::string_view::npos) applied.variant = reason.substr(middle + 1);
  return applied;
}

}  // namespace kstati::cases
