// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/purposes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/catalogue.h"

namespace kstati::thrift {
namespace {

using profile::AuthorityId;
using profile::Consent;
using testing::HasSubstr;

const graph::Catalogue& Shipped() {
  static const graph::Catalogue catalogue = [] {
    std::vector<Issue> issues;
    const graph::KnownAttributes all{[](const AttributeId&) { return true; },
                                     [](std::string_view) { return std::string(); },
                                     [](std::string_view) { return true; }};
    return graph::LoadCatalogue(KSTATI_DATA "/catalogue", all, issues);
  }();
  return catalogue;
}

const Date kToday = Date::Of(2026, 3, 2);

Caller OfficialOf(const std::string& authority) {
  return Caller("clerk", {Scope::Parse("official:" + authority).value()});
}

// A consent to start services, for data to go to these alone; to nobody in particular: to anybody.
Consent ConsentFor(CitizenId citizen, std::set<AuthorityId> recipients) {
  profile::ConsentGrant grant;
  grant.citizen = citizen;
  grant.scope.recipients = std::move(recipients);
  grant.valid = {Date::Of(2026, 1, 1), std::nullopt};
  return profile::MakeConsent(grant, {}, Instant());
}

class PurposesTest : public testing::Test {
 protected:
  Result<PurposeOfUse> Find(const std::string& id, const Caller& caller) const {
    return FindPurpose(id, caller, Shipped(), person_, kToday);
  }

  ConsentsOfPerson person_;
};

TEST_F(PurposesTest, ALawThatNamesRecipientsLetsNobodyElseUseTheData) {
  ASSERT_TRUE(Find("pension_account", OfficialOf("sfr")));
  const Result<PurposeOfUse> other = Find("pension_account", OfficialOf("mvd"));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::kDenied);
  EXPECT_THAT(other.error().remedy, HasSubstr("sfr"));
  EXPECT_FALSE(Find("pension_account", Caller("portal", {Scope::Parse("portal").value()})));
}

TEST_F(PurposesTest, ALawThatNamesNobodyIsForWhomeverTheTokenAllowsIt) {
  EXPECT_TRUE(Find("service_on_request", OfficialOf("mvd")));
  EXPECT_TRUE(Find("service_on_request", Caller("portal", {Scope::Parse("portal").value()})));
}

TEST_F(PurposesTest, WhoeverRunsTheSystemSpeaksForEveryAuthority) {
  EXPECT_TRUE(Find("pension_account", Caller("operator", {Scope::Parse("operator").value()})));
}

TEST_F(PurposesTest, AConsentThatNamesRecipientsAllowsNobodyElse) {
  person_.consents = {ConsentFor(CitizenId(17), {AuthorityId("sfr")})};
  EXPECT_TRUE(Find("proactive-start", OfficialOf("sfr")));
  const Result<PurposeOfUse> other = Find("proactive-start", OfficialOf("mvd"));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::kConsentRequired);
}

TEST_F(PurposesTest, OfSeveralConsentsThatNamesTheCallerCounts) {
  person_.consents = {ConsentFor(CitizenId(17), {AuthorityId("sfr")}),
                      ConsentFor(CitizenId(17), {AuthorityId("mvd"), AuthorityId("zags")})};
  EXPECT_TRUE(Find("proactive-start", OfficialOf("zags")));
  EXPECT_FALSE(Find("proactive-start", OfficialOf("fns")));
}

TEST_F(PurposesTest, AConsentToOneServiceOpensNoProfile) {
  Consent consent = ConsentFor(CitizenId(17), {});
  consent.versions.back().scope.service = ServiceId("matcap_certificate");
  person_.consents = {consent};
  EXPECT_FALSE(Find("proactive-start", OfficialOf("sfr")));
}

TEST_F(PurposesTest, WhatARepresentativeConsentedToEndsWithTheRepresentation) {
  Consent consent = ConsentFor(CitizenId(17), {});
  consent.versions.back().by.capacity = profile::Capacity::kLegalRepresentative;
  person_ = {{consent}, true};
  EXPECT_TRUE(Find("proactive-start", OfficialOf("sfr")));
  person_.represented = false;
  EXPECT_FALSE(Find("proactive-start", OfficialOf("sfr")));
}

}  // namespace
}  // namespace kstati::thrift
