// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>
#include <set>
#include <string>

#include "recommender/evaluation/interaction_evaluation.h"
#include "recommender/evaluation/period_evaluation.h"
#include "recommender/evaluation/period_file.h"
#include "recommender/evaluation/plot.h"
#include "recommender/evaluation/report.h"

namespace kstati::recommender::evaluation {
namespace {

using models::ItemIndex;

// Lives in which the event is the more probable the older the person and the larger `sign`.
hazards::PeriodTable SyntheticPeriods(size_t people, uint32_t seed) {
  std::mt19937 random(seed);
  std::string text = "person,event,period,state,sign,kind\n";
  for (size_t person = 0; person < people; ++person) {
    const int sign = static_cast<int>(random() % 5);
    for (int age = 20; age < 30; ++age) {
      const double margin = -4 + 0.2 * (age - 20) + 0.6 * sign;
      const bool happened = random() % 10'000 < 10'000 / (1 + std::exp(-margin));
      text += std::to_string(person) + (happened ? ",1," : ",0,") + std::to_string(age) + ",x," +
              std::to_string(sign) + (random() % 2 == 0 ? ",a\n" : ",\n");
      if (happened) break;
    }
  }
  const auto csv = ParseCsv(text, "made.csv");
  auto file = ReadPeriods(*csv, "made.csv");
  EXPECT_TRUE(file.has_value());
  return file ? std::move(file->table) : hazards::PeriodTable{};
}

TEST(PeriodFile, NumbersAndCategoriesBecomeColumnsAndBadRowsAreNamed) {
  const auto csv = ParseCsv(
      "person,event,period,fold,job,pay\n"
      "p,0,20,1,clerk,3\n"
      "p,2,21,1,clerk,4\n"
      "q,1,30,0,NA,\n"
      "q,0,old,0,smith,1\n"
      "q,0,31,1,smith,1\n",
      "f");
  ASSERT_TRUE(csv.has_value());
  const auto file = ReadPeriods(*csv, "f");
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(file->table.columns, (std::vector<std::string>{"period", "job=clerk", "pay"}));
  EXPECT_EQ(file->table.size(), 2u);
  EXPECT_EQ(file->table.people, 2u);
  EXPECT_EQ(file->fold[0], 1u);
  EXPECT_TRUE(std::isnan(file->table.rows(1, 1)));
  EXPECT_TRUE(std::isnan(file->table.rows(1, 2)));
  ASSERT_EQ(file->refused.size(), 3u);
  EXPECT_EQ(file->refused[0].line, 3u);
  EXPECT_EQ(file->refused[1].reason, "the period is no number");
  EXPECT_EQ(file->refused[2].reason, "the person is in another fold before");
}

TEST(PeriodFile, AFoldAboveNinetyNineIsRefusedByLine) {
  const auto csv = ParseCsv("person,event,fold\np,0,99\nq,1,100\nr,0,4294967295\n", "f");
  ASSERT_TRUE(csv.has_value());
  const auto file = ReadPeriods(*csv, "f");
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(file->table.people, 1u);
  EXPECT_EQ(file->fold[0], 99u);
  ASSERT_EQ(file->refused.size(), 2u);
  EXPECT_EQ(file->refused[0].line, 3u);
  EXPECT_EQ(file->refused[0].reason, "the fold is above 99");
  EXPECT_EQ(file->refused[1].line, 4u);
}

TEST(PeriodFile, NumbersThatAreNotFiniteAreRefusedByLineAndLongNamesAreNot) {
  const std::string long_name(50, '7');
  const auto csv = ParseCsv("person,event,period,pay\n" + long_name +
                                ",0,1,3\na,0,inf,3\nb,1,nan,3\nc,1,2,-1e39\nd,1,2,4\ne,0,2,\n",
                            "f");
  ASSERT_TRUE(csv.has_value());
  const auto file = ReadPeriods(*csv, "f");
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(file->table.people, 3u);
  EXPECT_EQ(file->table.columns, (std::vector<std::string>{"period", "pay"}));
  ASSERT_EQ(file->refused.size(), 3u);
  EXPECT_EQ(file->refused[0].reason, "the period is no number");
  EXPECT_EQ(file->refused[1].reason, "the period is no number");
  EXPECT_EQ(file->refused[2].line, 5u);
  EXPECT_EQ(file->refused[2].reason, "a number is not finite");
}

// One "n/a" in 1,200 rows made 32 categories of a number, and lost what it says.
TEST(PeriodFile, AnOddCellOfAColumnOfNumbersIsRefusedAndMissingMarksAreRead) {
  std::string text = "event,pay,region\n";
  for (int row = 0; row < 100; ++row) text += "0," + std::to_string(row) + ",A1\n";
  text += "0, 7,77\n0,+8,78\n0, N/A ,79\n0,.,77\n0,null,77\n0,NaN,n/a\n0,1O,77\n";
  const auto csv = ParseCsv(text, "f");
  ASSERT_TRUE(csv.has_value());
  const auto file = ReadPeriods(*csv, "f");
  ASSERT_TRUE(file.has_value());
  ASSERT_EQ(file->refused.size(), 1u);
  EXPECT_EQ(file->refused[0].line, 108u);
  EXPECT_EQ(file->refused[0].reason, "pay is no number, as it is in other rows");
  ASSERT_EQ(file->table.size(), 106u);
  EXPECT_EQ(file->table.columns,
            (std::vector<std::string>{"pay", "region=A1", "region=77", "region=78", "region=79"}));
  EXPECT_EQ(file->table.rows(100, 0), 7);
  EXPECT_EQ(file->table.rows(101, 0), 8);
  for (int row = 102; row < 106; ++row) EXPECT_TRUE(std::isnan(file->table.rows(row, 0))) << row;
  ASSERT_EQ(file->columns.size(), 2u);
  EXPECT_TRUE(file->columns[0].is_number);
  EXPECT_EQ(file->columns[0].missing, 4u);
  EXPECT_FALSE(file->columns[1].is_number);
  EXPECT_EQ(file->columns[1].categories, 4u);
  EXPECT_EQ(file->columns[1].missing, 1u);
}

TEST(PeriodFile, RowsOfNobodyAreRefusedByLineAndAreNotOnePerson) {
  const auto csv = ParseCsv("person,event,period\na,0,1\n,0,2\n ,1,3\nb,1,1\n", "f");
  ASSERT_TRUE(csv.has_value());
  const auto file = ReadPeriods(*csv, "f");
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(file->table.people, 2u);
  ASSERT_EQ(file->refused.size(), 2u);
  EXPECT_EQ(file->refused[0].line, 3u);
  EXPECT_EQ(file->refused[1].reason, "the person is empty");
}

TEST(PeriodFile, AnEventColumnIsRequired) {
  const auto csv = ParseCsv("person,age\np,3\n", "f");
  ASSERT_TRUE(csv.has_value());
  EXPECT_EQ(ReadPeriods(*csv, "f").error().code, ErrorCode::kInvalidArgument);
}

TEST(Hazards, MarkovIsTheShareOfPeriodAndState) {
  const auto csv = ParseCsv("event,period,state\n1,1,a\n0,1,a\n0,1,b\n0,2,a\n", "f");
  const auto file = ReadPeriods(*csv, "f");
  ASSERT_TRUE(file.has_value());
  const auto forecasts = hazards::ForecastByMarkov(file->table, file->table);
  EXPECT_DOUBLE_EQ(forecasts[0], (1 + 0.25) / (2 + 1));
  EXPECT_DOUBLE_EQ(forecasts[2], 0.25 / 2);
  const auto shrunk = hazards::ForecastByMarkov(file->table, file->table, {.prior_rows = 6});
  EXPECT_DOUBLE_EQ(shrunk[0], (1 + 6 * 0.25) / (2 + 6));
}

TEST(Hazards, LogisticIsUnbiasedOnItsTrainingRows) {
  const hazards::PeriodTable table = SyntheticPeriods(400, 1);
  const auto forecasts = hazards::ForecastByLogistic(table, table);
  double expected = 0;
  double happened = 0;
  for (size_t row = 0; row < table.size(); ++row) {
    expected += forecasts[row];
    happened += table.happened[row];
  }
  EXPECT_NEAR(expected, happened, 1e-3) << "the constant makes the sums equal";
}

// In one state the event comes soon, in the other one late: no common slope can say so.
TEST(Hazards, InteractionsSeeThatYearsMeanSomethingElseInEachState) {
  hazards::PeriodTable table;
  table.columns = {"years"};
  table.rows.resize(2000, 1);
  for (uint32_t row = 0; row < 2000; ++row) {
    const uint32_t state = row % 2;
    const auto years = static_cast<float>(row / 2 % 10);
    table.rows(row, 0) = years;
    const float chance = state == 0 ? 90 - 9 * years : 9 * years;
    table.happened.push_back(static_cast<float>(row * 7919 % 100) < chance ? 1 : 0);
    table.person.push_back(row);
    table.period.push_back(20);
    table.state.push_back(state);
  }
  table.people = 2000;
  const auto auc = [&](const std::vector<double>& forecasts) {
    return Auc({forecasts, table.happened, table.person});
  };
  const auto forecasts = hazards::ForecastByInteractions(table, table);
  EXPECT_GT(auc(forecasts), auc(hazards::ForecastByLogistic(table, table)) + 0.2);
  EXPECT_NEAR(std::accumulate(forecasts.begin(), forecasts.end(), 0.0),
              std::accumulate(table.happened.begin(), table.happened.end(), 0.0), 1e-3);
}

TEST(PeriodEvaluation, ModelsThatSeeTheSignBeatTheChainAndAreCalibrated) {
  const hazards::PeriodTable table = SyntheticPeriods(1500, 2);
  PeriodEvaluationOptions options;
  options.trees = {{40, 2, 0.1, 1}};
  options.bootstrap.resamples = 50;
  uint64_t steps = 0;
  options.on_step = [&steps] { ++steps; };
  const auto judgement =
      EvaluatePeriods(table, FoldsByNumber(table.people, options.folds), options);
  ASSERT_TRUE(judgement.has_value());
  EXPECT_EQ(steps, StepsOf(options));
  ASSERT_EQ(judgement->models.size(), 5u);
  const JudgedForecast& markov = judgement->models[0];
  for (size_t i = 1; i < 5; ++i) {
    const JudgedForecast& model = judgement->models[i];
    EXPECT_GT(model.auc.value, markov.auc.value + 0.05) << model.name;
    EXPECT_LT(model.log_loss.value, markov.log_loss.value) << model.name;
    EXPECT_LT(model.calibration_error, 0.03) << model.name;
    EXPECT_LE(model.auc.low, model.auc.value);
    EXPECT_GE(model.auc.high, model.auc.value);
  }
}

// States of equal size, more than may have columns of their own.
hazards::PeriodTable ManyStates(uint32_t states, uint32_t rows) {
  hazards::PeriodTable table;
  table.columns = {"years"};
  table.rows.resize(rows, 1);
  for (uint32_t row = 0; row < rows; ++row) {
    table.rows(row, 0) = static_cast<float>(row / states % 10);
    table.happened.push_back(row * 7919 % 100 < 30 ? 1 : 0);
    table.person.push_back(row);
    table.period.push_back(20 + static_cast<float>(row % 7));
    table.state.push_back(row % states);
  }
  table.people = rows;
  return table;
}

TEST(Hazards, ManyStatesNeedNoMoreThanTheLargestTwelve) {
  const double twelve = hazards::BytesToInteract(ManyStates(12, 12'000), {});
  const double sixty = hazards::BytesToInteract(ManyStates(60, 12'000), {});
  EXPECT_LE(sixty, twelve);
  EXPECT_GT(twelve, hazards::BytesToInteract(ManyStates(6, 12'000), {}) * 1.5);
  const auto table = ManyStates(60, 12'000);
  const auto forecasts = hazards::ForecastByInteractions(table, table);
  EXPECT_NEAR(std::accumulate(forecasts.begin(), forecasts.end(), 0.0),
              std::accumulate(table.happened.begin(), table.happened.end(), 0.0), 1e-2);
}

TEST(PeriodEvaluation, WhatNeedsTooMuchMemoryIsRefusedBeforeItBegins) {
  PeriodEvaluationOptions options;
  options.bytes_max = 1e5;
  const hazards::PeriodTable table = ManyStates(60, 12'000);
  const auto judgement = EvaluatePeriods(table, FoldsByNumber(table.people, 5), options);
  ASSERT_FALSE(judgement.has_value());
  EXPECT_EQ(judgement.error().code, ErrorCode::kLimitExceeded);
}

// xgboost was given no column, and said that the model folder must be restored.
TEST(PeriodEvaluation, AnEventWithoutAnyFeatureIsRefused) {
  const auto csv = ParseCsv("person,event\na,0\nb,1\nc,0\nd,1\n", "f");
  const auto file = ReadPeriods(*csv, "f");
  ASSERT_TRUE(file.has_value());
  const auto judgement = EvaluatePeriods(file->table, FoldsByNumber(4, 2), {});
  ASSERT_FALSE(judgement.has_value());
  EXPECT_EQ(judgement.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(judgement.error().message, "there is no feature column");
}

TEST(PeriodEvaluation, AFoldWithoutPeopleIsRefused) {
  const hazards::PeriodTable table = SyntheticPeriods(20, 3);
  const std::vector<uint32_t> all_in_one(table.people, 0);
  EXPECT_EQ(EvaluatePeriods(table, all_in_one, {}).error().code, ErrorCode::kInvalidArgument);
}

TEST(PeriodEvaluation, FewerThanTwoFoldsAreRefused) {
  const hazards::PeriodTable table = SyntheticPeriods(20, 3);
  const std::vector<uint32_t> fold(table.people, 0);
  for (const int folds : {1, 0}) {
    PeriodEvaluationOptions options;
    options.folds = folds;
    const auto judgement = EvaluatePeriods(table, fold, options);
    ASSERT_FALSE(judgement.has_value()) << folds;
    EXPECT_EQ(judgement.error().code, ErrorCode::kInvalidArgument);
  }
}

InteractionEvaluationOptions WithoutRanker() {
  InteractionEvaluationOptions options;
  options.models = {std::string(kAssociationModel), std::string(kEaseModel)};
  options.bootstrap.resamples = 50;
  return options;
}

TEST(InteractionEvaluation, EachPersonIsHeldOutOnceAndTheLonelyArePassedOver) {
  models::Histories histories{{"a", "b", "c"}, {}};
  for (int i = 0; i < 20; ++i) histories.people.push_back({0, static_cast<ItemIndex>(1 + i % 2)});
  histories.people.push_back({0});
  const auto splits = SplitByPerson(histories, 5);
  const auto judgement = EvaluateInteractions(splits, 3, WithoutRanker());
  ASSERT_TRUE(judgement.has_value());
  EXPECT_EQ(judgement->people, 20u);
  EXPECT_EQ(judgement->passed_over, 1u);
  ASSERT_EQ(judgement->models.size(), 3u);
  EXPECT_EQ(judgement->models[0].gain.value, 0);
  EXPECT_EQ(judgement->models[0].hit_at_5.value, 1) << "three items are all in the first five";
}

TEST(InteractionEvaluation, RowsOfTheSamePeopleAreLookedForAmongWhatTheyDoNotHave) {
  InteractionTable training{{{"a", "b", "c"}, {{0, 1}, {0, 1}, {0}}}, {"p", "q", "r"}, {}, 0};
  InteractionTable judged{{{"a", "b", "c"}, {{1}}}, {"r"}, {}, 0};
  const auto judgement = EvaluateInteractions({GivenSplit(training, judged)}, 3, WithoutRanker());
  ASSERT_TRUE(judgement.has_value());
  EXPECT_EQ(judgement->people, 1u);
  for (const JudgedModel& model : judgement->models) EXPECT_EQ(model.ranked_score.value, 1);
  const auto others = SplitOfOthers(training, judged);
  EXPECT_TRUE(others.held_out[0].known.empty());
  EXPECT_EQ(EvaluateInteractions({others}, 3, WithoutRanker()).error().code,
            ErrorCode::kInvalidArgument)
      << "of another person one item leaves nothing to go by";
}

// b goes with a, c with nothing. Of p something is known that training has not; of q nothing is.
TEST(InteractionEvaluation, WhatIsKnownOfPeopleWhomTrainingHasNotSeenIsGoneBy) {
  InteractionTable training{{{"a", "b", "c"}, {{0, 1}, {0, 1}, {0, 1}, {2}, {2}, {2}, {2}}},
                            {"1", "2", "3", "4", "5", "6", "p"},
                            {},
                            0};
  InteractionTable known{{{"a", "b", "c"}, {{0}}}, {"p"}, {}, 0};
  InteractionTable judged{{{"a", "b", "c"}, {{1}, {1, 2}}}, {"p", "q"}, {}, 0};
  EXPECT_EQ(CountKnown(known, judged), 1u);
  const auto split = FoldInSplit(training, known, judged);
  EXPECT_EQ(split.held_out[0].known, (std::vector<ItemIndex>{0}));
  const auto judgement = EvaluateInteractions({split}, 3, WithoutRanker());
  ASSERT_TRUE(judgement.has_value());
  EXPECT_EQ(judgement->people, 1u);
  EXPECT_EQ(judgement->passed_over, 1u);
  EXPECT_LT(judgement->models[0].ranked_score.value, 1) << "c is the most popular";
  for (size_t i = 1; i < 3; ++i) EXPECT_EQ(judgement->models[i].ranked_score.value, 1) << i;
}

TEST(Report, ShowsEveryModelAndItsPlot) {
  InteractionJudgement judgement;
  judgement.models = {{"popularity", {0.5, 0.4, 0.6}, {}, {}, {}, {}, {}, {}},
                      {"ease<1>", {0.66, 0.6, 0.7}, {}, {}, {}, {}, {}, {}}};
  const ReportFiles files = ReportOf(judgement, "made.csv");
  EXPECT_NE(files.at("report.md").find("| ease<1> | 66.00 (60.0 to 70.0) |"), std::string::npos);
  EXPECT_NE(files.at("report.md").find("](ranking.svg)"), std::string::npos);
  EXPECT_NE(files.at("ranking.svg").find("ease&lt;1&gt;"), std::string::npos);
}

TEST(Report, EachOfFiveForecastsHasAColourOfItsOwn) {
  std::vector<Curve> curves;
  for (const char* name : {"a", "b", "c", "d", "e"}) curves.push_back({name, {{0.1, 0.2}}});
  const std::string plot = ReliabilityPlot("t", curves);
  std::set<std::string> colours;
  for (size_t at = plot.find("fill=\"none\" stroke=\""); at != std::string::npos;
       at = plot.find("fill=\"none\" stroke=\"", at + 1)) {
    colours.insert(plot.substr(at + 20, 7));
  }
  EXPECT_EQ(colours.size(), 5u);
}

TEST(InteractionEvaluation, ACatalogueOfTooManyPairsIsRefusedBeforeItIsCounted) {
  InteractionEvaluationOptions options;
  const InteractionSplit split{{{0, 1}, {1, 2}}, {{{}, {0, 2}}}};
  const auto refused = EvaluateInteractions({split}, 200'000'000, options);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitExceeded);
  EXPECT_NE(refused.error().message.find("200000000"), std::string::npos);
  EXPECT_FALSE(refused.error().remedy.empty());
}

}  // namespace
}  // namespace kstati::recommender::evaluation
