// SPDX-License-Identifier: Apache-2.0
#include "recommender/features.h"

#include <gmock/gmock.h>

#include <cmath>
#include <set>

#include "recommender/ranker.h"
#include "small_life.h"

namespace kstati::recommender {
namespace {

class FeaturesTest : public SmallLife {
 protected:
  FeaturesTest() {
    Person(3, "1996-03-15");
    Person(7, "2025-03-15");
    Person(8, "2000-03-15");
    Relate(3, profile::RelationKind::kParent, 7);
    Know(3, "person.employed", "false");
    Know(3, "family.income_per_capita_month", "12500");
  }

  Candidate Of(std::string_view service, uint64_t about) const {
    Candidate candidate;
    candidate.service = catalogue_.FindService(ServiceId(std::string(service)));
    candidate.about = CitizenId(about);
    candidate.verdict = eligibility::Verdict::kEligible;
    return candidate;
  }

  float Value(const Candidate& candidate, std::string_view name) const {
    const auto names = FeatureNames();
    const auto at = std::find(names.begin(), names.end(), name);
    EXPECT_NE(at, names.end()) << name;
    const FeatureMatrix rows =
        BuildFeatures(HouseholdOf(3), {&candidate, 1}, Day(kToday), catalogue_);
    return rows(0, at - names.begin());
  }
};

TEST_F(FeaturesTest, NamesAreUniqueAndGiveTheSchema) {
  const auto names = FeatureNames();
  EXPECT_EQ(std::set<std::string_view>(names.begin(), names.end()).size(), names.size());
  EXPECT_GE(names.size(), 25u);
  EXPECT_LE(names.size(), 60u);
  EXPECT_NE(FeatureSchema(), 0u);
}

TEST_F(FeaturesTest, ReadsTheFamilyOnce) {
  const Candidate card = Of("child_card", 7);
  EXPECT_EQ(Value(card, "person_age_years"), 30);
  EXPECT_EQ(Value(card, "minor_children"), 1);
  EXPECT_EQ(Value(card, "youngest_child_age_years"), 1);
  EXPECT_EQ(Value(card, "household_size"), 2);
  EXPECT_EQ(Value(card, "about_age_years"), 1);
  EXPECT_EQ(Value(card, "about_child"), 1);
}

TEST_F(FeaturesTest, IncomeIsMeasuredByTheMinimumOfTheRegion) {
  EXPECT_FLOAT_EQ(Value(Of("job_card", 3), "income_to_subsistence"), 0.5f);
}

TEST_F(FeaturesTest, UnknownIsMissingAndNotNo) {
  const Candidate card = Of("job_card", 3);
  EXPECT_EQ(Value(card, "employed"), 0);
  EXPECT_TRUE(std::isnan(Value(card, "married")));
  EXPECT_TRUE(std::isnan(Value(card, "situation_days")));
  EXPECT_TRUE(std::isnan(Value(card, "about_age_years")));
}

TEST_F(FeaturesTest, ASituationHasAnAge) {
  Candidate card = Of("job_card", 3);
  EXPECT_EQ(Value(card, "in_situation"), 0);
  card.situation = SituationId("job_loss");
  card.situation_since = Day("2026-03-05");
  EXPECT_EQ(Value(card, "in_situation"), 1);
  EXPECT_EQ(Value(card, "situation_days"), 10);
}

TEST_F(FeaturesTest, RegulationsAreReadOnTheDay) {
  EXPECT_EQ(Value(Of("adult_course", 3), "visits"), 2);
  EXPECT_EQ(Value(Of("adult_course", 3), "pays"), 0);
  EXPECT_EQ(Value(Of("burial_payment", 3), "pays"), 1);
  EXPECT_EQ(Value(Of("burial_payment", 3), "benefit_to_subsistence"), 1);
  EXPECT_EQ(Value(Of("job_card", 3), "term_days"), 7);
}

TEST_F(FeaturesTest, EveryServiceHasAPlaceOfItsOwn) {
  std::set<float> places;
  for (const graph::Service& service : catalogue().services()) {
    places.insert(Value(Of(service.id.text(), 3), "service_position_a"));
  }
  EXPECT_EQ(places.size(), catalogue().services().size());
}

// Thirty-year-olds of Moscow take the card up, nobody else does.
TEST_F(FeaturesTest, TheShareOfTheSegmentIsBlendedWithWhatThePersonTookUp) {
  Popularity popularity;
  for (int i = 0; i < 200; ++i) {
    Interaction visit;
    visit.citizen = CitizenId(3);
    visit.on = Day(kToday);
    for (const char* service : {"job_card", "adult_course"}) {
      visit.shown.push_back({ServiceId(service),
                             CitizenId(3),
                             eligibility::Verdict::kEligible,
                             {},
                             std::nullopt,
                             std::string_view(service) == "job_card"});
    }
    popularity.Count(HouseholdOf(3), visit);
  }
  const std::vector<Candidate> candidates{Of("job_card", 3), Of("adult_course", 3)};
  const auto names = FeatureNames();
  const auto value = [&](const FeatureMatrix& rows, Eigen::Index row, std::string_view name) {
    return rows(row, std::ranges::find(names, name) - names.begin());
  };
  const FeatureMatrix rows = BuildFeatures(HouseholdOf(3), candidates, Day(kToday), catalogue_, {},
                                           {nullptr, &popularity});
  EXPECT_GT(value(rows, 0, "segment_share"), 0.9f);
  EXPECT_LT(value(rows, 1, "segment_share"), 0.2f);
  EXPECT_EQ(value(rows, 0, "base_score"), value(rows, 0, "segment_share"))
      << "nothing was taken up: the segment alone speaks";
  models::ItemCounts counts(2);
  for (int i = 0; i < 100; ++i) counts.Add(std::vector<models::ItemIndex>{0, 1});
  const UseModels uses({ServiceId("adult_course"), ServiceId("job_card")}, counts);
  Background background;
  background.past.Take(ServiceId("job_card"), CitizenId(3), Instant{1});
  const FeatureMatrix with = BuildFeatures(HouseholdOf(3), candidates, Day(kToday), catalogue_,
                                           background, {&uses, &popularity});
  EXPECT_GT(value(with, 1, "base_score"), 0.3f + value(with, 1, "segment_share"))
      << "whoever has the card takes the course";
  EXPECT_TRUE(std::isnan(value(BuildFeatures(HouseholdOf(3), candidates, Day(kToday), catalogue_),
                               0, "segment_share")));
}

TEST_F(FeaturesTest, OneRowPerCandidateAndNoneForNobody) {
  const std::vector<Candidate> candidates{Of("job_card", 3), Of("child_card", 7)};
  const auto rows = BuildFeatures(HouseholdOf(3), candidates, Day(kToday), catalogue_);
  EXPECT_EQ(rows.rows(), 2);
  EXPECT_EQ(rows.cols(), static_cast<Eigen::Index>(FeatureNames().size()));
  EXPECT_EQ(BuildFeatures(HouseholdOf(3), {}, Day(kToday), catalogue_).rows(), 0);
}

}  // namespace
}  // namespace kstati::recommender
