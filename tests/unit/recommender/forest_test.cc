// SPDX-License-Identifier: Apache-2.0
#include "recommender/trees/forest.h"

#include <gtest/gtest.h>
#include <xgboost/c_api.h>

#include <bit>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <span>
#include <string>

#include "recommender/trees/attribution.h"

namespace kstati::recommender::trees {
namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

struct Trained {
  std::string bytes;
  std::vector<float> rows;
  size_t columns = 0;
  std::vector<float> margins;  // by the library, in place
  std::vector<float> shares;   // by the library's approximate contributions, the mean last

  size_t count() const { return rows.size() / columns; }
};

// A model of random rows with missing values, trained, saved and asked by the library itself.
Trained TrainByLibrary(const std::string& objective, int depth, int rounds, uint32_t seed,
                       size_t columns = 9) {
  std::mt19937 random(seed);
  Trained trained;
  trained.columns = columns;
  constexpr size_t kRows = 700;
  std::vector<float> labels;
  for (size_t row = 0; row < kRows; ++row) {
    float sum = 0;
    for (size_t column = 0; column < columns; ++column) {
      const auto value = static_cast<float>(random() % 40) / 8 - 2;
      trained.rows.push_back(random() % 8 == 0 ? kMissing : value);
      sum += column % 2 == 0 ? value : -value * value / 3;
    }
    labels.push_back(sum + static_cast<float>(random() % 3) > 0 ? 1.0f : 0.0f);
  }
  DMatrixHandle matrix = nullptr;
  EXPECT_EQ(XGDMatrixCreateFromMat(trained.rows.data(), kRows, columns, kMissing, &matrix), 0);
  XGDMatrixSetFloatInfo(matrix, "label", labels.data(), labels.size());
  if (objective.starts_with("rank:")) {
    const std::vector<uint32_t> groups(kRows / 10, 10);
    XGDMatrixSetUIntInfo(matrix, "group", groups.data(), groups.size());
  }
  BoosterHandle booster = nullptr;
  EXPECT_EQ(XGBoosterCreate(&matrix, 1, &booster), 0);
  const std::pair<const char*, std::string> parameters[] = {{"objective", objective},
                                                            {"max_depth", std::to_string(depth)},
                                                            {"base_score", "0.3"},
                                                            {"tree_method", "hist"},
                                                            {"nthread", "1"},
                                                            {"eta", "0.2"},
                                                            {"min_child_weight", "0.1"},
                                                            {"disable_default_eval_metric", "1"}};
  for (const auto& [name, value] : parameters) XGBoosterSetParam(booster, name, value.c_str());
  for (int round = 0; round < rounds; ++round) XGBoosterUpdateOneIter(booster, round, matrix);
  bst_ulong length = 0;
  const char* bytes = nullptr;
  XGBoosterSaveModelToBuffer(booster, R"({"format":"ubj"})", &length, &bytes);
  trained.bytes.assign(bytes, length);
  const float* margins = nullptr;
  XGBoosterPredict(booster, matrix, 1, 0, 0, &length, &margins);
  trained.margins.assign(margins, margins + length);
  constexpr const char* kApproximateContributions =
      R"({"type": 3, "training": false, "iteration_begin": 0, )"
      R"("iteration_end": 0, "strict_shape": false})";
  const bst_ulong* shape = nullptr;
  bst_ulong dimensions = 0;
  EXPECT_EQ(XGBoosterPredictFromDMatrix(booster, matrix, kApproximateContributions, &shape,
                                        &dimensions, &margins),
            0);
  trained.shares.assign(margins, margins + kRows * (columns + 1));
  XGBoosterFree(booster);
  XGDMatrixFree(matrix);
  return trained;
}

void ExpectSameBits(const Trained& trained, ForestPath path) {
  const auto model = ReadTreeModel(trained.bytes);
  ASSERT_TRUE(model.has_value()) << model.error().ToString();
  const Forest forest(*model);
  ASSERT_EQ(forest.columns(), trained.columns);
  std::vector<float> margins(trained.count());
  forest.Margins(trained.rows.data(), margins.size(), margins.data(), path);
  for (size_t row = 0; row < margins.size(); ++row) {
    ASSERT_EQ(std::bit_cast<uint32_t>(margins[row]), std::bit_cast<uint32_t>(trained.margins[row]))
        << "row " << row << ": " << margins[row] << " and " << trained.margins[row];
  }
}

class ForestOfDepth : public testing::TestWithParam<int> {};

TEST_P(ForestOfDepth, GivesTheBitsOfTheLibraryOnBothPaths) {
  for (const char* objective : {"binary:logistic", "reg:squarederror", "rank:ndcg"}) {
    const Trained trained = TrainByLibrary(objective, GetParam(), 21, 5);
    ExpectSameBits(trained, ForestPath::kScalar);
    if (Forest::HasVectorPath()) ExpectSameBits(trained, ForestPath::kVector);
  }
}

INSTANTIATE_TEST_SUITE_P(Forest, ForestOfDepth, testing::Values(1, 2, 4, 5, 6, 7, 9, 14));

TEST(Forest, PathsGiveTheSharesOfTheLibrary) {
  for (const char* objective : {"binary:logistic", "rank:ndcg"}) {
    const Trained trained = TrainByLibrary(objective, 5, 21, 13);
    const Attribution attribution(*ReadTreeModel(trained.bytes));
    for (size_t row = 0; row < trained.count(); ++row) {
      const std::span values(trained.rows.data() + row * trained.columns, trained.columns);
      const std::vector<float> shares = attribution.Shares(values);
      const float* expected = trained.shares.data() + row * (trained.columns + 1);
      float sum = attribution.mean();
      for (size_t column = 0; column < trained.columns; ++column) {
        ASSERT_NEAR(shares[column], expected[column], 1e-4) << "row " << row;
        sum += shares[column];
      }
      ASSERT_NEAR(attribution.mean(), expected[trained.columns], 1e-4);
      ASSERT_NEAR(sum, trained.margins[row], 1e-4);
    }
  }
}

TEST(Forest, AnyNumberOfRowsGivesTheSame) {
  const Trained trained = TrainByLibrary("binary:logistic", 6, 20, 7);
  const Forest forest(*ReadTreeModel(trained.bytes));
  for (const size_t count : {1u, 3u, 4u, 15u, 16u, 17u, 50u}) {
    std::vector<float> margins(count + 1, -77);
    forest.Margins(trained.rows.data(), count, margins.data());
    for (size_t row = 0; row < count; ++row) EXPECT_EQ(margins[row], trained.margins[row]);
    EXPECT_EQ(margins[count], -77) << "nothing is written past the rows";
  }
}

// One split at 1, missing to the right, and a leaf alone: by hand.
TEST(Forest, ByHand) {
  TreeModel model{2, 0.5f, false, false, {}};
  model.trees.push_back({{1, 2, 1, 1.0f, false}, {-1, -1, 0, 10, false}, {-1, -1, 0, 20, false}});
  model.trees.push_back({{-1, -1, 0, 0.25f, false}});
  const Forest forest(model);
  const std::vector<float> rows{0, 0.99f, 0, 1, 0, kMissing};
  std::vector<float> margins(3);
  forest.Margins(rows.data(), 3, margins.data(), ForestPath::kScalar);
  EXPECT_EQ(margins, (std::vector<float>{10.75f, 20.75f, 20.75f}));
}

TEST(TreeModel, DamagedBytesAreRefused) {
  const std::string bytes = TrainByLibrary("binary:logistic", 3, 5, 9).bytes;
  EXPECT_EQ(ReadTreeModel("").error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(ReadTreeModel("no model at all").error().code, ErrorCode::kCorrupt);
  EXPECT_FALSE(ReadTreeModel(bytes.substr(0, bytes.size() / 2)).has_value());
}

TEST(TreeModel, NestingAndAnnouncedLengthsOfForeignBytesAreLimited) {
  EXPECT_EQ(ReadTreeModel(std::string(2'000'000, '[')).error().code, ErrorCode::kCorrupt);
  const std::string endless("[$Z#L\0\0\xff\xff\xff\xff\xff\xff", 13);
  EXPECT_EQ(ReadTreeModel(endless).error().code, ErrorCode::kCorrupt);
}

// A list of values that takes no bytes but its head, added to a model that is read without it.
std::string WithEmptyLists(const std::string& model, int lists, uint16_t length) {
  std::string waste = "i\x05waste[";
  for (int i = 0; i < lists; ++i) {
    waste += "[$Z#I";
    waste += static_cast<char>(length >> 8);
    waste += static_cast<char>(length & 0xff);
  }
  return model.substr(0, model.size() - 1) + waste + "]}";
}

TEST(TreeModel, ManyListsTogetherAreLimitedToo) {
  const std::string model = TrainByLibrary("binary:logistic", 3, 5, 9).bytes;
  ASSERT_EQ(model.front(), '{');
  ASSERT_EQ(model.back(), '}');
  const auto length = static_cast<uint16_t>(model.size() / 2);
  ASSERT_EQ(length, model.size() / 2);
  EXPECT_TRUE(ReadTreeModel(WithEmptyLists(model, 1, 20)).has_value());
  EXPECT_EQ(ReadTreeModel(WithEmptyLists(model, 40, length)).error().code, ErrorCode::kCorrupt);
}

// The model with one value of the first tree replaced.
std::string WithValue(const std::string& model, const char* part, const nlohmann::json& value) {
  nlohmann::json changed = nlohmann::json::from_ubjson(model);
  changed["learner"]["gradient_booster"]["model"]["trees"][0][part][0] = value;
  const std::vector<uint8_t> bytes = nlohmann::json::to_ubjson(changed);
  return {bytes.begin(), bytes.end()};
}

TEST(TreeModel, PlacesAndFlagsAreWholeNumbers) {
  const std::string model = TrainByLibrary("binary:logistic", 3, 5, 9).bytes;
  ASSERT_TRUE(ReadTreeModel(WithValue(model, "left_children", 1)).has_value());
  ASSERT_TRUE(ReadTreeModel(WithValue(model, "default_left", true)).has_value());
  for (const char* part :
       {"left_children", "right_children", "split_indices", "default_left", "split_type"}) {
    for (const double value : {1e300, -1e300, 0.5}) {
      const auto read = ReadTreeModel(WithValue(model, part, value));
      ASSERT_FALSE(read.has_value()) << part << " " << value;
      EXPECT_EQ(read.error().code, ErrorCode::kCorrupt) << part;
    }
  }
}

TEST(TreeModel, ThresholdsAndLeavesFitAFloat) {
  const std::string model = TrainByLibrary("binary:logistic", 3, 5, 9).bytes;
  EXPECT_TRUE(ReadTreeModel(WithValue(model, "split_conditions", 1e30)).has_value());
  for (const double value : {1e39, -1e300, std::nan("")}) {
    const auto read = ReadTreeModel(WithValue(model, "split_conditions", value));
    ASSERT_FALSE(read.has_value()) << value;
    EXPECT_EQ(read.error().code, ErrorCode::kCorrupt);
  }
}

TEST(TreeModel, WhatIsNotEvaluatedIsRefused) {
  std::string bytes = TrainByLibrary("binary:logistic", 3, 5, 9).bytes;
  const size_t at = bytes.find("binary:logistic");
  ASSERT_NE(at, std::string::npos);
  for (size_t found = at; found != std::string::npos; found = bytes.find("binary:logistic")) {
    bytes.replace(found, 15, "binary:hinge___");
  }
  EXPECT_EQ(ReadTreeModel(bytes).error().code, ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace kstati::recommender::trees
