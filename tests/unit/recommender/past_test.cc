// SPDX-License-Identifier: Apache-2.0
#include "recommender/past.h"

#include <gmock/gmock.h>

#include <cmath>
#include <random>

#include "recommender/chain_places.h"
#include "recommender/exposure.h"
#include "recommender/features.h"
#include "recommender/internal/use_training.h"
#include "recommender/use_models.h"
#include "small_life.h"

namespace kstati::recommender {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr int64_t kDayMicros = 86'400'000'000;
const ServiceId kJobCard("job_card");
const ServiceId kJobHelp("job_help");
const ServiceId kChildCard("child_card");
const ServiceId kCourse("adult_course");

Instant OnDay(int64_t day) { return Instant{day * kDayMicros}; }

TEST(PastTest, KeepsWhatWasDoneByServiceAndWhomItWasAbout) {
  Past past;
  past.Decline(kChildCard, CitizenId(7), OnDay(5));
  past.Take(kJobCard, CitizenId(3), OnDay(9));
  past.Take(kJobCard, CitizenId(3), OnDay(2));
  past.Take(kJobCard, CitizenId(3), Instant{OnDay(9).micros + 5});
  ASSERT_EQ(past.dealings().size(), 2u);
  EXPECT_EQ(past.dealings()[0].service, kChildCard);
  EXPECT_THAT(past.dealings()[1].taken, ElementsAre(OnDay(2), Instant{OnDay(9).micros + 5}))
      << "what is said twice happened once";
  EXPECT_THAT(past.Taken(), ElementsAre(kJobCard)) << "what was declined was not taken up";
  EXPECT_THAT(past.Before(OnDay(9)).dealings()[1].taken, ElementsAre(OnDay(2)));
  EXPECT_THAT(past.Before(OnDay(2)).dealings(), IsEmpty());
  EXPECT_EQ(past.About(CitizenId(7)).dealings().size(), 1u);
  for (int64_t day = 20; day < 40; ++day) past.Take(kJobCard, CitizenId(3), OnDay(day));
  EXPECT_EQ(past.dealings()[1].taken.size(), kMomentsKept);
  EXPECT_EQ(past.dealings()[1].taken.back(), OnDay(39));
}

TEST(PastTest, IsStoredWholeOrRefused) {
  const Dealing dealing{kChildCard, CitizenId(7), {OnDay(1), OnDay(4)}, {OnDay(3)}};
  const std::string bytes = Encode(dealing);
  const auto read = DecodeDealing(bytes);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(Encode(*read), bytes);
  EXPECT_EQ(read->about, dealing.about);
  for (size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(DecodeDealing(std::string_view(bytes).substr(0, length)).has_value()) << length;
  }
  EXPECT_EQ(DecodeDealing(Encode(Dealing{kChildCard, {}, {OnDay(4), OnDay(1)}, {}})).error().code,
            ErrorCode::kCorrupt);
}

Interaction Visit(uint64_t citizen, int64_t day, const ServiceId& service, bool taken) {
  Interaction visit;
  visit.citizen = CitizenId(citizen);
  visit.on = Date{day};
  visit.shown.push_back(
      {service, visit.citizen, eligibility::Verdict::kEligible, {}, std::nullopt, taken});
  return visit;
}

TEST(FillPastsTest, AnInteractionKnowsWhatWasBeforeItAndNotWhatBecameOfIt) {
  Interaction listed = Visit(1, 20, kCourse, true);
  listed.known_at = Instant{OnDay(20).micros + 7};
  std::vector<Interaction> interactions{Visit(1, 30, kJobHelp, false), Visit(1, 10, kJobCard, true),
                                        Visit(1, 10, kJobHelp, true), listed,
                                        Visit(2, 30, kCourse, true)};
  FillPasts(interactions, {{CitizenId(1), *listed.known_at, "", kCourse, "accepted", CitizenId(1)},
                           {CitizenId(1), OnDay(12), "", kChildCard, "declined", CitizenId(7)},
                           {CitizenId(1), OnDay(12), "", kChildCard, "opened", CitizenId(8)}});
  EXPECT_THAT(interactions[0].background.past.Taken(), ElementsAre(kCourse, kJobCard, kJobHelp));
  EXPECT_THAT(interactions[1].background.past.dealings(), IsEmpty()) << "nor what else that day";
  EXPECT_THAT(interactions[2].background.past.dealings(), IsEmpty());
  EXPECT_THAT(interactions[3].background.past.Taken(), ElementsAre(kJobCard, kJobHelp));
  EXPECT_EQ(interactions[3].background.past.dealings()[0].declined.size(), 1u);
  EXPECT_THAT(interactions[4].background.past.dealings(), IsEmpty()) << "somebody else";
}

std::vector<Interaction> Village(uint64_t people) {
  std::mt19937 random(5);
  std::vector<Interaction> visits;
  for (uint64_t citizen = 1; citizen <= people; ++citizen) {
    const bool works = random() % 2 == 0;
    visits.push_back(Visit(citizen, 10, kJobCard, !works));
    visits.push_back(Visit(citizen, 40, kJobHelp, !works && random() % 4 != 0));
    visits.push_back(Visit(citizen, 70, kCourse, random() % 3 == 0));
  }
  FillPasts(visits, {});
  return visits;
}

std::vector<const Interaction*> Pointers(const std::vector<Interaction>& visits) {
  std::vector<const Interaction*> pointers;
  for (const Interaction& visit : visits) pointers.push_back(&visit);
  return pointers;
}

TEST(UseModelsTest, SayWhatAddingByHandSays) {
  const std::vector<Interaction> visits = Village(60);
  const internal::UseTraining training(Pointers(visits));
  ASSERT_NE(training.Whole(), nullptr);
  const UseModels& uses = *training.Whole();
  EXPECT_THAT(uses.services(), ElementsAre(kCourse, kJobCard, kJobHelp));
  const auto taken = uses.IndicesOf({kJobCard, ServiceId("nobody_took_it")});
  ASSERT_EQ(taken.size(), 1u);
  models::ItemCounts counts(3);
  double with_card = 0;
  double with_both = 0;
  for (size_t i = 0; i < visits.size(); i += 3) {
    std::vector<models::ItemIndex> history;
    if (visits[i + 2].shown[0].taken) history.push_back(0);
    if (visits[i].shown[0].taken) history.push_back(1);
    if (visits[i + 1].shown[0].taken) history.push_back(2);
    counts.Add(history);
    with_card += visits[i].shown[0].taken ? 1 : 0;
    with_both += visits[i].shown[0].taken && visits[i + 1].shown[0].taken ? 1 : 0;
  }
  const auto ease = models::Ease::Fit(counts, 20);
  const auto opinion = uses.Of(kJobHelp, taken);
  ASSERT_TRUE(opinion.has_value());
  EXPECT_FLOAT_EQ(opinion->ease, ease->Weight(1, 2));
  const double share = (counts.Of(2) + 0.5) / 61;
  EXPECT_NEAR(opinion->share, share, 1e-6);
  EXPECT_NEAR(opinion->association, (with_both + 20 * share) / (with_card + 20), 1e-6);
  EXPECT_FALSE(uses.Of(kChildCard, taken).has_value()) << "nobody took it";
  EXPECT_THAT(uses.ReasonsFor(kJobHelp, uses.IndicesOf({kCourse, kJobCard})),
              testing::Contains(kJobCard));
  EXPECT_THAT(uses.ReasonsFor(kJobHelp, {}), IsEmpty());
}

TEST(UseModelsTest, AreStoredBitForBitOrRefused) {
  const std::vector<Interaction> visits = Village(40);
  const internal::UseTraining training(Pointers(visits));
  const std::string bytes = training.Whole()->Encode();
  const auto read = UseModels::Decode(bytes);
  ASSERT_TRUE(read.has_value()) << read.error().ToString();
  EXPECT_EQ(read->Encode(), bytes);
  const auto taken = read->IndicesOf({kJobCard});
  EXPECT_EQ(read->Of(kJobHelp, taken)->ease, training.Whole()->Of(kJobHelp, taken)->ease);
  for (size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(UseModels::Decode(std::string_view(bytes).substr(0, length)).has_value());
  }
}

// What somebody takes up changes what others are told, and nothing that is told of them alone.
TEST(UseTrainingTest, NobodyIsToldByTheirOwnHistory) {
  std::vector<Interaction> visits = Village(60);
  const internal::UseTraining before(Pointers(visits));
  const CitizenId citizen(17);
  for (Interaction& visit : visits) {
    if (visit.citizen == citizen) visit.shown[0].taken = !visit.shown[0].taken;
  }
  const internal::UseTraining after(Pointers(visits));
  const auto ease = [](const UseModels* uses) {
    return uses->Of(kJobHelp, uses->IndicesOf({kJobCard, kCourse}))->ease;
  };
  EXPECT_EQ(ease(before.ForTraining(citizen)), ease(after.ForTraining(citizen)));
  EXPECT_NE(ease(before.Whole()), ease(after.Whole()));
}

class BackgroundFeaturesTest : public SmallLife {
 protected:
  BackgroundFeaturesTest() {
    Person(3, "1990-01-01");
    Person(7, "2025-03-15");
    Relate(3, profile::RelationKind::kParent, 7);
  }

  Candidate Of(const ServiceId& service, uint64_t about = 3) const {
    Candidate candidate;
    candidate.service = catalogue_.FindService(service);
    candidate.about = CitizenId(about);
    return candidate;
  }
  float Value(const Candidate& candidate, std::string_view name) const {
    const auto names = FeatureNames();
    const FeatureMatrix row = BuildFeatures(HouseholdOf(3), {&candidate, 1}, Day(kToday),
                                            catalogue_, background_, {uses_, nullptr});
    return row(0, std::ranges::find(names, name) - names.begin());
  }

  Background background_;
  const UseModels* uses_ = nullptr;
};

TEST_F(BackgroundFeaturesTest, TellWhatThePersonDidBefore) {
  const int64_t today = Day(kToday).days;
  background_.past.Take(kJobCard, CitizenId(3), OnDay(today - 10));
  background_.past.Take(kCourse, CitizenId(3), OnDay(today - 30));
  background_.past.Decline(kChildCard, CitizenId(7), OnDay(today - 20));
  EXPECT_EQ(Value(Of(kJobCard), "services_taken"), 2);
  EXPECT_EQ(Value(Of(kJobCard), "days_since_taken"), 10);
  EXPECT_EQ(Value(Of(kCourse), "times_taken_this"), 1);
  EXPECT_EQ(Value(Of(kCourse), "days_since_taken_this"), 30);
  EXPECT_EQ(Value(Of(kCourse), "last_taken_without_visit"), 1) << "the card asks for no visit";
  EXPECT_EQ(Value(Of(kCourse), "share_taken_without_visit"), 0.5f);
  EXPECT_EQ(Value(Of(kChildCard, 7), "times_declined_this"), 1);
  EXPECT_EQ(Value(Of(kChildCard, 7), "days_since_declined_this"), 20);
  EXPECT_EQ(Value(Of(kChildCard, 8), "times_declined_this"), 0) << "of another child";
  EXPECT_EQ(Value(Of(kChildCard, 8), "times_declined"), 1);
}

TEST(PastTest, WhatIsSaidAgainWithinADayWasSaidThen) {
  constexpr int64_t kHour = 3'600'000'000;
  const ServiceId service("s");
  Past past;
  past.Decline(service, CitizenId(7), Instant{10 * kHour});
  past.Decline(service, CitizenId(7), Instant{33 * kHour});
  ASSERT_EQ(past.dealings().size(), 1u);
  EXPECT_EQ(past.dealings().front().declined, std::vector<Instant>{Instant{33 * kHour}})
      << "a situation that began in between must not bring it back";
}

TEST_F(BackgroundFeaturesTest, AreMissingWhereNothingIsKnown) {
  for (const char* name :
       {"days_since_taken", "share_taken_without_visit", "days_since_declined_this", "ease_score",
        "association_score", "chain_steps_before", "estimated_moved", "estimated_married"}) {
    EXPECT_TRUE(std::isnan(Value(Of(kJobCard), name))) << name;
  }
  background_.estimates.of[static_cast<size_t>(inference::EventKind::kLeftHome)] = 0.25f;
  EXPECT_EQ(Value(Of(kJobCard), "estimated_left_home"), 0.25f);
  for (const std::string_view name : FeatureNames()) {
    EXPECT_EQ(name.find("expecting"), name.npos) << "what is sensitive orders nothing";
    EXPECT_EQ(name.find("stopped_working"), name.npos);
  }
}

TEST_F(BackgroundFeaturesTest, ReadTheModelsOfUses) {
  const std::vector<Interaction> visits = Village(60);
  const internal::UseTraining training(Pointers(visits));
  uses_ = training.Whole();
  EXPECT_TRUE(std::isnan(Value(Of(kJobHelp), "ease_score"))) << "there is no history";
  EXPECT_TRUE(std::isnan(Value(Of(kJobHelp), "association_score")));
  background_.past.Take(kJobCard, CitizenId(3), OnDay(1));
  const auto taken = uses_->IndicesOf({kJobCard});
  EXPECT_EQ(Value(Of(kJobHelp), "ease_score"), uses_->Of(kJobHelp, taken)->ease);
  EXPECT_EQ(Value(Of(kJobHelp), "association_score"), uses_->Of(kJobHelp, taken)->association);
  EXPECT_GT(uses_->Of(kJobHelp, taken)->association, uses_->Of(kJobHelp, {})->association);
}

TEST_F(BackgroundFeaturesTest, KnowTheFirstStepOfAChain) {
  Candidate help = Of(kJobHelp);
  Candidate card = Of(kJobCard);
  help.situation = card.situation = SituationId("job_loss");
  EXPECT_EQ(Value(card, "chain_steps_before"), 0);
  EXPECT_EQ(Value(card, "chain_steps_after"), 1);
  EXPECT_EQ(Value(help, "chain_steps_before"), 1);
  Know(3, "doc.job_card", "true");
  EXPECT_EQ(Value(help, "chain_steps_before"), 0) << "the person has what it needs";
  help.situation = SituationId("adulthood");
  EXPECT_EQ(Value(help, "chain_steps_before"), 0) << "the situation does not name it";
}

}  // namespace
}  // namespace kstati::recommender
