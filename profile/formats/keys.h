// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "profile/fact.h"

namespace kstati::profile {

// The keys of the store, described in docs/internals/formats.md. Everything of a citizen lies
// together under CitizenPrefix, its parts in the order of Part.

enum class Part : char {
  kVersion = 'a',
  kHistory = 'h',
  kConsent = 'k',
  kRecord = 'r',
};

inline constexpr std::string_view kCitizenFamily = "c";

std::string CitizenPrefix(CitizenId citizen);
std::string PartPrefix(CitizenId citizen, Part part);

std::string VersionKey(CitizenId citizen);
std::string HistoryKey(CitizenId citizen, uint64_t version);
std::string ConsentKey(CitizenId citizen, const ConsentId& id);
std::string RecordKey(CitizenId citizen, std::string_view kind, std::string_view id);
std::string RecordPrefix(CitizenId citizen, std::string_view kind);
// The deduplication key of an event.
std::string EventRecordKey(const EventKey& event);
// How far work over the whole store has come.
std::string MarkKey(std::string_view name);

// A key of the citizen family taken apart; nullopt when it has another form.
struct CitizenKey {
  CitizenId citizen;
  Part part;
  std::string_view rest;  // after the part's letter
};
std::optional<CitizenKey> ParseCitizenKey(std::string_view key);

}  // namespace kstati::profile
