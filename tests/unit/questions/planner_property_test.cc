// SPDX-License-Identifier: Apache-2.0
// Plans against exhaustive search on random goals. KSTATI_TEST_SCALE multiplies the cases.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>

#include "tests/unit/questions/exhaustive.h"

namespace kstati::eligibility::questions {
namespace {

constexpr double kNear = 1e-6;

size_t Scaled(size_t cases) {
  const char* const scale = std::getenv("KSTATI_TEST_SCALE");
  return cases * (scale == nullptr ? 1 : std::max(1UL, std::strtoul(scale, nullptr, 10)));
}

class RandomGoals : public testing::Test {
 protected:
  size_t Any(size_t least, size_t most) {
    return std::uniform_int_distribution<size_t>(least, most)(random_);
  }

  std::vector<Question> AnyQuestions(size_t count, size_t most_answers) {
    std::vector<Question> questions(count);
    for (Question& question : questions) {
      question.topic = static_cast<Topic>(Any(0, 2));
      question.weights.resize(Any(2, most_answers));
      for (double& weight : question.weights) weight = static_cast<double>(Any(1, 4));
    }
    return questions;
  }

  // Any function, or one that each answer either helps or hinders, as most law is.
  std::vector<Outcome> AnyGoal(const Tables& tables) {
    std::vector<Outcome> goal(tables.size());
    if (Any(0, 1) == 0) {
      for (Outcome& outcome : goal) outcome = static_cast<Outcome>(Any(0, 3) / 3);
      return goal;
    }
    std::vector<size_t> points;
    for (size_t i = 0; i < tables.questions.size(); ++i) points.push_back(Any(0, 2));
    const size_t threshold = Any(1, 4);
    for (size_t place = 0; place < goal.size(); ++place) {
      size_t rest = place;
      size_t sum = 0;
      for (size_t i = 0; i < points.size(); ++i) {
        sum += points[i] * (rest % tables.questions[i].weights.size());
        rest /= tables.questions[i].weights.size();
      }
      goal[place] = sum >= threshold ? 1 : 0;
    }
    return goal;
  }

  Tables AnyTables(size_t most_questions, size_t most_answers) {
    Tables tables;
    tables.questions = AnyQuestions(Any(1, most_questions), most_answers);
    const size_t goals = Any(1, 3);
    for (size_t i = 0; i < goals; ++i) tables.goals.push_back(AnyGoal(tables));
    return tables;
  }

  // A goal that reads a few of the questions: any of some, and all of others.
  std::vector<Outcome> AnyRule(const Tables& tables, size_t reads) {
    std::vector<size_t> read;
    for (size_t i = 0; i < reads; ++i) read.push_back(Any(0, tables.questions.size() - 1));
    const size_t alternatives = Any(0, reads - 1);
    const size_t negated = Any(0, (size_t{1} << reads) - 1);
    std::vector<Outcome> goal(tables.size());
    for (size_t place = 0; place < goal.size(); ++place) {
      bool any = alternatives == 0;
      bool all = true;
      for (size_t i = 0; i < reads; ++i) {
        const bool holds = ((place >> read[i]) & 1U) != ((negated >> i) & 1U);
        if (i < alternatives) any |= holds;
        if (i >= alternatives) all &= holds;
      }
      goal[place] = any && all ? 1 : 0;
    }
    return goal;
  }

  std::mt19937_64 random_{20260315};
};

TEST_F(RandomGoals, APlanIsAsGoodAsTryingEveryTree) {
  for (size_t i = 0; i < Scaled(400); ++i) {
    const Tables tables = AnyTables(i % 10 == 0 ? 5 : 4, 3);
    Planner planner(tables.questions);
    const auto goals = MakeDiagrams(tables, planner.diagrams());
    const Plan plan = planner.PlanFor(goals);
    EXPECT_TRUE(plan.exact);
    EXPECT_NEAR(plan.expected, FewestByTryingAll(tables), kNear) << "case " << i;
    EXPECT_NEAR(plan.at_least, plan.expected, kNear);
  }
}

TEST_F(RandomGoals, PlanningAnewAfterEveryAnswerKeepsThePromise) {
  for (size_t i = 0; i < Scaled(150); ++i) {
    const Tables tables = AnyTables(5, 3);
    Planner planner(tables.questions);
    const auto goals = MakeDiagrams(tables, planner.diagrams());
    const Plan plan = planner.PlanFor(goals);
    const Played played = PlayAll(planner, tables, goals);
    EXPECT_NEAR(played.mean, plan.expected, kNear) << "case " << i;
    EXPECT_LE(played.most, plan.at_most) << "case " << i;
  }
}

TEST_F(RandomGoals, UpToFourteenUnknownsThePlanIsTheBest) {
  for (size_t i = 0; i < Scaled(6); ++i) {
    Tables tables;
    tables.questions = AnyQuestions(i == 0 ? 14 : Any(9, 12), 2);
    const size_t goals = Any(3, 12);
    for (size_t j = 0; j < goals; ++j) tables.goals.push_back(AnyRule(tables, Any(2, 6)));
    Planner planner(tables.questions);
    const Plan plan = planner.PlanFor(MakeDiagrams(tables, planner.diagrams()));
    EXPECT_TRUE(plan.exact);
    EXPECT_NEAR(plan.expected, FewestBySubcubes(tables), 1e-4) << "case " << i;
  }
}

TEST_F(RandomGoals, WhatStructureCannotPruneATableSettles) {
  for (size_t i = 0; i < Scaled(4); ++i) {
    Tables tables;
    tables.questions = AnyQuestions(Any(7, 10), 2);
    for (size_t j = 0; j < 3; ++j) tables.goals.push_back(AnyGoal(tables));
    Planner planner(tables.questions, {.max_moves = 2, .max_moves_before_table = 2});
    const Plan plan = planner.PlanFor(MakeDiagrams(tables, planner.diagrams()));
    EXPECT_TRUE(plan.exact);
    EXPECT_NEAR(plan.expected, FewestBySubcubes(tables), 1e-4) << "case " << i;
  }
}

TEST_F(RandomGoals, TheBoundIsNeverAboveTheBestNorThePlanBelowIt) {
  for (size_t i = 0; i < Scaled(200); ++i) {
    const Tables tables = AnyTables(5, 2);
    Planner planner(tables.questions,
                    {.max_moves = Any(1, 5), .max_cells = 0, .max_moves_of_one_goal = 1});
    const Plan plan = planner.PlanFor(MakeDiagrams(tables, planner.diagrams()));
    const double fewest = FewestByTryingAll(tables);
    EXPECT_LE(plan.at_least, fewest + kNear) << "case " << i;
    EXPECT_GE(plan.expected, fewest - kNear) << "case " << i;
    if (plan.exact) {
      EXPECT_NEAR(plan.expected, fewest, kNear) << "case " << i;
    }
  }
}

TEST_F(RandomGoals, AGoalIsOneDiagramHoweverItIsBuilt) {
  for (size_t i = 0; i < Scaled(100); ++i) {
    const Tables tables = AnyTables(5, 3);
    Diagrams diagrams([&] {
      std::vector<AnswerIndex> counts;
      for (const Question& each : tables.questions) {
        counts.push_back(static_cast<AnswerIndex>(each.weights.size()));
      }
      return counts;
    }());
    EXPECT_EQ(MakeDiagrams(tables, diagrams), MakeDiagrams(tables, diagrams, true));
  }
}

}  // namespace
}  // namespace kstati::eligibility::questions
