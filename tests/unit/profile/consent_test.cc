// SPDX-License-Identifier: Apache-2.0
#include "profile/consent.h"

#include "tests/unit/profile/profile_fixtures.h"

namespace kstati::profile {
namespace {

const ServiceId kSnils("snils_newborn");
const ServiceId kMatcap("matcap_certificate");
const SituationId kBirth("child_birth");
const SituationId kRetirement("retirement");

ConsentGrant GrantFor(ServiceId service, SituationId situation) {
  ConsentGrant grant;
  grant.citizen = kAnna;
  grant.granted_by = kAnna;
  grant.scope = {Purpose::kProactiveStart, std::move(service), std::move(situation)};
  grant.valid = Between(0, 30);
  grant.text_version = "2026-01";
  grant.language = "ru";
  grant.channel = "portal";
  return grant;
}

bool AllowsStart(const Consent& consent, const ServiceId& service, const SituationId& situation,
                 int64_t day) {
  return Allows(consent, Purpose::kProactiveStart, service, situation, Day(day));
}

TEST(Consent, PurposesHaveStableNames) {
  EXPECT_EQ(NameOf(Purpose::kProactiveStart), "proactive-start");
  EXPECT_EQ(*ParsePurpose("proactive-start"), Purpose::kProactiveStart);
  EXPECT_THAT(ParsePurpose("proactive-prepare"), FailsWith(ErrorCode::kInvalidArgument));
  EXPECT_THAT(ParsePurpose("anything"), FailsWith(ErrorCode::kInvalidArgument));
}

TEST(Consent, WithoutServiceAndSituationItCoversEverythingOfItsPurpose) {
  const Consent consent = MakeConsent(GrantFor({}, {}), {}, At(0));
  EXPECT_TRUE(AllowsStart(consent, kSnils, kBirth, 1));
  EXPECT_TRUE(AllowsStart(consent, kMatcap, kRetirement, 1));
}

TEST(Consent, ForOneServiceCoversNoOther) {
  const Consent consent = MakeConsent(GrantFor(kSnils, {}), {}, At(0));
  EXPECT_TRUE(AllowsStart(consent, kSnils, kRetirement, 1));
  EXPECT_FALSE(AllowsStart(consent, kMatcap, kBirth, 1));
}

TEST(Consent, ForOneSituationCoversNoOther) {
  const Consent consent = MakeConsent(GrantFor({}, kBirth), {}, At(0));
  EXPECT_TRUE(AllowsStart(consent, kMatcap, kBirth, 1));
  EXPECT_FALSE(AllowsStart(consent, kMatcap, kRetirement, 1));
  EXPECT_FALSE(AllowsStart(consent, kMatcap, {}, 1));
}

TEST(Consent, HoldsOnBothEndsOfItsTermAndNotBeyond) {
  const Consent consent = MakeConsent(GrantFor({}, {}), {}, At(0));
  EXPECT_FALSE(AllowsStart(consent, kSnils, kBirth, -1));
  EXPECT_TRUE(AllowsStart(consent, kSnils, kBirth, 0));
  EXPECT_TRUE(AllowsStart(consent, kSnils, kBirth, 30));
  EXPECT_FALSE(AllowsStart(consent, kSnils, kBirth, 31));
}

TEST(Consent, RevokedAllowsNothing) {
  Consent consent = MakeConsent(GrantFor({}, {}), {}, At(0));
  consent.revoked_at = At(100);
  EXPECT_FALSE(AllowsStart(consent, kSnils, kBirth, 1));
}

TEST(Consent, NothingIsAllowedByDefaultAndTheFirstThatAllowsIsFound) {
  const auto find = [](const std::vector<Consent>& consents) {
    return FindAllowing(consents, Purpose::kProactiveStart, kSnils, kBirth, Day(1));
  };
  EXPECT_EQ(find({}), nullptr);
  std::vector<Consent> consents{MakeConsent(GrantFor(kMatcap, {}), {}, At(0))};
  EXPECT_EQ(find(consents), nullptr);
  consents.push_back(MakeConsent(GrantFor(kSnils, {}), consents, At(0)));
  consents.push_back(MakeConsent(GrantFor({}, {}), consents, At(0)));
  EXPECT_EQ(find(consents), &consents[1]);
}

TEST(Consent, IdsCountOnFromTheLastOfTheCitizen) {
  std::vector<Consent> consents{MakeConsent(GrantFor({}, {}), {}, At(0))};
  EXPECT_EQ(consents[0].id.text(), "K-000000000017-0001");
  EXPECT_EQ(MakeConsent(GrantFor({}, {}), consents, At(0)).id.text(), "K-000000000017-0002");
}

TEST(Consent, GrantIsRefusedWithTheFieldThatIsWrong) {
  const auto place_of = [](auto change) {
    ConsentGrant grant = GrantFor({}, {});
    change(grant);
    const Result<void> outcome = Validate(grant, Day(10));
    return outcome ? std::string() : outcome.error().place;
  };
  EXPECT_EQ(place_of([](ConsentGrant&) {}), "");
  EXPECT_EQ(place_of([](ConsentGrant& g) { g.citizen = CitizenId(); }), "citizen");
  EXPECT_EQ(place_of([](ConsentGrant& g) { g.granted_by = CitizenId(); }), "granted_by");
  EXPECT_EQ(place_of([](ConsentGrant& g) { g.valid = Between(5, 4); }), "valid");
  EXPECT_EQ(place_of([](ConsentGrant& g) { g.valid = Between(0, 9); }), "valid.to");
  EXPECT_EQ(place_of([](ConsentGrant& g) { g.language = "de"; }), "language");
  EXPECT_EQ(place_of([](ConsentGrant& g) { g.text_version.clear(); }), "text_version");
  EXPECT_EQ(place_of([](ConsentGrant& g) { g.channel = std::string(200, 'x'); }), "channel");
}

}  // namespace
}  // namespace kstati::profile
