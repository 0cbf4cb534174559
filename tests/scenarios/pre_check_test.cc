// SPDX-License-Identifier: Apache-2.0
//
// "Does everything suffice?", answered so that the answer can be relied on.
//
//   answered "yes" -> the law changes for the worse -> applied for in time -> granted
//                  -> a fact changes                -> the new facts count
//                  -> the time is over              -> the new law counts
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "cases/consenting.h"
#include "cases/deciding.h"
#include "cases/due_steps.h"
#include "cases/erasure.h"
#include "cases/pre_check.h"
#include "cases/zeros.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

namespace fs = std::filesystem;

using cases::Case;
using cases::PreCheck;
using cases::Status;

constexpr const char* kService = "snils_newborn";

// From 20 March 2026 on the service is for foreign children only.
class PreCheckTest : public ::testing::Test {
 protected:
  PreCheckTest() {
    fs::remove_all(folder_);
    fs::copy(Town::RealCatalogue(), folder_, fs::copy_options::recursive);
    const fs::path file = folder_ + "/services/" + kService + ".yaml";
    std::ifstream stream(file);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    const size_t from = text.find("  - from: 2024-01-01\n");
    const std::string version = text.substr(from, text.find("examples:") - from);
    std::ofstream(file) << text.substr(0, from)
                        << With(version, "2024-01-01\n", "2024-01-01\n    to: 2026-03-19\n")
                        << With(With(version, "2024-01-01\n", "2026-03-20\n"),
                                "child.citizenship_rf = true", "child.citizenship_rf = false");
    town = std::make_unique<Town>("2026-03-16", "", folder_);
    town->Resident("mother", "1995-05-20", "female",
                   {{"person.citizenship_rf", "true"},
                    {"person.lives_in_rf", "true"},
                    {"person.region_code", "77"}});
    town->Birth("son", "mother", "");
    town->Report("son", {{"person.citizenship_rf", "true"}});
    const auto offered = town->CaseFor("mother", kService);
    if (!offered) return;
    EXPECT_TRUE(town->desk().Decline(town->Number("mother"), offered->id));
  }
  ~PreCheckTest() override {
    town.reset();
    fs::remove_all(folder_);
  }

  PreCheck Check() {
    auto made =
        town->desk().CheckAhead(town->Number("mother"), ServiceId(kService), town->Number("son"));
    EXPECT_TRUE(made) << (made ? "" : made.error().ToString());
    return made ? *std::move(made) : PreCheck{};
  }
  Result<Case> Apply() {
    return town->desk().Apply(town->Number("mother"), ServiceId(kService), town->Number("son"));
  }
  Result<Case> Order(const std::string& id) {
    return cases::Retry(town->world(), [&](cases::Draft& draft) {
      return cases::OrderOnPreCheck(draft, town->Number("mother"), id);
    });
  }
  // Takes the case as far as the rules can.
  Status Decided(const Case& c) {
    EXPECT_TRUE(town->desk().HandOver(c.citizen, c.id));
    cases::DueSteps(town->world(), 0).Run();
    return town->desk().FindCase(c.citizen, c.id)->status;
  }

  // What is applied for now is against the rules of that version. Nobody has confirmed its law.
  void ExpectAgainst(Date regulation_from) {
    const auto applied = Apply();
    ASSERT_TRUE(applied) << applied.error().ToString();
    EXPECT_EQ(applied->verdict, eligibility::Verdict::kNotEligible);
    EXPECT_EQ(applied->regulation_from, regulation_from);
    EXPECT_EQ(Decided(*applied), Status::kWithOfficial);
  }

  Case LikeCase(const std::string& about) {
    Case like;
    like.citizen = town->Number("mother");
    like.about = town->Number(about);
    like.service = ServiceId(kService);
    return like;
  }
  bool Binds(const PreCheck& answer) {
    cases::Draft draft(town->world(), town->world().Now());
    return *cases::Binds(draft, answer);
  }
  eligibility::Decision DecisionNow(const std::string& about) {
    const graph::Service* service = town->world().catalogue().FindService(ServiceId(kService));
    cases::Draft draft(town->world(), town->world().Now());
    const cases::Viewpoint viewpoint = *cases::ViewpointOfCase(draft, LikeCase(about));
    return *cases::DecideOnPreChecks(
        draft, viewpoint, town->world().program->Decide(*service, viewpoint.subject(), true));
  }

  std::unique_ptr<Town> town;

 private:
  static std::string With(std::string text, const std::string& part, const std::string& instead) {
    const size_t place = text.find(part);
    EXPECT_NE(place, std::string::npos) << part;
    return text.replace(place, part.size(), instead);
  }

  std::string folder_ = testing::TempDir() + "/kstati-pre-check-" + std::to_string(getpid());
};

TEST_F(PreCheckTest, WithoutOneTheNewLawCounts) {
  town->AdvanceTo("2026-03-21");
  ExpectAgainst(Date::Of(2026, 3, 20));
}

TEST_F(PreCheckTest, TheAnswerBindsThoughTheLawChanged) {
  const PreCheck answer = Check();
  EXPECT_EQ(answer.verdict, eligibility::Verdict::kEligible);
  EXPECT_TRUE(answer.Suffices());
  EXPECT_EQ(answer.holds_until.ToString().substr(0, 10), "2026-04-15") << "30 days by the course";
  town->AdvanceTo("2026-03-21");
  const auto applied = Apply();
  ASSERT_TRUE(applied) << applied.error().ToString();
  EXPECT_EQ(applied->regulation_from, Date::Of(2024, 1, 1));
  EXPECT_EQ(Decided(*applied), Status::kGranted);
  cases::Draft draft(town->world(), town->world().Now());
  EXPECT_EQ(cases::PreChecksOf(draft, applied->citizen)->front().case_id, applied->id);
}

TEST_F(PreCheckTest, OneConfirmationOrdersItAndAgainChangesNothing) {
  const PreCheck answer = Check();
  town->AdvanceTo("2026-03-21");
  const auto ordered = Order(answer.id);
  ASSERT_TRUE(ordered) << ordered.error().ToString();
  const auto again = Order(answer.id);
  ASSERT_TRUE(again) << again.error().ToString();
  EXPECT_EQ(again->id, ordered->id);
  EXPECT_EQ(Order("P-000000000000-0001").error().code, ErrorCode::kNotFound);
}

TEST_F(PreCheckTest, ItBindsNoLongerThanItSays) {
  const PreCheck answer = Check();
  town->AdvanceTo("2026-04-16");
  EXPECT_EQ(Order(answer.id).error().code, ErrorCode::kConflict);
  ExpectAgainst(Date::Of(2026, 3, 20));
}

TEST_F(PreCheckTest, OtherFactsAreAnotherQuestion) {
  const PreCheck answer = Check();
  town->AdvanceTo("2026-03-18");
  town->Report("son", {{"person.citizenship_rf", "false"}});
  EXPECT_EQ(Order(answer.id).error().code, ErrorCode::kConflict);
  ExpectAgainst(Date::Of(2024, 1, 1));
}

TEST_F(PreCheckTest, TheSameFactReportedAgainChangesNothing) {
  const PreCheck answer = Check();
  town->AdvanceTo("2026-03-21");
  town->Report("son", {{"person.citizenship_rf", "true"}});
  EXPECT_TRUE(Order(answer.id));
}

TEST_F(PreCheckTest, AfterAFactChangedTheLawOfTheApplicationIsCited) {
  Check();
  town->AdvanceTo("2026-03-21");
  const auto applied = Apply();
  ASSERT_TRUE(applied) << applied.error().ToString();
  ASSERT_EQ(applied->regulation_from, Date::Of(2024, 1, 1));
  town->Report("son", {{"person.citizenship_rf", "false"}});
  EXPECT_EQ(Decided(*applied), Status::kGranted) << "the new law is for foreign children";
  const auto decided = town->desk().FindCase(applied->citizen, applied->id);
  EXPECT_EQ(decided->regulation_from, Date::Of(2026, 3, 20));
}

TEST_F(PreCheckTest, WhatTheStateStartsByItselfGetsItToo) {
  town->Consents("mother");
  town->Resident("daughter", "2026-03-10", "female",
                 {{"person.citizenship_rf", "true"}, {"doc.birth_record", "true"}});
  town->Relate("mother", "parent", "daughter");
  const CitizenId mother = town->Number("mother");
  const CitizenId daughter = town->Number("daughter");
  const auto answer = town->desk().CheckAhead(mother, ServiceId(kService), daughter);
  ASSERT_TRUE(answer && answer->Suffices());
  town->AdvanceTo("2026-03-21");
  ASSERT_TRUE(town->Submit(town->BirthEvent("daughter", "mother", "")));
  const std::vector<Case> all = *town->desk().Cases(mother);
  const auto started = std::ranges::find_if(
      all, [&](const Case& c) { return c.service == ServiceId(kService) && c.about == daughter; });
  ASSERT_NE(started, all.end()) << town->CasesOf("mother");
  EXPECT_EQ(started->status, Status::kStarted);
  EXPECT_EQ(started->regulation_from, Date::Of(2024, 1, 1));
  EXPECT_EQ(Decided(*started), Status::kGranted);
}

TEST_F(PreCheckTest, ThatSomethingLacksBindsNobody) {
  town->Resident("daughter", "2026-03-10", "female", {{"doc.birth_record", "true"}});
  town->Relate("mother", "parent", "daughter");
  const auto answer = town->desk().CheckAhead(town->Number("mother"), ServiceId(kService),
                                              town->Number("daughter"));
  ASSERT_EQ(answer->verdict, eligibility::Verdict::kUndetermined);
  EXPECT_FALSE(Binds(*answer));
  town->AdvanceTo("2026-03-21");
  town->Report("daughter", {{"person.citizenship_rf", "true"}});
  EXPECT_FALSE(Binds(*answer));
  EXPECT_EQ(DecisionNow("daughter").verdict, eligibility::Verdict::kNotEligible)
      << "what is repealed was not promised";
}

TEST_F(PreCheckTest, WithoutARegulationThereIsNothingToDecideBy) {
  const PreCheck answer = Check();
  town->AdvanceTo("2026-03-21");
  const auto decide = [&](const eligibility::Verdict promised) {
    const graph::Service* service = town->world().catalogue().FindService(ServiceId(kService));
    cases::Draft draft(town->world(), town->world().Now());
    const cases::Viewpoint viewpoint = *cases::ViewpointOfCase(draft, LikeCase("son"));
    PreCheck then = answer;
    then.verdict = promised;
    then.made_on = Date::Of(2023, 12, 1);  // before the first version
    eligibility::Subject subject = viewpoint.subject();
    subject.today = then.made_on;
    eligibility::Decision none = town->world().program->Decide(*service, subject, true);
    EXPECT_EQ(none.regulation, nullptr);
    return cases::BetterOf(town->world(), then, viewpoint, std::move(none));
  };
  EXPECT_EQ(decide(eligibility::Verdict::kEligible).verdict, eligibility::Verdict::kNotEligible);
}

TEST_F(PreCheckTest, NobodysFactsAreInTheAnswerAndErasureEndsIt) {
  const PreCheck answer = Check();
  ASSERT_FALSE(answer.facts.empty());
  const auto records = town->world().store->Records(answer.citizen, cases::kPreCheckRecord);
  ASSERT_EQ(records->size(), 1u);
  EXPECT_EQ(records->front().second.find("true"), std::string::npos) << "the son's citizenship";
  ASSERT_TRUE(town->desk().EraseAll(town->Number("son")));
  EXPECT_FALSE(Binds(answer));
}

TEST_F(PreCheckTest, WhatAnOfficialExaminesDoesNotSuffice) {
  town->Resident("ill", "1980-01-01", "male",
                 {{"mse.persistent_disorder", "true"},
                  {"mse.life_limitation", "true"},
                  {"mse.need_of_rehab", "true"},
                  {"doc.mse_referral", "true"},
                  {"doc.snils", "true"}});
  const auto answer = town->desk().CheckAhead(town->Number("ill"), ServiceId("mse_examination"),
                                              town->Number("ill"));
  ASSERT_TRUE(answer) << answer.error().ToString();
  EXPECT_EQ(answer->verdict, eligibility::Verdict::kEligible);
  EXPECT_TRUE(answer->missing.empty() && answer->documents.empty());
  EXPECT_TRUE(answer->official);
  EXPECT_FALSE(answer->Suffices());
}

TEST_F(PreCheckTest, ANoBindsNobodyWhenTheNewLawGivesMore) {
  town->Report("son", {{"person.citizenship_rf", "false"}});
  const PreCheck answer = Check();
  EXPECT_EQ(answer.verdict, eligibility::Verdict::kNotEligible);
  EXPECT_FALSE(answer.grounds.empty());
  EXPECT_EQ(Order(answer.id).error().code, ErrorCode::kConflict);
  town->AdvanceTo("2026-03-21");
  EXPECT_TRUE(Apply()) << "what is better for the person wins";
}

TEST_F(PreCheckTest, TheLedgerHasTheAnswerOnceHoweverOftenItIsAsked) {
  const PreCheck answer = Check();
  EXPECT_EQ(Check().id, answer.id);
  size_t entered = 0;
  const auto deeds = town->world().store->Deeds(answer.citizen, 0, 1'000);
  for (const profile::DeedOfCitizen& deed : *deeds) {
    const auto id = deed.content.find("pre_check");
    if (id == deed.content.end()) continue;
    ++entered;
    EXPECT_EQ(id->second, answer.id);
    EXPECT_EQ(deed.content.at("holds_until"), answer.holds_until.ToString());
  }
  EXPECT_EQ(entered, 1u);
}

TEST_F(PreCheckTest, WaitingIsZeroOnlyWhereItIsDecidedOnTheDay) {
  const auto applied = Apply();
  ASSERT_TRUE(applied) << applied.error().ToString();
  const auto zeros_now = [&] {
    const Case c = *town->desk().FindCase(applied->citizen, applied->id);
    return *cases::ZerosOf(c, nullptr, town->world().program->dictionary(), town->world().Now(),
                           town->world().time_zone);
  };
  EXPECT_EQ(zeros_now().score(), 3);
  town->AdvanceTo("2026-03-18");
  ASSERT_EQ(zeros_now().blockers.size(), 1u);
  EXPECT_EQ(zeros_now().blockers.front().days, 2) << "so far";
  EXPECT_FALSE(zeros_now().IsZero(cases::Zero::kWaiting));
  EXPECT_EQ(Decided(*applied), Status::kGranted);
  town->AdvanceTo("2026-03-25");
  EXPECT_EQ(zeros_now().blockers.front().days, 2) << "until it was decided";
  const auto decision = town->desk().Explain(applied->citizen, ServiceId(kService), applied->about);
  const cases::Zeros planned = cases::ZerosOf(*decision, town->world().program->dictionary());
  for (const cases::ZeroBlocker& blocker : planned.blockers) {
    const int set = (blocker.any_of.empty() ? 0 : 1) + (blocker.term ? 1 : 0) +
                    (blocker.visits > 0 ? 1 : 0) + (blocker.days > 0 ? 1 : 0);
    EXPECT_EQ(set, 1);
    EXPECT_FALSE(planned.IsZero(blocker.zero));
  }
}

TEST_F(PreCheckTest, WhatIsKeptReadsAsItWasWritten) {
  const PreCheck answer = Check();
  const std::string bytes = cases::Encode(answer);
  const auto read = cases::DecodePreCheck(bytes);
  ASSERT_TRUE(read) << read.error().ToString();
  EXPECT_EQ(cases::Encode(*read), bytes);
  EXPECT_EQ(read->facts, answer.facts);
  for (size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(cases::DecodePreCheck(bytes.substr(0, length))) << length;
  }
}

}  // namespace
}  // namespace kstati::scenarios
