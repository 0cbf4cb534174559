// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "cases/draft.h"
#include "profile/registry_event.h"

namespace kstati::cases {

// A fact that is the output of a service ends the open cases of that service about that person: the
// result is there. Cases of the person, the person's parents and the event's participants are
// looked at.
Result<void> CloseByResults(Draft& draft, const profile::RegistryEvent& event);

}  // namespace kstati::cases
