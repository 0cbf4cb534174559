// SPDX-License-Identifier: Apache-2.0
#include "eligibility/questions/planner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kstati::eligibility::questions {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr AnswerIndex kNo = 0;
constexpr AnswerIndex kYes = 1;

Question YesOrNo(Topic topic = 0) { return {{1, 1}, topic}; }

class Plans : public testing::Test {
 protected:
  void Ask(std::vector<Question> questions) {
    planner_ = std::make_unique<Planner>(std::move(questions));
    diagrams_ = &planner_->diagrams();
  }
  Diagram Sure(Outcome outcome) { return diagrams_->Settled(outcome); }
  Diagram If(QuestionIndex question, Diagram yes, Diagram no) {
    return diagrams_->Chosen(question, std::vector<Diagram>{no, yes});
  }
  Diagram Is(QuestionIndex question) { return If(question, Sure(1), Sure(0)); }
  Diagram All(const std::vector<QuestionIndex>& questions) {
    Diagram all = Sure(1);
    for (const QuestionIndex each : questions) all = If(each, all, Sure(0));
    return all;
  }

  std::unique_ptr<Planner> planner_;
  Diagrams* diagrams_ = nullptr;
};

TEST_F(Plans, NothingIsAskedWhenEverythingIsSettled) {
  Ask({YesOrNo()});
  const Plan plan = planner_->PlanFor(std::vector{Sure(1), Sure(0)});
  EXPECT_FALSE(plan.next);
  EXPECT_EQ(plan.expected, 0);
  EXPECT_EQ(plan.at_most, 0U);
  EXPECT_TRUE(plan.exact);
}

TEST_F(Plans, WhatCannotChangeAnOutcomeIsNotAsked) {
  Ask({YesOrNo(), YesOrNo()});
  EXPECT_THAT(diagrams_->QuestionsOf(If(0, Is(1), Is(1))), ElementsAre(1));
  EXPECT_THAT(diagrams_->QuestionsOf(If(0, Sure(1), Sure(1))), IsEmpty());
}

TEST_F(Plans, ARequirementMoreOftenFailedIsAskedFirst) {
  Ask({YesOrNo(), {{9, 1}}});
  const Plan plan = planner_->PlanFor(std::vector{All({0, 1})});
  EXPECT_EQ(plan.next, 1U);
  EXPECT_NEAR(plan.expected, 1.1, 1e-9);
  EXPECT_EQ(plan.at_most, 2U);
}

TEST_F(Plans, AQuestionThatSettlesManyGoalsComesFirst) {
  Ask({YesOrNo(), YesOrNo(), YesOrNo(), YesOrNo()});
  const Plan plan = planner_->PlanFor(std::vector{All({0, 3}), All({1, 3}), All({2, 3})});
  EXPECT_EQ(plan.next, 3U);
  EXPECT_NEAR(plan.expected, 1 + 0.5 * 3, 1e-9);
}

TEST_F(Plans, OfEquallyGoodQuestionsTheTopicLastAskedAboutGoesOn) {
  Ask({YesOrNo(1), YesOrNo(2), YesOrNo(1)});
  const std::vector<Diagram> goals{Is(0), Is(1), Is(2)};
  EXPECT_EQ(planner_->PlanFor(goals).next, 0U);
  EXPECT_EQ(planner_->PlanFor(goals, 2).next, 1U);
  const std::vector<Diagram> left{Is(1), Is(2)};
  EXPECT_EQ(planner_->PlanFor(left, 1).next, 2U);
  EXPECT_EQ(planner_->PlanFor(left, 7).next, 1U);
}

TEST_F(Plans, ATopicNeverCostsAQuestion) {
  Ask({YesOrNo(1), {{9, 1}, 2}});
  EXPECT_EQ(planner_->PlanFor(std::vector{All({0, 1})}, 1).next, 1U);
}

TEST_F(Plans, AFollowUpWaitsForItsQuestion) {
  Ask({YesOrNo(), {{99, 1}, 0, 0}});
  const Diagram goal = All({0, 1});
  const Plan plan = planner_->PlanFor(std::vector{goal});
  EXPECT_EQ(plan.next, 0U);
  EXPECT_NEAR(plan.expected, 1.5, 1e-9);
  EXPECT_EQ(planner_->PlanFor(std::vector{diagrams_->Given(goal, 0, kYes)}).next, 1U);
  EXPECT_FALSE(planner_->PlanFor(std::vector{diagrams_->Given(goal, 0, kNo)}).next);
}

TEST_F(Plans, IndependentGoalsAddUp) {
  Ask({YesOrNo(), YesOrNo(), YesOrNo(), YesOrNo()});
  const Plan plan = planner_->PlanFor(std::vector{All({0, 1}), All({2, 3})});
  EXPECT_NEAR(plan.expected, 3, 1e-9);
  EXPECT_EQ(plan.at_most, 4U);
}

// Which of 40 questions, in pairs, all have a "yes": far too many states to try without budget.
TEST_F(Plans, BeyondTheBudgetAPlanComesWithAProvenBound) {
  planner_ = std::make_unique<Planner>(std::vector<Question>(40, YesOrNo()),
                                       PlannerLimits{.max_moves = 50, .max_moves_of_one_goal = 5});
  diagrams_ = &planner_->diagrams();
  std::vector<Diagram> goals;
  for (QuestionIndex i = 0; i + 5 < 40; ++i) goals.push_back(All({i, i + 3, i + 5}));
  const Plan plan = planner_->PlanFor(goals);
  EXPECT_FALSE(plan.exact);
  EXPECT_TRUE(plan.next);
  EXPECT_GT(plan.at_least, 5);
  EXPECT_LE(plan.at_least, plan.expected);
  EXPECT_LE(plan.expected, 40);
  EXPECT_LE(plan.at_most, 40U);
}

}  // namespace
}  // namespace kstati::eligibility::questions
