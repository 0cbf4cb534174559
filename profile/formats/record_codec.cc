// SPDX-License-Identifier: Apache-2.0
#include "profile/formats/record_codec.h"

#include "base/bytes.h"

namespace kstati::profile {

std::string Encode(const EventNote& note) {
  ByteWriter writer;
  writer.Flag(note.recorded);
  if (note.recorded) writer.Number(note.subject.number());
  return writer.Take();
}

Result<EventNote> DecodeEventNote(std::string_view bytes) {
  ByteReader reader(bytes);
  EventNote note;
  note.recorded = reader.Flag();
  if (note.recorded) note.subject = CitizenId(reader.Number());
  KSTATI_TRY_VOID(reader.Finish("note of an event"));
  return note;
}

std::string Encode(const EventRecord& record) {
  ByteWriter writer;
  writer.Flag(record.superseded_on_arrival).Text(record.digest).Text(record.event);
  return writer.Take();
}

Result<EventRecord> DecodeEventRecord(std::string_view bytes) {
  ByteReader reader(bytes);
  EventRecord record;
  record.superseded_on_arrival = reader.Flag();
  record.digest = reader.Text();
  record.event = reader.Text();
  KSTATI_TRY_VOID(reader.Finish("event record"));
  return record;
}

}  // namespace kstati::profile
