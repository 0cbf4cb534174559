// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"

namespace kstati::profile {

// What the records of a citizen hold before they are sealed, described in
// docs/internals/formats.md. Decoders return kCorrupt when
// the bytes have another form; they never read past them.

// Under EventNoteKey, not sealed.
struct EventNote {
  bool recorded = false;  // false: it has not come yet although one that supersedes it has
  CitizenId subject;      // of the recorded event
};
std::string Encode(const EventNote& note);
Result<EventNote> DecodeEventNote(std::string_view bytes);

// Under EventRecordKey: one event as one citizen's history keeps it.
struct EventRecord {
  bool superseded_on_arrival = false;  // an event that supersedes this one had come first
  std::string digest;                  // of the canonical bytes; only with the event's subject
  std::string event;                   // for DecodeEvent
};
std::string Encode(const EventRecord& record);
Result<EventRecord> DecodeEventRecord(std::string_view bytes);

}  // namespace kstati::profile
