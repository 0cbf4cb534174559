// SPDX-License-Identifier: Apache-2.0
#include "recommender/ranker.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>
#include <thread>

#include "recommender/evaluation/calibration.h"
#include "recommender/evaluation/probability_measures.h"
#include "recommender/features.h"
#include "recommender/internal/booster.h"
#include "recommender/internal/model_folder.h"
#include "small_life.h"

namespace kstati::recommender {
namespace {

namespace fs = std::filesystem;

// Sixty people to whom two services are shown each week; the young take one, the old the other.
class RankerTest : public SmallLife {
 protected:
  static constexpr uint64_t kPeople = 60;

  RankerTest() {
    std::string name = (fs::temp_directory_path() / "ranker-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    for (uint64_t citizen = 1; citizen <= kPeople; ++citizen) {
      const bool young = citizen % 2 == 0;
      Person(citizen, young ? "1998-01-01" : "1950-01-01");
    }
  }
  ~RankerTest() override { fs::remove_all(folder_); }

  std::string model() const { return folder_ + "/model"; }

  Candidate Of(std::string_view service, uint64_t citizen) const {
    Candidate candidate;
    candidate.service = catalogue_.FindService(ServiceId(std::string(service)));
    candidate.about = CitizenId(citizen);
    candidate.verdict = eligibility::Verdict::kEligible;
    return candidate;
  }

  std::vector<Interaction> Visits(int per_person = 4) const {
    std::vector<Interaction> visits;
    for (uint64_t citizen = 1; citizen <= kPeople; ++citizen) {
      const bool young = citizen % 2 == 0;
      for (int i = 0; i < per_person; ++i) {
        Interaction visit;
        visit.citizen = CitizenId(citizen);
        visit.on = Day("2026-01-01").AddDays(7 * i);
        const auto verdict = eligibility::Verdict::kEligible;
        visit.shown.push_back(
            {ServiceId("adult_course"), visit.citizen, verdict, {}, std::nullopt, young});
        visit.shown.push_back(
            {ServiceId("job_card"), visit.citizen, verdict, {}, std::nullopt, !young});
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

  Result<TrainReport> TrainSmall(const std::vector<Interaction>& visits) const {
    TrainOptions options;
    options.rounds = 20;
    return Train(visits, Load(), catalogue(), options, model());
  }
  TrainReport TrainAll() const {
    auto report = TrainSmall(Visits());
    EXPECT_TRUE(report.has_value()) << (report ? "" : report.error().ToString());
    return report.value_or(TrainReport{});
  }

  std::vector<double> Scores(const Ranker& ranker, uint64_t citizen) const {
    const std::vector<Candidate> candidates{Of("adult_course", citizen), Of("job_card", citizen)};
    return ranker.Rate(HouseholdOf(citizen), candidates, Day(kToday), catalogue()).needed;
  }

  nlohmann::json ReadRecord() const {
    std::ifstream stream(model() + "/model.json");
    return nlohmann::json::parse(stream);
  }
  void WriteRecord(const nlohmann::json& record) const {
    std::ofstream(model() + "/model.json") << record.dump();
  }
  ErrorCode CodeOfLoading() const {
    const auto loaded = Ranker::Load(model());
    EXPECT_FALSE(loaded.has_value());
    return loaded ? ErrorCode::kInternal : loaded.error().code;
  }

  std::string folder_;
};

TEST_F(RankerTest, WithoutAFolderThePriorityDecides) {
  const auto ranker = Ranker::Load(folder_ + "/none");
  ASSERT_TRUE(ranker.has_value());
  EXPECT_EQ(ranker->ranked_by().stage, "catalogue");
  EXPECT_THAT(Scores(*ranker, 1), testing::ElementsAre(0.9, 0.4));
}

TEST_F(RankerTest, WithPopularityAloneItDecides) {
  Popularity popularity;
  for (const Interaction& visit : Visits())
    popularity.Count(HouseholdOf(visit.citizen.number()), visit);
  fs::create_directories(model());
  std::ofstream(model() + "/popularity.json") << popularity.Encode();
  const auto ranker = Ranker::Load(model());
  ASSERT_TRUE(ranker.has_value());
  EXPECT_EQ(ranker->ranked_by().stage, "popularity");
  EXPECT_GT(Scores(*ranker, 2)[0], Scores(*ranker, 2)[1]);
  EXPECT_LT(Scores(*ranker, 1)[0], Scores(*ranker, 1)[1]);
}

TEST_F(RankerTest, TheModelLearnsWhoTakesWhat) {
  const TrainReport report = TrainAll();
  EXPECT_EQ(report.citizens, kPeople);
  EXPECT_GT(report.held_out_groups, 0u);
  EXPECT_EQ(report.model.hit_rate_at_1.value, 1);
  const nlohmann::json gain = ReadRecord()["quality"]["gain"]["log_loss"];
  EXPECT_EQ(gain["value"].get<double>(), report.gain.log_loss.value);
  EXPECT_LT(gain["high"].get<double>(), 0) << "surer than popularity, and right";
  const auto ranker = Ranker::Load(model());
  ASSERT_TRUE(ranker.has_value()) << ranker.error().ToString();
  EXPECT_EQ(ranker->ranked_by().stage, "model");
  EXPECT_EQ(ranker->ranked_by().model_version, report.version);
  EXPECT_GT(Scores(*ranker, 2)[0], Scores(*ranker, 2)[1]);
  EXPECT_LT(Scores(*ranker, 1)[0], Scores(*ranker, 1)[1]);
}

TEST_F(RankerTest, ContributionsAddUpToTheMargin) {
  const TrainReport report = TrainAll();
  std::stringstream bytes;
  bytes << std::ifstream(model() + "/needed.ubj", std::ios::binary).rdbuf();
  const auto booster = internal::Booster::Load(bytes.str());
  ASSERT_TRUE(booster.has_value());
  const std::vector<Candidate> candidates{Of("adult_course", 1), Of("job_card", 1)};
  const FeatureMatrix rows = BuildFeatures(HouseholdOf(1), candidates, Day(kToday), catalogue());
  const FeatureMatrix contributions = booster->Contributions(rows);
  const std::vector<float> margins = booster->Margins(rows);
  ASSERT_EQ(contributions.cols(), rows.cols() + 1);
  for (Eigen::Index row = 0; row < rows.rows(); ++row) {
    EXPECT_NEAR(contributions.row(row).sum(), margins[static_cast<size_t>(row)], 1e-4);
  }
  EXPECT_EQ(booster->Contributions(FeatureMatrix(0, rows.cols())).rows(), 0);
  ASSERT_GE(report.weights.size(), 2u) << "who takes what needs both, age and service";
  EXPECT_TRUE(
      std::ranges::is_sorted(report.weights, std::greater(), &FeatureWeight::mean_contribution));
  EXPECT_THAT(report.weights,
              testing::Contains(testing::Field(&FeatureWeight::feature, "person_age_years")));
}

TEST_F(RankerTest, WhatIsTakenUpByAgeIsToldToComeFromIt) {
  TrainAll();
  const auto ranker = Ranker::Load(model());
  const auto because = [&](std::string_view service, uint64_t citizen) {
    return ranker->Because(HouseholdOf(citizen), Of(service, citizen), Day(kToday), catalogue());
  };
  EXPECT_THAT(because("adult_course", 2), testing::Contains(Topic::kAge));
  EXPECT_THAT(because("job_card", 1), testing::Contains(Topic::kAge));
  EXPECT_THAT(because("adult_course", 1), testing::Not(testing::Contains(Topic::kAge)))
      << "age speaks against it";
  EXPECT_TRUE(
      Ranker().Because(HouseholdOf(2), Of("adult_course", 2), Day(kToday), catalogue()).empty());
}

// Two mothers who differ in nothing but what registries know of their children.
TEST_F(RankerTest, NothingOfARelativeShowsInWhatIsTold) {
  TrainAll();
  const auto ranker = Ranker::Load(model());
  Person(101, "1998-01-01");
  Person(102, "1998-01-01");
  Person(201, "2025-01-01");
  Person(202, "2009-01-01");
  Relate(101, profile::RelationKind::kParent, 201);
  Relate(102, profile::RelationKind::kParent, 202);
  Know(202, "person.disability_group", "child");
  Know(102, "family.income_per_capita_month", "900");
  for (const char* service : {"adult_course", "job_card"}) {
    const auto told = [&](uint64_t citizen) {
      return ranker->Because(HouseholdOf(citizen), Of(service, citizen), Day(kToday), catalogue());
    };
    EXPECT_EQ(told(101), told(102)) << service;
  }
}

// The young take the course where the law lets them, which it may decide by their families.
TEST_F(RankerTest, NothingOfAVerdictShowsInWhatIsTold) {
  std::vector<Interaction> visits = Visits();
  for (size_t i = 0; i < visits.size(); ++i) {
    if (i % 4 < 2) continue;
    for (Interaction::Shown& shown : visits[i].shown) {
      shown.verdict = eligibility::Verdict::kLikely;
      shown.taken = false;
    }
  }
  ASSERT_TRUE(TrainSmall(visits).has_value());
  const auto ranker = Ranker::Load(model());
  ASSERT_TRUE(ranker.has_value()) << ranker.error().ToString();
  const auto told = [&](eligibility::Verdict verdict) {
    Candidate candidate = Of("adult_course", 2);
    candidate.verdict = verdict;
    return ranker->Because(HouseholdOf(2), candidate, Day(kToday), catalogue());
  };
  EXPECT_EQ(told(eligibility::Verdict::kEligible), told(eligibility::Verdict::kLikely));
}

TEST(TopicsTest, OnlyWhatTheRowBearsOutIsTold) {
  const auto names = FeatureNames();
  std::vector<float> row(names.size(), std::numeric_limits<float>::quiet_NaN());
  std::vector<float> shares(names.size(), 0);
  const auto at = [&](std::vector<float>& values, std::string_view name) -> float& {
    return values[static_cast<size_t>(std::ranges::find(names, name) - names.begin())];
  };
  at(shares, "pays") = 0.9f;
  at(shares, "person_age_years") = 0.5f;
  at(shares, "disability_degree") = 3;
  at(shares, "service_priority") = 0.05f;
  EXPECT_THAT(Told(row, shares), testing::IsEmpty()) << "nothing is known";
  at(row, "pays") = 0;
  at(row, "person_age_years") = 40;
  EXPECT_THAT(Told(row, shares), testing::ElementsAre(Topic::kAge));
  at(row, "pays") = 1;
  EXPECT_THAT(Told(row, shares), testing::ElementsAre(Topic::kBenefit, Topic::kAge));
}

TEST_F(RankerTest, TheSameInteractionsGiveTheSameModel) {
  EXPECT_EQ(TrainAll().version, TrainAll().version);
}

// Whoever took the course is reported employed afterwards: a feature of later showings alone.
TEST_F(RankerTest, WhatWasRecordedAfterAShowingTeachesNothing) {
  std::vector<Interaction> visits = Visits();
  for (Interaction& visit : visits) visit.known_at = Recorded();
  const auto before = TrainSmall(visits);
  const nlohmann::json rows = ReadRecord()["sample"]["rows"];
  for (uint64_t citizen = 2; citizen <= kPeople; citizen += 2) {
    Know(citizen, "person.employed", "true");
  }
  const auto after = TrainSmall(visits);
  ASSERT_TRUE(before.has_value() && after.has_value());
  EXPECT_EQ(after->version, before->version);
  EXPECT_EQ(ReadRecord()["sample"]["rows"], rows);
  for (Interaction& visit : visits) visit.known_at.reset();
  ASSERT_TRUE(TrainSmall(visits).has_value());
  EXPECT_NE(ReadRecord()["sample"]["rows"], rows) << "the fact is a feature where it was known";
}

TEST_F(RankerTest, TrainingReplacesTheFolderAsAWhole) {
  TrainAll();
  std::ofstream(model() + "/leftover") << "old";
  TrainAll();
  EXPECT_FALSE(fs::exists(model() + "/leftover"));
  const auto entries = std::distance(fs::directory_iterator(folder_), fs::directory_iterator());
  EXPECT_EQ(entries, 1) << "a temporary folder was left";
}

TEST_F(RankerTest, NoInteractionsAreRefusedAndTheOldModelStays) {
  const TrainReport before = TrainAll();
  EXPECT_EQ(TrainSmall({}).error().code, ErrorCode::kInvalidArgument);
  std::vector<Interaction> of_nobody = Visits();
  of_nobody.resize(1);
  of_nobody.front().citizen = CitizenId(999);
  EXPECT_EQ(TrainSmall(of_nobody).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(Ranker::Load(model())->ranked_by().model_version, before.version);
}

TEST_F(RankerTest, FiveVisitsGivePopularityAlone) {
  std::vector<Interaction> five = Visits();
  five.resize(5);
  const auto report = TrainSmall(five);
  ASSERT_TRUE(report.has_value()) << report.error().ToString();
  EXPECT_EQ(report->stage, "popularity");
  EXPECT_EQ(report->citizens, 2u);
  EXPECT_EQ(report->rows, 10u);
  const auto ranker = Ranker::Load(model());
  ASSERT_TRUE(ranker.has_value()) << ranker.error().ToString();
  EXPECT_EQ(ranker->ranked_by().stage, "popularity");
  EXPECT_EQ(ranker->ranked_by().model_version, report->version);
  Popularity counted;
  for (const Interaction& visit : five) {
    counted.Count(HouseholdOf(visit.citizen.number()), visit);
  }
  const auto scores = Scores(*ranker, 1);
  EXPECT_DOUBLE_EQ(scores[0], counted.Score(HouseholdOf(1), Of("adult_course", 1), Day(kToday)));
  std::ofstream(model() + "/popularity.json") << Popularity().Encode();
  EXPECT_EQ(CodeOfLoading(), ErrorCode::kCorrupt) << "another popularity than the record's";
}

// Whoever is young takes nothing up where trees learn, and everything where they are calibrated.
TEST_F(RankerTest, TreesThatOrderStrangersWorseThanChanceAreNotStored) {
  std::vector<Interaction> visits = Visits();
  for (Interaction& visit : visits) {
    if (PartOf(visit.citizen, 1, TrainOptions().held_out_share) == Part::kTraining) continue;
    for (Interaction::Shown& shown : visit.shown) shown.taken = !shown.taken;
  }
  const auto report = TrainSmall(visits);
  ASSERT_TRUE(report.has_value()) << report.error().ToString();
  EXPECT_EQ(report->stage, "popularity");
}

TEST_F(RankerTest, PeopleWithoutAProfileAreLeftOut) {
  std::vector<Interaction> visits = Visits();
  Interaction erased = visits.front();
  erased.citizen = CitizenId(999);
  visits.push_back(erased);
  const auto report = TrainSmall(visits);
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->citizens, kPeople);
}

TEST_F(RankerTest, AModelOfOtherFeaturesIsUnsupported) {
  TrainAll();
  nlohmann::json record = ReadRecord();
  record["feature_schema"] = "0123456789abcdef";
  WriteRecord(record);
  EXPECT_EQ(CodeOfLoading(), ErrorCode::kUnsupported);
}

// Whole and true to its sample, but its margins are no log odds.
TEST_F(RankerTest, AModelThatGivesNoProbabilitiesIsUnsupported) {
  TrainAll();
  std::stringstream bytes;
  bytes << std::ifstream(model() + "/needed.ubj", std::ios::binary).rdbuf();
  std::string trees = bytes.str();
  const std::string old_objective(
      "\x0f"
      "binary:logistic",
      16);
  for (size_t at = trees.find(old_objective); at != std::string::npos;
       at = trees.find(old_objective, at)) {
    trees.replace(at, old_objective.size(),
                  "\x10"
                  "reg:squarederror");
  }
  const auto booster = internal::Booster::Load(trees);
  ASSERT_TRUE(booster.has_value()) << booster.error().ToString();
  nlohmann::json record = ReadRecord();
  const nlohmann::json rows = record["sample"]["rows"];
  FeatureMatrix sample(static_cast<Eigen::Index>(rows.size()), booster->columns());
  for (Eigen::Index i = 0; i < sample.rows(); ++i) {
    for (Eigen::Index j = 0; j < sample.cols(); ++j) {
      const nlohmann::json& value = rows[static_cast<size_t>(i)][static_cast<size_t>(j)];
      sample(i, j) = value.is_null() ? std::numeric_limits<float>::quiet_NaN() : value.get<float>();
    }
  }
  const evaluation::PlattCalibration calibration(record["calibration"]["slope"].get<double>(),
                                                 record["calibration"]["offset"].get<double>());
  std::vector<double> scores;
  for (const float margin : booster->Margins(sample)) scores.push_back(calibration(margin));
  record["sample"]["needed"] = scores;
  std::stringstream uses;
  uses << std::ifstream(model() + "/uses.bin", std::ios::binary).rdbuf();
  std::stringstream order;
  order << std::ifstream(model() + "/order.ubj", std::ios::binary).rdbuf();
  std::stringstream popularity;
  popularity << std::ifstream(model() + "/popularity.json").rdbuf();
  record["version"] = internal::VersionOf({order.str(),
                                           {trees, calibration},
                                           record["by_order"].get<bool>(),
                                           {},
                                           UseModels::Decode(uses.str()).value(),
                                           std::nullopt},
                                          Popularity::Decode(popularity.str()).value());
  std::ofstream(model() + "/needed.ubj", std::ios::binary) << trees;
  WriteRecord(record);
  EXPECT_EQ(CodeOfLoading(), ErrorCode::kUnsupported);
}

TEST_F(RankerTest, AModelOfAnEarlierFormatIsUnsupportedAndSaysWhatToDo) {
  TrainAll();
  nlohmann::json record = ReadRecord();
  record["format"] = 1;
  record.erase("calibration");
  WriteRecord(record);
  const auto loaded = Ranker::Load(model());
  ASSERT_FALSE(loaded.has_value());
  EXPECT_EQ(loaded.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(loaded.error().remedy, testing::HasSubstr("train a model"));
}

TEST_F(RankerTest, ACalibrationThatTurnsTheOrderRoundIsCorrupt) {
  for (const nlohmann::json& slope : {nlohmann::json(0), nlohmann::json(-1), nlohmann::json("1")}) {
    TrainAll();
    nlohmann::json record = ReadRecord();
    record["calibration"]["slope"] = slope;
    WriteRecord(record);
    EXPECT_EQ(CodeOfLoading(), ErrorCode::kCorrupt) << slope;
  }
}

TEST_F(RankerTest, AModelThatScoresItsSampleOtherwiseIsCorrupt) {
  TrainAll();
  nlohmann::json record = ReadRecord();
  record["sample"]["needed"][0] = record["sample"]["needed"][0].get<double>() + 0.01;
  WriteRecord(record);
  EXPECT_EQ(CodeOfLoading(), ErrorCode::kCorrupt);
}

TEST_F(RankerTest, AModelWithoutASampleIsCorrupt) {
  TrainAll();
  nlohmann::json record = ReadRecord();
  record["sample"] = {{"rows", nlohmann::json::array()},
                      {"needed", nlohmann::json::array()},
                      {"order", nlohmann::json::array()}};
  WriteRecord(record);
  EXPECT_EQ(CodeOfLoading(), ErrorCode::kCorrupt);
}

TEST_F(RankerTest, DamagedFilesAreCorrupt) {
  for (const char* name : {"order.ubj", "needed.ubj", "model.json", "popularity.json"}) {
    TrainAll();
    std::ofstream(model() + "/" + name) << "{";
    EXPECT_EQ(CodeOfLoading(), ErrorCode::kCorrupt) << name;
    TrainAll();
    fs::remove(model() + "/" + name);
    EXPECT_EQ(CodeOfLoading(), ErrorCode::kCorrupt) << name;
  }
}

TEST_F(RankerTest, AFlippedByteInTheTreesIsCorrupt) {
  TrainAll();
  std::fstream trees(model() + "/needed.ubj", std::ios::in | std::ios::out | std::ios::binary);
  trees.seekg(0, std::ios::end);
  const auto middle = trees.tellg() / 2;
  trees.seekg(middle);
  const char byte = static_cast<char>(trees.get() ^ 1);
  trees.seekp(middle);
  trees.put(byte);
  trees.close();
  EXPECT_EQ(CodeOfLoading(), ErrorCode::kCorrupt);
}

TEST_F(RankerTest, ARecordOfWrongTypesIsCorrupt) {
  TrainAll();
  nlohmann::json record = ReadRecord();
  record["version"] = 7;
  WriteRecord(record);
  EXPECT_EQ(CodeOfLoading(), ErrorCode::kCorrupt);
}

TEST_F(RankerTest, HeldOutPeopleAreHalved) {
  size_t people[3] = {0, 0, 0};
  for (uint64_t citizen = 1; citizen <= 10'000; ++citizen) {
    ++people[static_cast<size_t>(PartOf(CitizenId(citizen), 7, 0.2))];
  }
  EXPECT_NEAR(static_cast<double>(people[0]), 8'000, 200);
  EXPECT_NEAR(static_cast<double>(people[1]), 1'000, 150);
  EXPECT_NEAR(static_cast<double>(people[2]), 1'000, 150);
}

// People of whom each always or never takes a service up, the young mostly and the old seldom.
// Trees that learn them by heart are too sure of strangers.
class CalibrationTest : public RankerTest {
 protected:
  static constexpr uint64_t kStrangers = 1'200;

  CalibrationTest() {
    for (uint64_t citizen = 1; citizen <= kStrangers; ++citizen) {
      Person(1'000 + citizen,
             Day("1946-01-01").AddDays(20 * static_cast<int64_t>(citizen)).ToString());
    }
  }

  std::vector<Interaction> Habits() const {
    std::mt19937 random(5);
    std::vector<Interaction> visits;
    for (uint64_t citizen = 1; citizen <= kStrangers; ++citizen) {
      const bool takes = random() % 10 < (citizen > kStrangers / 2 ? 7 : 3);
      for (int i = 0; i < 3; ++i) {
        Interaction visit;
        visit.citizen = CitizenId(1'000 + citizen);
        visit.on = Day("2026-01-01").AddDays(i);
        visit.shown.push_back({ServiceId("adult_course"),
                               visit.citizen,
                               eligibility::Verdict::kEligible,
                               {},
                               std::nullopt,
                               takes});
        visits.push_back(std::move(visit));
      }
    }
    return visits;
  }
};

TEST_F(CalibrationTest, ScoresOfStrangersComeTrueAndKeepTheirOrder) {
  TrainOptions options;
  options.rounds = 200;
  options.depth = 8;
  options.held_out_share = 0.5;
  const std::vector<Interaction> visits = Habits();
  const auto report = Train(visits, Load(), catalogue(), options, model());
  ASSERT_TRUE(report.has_value()) << report.error().ToString();
  std::stringstream bytes;
  bytes << std::ifstream(model() + "/needed.ubj", std::ios::binary).rdbuf();
  const auto trees = internal::Booster::Load(bytes.str());
  const auto ranker = Ranker::Load(model());
  ASSERT_TRUE(trees.has_value() && ranker.has_value());
  evaluation::Forecasts raw;
  evaluation::Forecasts margins;
  evaluation::Forecasts calibrated;
  for (const Interaction& visit : visits) {
    if (PartOf(visit.citizen, options.seed, options.held_out_share) != Part::kJudged) continue;
    const auto household = HouseholdOf(visit.citizen.number(), visit.on.ToString());
    const std::vector<Candidate> candidates{Of("adult_course", visit.citizen.number())};
    const FeatureMatrix row = BuildFeatures(household, candidates, visit.on, catalogue());
    raw.probability.push_back(trees->Predict(row).front());
    margins.probability.push_back(trees->Margins(row).front());
    calibrated.probability.push_back(
        ranker->Rate(household, candidates, visit.on, catalogue()).needed.front());
    for (auto* forecasts : {&raw, &calibrated}) {
      forecasts->happened.push_back(visit.shown.front().taken ? 1 : 0);
    }
  }
  EXPECT_GT(evaluation::CalibrationError(raw), 0.1);
  EXPECT_LT(evaluation::CalibrationError(calibrated), evaluation::CalibrationError(raw) / 2);
  EXPECT_EQ(evaluation::ByProbability(margins), evaluation::ByProbability(calibrated));
}

TEST_F(RankerTest, ManyThreadsGetTheSameScores) {
  TrainAll();
  const auto ranker = Ranker::Load(model());
  ASSERT_TRUE(ranker.has_value());
  std::vector<std::vector<double>> expected(kPeople + 1);
  for (uint64_t citizen = 1; citizen <= kPeople; ++citizen)
    expected[citizen] = Scores(*ranker, citizen);
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 5; ++round) {
        for (uint64_t citizen = 1; citizen <= kPeople; ++citizen) {
          if (Scores(*ranker, citizen) != expected[citizen]) ++wrong;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(RankerTest, NobodyHasNoScores) {
  TrainAll();
  const Ratings none = Ranker::Load(model())->Rate(HouseholdOf(1), {}, Day(kToday), catalogue());
  EXPECT_TRUE(none.order.empty() && none.needed.empty());
}

TEST_F(RankerTest, PopularityOfNothingIsThePriority) {
  EXPECT_DOUBLE_EQ(Popularity().Score(HouseholdOf(1), Of("adult_course", 1), Day(kToday)), 0.9);
  EXPECT_TRUE(Popularity().empty());
}

TEST_F(RankerTest, PopularityStaysAProbabilityAndReadsBack) {
  Popularity popularity;
  for (const Interaction& visit : Visits(30)) {
    popularity.Count(HouseholdOf(visit.citizen.number()), visit);
  }
  const auto read = Popularity::Decode(popularity.Encode());
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->Encode(), popularity.Encode());
  for (const char* service : {"adult_course", "job_card", "child_card"}) {
    const double score = popularity.Score(HouseholdOf(2), Of(service, 2), Day(kToday));
    EXPECT_GE(score, 0) << service;
    EXPECT_LE(score, 1) << service;
    EXPECT_EQ(read->Score(HouseholdOf(2), Of(service, 2), Day(kToday)), score);
  }
}

TEST_F(RankerTest, DamagedPopularityIsCorrupt) {
  for (const char* text :
       {"", "[]", R"({"format":2})", R"({"format":1,"tallies":[]})",
        R"({"format":1,"tallies":{"a":[1]}})", R"({"format":1,"tallies":{"a":[1,2]}})",
        R"({"format":1,"tallies":{"a":["x",0]}})"}) {
    const auto read = Popularity::Decode(text);
    ASSERT_FALSE(read.has_value()) << text;
    EXPECT_EQ(read.error().code, ErrorCode::kCorrupt);
  }
}

}  // namespace
}  // namespace kstati::recommender
