// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/ids.h"
#include "profile/fact.h"

namespace kstati::profile {

// The keys of a citizen's records, described in docs/internals/formats.md. A key begins with the
// letter of its kind.

inline constexpr std::string_view kConsentPrefix = "k";
inline constexpr std::string_view kEventNotePrefix = "e";
inline constexpr std::string_view kSpreadEventPrefix = "p";

// What is kept of an event, and tells its repetitions.
std::string EventNoteKey(const EventKey& event);
std::string ConsentKey(const ConsentId& id);
// A record of another module: `kind` without zero bytes.
std::string ModuleRecordKey(std::string_view kind, std::string_view id);
std::string ModuleRecordPrefix(std::string_view kind);

// Of an event about citizens of several partitions. Records of nobody in the subject's partition:
// the event itself until everything it causes is done, and a row for each citizen of another
// partition. With such a citizen: that the event's facts arrived.
std::string SpreadEventKey(CitizenId subject, const EventKey& event);
std::string DeliveryPrefix(CitizenId subject, const EventKey& event);
std::string DeliveryKey(CitizenId subject, const EventKey& event, CitizenId receiver);
std::string ArrivalKey(CitizenId subject, const EventKey& event);
// What SpreadEventKey named; nullopt for another key.
std::optional<std::pair<CitizenId, EventKey>> ParseSpreadEventKey(std::string_view key);

// How far work over the whole store has come; a record of nobody (citizen 0).
std::string MarkKey(std::string_view name);

}  // namespace kstati::profile
