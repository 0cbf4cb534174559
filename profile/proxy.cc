// SPDX-License-Identifier: Apache-2.0
#include "profile/proxy.h"

#include <algorithm>
#include <cstdio>

#include "profile/formats/consent_codec.h"

namespace kstati::profile {
namespace {

constexpr uint64_t kForm = 1;

}  // namespace

bool IsInForce(const Proxy& proxy, Date on) {
  return !proxy.revoked_at && proxy.valid.Contains(on);
}

Result<void> Validate(const ProxyGrant& grant, Date today) {
  if (grant.representative == CitizenId() || grant.representative == grant.citizen) {
    return Fail(ErrorCode::kInvalidArgument, "the proxy names nobody else who acts",
                "representative", "name the citizen who acts for the other");
  }
  if (!grant.valid.to) {
    return Fail(ErrorCode::kInvalidArgument, "the proxy has no last day", "valid_to",
                "say until when the representative acts");
  }
  if (*grant.valid.to < std::max(today, grant.valid.from)) {
    return Fail(ErrorCode::kInvalidArgument, "the proxy would have ended already", "valid_to",
                "choose a day from today on, not before valid_from");
  }
  ConsentGrant as_consent{grant.citizen, {grant.citizen}, grant.scope, grant.valid, grant.evidence};
  return Validate(as_consent, today);
}

Proxy MakeProxy(const ProxyGrant& grant, size_t earlier, Instant now) {
  char number[24];
  std::snprintf(number, sizeof number, "-%04zu", earlier + 1);
  return {ProxyId("P-" + grant.citizen.ToString() + number),
          grant.citizen,
          grant.representative,
          grant.scope,
          grant.valid,
          now,
          grant.evidence,
          std::nullopt};
}

std::string Encode(const Proxy& proxy) {
  ByteWriter writer;
  writer.Number(kForm).Text(proxy.id.text());
  writer.Number(proxy.citizen.number()).Number(proxy.representative.number());
  WriteScope(writer, proxy.scope);
  writer.Day(proxy.valid.from).OptionalDay(proxy.valid.to).Moment(proxy.given_at);
  WriteEvidence(writer, proxy.evidence);
  writer.Flag(proxy.revoked_at.has_value());
  if (proxy.revoked_at) writer.Moment(*proxy.revoked_at);
  return writer.Take();
}

Result<Proxy> DecodeProxy(std::string_view bytes) {
  ByteReader reader(bytes);
  if (reader.Number() != kForm) {
    return Fail(ErrorCode::kCorrupt, "a stored proxy cannot be read", {},
                "restore the store from a backup");
  }
  Proxy proxy;
  proxy.id = ProxyId(reader.Text());
  proxy.citizen = CitizenId(reader.Number());
  proxy.representative = CitizenId(reader.Number());
  KSTATI_TRY(proxy.scope, ReadScope(reader));
  proxy.valid.from = reader.Day();
  proxy.valid.to = reader.OptionalDay();
  proxy.given_at = reader.Moment();
  proxy.evidence = ReadEvidence(reader);
  if (reader.Flag()) proxy.revoked_at = reader.Moment();
  KSTATI_TRY_VOID(reader.Finish("proxy"));
  return proxy;
}

}  // namespace kstati::profile
