// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "profile/citizen_keys.h"
#include "profile/engines/engine.h"
#include "profile/formats/record_codec.h"
#include "profile/store.h"

namespace kstati::profile {

// Reading what lies sealed in an engine. Of a citizen without a row nothing is found; of one whose
// data were erased every read is kNotFound. Safe from any thread.

// What a citizen's record under this key is sealed for.
std::string PlaceOfRecord(CitizenId citizen, std::string_view key);

Result<std::optional<std::string>> ReadRecord(const Engine& engine, CitizenKeys& keys,
                                              CitizenId citizen, const std::string& key);
// Calls `take` for each record with the prefix, in order of keys, until it fails.
using TakeRecord = std::function<Result<void>(std::string_view key, std::string value)>;
Result<void> ScanRecords(const Engine& engine, CitizenKeys& keys, CitizenId citizen,
                         std::string_view prefix, const TakeRecord& take);

// Whose records hold the note of an event. In one partition it follows from the event alone, so
// that whoever an event is about, its source's id tells it; with more it is the subject, whose
// partition the event commits in.
CitizenId HomeOf(const Engine& engine, CitizenId subject, const EventKey& event);
// nullopt: neither the event nor one that supersedes it has come.
Result<std::optional<EventNote>> ReadEventNote(const Engine& engine, CitizenId subject,
                                               const EventKey& event);

std::string SealEventRecord(const DataKey& key, CitizenId subject, const EventKey& event,
                            const EventRecord& record);
// Requires a note that says that the event was recorded.
Result<EventRecord> OpenEventRecord(const Engine& engine, CitizenKeys& keys, const EventKey& event,
                                    const EventNote& note);
// A log's entry: the citizen's number, then the sealed value.
std::string EncodeLogEntry(const DataKey& key, CitizenId citizen, std::string_view log,
                           std::string_view value);
Result<LogRecord> DecodeLogEntry(const Engine& engine, CitizenKeys& keys, std::string_view log,
                                 const LogEntry& entry);

}  // namespace kstati::profile
