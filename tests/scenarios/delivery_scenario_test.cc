// SPDX-License-Identifier: Apache-2.0
//
// How services are delivered: a teenager gets the first passport online, at the service centre or
// in person, and without an account on the portal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>

#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

namespace fs = std::filesystem;
using cases::Desk;
using ::testing::Contains;
using ::testing::Field;

constexpr const char* kPassport = "passport_first_14";
constexpr const char* kScenarios = R"(    scenarios:
      - {kind: visit-for-result, visits: 1, channels: [epgu, mfc]}
      - kind: accelerated
        visits: 1
        channels: [mfc]
        term: {value: 1, unit: working_days}
        fee: {amount: 2000}
      - {kind: traditional, visits: 2, channels: [mfc, office]}
)";

// The real catalogue, but for the ways in which the passport is delivered.
class DeliveryScenarioTest : public ::testing::Test {
 protected:
  DeliveryScenarioTest() {
    fs::remove_all(folder_);
    fs::copy(Town::RealCatalogue(), folder_, fs::copy_options::recursive);
    const fs::path file = folder_ + "/services/" + kPassport + ".yaml";
    std::ifstream stream(file);
    std::string text{std::istreambuf_iterator<char>(stream), {}};
    const std::string one_way = "    visits: 1\n    channels: [epgu, mfc]\n";
    const size_t place = text.find(one_way);
    EXPECT_NE(place, std::string::npos);
    std::ofstream(file) << text.replace(place, one_way.size(), kScenarios);
    town = std::make_unique<Town>("2026-03-16", "", folder_);
    town->Settled("teenager", "2012-03-01");
  }
  ~DeliveryScenarioTest() override {
    town.reset();
    fs::remove_all(folder_);
  }

  Desk::PersonalChain ChainBy(const std::set<std::string>& channels) {
    auto chain = town->desk().Chain(town->Number("teenager"), SituationId("adulthood_14"),
                                    CitizenId(), {}, nullptr, channels);
    EXPECT_TRUE(chain) << (chain ? "" : chain.error().ToString());
    return chain ? std::move(*chain) : Desk::PersonalChain();
  }

  // "visit-for-result 1": of the passport.
  static std::string DeliveryIn(const std::vector<graph::ChainStep>& steps) {
    const auto step = std::ranges::find(steps, ServiceId(kPassport), &graph::ChainStep::service);
    if (step == steps.end()) return "none";
    if (step->scenario.scenario == nullptr) return "no scenario";
    return std::string(graph::NameOf(step->scenario.scenario->kind)) + " " +
           std::to_string(step->visits);
  }

  std::string folder_ =
      (fs::temp_directory_path() / ("delivery_scenario." + std::to_string(getpid()))).string();
  std::unique_ptr<Town> town;
};

TEST_F(DeliveryScenarioTest, TheChainTakesTheScenarioThatAsksLeast) {
  const auto chain = ChainBy({});
  EXPECT_EQ(DeliveryIn(chain.chain.steps), "visit-for-result 1");
  EXPECT_TRUE(chain.chain.proven);
}

TEST_F(DeliveryScenarioTest, WithoutThePortalThePassportIsHadInPerson) {
  const auto with_all = ChainBy({});
  const auto without = ChainBy({"office", "bank"});
  EXPECT_EQ(DeliveryIn(without.chain.steps), "traditional 2");
  for (const auto& trip : without.schedule.trips) EXPECT_NE(trip.place, "mfc");
  const auto changes =
      cases::ChangesBetween(with_all, without, [](size_t) { return cases::ChangeKind::kDropped; });
  EXPECT_THAT(changes, Contains(::testing::AllOf(
                           Field(&cases::ChainChange::kind, cases::ChangeKind::kScenario),
                           Field(&cases::ChainChange::service, ServiceId(kPassport)))));
}

TEST_F(DeliveryScenarioTest, AGoalWithoutAChannelSaysSo) {
  const auto with_all = ChainBy({});
  const auto without = ChainBy({"mfc", "office"});
  size_t out_of_reach = 0;
  for (const cases::UnreachedGoal& goal : without.unreached) {
    for (const graph::Obstacle& obstacle : goal.in_the_way.obstacles) {
      if (obstacle.out_of_reach.empty()) continue;
      ++out_of_reach;
      EXPECT_THAT(with_all.chain.reached, Contains(goal.in_the_way.goal));
    }
  }
  EXPECT_GT(out_of_reach, 0U) << "the Pushkin card needs the portal or a bank";
}

TEST_F(DeliveryScenarioTest, AFasterOptionGoesByAnotherScenario) {
  const auto found =
      town->desk().ChainOptions(town->Number("teenager"), SituationId("adulthood_14"), CitizenId());
  ASSERT_TRUE(found) << found.error().ToString();
  std::set<std::string> deliveries;
  for (const cases::ChainWay& way : found->ways) {
    deliveries.insert(DeliveryIn(way.chain.chain.steps));
  }
  EXPECT_THAT(deliveries, Contains("visit-for-result 1"));
  EXPECT_THAT(deliveries, Contains("accelerated 1"));
}

// A consent to the rest of the chain covers nobody who works already.
TEST_F(DeliveryScenarioTest, TheScopesOfAChainLeaveOutWhatIsUnderWay) {
  const auto recipients = [this] {
    const auto least = town->desk().LeastScopesFor(town->Number("teenager"),
                                                   SituationId("adulthood_14"), CitizenId());
    EXPECT_TRUE(least) << (least ? "" : least.error().ToString());
    return least ? least->recipients : std::set<profile::AuthorityId>();
  };
  const auto before = recipients();
  const std::string authority = "mvd";
  ASSERT_THAT(before, Contains(profile::AuthorityId(authority)));
  std::set<std::string> of_authority;
  for (const graph::ChainStep& step : ChainBy({}).chain.steps) {
    if (town->world().catalogue().FindService(step.service)->authority != authority) continue;
    of_authority.insert(step.service.text());
    const auto made = town->desk().Apply(town->Number("teenager"), step.service, CitizenId());
    ASSERT_TRUE(made) << made.error().ToString();
  }
  ASSERT_FALSE(of_authority.empty());
  for (const std::string& service : of_authority) {
    ASSERT_TRUE(cases::IsOpen(town->CaseFor("teenager", service)->status));
  }
  EXPECT_THAT(recipients(), ::testing::Not(Contains(profile::AuthorityId(authority))));
}

}  // namespace
}  // namespace kstati::scenarios
