// SPDX-License-Identifier: Apache-2.0
#include "cases/chain_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cases/chain_repair.h"

namespace kstati::cases {
namespace {

using graph::OptionKind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A chain of these services, done on a day of March.
DecidedChain Chain(const std::vector<std::string>& services, int day) {
  DecidedChain chain;
  for (const std::string& service : services) {
    eligibility::Decision& decision = chain.decisions.emplace_back();
    decision.service = ServiceId(service);
    graph::ChainStep& step = chain.chain.steps.emplace_back();
    step.service = decision.service;
    step.finish = Date::Of(2026, 3, day);
  }
  chain.chain.finish = Date::Of(2026, 3, day);
  return chain;
}

struct Way {
  OptionKind kind;
  std::vector<std::string> services;
  int day = 1;
  int trips = 0;
  int64_t fee = 0;
  int documents = 0;
};

std::vector<ChainWay> Ways(const std::vector<Way>& drawn) {
  std::vector<ChainWay> ways;
  for (const Way& one : drawn) {
    ChainWay& way = ways.emplace_back();
    way.kind = one.kind;
    way.chain = Chain(one.services, one.day);
    way.weighed = {way.chain.chain.finish, one.trips, one.fee, true, one.documents};
  }
  return ways;
}

// "fastest: a b".
std::vector<std::string> Texts(const std::vector<ChainWay>& ways) {
  static const char* const kNames[] = {"recommended", "fastest", "fewest visits", "lowest fee"};
  std::vector<std::string> texts;
  for (const ChainWay& way : ways) {
    std::string text = std::string(kNames[static_cast<size_t>(way.kind)]) + ":";
    for (const auto& decision : way.chain.decisions) text += " " + decision.service.text();
    texts.push_back(text);
  }
  return texts;
}

TEST(ChainOptionsOnDaysTest, TheBestInEachThingStays) {
  EXPECT_THAT(Texts(KeepWorthwhile(Ways({{OptionKind::kRecommended, {"r"}, 10, 2, 500, 1},
                                         {OptionKind::kFastest, {"f"}, 5, 3, 900, 1},
                                         {OptionKind::kFewestVisits, {"v"}, 20, 0, 600, 2},
                                         {OptionKind::kLowestFee, {"l"}, 15, 3, 0, 1}}))),
              ElementsAre("recommended: r", "fastest: f", "fewest visits: v", "lowest fee: l"));
}

// Each of three that are nearly alike is covered by the next one.
TEST(ChainOptionsOnDaysTest, TheBestInEachThingStaysWhereEachIsCoveredByTheNext) {
  const std::vector<ChainWay> kept =
      KeepWorthwhile(Ways({{OptionKind::kRecommended, {"r"}, 13, 5, 900, 1},
                           {OptionKind::kFastest, {"a", "b", "c", "d", "e"}, 12, 3, 100, 1},
                           {OptionKind::kFewestVisits, {"a", "b", "c", "d", "f"}, 11, 1, 100, 1},
                           {OptionKind::kLowestFee, {"a", "b", "c", "f", "g"}, 5, 1, 800, 1}}));
  const auto best = [&](auto weighed) {
    int64_t least = 1'000'000;
    for (const ChainWay& way : kept) least = std::min<int64_t>(least, weighed(way.weighed));
    return least;
  };
  EXPECT_EQ(best([](const Weighed& way) { return way.fee; }), 100);
  EXPECT_EQ(best([](const Weighed& way) { return way.trips; }), 1);
  EXPECT_EQ(best([](const Weighed& way) { return way.finish->days; }), Date::Of(2026, 3, 5).days);
  EXPECT_THAT(Texts(kept),
              ElementsAre("recommended: r", "fastest: a b c f g", "fewest visits: a b c d f"));
}

TEST(ChainOptionsOnDaysTest, WhatIsFasterOnlyWithoutTripsIsNotOffered) {
  EXPECT_THAT(Texts(KeepWorthwhile(Ways({{OptionKind::kRecommended, {"r"}, 10, 2, 500, 1},
                                         {OptionKind::kFastest, {"f"}, 10, 3, 900, 1}}))),
              ElementsAre("recommended: r"));
}

TEST(ChainOptionsOnDaysTest, AWayIsNamedForWhatItIsBestInOnDays) {
  std::vector<ChainWay> ways = Ways({{OptionKind::kRecommended, {"r"}, 10, 2, 500, 1},
                                     {OptionKind::kFastest, {"f"}, 9, 3, 900, 1},
                                     {OptionKind::kFewestVisits, {"v"}, 8, 1, 900, 1}});
  const std::vector<ChainWay> kept = KeepWorthwhile(std::move(ways));
  EXPECT_THAT(Texts(kept), ElementsAre("recommended: r", "fastest: v"));
  EXPECT_FALSE(kept[1].proven) << "it was looked for as something else";
}

graph::ChainOption Proven(OptionKind kind, int day, int trips) {
  graph::ChainOption option;
  option.kind = kind;
  option.finish = Date::Of(2026, 3, day);
  option.least_trips = trips;
  return option;
}

bool IsShownOf(const Way& way, const std::vector<graph::ChainOption>& options) {
  Bounds bounds;
  for (const graph::ChainOption& option : options) Raise(option, bounds);
  return IsShown(Ways({way}).front(), bounds);
}

TEST(ChainOptionsOnDaysTest, FewestTripsOfEachAreNotFewestTripsOfAll) {
  const graph::ChainOption one = Proven(OptionKind::kFewestVisits, 5, 1);
  const auto is_shown = [&](int trips, const std::vector<graph::ChainOption>& options) {
    return IsShownOf({OptionKind::kFewestVisits, {"a"}, 5, trips}, options);
  };
  EXPECT_TRUE(is_shown(1, {one}));
  EXPECT_TRUE(is_shown(1, {one, one}));
  EXPECT_FALSE(is_shown(2, {one, one})) << "another choice may need one trip for both";
  EXPECT_TRUE(is_shown(2, {Proven(OptionKind::kFewestVisits, 5, 2)}));
  EXPECT_TRUE(is_shown(2, {one, Proven(OptionKind::kRecommended, 5, 2)}));
  EXPECT_FALSE(is_shown(3, {one, Proven(OptionKind::kRecommended, 5, 2)}));
  EXPECT_TRUE(is_shown(0, {})) << "nobody goes anywhere";
  EXPECT_FALSE(is_shown(1, {})) << "perhaps nobody has to";
}

TEST(ChainOptionsOnDaysTest, TheFastestIsProvenOnlyOnTheDayOfTheSearch) {
  const graph::ChainOption fifth = Proven(OptionKind::kFastest, 5, 2);
  const auto is_shown = [&](int day, const std::vector<graph::ChainOption>& options) {
    return IsShownOf({OptionKind::kFastest, {"a"}, day, 2}, options);
  };
  EXPECT_TRUE(is_shown(5, {fifth}));
  EXPECT_FALSE(is_shown(6, {fifth})) << "trips moved it: another may be done before";
  EXPECT_TRUE(is_shown(6, {fifth, Proven(OptionKind::kFastest, 6, 0)}));
  EXPECT_FALSE(is_shown(5, {Proven(OptionKind::kRecommended, 5, 2)}));
  graph::ChainOption unproven = fifth;
  unproven.proven = false;
  EXPECT_FALSE(is_shown(5, {unproven}));
}

TEST(ChainOptionsOnDaysTest, AUnknownFinishIsAfterAllKnownOnes) {
  std::vector<ChainWay> ways = Ways({{OptionKind::kRecommended, {"r"}, 10, 2, 500, 1},
                                     {OptionKind::kFastest, {"f"}, 9, 3, 900, 1}});
  ways[1].weighed.finish.reset();
  EXPECT_THAT(Texts(KeepWorthwhile(ways)), ElementsAre("recommended: r"));
  ways[1].weighed.finish = Date::Of(2027, 3, 1);
  ways[0].weighed.finish.reset();
  EXPECT_THAT(Texts(KeepWorthwhile(ways)), ElementsAre("recommended: r", "fastest: f"));
}

TEST(ChainOptionsOnDaysTest, WithoutWaysThereIsNothingToChoose) {
  EXPECT_THAT(KeepWorthwhile({}), IsEmpty());
}

// "done a", "later b 2026-03-05 > 2026-03-09".
std::vector<std::string> Changes(const DecidedChain& told, const DecidedChain& now,
                                 ChangeKind gone = ChangeKind::kDropped) {
  static const char* const kNames[] = {"done",   "dropped", "refused", "added",  "later",
                                       "sooner", "begins",  "fee",     "visits", "scenario",
                                       "bring",  "leave",   "finish"};
  std::vector<std::string> texts;
  for (const ChainChange& change : ChangesBetween(told, now, [gone](size_t) { return gone; })) {
    std::string text = kNames[static_cast<size_t>(change.kind)];
    if (!change.service.empty()) text += " " + change.service.text();
    if (!change.document.empty()) text += " " + change.document.text();
    if (change.before) text += " " + change.before->ToString().substr(8);
    if (change.now) text += " > " + change.now->ToString().substr(8);
    if (change.fee) text += " " + std::to_string(*change.fee);
    if (change.kind == ChangeKind::kVisits) text += " " + std::to_string(change.visits);
    texts.push_back(text);
  }
  return texts;
}

TEST(ChainRepairTest, WhatIsAsItWasToldIsNoChange) {
  EXPECT_THAT(Changes(Chain({"a", "b"}, 10), Chain({"b", "a"}, 10)), IsEmpty());
}

TEST(ChainRepairTest, EachDifferenceIsSaidOnce) {
  DecidedChain now = Chain({"b", "c"}, 12);
  now.chain.steps[0].bring = {AttributeId("doc.photo")};
  EXPECT_THAT(Changes(Chain({"a", "b"}, 10), now, ChangeKind::kDone),
              ElementsAre("done a", "bring b doc.photo", "later b 10 > 12", "added c > 12",
                          "finish 10 > 12"));
}

TEST(ChainRepairTest, AnotherFeeStartOrNumberOfVisitsIsSaid) {
  const DecidedChain told = Chain({"a"}, 10);
  DecidedChain now = told;
  now.chain.steps[0].fee = 5'000;
  now.chain.steps[0].visits = told.chain.steps[0].visits + 1;
  now.chain.steps[0].start = told.chain.steps[0].start.AddDays(1);
  const std::vector<std::string> changes = Changes(told, now);
  ASSERT_EQ(changes.size(), 3U);
  EXPECT_EQ(changes[0], "fee a 5000");
  EXPECT_EQ(changes[1], "visits a " + std::to_string(now.chain.steps[0].visits));
  EXPECT_EQ(changes[2].substr(0, 8), "begins a");
  now.chain.steps[0].fee_known = false;
  EXPECT_EQ(Changes(told, now)[0], "fee a") << "what it costs is not known in advance";
}

TEST(ChainRepairTest, WhatHasBegunCostsNothingMoreWhichIsNoChange) {
  DecidedChain told = Chain({"a"}, 10);
  told.chain.steps[0].fee = 5'000;
  told.chain.steps[0].visits = 1;
  DecidedChain now = told;
  now.chain.steps[0].fee = 0;
  now.chain.steps[0].visits = 0;
  now.schedule.tasks.resize(1);
  now.schedule.tasks[0].has_begun = true;
  EXPECT_THAT(Changes(told, now), IsEmpty());
}

TEST(ChainRepairTest, TheTermOfAnApplicationIsAsItWasKnownThen) {
  Case c;
  c.due = Date::Of(2026, 3, 20);
  CaseClock clock;
  clock.entries = {{ClockMark::kStarted, {}, Instant{100}, {}, {}, Date::Of(2026, 3, 10), {}},
                   {ClockMark::kResumed, {}, Instant{200}, {}, {}, Date::Of(2026, 3, 20), {}}};
  EXPECT_EQ(DueAsOf(c, clock, Instant{150}), Date::Of(2026, 3, 10));
  EXPECT_EQ(DueAsOf(c, clock, Instant{200}), Date::Of(2026, 3, 20));
  EXPECT_EQ(DueAsOf(c, clock, Instant{50}), std::nullopt);
  EXPECT_EQ(DueAsOf(c, std::nullopt, Instant{50}), Date::Of(2026, 3, 20));
}

TEST(ChainOptionsOnDaysTest, VisitsPastTheCalendarAreTripsOfTheirOwn) {
  DecidedChain chain = Chain({"a", "b"}, 10);
  for (graph::ChainStep& step : chain.chain.steps) step.visits = 2;
  chain.schedule.tasks.resize(2);
  chain.schedule.tasks[0].visits = {Date::Of(2026, 3, 2), Date::Of(2026, 3, 3)};
  chain.schedule.tasks[1].visits = {Date::Of(2026, 3, 2)};
  chain.schedule.trips.resize(2);
  EXPECT_EQ(Weigh(chain).trips, 3);
}

TEST(ChainRepairTest, AnotherScenarioOfTheSameStepIsSaid) {
  graph::Scenario electronic;
  electronic.kind = graph::ScenarioKind::kElectronic;
  graph::Scenario accelerated;
  accelerated.kind = graph::ScenarioKind::kAccelerated;
  const auto by = [](const graph::Scenario* scenario) {
    DecidedChain chain;
    chain.decisions.resize(1);
    chain.decisions[0].service = ServiceId("a");
    chain.chain.steps.resize(1);
    chain.chain.steps[0].scenario.scenario = scenario;
    return chain;
  };
  EXPECT_THAT(Changes(by(&electronic), by(&electronic)), ::testing::IsEmpty());
  EXPECT_THAT(Changes(by(&electronic), by(&accelerated)), ElementsAre("scenario a"));
  EXPECT_THAT(Changes(by(&electronic), by(nullptr)), ElementsAre("scenario a"));
}

TEST(ChainRepairTest, SoonerAndNoLongerKnownAreSaidAsSuch) {
  DecidedChain now = Chain({"a", "b"}, 8);
  now.chain.steps[1].finish.reset();
  EXPECT_THAT(Changes(Chain({"a", "b"}, 10), now),
              ElementsAre("sooner a 10 > 08", "later b 10", "finish 10 > 08"));
}

TEST(ChainRepairTest, WithoutStepsNothingIsFinishedLater) {
  EXPECT_THAT(Changes(Chain({"a"}, 10), DecidedChain(), ChangeKind::kRefused),
              ElementsAre("refused a"));
}

}  // namespace
}  // namespace kstati::cases
