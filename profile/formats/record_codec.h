// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "profile/stamp.h"

namespace kstati::profile {

// What the records of a citizen hold before they are sealed, described in
// docs/internals/formats.md. Decoders return kCorrupt when
// the bytes have another form; they never read past them.

// Under EventNoteKey with the event's home: that the event came, or that one which supersedes it
// came first. Not sealed but for the record in it.
struct EventNote {
  bool recorded = false;
  EventId superseded_by = {};  // while it is not recorded; empty where nobody noted it
  Stamp stamp = {};            // of the commit that recorded it
  CitizenId subject = {};      // of the recorded event
  std::string sealed_record = {};
};
std::string EncodeEventNotRecorded(const EventId& superseded_by);
// To be stamped.
std::string EncodeRecordedEvent(CitizenId subject, std::string_view sealed_record);
Result<EventNote> DecodeEventNote(std::string_view bytes);

// What is kept of an event beside its facts and relations, which stand in the profiles of those
// whom they name: profiles never drop any.
struct EventRecord {
  bool superseded_on_arrival = false;  // an event that supersedes this one had come first
  std::string digest;                  // of the canonical bytes
  std::vector<CitizenId> named;        // by its facts and relations; ordered, each once
  std::string head;                    // for DecodeEvent: the event without facts and relations
};
std::string Encode(const EventRecord& record);
Result<EventRecord> DecodeEventRecord(std::string_view bytes);

}  // namespace kstati::profile
