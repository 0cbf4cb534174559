// SPDX-License-Identifier: Apache-2.0
#include "graph/chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/graph/drawing.h"

namespace kstati::graph {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Texts(const std::vector<AttributeId>& ids) {
  std::vector<std::string> texts;
  for (const AttributeId& id : ids) texts.push_back(id.text());
  return texts;
}

TEST(ChainTest, StepsFollowEachOtherByTheWorkingCalendar) {
  Drawing world(R"(
    mchd            -> zags_birth_registration -> birth_record   [1 wd]
    birth_record    -> snils_newborn           -> snils_child    [5 wd]
  )");
  world.Goals("snils_child").Held("mchd");
  EXPECT_THAT(world.Steps(),
              ElementsAre("zags_birth_registration 03-02..03-03",
                          "snils_newborn 03-03..03-10 after zags_birth_registration"));
  const Chain chain = world.Solve();
  EXPECT_EQ(chain.finish, Date::Of(2026, 3, 10));
  EXPECT_THAT(Texts(chain.reached), ElementsAre("doc.snils_child"));
  EXPECT_THAT(chain.unreachable, IsEmpty());
}

TEST(ChainTest, IndependentStepsRunAtTheSameTime) {
  Drawing world(R"(
    birth_record  -> snils  -> snils_child  [2 wd]
    birth_record  -> inn    -> inn_child    [5 wd, priority 90]
    snils_child + inn_child -> policy -> oms_policy [1 wd]
  )");
  world.Goals("oms_policy").Held("birth_record");
  EXPECT_THAT(world.Steps(), ElementsAre("inn 03-02..03-09", "snils 03-02..03-04",
                                         "policy 03-09..03-10 after inn after snils"))
      << "policy waits for the later of its two inputs";
}

TEST(ChainTest, ASharedStepIsTakenOnce) {
  Drawing world(R"(
    mchd    -> zags   -> record  [1 wd]
    record  -> snils  -> snils_child
    record  -> inn    -> inn_child
  )");
  world.Goals("snils_child + inn_child").Held("mchd");
  EXPECT_THAT(world.Steps(), ElementsAre("zags 03-02..03-03", "inn 03-03..03-03 after zags",
                                         "snils 03-03..03-03 after zags"));
}

TEST(ChainTest, WhatThePersonHoldsNeedsNoStep) {
  Drawing world(R"(
    mchd    -> zags   -> record  [1 wd]
    record  -> snils  -> snils_child
  )");
  world.Goals("snils_child + record").Held("record");
  EXPECT_THAT(world.Steps(), ElementsAre("snils 03-02..03-02"));
  EXPECT_THAT(Texts(world.Solve().reached), ElementsAre("doc.record", "doc.snils_child"));
}

TEST(ChainTest, AChainOfGoalsAlreadyHeldIsEmpty) {
  Drawing world("mchd -> zags -> record [1 wd]");
  world.Goals("record").Held("record");
  const Chain chain = world.Solve();
  EXPECT_THAT(chain.steps, IsEmpty());
  EXPECT_THAT(Texts(chain.reached), ElementsAre("doc.record"));
  EXPECT_EQ(chain.finish, std::nullopt);
}

TEST(ChainTest, ThePersonBringsWhatNeitherServicesNorTheStateHave) {
  Drawing world("application + photo + bank_details -> passport_14 -> passport [5 wd, visits 1]");
  world.Goals("passport").StateHolds("bank_details");
  EXPECT_THAT(world.Steps(),
              ElementsAre("passport_14 03-02..03-09 bring application bring photo visits 1"));
}

TEST(ChainTest, NothingIsBroughtForWhichThereIsAnAlternative) {
  Drawing world("paper|record -> snils -> snils_child");
  world.Goals("snils_child").StateHolds("record");
  EXPECT_THAT(world.Steps(), ElementsAre("snils 03-02..03-02"));
}

TEST(ChainTest, OneAlternativeOfAnInputIsEnough) {
  Drawing world(R"(
    a   -> slow -> marriage_record [10 wd]
    a   -> fast -> name_record     [3 wd]
    marriage_record|name_record -> passport_replace -> passport [5 wd]
  )");
  world.Goals("passport").Held("a");
  EXPECT_THAT(world.Steps(),
              ElementsAre("fast 03-02..03-05", "passport_replace 03-05..03-12 after fast"));
}

TEST(ChainTest, TheProducerThatFinishesFirstIsTaken) {
  Drawing world(R"(
    a -> office -> record [5 wd]
    a -> online -> record [1 wd]
  )");
  world.Goals("record").Held("a");
  EXPECT_THAT(world.Steps(), ElementsAre("online 03-02..03-03"));
}

TEST(ChainTest, TiesGoToFewerVisitsThenPriorityThenId) {
  Drawing visits(R"(
    a -> alpha -> record [1 wd, visits 1, priority 99]
    a -> beta  -> record [1 wd, priority 10]
  )");
  EXPECT_THAT(visits.Goals("record").Held("a").Steps(), ElementsAre("beta 03-02..03-03"));
  Drawing priority(R"(
    a -> alpha -> record [1 wd, priority 10]
    a -> beta  -> record [1 wd, priority 20]
  )");
  EXPECT_THAT(priority.Goals("record").Held("a").Steps(), ElementsAre("beta 03-02..03-03"));
  Drawing id(R"(
    a -> beta  -> record [1 wd]
    a -> alpha -> record [1 wd]
  )");
  EXPECT_THAT(id.Goals("record").Held("a").Steps(), ElementsAre("alpha 03-02..03-03"));
}

TEST(ChainTest, AForbiddenServiceCutsItsGoalAndNoOther) {
  Drawing world(R"(
    a       -> zags  -> record [forbidden]
    record  -> snils -> snils_child
    a       -> inn   -> inn_child
  )");
  world.Goals("snils_child + inn_child").Held("a");
  const Chain chain = world.Solve();
  EXPECT_THAT(Texts(chain.reached), ElementsAre("doc.inn_child"));
  EXPECT_THAT(Texts(chain.unreachable), ElementsAre("doc.snils_child"));
  EXPECT_THAT(world.Steps(), ElementsAre("inn 03-02..03-02")) << "no step without a use";
}

TEST(ChainTest, AnotherProducerReplacesAForbiddenOne) {
  Drawing world(R"(
    a -> zags   -> record [1 wd, forbidden]
    a -> court  -> record [30 cd]
  )");
  world.Goals("record").Held("a");
  EXPECT_THAT(world.Steps(), ElementsAre("court 03-02..04-01"));
}

TEST(ChainTest, ACircleSupportsNothingHoweverShortItsTerms) {
  Drawing world(R"(
    b -> first  -> a
    a -> second -> b
    a -> third  -> c
  )");
  world.Goals("c");
  const Chain chain = world.Solve();
  EXPECT_THAT(chain.steps, IsEmpty());
  EXPECT_THAT(Texts(chain.unreachable), ElementsAre("doc.c"));
}

TEST(ChainTest, ACircleWithAWayInIsEnteredThere) {
  Drawing world(R"(
    b   -> first  -> a
    a   -> second -> b
    x   -> entry  -> b [3 wd]
    a   -> third  -> c
  )");
  world.Goals("c").Held("x");
  EXPECT_THAT(world.Steps(), ElementsAre("entry 03-02..03-05", "first 03-05..03-05 after entry",
                                         "third 03-05..03-05 after first"));
}

TEST(ChainTest, AServiceThatReplacesItsOwnDocumentNeedsTheOldOne) {
  Drawing world("passport + photo -> passport_replace -> passport [5 wd]");
  world.Goals("passport");
  EXPECT_THAT(Texts(world.Solve().unreachable), ElementsAre("doc.passport"));
}

TEST(ChainTest, ServicesOfTheSituationComeFirst) {
  Drawing world(R"(
    a -> own   -> record [5 wd]
    a -> other -> record [1 wd, outside]
  )");
  world.Goals("record").Held("a");
  EXPECT_THAT(world.Steps(), ElementsAre("own 03-02..03-09"));
}

TEST(ChainTest, AServiceOutsideTheSituationHelpsOutWithAMissingDocument) {
  Drawing world(R"(
    a         -> certificate -> income  [3 wd, outside]
    income    -> allowance   -> payment [5 wd]
  )");
  world.Goals("payment").Held("a");
  EXPECT_THAT(world.Steps(),
              ElementsAre("certificate 03-02..03-05", "allowance 03-05..03-12 after certificate"));
}

TEST(ChainTest, AnUndeterminedServiceIsUsedAndMarkedWhenNoCertainOneServes) {
  Drawing only("a -> maybe_this -> record [1 wd, maybe]");
  EXPECT_THAT(only.Goals("record").Held("a").Steps(), ElementsAre("maybe_this 03-02..03-03 maybe"));
  Drawing both(R"(
    a -> maybe_this -> record [1 wd, maybe]
    a -> sure_that  -> record [5 wd]
  )");
  EXPECT_THAT(both.Goals("record").Held("a").Steps(), ElementsAre("sure_that 03-02..03-09"));
}

TEST(ChainTest, PreferencesCannotCloseACircle) {
  // Each document has a fast producer outside and a preferred one inside that needs the other
  // document.
  Drawing world(R"(
    b -> inner_a -> a
    a -> inner_b -> b
    x -> outer_a -> a [3 wd, outside]
    x -> outer_b -> b [2 wd, outside]
  )");
  world.Goals("a + b").Held("x");
  EXPECT_THAT(world.Steps(),
              ElementsAre("outer_b 03-02..03-04", "inner_a 03-04..03-04 after outer_b"));
}

TEST(ChainTest, OnlyServicesThatMayLeadToAGoalAreAskedAbout) {
  Drawing world(R"(
    a      -> zags    -> record
    record -> snils   -> snils_child
    record -> useless -> nothing_wanted
    x      -> feeder  -> mchd
    mchd   -> far     -> record2
  )");
  world.Goals("snils_child").Held("a");
  world.Solve();
  EXPECT_THAT(world.asked(), ::testing::UnorderedElementsAre("snils", "zags"));
}

TEST(ChainTest, AStepIsListedAfterThoseItNeedsEvenOnTheSameDay) {
  Drawing world(R"(
    a      -> low  -> record [priority 1]
    record -> high -> card   [priority 99]
  )");
  world.Goals("card").Held("a");
  EXPECT_THAT(world.Steps(), ElementsAre("low 03-02..03-02", "high 03-02..03-02 after low"));
}

TEST(ChainTest, ATermPastTheLastCalendarYearHasNoFinish) {
  Drawing world(R"(
    a      -> pension   -> decision [3 m]
    decision -> payment -> account  [1 wd]
    a      -> card      -> card     [1 wd]
  )");
  world.Goals("account + card").Held("a").Start("2026-11-02");
  EXPECT_THAT(world.Steps(), ElementsAre("card 11-02..11-03", "pension 11-02..?",
                                         "payment 11-02..? after pension"));
  EXPECT_EQ(world.Solve().finish, std::nullopt);
}

TEST(ChainTest, AProducerWithAKnownFinishComesBeforeOneWithout) {
  Drawing world(R"(
    a -> endless -> record [12 m]
    a -> year    -> record [20 wd, visits 3]
  )");
  world.Goals("record").Held("a");
  EXPECT_THAT(world.Steps(), ElementsAre("year 03-02..03-30 visits 3"));
}

// An application is 150 roubles of time.
TEST(ChainTiesTest, OfEqualBurdenAndDaysTheFewestServicesAreTaken) {
  Drawing world(R"(
    a    -> one   -> half  [1 wd, priority 90]
    half -> two   -> paper [1 wd, priority 90]
    a    -> whole -> paper [2 wd, fee 150]
  )");
  world.Goals("paper").Held("a");
  EXPECT_EQ(world.Solve().burden, 50'000);
  EXPECT_THAT(world.Steps(), testing::ElementsAre("whole 03-02..03-04"));
}

TEST(ChainTiesTest, OfEqualBurdenTheFewestDaysAreTaken) {
  Drawing world(R"(
    a -> slow  -> paper [3 wd]
    a -> quick -> paper [1 wd, fee 200]
  )");
  world.Goals("paper").Held("a");
  EXPECT_THAT(world.Steps(), testing::ElementsAre("quick 03-02..03-03"));
}

std::vector<int64_t> FeesOf(const Chain& chain) {
  std::vector<int64_t> fees;
  for (const ChainStep& step : chain.steps) fees.push_back(step.fee / 100);
  return fees;
}

TEST(ChainFeeTest, AStepCostsWhatItCostsOnItsDay) {
  Drawing world(R"(
    a    -> first  -> half  [5 wd, fee 400 halved until 2026-03-03]
    half -> second -> paper [1 wd, fee 2000 halved until 2026-03-03]
  )");
  const Chain chain = world.Goals("paper").Held("a").Solve();
  EXPECT_THAT(FeesOf(chain), testing::ElementsAre(200, 2000));
  EXPECT_TRUE(chain.proven);
  // Two applications and six days, with the fees.
  EXPECT_EQ(chain.burden, (30 + 60) * 1000 + 220'000);
}

TEST(ChainFeeTest, ADiscountThatEndsBeforeItsStepMakesNoWayCheaper) {
  Drawing world(R"(
    a    -> first  -> half  [5 wd]
    half -> second -> paper [1 wd, fee 2000 halved until 2026-03-03]
    a    -> other  -> paper [6 wd, fee 1500]
  )");
  const Chain chain = world.Goals("paper").Held("a").Solve();
  EXPECT_THAT(world.Steps(), testing::ElementsAre("other 03-02..03-10"));
  EXPECT_TRUE(chain.proven);
  EXPECT_THAT(world.Choices(), testing::SizeIs(1));
}

// The discount can be had: by a way that costs more than it saves.
TEST(ChainFeeTest, ADiscountThatAnotherWayWouldGetIsCountedForThatWayAlone) {
  Drawing world(R"(
    a    -> slow   -> half  [5 wd]
    a    -> quick  -> half  [1 wd, fee 1900]
    half -> second -> paper [1 wd, fee 2000 halved until 2026-03-05]
    a    -> other  -> paper [6 wd, fee 1500]
  )");
  const Chain chain = world.Goals("paper").Held("a").Solve();
  EXPECT_THAT(world.Steps(), testing::ElementsAre("other 03-02..03-10"));
  EXPECT_TRUE(chain.proven);
  const ChainFront front = world.Front();
  ASSERT_EQ(front.points.size(), 2U);
  EXPECT_EQ(front.points[1].fee, 290'000);
  EXPECT_TRUE(front.proven);
}

}  // namespace
}  // namespace kstati::graph
