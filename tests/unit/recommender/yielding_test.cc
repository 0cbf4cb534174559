// SPDX-License-Identifier: Apache-2.0
#include "recommender/yielding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

namespace kstati::recommender {
namespace {

using eligibility::Decision;
using eligibility::Verdict;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr CitizenId kPensioner{1};
constexpr CitizenId kFirstChild{2};
constexpr CitizenId kSecondChild{3};

graph::Exclusion Excluding(const char* id, std::vector<ServiceId> services,
                           graph::ExclusionScope scope = graph::ExclusionScope::kApplicant) {
  graph::Exclusion exclusion;
  exclusion.id = id;
  exclusion.services = std::move(services);
  exclusion.scope = scope;
  return exclusion;
}

// What somebody may have, with amounts by the month.
class Rights {
 public:
  Rights& Add(const char* service, std::optional<int64_t> roubles,
              Verdict verdict = Verdict::kEligible, CitizenId about = kPensioner,
              CitizenId applicant = kPensioner) {
    graph::Service& described = services_.emplace_back();
    described.id = ServiceId(service);
    described.priority = 50;
    graph::Regulation& regulation = regulations_.emplace_back();
    Decision& decision = decisions_.emplace_back();
    if (roubles) {
      regulation.benefit.emplace();
      regulation.benefit->period = graph::AmountPeriod::kMonth;
      decision.amount = Decimal(*roubles);
    }
    decision.service = described.id;
    decision.applicant = applicant;
    decision.about = about;
    decision.verdict = verdict;
    decision.described = &described;
    decision.regulation = &regulation;
    return *this;
  }

  std::vector<Yielding> Yield(const std::vector<graph::Exclusion>& exclusions) const {
    std::vector<const Decision*> all;
    for (const Decision& decision : decisions_) all.push_back(&decision);
    return YieldingOf(all, graph::Catalogue(), exclusions);
  }

 private:
  std::deque<graph::Service> services_;
  std::deque<graph::Regulation> regulations_;
  std::deque<Decision> decisions_;
};

const std::vector<graph::Exclusion> kPensions{
    Excluding("pension", {ServiceId("old"), ServiceId("social"), ServiceId("survivor")})};

// The same service about the same person, for two applicants.
TEST(Yielding, WhatOneOfTwoApplicantsHasTakesNothingFromTheOther) {
  const CitizenId brother(8);
  const CitizenId dead(9);
  const auto yielding = Rights()
                            .Add("survivor", 10'000, Verdict::kEligible, dead)
                            .Add("survivor", 10'000, Verdict::kEligible, dead, brother)
                            .Add("social", 15'000, Verdict::kEligible, brother, brother)
                            .Yield(kPensions);
  ASSERT_EQ(yielding.size(), 1U);
  EXPECT_EQ(yielding[0].service, ServiceId("survivor"));
  EXPECT_EQ(yielding[0].applicant, brother);
  EXPECT_EQ(yielding[0].about, dead);
}

TEST(Yielding, WhatPaysLessYieldsWithTheSumThatItIsLess) {
  const auto yielding = Rights().Add("old", 20'000).Add("social", 15'000).Yield(kPensions);
  ASSERT_EQ(yielding.size(), 1U);
  EXPECT_EQ(yielding[0].service, ServiceId("social"));
  EXPECT_THAT(yielding[0].instead, ElementsAre(ServiceId("old")));
  EXPECT_EQ(yielding[0].exclusion->id, "pension");
  EXPECT_EQ(yielding[0].more, 12 * 5'000 * 100);
  EXPECT_FALSE(yielding[0].undetermined);
}

TEST(Yielding, WhatIsUndeterminedYieldsToWhatIsCertain) {
  const auto yielding =
      Rights().Add("social", 15'000).Add("old", 40'000, Verdict::kUndetermined).Yield(kPensions);
  ASSERT_EQ(yielding.size(), 1U);
  EXPECT_EQ(yielding[0].service, ServiceId("old"));
  EXPECT_TRUE(yielding[0].undetermined);
  EXPECT_FALSE(yielding[0].more.has_value());
}

TEST(Yielding, WithoutAFigureNoSumIsClaimed) {
  const auto yielding = Rights().Add("old", 20'000).Add("survivor", std::nullopt).Yield(kPensions);
  ASSERT_EQ(yielding.size(), 1U);
  EXPECT_EQ(yielding[0].service, ServiceId("survivor"));
  EXPECT_FALSE(yielding[0].more.has_value());
}

TEST(Yielding, WhatIsAloneOrInNoExclusionYieldsToNobody) {
  EXPECT_THAT(Rights().Add("old", 1).Add("other", 2).Yield(kPensions), IsEmpty());
  EXPECT_THAT(Rights().Add("old", 1).Add("social", 2).Yield({}), IsEmpty());
}

TEST(Yielding, ExclusionsForAChildLeaveTheOtherChildAlone) {
  const std::vector<graph::Exclusion> one_a_child{Excluding(
      "child", {ServiceId("care"), ServiceId("allowance")}, graph::ExclusionScope::kAbout)};
  const auto yielding = Rights()
                            .Add("care", 10, Verdict::kEligible, kFirstChild)
                            .Add("allowance", 20, Verdict::kEligible, kFirstChild)
                            .Add("care", 10, Verdict::kEligible, kSecondChild)
                            .Yield(one_a_child);
  ASSERT_EQ(yielding.size(), 1U);
  EXPECT_EQ(yielding[0].service, ServiceId("care"));
  EXPECT_EQ(yielding[0].about, kFirstChild);
}

}  // namespace
}  // namespace kstati::recommender
