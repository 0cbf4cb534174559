// SPDX-License-Identifier: Apache-2.0
#include "profile/sealed_records.h"

#include <utility>

#include "base/bytes.h"
#include "profile/formats/keys.h"

namespace kstati::profile {
namespace {

tl::unexpected<Error> CutRecord() {
  return Fail(ErrorCode::kCorrupt, "a stored record is cut short", {},
              "restore the store from a backup");
}

}  // namespace

std::string PlaceOfRecord(CitizenId citizen, std::string_view key) {
  return ByteWriter().Text("record").Number(citizen.number()).Text(key).Take();
}

Result<std::optional<std::string>> ReadRecord(const Engine& engine, CitizenKeys& keys,
                                              CitizenId citizen, const std::string& key) {
  KSTATI_TRY(const std::optional<DataKey> data_key, keys.Find(engine, citizen));
  if (!data_key) return std::nullopt;
  KSTATI_TRY(const std::optional<std::string> sealed, engine.Get(citizen, key));
  if (!sealed) return std::nullopt;
  KSTATI_TRY(std::string value, Unseal(*data_key, PlaceOfRecord(citizen, key), *sealed));
  return std::optional<std::string>(std::move(value));
}

Result<void> ScanRecords(const Engine& engine, CitizenKeys& keys, CitizenId citizen,
                         std::string_view prefix, const TakeRecord& take) {
  KSTATI_TRY(const std::optional<DataKey> data_key, keys.Find(engine, citizen));
  if (!data_key) return {};
  Result<void> outcome;
  const auto open = [&](std::string_view key, std::string_view sealed) -> Result<void> {
    KSTATI_TRY(std::string value, Unseal(*data_key, PlaceOfRecord(citizen, key), sealed));
    return take(key, std::move(value));
  };
  KSTATI_TRY_VOID(engine.Scan(citizen, prefix, [&](std::string_view key, std::string_view sealed) {
    outcome = open(key, sealed);
    return outcome.has_value();
  }));
  return outcome;
}

CitizenId HomeOf(const Engine& engine, CitizenId subject, const EventKey& event) {
  if (engine.Partitions() > 1) return subject;
  // Many homes, so that commits of different events seldom meet in one row.
  constexpr uint64_t kHomes = 1 << 16;
  uint64_t hash = 14'695'981'039'346'656'037u;  // FNV-1a: the same on every machine, for ever
  for (const char c : event.source.text() + '\0' + event.id.text()) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211u;
  }
  return CitizenId(kLastCitizen.number() + 1 + (hash >> 16) % kHomes);
}

Result<std::optional<EventNote>> ReadEventNote(const Engine& engine, CitizenId subject,
                                               const EventKey& event) {
  const CitizenId home = HomeOf(engine, subject, event);
  KSTATI_TRY(const std::optional<std::string> stored, engine.Get(home, EventNoteKey(event)));
  if (!stored) return std::nullopt;
  KSTATI_TRY(EventNote note, DecodeEventNote(*stored));
  return std::optional<EventNote>(note);
}

std::string SealEventRecord(const DataKey& key, CitizenId subject, const EventKey& event,
                            const EventRecord& record) {
  return Seal(key, PlaceOfRecord(subject, EventNoteKey(event)), Encode(record));
}

Result<EventRecord> OpenEventRecord(const Engine& engine, CitizenKeys& keys, const EventKey& event,
                                    const EventNote& note) {
  KSTATI_TRY(const std::optional<DataKey> key, keys.Find(engine, note.subject));
  if (!key) return CutRecord();
  KSTATI_TRY(const std::string bytes,
             Unseal(*key, PlaceOfRecord(note.subject, EventNoteKey(event)), note.sealed_record));
  return DecodeEventRecord(bytes);
}

std::string EncodeLogEntry(const DataKey& key, CitizenId citizen, std::string_view log,
                           std::string_view value) {
  return ByteWriter().Number(citizen.number()).Take() +
         Seal(key, PlaceOfRecord(citizen, log), value);
}

Result<LogRecord> DecodeLogEntry(const Engine& engine, CitizenKeys& keys, std::string_view log,
                                 const LogEntry& entry) {
  ByteReader reader(entry.value);
  LogRecord record{entry.sequence, CitizenId(reader.Number()), std::nullopt};
  if (!reader.ok()) return CutRecord();
  const Result<std::optional<DataKey>> key = keys.Find(engine, record.citizen);
  if (!key && key.error().code == ErrorCode::kNotFound) return record;  // erased
  if (!key) return Fail(key.error());
  if (!*key) return CutRecord();
  KSTATI_TRY(record.value, Unseal(**key, PlaceOfRecord(record.citizen, log), reader.rest()));
  return record;
}

}  // namespace kstati::profile
