// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "profile/consent.h"

namespace kstati::profile {

// The values of the store, described in docs/internals/formats.md. Decoders return kCorrupt when
// the bytes have another form; they never read past them.

// Under VersionKey.
struct VersionRecord {
  uint64_t version = 0;  // 0: no profile
  Instant last_known_at;
};
std::string Encode(const VersionRecord& record);
Result<VersionRecord> DecodeVersion(std::string_view bytes);

// Under HistoryKey: one event as one citizen's history keeps it.
struct HistoryEntry {
  Instant known_at;
  bool superseded_on_arrival = false;  // an event that supersedes this one had come first
  std::string event;                   // for DecodeEvent
};
std::string Encode(const HistoryEntry& entry);
Result<HistoryEntry> DecodeHistoryEntry(std::string_view bytes);

// Under EventRecordKey: the event was recorded (digest and place of its bytes), or has not come yet
// but a later event that came first supersedes it.
struct EventRecord {
  bool recorded = false;
  std::string digest;    // of the canonical bytes
  CitizenId subject;     // whose history keeps the whole event ...
  uint64_t version = 0;  // ... and under which version
};
std::string Encode(const EventRecord& record);
Result<EventRecord> DecodeEventRecord(std::string_view bytes);

// Under ConsentKey.
std::string Encode(const Consent& consent);
Result<Consent> DecodeConsent(std::string_view bytes);

}  // namespace kstati::profile
