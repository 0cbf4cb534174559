// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/ids.h"
#include "profile/fact.h"

namespace kstati::profile {

// The keys of a citizen's records, described in docs/internals/formats.md. A key begins with the
// letter of its kind.

inline constexpr std::string_view kConsentPrefix = "k";
inline constexpr std::string_view kEventNotePrefix = "e";

// What is kept of an event, and tells its repetitions.
std::string EventNoteKey(const EventKey& event);
std::string ConsentKey(const ConsentId& id);
// A record of another module: `kind` without zero bytes.
std::string ModuleRecordKey(std::string_view kind, std::string_view id);
std::string ModuleRecordPrefix(std::string_view kind);

// How far work over the whole store has come; a record of nobody (citizen 0).
std::string MarkKey(std::string_view name);

}  // namespace kstati::profile
