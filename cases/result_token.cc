// SPDX-License-Identifier: Apache-2.0
#include "cases/result_token.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "base/micros.h"
#include "profile/ledger/encoding.h"

namespace kstati::cases {
namespace {

using nlohmann::json;
using profile::ledger::FromBase64;
using profile::ledger::ToBase64;

constexpr int64_t kSecondsPerDay = 86'400;
constexpr size_t kTokenBytesMax = 64 << 10;
constexpr char kType[] = "kstati-result+jwt";

// RFC 7515: base64 with two other letters and without padding.
std::string ToBase64Url(std::string_view bytes) {
  std::string text = ToBase64(bytes);
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  while (!text.empty() && text.back() == '=') text.pop_back();
  return text;
}

std::optional<std::string> FromBase64Url(std::string_view letters) {
  std::string text(letters);
  if (text.find_first_of("+/=") != std::string::npos) return std::nullopt;
  std::ranges::replace(text, '-', '+');
  std::ranges::replace(text, '_', '/');
  text.append((4 - text.size() % 4) % 4, '=');
  return FromBase64(text);
}

tl::unexpected<Error> NoToken(std::string what) {
  return Fail(ErrorCode::kInvalidArgument, std::move(what), "token",
              "give the token as it was shown, three parts with points between them");
}

int64_t SecondsOf(Instant moment) { return moment.micros / kMicrosPerSecond; }

json NamesOf(const Bilingual& names) { return {{"ru", names.ru}, {"en", names.en}}; }

json ClaimsOf(const ResultRecord& record, const World& world, const std::string& issuer) {
  const ResultVersion& version = record.latest();
  json claims{{"iss", issuer},
              {"jti", record.id},
              {"version", record.versions.size()},
              {"sub", record.citizen.ToString()},
              {"about", record.about.ToString()},
              {"service", record.service.text()},
              {"authority", record.authority},
              {"outcome", version.outcome},
              {"valid_from", version.valid.from.ToString()}};
  if (version.valid.to) claims["valid_to"] = version.valid.to->ToString();
  claims["outputs"] = json::array();
  for (const AttributeId& output : version.outputs) claims["outputs"].push_back(output.text());
  const graph::Service* service = world.catalogue().FindService(record.service);
  if (service != nullptr) claims["service_name"] = NamesOf(service->name);
  return claims;
}

}  // namespace

Result<std::string> MakeResultToken(const ResultRecord& record, const World& world,
                                    const profile::ledger::SigningKey& key, Instant now,
                                    int64_t days) {
  if (!record.StandsOn(LocalDate(now, world.time_zone))) {
    return Fail(ErrorCode::kConflict, "the result does not stand today", "result " + record.id,
                "`kstati result show` tells since when, and why");
  }
  json claims = ClaimsOf(record, world, key.public_key().name());
  int64_t ends = SecondsOf(now) + days * kSecondsPerDay;
  const std::optional<Date>& last_day = record.latest().valid.to;
  if (last_day) {
    ends = std::min(ends, SecondsOf(StartOfDay(last_day->AddDays(1), world.time_zone)));
  }
  claims["iat"] = SecondsOf(now);
  claims["nbf"] = SecondsOf(now);
  claims["exp"] = ends;
  const json header{
      {"alg", "EdDSA"}, {"typ", kType}, {"kid", profile::ledger::ToHex(key.public_key().key_id())}};
  const std::string signed_part = ToBase64Url(header.dump()) + "." + ToBase64Url(claims.dump());
  const profile::ledger::Signature signature = key.Sign(signed_part);
  return signed_part + "." +
         ToBase64Url({reinterpret_cast<const char*>(signature.data()), signature.size()});
}

Result<VerifiedResult> VerifyResultToken(std::string_view token,
                                         const profile::ledger::PublicKey& key, Instant now) {
  if (token.size() > kTokenBytesMax) return NoToken("the token is too long");
  const size_t first = token.find('.');
  const size_t second = token.find('.', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos) return NoToken("the token has not three parts");
  const auto header_text = FromBase64Url(token.substr(0, first));
  const auto claims_text = FromBase64Url(token.substr(first + 1, second - first - 1));
  const auto signature_bytes = FromBase64Url(token.substr(second + 1));
  profile::ledger::Signature signature;
  if (!header_text || !claims_text || !signature_bytes ||
      signature_bytes->size() != signature.size()) {
    return NoToken("a part of the token is not base64url");
  }
  std::ranges::copy(*signature_bytes, signature.begin());
  const json header = json::parse(*header_text, nullptr, false);
  const json claims = json::parse(*claims_text, nullptr, false);
  const bool is_ours = header.is_object() && header.value("alg", json()) == "EdDSA" &&
                       header.value("typ", json()) == kType && claims.is_object() &&
                       claims.value("iat", json()).is_number_integer() &&
                       claims.value("exp", json()).is_number_integer();
  if (!is_ours) return NoToken("the token is no result");
  if (!key.Verifies(token.substr(0, second), signature)) {
    return Fail(ErrorCode::kCorrupt, "the key did not sign this token", "token",
                "the token was changed, or the key is another authority's");
  }
  VerifiedResult verified{*claims_text, Instant{claims["iat"].get<int64_t>() * kMicrosPerSecond},
                          Instant{claims["exp"].get<int64_t>() * kMicrosPerSecond}};
  if (now >= verified.ends_at || now < verified.issued_at) {
    return Fail(ErrorCode::kConflict, "the token is not valid at this moment", "token",
                "ask its owner for a new one");
  }
  return verified;
}

}  // namespace kstati::cases
