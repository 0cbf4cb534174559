// SPDX-License-Identifier: Apache-2.0
#include "profile/formats/record_codec.h"

#include "base/bytes.h"

namespace kstati::profile {
namespace {

constexpr uint64_t kConsentForm = 1;

tl::unexpected<Error> Corrupt(std::string what) {
  return Fail(ErrorCode::kCorrupt, "a stored " + std::move(what) + " cannot be read", {},
              "restore the store from a backup");
}

}  // namespace

std::string EncodeEventNotRecorded() { return std::string(1, '\0'); }

std::string EncodeRecordedEvent(CitizenId subject, std::string_view sealed_record) {
  return ByteWriter().Number(subject.number()).Take().append(sealed_record);
}

Result<EventNote> DecodeEventNote(std::string_view bytes) {
  if (bytes == EncodeEventNotRecorded()) return EventNote();
  const std::optional<Stamp> stamp = TakeStamp(bytes);
  ByteReader reader(bytes);
  const CitizenId subject(reader.Number());
  if (!stamp || !reader.ok()) return Corrupt("note of an event");
  return EventNote{true, *stamp, subject, std::string(reader.rest())};
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

std::string Encode(const Consent& consent) {
  ByteWriter writer;
  writer.Number(kConsentForm).Text(consent.id.text());
  writer.Number(consent.citizen.number()).Number(consent.granted_by.number());
  writer.Text(NameOf(consent.scope.purpose));
  writer.Text(consent.scope.service.text()).Text(consent.scope.situation.text());
  writer.Day(consent.valid.from).OptionalDay(consent.valid.to).Moment(consent.granted_at);
  writer.Text(consent.text_version).Text(consent.language).Text(consent.channel);
  writer.Flag(consent.revoked_at.has_value());
  if (consent.revoked_at) writer.Moment(*consent.revoked_at);
  writer.Text(consent.revoke_reason);
  return writer.Take();
}

Result<Consent> DecodeConsent(std::string_view bytes) {
  ByteReader reader(bytes);
  Consent consent;
  if (reader.Number() != kConsentForm) return Corrupt("consent");
  consent.id = ConsentId(reader.Text());
  consent.citizen = CitizenId(reader.Number());
  consent.granted_by = CitizenId(reader.Number());
  const Result<Purpose> purpose = ParsePurpose(reader.Text());
  if (!purpose) return Corrupt("consent");
  consent.scope.purpose = *purpose;
  consent.scope.service = ServiceId(reader.Text());
  consent.scope.situation = SituationId(reader.Text());
  consent.valid.from = reader.Day();
  consent.valid.to = reader.OptionalDay();
  consent.granted_at = reader.Moment();
  consent.text_version = reader.Text();
  consent.language = reader.Text();
  consent.channel = reader.Text();
  if (reader.Flag()) consent.revoked_at = reader.Moment();
  consent.revoke_reason = reader.Text();
  KSTATI_TRY_VOID(reader.Finish("consent"));
  return consent;
}

}  // namespace kstati::profile
