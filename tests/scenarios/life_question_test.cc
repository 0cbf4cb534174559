// SPDX-License-Identifier: Apache-2.0
#include "cases/life_question.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "recommender/inference/signals.h"
#include "town.h"

namespace kstati::scenarios {
namespace {

namespace inference = recommender::inference;

// Whoever could have moved probably did.
inference::InferenceModel ModelFrom(const char* learned_from) {
  nlohmann::json weights = nlohmann::json::array();
  for (const std::string& column : ColumnsOf(inference::EventKind::kMoved)) {
    weights.push_back({column, 0.0});
  }
  const nlohmann::json kinds{{"moved", {{"constant", 2.0}, {"weights", weights}}}};
  return *inference::InferenceModel::Decode(
      nlohmann::json{{"format", 2}, {"learned_from", learned_from}, {"kinds", kinds}}.dump());
}

class LifeQuestionTest : public testing::Test {
 protected:
  LifeQuestionTest() {
    town_.Settled("anna", "1990-05-05");
    town_.Settled("child", "2019-05-05");
  }

  std::optional<cases::LifeQuestion> Asked(const std::string& name) {
    const auto asked = DeskWith(model_).AskAboutLife(town_.Number(name));
    EXPECT_TRUE(asked.has_value()) << (asked ? "" : asked.error().ToString());
    return asked.value_or(std::nullopt);
  }
  Result<cases::LifeQuestion> Answers(const std::string& name, bool changed) {
    return DeskWith(model_).AnswerAboutLife(town_.Number(name), changed);
  }
  cases::Desk DeskWith(const inference::InferenceModel& model) {
    cases::Desk::Trials trials;
    trials.inference = &model;
    return cases::Desk(town_.world(), ranker_, trials);
  }

  Town town_{"2026-03-02"};
  recommender::ServingRanker ranker_;
  inference::InferenceModel model_ = ModelFrom("records");
};

TEST_F(LifeQuestionTest, StandsUntilItIsAnsweredAndComesAgainInHalfAYear) {
  const auto first = Asked("anna");
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->asked_on, town_.today());
  town_.AdvanceTo("2026-03-20");
  EXPECT_EQ(Asked("anna"), first) << "the same question, not another one";
  ASSERT_TRUE(Answers("anna", false).has_value());
  EXPECT_EQ(Asked("anna"), std::nullopt);
  town_.AdvanceTo("2026-08-28");
  EXPECT_EQ(Asked("anna"), std::nullopt) << "179 days";
  town_.AdvanceTo("2026-08-29");
  EXPECT_TRUE(Asked("anna").has_value());
}

TEST_F(LifeQuestionTest, IsGoneAfterThirtyDaysWithoutAnAnswer) {
  ASSERT_TRUE(Asked("anna").has_value());
  town_.AdvanceTo("2026-04-01");
  EXPECT_EQ(Asked("anna"), std::nullopt);
  const auto late = Answers("anna", true);
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().code, ErrorCode::kNotFound);
}

TEST_F(LifeQuestionTest, NothingFollowsFromItOrFromTheAnswer) {
  const std::string before = town_.CasesOf("anna");
  ASSERT_TRUE(Asked("anna").has_value());
  ASSERT_TRUE(Answers("anna", true).has_value());
  EXPECT_EQ(town_.CasesOf("anna"), before);
  const auto situations = town_.desk().Situations(town_.Number("anna"));
  ASSERT_TRUE(situations.has_value());
  EXPECT_TRUE(situations->empty());
}

TEST_F(LifeQuestionTest, WhatIsKeptSurvivesARestart) {
  const auto first = Asked("anna");
  ASSERT_TRUE(first.has_value());
  town_.Restart();
  EXPECT_EQ(Asked("anna"), first);
}

TEST_F(LifeQuestionTest, NobodyIsAskedOnMadeUpLivesNorIsAChild) {
  EXPECT_EQ(Asked("child"), std::nullopt);
  model_ = ModelFrom("simulation");
  EXPECT_EQ(Asked("anna"), std::nullopt);
  EXPECT_EQ(Answers("anna", true).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(DeskWith(model_).AskAboutLife(CitizenId(999'999)).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace kstati::scenarios
