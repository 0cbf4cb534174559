// SPDX-License-Identifier: Apache-2.0
//
// Chains on days on which one person can do them, ways to choose from, what stands in the way, and
// what becomes of a chain that somebody was told of.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cases/chain_days.h"
#include "cases/chain_obstacles.h"
#include "cases/draft.h"
#include "cases/relevance.h"
#include "graph/chains/burden.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

using ::testing::Contains;
using ::testing::Field;
using ::testing::SizeIs;

class ChainDaysTest : public ::testing::Test {
 protected:
  cases::Desk::PersonalChain ChainOf(const std::string& name, const std::string& situation) {
    auto chain = town.desk().Chain(town.Number(name), SituationId(situation), CitizenId());
    EXPECT_TRUE(chain) << (chain ? "" : chain.error().ToString());
    return chain ? std::move(*chain) : cases::Desk::PersonalChain();
  }

  Town town{"2026-03-16"};
};

TEST_F(ChainDaysTest, OneTripADayServesTheWholeFamily) {
  town.Settled("mother", "1990-02-01");
  town.Child("infant", "2025-06-01", "mother");
  town.Child("pupil", "2015-06-01", "mother");
  const auto chain = ChainOf("mother", "moving");
  ASSERT_FALSE(chain.chain.steps.empty());
  ASSERT_EQ(chain.schedule.tasks.size(), chain.chain.steps.size());
  ASSERT_EQ(chain.decisions.size(), chain.chain.steps.size());
  int visits = 0;
  for (const graph::ChainStep& step : chain.chain.steps) visits += step.visits;
  std::set<Date> days;
  for (const auto& trip : chain.schedule.trips) {
    EXPECT_TRUE(days.insert(trip.day).second) << trip.day.ToString();
    for (const uint32_t step : trip.tasks) {
      EXPECT_EQ(chain.chain.steps[step].start, trip.day);
      EXPECT_GT(chain.chain.steps[step].visits, 0);
    }
  }
  EXPECT_GT(visits, static_cast<int>(days.size())) << "one trip is for several";
  EXPECT_TRUE(std::ranges::is_sorted(chain.chain.steps, {}, &graph::ChainStep::start));
  EXPECT_EQ(chain.chain.finish, chain.schedule.finish);
}

TEST_F(ChainDaysTest, TheGraphOfADayIsMadeOnceWhileADayIsComparedWithAnother) {
  const Date today = town.today();
  const auto graph = town.world().Graph(today);
  for (int i = 1; i < 10; ++i) {
    const auto other = town.world().Graph(today.AddDays(-i));
    EXPECT_EQ(other->date(), today.AddDays(-i));
    EXPECT_EQ(town.world().Graph(today), graph);
    EXPECT_EQ(town.world().Graph(today.AddDays(-i)), other);
  }
}

TEST_F(ChainDaysTest, WaysAreComparedAsScheduled) {
  town.Settled("teenager", "2012-03-01");
  const auto found =
      town.desk().ChainOptions(town.Number("teenager"), SituationId("adulthood_14"), CitizenId());
  ASSERT_TRUE(found) << found.error().ToString();
  ASSERT_FALSE(found->ways.empty());
  EXPECT_LE(found->ways.size(), 4U);
  const cases::ChainWay& first = found->ways.front();
  EXPECT_EQ(first.kind, graph::OptionKind::kRecommended);
  const auto chain = ChainOf("teenager", "adulthood_14");
  EXPECT_EQ(first.chain.chain.steps.size(), chain.chain.steps.size());
  EXPECT_EQ(first.weighed.finish, chain.chain.finish);
  EXPECT_EQ(first.weighed.trips, static_cast<int>(chain.schedule.trips.size()));
}

// The law as it is names no two goals of a situation that exclude each other.
TEST_F(ChainDaysTest, OfStepsThatExcludeEachOtherTheBetterStaysAndTheOtherIsNamed) {
  town.Settled("teenager", "2012-03-01");
  const std::set<ServiceId> pair{ServiceId("pushkin_card"), ServiceId("inn_certificate")};
  graph::Exclusion exclusion;
  exclusion.services.assign(pair.begin(), pair.end());
  exclusion.text = {"Только одно из двух", "Only one of the two"};
  cases::World world = town.world();
  world.exclusions = std::make_shared<const std::vector<graph::Exclusion>>(1, exclusion);
  const recommender::ServingRanker ranker;
  const cases::Desk desk(world, ranker);
  const CitizenId teenager = town.Number("teenager");
  const SituationId situation("adulthood_14");
  const auto both = town.desk().Chain(teenager, situation, CitizenId());
  const auto one = desk.Chain(teenager, situation, CitizenId());
  ASSERT_TRUE(both);
  ASSERT_TRUE(one);
  const auto of_pair = [&pair](const cases::DecidedChain& chain) {
    return std::ranges::count_if(chain.chain.steps, [&pair](const graph::ChainStep& step) {
      return pair.contains(step.service);
    });
  };
  EXPECT_EQ(of_pair(*both), 2);
  EXPECT_EQ(of_pair(*one), 1);
  ASSERT_EQ(one->yielding.size(), 1U);
  const recommender::Yielding& yielding = one->yielding.front();
  EXPECT_TRUE(pair.contains(yielding.service));
  EXPECT_FALSE(std::ranges::count(one->chain.steps, yielding.service, &graph::ChainStep::service));
  EXPECT_EQ(one->chain.unreachable, both->chain.unreachable) << "a better right is no obstacle";
  EXPECT_TRUE(both->chain.proven);
  EXPECT_TRUE(one->chain.proven) << "no other choice of the two is better";
  const auto ways = desk.ChainOptions(teenager, situation, CitizenId());
  ASSERT_TRUE(ways);
  for (const cases::ChainWay& way : ways->ways) EXPECT_LE(of_pair(way.chain), 1);
  const auto front = desk.ChainFront(teenager, situation, CitizenId());
  ASSERT_TRUE(front);
  for (const graph::FrontPoint& point : front->front.points) {
    EXPECT_FALSE(std::ranges::count(point.steps, yielding.service, &graph::ChainStep::service));
  }
}

TEST_F(ChainDaysTest, OfServicesThatExcludeEachOtherOneIsSuggestedAndNamesTheOther) {
  town.Settled("teenager", "2012-03-01");
  const auto both = town.desk().Suggest(town.Number("teenager"), 50);
  ASSERT_TRUE(both);
  ASSERT_GE(both->items.size(), 2U);
  graph::Exclusion exclusion;
  exclusion.services = {both->items[0].decision.service, both->items[1].decision.service};
  cases::World world = town.world();
  world.exclusions = std::make_shared<const std::vector<graph::Exclusion>>(1, exclusion);
  const recommender::ServingRanker ranker;
  const auto of_pair = [&exclusion](const recommender::Suggestions& suggestions) {
    std::vector<recommender::Suggested> found;
    for (const recommender::Suggested& one : suggestions.items) {
      if (std::ranges::count(exclusion.services, one.decision.service) > 0) found.push_back(one);
    }
    return found;
  };
  const auto one = cases::Desk(world, ranker).Suggest(town.Number("teenager"), 50);
  ASSERT_TRUE(one);
  const auto offered = of_pair(*one);
  ASSERT_EQ(offered.size(), 1U);
  ASSERT_EQ(offered[0].instead_of.size(), 1U);
  EXPECT_NE(offered[0].instead_of[0].service, offered[0].decision.service);
  ASSERT_EQ(one->yielded.size(), 1U);
  EXPECT_EQ(one->yielded[0].service, offered[0].instead_of[0].service);
  EXPECT_EQ(both->items.size(), one->items.size() + 1) << "nothing else goes";
}

TEST_F(ChainDaysTest, TheFrontBeginsWithTheCheapestWay) {
  town.Settled("teenager", "2012-03-01");
  const CitizenId teenager = town.Number("teenager");
  const auto found = town.desk().ChainFront(teenager, SituationId("adulthood_14"), CitizenId());
  ASSERT_TRUE(found) << found.error().ToString();
  const graph::ChainFront& front = found->front;
  ASSERT_FALSE(front.points.empty());
  EXPECT_TRUE(front.proven);
  EXPECT_EQ(front.lower, front.points.front().cost);
  const auto chain = ChainOf("teenager", "adulthood_14");
  int64_t least = std::numeric_limits<int64_t>::max();
  for (const graph::FrontPoint& point : front.points) {
    least = std::min(least, point.cost + point.days * graph::chains::kWorkingDay);
  }
  EXPECT_EQ(least, chain.chain.burden) << "the chain is the point with the least of both";
}

TEST_F(ChainDaysTest, WhatIsOutOfReachHasItsObstacles) {
  town.Settled("adult", "1990-02-01");
  const auto chain = ChainOf("adult", "disability");
  ASSERT_FALSE(chain.chain.unreachable.empty());
  ASSERT_EQ(chain.unreached.size(), chain.chain.unreachable.size());
  std::set<AttributeId> goals;
  size_t refusals = 0;
  for (const cases::UnreachedGoal& one : chain.unreached) {
    goals.insert(one.in_the_way.goal);
    EXPECT_EQ(one.why == cases::WhyUnreached::kInTheWay, !one.in_the_way.obstacles.empty());
    ASSERT_EQ(one.grounds.size(), one.in_the_way.obstacles.size());
    for (size_t i = 0; i < one.grounds.size(); ++i) {
      if (one.in_the_way.obstacles[i].refused.empty()) continue;
      EXPECT_FALSE(one.grounds[i].empty()) << one.in_the_way.obstacles[i].refused.text();
      ++refusals;
    }
  }
  EXPECT_GT(refusals, 0U);
  EXPECT_EQ(goals,
            std::set<AttributeId>(chain.chain.unreachable.begin(), chain.chain.unreachable.end()));
}

// The law as it is has no such goals: the chain is told that it did not get to one that is open.
TEST_F(ChainDaysTest, AGoalGivenUpForOthersIsNotCalledRefused) {
  town.Settled("teenager", "2012-03-01");
  const graph::Situation& situation =
      *town.world().catalogue().FindSituation(SituationId("adulthood_14"));
  graph::Chain chain = ChainOf("teenager", "adulthood_14").chain;
  ASSERT_FALSE(chain.reached.empty());
  const AttributeId passport("doc.passport_rf");
  ASSERT_THAT(chain.reached, Contains(passport));
  chain.unreachable = {passport};
  cases::Draft draft(town.world(), town.world().Now());
  const auto household = draft.HouseholdOf(town.Number("teenager"));
  ASSERT_TRUE(household) << household.error().ToString();
  const cases::Viewpoint own{*household, nullptr, {}};
  const auto why = [&] {
    return cases::UnreachedGoalsOf(town.world(), situation, own, town.today(), {}, chain)
        .front()
        .why;
  };
  EXPECT_EQ(why(), cases::WhyUnreached::kBesideOthers);
  chain.proven = false;
  EXPECT_EQ(why(), cases::WhyUnreached::kNotFound);
}

// Whoever has no way to apply is told so, but not of what was applied for before.
TEST_F(ChainDaysTest, NothingIsInTheWayOfAGoalThatIsUnderWay) {
  town.Settled("teenager", "2012-03-01");
  const graph::Situation& situation =
      *town.world().catalogue().FindSituation(SituationId("adulthood_14"));
  cases::Draft draft(town.world(), town.world().Now());
  const cases::Viewpoint own{*draft.HouseholdOf(town.Number("teenager")), nullptr, {}};
  graph::Chain chain;
  chain.unreachable = {AttributeId("doc.passport_rf")};
  cases::SoFar so_far;
  so_far.channels = {"a channel that no service has"};
  const auto unreached = [&] {
    const auto all =
        cases::UnreachedGoalsOf(town.world(), situation, own, town.today(), so_far, chain);
    EXPECT_THAT(all, SizeIs(1));
    return all.front();
  };
  EXPECT_EQ(unreached().why, cases::WhyUnreached::kInTheWay);
  EXPECT_FALSE(unreached().in_the_way.obstacles.empty());
  so_far.under_way[{ServiceId("passport_first_14"), town.Number("teenager")}] = {
      town.today().AddDays(-2), town.today().AddDays(5)};
  EXPECT_EQ(unreached().why, cases::WhyUnreached::kBesideOthers);
  EXPECT_TRUE(unreached().in_the_way.obstacles.empty());
}

TEST_F(ChainDaysTest, AToldChainIsRepairedAndSaysWhatHasChanged) {
  town.Settled("teenager", "2012-03-01");
  const Instant told = town.world().Now();
  const auto before = ChainOf("teenager", "adulthood_14");
  ASSERT_FALSE(before.chain.steps.empty());
  const auto repaired = [&] {
    return town.desk()
        .RepairChain(town.Number("teenager"), SituationId("adulthood_14"), CitizenId(), told)
        .value();
  };
  EXPECT_TRUE(repaired().changes.empty());
  town.AdvanceTo("2026-03-18");
  town.Report("teenager", {{"doc.passport_rf", "true"}});
  const auto after = repaired();
  EXPECT_THAT(after.changes, Contains(Field(&cases::ChainChange::kind, cases::ChangeKind::kDone)));
  for (const graph::ChainStep& step : after.chain.chain.steps) {
    EXPECT_THAT(before.chain.steps, Contains(Field(&graph::ChainStep::service, step.service)))
        << "nothing new where the old steps still lead";
  }
}

// What was filed goes on: it neither begins again nor ends later because days have passed.
TEST_F(ChainDaysTest, AStepThatWasFiledIsUnderWayAndTheChainStaysAsItWasTold) {
  town.Settled("teenager", "2010-06-01");  // 14 so long ago that nothing is offered any more
  const Instant told = town.world().Now();
  const auto before = ChainOf("teenager", "adulthood_14");
  ASSERT_FALSE(before.chain.steps.empty());
  size_t filed = 0;
  for (const graph::ChainStep& step : before.chain.steps) {
    if (step.start != town.today() || !step.finish) continue;
    const auto applied =
        town.desk().Apply(town.Number("teenager"), step.service, town.Number("teenager"));
    ASSERT_TRUE(applied) << applied.error().ToString();
    EXPECT_EQ(applied->due, step.finish) << step.service.text();
    ++filed;
  }
  ASSERT_GT(filed, 0U);
  const Date filed_on = town.today();
  town.AdvanceTo("2026-03-18");
  const auto repaired = town.desk().RepairChain(town.Number("teenager"),
                                                SituationId("adulthood_14"), CitizenId(), told);
  ASSERT_TRUE(repaired) << repaired.error().ToString();
  size_t running = 0;
  for (const graph::ChainStep& step : repaired->chain.chain.steps) {
    const auto c = town.CaseFor("teenager", step.service.text());
    if (!c) continue;
    ++running;
    EXPECT_EQ(step.start, filed_on);
    EXPECT_EQ(step.finish, c->due);
    EXPECT_EQ(step.visits, 0);
    EXPECT_EQ(step.fee, 0);
  }
  EXPECT_EQ(running, filed);
  for (const cases::ChainChange& change : repaired->changes) {
    EXPECT_FALSE(town.CaseFor("teenager", change.service.text()))
        << "what is under way is as it was told: " << change.service.text();
  }
}

// Chains drawn by hand of services of the catalogue; what these really ask plays no part.
class DrawnChainTest : public ChainDaysTest {
 protected:
  DrawnChainTest() { town.Settled("adult", "1990-02-01"); }

  // One that needs no trip and takes so many working days.
  graph::ChainStep& Step(int64_t working_days) {
    const auto& services = town.world().catalogue().services();
    const graph::Service& service = services[drawn.chain.steps.size()];
    graph::ChainStep& step = drawn.chain.steps.emplace_back();
    step.service = service.id;
    step.regulation = service.RegulationOn(town.today());
    step.term = {working_days, TermUnit::kWorkingDays};
    step.start = town.today();
    eligibility::Decision& decision = drawn.decisions.emplace_back();
    decision.service = service.id;
    decision.about = town.Number("adult");
    return step;
  }
  static void Use(graph::ChainStep& step, const graph::ChainStep& giver,
                  std::optional<Period> valid_for = std::nullopt) {
    step.uses.push_back({AttributeId("doc.drawn"), giver.service, valid_for, {}});
    step.after.push_back(giver.service);
  }
  void PutOnDaysFrom(Date start) {
    cases::Draft draft(town.world(), town.world().Now());
    const auto household = draft.HouseholdOf(town.Number("adult"));
    ASSERT_TRUE(household) << household.error().ToString();
    const graph::Situation& situation = town.world().catalogue().situations().front();
    cases::PutOnDays(town.world(), situation, {*household, nullptr, {}}, start, so_far, drawn);
  }
  size_t PlaceOf(const ServiceId& service) const {
    const auto found = std::ranges::find(drawn.chain.steps, service, &graph::ChainStep::service);
    return static_cast<size_t>(found - drawn.chain.steps.begin());
  }
  // Something filed two weeks ago, due on the day, and used with what takes so long from today.
  ServiceId FileFor(const std::string& due, int64_t working_days, Period valid_for) {
    drawn.chain.steps.reserve(3);
    const graph::ChainStep& filed = Step(30);
    const graph::ChainStep& slow = Step(working_days);
    graph::ChainStep& last = Step(1);
    Use(last, filed, valid_for);
    Use(last, slow);
    so_far.under_way[{filed.service, town.Number("adult")}] = {town.today().AddDays(-14),
                                                               *Date::Parse(due)};
    return filed.service;
  }

  cases::DecidedChain drawn;
  cases::SoFar so_far;
};

TEST_F(DrawnChainTest, WhatIsUnderWayIsDoneOnItsDueDateAlsoWhereItIsUsedLater) {
  const ServiceId filed = FileFor("2026-03-19", 7, {0, 10});
  PutOnDaysFrom(town.today());
  const graph::ChainStep& step = drawn.chain.steps[PlaceOf(filed)];
  EXPECT_EQ(step.start, town.today().AddDays(-14));
  EXPECT_EQ(step.finish, Date::Of(2026, 3, 19));
  EXPECT_EQ(drawn.chain.steps.back().start, Date::Of(2026, 3, 25));
  EXPECT_TRUE(drawn.schedule.lapses.empty());
}

TEST_F(DrawnChainTest, WhatIsUnderWayAndWillHaveExpiredIsTold) {
  const ServiceId filed = FileFor("2026-03-19", 7, {0, 5});
  PutOnDaysFrom(town.today());
  ASSERT_EQ(drawn.schedule.lapses.size(), 1U);
  EXPECT_EQ(drawn.schedule.lapses[0].giver, PlaceOf(filed));
  EXPECT_EQ(drawn.schedule.lapses[0].last_day, Date::Of(2026, 3, 24));
  EXPECT_FALSE(drawn.last_safe_start.has_value()) << "it is too late already";
}

TEST_F(DrawnChainTest, WhereNobodyKnowsTheDayTheWholeTermIsLeft) {
  const graph::ChainStep& filed = Step(3);
  so_far.under_way[{filed.service, town.Number("adult")}] = {town.today().AddDays(-14), {}};
  PutOnDaysFrom(town.today());
  EXPECT_EQ(drawn.chain.steps[0].finish, Date::Of(2026, 3, 19));
}

// On a Sunday nobody goes anywhere; the fees of Sunday were weighed.
TEST_F(DrawnChainTest, OnOtherDaysNothingIsKnownOfFeesThatVary) {
  const Date sunday = Date::Of(2026, 3, 15);
  Step(1).visits = 1;
  PutOnDaysFrom(sunday);  // by now it costs what it costs
  const auto put_again = [&](Date searched, bool fees_vary) {
    drawn.chain.steps[0].start = searched;
    drawn.chain.burden = drawn.chain.least_burden = 100;
    drawn.chain.proven = true;
    drawn.chain.fees_vary = fees_vary;
    PutOnDaysFrom(sunday);
    EXPECT_EQ(drawn.chain.steps[0].start, Date::Of(2026, 3, 16));
    return drawn.chain.proven;
  };
  EXPECT_FALSE(put_again(sunday, true));
  EXPECT_EQ(drawn.chain.least_burden, 0) << "another way may be cheaper on Monday";
  EXPECT_TRUE(put_again(sunday, false));
  EXPECT_EQ(drawn.chain.least_burden, 100);
  EXPECT_TRUE(put_again(Date::Of(2026, 3, 16), true));
}

// Neither another way nor another point of the front asks again for what was applied for.
TEST_F(ChainDaysTest, WhatIsUnderWayIsSpentInEveryOptionAndOnTheWholeFront) {
  town.Settled("teenager", "2012-03-01");
  const auto before = ChainOf("teenager", "adulthood_14");
  ASSERT_FALSE(before.chain.steps.empty());
  std::set<ServiceId> filed;
  for (const graph::ChainStep& step : before.chain.steps) {
    if (step.start != town.today()) continue;
    ASSERT_TRUE(town.desk().Apply(town.Number("teenager"), step.service, town.Number("teenager")));
    filed.insert(step.service);
  }
  ASSERT_FALSE(filed.empty());
  town.AdvanceTo("2026-03-18");
  const auto after = ChainOf("teenager", "adulthood_14");
  EXPECT_LT(after.chain.burden, before.chain.burden);
  EXPECT_TRUE(after.chain.proven);
  const auto expect_spent = [&](const std::vector<graph::ChainStep>& steps) {
    size_t running = 0;
    for (const graph::ChainStep& step : steps) {
      if (!filed.contains(step.service)) continue;
      ++running;
      EXPECT_EQ(step.visits, 0);
      EXPECT_EQ(step.fee, 0);
      EXPECT_EQ(step.finish, town.CaseFor("teenager", step.service.text())->due);
    }
    EXPECT_GT(running, 0U);
  };
  const SituationId situation("adulthood_14");
  const auto ways =
      town.desk().ChainOptions(town.Number("teenager"), situation, CitizenId(), {}, nullptr);
  ASSERT_TRUE(ways) << ways.error().ToString();
  for (const cases::ChainWay& way : ways->ways) expect_spent(way.chain.chain.steps);
  const auto front =
      town.desk().ChainFront(town.Number("teenager"), situation, CitizenId(), {}, nullptr);
  ASSERT_TRUE(front) << front.error().ToString();
  ASSERT_FALSE(front->front.points.empty());
  for (const graph::FrontPoint& point : front->front.points) expect_spent(point.steps);
}

// What was told about one child is new for another.
TEST_F(ChainDaysTest, AStepIsToldForWhomItIsAbout) {
  town.Settled("mother", "1990-02-01");
  town.Birth("son", "mother", "");
  town.Birth("daughter", "mother", "");
  const auto burden = [&](const char* child, const char* told_about) {
    cases::Draft draft(town.world(), town.world().Now());
    cases::Viewpoint viewpoint;
    viewpoint.household = *draft.HouseholdOf(town.Number("mother"));
    viewpoint.about = (*draft.HouseholdOf(town.Number(child)))->person;
    const graph::Situation& situation =
        *town.world().catalogue().FindSituation(SituationId("child_birth"));
    const auto chain = cases::BuildDecidedChain(town.world(), situation, viewpoint, town.today());
    cases::SoFar so_far;
    so_far.told.emplace();
    for (const eligibility::Decision& decision : chain.decisions) {
      const bool about_child = decision.about == town.Number(child);
      so_far.told->insert(
          {decision.service, about_child ? town.Number(told_about) : decision.about});
    }
    EXPECT_FALSE(chain.decisions.empty());
    return cases::BuildDecidedChain(town.world(), situation, viewpoint, town.today(), so_far)
        .chain.burden;
  };
  EXPECT_LT(burden("son", "son"), burden("son", "daughter"));
}

// Of all situations, how many are worked out again for a fact.
TEST_F(ChainDaysTest, OnlySituationsThatAFactMattersToAreWorkedOutAgain) {
  std::vector<recommender::OpenSituation> all;
  for (const graph::Situation& situation : town.world().catalogue().situations()) {
    recommender::OpenSituation& open = all.emplace_back();
    open.situation = situation.id;
  }
  const auto touched = [&](const std::string& attribute) {
    profile::RegistryEvent event;
    event.facts.push_back({CitizenId(), AttributeId(attribute), true, {}});
    std::set<std::string> ids;
    for (const auto& open : cases::TouchedBy(town.world(), event, all, town.today())) {
      ids.insert(open.situation.text());
    }
    return ids;
  };
  EXPECT_EQ(touched("doc.passport_rf").count("adulthood_14"), 1U);
  EXPECT_EQ(touched("person.birth_date").count("adulthood_14"), 1U);
  EXPECT_EQ(touched("mse.persistent_disorder").count("disability"), 1U);
  EXPECT_EQ(touched("mse.persistent_disorder").count("passport_20_45"), 0U);
  EXPECT_LT(touched("mse.persistent_disorder").size(), all.size());
  EXPECT_EQ(touched("person.alive").size(), all.size()) << "who lives matters everywhere";
  profile::RegistryEvent related;
  related.relations.emplace_back();
  EXPECT_EQ(cases::TouchedBy(town.world(), related, all, town.today()).size(), all.size());
}

TEST_F(ChainDaysTest, NobodyWasToldAnythingInTheFuture) {
  town.Settled("teenager", "2012-03-01");
  const Instant tomorrow{town.world().Now().micros + int64_t{86'400} * 1'000'000};
  const auto refused = town.desk().RepairChain(town.Number("teenager"), SituationId("adulthood_14"),
                                               CitizenId(), tomorrow);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace kstati::scenarios
