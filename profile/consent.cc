// SPDX-License-Identifier: Apache-2.0
#include "profile/consent.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/check.h"

namespace kstati::profile {
namespace {

template <class Value>
using Names = std::initializer_list<std::pair<Value, std::string_view>>;

template <class Value>
std::string_view NameIn(const Names<Value>& names, Value value) {
  for (const auto& [each, name] : names) {
    if (each == value) return name;
  }
  KSTATI_CHECK(false);
  return {};
}

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

template <class Item>
bool Covers(const std::set<Item>& outer, const std::set<Item>& inner) {
  return std::includes(outer.begin(), outer.end(), inner.begin(), inner.end());
}

// Empty sets restrict nothing.
template <class Item>
bool IsSetWithin(const std::set<Item>& inner, const std::set<Item>& outer) {
  return outer.empty() || (!inner.empty() && Covers(outer, inner));
}

Result<void> Validate(const ConsentEvidence& evidence) {
  if (evidence.language != "ru" && evidence.language != "en") {
    return Refuse("unknown language", "language", "use ru or en: the text the person saw");
  }
  if (evidence.text_version.empty() || evidence.text_version.size() > kFieldBytesMax) {
    return Refuse("the version of the text is missing or too long", "text_version",
                  "name the version of the text the person saw, in at most 128 bytes");
  }
  if (evidence.channel.empty() || evidence.channel.size() > kFieldBytesMax) {
    return Refuse("the channel is missing or too long", "channel",
                  "name the channel, for example portal, in at most 128 bytes");
  }
  return {};
}

Result<void> RefuseRevoked(const Consent& consent) {
  if (!consent.revoked()) return {};
  return Fail(ErrorCode::kConflict, "the consent was revoked", "consent " + consent.id.text(),
              "grant a new one");
}

void AddVersion(Consent& consent, ConsentChange change, const ConsentAmendment& amendment) {
  ConsentVersion version = consent.latest();
  version.change = change;
  version.at = amendment.now;
  version.by = amendment.by;
  version.evidence = amendment.evidence;
  version.reason.clear();
  consent.versions.push_back(std::move(version));
}

}  // namespace

std::string_view NameOf(Purpose purpose) {
  return NameIn(
      {{Purpose::kProactiveStart, "proactive-start"}, {Purpose::kInferEvents, "infer-events"}},
      purpose);
}

Result<Purpose> ParsePurpose(std::string_view name) {
  for (const Purpose purpose : {Purpose::kProactiveStart, Purpose::kInferEvents}) {
    if (NameOf(purpose) == name) return purpose;
  }
  return Fail(ErrorCode::kInvalidArgument, "unknown purpose of a consent", {},
              "use proactive-start or infer-events");
}

std::string_view NameOf(ConsentMode mode) {
  return NameIn({{ConsentMode::kPrepare, "prepare"}, {ConsentMode::kAct, "act"}}, mode);
}

Result<ConsentMode> ParseConsentMode(std::string_view name) {
  for (const ConsentMode mode : {ConsentMode::kPrepare, ConsentMode::kAct}) {
    if (NameOf(mode) == name) return mode;
  }
  return Fail(ErrorCode::kInvalidArgument, "unknown mode of a consent", {}, "use prepare or act");
}

std::string_view NameOf(Capacity capacity) {
  return NameIn({{Capacity::kSelf, "self"},
                 {Capacity::kLegalRepresentative, "legal-representative"},
                 {Capacity::kProxy, "proxy"}},
                capacity);
}

std::string_view NameOf(ConsentChange change) {
  return NameIn({{ConsentChange::kGiven, "given"},
                 {ConsentChange::kNarrowed, "narrowed"},
                 {ConsentChange::kRenewed, "renewed"},
                 {ConsentChange::kRevoked, "revoked"}},
                change);
}

std::string_view NameOf(ConsentState state) {
  return NameIn({{ConsentState::kNotYetValid, "not-yet-valid"},
                 {ConsentState::kGiven, "given"},
                 {ConsentState::kRenewed, "renewed"},
                 {ConsentState::kExpired, "expired"},
                 {ConsentState::kRevoked, "revoked"}},
                state);
}

bool IsWithin(const ConsentScope& inner, const ConsentScope& outer) {
  return inner.purpose == outer.purpose && inner.mode <= outer.mode &&
         (outer.service.empty() || inner.service == outer.service) &&
         (outer.situation.empty() || inner.situation == outer.situation) &&
         IsSetWithin(inner.categories, outer.categories) &&
         IsSetWithin(inner.recipients, outer.recipients);
}

bool IsWithin(const DateInterval& inner, const DateInterval& outer) {
  return outer.from <= inner.from && (!outer.to || (inner.to && *inner.to <= *outer.to));
}

const ConsentVersion& Consent::granting() const {
  const auto found = std::find_if(versions.rbegin(), versions.rend(), [](const auto& version) {
    return version.change == ConsentChange::kGiven || version.change == ConsentChange::kRenewed;
  });
  KSTATI_CHECK(found != versions.rend());
  return *found;
}

ConsentState StateOf(const Consent& consent, Date on) {
  if (consent.revoked()) return ConsentState::kRevoked;
  const DateInterval& valid = consent.latest().valid;
  if (on < valid.from) return ConsentState::kNotYetValid;
  if (!valid.Contains(on)) return ConsentState::kExpired;
  const bool renewed = consent.granting().change == ConsentChange::kRenewed;
  return renewed ? ConsentState::kRenewed : ConsentState::kGiven;
}

std::optional<Consent> AsKnownAt(const Consent& consent, Instant known_at) {
  Consent then{consent.id, consent.citizen, {}};
  for (const ConsentVersion& version : consent.versions) {
    if (version.at <= known_at) then.versions.push_back(version);
  }
  if (then.versions.empty()) return std::nullopt;
  return then;
}

bool Allows(const Consent& consent, const Processing& processing) {
  const ConsentVersion& latest = consent.latest();
  const ConsentScope& scope = latest.scope;
  if (consent.revoked() || scope.purpose != processing.purpose) return false;
  const bool by_law = consent.granting().by.capacity == Capacity::kLegalRepresentative;
  if (by_law && !processing.represented) return false;
  if (!scope.service.empty() && scope.service != processing.service) return false;
  if (!scope.situation.empty() && scope.situation != processing.situation) return false;
  if (!scope.categories.empty() && !Covers(scope.categories, processing.categories)) return false;
  const bool received = !scope.recipients.empty() && !processing.recipient.empty();
  if (received && !scope.recipients.contains(processing.recipient)) return false;
  return processing.mode <= scope.mode && latest.valid.Contains(processing.on);
}

const Consent* FindAllowing(const std::vector<Consent>& consents, const Processing& processing) {
  const auto found = std::find_if(consents.begin(), consents.end(), [&](const Consent& consent) {
    return Allows(consent, processing);
  });
  return found == consents.end() ? nullptr : &*found;
}

Result<void> Validate(const ConsentGrant& grant, Date today) {
  if (grant.citizen == CitizenId()) {
    return Refuse("the consent names no citizen", "citizen", "name who gives the consent");
  }
  if (grant.by.who == CitizenId()) {
    return Refuse("the consent does not say who granted it", "granted_by",
                  "name the citizen or the representative who acts");
  }
  if (grant.valid.to && *grant.valid.to < grant.valid.from) {
    return Refuse("the consent would end before it begins", "valid_to",
                  "give a last day on or after valid_from");
  }
  if (grant.valid.to && *grant.valid.to < today) {
    return Refuse("the consent would have ended already", "valid_to", "choose a day from today on");
  }
  return Validate(grant.evidence);
}

Consent MakeConsent(const ConsentGrant& grant, const std::vector<Consent>& existing, Instant now) {
  uint64_t last = 0;
  for (const Consent& consent : existing) last = std::max(last, NumberOf(consent.id));
  std::string number = std::to_string(last + 1);
  if (number.size() < 4) number.insert(0, 4 - number.size(), '0');
  Consent consent;
  consent.id = ConsentId("K-" + grant.citizen.ToString() + "-" + number);
  consent.citizen = grant.citizen;
  consent.versions.push_back(
      {ConsentChange::kGiven, now, grant.by, grant.scope, grant.valid, grant.evidence, {}});
  return consent;
}

Result<void> Narrow(Consent& consent, const ConsentScope& scope, std::optional<Date> last_day,
                    const ConsentAmendment& amendment) {
  KSTATI_TRY_VOID(RefuseRevoked(consent));
  KSTATI_TRY_VOID(Validate(amendment.evidence));
  const ConsentVersion& latest = consent.latest();
  if (StateOf(consent, amendment.today) == ConsentState::kExpired) {
    return Fail(ErrorCode::kConflict, "the consent has run out", "consent " + consent.id.text(),
                "it allows nothing any more; grant a new one or renew it");
  }
  DateInterval valid = latest.valid;
  if (last_day) valid.to = last_day;
  if (!IsWithin(scope, latest.scope)) {
    return Refuse("the consent would allow more than it does", "scope",
                  "a consent is never widened: grant a new one");
  }
  if (!IsWithin(valid, latest.valid)) {
    return Refuse("the consent would last longer than it does", "valid_to",
                  "narrowing takes time away; renewing adds it");
  }
  if (last_day && *last_day < std::max(valid.from, amendment.today)) {
    return Refuse("the last day is past", "valid_to", "to end the consent now, revoke it");
  }
  if (scope == latest.scope && valid == latest.valid) return {};
  AddVersion(consent, ConsentChange::kNarrowed, amendment);
  consent.versions.back().scope = scope;
  consent.versions.back().valid = valid;
  return {};
}

Result<void> Renew(Consent& consent, std::optional<Date> last_day,
                   const ConsentAmendment& amendment) {
  KSTATI_TRY_VOID(RefuseRevoked(consent));
  KSTATI_TRY_VOID(Validate(amendment.evidence));
  DateInterval valid = consent.latest().valid;
  const bool lasts = !valid.to || *valid.to >= amendment.today;
  if (last_day == valid.to && lasts) return {};
  const bool longer = valid.to && (!last_day || *last_day > *valid.to);
  if (!longer || (last_day && *last_day < amendment.today)) {
    return Refuse("the consent would not last longer than it does", "valid_to",
                  "give a later last day, from today on; narrowing takes time away");
  }
  if (*valid.to < amendment.today) valid.from = amendment.today;
  valid.to = last_day;
  AddVersion(consent, ConsentChange::kRenewed, amendment);
  consent.versions.back().valid = valid;
  return {};
}

void Revoke(Consent& consent, const std::string& reason, const ConsentAmendment& amendment) {
  if (consent.revoked()) return;
  AddVersion(consent, ConsentChange::kRevoked, amendment);
  consent.versions.back().reason = reason;
}

}  // namespace kstati::profile
