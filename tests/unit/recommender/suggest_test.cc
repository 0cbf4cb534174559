// SPDX-License-Identifier: Apache-2.0
#include "recommender/suggest.h"

#include <gmock/gmock.h>

#include "small_life.h"

namespace kstati::recommender {
namespace {

using profile::RelationKind;
using testing::Contains;
using testing::ElementsAre;
using testing::Not;
using testing::StartsWith;

class SuggestTest : public SmallLife {
 protected:
  SuggestTest() {
    Person(3, "1995-05-05");
    Know(3, "person.employed", "true");
    Know(3, "person.veteran", "false");
  }

  std::vector<std::string> Offered(std::vector<OpenSituation> situations = {},
                                   std::set<ServiceAbout> excluded = {}, size_t limit = 10) {
    const profile::Household household = HouseholdOf(3);
    SuggestRequest request = Ask(household, std::move(situations));
    request.excluded = std::move(excluded);
    request.limit = limit;
    const Suggestions suggestions = Suggest(request, program(), Ranker());
    for (const Suggested& item : suggestions.items) {
      EXPECT_NE(item.decision.verdict, eligibility::Verdict::kNotEligible);
      EXPECT_FALSE(item.decision.criteria.empty()) << "no explanation";
    }
    return Shown(suggestions.items);
  }
};

TEST_F(SuggestTest, OffersOnlyWhatIsNotADefiniteNo) {
  EXPECT_THAT(Offered(), ElementsAre("adult_course about 3"));
}

TEST_F(SuggestTest, WithoutAModelTheOrderIsThePriority) {
  Know(3, "person.veteran", "true", "2026-01-01");
  Know(3, "person.employed", "false", "2026-01-01");
  EXPECT_THAT(Offered(), ElementsAre("adult_course about 3", "veteran_help about 3",
                                     "job_card about 3", "job_help about 3"));
  const profile::Household household = HouseholdOf(3);
  EXPECT_EQ(Suggest(Ask(household), program(), Ranker()).ranked_by.stage, "catalogue");
}

// The ferry crosses in region 16 alone, and everybody may use it by its criteria.
TEST_F(SuggestTest, AServiceOfAnotherTerritoryIsNoCandidateAndAnUnknownRegionIsNoOther) {
  const auto has_ferry = [&](uint64_t citizen) {
    const profile::Household household = HouseholdOf(citizen);
    const auto candidates = EnumerateCandidates(Ask(household), program());
    return std::ranges::any_of(candidates, [](const Candidate& candidate) {
      return candidate.service->id == ServiceId("ferry");
    });
  };
  EXPECT_FALSE(has_ferry(3)) << "lives in Moscow";
  EXPECT_THAT(Offered(), Not(Contains("ferry about 3")));
  Know(3, "person.region_code", "16", "2026-01-01");
  EXPECT_TRUE(has_ferry(3));
  EXPECT_THAT(Offered(), Contains("ferry about 3"));
  auto event = Event("zags", "registration", 10);
  Add(event, dictionary_, 10, "person.birth_date", "1990-01-01");
  Record(event);
  EXPECT_TRUE(has_ferry(10)) << "nobody knows where this one lives";
}

TEST_F(SuggestTest, ShowsAtMostTheLimitBestFirst) {
  Know(3, "person.veteran", "true", "2026-01-01");
  EXPECT_THAT(Offered({}, {}, 1), ElementsAre("adult_course about 3"));
}

TEST_F(SuggestTest, UndeterminedNeedsAnOpenSituationThatNamesIt) {
  Person(9, "1990-01-01");  // nothing is known of work or merits
  const profile::Household household = HouseholdOf(9);
  EXPECT_THAT(Shown(Suggest(Ask(household), program(), Ranker()).items),
              ElementsAre("adult_course about 9"));
  const auto open = Open("job_loss", 9, 9, "2026-03-01");
  EXPECT_THAT(Shown(Suggest(Ask(household, {open}), program(), Ranker()).items),
              ElementsAre("job_card about 9", "job_help about 9", "adult_course about 9"));
}

TEST_F(SuggestTest, WhatBelongsToAFreshEventStandsFirstAndSaysSo) {
  Person(9, "1990-01-01");
  const profile::Household household = HouseholdOf(9);
  const auto suggest = [&](std::string_view since) {
    return Suggest(Ask(household, {Open("job_loss", 9, 9, since)}), program(), Ranker());
  };
  const Suggestions fresh = suggest("2026-03-01");
  EXPECT_THAT(fresh.items[0].because, ElementsAre(Topic::kFresh));
  EXPECT_THAT(fresh.items[1].because, ElementsAre(Topic::kFresh));
  EXPECT_THAT(fresh.items[2].because, testing::IsEmpty());
  EXPECT_LT(fresh.items[0].score, fresh.items[2].score) << "the score alone would turn it round";
  const Suggestions stale = suggest("2026-01-01");
  EXPECT_THAT(Shown(stale.items),
              ElementsAre("adult_course about 9", "job_card about 9", "job_help about 9"));
  for (const Suggested& item : stale.items) {
    EXPECT_THAT(item.because, testing::IsEmpty());
  }
}

TEST_F(SuggestTest, AClosedSituationCountsForNothing) {
  Person(9, "1990-01-01");
  const profile::Household household = HouseholdOf(9);
  const auto closed = Open("job_loss", 9, 9, "2025-03-01");
  EXPECT_THAT(Shown(Suggest(Ask(household, {closed}), program(), Ranker()).items),
              ElementsAre("adult_course about 9"));
}

TEST_F(SuggestTest, OneOfferPerChild) {
  Person(7, "2026-03-10");
  Person(8, "2024-03-10");
  Relate(3, RelationKind::kParent, 7);
  Relate(3, RelationKind::kParent, 8);
  EXPECT_THAT(Offered(),
              ElementsAre("adult_course about 3", "child_card about 7", "child_card about 8"));
}

TEST_F(SuggestTest, WardsAreChildrenToo) {
  Person(7, "2026-03-10");
  Relate(3, RelationKind::kGuardian, 7);
  EXPECT_THAT(Offered(), Contains("child_card about 7"));
}

TEST_F(SuggestTest, NothingIsOfferedForADeadChild) {
  Person(7, "2026-03-01");
  Relate(3, RelationKind::kParent, 7);
  Know(7, "person.alive", "false", "2026-03-02");
  EXPECT_THAT(Offered(), Not(Contains(StartsWith("child_card"))));
}

TEST_F(SuggestTest, WhatOneChildHasIsStillOfferedForTheOther) {
  Person(7, "2026-03-10");
  Person(8, "2024-03-10");
  Relate(3, RelationKind::kParent, 7);
  Relate(3, RelationKind::kParent, 8);
  Know(8, "doc.child_card", "true", "2024-05-01");
  EXPECT_THAT(Offered(), ElementsAre("adult_course about 3", "child_card about 7"));
}

TEST_F(SuggestTest, WhatThePersonHasIsNotOffered) {
  Know(3, "person.employed", "false", "2026-01-01");
  ASSERT_THAT(Offered(), Contains("job_card about 3"));
  Know(3, "doc.job_card", "true", "2026-01-05");
  EXPECT_THAT(Offered(), Not(Contains("job_card about 3")));
}

TEST_F(SuggestTest, ADocumentThatWasTakenAwayIsOfferedAgain) {
  Know(3, "person.employed", "false", "2026-01-01");
  Know(3, "doc.job_card", "true", "2026-01-05");
  Know(3, "doc.job_card", "false", "2026-02-05");
  EXPECT_THAT(Offered(), Contains("job_card about 3"));
}

TEST_F(SuggestTest, ExcludedIsAServiceAboutOnePerson) {
  Person(7, "2026-03-10");
  Person(8, "2024-03-10");
  Relate(3, RelationKind::kParent, 7);
  Relate(3, RelationKind::kParent, 8);
  EXPECT_THAT(Offered({}, {{ServiceId("child_card"), CitizenId(7)}}),
              ElementsAre("adult_course about 3", "child_card about 8"));
}

TEST_F(SuggestTest, WhatIsDeclinedForOneChildIsStillOfferedForTheOther) {
  Person(7, "2026-03-10");
  Person(8, "2024-03-10");
  Relate(3, RelationKind::kParent, 7);
  Relate(3, RelationKind::kParent, 8);
  const profile::Household household = HouseholdOf(3);
  const auto offered = [&](uint64_t about) {
    SuggestRequest request = Ask(household);
    request.turned_down = {{{ServiceId("child_card"), CitizenId(about)}, Day(kToday)}};
    return Shown(Suggest(request, program(), Ranker()).items);
  };
  EXPECT_THAT(offered(7), ElementsAre("adult_course about 3", "child_card about 8"));
  EXPECT_THAT(offered(0), ElementsAre("adult_course about 3")) << "nobody said whom it was about";
}

TEST_F(SuggestTest, ServicesAboutTheDeceasedNeedTheSituation) {
  Person(1, "1950-05-05", "male");
  Know(1, "person.death_date", "2026-03-01", "2026-03-01");
  Relate(1, RelationKind::kParent, 3);
  EXPECT_THAT(Offered(), Not(Contains("burial_payment about 1")));
  EXPECT_THAT(Offered({Open("death", 3, 1, "2026-03-01")}), Contains("burial_payment about 1"));
}

TEST_F(SuggestTest, TheDeceasedMayBeOutsideTheHousehold) {
  Person(1, "1950-05-05", "male");
  Know(1, "person.death_date", "2026-03-01", "2026-03-01");
  const profile::Household household = HouseholdOf(3);
  SuggestRequest request = Ask(household, {Open("death", 3, 1, "2026-03-01")});
  EXPECT_THAT(Shown(Suggest(request, program(), Ranker()).items),
              Not(Contains("burial_payment about 1")));
  request.find_person = [this](CitizenId citizen) { return HouseholdOf(citizen.number()).person; };
  EXPECT_THAT(Shown(Suggest(request, program(), Ranker()).items),
              Contains("burial_payment about 1"));
}

TEST_F(SuggestTest, AnEarlierBurialPaymentDoesNotStandInTheWay) {
  Person(1, "1950-05-05", "male");
  Know(1, "person.death_date", "2026-03-01", "2026-03-01");
  Relate(1, RelationKind::kParent, 3);
  const auto open = Open("death", 3, 1, "2026-03-01");
  Know(3, "pay.burial", "9000", "2020-01-01");
  EXPECT_THAT(Offered({open}), Contains("burial_payment about 1"));
  Know(3, "pay.burial", "9500", "2026-03-10");
  EXPECT_THAT(Offered({open}), Not(Contains("burial_payment about 1")));
}

TEST_F(SuggestTest, TheLatestSituationThatNamesAServiceIsTheOneShown) {
  Know(3, "person.employed", "false", "2026-01-01");
  const profile::Household household = HouseholdOf(3);
  const SuggestRequest request =
      Ask(household, {Open("adulthood", 3, 3, "2025-12-01"), Open("job_loss", 3, 3, "2026-01-01")});
  const auto candidates = EnumerateCandidates(request, program());
  const auto card = std::find_if(candidates.begin(), candidates.end(), [](const Candidate& each) {
    return each.service->id.text() == "job_card";
  });
  ASSERT_NE(card, candidates.end());
  EXPECT_EQ(card->situation.text(), "job_loss");
  EXPECT_EQ(card->situation_since, Day("2026-01-01"));
}

}  // namespace
}  // namespace kstati::recommender
