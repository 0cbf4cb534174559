// SPDX-License-Identifier: Apache-2.0
//
// An application against which the rules speak.
//
//   the law is confirmed, registries report it -> not taken, and that is on record
//   the law is not confirmed                   -> a case, and an official decides
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "cases/due_steps.h"
#include "cases/journal_log.h"
#include "cases/monitoring/report.h"
#include "cases/official.h"
#include "tests/scenarios/amended_catalogue.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

using cases::Case;
using cases::Status;

constexpr const char* kSnils = "snils_newborn";

class FilingTest : public ::testing::Test {
 protected:
  void ConfirmTheLaw() {
    catalogue_.Amend(kFile, "        article: ст. 6\n        verification: from_knowledge\n",
                     "        article: ст. 6\n        verification: confirmed\n        sources: "
                     "[myslo_snils]\n");
  }

  // From 20 March 2026 on another version that says the same.
  void Renew() {
    const std::string text = catalogue_.Read(kFile);
    const size_t from = text.find("  - from: 2024-01-01\n");
    const std::string version = text.substr(from, text.find("examples:") - from);
    catalogue_.Amend(kFile, "  - from: 2024-01-01\n", "  - from: 2024-01-01\n    to: 2026-03-19\n");
    catalogue_.Amend(kFile, "examples:\n",
                     With(version, "2024-01-01", "2026-03-20") + "examples:\n");
  }

  // A son is born, and the passport office says whether he is a citizen.
  void Settle(const std::string& citizen) {
    town = std::make_unique<Town>("2026-03-16", "", catalogue_.folder());
    town->Resident("mother", "1995-05-20", "female",
                   {{"person.citizenship_rf", "true"},
                    {"person.lives_in_rf", "true"},
                    {"person.region_code", "77"}});
    ASSERT_TRUE(town->Submit(town->BirthEvent("son", "mother", "")));
    if (!citizen.empty()) town->Report("son", {{"person.citizenship_rf", citizen}});
  }

  Result<Case> Apply() {
    return town->desk().Apply(town->Number("mother"), ServiceId(kSnils), town->Number("son"));
  }

  std::vector<profile::DeedContent> Deeds(const std::string& name, const std::string& value) {
    std::vector<profile::DeedContent> found;
    const auto deeds = town->world().store->Deeds(town->Number("mother"), 0, 1'000);
    for (const profile::DeedOfCitizen& deed : *deeds) {
      const auto said = deed.content.find(name);
      if (said != deed.content.end() && said->second == value) found.push_back(deed.content);
    }
    return found;
  }

 private:
  static constexpr const char* kFile = "services/snils_newborn.yaml";
  AmendedCatalogue catalogue_;

 protected:
  std::unique_ptr<Town> town;
};

TEST_F(FilingTest, ANoThatRegistriesAndConfirmedLawCarryIsNotTakenAndOnRecord) {
  ConfirmTheLaw();
  Settle("false");
  const auto refused = Apply();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kDenied);
  EXPECT_NE(refused.error().message.find("rg_registry_conflict"), std::string::npos)
      << refused.error().message;
  EXPECT_EQ(town->StatusOf("mother", kSnils), "none");
  const auto told = Deeds("call", "filing_refused");
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].at("service"), kSnils);
  EXPECT_EQ(told[0].at("grounds"), "rg_registry_conflict");
  EXPECT_EQ(told[0].at("regulation_from"), "2024-01-01");
  const auto log = cases::JournalAsLog(town->world());
  ASSERT_TRUE(log) << log.error().ToString();
  const auto reports =
      cases::monitoring::MakeReports(*log, cases::monitoring::Grouping::kNone, town->world().Now());
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].report.filings_refused, 1u);
  EXPECT_EQ(reports[0].report.cases, 0u) << "what was not taken is no case";
}

// The register had a wrong birth date, by which she was too young to change her name.
class TurnedAwayTest : public ::testing::Test {
 protected:
  TurnedAwayTest() {
    town.Resident("girl", "2013-01-01", "female", {{"person.citizenship_rf", "true"}});
    const auto refused = Apply();
    EXPECT_EQ(refused.error().code, ErrorCode::kDenied);
    EXPECT_EQ(town.StatusOf("girl", kName), "none");
    const auto history = town.world().store->Load(town.Number("girl"));
    const auto told = std::ranges::find(history->facts, kBirthDate, &profile::Fact::attribute);
    last_ = told->reported_by;
  }

  Result<Case> Apply() {
    return town.desk().Apply(town.Number("girl"), ServiceId(kName), town.Number("girl"));
  }

  void CorrectBirthDate(Date birth_date) {
    profile::RegistryEvent right;
    right.key = {last_.source, EventId("right-" + birth_date.ToString())};
    right.supersedes = std::exchange(last_, right.key).id;
    right.type = EventTypeId(std::string(profile::kFactsOnly));
    right.subject = town.Number("girl");
    right.occurred_on = town.today();
    right.facts = {{right.subject, kBirthDate, birth_date, {birth_date, std::nullopt}}};
    const auto outcome = town.Submit(right);
    ASSERT_TRUE(outcome) << outcome.error().ToString();
  }

  static constexpr const char* kName = "zags_name_change";
  const AttributeId kBirthDate{"person.birth_date"};
  Town town{"2026-03-16"};

 private:
  profile::EventKey last_;  // which told her birth date
};

TEST_F(TurnedAwayTest, WhatWasTurnedAwayBecauseOfAnErrorIsOfferedWhenItIsCorrected) {
  CorrectBirthDate(Date::Of(2013, 2, 1));
  EXPECT_EQ(town.StatusOf("girl", kName), "none") << "still too young";
  CorrectBirthDate(Date::Of(2009, 2, 1));
  ASSERT_EQ(town.StatusOf("girl", kName), "offered");
  EXPECT_EQ(town.CaseFor("girl", kName)->history.back().reason, "case.reason.filing_corrected");
  const auto confirmed = Apply();
  ASSERT_TRUE(confirmed) << confirmed.error().ToString();
  EXPECT_EQ(confirmed->status, Status::kStarted);
}

TEST_F(TurnedAwayTest, WhoHasAppliedAgainIsOfferedNothing) {
  town.Report("girl", {{"person.birth_date", "2009-02-01"}});
  ASSERT_TRUE(Apply());
  ASSERT_TRUE(
      cases::WithdrawCase(town.world(), town.Number("girl"), town.CaseFor("girl", kName)->id));
  CorrectBirthDate(Date::Of(2009, 2, 2));
  EXPECT_EQ(town.desk().Cases(town.Number("girl"))->size(), 1u);
}

TEST_F(FilingTest, OnLawThatNobodyConfirmedAnOfficialDecides) {
  Settle("false");
  const auto applied = Apply();
  ASSERT_TRUE(applied) << applied.error().ToString();
  EXPECT_EQ(applied->verdict, eligibility::Verdict::kNotEligible);
  EXPECT_EQ(applied->status, Status::kStarted);
  ASSERT_TRUE(town->desk().HandOver(applied->citizen, applied->id));
  cases::DueSteps(town->world(), 0).Run();
  const auto referred = town->CaseFor("mother", kSnils);
  EXPECT_EQ(referred->status, Status::kWithOfficial);
  EXPECT_EQ(referred->history.back().reason, "case.reason.refusal_needs_official");
  EXPECT_EQ(cases::OfficialQueue(town->world(), "sfr", 10)->size(), 1u);
  EXPECT_TRUE(Deeds("call", "filing_refused").empty());
}

TEST_F(FilingTest, WhileAnApplicationIsUnderWayNothingElseIsSaidOfAnother) {
  ConfirmTheLaw();
  Settle("true");
  ASSERT_TRUE(Apply());
  town->Report("son", {{"person.citizenship_rf", "false"}});
  EXPECT_EQ(Apply().error().code, ErrorCode::kConflict);
  EXPECT_TRUE(Deeds("call", "filing_refused").empty());
}

TEST_F(FilingTest, AnOfferIsConfirmedUnderTheRegulationOfTheDay) {
  Renew();
  Settle("true");
  const auto offered = town->CaseFor("mother", kSnils);
  ASSERT_EQ(offered->status, Status::kOffered);
  EXPECT_EQ(offered->regulation_from, Date::Of(2024, 1, 1));
  town->AdvanceTo("2026-03-21");
  const auto confirmed = Apply();
  ASSERT_TRUE(confirmed) << confirmed.error().ToString();
  EXPECT_EQ(confirmed->id, offered->id);
  EXPECT_EQ(confirmed->regulation_from, Date::Of(2026, 3, 20));
  ASSERT_TRUE(town->desk().HandOver(confirmed->citizen, confirmed->id));
  cases::DueSteps(town->world(), 0).Run();
  EXPECT_EQ(town->StatusOf("mother", kSnils), "granted");
  const auto decided = Deeds("decided_by", "rules");
  ASSERT_EQ(decided.size(), 1u);
  EXPECT_EQ(decided[0].at("regulation_from"), "2026-03-20");
}

}  // namespace
}  // namespace kstati::scenarios
