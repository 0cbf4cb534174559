// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "cases/draft.h"
#include "profile/registry_event.h"

namespace kstati::cases {

// After an event with facts or relations: what a life event gave reason for and nobody has acted on
// yet, offers, announcements and what the state started by itself and has not handed over, stands
// only as long as it would be opened on what is known now. What does not, and what is the dead's,
// is taken back; so which of two facts comes first makes no difference. What a person confirmed
// stays, and is decided.
Result<void> Reconsider(Draft& draft, const profile::RegistryEvent& event);

}  // namespace kstati::cases
