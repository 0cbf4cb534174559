// SPDX-License-Identifier: Apache-2.0
#include "population/inference_evaluation.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "population/unannounced_lives.h"
#include "recommender/inference/learning.h"
#include "recommender/inference/told_events.h"

namespace kstati::population {
namespace {

constexpr Date kFrom{20'454};

Population SmallTown() {
  PopulationOptions options;
  options.citizens = 600;
  options.today = kFrom;
  return Population::Generate(options, graph::Catalogue());
}

TEST(UnannouncedLives, TheSameSeedGivesTheSameLives) {
  const Population town = SmallTown();
  const auto one = SimulateUnannouncedLives(town, {1, kFrom, 365});
  const auto again = SimulateUnannouncedLives(town, {1, kFrom, 365});
  const auto other = SimulateUnannouncedLives(town, {2, kFrom, 365});
  ASSERT_EQ(one.size(), again.size());
  bool any_differs = false;
  for (size_t i = 0; i < one.size(); ++i) {
    ASSERT_EQ(one[i].history.facts.size(), again[i].history.facts.size());
    ASSERT_EQ(one[i].events.size(), again[i].events.size());
    any_differs |= one[i].history.facts.size() != other[i].history.facts.size();
  }
  EXPECT_TRUE(any_differs);
}

TEST(UnannouncedLives, FactsAreRecordedInOrderAndNeverBeforeTheyHold) {
  for (const SimulatedLife& life : SimulateUnannouncedLives(SmallTown(), {1, kFrom, 730})) {
    Instant last;
    for (const profile::Fact& fact : life.history.facts) {
      EXPECT_LE(last, fact.known_at);
      EXPECT_LT(fact.valid.from.days * 86'400'000'000, fact.known_at.micros);
      last = fact.known_at;
    }
  }
}

TEST(UnannouncedLives, EventsAreAnnouncedAsOftenAsAskedFor) {
  const Population town = SmallTown();
  for (const double share : {0.0, 1.0}) {
    UnannouncedLivesOptions options{1, kFrom, 730};
    options.announced_share = share;
    size_t events = 0;
    for (const SimulatedLife& life : SimulateUnannouncedLives(town, options)) {
      for (const TrueEvent& event : life.events) {
        EXPECT_EQ(event.announced_on.has_value(), share > 0);
        if (event.announced_on) {
          EXPECT_GT(*event.announced_on, event.on);
        }
        events += 1;
      }
    }
    EXPECT_GT(events, 50U);
  }
}

// Lives of which every event was told, sooner or later, as a store would hold them.
std::vector<SimulatedLife> ToldLives(uint64_t citizens, int64_t days) {
  PopulationOptions people;
  people.citizens = citizens;
  people.today = kFrom;
  UnannouncedLivesOptions options{1, kFrom, days};
  options.announced_share = 1;
  return SimulateUnannouncedLives(Population::Generate(people, graph::Catalogue()), options);
}

TEST(InferenceLearning, TheRecordTellsTheEventsThatWereToldLate) {
  using recommender::inference::EventKind;
  size_t found = 0;
  size_t happened = 0;
  size_t made_up = 0;
  for (const SimulatedLife& life : ToldLives(1'000, 730)) {
    const auto told = recommender::inference::ToldEventsOf(life.history, "UTC");
    for (const auto& event : told) {
      made_up += std::ranges::none_of(life.events, [&](const TrueEvent& truth) {
        return truth.kind == event.kind && truth.on == event.on && truth.announced_on == event.told;
      });
    }
    for (const TrueEvent& truth : life.events) {
      happened += 1;
      found += std::ranges::any_of(told, [&](const auto& event) {
        return truth.kind == event.kind && truth.on == event.on;
      });
    }
  }
  EXPECT_GT(happened, 100U);
  EXPECT_GE(found, happened * 9 / 10);
  EXPECT_LE(made_up, happened / 20);
}

TEST(InferenceLearning, LearnsFromRecordsAloneWhatComesBeforeTheNews) {
  recommender::inference::LearningOptions options;
  options.first = kFrom.AddDays(120);
  options.last = kFrom.AddDays(1'095 - 180);
  options.time_zone = "UTC";
  const profile::Dictionary dictionary;
  recommender::inference::Learning learning(options, dictionary);
  for (const SimulatedLife& life : ToldLives(10'000, 1'095)) learning.Add(life.history, {});
  const auto learned = learning.Learn();
  ASSERT_TRUE(learned) << learned.error().ToString();
  EXPECT_EQ(learned->model.learned_from(), recommender::inference::LearnedFrom::kRecords);
  EXPECT_GT(learned->people, 1'000U);
  size_t known = 0;
  for (const auto& kind : learned->kinds) {
    EXPECT_EQ(learned->model.Find(kind.kind) != nullptr, kind.is_known);
    if (IsSensitive(kind.kind)) {
      EXPECT_FALSE(kind.is_known) << "nobody let it be estimated";
      EXPECT_EQ(kind.estimates, 0U);
    }
    if (!kind.is_known) continue;
    known += 1;
    EXPECT_GT(kind.auc, 0.6) << NameOf(kind.kind);
    EXPECT_LT(kind.calibration_error, 0.02) << NameOf(kind.kind);
  }
  EXPECT_GE(known, 1U);
}

TEST(InferenceEvaluation, CountsAddUpAndASeedGivesTheSameTable) {
  InferenceEvaluationOptions options;
  options.citizens = 3'000;
  options.days = 600;
  const auto judged = EvaluateInference(options);
  ASSERT_TRUE(judged) << judged.error().ToString();
  const auto again = EvaluateInference(options);
  ASSERT_TRUE(again);
  EXPECT_EQ(TableOf(*judged), TableOf(*again));
  EXPECT_TRUE(TableOf(*judged).starts_with(kSimulationNotice));
  ASSERT_EQ(judged->kinds.size(), recommender::inference::kEventKinds.size());
  for (const KindEvaluation& kind : judged->kinds) {
    EXPECT_GT(kind.auc, 0.6) << NameOf(kind.kind);
    for (const OperatingPoint& point : kind.points) {
      const QuestionMeasures& everybody = point.groups.front();
      EXPECT_LE(everybody.found, everybody.events);
      EXPECT_LE(everybody.right, everybody.questions);
      EXPECT_EQ(point.groups[1].events + point.groups[2].events, everybody.events) << "by sex";
      EXPECT_EQ(point.groups[3].questions + point.groups[4].questions + point.groups[5].questions,
                everybody.questions)
          << "by age";
      EXPECT_EQ(point.groups[6].right + point.groups[7].right, everybody.right) << "by region";
    }
  }
}

TEST(InferenceEvaluation, MethodsAreAskedAboutTheSamePeopleOnTheSameDays) {
  InferenceEvaluationOptions options;
  options.citizens = 3'000;
  options.days = 600;
  options.bootstrap.resamples = 20;
  const auto judged = EvaluateInference(options);
  ASSERT_TRUE(judged) << judged.error().ToString();
  ASSERT_EQ(judged->compared.size(), kComparedMethods.size() * judged->kinds.size());
  for (size_t i = 0; i < judged->compared.size(); ++i) {
    const KindEvaluation& other = judged->compared[i];
    const KindEvaluation& served = judged->kinds[i / kComparedMethods.size()];
    const std::string which =
        std::string(NameOf(other.kind)) + " by " + std::string(NameOf(other.method));
    EXPECT_EQ(other.kind, served.kind);
    EXPECT_EQ(other.method, kComparedMethods[i % kComparedMethods.size()]);
    EXPECT_EQ(other.estimates, served.estimates) << which;
    EXPECT_EQ(other.happened_share, served.happened_share) << which;
    ASSERT_TRUE(other.gain.has_value()) << which;
    EXPECT_NEAR(other.gain->value, other.auc - served.auc, 1e-9) << which;
    EXPECT_FALSE(served.gain.has_value());
    ASSERT_EQ(other.points.size(), served.points.size());
    for (size_t point = 0; point < options.recalls.size(); ++point) {
      for (const KindEvaluation* each : {&served, &other}) {
        if (each->points[point].groups.front().events == 0) continue;
        EXPECT_GE(each->points[point].groups.front().recall(), options.recalls[point])
            << which << ": with the questions that are put";
      }
    }
    for (size_t point = 0; point < other.points.size(); ++point) {
      const QuestionMeasures& everybody = other.points[point].groups.front();
      EXPECT_EQ(everybody.events, served.points[point].groups.front().events) << which;
      EXPECT_DOUBLE_EQ(everybody.person_years, served.points[point].groups.front().person_years);
    }
  }
  EXPECT_NE(TableOf(*judged).find("trees (AUC"), std::string::npos);
}

TEST(InferenceEvaluation, TooFewPeopleAreRefused) {
  InferenceEvaluationOptions options;
  options.citizens = 20;
  const auto judged = EvaluateInference(options);
  ASSERT_FALSE(judged);
  EXPECT_EQ(judged.error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace kstati::population
