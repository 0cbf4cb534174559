// SPDX-License-Identifier: Apache-2.0
#include "recommender/stored_models.h"

#include <gmock/gmock.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include "recommender/evaluation/group_recall.h"
#include "recommender/evaluation/model_comparison.h"
#include "recommender/model_watch.h"
#include "small_life.h"

namespace kstati::recommender {
namespace {

namespace fs = std::filesystem;

// Sixty people to whom two services are shown; the young take one, the old the other.
class StoredModelsTest : public SmallLife {
 protected:
  static constexpr uint64_t kPeople = 60;

  StoredModelsTest() {
    std::string name = (fs::temp_directory_path() / "models-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    for (uint64_t citizen = 1; citizen <= kPeople; ++citizen) {
      Person(citizen, citizen % 2 == 0 ? "1998-01-01" : "1950-01-01");
    }
  }
  ~StoredModelsTest() override { fs::remove_all(folder_); }

  std::vector<Interaction> Visits() const {
    std::vector<Interaction> visits;
    const auto verdict = eligibility::Verdict::kEligible;
    for (uint64_t citizen = 1; citizen <= kPeople; ++citizen) {
      for (int week = 0; week < 4; ++week) {
        Interaction visit;
        visit.citizen = CitizenId(citizen);
        visit.on = Day("2026-01-01").AddDays(7 * week);
        for (const char* service : {"adult_course", "job_card"}) {
          const bool young = citizen % 2 == 0;
          const bool taken = young == (service == std::string_view("adult_course"));
          visit.shown.push_back(
              {ServiceId(service), visit.citizen, verdict, {}, std::nullopt, taken});
        }
        visits.push_back(std::move(visit));
      }
    }
    return visits;
  }

  LoadHouseholdOn Load() const {
    return [this](CitizenId citizen, Date on,
                  std::optional<Instant> known_at) -> Result<profile::Household> {
      if (!histories_.contains(citizen)) return Fail(ErrorCode::kNotFound, "no profile");
      return HouseholdOf(citizen.number(), on.ToString(), known_at);
    };
  }

  std::string TrainOne(int rounds) const {
    TrainOptions options;
    options.rounds = rounds;
    options.now = Instant{1'000'000 * rounds};
    const auto report = models().Train(Visits(), Load(), catalogue(), options);
    EXPECT_TRUE(report.has_value()) << (report ? "" : report.error().ToString());
    return report ? report->version : "";
  }

  static Activation Of(std::string version, int64_t second = 1) {
    return {std::move(version), Instant{1'000'000 * second}, "anna", "a reason"};
  }
  StoredModels models() const { return StoredModels(folder_); }
  RankedBy Active() const {
    const auto ranker = Ranker::Load(folder_);
    EXPECT_TRUE(ranker.has_value()) << (ranker ? "" : ranker.error().ToString());
    return ranker ? ranker->ranked_by() : RankedBy{};
  }
  static bool IsJudged(uint64_t citizen) {
    return PartOf(CitizenId(citizen), 1, TrainOptions().held_out_share) == Part::kJudged;
  }
  static ErrorCode CodeOf(const Result<void>& result) {
    return result ? ErrorCode::kInternal : result.error().code;
  }

  std::string folder_;
};

TEST_F(StoredModelsTest, TrainingStoresAndActivatesNothing) {
  const std::string version = TrainOne(5);
  EXPECT_EQ(Active().stage, "catalogue");
  const auto stored = models().All();
  ASSERT_TRUE(stored.has_value());
  ASSERT_EQ(stored->size(), 1u);
  EXPECT_EQ(stored->front().version, version);
  EXPECT_TRUE(stored->front().fits);
  EXPECT_EQ(stored->front().trained_at, Instant{5'000'000});
  EXPECT_EQ(stored->front().data.interactions, 4 * kPeople);
  EXPECT_EQ(stored->front().data.fingerprint, StampOf(Visits()).fingerprint);
  EXPECT_EQ(stored->front().data.first, Day("2026-01-01"));
  EXPECT_EQ(stored->front().data.last, Day("2026-01-22"));
}

TEST_F(StoredModelsTest, TheFingerprintIsThatOfTheData) {
  std::vector<Interaction> visits = Visits();
  visits[3].shown[0].taken = !visits[3].shown[0].taken;
  EXPECT_NE(StampOf(visits).fingerprint, StampOf(Visits()).fingerprint);
}

TEST_F(StoredModelsTest, ActivatingAndRollingBackGoThroughTheVersions) {
  const std::string first = TrainOne(5);
  const std::string second = TrainOne(6);
  EXPECT_EQ(CodeOf(models().Activate(Of("0123456789abcdef"))), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(models().Activate(Of("../../etc"))), ErrorCode::kNotFound);
  ASSERT_TRUE(models().Activate(Of(first, 10)));
  EXPECT_EQ(Active().model_version, first);
  EXPECT_EQ(CodeOf(models().Activate(Of(first))), ErrorCode::kConflict);
  ASSERT_TRUE(models().Activate(Of(second, 11)));
  EXPECT_EQ(Active().model_version, second);
  EXPECT_EQ(models().Rollback(Of({}, 12))->activation.version, first);
  EXPECT_EQ(Active().model_version, first);
  ASSERT_TRUE(models().Activate(Of(second, 13)));
  EXPECT_EQ(models().Rollback(Of({}, 14))->activation.version, first);
  EXPECT_EQ(models().Rollback(Of({}, 15))->activation.version, "");
  EXPECT_EQ(Active().stage, "catalogue");
  EXPECT_EQ(models().Rollback(Of({})).error().code, ErrorCode::kNotFound);
  const auto activations = models().Activations();
  ASSERT_EQ(activations->size(), 6u) << "what happened is never edited";
  EXPECT_EQ(activations->front().by, "anna");
  EXPECT_EQ(activations->front().at, Instant{10'000'000});
  EXPECT_TRUE(activations->back().is_rollback);
}

// It stopped at the first one that did not load, and what went wrong stayed active.
TEST_F(StoredModelsTest, ARollbackPassesOverWhatNoLongerLoads) {
  const std::string first = TrainOne(5);
  const std::string second = TrainOne(6);
  const std::string third = TrainOne(7);
  const auto spoil = [&](const std::string& version) {
    std::ofstream(fs::path(models().FolderOf(version)) / "order.ubj") << "no trees";
  };
  for (const std::string& version : {first, second, third}) {
    ASSERT_TRUE(models().Activate(Of(version)));
  }
  spoil(second);
  const auto back = models().Rollback(Of({}));
  ASSERT_TRUE(back.has_value()) << back.error().ToString();
  EXPECT_EQ(back->activation.version, first);
  EXPECT_EQ(back->passed_over, (std::vector<std::string>{second}));
  EXPECT_EQ(Active().model_version, first);
  ASSERT_TRUE(models().Activate(Of(third)));
  spoil(first);
  EXPECT_EQ(models().Rollback(Of({}))->passed_over, (std::vector<std::string>{first}));
  EXPECT_EQ(Active().stage, "catalogue") << "none of what stood loads";
  EXPECT_EQ(models().Rollback(Of({})).error().code, ErrorCode::kNotFound);
}

TEST_F(StoredModelsTest, WorseThanPopularityIsWhatTheWholeIntervalSays) {
  StoredModel model;
  EXPECT_FALSE(IsWorseThanPopularity(model)) << "nothing was noted";
  model.gain = evaluation::RankingGain{{-0.02, -0.04, 0.001}, {}, {}};
  EXPECT_FALSE(IsWorseThanPopularity(model));
  model.gain->ndcg_at_5.high = -0.001;
  EXPECT_TRUE(IsWorseThanPopularity(model));
}

TEST_F(StoredModelsTest, WhatTheTreesWereTrainedWithIsNoted) {
  TrainOptions options;
  options.rounds = 5;
  options.inference = "0123456789abcdef";
  const auto report = models().Train(Visits(), Load(), catalogue(), options);
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(models().Find(report->version)->inference, "0123456789abcdef");
  EXPECT_EQ(models().Find(TrainOne(6))->inference, "");
}

TEST_F(StoredModelsTest, WhatServesFollowsActivationsAndRollbacks) {
  ServingRanker serving;
  ModelTakeUp take_up(folder_, serving);
  const auto version = [&] { return serving.Get()->ranked_by().model_version; };
  EXPECT_FALSE(take_up.Step().value());
  const std::string first = TrainOne(5);
  EXPECT_FALSE(take_up.Step().value()) << "training activates nothing";
  ASSERT_TRUE(models().Activate(Of(first, 10)));
  const auto before = serving.Get();
  EXPECT_TRUE(take_up.Step().value());
  EXPECT_EQ(version(), first);
  EXPECT_EQ(serving.changes(), 1u);
  EXPECT_EQ(before->ranked_by().model_version, "") << "whoever asked before goes on with it";
  EXPECT_FALSE(take_up.Step().value());
  ASSERT_TRUE(models().Rollback(Of({}, 11)));
  EXPECT_TRUE(take_up.Step().value());
  EXPECT_EQ(version(), "");
}

TEST_F(StoredModelsTest, WhatIsRefusedIsToldOnceAndWhatServedGoesOn) {
  const std::string first = TrainOne(5);
  const std::string second = TrainOne(6);
  ASSERT_TRUE(models().Activate(Of(first, 10)));
  ServingRanker serving;
  ModelTakeUp take_up(folder_, serving);
  ASSERT_TRUE(take_up.Step().value());
  ASSERT_TRUE(models().Activate(Of(second, 11)));
  std::ofstream(fs::path(models().FolderOf(second)) / "order.ubj") << "no trees";
  const auto refused = take_up.Step();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(serving.Get()->ranked_by().model_version, first);
  EXPECT_FALSE(take_up.Step().value());
  ASSERT_TRUE(models().Rollback(Of({}, 12)));
  EXPECT_FALSE(take_up.Step().value()) << "it is what serves already";
}

// Declares a trial of two arms, half of the people each.
void DeclareTrial(const std::string& folder, const std::string& one, const std::string& other,
                  const std::string& name = "spring") {
  std::ofstream(TrialsFile(folder))
      << R"({"format": 1, "trials": [{"name": ")" << name
      << R"(", "from": "2026-03-01", "until": "2026-03-28", "salt": "a salt of spring", "arms": [)"
      << R"({"name": "old", "percent": 40, "version": ")" << one << R"("},)"
      << R"({"name": "new", "percent": 40, "version": ")" << other << R"("}]}]})";
}

TEST_F(StoredModelsTest, TwoArmsServeTwoModelsAndTheActiveOneTheRest) {
  const std::string active = TrainOne(5);
  const std::string one = TrainOne(6);
  const std::string other = TrainOne(7);
  ASSERT_TRUE(models().Activate(Of(active, 10)));
  ServingRanker serving(*Ranker::Load(folder_));
  TrialTakeUp take_up(folder_, serving);
  EXPECT_FALSE(take_up.Step(Day(kToday)).value()) << "nothing is declared";
  DeclareTrial(folder_, one, other);
  EXPECT_TRUE(take_up.Step(Day(kToday)).value());
  EXPECT_FALSE(take_up.Step(Day(kToday)).value()) << "it is the same";
  EXPECT_EQ(serving.changes(), 1u);
  std::map<std::string, std::map<std::string, int>> versions;
  for (uint64_t citizen = 1; citizen <= kPeople; ++citizen) {
    const Serving served = serving.For(CitizenId(citizen), Day(kToday));
    ++versions[served.arm.arm][served.ranker->ranked_by().model_version];
    EXPECT_EQ(served.arm.trial, served.arm.arm.empty() ? "" : "spring");
    const Serving before = serving.For(CitizenId(citizen), Day("2026-02-28"));
    EXPECT_EQ(before.arm, ServedArm());
    EXPECT_EQ(before.ranker, serving.Get());
  }
  EXPECT_EQ(versions.size(), 3u);
  for (const auto& [arm, version] :
       std::map<std::string, std::string>{{"", active}, {"old", one}, {"new", other}}) {
    EXPECT_THAT(versions[arm], testing::ElementsAre(testing::Key(version))) << arm;
  }
  fs::remove(TrialsFile(folder_));
  EXPECT_TRUE(take_up.Step(Day(kToday)).value());
  EXPECT_EQ(serving.For(CitizenId(1), Day(kToday)).arm, ServedArm()) << "no longer declared";
}

TEST_F(StoredModelsTest, ATrialOneOfWhoseModelsDoesNotLoadIsNotRunning) {
  const std::string active = TrainOne(5);
  const std::string one = TrainOne(6);
  const std::string other = TrainOne(7);
  ASSERT_TRUE(models().Activate(Of(active, 10)));
  std::ofstream(fs::path(models().FolderOf(other)) / "order.ubj") << "no trees";
  for (const std::string& missing : {other, std::string("0123456789abcdef")}) {
    ServingRanker serving(*Ranker::Load(folder_));
    DeclareTrial(folder_, one, missing);
    testing::internal::CaptureStderr();
    EXPECT_TRUE(TrialTakeUp(folder_, serving).Step(Day(kToday)).value());
    EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::HasSubstr("trial_not_running"));
    for (uint64_t citizen = 1; citizen <= kPeople; ++citizen) {
      const Serving served = serving.For(CitizenId(citizen), Day(kToday));
      EXPECT_EQ(served.arm, ServedArm());
      EXPECT_EQ(served.ranker->ranked_by().model_version, active) << "nobody is without an order";
    }
  }
}

TEST_F(StoredModelsTest, ATrialRunsOnceAModelThatItNamesIsStored) {
  const std::string one = TrainOne(6);
  const std::string other = TrainOne(7);
  const fs::path stored = models().FolderOf(other);
  const fs::path elsewhere = fs::path(folder_) / "not yet";
  fs::rename(stored, elsewhere);
  ServingRanker serving;
  TrialTakeUp take_up(folder_, serving);
  DeclareTrial(folder_, one, other);
  EXPECT_TRUE(take_up.Step(Day(kToday)).value());
  EXPECT_FALSE(take_up.Step(Day(kToday)).value()) << "it is still not there";
  EXPECT_EQ(serving.For(CitizenId(1), Day(kToday)).arm, ServedArm());
  fs::rename(elsewhere, stored);
  EXPECT_TRUE(take_up.Step(Day(kToday)).value()) << "though nothing was declared anew";
  EXPECT_FALSE(take_up.Step(Day(kToday)).value());
  std::map<std::string, const Ranker*> rankers;
  for (uint64_t citizen = 1; citizen <= kPeople; ++citizen) {
    const Serving served = serving.For(CitizenId(citizen), Day(kToday));
    if (!served.arm.arm.empty()) rankers[served.arm.arm] = served.ranker.get();
  }
  EXPECT_EQ(rankers.size(), 2u) << "both arms";
  DeclareTrial(folder_, one, other, "summer");
  EXPECT_TRUE(take_up.Step(Day(kToday)).value());
  for (uint64_t citizen = 1; citizen <= kPeople; ++citizen) {
    const Serving served = serving.For(CitizenId(citizen), Day(kToday));
    if (served.arm.arm.empty()) continue;
    EXPECT_EQ(served.ranker.get(), rankers[served.arm.arm]) << "what it followed is not forgotten";
  }
}

TEST_F(StoredModelsTest, WhatIsOnGoesOnWhenTheDeclarationCannotBeRead) {
  const std::string one = TrainOne(6);
  ServingRanker serving;
  TrialTakeUp take_up(folder_, serving);
  DeclareTrial(folder_, one, one);
  ASSERT_TRUE(take_up.Step(Day(kToday)).value());
  std::ofstream(TrialsFile(folder_)) << "{";
  EXPECT_EQ(take_up.Step(Day(kToday)).error().code, ErrorCode::kInvalidArgument);
  EXPECT_FALSE(take_up.Step(Day(kToday)).value()) << "told once";
  size_t in_arms = 0;
  for (uint64_t citizen = 1; citizen <= kPeople; ++citizen) {
    in_arms += serving.For(CitizenId(citizen), Day(kToday)).arm == ServedArm() ? 0 : 1;
  }
  EXPECT_GT(in_arms, kPeople / 2);
  ServingRanker later;
  DeclareTrial(folder_, one, one, "ended");
  TrialTakeUp(folder_, later).Step(Day("2026-03-29")).value();
  EXPECT_EQ(later.For(CitizenId(1), Day(kToday)).arm, ServedArm()) << "it had ended: not loaded";
}

TEST_F(StoredModelsTest, PopularityAloneIsStoredAndOrdersOnceItIsActivated) {
  std::vector<Interaction> five = Visits();
  five.resize(5);
  const auto report = models().Train(five, Load(), catalogue(), TrainOptions());
  ASSERT_TRUE(report.has_value()) << report.error().ToString();
  EXPECT_EQ(Active().stage, "catalogue");
  const auto stored = models().All();
  ASSERT_TRUE(stored.has_value()) << stored.error().ToString();
  ASSERT_EQ(stored->size(), 1u);
  EXPECT_EQ(stored->front().stage, "popularity");
  EXPECT_TRUE(stored->front().fits);
  ASSERT_TRUE(models().Activate(Of(report->version)));
  EXPECT_EQ(Active().stage, "popularity");
  EXPECT_EQ(Active().model_version, report->version);
  const std::string model = TrainOne(5);
  ASSERT_TRUE(models().Activate(Of(model)));
  EXPECT_EQ(models().Rollback(Of({}))->activation.version, report->version);
  EXPECT_EQ(Active().stage, "popularity");
}

TEST_F(StoredModelsTest, RollingTheFirstActivationBackLeavesTheModelThatStoodBefore) {
  const std::string before = TrainOne(5);
  const std::string first = TrainOne(6);
  for (const fs::directory_entry& file : fs::directory_iterator(models().FolderOf(before))) {
    fs::copy_file(file.path(), fs::path(folder_) / file.path().filename());
  }
  EXPECT_EQ(Active().model_version, before);
  ASSERT_TRUE(models().Activate(Of(first)));
  EXPECT_EQ(Active().model_version, first);
  EXPECT_EQ(models().Rollback(Of({}))->activation.version, "");
  EXPECT_EQ(Active().model_version, before);
}

TEST_F(StoredModelsTest, AModelWhoseSampleDoesNotVerifyIsNotActivated) {
  const std::string good = TrainOne(5);
  const std::string bad = TrainOne(6);
  ASSERT_TRUE(models().Activate(Of(good)));
  const std::string trees = models().FolderOf(bad) + "/order.ubj";
  fs::copy_file(models().FolderOf(good) + "/order.ubj", trees,
                fs::copy_options::overwrite_existing);
  EXPECT_EQ(CodeOf(models().Activate(Of(bad))), ErrorCode::kCorrupt);
  EXPECT_EQ(Active().model_version, good);
  EXPECT_EQ(models().Activations()->size(), 1u);
}

TEST_F(StoredModelsTest, DamagedActivationsAreCorruptAndNoReasonToForget) {
  const std::string version = TrainOne(5);
  ASSERT_TRUE(models().Activate(Of(version)));
  for (const char* text : {"{", "[]", R"({"format": 1, "activations": [{"version": "../x"}]})"}) {
    std::ofstream(folder_ + "/activations.json") << text;
    EXPECT_EQ(Ranker::Load(folder_).error().code, ErrorCode::kCorrupt) << text;
    EXPECT_EQ(CodeOf(models().Activate(Of(version))), ErrorCode::kCorrupt) << text;
  }
}

TEST_F(StoredModelsTest, ActivationsAtTheSameTimeAreAllKept) {
  const std::string first = TrainOne(5);
  const std::string second = TrainOne(6);
  ASSERT_TRUE(models().Activate(Of(first)));
  std::vector<std::thread> threads;
  std::atomic<int> done = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] { done += models().Activate(Of(i % 2 ? first : second)) ? 1 : 0; });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(models().Activations()->size(), 1u + static_cast<size_t>(done.load()));
}

TEST_F(StoredModelsTest, ComparisonIsOfPeopleWhomNeitherHasSeen) {
  const std::string first = TrainOne(5);
  const std::string second = TrainOne(20);
  const auto compared =
      evaluation::CompareModels(models(), first, second, Visits(), Load(), catalogue(), {50, 1});
  ASSERT_TRUE(compared.has_value()) << compared.error().ToString();
  size_t held_out = 0;
  for (uint64_t citizen = 1; citizen <= kPeople; ++citizen) {
    held_out += IsJudged(citizen) ? 1 : 0;
  }
  EXPECT_EQ(compared->people, held_out);
  EXPECT_EQ(compared->lists, 4 * held_out);
  EXPECT_EQ(compared->other.quality.ndcg_at_5.value, 1);
  EXPECT_NEAR(compared->gain.log_loss.value, 0, 1e-3)
      << "both tell the young from the old, and are calibrated on the same people";
  const auto itself =
      evaluation::CompareModels(models(), first, first, Visits(), Load(), catalogue(), {50, 1});
  EXPECT_EQ(itself->gain.log_loss.value, 0);
}

// Six services are shown; whichever is called taken, the recall is what counting by hand finds.
TEST_F(StoredModelsTest, RecallByGroupIsWhatCountingByHandFinds) {
  constexpr std::array kServices{"adult_course", "job_card", "burial_payment",
                                 "child_card",   "job_help", "veteran_help"};
  const std::string version = TrainOne(20);
  const auto ranker = Ranker::Load(models().FolderOf(version));
  for (size_t taken = 0; taken < kServices.size(); ++taken) {
    std::vector<Interaction> visits;
    uint64_t people = 0;
    uint64_t found = 0;
    for (uint64_t citizen = 1; citizen <= kPeople; ++citizen) {
      Interaction visit;
      visit.citizen = CitizenId(citizen);
      visit.on = Day(kToday);
      std::vector<Candidate> candidates;
      for (size_t i = 0; i < kServices.size(); ++i) {
        const auto verdict = eligibility::Verdict::kEligible;
        const ServiceId service(kServices[i]);
        visit.shown.push_back({service, visit.citizen, verdict, {}, std::nullopt, i == taken});
        candidates.push_back({catalogue().FindService(service), visit.citizen, verdict, {}, {}});
      }
      visits.push_back(visit);
      if (!IsJudged(citizen)) continue;
      const auto scores =
          ranker->Rate(HouseholdOf(citizen), candidates, Day(kToday), catalogue()).order;
      size_t before = 0;
      for (size_t i = 0; i < scores.size(); ++i) {
        before += scores[i] > scores[taken] || (scores[i] == scores[taken] && i < taken) ? 1 : 0;
      }
      ++people;
      found += before < 5 ? 1 : 0;
    }
    const auto recall =
        evaluation::RecallByGroup(models(), version, visits, Load(), catalogue(), {200, 1});
    ASSERT_TRUE(recall.has_value()) << recall.error().ToString();
    EXPECT_EQ(recall->all.people, people);
    EXPECT_EQ(recall->all.taken, people);
    EXPECT_EQ(recall->all.found, found) << kServices[taken];
    EXPECT_DOUBLE_EQ(recall->all.share.value,
                     static_cast<double>(found) / static_cast<double>(people));
    EXPECT_LE(recall->all.share.low, recall->all.share.value);
    EXPECT_GE(recall->all.share.high, recall->all.share.value);
    EXPECT_EQ(recall->groups.at("habit").at("?").people, people)
        << "nobody took anything up before";
    const auto& ages = recall->groups.at("age");
    EXPECT_EQ(ages.at("18-34").people + ages.at("60+").people, people);
  }
}

TEST_F(StoredModelsTest, HabitIsHowMostOfWhatWasTakenUpWasTakenUp) {
  Past past;
  EXPECT_EQ(evaluation::HabitOf(past, Day(kToday), catalogue()), "?");
  past.Take(ServiceId("adult_course"), CitizenId(1), Instant{1});  // two visits
  EXPECT_EQ(evaluation::HabitOf(past, Day(kToday), catalogue()), "visits");
  past.Take(ServiceId("job_card"), CitizenId(1), Instant{2});  // none
  EXPECT_EQ(evaluation::HabitOf(past, Day(kToday), catalogue()), "visits") << "half is not most";
  past.Take(ServiceId("job_card"), CitizenId(1), Instant{200'000'000'000});
  EXPECT_EQ(evaluation::HabitOf(past, Day(kToday), catalogue()), "remote");
}

}  // namespace
}  // namespace kstati::recommender
