// SPDX-License-Identifier: Apache-2.0
//
// What a town would gain if a service were otherwise, or a register answered.
#include "cases/what_if.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cases/reach.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;

const SituationId kMoving("moving");

class WhatIfTest : public ::testing::Test {
 protected:
  void Mover(const std::string& name, const std::string& birth_date) {
    town.Resident(name, birth_date, "female",
                  {{"person.citizenship_rf", "true"},
                   {"person.lives_in_rf", "true"},
                   {"person.region_code", "77"},
                   {"doc.passport_rf", "true"},
                   {"doc.oms_policy", "true"}});
  }

  // Of everybody, if all were moving.
  cases::WhatIf Look(const cases::ServiceChange& change) {
    const auto catalogue = cases::With(change, town.world().catalogue(), town.today());
    EXPECT_TRUE(catalogue) << (catalogue ? "" : catalogue.error().ToString());
    catalogue_ = *catalogue;
    std::vector<Issue> issues;
    program_ = std::make_unique<eligibility::Program>(catalogue_,
                                                      town.world().program->dictionary(), issues);
    EXPECT_FALSE(HasErrors(issues));
    then_ = town.world();
    then_.program = program_.get();
    then_.graph_of_day = std::make_shared<cases::GraphOfDay>();
    desk_ = std::make_unique<cases::Desk>(then_, ranker_);
    cases::WhatIf what_if(town.world(), town.desk(), &then_, desk_.get(), kMoving);
    for (const char* name : {"ann", "eve"}) EXPECT_TRUE(what_if.Look(town.Number(name)));
    return what_if;
  }

  // Of one service in the chain of a mover.
  const graph::ChainStep& StepOf(const std::string& name, const std::string& service) {
    chain_ = *town.desk().Chain(town.Number(name), kMoving, CitizenId());
    for (const graph::ChainStep& step : chain_.chain.steps) {
      if (step.service.text() == service) return step;
    }
    ADD_FAILURE() << "no step " << service;
    return chain_.chain.steps.front();
  }

  Town town{"2026-03-16"};
  graph::Catalogue catalogue_;
  std::unique_ptr<eligibility::Program> program_;
  cases::World then_;
  recommender::ServingRanker ranker_;
  std::unique_ptr<cases::Desk> desk_;
  cases::Desk::PersonalChain chain_;
};

TEST_F(WhatIfTest, AServiceThatGoesOnlineSavesItsVisits) {
  Mover("ann", "1990-05-05");
  Mover("eve", "1950-05-05");
  const int visits = StepOf("ann", "residence_registration").visits;
  ASSERT_GT(visits, 0);
  const cases::WhatIf what_if = Look({ServiceId("residence_registration"), true, {}});
  EXPECT_EQ(what_if.people(), 2U);
  EXPECT_EQ(what_if.gains().at("35-59").visits, visits);
  EXPECT_EQ(what_if.gains().at("60+").people, 1U);
  EXPECT_EQ(what_if.all().visits, 2 * visits);
  EXPECT_EQ(what_if.all().fees, 0);
}

TEST_F(WhatIfTest, AShorterTermIsDoneSooner) {
  Mover("ann", "1990-05-05");
  Mover("eve", "1990-05-05");
  const graph::ChainStep& step = StepOf("ann", "clinic_attachment");
  ASSERT_TRUE(step.finish);
  ASSERT_GT(step.finish->days - step.start.days, 1);
  const cases::WhatIf what_if = Look({ServiceId("clinic_attachment"), false, 1});
  EXPECT_GT(what_if.all().days, 0);  // it is the one that takes longest
  EXPECT_EQ(what_if.all().visits, 0);
}

TEST_F(WhatIfTest, AServiceThatNobodyNeedsSavesNothing) {
  Mover("ann", "1990-05-05");
  Mover("eve", "1990-05-05");
  EXPECT_THAT(Look({ServiceId("inheritance_certificate"), true, {}}).gains(), IsEmpty());
  EXPECT_FALSE(
      cases::With({ServiceId("nothing"), true, {}}, town.world().catalogue(), town.today()));
}

TEST(WhatIf, SmallGroupsAreJoinedUntilNoDifferenceTellsOfThem) {
  const auto gain = [](uint64_t people) { return cases::Gain{people, 1, 0, 0, 0}; };
  const auto names = [](const std::map<std::string, cases::Gain>& gains) {
    std::string text;
    for (const auto& [name, one] : TellableGroups(gains)) {
      text += name + " " + std::to_string(one.people) + " " + std::to_string(one.visits) + ", ";
    }
    return text;
  };
  EXPECT_EQ(names({{"a", gain(12)}, {"b", gain(30)}}), "a 12 1, b 30 1, ");
  EXPECT_EQ(names({{"a", gain(12)}, {"b", gain(30)}, {"c", gain(9)}}), "b 30 1, others 21 2, ");
  EXPECT_EQ(names({{"a", gain(6)}, {"b", gain(30)}, {"c", gain(9)}}), "b 30 1, others 15 2, ");
  EXPECT_EQ(names({{"a", gain(6)}, {"b", gain(3)}}), "");
  EXPECT_EQ(names({}), "");
}

TEST_F(WhatIfTest, ARegisterThatAnswersSavesItsQuestions) {
  Mover("ann", "1990-05-05");
  cases::WhatIf what_if(town.world(), town.desk(), nullptr, nullptr, SituationId("retirement"));
  ASSERT_TRUE(what_if.Look(town.Number("ann")));
  ASSERT_THAT(what_if.registers(), Not(IsEmpty()));
  for (const auto& [registry, gain] : what_if.registers()) {
    EXPECT_NE(registry.text(), "declared");
    EXPECT_EQ(gain.people, 1U);
    EXPECT_GT(gain.questions + gain.documents, 0U);
    EXPECT_EQ(gain.unlocked, gain.decided > 0 ? 1U : 0U);
  }
}

TEST_F(WhatIfTest, WhatASourceAnswersAlreadyIsNoGain) {
  Mover("ann", "1990-05-05");
  const SituationId retirement("retirement");
  const auto questions = [&](const std::set<AttributeId>& answered) {
    cases::WhatIf what_if(town.world(), town.desk(), nullptr, nullptr, retirement);
    what_if.AnswersAlready(answered);
    EXPECT_TRUE(what_if.Look(town.Number("ann")));
    uint64_t all = 0;
    for (const auto& [registry, gain] : what_if.registers()) all += gain.questions;
    return all;
  };
  std::set<AttributeId> lacking;
  for (const ServiceId& service : town.world().catalogue().FindSituation(retirement)->services) {
    const auto decision = town.desk().Explain(town.Number("ann"), service, CitizenId());
    if (!decision) continue;
    for (const eligibility::Missing& missing : decision->missing) lacking.insert(missing.attribute);
  }
  const uint64_t before = questions({});
  uint64_t saved = 0;
  for (const AttributeId& attribute : lacking) saved += before - questions({attribute});
  EXPECT_GT(saved, 0U);
  EXPECT_EQ(before - questions(lacking), saved) << "each question is one register's";
}

// Of one of them the registries know enough to offer what the state offers unasked, of the other
// nothing but the birth.
TEST(ReachTest, WhomTheRulesCannotSeeIsCountedByGroupWithWhatIsLacking) {
  Town town("2026-03-16");
  town.Settled("ann", "1950-05-05");
  town.Resident("eve", "1999-05-05", "female");
  cases::ReachAudit audit(town.world());
  ASSERT_TRUE(audit.Look(town.Number("ann")));
  ASSERT_TRUE(audit.Look(town.Number("eve")));
  EXPECT_EQ(audit.all().people, 2U);
  const auto& ages = audit.groups().at("age");
  const cases::GroupReach& known = ages.at("60+");
  const cases::GroupReach& unknown = ages.at("18-34");
  EXPECT_EQ(known.decisions, unknown.decisions) << "the same services for everybody";
  EXPECT_LT(known.unseen, unknown.unseen);
  EXPECT_THAT(unknown.missing, Not(IsEmpty()));
  EXPECT_EQ(audit.groups().at("region").at("77").people, 1U);
  EXPECT_EQ(audit.groups().at("region").at("?").people, 1U);
  EXPECT_FALSE(audit.Look(CitizenId(999'999))) << "nobody has that number";
}

// What the state does unasked for a newborn is decided of the child, not of the mother.
TEST(ReachTest, WhatIsAboutChildrenCountsForEachOfThem) {
  Town town("2026-03-16");
  town.Settled("ann", "1990-05-05");
  const auto reach_of_ann = [&town] {
    cases::ReachAudit audit(town.world());
    EXPECT_TRUE(audit.Look(town.Number("ann")));
    return audit.all();
  };
  const cases::GroupReach alone = reach_of_ann();
  town.Child("son", "2025-05-05", "ann");
  const cases::GroupReach of_one = reach_of_ann();
  uint64_t about_child = 0;
  for (const graph::Service& service : town.world().catalogue().services()) {
    const graph::Regulation* regulation = service.RegulationOn(town.today());
    const bool unasked = regulation != nullptr && regulation->mode != graph::Mode::kOnRequest;
    about_child += unasked && service.about == graph::About::kChild ? 1 : 0;
  }
  ASSERT_GT(about_child, 0U);
  EXPECT_EQ(of_one.people, 1U);
  EXPECT_EQ(of_one.decisions, alone.decisions + about_child);
  town.Child("daughter", "2023-05-05", "ann");
  EXPECT_EQ(reach_of_ann().decisions, alone.decisions + 2 * about_child);
}

}  // namespace
}  // namespace kstati::scenarios
