// SPDX-License-Identifier: Apache-2.0
#include "recommender/household_bundle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace kstati::recommender {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr CitizenId kMother{1};
constexpr CitizenId kFather{2};
constexpr CitizenId kChild{3};
constexpr CitizenId kOther{4};

HouseholdOffer Offer(const char* service, CitizenId applicant, CitizenId about,
                     std::optional<int64_t> yearly, int priority = 50) {
  return {ServiceId(service), applicant, about, yearly, priority};
}

graph::Exclusion Exclude(const char* id, std::vector<ServiceId> services,
                         graph::ExclusionScope scope) {
  graph::Exclusion exclusion;
  exclusion.id = id;
  exclusion.services = std::move(services);
  exclusion.scope = scope;
  return exclusion;
}

const std::vector<graph::Exclusion> kExclusions{
    Exclude("pension", {ServiceId("old"), ServiceId("disability")},
            graph::ExclusionScope::kApplicant),
    Exclude("care", {ServiceId("care")}, graph::ExclusionScope::kAbout)};

std::vector<std::string> Taken(const HouseholdBundle& bundle) {
  std::vector<std::string> taken;
  for (const uint32_t offer : bundle.taken) {
    const HouseholdOffer& one = bundle.offers[offer];
    taken.push_back(one.service.text() + " " + std::to_string(one.applicant.number()));
  }
  return taken;
}

TEST(HouseholdBundle, OnePersonChoosesThePensionThatPaysMore) {
  const HouseholdBundle bundle =
      BundleOf({Offer("old", kMother, kMother, 100), Offer("disability", kMother, kMother, 300),
                Offer("old", kFather, kFather, 200)},
               kExclusions);
  EXPECT_THAT(Taken(bundle), ElementsAre("disability 1", "old 2"));
  EXPECT_EQ(bundle.yearly, 500);
  ASSERT_EQ(bundle.left_out.size(), 1U);
  EXPECT_EQ(bundle.left_out[0].exclusion->id, "pension");
  EXPECT_EQ(bundle.offers[bundle.left_out[0].offer].service, ServiceId("old"));
  EXPECT_THAT(bundle.left_out[0].instead, ElementsAre(0));
}

TEST(HouseholdBundle, OfOneChildOneParentIsPaidAndOfTwoBoth) {
  const HouseholdBundle bundle =
      BundleOf({Offer("care", kMother, kChild, 100), Offer("care", kFather, kChild, 400),
                Offer("care", kMother, kOther, 100)},
               kExclusions);
  EXPECT_THAT(Taken(bundle), ElementsAre("care 1", "care 2"));
  EXPECT_EQ(bundle.yearly, 500);
}

TEST(HouseholdBundle, WithoutFiguresTheMoreImportantServiceIsTaken) {
  const HouseholdBundle bundle = BundleOf(
      {Offer("old", kMother, kMother, {}, 80), Offer("disability", kMother, kMother, {}, 90)},
      kExclusions);
  EXPECT_THAT(Taken(bundle), ElementsAre("disability 1"));
}

TEST(HouseholdBundle, TheOrderOfOffersDoesNotMatterAndWhatExcludesNothingIsTaken) {
  std::vector<HouseholdOffer> offers{
      Offer("old", kMother, kMother, 100), Offer("disability", kMother, kMother, 100),
      Offer("book", kMother, kMother, {}), Offer("care", kFather, kChild, 5)};
  const HouseholdBundle bundle = BundleOf(offers, kExclusions);
  std::ranges::reverse(offers);
  EXPECT_EQ(Taken(bundle), Taken(BundleOf(offers, kExclusions)));
  EXPECT_THAT(Taken(bundle), ElementsAre("book 1", "disability 1", "care 2"));
  EXPECT_THAT(BundleOf({}, kExclusions).taken, IsEmpty());
}

}  // namespace
}  // namespace kstati::recommender
