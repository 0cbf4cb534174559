// SPDX-License-Identifier: Apache-2.0
#include "profile/consent.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace kstati::profile {
namespace {

struct PurposeName {
  Purpose purpose;
  std::string_view name;
};

constexpr std::array<PurposeName, 1> kPurposeNames{{
    {Purpose::kProactiveStart, "proactive-start"},
}};

constexpr size_t kFieldBytesMax = 128;  // text_version and channel are short names

tl::unexpected<Error> Refuse(std::string message, std::string place, std::string remedy) {
  return Fail(ErrorCode::kInvalidArgument, std::move(message), std::move(place), std::move(remedy));
}

// The number at the end of "K-000000000017-0001"; 0 when the id has another form.
uint64_t NumberOf(const ConsentId& id) {
  const std::string& text = id.text();
  const size_t dash = text.rfind('-');
  if (dash == std::string::npos) return 0;
  uint64_t number = 0;
  std::from_chars(text.data() + dash + 1, text.data() + text.size(), number);
  return number;
}

}  // namespace

std::string_view NameOf(Purpose purpose) {
  for (const PurposeName& row : kPurposeNames) {
    if (row.purpose == purpose) return row.name;
  }
  return "unknown";
}

Result<Purpose> ParsePurpose(std::string_view name) {
  for (const PurposeName& row : kPurposeNames) {
    if (row.name == name) return row.purpose;
  }
  return Fail(ErrorCode::kInvalidArgument, "unknown purpose of a consent", {},
              "the one purpose is proactive-start");
}

bool Allows(const Consent& consent, Purpose purpose, const ServiceId& service,
            const SituationId& situation, Date on) {
  if (consent.revoked_at || consent.scope.purpose != purpose) return false;
  const ConsentScope& scope = consent.scope;
  if (!scope.service.empty() && scope.service != service) return false;
  if (!scope.situation.empty() && scope.situation != situation) return false;
  return consent.valid.Contains(on);
}

const Consent* FindAllowing(const std::vector<Consent>& consents, Purpose purpose,
                            const ServiceId& service, const SituationId& situation, Date on) {
  const auto found = std::find_if(consents.begin(), consents.end(), [&](const Consent& consent) {
    return Allows(consent, purpose, service, situation, on);
  });
  return found == consents.end() ? nullptr : &*found;
}

Result<void> Validate(const ConsentGrant& grant, Date today) {
  if (grant.citizen == CitizenId()) {
    return Refuse("the consent names no citizen", "citizen", "name who gives the consent");
  }
  if (grant.granted_by == CitizenId()) {
    return Refuse("the consent does not say who granted it", "granted_by",
                  "name the citizen or the representative who acts");
  }
  if (grant.valid.to && *grant.valid.to < grant.valid.from) {
    return Refuse("the consent ends before it begins", "valid", "put the earlier day first");
  }
  if (grant.valid.to && *grant.valid.to < today) {
    return Refuse("the consent has ended already", "valid.to", "choose a day from today on");
  }
  if (grant.language != "ru" && grant.language != "en") {
    return Refuse("unknown language", "language", "use ru or en: the text the person saw");
  }
  if (grant.text_version.empty() || grant.text_version.size() > kFieldBytesMax) {
    return Refuse("the version of the text is missing or too long", "text_version",
                  "name the version of the text the person saw, in at most 128 bytes");
  }
  if (grant.channel.empty() || grant.channel.size() > kFieldBytesMax) {
    return Refuse("the channel is missing or too long", "channel",
                  "name the channel, for example portal, in at most 128 bytes");
  }
  return {};
}

Consent MakeConsent(const ConsentGrant& grant, const std::vector<Consent>& existing, Instant now) {
  uint64_t last = 0;
  for (const Consent& consent : existing) last = std::max(last, NumberOf(consent.id));
  std::string number = std::to_string(last + 1);
  if (number.size() < 4) number.insert(0, 4 - number.size(), '0');
  Consent consent;
  consent.id = ConsentId("K-" + grant.citizen.ToString() + "-" + number);
  consent.citizen = grant.citizen;
  consent.granted_by = grant.granted_by;
  consent.scope = grant.scope;
  consent.valid = grant.valid;
  consent.granted_at = now;
  consent.text_version = grant.text_version;
  consent.language = grant.language;
  consent.channel = grant.channel;
  return consent;
}

}  // namespace kstati::profile
