// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "cases/draft.h"
#include "profile/registry_event.h"

namespace kstati::cases {

// A fact that is the output of a service ends the open cases of that service about that person: the
// result is there. Cases of the people around the event are looked at (PeopleAround). What the
// person had before is no result of an application: neither what is told again or put right, nor,
// but for payments and what was granted, what is valid from an earlier day than the life event
// behind the case. Of what is renewed, nothing from before the application. An offer of what is not
// renewed ends by any record that the person has it.
Result<void> CloseByResults(Draft& draft, const profile::RegistryEvent& event);

}  // namespace kstati::cases
