// SPDX-License-Identifier: Apache-2.0
//
// What a ranker makes of what people took up before.
#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <tuple>

#include "recommender/exposure.h"
#include "recommender/features.h"
#include "recommender/internal/training_heads.h"
#include "recommender/ranker.h"
#include "recommender/topics.h"
#include "small_life.h"

namespace kstati::recommender {
namespace {

namespace fs = std::filesystem;

// Whoever took the card up takes the help, the others the course.
class UseRankerTest : public SmallLife {
 protected:
  static constexpr uint64_t kPeople = 150;

  UseRankerTest() {
    std::string name = (fs::temp_directory_path() / "use-ranker-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    for (uint64_t citizen = 1; citizen <= kPeople; ++citizen) Person(citizen, "1990-01-01");
    const auto report = Train(Visits(), Load(), catalogue(), Options(), model());
    EXPECT_TRUE(report.has_value()) << (report ? "" : report.error().ToString());
    if (report) report_ = *report;
  }
  ~UseRankerTest() override { fs::remove_all(folder_); }

  static TrainOptions Options() {
    TrainOptions options;
    options.rounds = 20;
    return options;
  }
  std::string model() const { return folder_ + "/model"; }
  LoadHouseholdOn Load() const {
    return [this](CitizenId citizen, Date on,
                  std::optional<Instant> known_at) -> Result<profile::Household> {
      return HouseholdOf(citizen.number(), on.ToString(), known_at);
    };
  }
  Candidate Of(std::string_view service, uint64_t citizen) const {
    Candidate candidate;
    candidate.service = catalogue_.FindService(ServiceId(std::string(service)));
    candidate.about = CitizenId(citizen);
    candidate.verdict = eligibility::Verdict::kEligible;
    return candidate;
  }
  ErrorCode CodeOfLoading() const {
    const auto loaded = Ranker::Load(model());
    EXPECT_FALSE(loaded.has_value());
    return loaded ? ErrorCode::kInternal : loaded.error().code;
  }

  // What asks for no visit comes to a result, and nothing else.
  static std::vector<Interaction> Visits() {
    std::vector<Interaction> visits;
    for (uint64_t citizen = 1; citizen <= kPeople; ++citizen) {
      const bool has_card = citizen % 3 == 0;
      for (const auto& [service, week, taken] : {std::tuple("job_card", 0, has_card),
                                                 {"adult_course", 8, !has_card},
                                                 {"job_help", 8, has_card}}) {
        Interaction visit;
        visit.citizen = CitizenId(citizen);
        visit.on = Day("2026-01-01").AddDays(7 * week);
        for (const char* shown : {"job_card", "adult_course", "job_help"}) {
          visit.shown.push_back({ServiceId(shown),
                                 visit.citizen,
                                 eligibility::Verdict::kEligible,
                                 {},
                                 std::nullopt,
                                 taken && std::string_view(shown) == service});
          if (!visit.shown.back().taken) continue;
          visit.shown.back().completed = std::string_view(shown) != "adult_course";
        }
        visits.push_back(std::move(visit));
      }
    }
    FillPasts(visits, {});
    return visits;
  }

  static Background Having(uint64_t about) {
    Background background;
    const Instant taken{Day("2026-02-01").days * 86'400'000'000};
    background.past.Take(ServiceId("job_card"), CitizenId(about), taken);
    return background;
  }

  std::string folder_;
  TrainReport report_;
};

TEST_F(UseRankerTest, WhatPeopleTookUpOrdersAndExplainsWhatTheyNeedNext) {
  const auto ranker = Ranker::Load(model());
  ASSERT_TRUE(ranker.has_value()) << ranker.error().ToString();
  const Candidate help = Of("job_help", 1);
  const auto score = [&](const Background& background) {
    return ranker->Rate(HouseholdOf(1), {&help, 1}, Day(kToday), catalogue(), background).needed[0];
  };
  EXPECT_GT(score(Having(1)), score({}) + 0.3);
  EXPECT_THAT(ranker->UsesBehind(CitizenId(1), help, Having(1)),
              testing::ElementsAre(ServiceId("job_card")));
  EXPECT_THAT(ranker->UsesBehind(CitizenId(1), help, {}), testing::IsEmpty());
}

// Two people who differ in nothing but what they took up for a relative.
TEST_F(UseRankerTest, NothingThatWasTakenUpForARelativeIsTold) {
  const auto ranker = Ranker::Load(model());
  for (const char* service : {"job_help", "adult_course", "job_card"}) {
    const Candidate candidate = Of(service, 1);
    const auto told = [&](const Background& background) {
      return std::pair(
          ranker->Because(HouseholdOf(1), candidate, Day(kToday), catalogue(), background),
          ranker->UsesBehind(CitizenId(1), candidate, background));
    };
    EXPECT_EQ(told(Having(2)), told({})) << service;
  }
}

TEST_F(UseRankerTest, UsesThatAreNotThoseOfTheTreesAreRefused) {
  const std::string file = model() + "/uses.bin";
  std::stringstream bytes;
  bytes << std::ifstream(file, std::ios::binary).rdbuf();
  std::string changed = bytes.str();
  changed.back() = static_cast<char>(changed.back() ^ 1);
  std::ofstream(file, std::ios::binary) << changed;
  EXPECT_EQ(CodeOfLoading(), ErrorCode::kCorrupt);
  fs::remove(file);
  EXPECT_EQ(CodeOfLoading(), ErrorCode::kCorrupt);
}

TEST_F(UseRankerTest, WhatComesToAResultIsLearned) {
  ASSERT_TRUE(report_.completes.has_value());
  EXPECT_LT(report_.completes->log_loss, report_.completes->share_log_loss);
  const auto ranker = Ranker::Load(model());
  ASSERT_TRUE(ranker.has_value()) << ranker.error().ToString();
  const std::vector<Candidate> candidates{Of("adult_course", 1), Of("job_card", 1)};
  const auto completes = ranker->Completes(HouseholdOf(1), candidates, Day(kToday), catalogue());
  ASSERT_EQ(completes.size(), 2u);
  EXPECT_LT(completes[0], 0.5);
  EXPECT_GT(completes[1], 0.5);
  EXPECT_TRUE(Ranker().Completes(HouseholdOf(1), candidates, Day(kToday), catalogue()).empty());
  fs::remove(model() + "/completes.ubj");
  EXPECT_EQ(CodeOfLoading(), ErrorCode::kCorrupt);
}

TEST_F(UseRankerTest, WhatIsMoreIsTriedOnTrainingPeople) {
  ASSERT_EQ(report_.trials.size(), 5u);
  EXPECT_EQ(report_.trials[0].objective, "binary:logistic, popularity left out, history left out");
  EXPECT_EQ(report_.trials[1].objective, "binary:logistic, history left out");
  EXPECT_THAT(report_.trials[2].objective, testing::StartsWith("binary:logistic"));
  EXPECT_THAT(report_.trials[3].objective, testing::StartsWith("rank:ndcg"));
  EXPECT_EQ(report_.trials[4].objective, "both together");
}

// Both are stored and both serve: places by the one, what people see by the other.
TEST_F(UseRankerTest, TheOrderAndTheProbabilitiesAreTwoModels) {
  EXPECT_THAT(report_.objective, testing::StartsWith("rank:ndcg"));
  const auto ranker = Ranker::Load(model());
  ASSERT_TRUE(ranker.has_value()) << ranker.error().ToString();
  const std::vector<Candidate> candidates{Of("job_help", 1), Of("adult_course", 1),
                                          Of("job_card", 1)};
  const Ratings ratings =
      ranker->Rate(HouseholdOf(1), candidates, Day(kToday), catalogue(), Having(1));
  EXPECT_NE(ratings.order, ratings.needed);
  EXPECT_THAT(ratings.needed, testing::Each(testing::AllOf(testing::Gt(0), testing::Lt(1))));
  EXPECT_GT(ratings.order[0], ratings.order[1]) << "who has the card takes the help";
  const profile::Household household = HouseholdOf(1);
  SuggestRequest request = Ask(household, {Open("job_loss", 1, 1, "2026-01-01")});
  request.background = Having(1);
  const Suggestions suggestions = Suggest(request, program(), *ranker);
  const auto& offers = suggestions.exposure.offers;
  ASSERT_GE(offers.size(), 3u);
  for (size_t place = 0; place < offers.size(); ++place) {
    if (place > 0) {
      EXPECT_LE(offers[place].order, offers[place - 1].order);
    }
    EXPECT_EQ(suggestions.items[place].score, offers[place].score);
    EXPECT_GT(offers[place].score, 0);
    EXPECT_LT(offers[place].score, 1);
  }
}

// Everybody who now takes the card up takes the course next, of which the training said nothing.
TEST_F(UseRankerTest, WhatPeopleTakeUpIsFollowedByTheVeryNextRequest) {
  const auto ranker = Ranker::Load(model());
  ASSERT_TRUE(ranker.has_value()) << ranker.error().ToString();
  const Candidate course = Of("adult_course", 1);
  const auto reasons = [&] { return ranker->UsesBehind(CitizenId(1), course, Having(1)); };
  EXPECT_THAT(reasons(), testing::IsEmpty());
  const std::vector<ServiceId> both{ServiceId("adult_course"), ServiceId("job_card")};
  for (uint64_t citizen = 1'000; citizen < 1'400; ++citizen) {
    ranker->Follow(CitizenId(citizen), {both[1]});
    ranker->Follow(CitizenId(citizen), both);
    ranker->Follow(CitizenId(citizen), both);       // again: nothing new
    ranker->Follow(CitizenId(citizen), {both[1]});  // read earlier, told later
  }
  ranker->Settle();
  EXPECT_THAT(reasons(), testing::ElementsAre(ServiceId("job_card")))
      << "what an earlier reading does not know of is not taken back";
  for (uint64_t citizen = 1'000; citizen < 1'400; ++citizen) ranker->Follow(CitizenId(citizen), {});
  EXPECT_THAT(reasons(), testing::IsEmpty()) << "erased people are forgotten";
}

TEST(ChooseLearning, WithoutAnybodyToTryItOnProbabilitiesOrder) {
  internal::TrainingSet set;
  set.rows = FeatureMatrix::Zero(2, static_cast<Eigen::Index>(FeatureNames().size()));
  set.labels = {1, 0};
  set.lists = {2};
  set.people = {CitizenId(1)};
  TrainReport report;
  const auto learning = internal::ChooseLearning(set, TrainOptions(), report);
  ASSERT_TRUE(learning.has_value());
  EXPECT_FALSE(learning->by_order);
  EXPECT_TRUE(report.trials.empty());
}

TEST(TopicsTest, WhatIsDecidedAndWhatRelativesAreIsHidden) {
  const auto names = FeatureNames();
  std::vector<float> row(names.size(), 1);
  HideRelatives(row);
  for (size_t column = 0; column < names.size(); ++column) {
    const bool hidden = names[column].starts_with("verdict_") || names[column] == "minor_children";
    if (hidden) {
      EXPECT_TRUE(std::isnan(row[column])) << names[column];
    }
  }
}

TEST(FollowedUses, AreCountedInPAndSharesAtOnceAndTakenBackWhole) {
  models::ItemCounts counts(2);
  for (int person = 0; person < 40; ++person) counts.Add(std::vector<models::ItemIndex>{0});
  const UseModels uses({ServiceId("a"), ServiceId("b")}, counts);
  const std::vector<models::ItemIndex> none;
  const std::vector<models::ItemIndex> first{0};
  const std::vector<models::ItemIndex> both{0, 1};
  const auto before = uses.Of(ServiceId("b"), first);
  for (int person = 0; person < 200; ++person) uses.Replace(none, both);
  const auto after = uses.Of(ServiceId("b"), first);
  EXPECT_LT(before->association, 0.05f);
  EXPECT_NEAR(after->share, 200.5 / 241, 1e-6);
  EXPECT_NEAR(after->association, (200 + 20 * 200.5 / 241) / (240 + 20), 1e-6);
  const std::string stored = UseModels({ServiceId("a"), ServiceId("b")}, counts).Encode();
  EXPECT_EQ(uses.Encode(), stored) << "what is followed is not stored";
  for (int person = 0; person < 200; ++person) uses.Replace(both, first);
  EXPECT_NEAR(uses.Of(ServiceId("b"), none)->share, 0.5 / 241, 1e-6) << "they are still people";
  for (int person = 0; person < 200; ++person) uses.Replace(first, none);
  EXPECT_EQ(uses.Of(ServiceId("b"), first)->association, before->association);
  EXPECT_EQ(uses.Of(ServiceId("b"), first)->share, before->share);
}

}  // namespace
}  // namespace kstati::recommender
