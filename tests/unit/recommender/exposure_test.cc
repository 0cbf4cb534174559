// SPDX-License-Identifier: Apache-2.0
#include "recommender/exposure.h"

#include <gmock/gmock.h>

#include <cmath>
#include <random>

#include "base/bytes.h"
#include "recommender/evaluation/drift.h"
#include "recommender/evaluation/exposure_evaluation.h"
#include "small_life.h"

namespace kstati::recommender {
namespace {

using evaluation::CheckSameAgainstSame;
using evaluation::ChoicesOf;
using evaluation::EstimateOffPolicy;

constexpr int64_t kDay = 86'400'000'000;

Exposure Sample(uint64_t citizen = 3, int64_t at = 0) {
  Exposure exposure;
  exposure.citizen = CitizenId(citizen);
  exposure.at = Instant{at};
  exposure.on = Day("2026-03-01");
  exposure.ranked_by = {"model", "0123456789abcdef"};
  exposure.arm = {"spring", "new", "00112233aabbccdd"};
  exposure.shadow_version = "fedcba9876543210";
  exposure.shown = 2;
  exposure.offers = {{ServiceId("child_card"), CitizenId(7), eligibility::Verdict::kEligible,
                      SituationId("child_birth"), Day("2026-02-01"), 0.75, 1, false, 0.5},
                     {ServiceId("job_card"),
                      CitizenId(3),
                      eligibility::Verdict::kLikely,
                      {},
                      std::nullopt,
                      0.1,
                      1.0 / 3,
                      true,
                      0.9},
                     {ServiceId("adult_course"),
                      CitizenId(3),
                      eligibility::Verdict::kEligible,
                      {},
                      std::nullopt,
                      0.6,
                      0,
                      false,
                      0.2}};
  return exposure;
}

TEST(ExposureTest, ReadsBackWhatWasWritten) {
  const auto read = DecodeExposure(Encode(Sample()));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(Encode(*read), Encode(Sample()));
  EXPECT_EQ(read->offers[1].propensity, 1.0 / 3) << "to the bit";
  EXPECT_TRUE(read->offers[1].explored);
  EXPECT_EQ(read->ranked_by.model_version, "0123456789abcdef");
  EXPECT_EQ(read->arm, Sample().arm);
}

TEST(ExposureTest, ReadsWhatWasWrittenBeforeThereWereTrials) {
  Exposure before = Sample();
  before.arm = {};
  std::string bytes = Encode(before);
  const std::string version = ByteWriter().Text("0123456789abcdef").Take();
  const size_t at = bytes.find(version) + version.size();
  bytes.erase(at, 3);  // three empty texts of a byte each
  bytes.replace(0, 1, ByteWriter().Number(2).Take());
  const auto read = DecodeExposure(bytes);
  ASSERT_TRUE(read.has_value()) << read.error().ToString();
  EXPECT_EQ(Encode(*read), Encode(before));
  EXPECT_EQ(read->arm, ServedArm());
  bytes.replace(0, 1, ByteWriter().Number(4).Take());
  EXPECT_EQ(DecodeExposure(bytes).error().code, ErrorCode::kUnsupported);
}

TEST(ExposureTest, RefusesWhatIsCutOrCannotBe) {
  const std::string bytes = Encode(Sample());
  for (size_t length = 1; length < bytes.size(); ++length) {
    EXPECT_FALSE(DecodeExposure(std::string_view(bytes).substr(0, length)).has_value()) << length;
  }
  Exposure impossible = Sample();
  impossible.shown = 4;
  EXPECT_EQ(DecodeExposure(Encode(impossible)).error().code, ErrorCode::kCorrupt);
}

TEST(ExposureTest, FeedbackCountsForTheListItNamesAndActsForTheLatestOne) {
  const Exposure early = Sample(3, kDay);
  const Exposure late = Sample(3, 2 * kDay);
  const std::string named = early.at.ToString() + "#1";
  const ServiceId card("child_card");
  const ServiceId job("job_card");
  const auto outcomes =
      JoinOutcomes({late, early, Sample(4, kDay)},
                   {{CitizenId(3), Instant{3 * kDay}, named, card, "accepted"},
                    {CitizenId(3), Instant{3 * kDay}, "", job, "accepted"},
                    {CitizenId(3), Instant{3 * kDay}, "", ServiceId("adult_course"), "accepted"},
                    {CitizenId(4), Instant{3 * kDay}, "", card, "declined"},
                    {CitizenId(4), Instant{40 * kDay}, "", card, "accepted"},
                    {CitizenId(9), Instant{3 * kDay}, named, card, "accepted"}});
  ASSERT_EQ(outcomes.size(), 3u);
  EXPECT_EQ(outcomes[0].taken, (std::vector<bool>{false, true})) << "the latest list";
  EXPECT_EQ(outcomes[1].taken, (std::vector<bool>{true, false})) << "the named list";
  EXPECT_EQ(outcomes[2].taken, (std::vector<bool>{false, false})) << "declined, or too late";
  const Interaction learned = ToInteraction(outcomes[0]);
  ASSERT_EQ(learned.shown.size(), 2u) << "what was not shown teaches nothing";
  EXPECT_TRUE(learned.shown[1].taken);
  EXPECT_EQ(learned.known_at, late.at) << "what was recorded later was not known";
}

TEST(ExposureTest, WhatCountsComesWithinThirtyDaysByWhateverWay) {
  const Exposure list = Sample(3, kDay);
  const ServiceId card("child_card");
  const auto is_taken = [&](const std::string& named, int64_t at) -> bool {
    return JoinOutcomes({list}, {{CitizenId(3), Instant{at}, named, card, "accepted"}})[0].taken[0];
  };
  for (const std::string& named : {list.at.ToString() + "#1", std::string()}) {
    EXPECT_TRUE(is_taken(named, 31 * kDay)) << named;
    EXPECT_FALSE(is_taken(named, 31 * kDay + 1)) << named;
  }
  const Date shown_on = Date::Of(2026, 3, 1);
  EXPECT_FALSE(IsSettled(shown_on, Date::Of(2026, 3, 31)));
  EXPECT_TRUE(IsSettled(shown_on, Date::Of(2026, 4, 1)));
}

// A person applies from the earlier of two lists: the application itself, which names no list, was
// taken for the later one as well.
TEST(ExposureTest, AnApplicationAndTheFeedbackAboutItCountForOneList) {
  const Exposure early = Sample(3, kDay);
  const Exposure late = Sample(3, 2 * kDay);
  const std::string named = early.at.ToString() + "#1";
  const ServiceId card("child_card");
  const auto taken = [&](int64_t applied, CitizenId about) {
    const auto outcomes =
        JoinOutcomes({early, late}, {{CitizenId(3), Instant{applied}, "", card, "accepted", about},
                                     {CitizenId(3), Instant{3 * kDay}, named, card, "accepted"}});
    return std::pair<bool, bool>(outcomes[0].taken[0], outcomes[1].taken[0]);
  };
  const CitizenId about = early.offers[0].about;
  EXPECT_EQ(taken(3 * kDay - 5, about), std::pair(true, false));
  EXPECT_EQ(taken(3 * kDay + 5, about), std::pair(true, false));
  EXPECT_EQ(taken(5 * kDay, about), std::pair(true, true)) << "another application, days later";
}

// People to whom Suggest shows two of what is allowed, the second drawn evenly.
class ExplorationTest : public SmallLife {
 protected:
  ExplorationTest() {
    for (uint64_t citizen = 1; citizen <= kPeople; ++citizen) {
      Person(citizen, "1995-05-05");
      Know(citizen, "person.employed", "false");
      Know(citizen, "person.veteran", "true");
    }
  }

  // Everybody takes up job_help whenever it is shown, and else nothing.
  std::vector<ExposureOutcome> Outcomes(size_t places) const {
    std::vector<ExposureOutcome> outcomes;
    for (uint64_t citizen = 1; citizen <= kPeople; ++citizen) {
      const profile::Household household = HouseholdOf(citizen);
      SuggestRequest request = Ask(household);
      request.limit = 2;
      request.exploration_places = places;
      request.chance = 7;
      const Suggestions suggestions = Suggest(request, program(), Ranker());
      EXPECT_EQ(suggestions.items.size(), 2u);
      std::vector<bool> taken;
      for (const Suggested& item : suggestions.items) {
        taken.push_back(item.decision.service == ServiceId("job_help"));
      }
      outcomes.push_back({suggestions.exposure, taken});
    }
    return outcomes;
  }

  static constexpr uint64_t kPeople = 300;
};

TEST_F(ExplorationTest, WithoutItTheLogHasTheWholeSetAndCertainties) {
  const auto outcomes = Outcomes(0);
  const Exposure& exposure = outcomes.front().exposure;
  EXPECT_EQ(exposure.shown, 2u);
  EXPECT_GT(exposure.offers.size(), 2u) << "what was not shown is in the log too";
  EXPECT_EQ(exposure.offers[0].propensity, 1);
  EXPECT_EQ(exposure.offers[1].propensity, 1);
  EXPECT_EQ(exposure.offers[2].propensity, 0);
  EXPECT_FALSE(exposure.offers[1].explored);
}

TEST_F(ExplorationTest, OnlyLastPlacesAreDrawnEvenlyAndSaySo) {
  std::map<std::string, int> drawn;
  size_t allowed = 0;
  for (const auto& [exposure, taken] : Outcomes(5)) {
    EXPECT_EQ(exposure.offers[0].service, ServiceId("adult_course")) << "the first place never is";
    EXPECT_FALSE(exposure.offers[0].explored);
    EXPECT_TRUE(exposure.offers[1].explored);
    allowed = exposure.offers.size();
    EXPECT_DOUBLE_EQ(exposure.offers[1].propensity, 1.0 / static_cast<double>(allowed - 1));
    ++drawn[exposure.offers[1].service.text()];
  }
  ASSERT_EQ(drawn.size(), allowed - 1) << "each is drawn sometimes";
  const double even = static_cast<double>(kPeople) / static_cast<double>(allowed - 1);
  for (const auto& [service, times] : drawn) {
    EXPECT_NEAR(times, even, 5 * std::sqrt(even)) << service;
  }
  const profile::Household household = HouseholdOf(1);
  SuggestRequest request = Ask(household);
  request.limit = 2;
  request.exploration_places = 1;
  const Suggestions suggestions = Suggest(request, program(), Ranker());
  EXPECT_EQ(suggestions.items[0].stage, "catalogue");
  EXPECT_EQ(suggestions.items[1].stage, "exploration");
}

TEST_F(ExplorationTest, TheLogTellsWhatAnotherOrderWouldHaveEarned) {
  const auto outcomes = Outcomes(1);
  // It would have shown job_help in the drawn place, and earned one each time.
  const auto choices = ChoicesOf(outcomes, [](const Exposure& exposure) {
    std::vector<double> scores;
    for (const auto& offer : exposure.offers) {
      scores.push_back(offer.service == ServiceId("job_help") ? 1 : 0);
    }
    return Result<std::vector<double>>(scores);
  });
  ASSERT_TRUE(choices.has_value());
  EXPECT_EQ(choices->size(), kPeople);
  const auto found = EstimateOffPolicy(*choices, {200, 1});
  ASSERT_TRUE(found.has_value());
  EXPECT_LE(found->inverse.low, 1);
  EXPECT_GE(found->inverse.high, 1);
  EXPECT_EQ(found->self_normalised.value, 1);
  EXPECT_LT(found->logged.value, 0.6);
}

TEST_F(ExplorationTest, TheSameAgainstTheSameDiffersByNothing) {
  const auto same = CheckSameAgainstSame(Outcomes(1), {200, 1});
  ASSERT_TRUE(same.has_value());
  EXPECT_EQ(same->people, kPeople);
  EXPECT_LE(same->halves.low, 0);
  EXPECT_GE(same->halves.high, 0);
  EXPECT_NEAR(same->drawing_error, 0, 1e-12);
  EXPECT_LE(same->drawn_place.low, 0.5);
  EXPECT_GE(same->drawn_place.high, 0.5);
  EXPECT_TRUE(evaluation::RequireSound(*same).has_value());
}

TEST_F(ExplorationTest, ALogWhoseHalvesDifferOrThatWasNotDrawnEvenlyJudgesNothing) {
  evaluation::SameAgainstSame same{100, {0.1, 0.02, 0.2}, 0, 100, {0.5, 0.45, 0.55}};
  EXPECT_FALSE(evaluation::RequireSound(same).has_value());
  same.halves = {0, -0.1, 0.1};
  EXPECT_TRUE(evaluation::RequireSound(same).has_value());
  same.drawn_place = {0.3, 0.25, 0.35};
  EXPECT_FALSE(evaluation::RequireSound(same).has_value());
  same.drawings = 0;
  EXPECT_TRUE(evaluation::RequireSound(same).has_value()) << "there was nothing to draw";
}

TEST_F(ExplorationTest, ALogWhosePropensitiesLieIsFoundOut) {
  auto outcomes = Outcomes(1);
  for (auto& [exposure, taken] : outcomes) exposure.offers[1].propensity = 0.9;
  const auto same = CheckSameAgainstSame(outcomes, {50, 1});
  EXPECT_GT(std::abs(same->drawing_error), 0.01);
  const auto sound = evaluation::RequireSound(*same);
  ASSERT_FALSE(sound.has_value());
  EXPECT_EQ(sound.error().code, ErrorCode::kUnsupported);
  EXPECT_FALSE(sound.error().remedy.empty());
}

// With two intervals of 95 % each, about one sound log in ten was refused.
TEST(SameAgainstSameTest, SoundLogsAreHardlyEverRefused) {
  constexpr int kLogs = 200;
  std::mt19937 random(11);
  int refused = 0;
  for (int log = 0; log < kLogs; ++log) {
    std::vector<ExposureOutcome> outcomes;
    for (uint64_t citizen = 1; citizen <= 150; ++citizen) {
      ExposureOutcome outcome;
      outcome.exposure.citizen = CitizenId(citizen);
      outcome.exposure.shown = 2;
      outcome.exposure.offers.resize(6);
      for (Exposure::Offer& offer : outcome.exposure.offers) {
        offer.score = static_cast<double>(random() % 10'000);
      }
      outcome.exposure.offers[1].explored = true;
      outcome.exposure.offers[1].propensity = 1.0 / 5;
      outcome.taken = {random() % 10 < 3, random() % 10 < 1};
      outcomes.push_back(std::move(outcome));
    }
    const auto same = CheckSameAgainstSame(outcomes, {200, 1});
    ASSERT_TRUE(same.has_value());
    refused += evaluation::RequireSound(*same) ? 0 : 1;
  }
  EXPECT_LE(refused, 6) << "of " << kLogs << ", where two are to be expected";
}

TEST(OffPolicyLists, AModelIsJudgedOnNobodyWhomItLearnedFrom) {
  std::vector<ExposureOutcome> outcomes;
  for (uint64_t citizen = 1; citizen <= 1000; ++citizen) {
    outcomes.push_back({Sample(citizen, kDay), {false, false}});
  }
  StoredModel model;
  model.seed = 7;
  model.held_out_share = 0.2;
  const auto unseen = evaluation::OfUnseen(model, outcomes);
  EXPECT_NEAR(static_cast<double>(unseen.size()), 100, 35);
  for (const ExposureOutcome& outcome : unseen) {
    EXPECT_EQ(PartOf(outcome.exposure.citizen, 7, 0.2), Part::kJudged);
  }
}

TEST_F(ExplorationTest, AShadowLooksOnAndChangesNothing) {
  const profile::Household household = HouseholdOf(1);
  SuggestRequest request = Ask(household);
  const Ranker shadow;
  const Suggestions without = Suggest(request, program(), Ranker());
  request.shadow = &shadow;
  const Suggestions with = Suggest(request, program(), Ranker());
  EXPECT_EQ(Shown(with.items), Shown(without.items));
  EXPECT_EQ(with.exposure.offers[0].shadow_score, with.exposure.offers[0].score);
}

TEST_F(ExplorationTest, WhatWasTurnedDownComesBackAfterHalfAYearOrWithANewSituation) {
  const profile::Household household = HouseholdOf(1);
  const auto offers = [&](std::string_view turned_down_on, std::string_view since = {}) {
    SuggestRequest request = Ask(household);
    if (!since.empty()) request = Ask(household, {Open("job_loss", 1, 1, since)});
    request.turned_down = {{{ServiceId("job_help"), CitizenId(1)}, Day(turned_down_on)}};
    return Shown(Suggest(request, program(), Ranker()).items);
  };
  using testing::Contains;
  using testing::Not;
  EXPECT_THAT(offers(kToday), Not(Contains("job_help about 1")));
  EXPECT_THAT(offers("2025-10-01"), Not(Contains("job_help about 1")));
  EXPECT_THAT(offers("2025-09-01"), Contains("job_help about 1"));
  EXPECT_THAT(offers("2026-01-15", "2026-02-01"), Contains("job_help about 1"));
  EXPECT_THAT(offers("2026-02-10", "2026-02-01"), Not(Contains("job_help about 1")));
}

// Half a year of lists whose scores are true; from April on people take up a third of that, and in
// June the scores themselves move.
std::vector<ExposureOutcome> HalfAYear() {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> uniform;
  std::vector<ExposureOutcome> outcomes;
  for (int month = 1; month <= 6; ++month) {
    for (uint64_t person = 1; person <= 600; ++person) {
      ExposureOutcome outcome;
      outcome.exposure.citizen = CitizenId(person);
      outcome.exposure.on = Date::Of(2026, month, 1 + static_cast<int>(person % 28));
      outcome.exposure.ranked_by = {"model", "one"};
      outcome.exposure.shown = 3;
      for (int offer = 0; offer < 8; ++offer) {
        Exposure::Offer one;
        one.score = month == 6 ? 0.5 + uniform(random) / 2 : uniform(random);
        outcome.exposure.offers.push_back(one);
      }
      for (size_t place = 0; place < 3; ++place) {
        const double truth = outcome.exposure.offers[place].score / (month >= 4 ? 3 : 1);
        outcome.taken.push_back(uniform(random) < truth);
      }
      outcomes.push_back(std::move(outcome));
    }
  }
  outcomes.back().exposure.ranked_by = {"catalogue", ""};
  return outcomes;
}

TEST(Drift, AFewPeopleTellNothing) {
  std::vector<ExposureOutcome> outcomes = HalfAYear();
  std::erase_if(outcomes, [](const ExposureOutcome& outcome) {
    const bool is_june = outcome.exposure.on >= Date::Of(2026, 6, 1);
    return is_june && outcome.exposure.citizen.number() % 10 != 0;
  });
  const auto months = evaluation::MonthsOf(outcomes, Date::Of(2026, 9, 5), {200, 1});
  ASSERT_EQ(months.size(), 6u);
  EXPECT_EQ(months[5].people, 59u);
  EXPECT_FALSE(months[5].judged);
  EXPECT_FALSE(months[5].drifted) << "a list or two look like anything: " << months[5].stability;
  EXPECT_FALSE(months[5].miscalibrated);
  EXPECT_TRUE(months[4].judged);
}

TEST(Drift, WhatNobodyTookUpIsNotKnownToBeNever) {
  std::vector<ExposureOutcome> outcomes = HalfAYear();
  std::erase_if(outcomes, [](const ExposureOutcome& outcome) {
    return outcome.exposure.citizen.number() > 150 || outcome.exposure.on >= Date::Of(2026, 2, 1);
  });
  for (ExposureOutcome& outcome : outcomes) {
    for (Exposure::Offer& offer : outcome.exposure.offers) offer.score = 0.01;
    outcome.taken.assign(outcome.taken.size(), false);
  }
  const auto months = evaluation::MonthsOf(outcomes, Date::Of(2026, 9, 5), {200, 1});
  ASSERT_EQ(months.size(), 1u);
  EXPECT_EQ(months[0].taken.value, 0);
  EXPECT_NEAR(months[0].taken.high, 3.0 / 150, 1e-12);
  EXPECT_FALSE(months[0].miscalibrated);
}

TEST(Drift, MonthsInWhichTheWorldOrTheScoresMovedAreFound) {
  const auto months = evaluation::MonthsOf(HalfAYear(), Date::Of(2026, 7, 5), {200, 1});
  ASSERT_EQ(months.size(), 6u);
  for (size_t i = 0; i < months.size(); ++i) {
    EXPECT_EQ(months[i].first, Date::Of(2026, static_cast<int>(i) + 1, 1));
    EXPECT_EQ(months[i].lists, i == 5 ? 599u : 600u) << "what no model ordered does not count";
    EXPECT_EQ(months[i].drifted, i == 5) << months[i].stability;
    EXPECT_EQ(months[i].settled, i < 5) << "June's may still be taken up";
    EXPECT_EQ(months[i].miscalibrated, i == 3 || i == 4) << i;
  }
  EXPECT_NEAR(months[0].stability, 0, 1e-9);
  EXPECT_GT(months[4].calibration_error, 0.2);
  EXPECT_LT(months[0].calibration_error, 0.06);
}

}  // namespace
}  // namespace kstati::recommender
