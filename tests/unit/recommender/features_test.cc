// SPDX-License-Identifier: Apache-2.0
#include "recommender/features.h"

#include <gmock/gmock.h>

#include <cmath>
#include <set>

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

TEST_F(FeaturesTest, OneRowPerCandidateAndNoneForNobody) {
  const std::vector<Candidate> candidates{Of("job_card", 3), Of("child_card", 7)};
  const auto rows = BuildFeatures(HouseholdOf(3), candidates, Day(kToday), catalogue_);
  EXPECT_EQ(rows.rows(), 2);
  EXPECT_EQ(rows.cols(), static_cast<Eigen::Index>(FeatureNames().size()));
  EXPECT_EQ(BuildFeatures(HouseholdOf(3), {}, Day(kToday), catalogue_).rows(), 0);
}

}  // namespace
}  // namespace kstati::recommender
