// SPDX-License-Identifier: Apache-2.0
#include "profile/formats/record_codec.h"

#include "base/bytes.h"

namespace kstati::profile {
namespace {

constexpr char kNotRecorded = '\0';  // alone
// Then the event. No stamp begins so: no citizen changes that often.
constexpr char kSupersededBy = '\xFF';

}  // namespace

std::string EncodeEventNotRecorded(const EventId& superseded_by) {
  if (superseded_by.empty()) return {kNotRecorded};
  return std::string(1, kSupersededBy).append(superseded_by.text());
}

std::string EncodeRecordedEvent(CitizenId subject, std::string_view sealed_record) {
  return ByteWriter().Number(subject.number()).Take().append(sealed_record);
}

Result<EventNote> DecodeEventNote(std::string_view bytes) {
  if (bytes == EncodeEventNotRecorded({})) return EventNote();
  if (bytes.starts_with(kSupersededBy)) {
    return EventNote{.superseded_by = EventId(std::string(bytes.substr(1)))};
  }
  const std::optional<Stamp> stamp = TakeStamp(bytes);
  ByteReader reader(bytes);
  const CitizenId subject(reader.Number());
  if (!stamp || !reader.ok()) {
    return Fail(ErrorCode::kCorrupt, "a stored note of an event cannot be read", {},
                "restore the store from a backup");
  }
  return EventNote{true, {}, *stamp, subject, std::string(reader.rest())};
}

std::string Encode(const EventRecord& record) {
  ByteWriter writer;
  writer.Flag(record.superseded_on_arrival).Text(record.digest);
  writer.Number(record.named.size());
  for (const CitizenId citizen : record.named) writer.Number(citizen.number());
  writer.Text(record.head);
  return writer.Take();
}

Result<EventRecord> DecodeEventRecord(std::string_view bytes) {
  ByteReader reader(bytes);
  EventRecord record;
  record.superseded_on_arrival = reader.Flag();
  record.digest = reader.Text();
  for (size_t count = reader.Count(); count > 0 && reader.ok(); --count) {
    record.named.emplace_back(reader.Number());
  }
  record.head = reader.Text();
  KSTATI_TRY_VOID(reader.Finish("event record"));
  return record;
}

}  // namespace kstati::profile
