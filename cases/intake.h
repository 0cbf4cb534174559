// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "cases/draft.h"
#include "cases/world.h"
#include "profile/registry_event.h"

namespace kstati::cases {

// What can be said of an event without the store: its form, its type, that the type's registry sent
// it, and that the required roles are there.
Result<void> CheckEvent(const World& world, const profile::RegistryEvent& event);

// Adds the relations that the event's type says hold between its participants.
void ImplyRelations(const World& world, profile::RegistryEvent& event);

// Whether the same event is recorded. kConflict when (source, id) is taken by an event with other
// content.
Result<bool> IsRepeated(const World& world, const profile::RegistryEvent& event);

// The place of that conflict: repeating the attempt does not help.
inline constexpr std::string_view kContentConflict = "content";

// Where citizens live in several partitions an event is kept with its subject, so that a correction
// about somebody else would correct nothing: kInvalidArgument where it names the other subject. One
// that supersedes what has not come is taken.
Result<void> CheckSubjectOfSuperseded(const World& world, const profile::RegistryEvent& event);

// kNotFound unless everyone the event names has a profile, or the event's type makes it.
Result<void> CheckKnownCitizens(Draft& draft, const profile::RegistryEvent& event);

}  // namespace kstati::cases
