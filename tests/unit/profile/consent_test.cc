// SPDX-License-Identifier: Apache-2.0
#include "profile/consent.h"

#include "tests/unit/profile/profile_fixtures.h"

namespace kstati::profile {
namespace {

const ServiceId kSnils("snils_newborn");
const ServiceId kMatcap("matcap_certificate");
const SituationId kBirth("child_birth");
const SituationId kRetirement("retirement");
const CategoryId kFamily("family");
const CategoryId kHealth("health");
const AuthorityId kFund("sfr");
const AuthorityId kTaxes("fns");

ConsentGrant GrantFor(ConsentScope scope) {
  ConsentGrant grant;
  grant.citizen = kAnna;
  grant.by.who = kAnna;
  grant.scope = std::move(scope);
  grant.valid = Between(0, 30);
  grant.evidence = {"2026-01", "ru", "portal"};
  return grant;
}

Consent Given(ConsentScope scope) { return MakeConsent(GrantFor(std::move(scope)), {}, At(0)); }

ConsentScope Everything() { return {}; }

ConsentScope For(ServiceId service) {
  ConsentScope scope;
  scope.service = std::move(service);
  return scope;
}

Processing Start(ServiceId service, SituationId situation, int64_t day) {
  Processing processing;
  processing.service = std::move(service);
  processing.situation = std::move(situation);
  processing.on = Day(day);
  return processing;
}

ConsentAmendment On(int64_t day) {
  return {{kAnna}, {"2026-02", "en", "mfc"}, At(100 + day), Day(day)};
}

TEST(Consent, PurposesAndModesHaveStableNames) {
  EXPECT_EQ(NameOf(Purpose::kProactiveStart), "proactive-start");
  EXPECT_EQ(*ParsePurpose("proactive-start"), Purpose::kProactiveStart);
  EXPECT_EQ(NameOf(Purpose::kInferEvents), "infer-events");
  EXPECT_EQ(*ParsePurpose("infer-events"), Purpose::kInferEvents);
  EXPECT_THAT(ParsePurpose("anything"), FailsWith(ErrorCode::kInvalidArgument));
  EXPECT_EQ(*ParseConsentMode("prepare"), ConsentMode::kPrepare);
  EXPECT_EQ(*ParseConsentMode(NameOf(ConsentMode::kAct)), ConsentMode::kAct);
  EXPECT_THAT(ParseConsentMode("Act"), FailsWith(ErrorCode::kInvalidArgument));
}

TEST(Consent, WithoutRestrictionItCoversEverythingOfItsPurpose) {
  const Consent consent = Given(Everything());
  EXPECT_TRUE(Allows(consent, Start(kSnils, kBirth, 1)));
  Processing other = Start(kMatcap, kRetirement, 1);
  other.categories = {kFamily, kHealth};
  other.recipient = kFund;
  EXPECT_TRUE(Allows(consent, other));
}

TEST(Consent, ForOneServiceOrSituationCoversNoOther) {
  EXPECT_TRUE(Allows(Given(For(kSnils)), Start(kSnils, kRetirement, 1)));
  EXPECT_FALSE(Allows(Given(For(kSnils)), Start(kMatcap, kBirth, 1)));
  ConsentScope birth;
  birth.situation = kBirth;
  EXPECT_TRUE(Allows(Given(birth), Start(kMatcap, kBirth, 1)));
  EXPECT_FALSE(Allows(Given(birth), Start(kMatcap, kRetirement, 1)));
  EXPECT_FALSE(Allows(Given(birth), Start(kMatcap, {}, 1)));
}

TEST(Consent, CategoriesMustCoverAllDataThatAreUsed) {
  ConsentScope scope;
  scope.categories = {kFamily};
  Processing processing = Start(kSnils, kBirth, 1);
  processing.categories = {kFamily};
  EXPECT_TRUE(Allows(Given(scope), processing));
  processing.categories = {kFamily, kHealth};
  EXPECT_FALSE(Allows(Given(scope), processing));
  scope.categories.insert(kHealth);
  EXPECT_TRUE(Allows(Given(scope), processing));
}

TEST(Consent, RecipientsRestrictWhoGetsTheData) {
  ConsentScope scope;
  scope.recipients = {kFund};
  Processing processing = Start(kSnils, kBirth, 1);
  processing.recipient = kFund;
  EXPECT_TRUE(Allows(Given(scope), processing));
  processing.recipient = kTaxes;
  EXPECT_FALSE(Allows(Given(scope), processing));
}

TEST(Consent, ToPrepareIsNotToAct) {
  ConsentScope scope;
  scope.mode = ConsentMode::kPrepare;
  Processing processing = Start(kSnils, kBirth, 1);
  EXPECT_FALSE(Allows(Given(scope), processing));
  processing.mode = ConsentMode::kPrepare;
  EXPECT_TRUE(Allows(Given(scope), processing));
  EXPECT_TRUE(Allows(Given(Everything()), processing));
}

TEST(Consent, HoldsOnBothEndsOfItsTermAndNotBeyond) {
  const Consent consent = Given(Everything());
  EXPECT_FALSE(Allows(consent, Start(kSnils, kBirth, -1)));
  EXPECT_TRUE(Allows(consent, Start(kSnils, kBirth, 0)));
  EXPECT_TRUE(Allows(consent, Start(kSnils, kBirth, 30)));
  EXPECT_FALSE(Allows(consent, Start(kSnils, kBirth, 31)));
}

TEST(Consent, ByALegalRepresentativeAllowsOnlyWhileTheCitizenIsRepresented) {
  ConsentGrant grant = GrantFor(Everything());
  grant.by = {kBoris, Capacity::kLegalRepresentative, {}};
  Consent consent = MakeConsent(grant, {}, At(0));
  Processing processing = Start(kSnils, kBirth, 1);
  EXPECT_FALSE(Allows(consent, processing));
  processing.represented = true;
  EXPECT_TRUE(Allows(consent, processing));
  processing.represented = false;
  ASSERT_THAT(Renew(consent, Day(60), On(1)), IsOk());
  EXPECT_TRUE(Allows(consent, processing)) << "renewed by the citizen in person";
}

TEST(Consent, NothingIsAllowedByDefaultAndTheFirstThatAllowsIsFound) {
  const Processing start = Start(kSnils, kBirth, 1);
  EXPECT_EQ(FindAllowing({}, start), nullptr);
  std::vector<Consent> consents{Given(For(kMatcap))};
  EXPECT_EQ(FindAllowing(consents, start), nullptr);
  consents.push_back(Given(For(kSnils)));
  consents.push_back(Given(Everything()));
  EXPECT_EQ(FindAllowing(consents, start), &consents[1]);
}

TEST(Consent, IdsCountOnFromTheLastOfTheCitizen) {
  std::vector<Consent> consents{Given(Everything())};
  EXPECT_EQ(consents[0].id.text(), "K-000000000017-0001");
  EXPECT_EQ(MakeConsent(GrantFor({}), consents, At(0)).id.text(), "K-000000000017-0002");
}

TEST(Consent, GrantIsRefusedWithTheFieldThatIsWrong) {
  const auto place_of = [](auto change) {
    ConsentGrant grant = GrantFor(Everything());
    change(grant);
    const Result<void> outcome = Validate(grant, Day(10));
    return outcome ? std::string() : outcome.error().place;
  };
  EXPECT_EQ(place_of([](ConsentGrant&) {}), "");
  EXPECT_EQ(place_of([](ConsentGrant& g) { g.citizen = CitizenId(); }), "citizen");
  EXPECT_EQ(place_of([](ConsentGrant& g) { g.by.who = CitizenId(); }), "granted_by");
  EXPECT_EQ(place_of([](ConsentGrant& g) { g.valid = Between(5, 4); }), "valid_to");
  EXPECT_EQ(place_of([](ConsentGrant& g) { g.valid = Between(0, 9); }), "valid_to");
  EXPECT_EQ(place_of([](ConsentGrant& g) { g.evidence.language = "de"; }), "language");
  EXPECT_EQ(place_of([](ConsentGrant& g) { g.evidence.text_version.clear(); }), "text_version");
  EXPECT_EQ(place_of([](ConsentGrant& g) { g.evidence.channel = std::string(200, 'x'); }),
            "channel");
}

TEST(Consent, NarrowingAddsAVersionThatAllowsLess) {
  Consent consent = Given(Everything());
  ConsentScope less = For(kSnils);
  less.categories = {kFamily};
  ASSERT_THAT(Narrow(consent, less, Day(20), On(1)), IsOk());
  ASSERT_EQ(consent.versions.size(), 2u);
  EXPECT_EQ(consent.given().scope, Everything()) << "the first version stays as it was";
  EXPECT_EQ(consent.latest().change, ConsentChange::kNarrowed);
  EXPECT_EQ(consent.latest().scope, less);
  EXPECT_EQ(consent.latest().valid, Between(0, 20));
  EXPECT_EQ(consent.latest().evidence.text_version, "2026-02");
  EXPECT_FALSE(Allows(consent, Start(kMatcap, kBirth, 1)));
  EXPECT_FALSE(Allows(consent, Start(kSnils, kBirth, 21)));
}

TEST(Consent, NarrowingNeverAllowsMore) {
  ConsentScope scope = For(kSnils);
  scope.categories = {kFamily};
  scope.recipients = {kFund};
  scope.mode = ConsentMode::kPrepare;
  const auto refused = [&](auto change, std::optional<Date> last_day = std::nullopt) {
    Consent consent = Given(scope);
    ConsentScope wider = scope;
    change(wider);
    const Result<void> outcome = Narrow(consent, wider, last_day, On(1));
    EXPECT_EQ(consent.versions.size(), 1u);
    return outcome ? std::string() : outcome.error().place;
  };
  const auto nothing = [](ConsentScope&) {};
  EXPECT_EQ(refused([](ConsentScope& s) { s.service = {}; }), "scope");
  EXPECT_EQ(refused([](ConsentScope& s) { s.service = kMatcap; }), "scope");
  EXPECT_EQ(refused([](ConsentScope& s) { s.categories.clear(); }), "scope");
  EXPECT_EQ(refused([](ConsentScope& s) { s.categories.insert(kHealth); }), "scope");
  EXPECT_EQ(refused([](ConsentScope& s) { s.recipients = {kTaxes}; }), "scope");
  EXPECT_EQ(refused([](ConsentScope& s) { s.mode = ConsentMode::kAct; }), "scope");
  EXPECT_EQ(refused(nothing, Day(31)), "valid_to");
  EXPECT_EQ(refused(nothing, Day(0)), "valid_to") << "a day that is past";
  EXPECT_EQ(refused(nothing), "") << "as it is: nothing to do";
}

TEST(Consent, RenewingAddsTimeAlone) {
  Consent consent = Given(For(kSnils));
  ASSERT_THAT(Renew(consent, Day(60), On(1)), IsOk());
  EXPECT_EQ(consent.latest().valid, Between(0, 60));
  EXPECT_EQ(consent.latest().scope, For(kSnils));
  EXPECT_EQ(StateOf(consent, Day(60)), ConsentState::kRenewed);
  EXPECT_THAT(Renew(consent, Day(50), On(1)), FailsWith(ErrorCode::kInvalidArgument));
  ASSERT_THAT(Renew(consent, std::nullopt, On(2)), IsOk());
  EXPECT_FALSE(consent.latest().valid.to);
  ASSERT_THAT(Renew(consent, std::nullopt, On(2)), IsOk());
  EXPECT_EQ(consent.versions.size(), 3u) << "the same again changes nothing";
}

TEST(Consent, OneThatRanOutIsRenewedFromTodayOn) {
  Consent consent = Given(Everything());
  EXPECT_EQ(StateOf(consent, Day(31)), ConsentState::kExpired);
  EXPECT_THAT(Narrow(consent, For(kSnils), {}, On(40)), FailsWith(ErrorCode::kConflict));
  ASSERT_THAT(Renew(consent, Day(60), On(40)), IsOk());
  EXPECT_EQ(consent.latest().valid, Between(40, 60));
  EXPECT_EQ(consent.given().valid, Between(0, 30));
}

TEST(Consent, RevokedAllowsNothingAndIsNotChangedAgain) {
  Consent consent = Given(Everything());
  Revoke(consent, "changed my mind", On(1));
  Revoke(consent, "again", On(2));
  ASSERT_EQ(consent.versions.size(), 2u);
  EXPECT_EQ(consent.latest().reason, "changed my mind");
  EXPECT_FALSE(Allows(consent, Start(kSnils, kBirth, 0)));
  EXPECT_THAT(Narrow(consent, For(kSnils), {}, On(2)), FailsWith(ErrorCode::kConflict));
  EXPECT_THAT(Renew(consent, Day(60), On(2)), FailsWith(ErrorCode::kConflict));
}

TEST(Consent, WhatWasKnownEarlierIsStillReadable) {
  Consent consent = Given(Everything());
  ASSERT_THAT(Narrow(consent, For(kSnils), {}, On(1)), IsOk());
  Revoke(consent, {}, On(2));
  EXPECT_FALSE(AsKnownAt(consent, At(-1)));
  EXPECT_TRUE(Allows(*AsKnownAt(consent, At(50)), Start(kMatcap, kBirth, 1)));
  EXPECT_FALSE(Allows(*AsKnownAt(consent, At(101)), Start(kMatcap, kBirth, 1)));
  EXPECT_TRUE(Allows(*AsKnownAt(consent, At(101)), Start(kSnils, kBirth, 1)));
  EXPECT_TRUE(AsKnownAt(consent, At(102))->revoked());
}

TEST(Consent, ChangesNeedTheEvidenceOfWhatThePersonSaw) {
  Consent consent = Given(Everything());
  ConsentAmendment amendment = On(1);
  amendment.evidence.text_version.clear();
  EXPECT_THAT(Narrow(consent, For(kSnils), {}, amendment), FailsWith(ErrorCode::kInvalidArgument));
  EXPECT_THAT(Renew(consent, Day(60), amendment), FailsWith(ErrorCode::kInvalidArgument));
}

}  // namespace
}  // namespace kstati::profile
