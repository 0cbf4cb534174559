// SPDX-License-Identifier: Apache-2.0
#include "cases/adverse.h"

#include <gtest/gtest.h>

#include <random>
#include <type_traits>

namespace kstati::cases {
namespace {

using eligibility::CriterionOutcome;
using eligibility::Decision;
using eligibility::Truth;
using eligibility::UsedFact;
using eligibility::Verdict;

static_assert(!std::is_default_constructible_v<AdverseLeave>);
static_assert(!std::is_constructible_v<AdverseLeave, Ruling>);

// One attribute, reported by one registry; and random decisions over it.
class AdverseTest : public ::testing::Test {
 protected:
  AdverseTest() {
    std::vector<profile::Attribute> attributes(2);
    attributes[0].id = AttributeId("person.capable");
    attributes[0].registry = RegistryId("court");
    attributes[1].id = AttributeId("person.ready");
    attributes[1].registry = RegistryId("declared");
    dictionary_ = profile::Dictionary(std::move(attributes), {}, {});
    for (const auto verification :
         {graph::Verification::kConfirmed, graph::Verification::kFromKnowledge}) {
      graph::Criterion criterion;
      criterion.id = verification == graph::Verification::kConfirmed ? "sure" : "unsure";
      criterion.ground = GroundId("rg_" + criterion.id);
      criterion.source.verification = verification;
      criteria_.push_back(criterion);
    }
  }

  static UsedFact FactBy(const char* source, const char* attribute = "person.capable") {
    UsedFact used;
    used.fact.attribute = AttributeId(attribute);
    used.fact.reported_by = profile::EventKey{RegistryId(source), EventId("1")};
    return used;
  }
  // A decision on one criterion that rests on one fact.
  Decision DecisionOn(UsedFact used, Truth truth) const {
    Decision decision;
    decision.verdict = truth == Truth::kHolds ? Verdict::kEligible : Verdict::kNotEligible;
    CriterionOutcome outcome;
    outcome.criterion = &criteria_[0];
    outcome.truth = truth;
    outcome.facts = {std::move(used)};
    decision.criteria = {outcome};
    if (truth == Truth::kFails) decision.grounds = {criteria_[0].ground};
    return decision;
  }

  profile::Dictionary dictionary_;
  std::vector<graph::Criterion> criteria_;
};

TEST_F(AdverseTest, OnlyANoOnReportedFactsAndConfirmedLawIsLeave) {
  std::mt19937 random(17);
  const auto draw = [&random](int below) {
    return std::uniform_int_distribution<int>(0, below - 1)(random);
  };
  size_t allowed = 0;
  for (int round = 0; round < 20'000; ++round) {
    Decision decision;
    bool stands = true;  // by the letter, for each failing criterion
    bool fails = false;
    for (int i = draw(4); i >= 0; --i) {
      CriterionOutcome outcome;
      outcome.criterion = &criteria_[static_cast<size_t>(draw(8) == 0)];
      outcome.truth = static_cast<Truth>(draw(3));
      outcome.by_completion = draw(8) == 0;
      bool reported = true;
      for (int j = draw(3); j > 0; --j) {
        UsedFact used = FactBy(draw(8) == 0 ? "stranger" : "court");
        used.assumed_absent = draw(8) == 0;
        reported &= !used.assumed_absent && used.fact.reported_by->source.text() == "court";
        outcome.facts.push_back(std::move(used));
      }
      if (outcome.truth == Truth::kFails) {
        fails = true;
        stands &= reported && !outcome.facts.empty() && !outcome.by_completion &&
                  outcome.criterion->id == "sure";
        decision.grounds.push_back(outcome.criterion->ground);
      }
      decision.criteria.push_back(std::move(outcome));
    }
    decision.verdict = fails ? Verdict::kNotEligible : static_cast<Verdict>(draw(4));
    const bool no = decision.verdict == Verdict::kNotEligible && fails;
    const auto leave = AdverseLeave::ByRules(decision, dictionary_);
    ASSERT_EQ(leave.has_value(), no && stands) << round;
    allowed += leave.has_value() ? 1 : 0;
  }
  EXPECT_GT(allowed, 100u);
}

TEST_F(AdverseTest, NothingAdverseFollowsFromAnybodysOwnWord) {
  const UsedFact stated = FactBy("declared", "person.ready");
  EXPECT_FALSE(AdverseLeave::ByRules(DecisionOn(stated, Truth::kFails), dictionary_));
  EXPECT_TRUE(IsConfirmedYes(DecisionOn(stated, Truth::kHolds), dictionary_))
      << "the dictionary lets people report it themselves";
  UsedFact shown = stated;
  shown.fact.evidence = std::make_shared<const profile::Evidence>(profile::Evidence{
      profile::EvidenceKind::kElectronicDocument, profile::Assurance::kDocumentary, "paper 7"});
  EXPECT_TRUE(AdverseLeave::ByRules(DecisionOn(shown, Truth::kFails), dictionary_));
}

TEST_F(AdverseTest, AWordThatARegistryPassesOnConfirmsNothing) {
  UsedFact passed_on = FactBy("court");
  ASSERT_TRUE(AdverseLeave::ByRules(DecisionOn(passed_on, Truth::kFails), dictionary_));
  passed_on.fact.evidence = std::make_shared<const profile::Evidence>(profile::Evidence{
      profile::EvidenceKind::kSelfDeclaration, profile::Assurance::kSelfDeclared});
  EXPECT_FALSE(AdverseLeave::ByRules(DecisionOn(passed_on, Truth::kFails), dictionary_));
  EXPECT_FALSE(IsConfirmedYes(DecisionOn(passed_on, Truth::kHolds), dictionary_));
}

TEST_F(AdverseTest, AGroundThatNoFailingCriterionStandsForNeedsAnOfficial) {
  Decision decision;
  decision.verdict = Verdict::kNotEligible;
  decision.grounds = {GroundId("rg_other")};  // whom no category covers, for example
  EXPECT_FALSE(AdverseLeave::ByRules(decision, dictionary_));
}

TEST_F(AdverseTest, AnOfficialsRulingNamesTheOfficialAndAGround) {
  Ruling ruling;
  ruling.decided = Decided::kRefused;
  ruling.grounds = {GroundId("rg_sure")};
  EXPECT_FALSE(AdverseLeave::ByOfficial(ruling)) << "nobody decides";
  ruling.official = "desk";
  EXPECT_TRUE(AdverseLeave::ByOfficial(ruling));
  ruling.grounds.clear();
  EXPECT_FALSE(AdverseLeave::ByOfficial(ruling)) << "no ground";
  ruling.decided = Decided::kGranted;
  EXPECT_FALSE(AdverseLeave::ByOfficial(ruling)) << "nothing adverse";
}

TEST_F(AdverseTest, AYesIsConfirmedOnReportedFactsAndOnSilence) {
  Decision decision;
  decision.verdict = Verdict::kEligible;
  CriterionOutcome outcome;
  outcome.criterion = &criteria_[0];
  outcome.truth = Truth::kHolds;
  outcome.facts = {FactBy("court")};
  decision.criteria = {outcome};
  EXPECT_TRUE(IsConfirmedYes(decision, dictionary_));
  decision.criteria[0].facts[0].assumed_absent = true;
  EXPECT_TRUE(IsConfirmedYes(decision, dictionary_));
  decision.criteria[0].facts = {FactBy("stranger")};
  EXPECT_FALSE(IsConfirmedYes(decision, dictionary_));
  decision.verdict = Verdict::kLikely;
  decision.criteria.clear();
  EXPECT_FALSE(IsConfirmedYes(decision, dictionary_));
}

}  // namespace
}  // namespace kstati::cases
