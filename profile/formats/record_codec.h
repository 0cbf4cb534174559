// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "profile/consent.h"

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

// Under EventRecordKey: what the subject's records keep of an event. Its facts and relations stand
// in the profiles of those whom they name, which never drop any.
struct EventRecord {
  bool superseded_on_arrival = false;  // an event that supersedes this one had come first
  std::string digest;                  // of the canonical bytes
  std::vector<CitizenId> named;        // by its facts and relations; ordered, each once
  std::string head;                    // for DecodeEvent: the event without facts and relations
};
std::string Encode(const EventRecord& record);
Result<EventRecord> DecodeEventRecord(std::string_view bytes);

// Under ConsentKey.
std::string Encode(const Consent& consent);
Result<Consent> DecodeConsent(std::string_view bytes);

}  // namespace kstati::profile
