// SPDX-License-Identifier: Apache-2.0
#include "population/interactions.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <map>

#include "population/past_situations.h"
#include "recommender/exposure.h"
#include "village.h"

namespace kstati::population {
namespace {

using recommender::Interaction;

// One village for all tests: reading it changes nothing.
class InteractionsTest : public testing::Test {
 protected:
  static const Village& village() {
    static const Village* const village = [] {
      auto* made = new Village;
      made->RecordRegistrations(Population::Generate(Options(3'000), TheLaw().catalogue), Source());
      return made;
    }();
    return *village;
  }

  static std::vector<Interaction> Simulate(size_t count, uint64_t seed = 1) {
    InteractionOptions options;
    options.seed = seed;
    options.count = count;
    options.from = Day("2026-01-01");
    options.to = Day(kToday);
    auto simulated =
        SimulateInteractions(village().citizens(), village().Load(), *TheLaw().program, options);
    EXPECT_TRUE(simulated.has_value());
    return simulated.value_or(std::vector<Interaction>{});
  }

  static std::string Bytes(const std::vector<Interaction>& interactions) {
    std::string bytes;
    for (const Interaction& interaction : interactions) bytes += recommender::Encode(interaction);
    return bytes;
  }
};

TEST_F(InteractionsTest, TheSeedDecidesEverything) {
  EXPECT_EQ(Bytes(Simulate(100)), Bytes(Simulate(100)));
  EXPECT_NE(Bytes(Simulate(100)), Bytes(Simulate(100, 2)));
}

TEST_F(InteractionsTest, SomethingIsTakenUpButMostIsNot) {
  size_t shown = 0;
  size_t taken = 0;
  size_t in_situation = 0;
  for (const Interaction& interaction : Simulate(1'000)) {
    for (const Interaction::Shown& each : interaction.shown) {
      ++shown;
      taken += each.taken ? 1 : 0;
      in_situation += each.situation.empty() ? 0 : 1;
      EXPECT_NE(each.verdict, eligibility::Verdict::kNotEligible);
    }
  }
  const double share = static_cast<double>(taken) / static_cast<double>(shown);
  EXPECT_GT(share, 0.05);
  EXPECT_LT(share, 0.4);
  EXPECT_GT(in_situation, 0u);
}

TEST_F(InteractionsTest, NobodyOrNoDayIsRefused) {
  InteractionOptions options;
  options.from = options.to = Day(kToday);
  const auto nobody = SimulateInteractions({}, village().Load(), *TheLaw().program, options);
  EXPECT_EQ(nobody.error().code, ErrorCode::kInvalidArgument);
  options.to = Day("2026-01-01");
  const auto no_day =
      SimulateInteractions({CitizenId(1)}, village().Load(), *TheLaw().program, options);
  EXPECT_EQ(no_day.error().code, ErrorCode::kInvalidArgument);
}

TEST_F(InteractionsTest, SituationsAreToldFromTheFactsOfTheHousehold) {
  std::map<std::string, int> open;
  for (const CitizenId citizen : village().citizens()) {
    const auto household = village().HouseholdOf(citizen, Day(kToday));
    const auto situations =
        ReconstructSituations(*household, Day(kToday), village().Load(), *TheLaw().program);
    ASSERT_TRUE(situations.has_value());
    for (const auto& situation : *situations) {
      ++open[situation.situation.text()];
      EXPECT_EQ(situation.citizen, citizen);
      EXPECT_TRUE(situation.IsOpenOn(Day(kToday)));
    }
  }
  for (const char* situation : {"child_birth", "death", "job_loss", "passport_20_45"}) {
    EXPECT_GT(open[situation], 0) << situation;
  }
}

TEST_F(InteractionsTest, AModelBeatsPopularityOnPeopleHeldOut) {
  const std::string folder =
      (std::filesystem::temp_directory_path() / "model-against-popularity").string();
  recommender::TrainOptions options;
  options.rounds = 80;
  std::vector<Interaction> visits = Simulate(14'000);
  recommender::FillPasts(visits, {});
  const auto report =
      recommender::Train(visits, village().Load(), TheLaw().catalogue, options, folder);
  std::filesystem::remove_all(folder);
  ASSERT_TRUE(report.has_value()) << report.error().ToString();
  EXPECT_EQ(report->stage, "model");
  EXPECT_GT(report->held_out_groups, 300u);
  EXPECT_GT(report->gain.ndcg_at_5.value, 0.02);
  EXPECT_GT(report->gain.ndcg_at_5.low, 0);
  EXPECT_GT(report->gain.hit_rate_at_1.value, 0);
  EXPECT_LT(report->gain.log_loss.high, 0);
  EXPECT_LT(report->model.calibration_error, 0.03);
  const auto tell = [](const char* name, const recommender::evaluation::RankingQuality& quality) {
    GTEST_LOG_(INFO) << name << " nDCG@5 " << quality.ndcg_at_5.value << ", HR@1 "
                     << quality.hit_rate_at_1.value << ", log loss " << quality.log_loss.value
                     << ", ECE " << quality.calibration_error;
  };
  tell("model", report->model);
  tell("popularity", report->popularity);
  const auto tell_estimate = [](const std::string& name,
                                const recommender::evaluation::Estimate& estimate) {
    GTEST_LOG_(INFO) << name << " nDCG@5 " << estimate.value << " (" << estimate.low << " to "
                     << estimate.high << ")";
  };
  tell_estimate("gain", report->gain.ndcg_at_5);
  for (const recommender::ObjectiveTrial& trial : report->trials) {
    tell_estimate("tried " + trial.objective, trial.ndcg_at_5);
  }
  tell_estimate("rank:ndcg gains", report->ndcg_gain);
  ASSERT_TRUE(report->completes.has_value());
  EXPECT_LT(report->completes->log_loss, report->completes->share_log_loss);
  GTEST_LOG_(INFO) << "completes log loss " << report->completes->log_loss
                   << ", of the share alone " << report->completes->share_log_loss << ", "
                   << report->completes->judged_rows << " rows";
}

}  // namespace
}  // namespace kstati::population
