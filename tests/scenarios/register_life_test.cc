// SPDX-License-Identifier: Apache-2.0
//
// What a case came to, and who may see it.
#include <gtest/gtest.h>

#include "cases/consenting.h"
#include "cases/due_steps.h"
#include "cases/register.h"
#include "cases/result_token.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

using cases::ResultChange;
using cases::ResultRecord;

class RegisterLifeTest : public ::testing::Test {
 protected:
  RegisterLifeTest() {
    town.Resident("mother", "1995-05-20", "female",
                  {{"person.citizenship_rf", "true"},
                   {"person.lives_in_rf", "true"},
                   {"person.region_code", "77"},
                   {"person.registered_at_residence", "true"}});
    town.Consents("mother");
    town.Birth("son", "mother", "");
    town.Report("son", {{"doc.snils_child", "true"}});
    id_ = "R" + town.CaseFor("mother", "snils_newborn")->id.text().substr(1);
  }

  template <class Act>
  Result<ResultRecord> Do(const Act& act) {
    return cases::Retry(town.world(), [&](cases::Draft& draft) -> Result<ResultRecord> {
      return act(draft, town.Number("mother"), id_);
    });
  }
  Result<ResultRecord> Read(const std::string& who, const std::string& basis) {
    return Do([&](cases::Draft& draft, CitizenId citizen, const std::string& id) {
      return cases::ReadResult(draft, {who, basis}, citizen, id);
    });
  }
  // How often the mother's list of uses says that a call was made.
  size_t Entered(const std::string& call) {
    size_t count = 0;
    const auto deeds = town.world().store->Deeds(town.Number("mother"), 0, 1'000);
    for (const profile::DeedOfCitizen& deed : *deeds) {
      const auto found = deed.content.find("call");
      count += found != deed.content.end() && found->second == call ? 1 : 0;
    }
    return count;
  }

  Town town{"2026-03-16"};
  std::string id_;
};

TEST_F(RegisterLifeTest, WhatACaseCameToIsInTheRegisterOnce) {
  cases::Draft draft(town.world(), town.world().Now());
  const auto results = cases::ResultsOf(draft, town.Number("mother"));
  ASSERT_TRUE(results) << results.error().ToString();
  ASSERT_EQ(results->size(), 1U);
  const ResultRecord& result = results->front();
  EXPECT_EQ(result.id, id_);
  EXPECT_EQ(result.about, town.Number("son"));
  EXPECT_TRUE(result.latest().outputs.contains(AttributeId("doc.snils_child")));
  EXPECT_TRUE(result.StandsOn(town.today()));
  EXPECT_EQ(Entered("result_issued"), 1U);
}

TEST_F(RegisterLifeTest, OthersSeeItByLawOrWhileItIsShared) {
  EXPECT_EQ(Read("Bank", "").error().code, ErrorCode::kDenied);
  EXPECT_EQ(Read("Bank", "interagency_request").error().code, ErrorCode::kDenied);
  EXPECT_EQ(Read("sfr", "no_such_basis").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(Entered("result_shown"), 0U);
  EXPECT_TRUE(Read("sfr", "interagency_request"));
  EXPECT_EQ(Entered("result_shown"), 1U);
  ASSERT_TRUE(Do([&](cases::Draft& draft, CitizenId citizen, const std::string& id) {
    return cases::ShareResult(draft, citizen, id, "Bank", town.today().AddDays(3));
  }));
  EXPECT_TRUE(Read("Bank", ""));
  EXPECT_FALSE(Read("Other bank", ""));
  town.AdvanceTo("2026-03-20");
  EXPECT_FALSE(Read("Bank", "")) << "the last day is over";
  town.AdvanceTo("2026-03-18");
  ASSERT_TRUE(Do([](cases::Draft& draft, CitizenId citizen, const std::string& id) {
    return cases::EndSharing(draft, citizen, id, "Bank");
  }));
  EXPECT_FALSE(Read("Bank", ""));
  EXPECT_EQ(Entered("result_shown"), 2U);
}

// The mother's result for another child, whose document is accepted for a year.
class ValidityTest : public ::testing::Test {
 protected:
  ValidityTest() {
    graph::Validity year;
    year.period = *Period::Parse("P12M");
    town.world().validities = std::make_shared<const graph::Validities>(
        std::map<AttributeId, graph::Validity>{{kSnils, year}});
    town.Resident("mother", "1995-05-20", "female", {{"person.citizenship_rf", "true"}});
    town.Consents("mother");
    town.Birth("son", "mother", "");
  }

  void ReportSnils(std::optional<Date> last_day) {
    profile::RegistryEvent event;
    event.key = {RegistryId("sfr_ils"), EventId("snils")};
    event.type = EventTypeId(std::string(profile::kFactsOnly));
    event.subject = town.Number("son");
    event.occurred_on = town.today();
    event.facts = {{event.subject, kSnils, true, {town.today(), last_day}}};
    const auto outcome = town.Submit(event);
    ASSERT_TRUE(outcome) << outcome.error().ToString();
  }

  ResultRecord Registered() {
    cases::Draft draft(town.world(), town.world().Now());
    const auto results = cases::ResultsOf(draft, town.Number("mother"));
    EXPECT_EQ(results->size(), 1U);
    return results->front();
  }

  const AttributeId kSnils{"doc.snils_child"};
  Town town{"2026-03-16"};
};

TEST_F(ValidityTest, AResultHoldsAsLongAsItsRegistryReports) {
  ReportSnils(Date::Of(2026, 12, 31));
  const ResultRecord result = Registered();
  EXPECT_EQ(result.latest().valid.to, Date::Of(2026, 12, 31));
  EXPECT_TRUE(result.StandsOn(Date::Of(2026, 12, 31)));
  EXPECT_FALSE(result.StandsOn(Date::Of(2027, 1, 1)));
  const auto key = profile::ledger::SigningKey::FromSeed("town/results", {3});
  town.AdvanceTo("2026-12-30");
  const auto token = cases::MakeResultToken(result, town.world(), *key, town.world().Now(), 30);
  ASSERT_TRUE(token) << token.error().ToString();
  const auto verified = cases::VerifyResultToken(*token, key->public_key(), town.world().Now());
  EXPECT_EQ(verified->ends_at.ToString(), "2026-12-31T21:00:00Z");
}

TEST_F(ValidityTest, WithoutALastDayItHoldsAsLongAsTheCatalogueSays) {
  ReportSnils(std::nullopt);
  EXPECT_EQ(Registered().latest().valid.to, Date::Of(2027, 3, 16));
}

TEST_F(ValidityTest, WhatIsReportedAfterTheDecisionCorrectsIt) {
  const auto c = town.CaseFor("mother", "snils_newborn");
  ASSERT_TRUE(town.desk().HandOver(c->citizen, c->id));
  cases::DueSteps(town.world(), 0).Run();
  ASSERT_EQ(town.StatusOf("mother", "snils_newborn"), "granted");
  EXPECT_EQ(Registered().latest().valid.to, Date::Of(2027, 3, 16));
  town.AdvanceTo("2026-03-18");
  ReportSnils(Date::Of(2026, 12, 31));
  const ResultRecord result = Registered();
  ASSERT_EQ(result.versions.size(), 2U);
  EXPECT_EQ(result.latest().change, ResultChange::kCorrected);
  EXPECT_EQ(result.latest().valid, (DateInterval{Date::Of(2026, 3, 18), Date::Of(2026, 12, 31)}));
  EXPECT_EQ(result.latest().outcome, "granted");
}

TEST_F(RegisterLifeTest, ARevocationIsAVersionAndNothingIsLost) {
  const auto revoke = [](cases::Draft& draft, CitizenId citizen, const std::string& id) {
    return cases::RevokeResult(draft, citizen, id, "originals_differ");
  };
  const auto first = Do(revoke);
  ASSERT_TRUE(first);
  const auto again = Do(revoke);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->versions.size(), 2U) << "revoking twice changes nothing";
  EXPECT_EQ(again->versions[0].change, ResultChange::kIssued);
  EXPECT_FALSE(again->StandsOn(town.today()));
  EXPECT_FALSE(Do([&](cases::Draft& draft, CitizenId citizen, const std::string& id) {
    return cases::CorrectResult(draft, citizen, id, {town.today(), std::nullopt}, "late");
  }));
}

TEST_F(RegisterLifeTest, ACorrectionShortensWhatATokenSays) {
  const auto corrected = Do([&](cases::Draft& draft, CitizenId citizen, const std::string& id) {
    return cases::CorrectResult(draft, citizen, id, {town.today(), town.today().AddDays(1)},
                                "term");
  });
  ASSERT_TRUE(corrected);
  const auto key = profile::ledger::SigningKey::FromSeed("town/results", {3});
  const auto token = cases::MakeResultToken(*corrected, town.world(), *key, town.world().Now(), 30);
  ASSERT_TRUE(token) << token.error().ToString();
  const auto verified = cases::VerifyResultToken(*token, key->public_key(), town.world().Now());
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->ends_at.ToString(), "2026-03-17T21:00:00Z");
  town.AdvanceTo("2026-03-18");
  EXPECT_FALSE(cases::MakeResultToken(*corrected, town.world(), *key, town.world().Now(), 30));
}

}  // namespace
}  // namespace kstati::scenarios
