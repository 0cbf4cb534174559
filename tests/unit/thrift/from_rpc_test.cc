// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/from_rpc.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kstati::thrift {
namespace {

using testing::HasSubstr;

rpc::RegistryEvent Birth() {
  rpc::RegistryEvent event;
  event.source = "egr_zags";
  event.id = "42";
  event.type = "event.child_born";
  event.subject = "18";
  event.occurred_on = "2026-03-15";
  event.participants["mother"] = {"17"};
  rpc::ReportedFact fact;
  fact.citizen = "18";
  fact.attribute = "person.sex";
  fact.value.__set_text("female");
  event.facts.push_back(fact);
  return event;
}

std::string PlaceOfError(const rpc::RegistryEvent& event) {
  const auto read = ReadEvent(event);
  EXPECT_FALSE(read);
  return read ? "" : read.error().place;
}

TEST(FromRpcTest, EventIsReadWhole) {
  rpc::RegistryEvent reported = Birth();
  reported.__set_supersedes("41");
  const auto event = ReadEvent(reported);
  ASSERT_TRUE(event) << event.error().ToString();
  EXPECT_EQ(event->key.ToString(), "egr_zags/42");
  EXPECT_EQ(event->subject, CitizenId(18));
  EXPECT_EQ(event->participants.at("mother"), std::vector{CitizenId(17)});
  EXPECT_EQ(event->facts[0].value, profile::FactValue(std::string("female")));
  EXPECT_EQ(event->supersedes, EventId("41"));
}

TEST(FromRpcTest, EvidenceIsReadAndTheSourcesOwnIsNoneAtAll) {
  rpc::RegistryEvent reported = Birth();
  rpc::Evidence evidence;
  evidence.kind = "electronic_duplicate";
  evidence.__set_reference("act 7");
  evidence.__set_certifier("mfc");
  reported.__set_evidence(evidence);
  const auto event = ReadEvent(reported);
  ASSERT_TRUE(event) << event.error().ToString();
  ASSERT_NE(event->evidence, nullptr);
  EXPECT_EQ(*event->evidence,
            (profile::Evidence{profile::EvidenceKind::kElectronicDuplicate,
                               profile::Assurance::kDocumentary, "act 7", "", "mfc"}));
  reported.evidence = {};
  reported.evidence.kind = "registry_record";
  EXPECT_EQ(ReadEvent(reported)->evidence, nullptr);
  reported.evidence.kind = "hearsay";
  EXPECT_EQ(PlaceOfError(reported), "event egr_zags/42, evidence, kind");
  reported.evidence.kind = "registry_record";
  reported.evidence.__set_assurance("certain");
  EXPECT_EQ(PlaceOfError(reported), "event egr_zags/42, evidence, assurance");
}

TEST(FromRpcTest, FactWithoutDaysIsTrueFromTheDayOfTheEvent) {
  const auto event = ReadEvent(Birth());
  EXPECT_EQ(event->facts[0].valid, (DateInterval{Date::Of(2026, 3, 15), std::nullopt}));
}

TEST(FromRpcTest, EachKindOfValueIsReadAsItsKind) {
  const auto value_of = [](const auto& set) {
    rpc::RegistryEvent event = Birth();
    event.facts[0].value = {};
    set(event.facts[0].value);
    return ReadEvent(event)->facts[0].value;
  };
  using profile::FactValue;
  EXPECT_EQ(value_of([](rpc::Value& v) { v.__set_boolean(true); }), FactValue(true));
  EXPECT_EQ(value_of([](rpc::Value& v) { v.__set_number("12.50"); }),
            FactValue(*Decimal::Parse("12.5")));
  EXPECT_EQ(value_of([](rpc::Value& v) { v.__set_date("2026-03-15"); }),
            FactValue(Date::Of(2026, 3, 15)));
  EXPECT_EQ(value_of([](rpc::Value&) {}), FactValue(profile::NotApplicable{}));
}

TEST(FromRpcTest, TwoAlternativesAtOnceAreRefused) {
  rpc::RegistryEvent event = Birth();
  event.facts[0].value.__set_boolean(true);
  EXPECT_EQ(PlaceOfError(event), "event egr_zags/42, facts[0].value");
}

TEST(FromRpcTest, ErrorsNameTheField) {
  rpc::RegistryEvent event = Birth();
  event.subject = "Anna";
  EXPECT_EQ(PlaceOfError(event), "event egr_zags/42, subject");
  event = Birth();
  event.occurred_on = "15.03.2026";
  EXPECT_EQ(PlaceOfError(event), "event egr_zags/42, occurred_on");
  event = Birth();
  event.facts[0].__set_valid_to("soon");
  EXPECT_EQ(PlaceOfError(event), "event egr_zags/42, facts[0].valid_to");
  event = Birth();
  event.facts[0].value = {};
  event.facts[0].value.__set_number("many");
  EXPECT_EQ(PlaceOfError(event), "event egr_zags/42, facts[0].value");
  event = Birth();
  rpc::ReportedRelation relation;
  relation.from_citizen = "17";
  relation.kind = "friend";
  relation.to_citizen = "18";
  event.relations.push_back(relation);
  EXPECT_EQ(PlaceOfError(event), "event egr_zags/42, relations[0].kind");
}

TEST(FromRpcTest, IdsThatCannotBePrintedStayOutOfTheMessage) {
  rpc::RegistryEvent event = Birth();
  event.id = "4\n2\xff";
  event.subject = "Anna";
  EXPECT_EQ(PlaceOfError(event), "event, subject");
}

TEST(FromRpcTest, TextsMustBeUtf8AndShort) {
  EXPECT_TRUE(ReadName("сообщение", "x"));
  EXPECT_EQ(ReadName("\xff", "x").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(ReadName("line\nbreak", "x").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(ReadName(std::string(129, 'x'), "x").error().code, ErrorCode::kLimitExceeded);
}

TEST(FromRpcTest, ScopesAreReadWholeAndAreForActingUnlessTheySayOtherwise) {
  rpc::ConsentGrant grant;
  grant.citizen = "17";
  grant.scope.purpose = "proactive-start";
  const auto scope = [&] { return ReadGrant(grant, Date(), Language::kEnglish)->scope; };
  EXPECT_EQ(scope(), profile::ConsentScope());
  grant.scope.service_id = "snils_newborn";
  grant.scope.__set_categories({"family", "identity"});
  grant.scope.__set_recipients({"sfr"});
  grant.scope.__set_mode(rpc::ConsentMode::PREPARE);
  EXPECT_EQ(scope().categories.size(), 2u);
  EXPECT_EQ(scope().recipients.begin()->text(), "sfr");
  EXPECT_EQ(scope().mode, profile::ConsentMode::kPrepare);
  grant.scope.__set_mode(static_cast<rpc::ConsentMode::type>(9));
  EXPECT_EQ(ReadGrant(grant, Date(), Language::kEnglish).error().place, "grant.scope.mode");
  grant.scope.__set_recipients({"a\nb"});
  EXPECT_EQ(ReadGrant(grant, Date(), Language::kEnglish).error().place, "grant.scope.recipients");
}

TEST(FromRpcTest, AnAmendmentIsByTheCitizenUnlessItSaysOtherwise) {
  rpc::ConsentAmendment amendment;
  amendment.citizen = "17";
  amendment.consent = "K";
  const auto plain = ReadConsentAmendment(amendment, Language::kRussian);
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->request.by, CitizenId(17));
  EXPECT_FALSE(plain->scope);
  EXPECT_FALSE(plain->last_day);
  amendment.__set_changed_by("18");
  amendment.__set_valid_to("2026-13-01");
  EXPECT_EQ(ReadConsentAmendment(amendment, Language::kRussian).error().place,
            "amendment.valid_to");
  amendment.__set_valid_to("2026-12-01");
  EXPECT_EQ(ReadConsentAmendment(amendment, Language::kRussian)->request.by, CitizenId(18));
}

TEST(FromRpcTest, GrantWithoutDayStartsToday) {
  rpc::ConsentGrant grant;
  grant.citizen = "17";
  grant.scope.purpose = "proactive-start";
  const auto read = ReadGrant(grant, Date::Of(2026, 3, 15), Language::kEnglish);
  ASSERT_TRUE(read) << read.error().ToString();
  EXPECT_EQ(read->by.who, CitizenId(17));
  EXPECT_EQ(read->valid, (DateInterval{Date::Of(2026, 3, 15), std::nullopt}));
  EXPECT_EQ(read->evidence.language, "en");
  grant.scope.purpose = "everything";
  EXPECT_EQ(ReadGrant(grant, Date(), Language::kEnglish).error().place, "grant.scope.purpose");
}

TEST(FromRpcTest, EmptyMomentsMeanTodayAndNow) {
  const Date today = Date::Of(2026, 3, 15);
  const Instant now{1'000'000};
  const auto both = ReadAsOf("", "", today, now);
  EXPECT_EQ(both->valid_at, today);
  EXPECT_EQ(both->known_at, now);
  EXPECT_EQ(ReadAsOf("2026-01-01", "", today, now)->valid_at, Date::Of(2026, 1, 1));
  EXPECT_EQ(ReadAsOf("", "yesterday", today, now).error().place, "known_at");
}

}  // namespace
}  // namespace kstati::thrift
