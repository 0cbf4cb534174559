// SPDX-License-Identifier: Apache-2.0
#include "profile/formats/consent_codec.h"

#include <utility>

namespace kstati::profile {
namespace {

constexpr uint64_t kForm = 2;
constexpr uint64_t kFormWithoutVersions = 1;

tl::unexpected<Error> Corrupt() {
  return Fail(ErrorCode::kCorrupt, "a stored consent cannot be read", {},
              "restore the store from a backup");
}

template <class Item>
void WriteNames(ByteWriter& writer, const std::set<Item>& names) {
  writer.Number(names.size());
  for (const Item& name : names) writer.Text(name.text());
}

template <class Item>
std::set<Item> ReadNames(ByteReader& reader) {
  std::set<Item> names;
  for (size_t left = reader.Count(); left > 0; --left) names.insert(Item(reader.Text()));
  return names;
}

void WriteVersion(ByteWriter& writer, const ConsentVersion& version) {
  writer.Number(static_cast<uint64_t>(version.change)).Moment(version.at);
  writer.Number(version.by.who.number()).Number(static_cast<uint64_t>(version.by.capacity));
  writer.Text(version.by.proxy.text());
  WriteScope(writer, version.scope);
  writer.Day(version.valid.from).OptionalDay(version.valid.to);
  WriteEvidence(writer, version.evidence);
  writer.Text(version.reason);
}

Result<ConsentVersion> ReadVersion(ByteReader& reader) {
  ConsentVersion version;
  const uint64_t change = reader.Number();
  version.at = reader.Moment();
  version.by.who = CitizenId(reader.Number());
  const uint64_t capacity = reader.Number();
  if (change > static_cast<uint64_t>(ConsentChange::kRevoked)) return Corrupt();
  if (capacity > static_cast<uint64_t>(Capacity::kProxy)) return Corrupt();
  version.change = static_cast<ConsentChange>(change);
  version.by.capacity = static_cast<Capacity>(capacity);
  version.by.proxy = ProxyId(reader.Text());
  KSTATI_TRY(version.scope, ReadScope(reader));
  version.valid.from = reader.Day();
  version.valid.to = reader.OptionalDay();
  version.evidence = ReadEvidence(reader);
  version.reason = reader.Text();
  return version;
}

}  // namespace

void WriteScope(ByteWriter& writer, const ConsentScope& scope) {
  writer.Text(NameOf(scope.purpose)).Text(scope.service.text()).Text(scope.situation.text());
  WriteNames(writer, scope.categories);
  WriteNames(writer, scope.recipients);
  writer.Text(NameOf(scope.mode));
}

Result<ConsentScope> ReadScope(ByteReader& reader) {
  ConsentScope scope;
  const Result<Purpose> purpose = ParsePurpose(reader.Text());
  if (!purpose) return Corrupt();
  scope.purpose = *purpose;
  scope.service = ServiceId(reader.Text());
  scope.situation = SituationId(reader.Text());
  scope.categories = ReadNames<CategoryId>(reader);
  scope.recipients = ReadNames<AuthorityId>(reader);
  const Result<ConsentMode> mode = ParseConsentMode(reader.Text());
  if (!mode) return Corrupt();
  scope.mode = *mode;
  return scope;
}

void WriteEvidence(ByteWriter& writer, const ConsentEvidence& evidence) {
  writer.Text(evidence.text_version).Text(evidence.language).Text(evidence.channel);
}

ConsentEvidence ReadEvidence(ByteReader& reader) {
  ConsentEvidence evidence;
  evidence.text_version = reader.Text();
  evidence.language = reader.Text();
  evidence.channel = reader.Text();
  return evidence;
}

std::string Encode(const Consent& consent) {
  ByteWriter writer;
  writer.Number(kForm).Text(consent.id.text()).Number(consent.citizen.number());
  writer.Number(consent.versions.size());
  for (const ConsentVersion& version : consent.versions) WriteVersion(writer, version);
  return writer.Take();
}

Result<Consent> DecodeConsent(std::string_view bytes) {
  ByteReader reader(bytes);
  const uint64_t form = reader.Number();
  if (form == kFormWithoutVersions) {
    return Fail(ErrorCode::kUnsupported, "a consent was stored by an earlier version of kstati", {},
                "begin a new store, or use the version that wrote this one");
  }
  if (form != kForm) return Corrupt();
  Consent consent;
  consent.id = ConsentId(reader.Text());
  consent.citizen = CitizenId(reader.Number());
  for (size_t left = reader.Count(); left > 0; --left) {
    KSTATI_TRY(ConsentVersion version, ReadVersion(reader));
    consent.versions.push_back(std::move(version));
  }
  KSTATI_TRY_VOID(reader.Finish("consent"));
  if (consent.versions.empty()) return Corrupt();
  return consent;
}

}  // namespace kstati::profile
