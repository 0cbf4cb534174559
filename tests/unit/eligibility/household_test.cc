// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "small_world.h"

namespace kstati::eligibility {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kToday = "2026-03-15";
constexpr uint64_t kMother = 1;
constexpr uint64_t kSon = 2;
constexpr uint64_t kDaughter = 3;
constexpr uint64_t kFather = 4;

class OfHousehold : public testing::Test {
 protected:
  OfHousehold() { WithPeople(catalogue_); }

  void Rule(const std::string& rule, const std::string& about = "person") {
    catalogue_.Service("benefit", about, {{"rule", rule}});
    program_ = &catalogue_.Compile();
    for (const Issue& issue : catalogue_.issues()) ADD_FAILURE() << issue.text;
  }

  // For the mother; about a child when one is named.
  Decision Decided(std::optional<uint64_t> about = std::nullopt) {
    household_ = records_.HouseholdOf(kMother, kToday);
    Subject subject{&household_, nullptr, event_date_};
    if (about) subject.about = records_.ViewOf(*about, kToday);
    return program_->Decide(catalogue_.service("benefit"), subject, true);
  }

  void MotherOfTwo() {
    records_.Parent(kMother, kSon).Parent(kMother, kDaughter);
    records_.Know(kSon, "person.birth_date", Day("2020-05-01"));
    records_.Know(kSon, "person.alive", true).Know(kDaughter, "person.alive", true);
  }

  SmallCatalogue catalogue_;
  Records records_;
  profile::Household household_;
  std::optional<Date> event_date_;
  const Program* program_ = nullptr;
};

TEST_F(OfHousehold, AChildsAttributeIsReadInTheChildsProfile) {
  Rule("child.age_years < 3 and person.age_years > 18", "child");
  records_.Parent(kMother, kSon)
      .Know(kMother, "person.birth_date", Day("1990-01-01"))
      .Know(kSon, "person.birth_date", Day("2024-01-01"), "2026-02-01");
  const Decision decision = Decided(kSon);
  EXPECT_EQ(decision.verdict, Verdict::kEligible);
  EXPECT_EQ(decision.about, CitizenId(kSon));
  EXPECT_EQ(decision.founded_at, At("2026-02-01"));
  ASSERT_EQ(decision.criteria[0].facts.size(), 2u);
  EXPECT_EQ(decision.criteria[0].facts[0].citizen, CitizenId(kSon));
  EXPECT_EQ(decision.criteria[0].facts[1].citizen, CitizenId(kMother));
}

TEST_F(OfHousehold, AMissingFactOfTheChildIsNamedAsTheChilds) {
  Rule("child.age_years < 3", "child");
  records_.Parent(kMother, kSon);
  const Decision decision = Decided(kSon);
  EXPECT_THAT(MissingNames(decision), ElementsAre("child.birth_date"));
  EXPECT_EQ(decision.missing[0].citizen, CitizenId(kSon));
}

TEST_F(OfHousehold, WithoutTheChildAServiceAboutOneIsUndetermined) {
  Rule("person.student = false", "child");
  records_.Know(kMother, "person.sex", "female");
  EXPECT_EQ(Decided().verdict, Verdict::kUndetermined);
}

TEST_F(OfHousehold, AYesNeedsTheChildButANoDoesNot) {
  Rule("person.student", "child");
  records_.Know(kMother, "person.sex", "female");
  EXPECT_EQ(Decided().verdict, Verdict::kNotEligible);
}

TEST_F(OfHousehold, ChildrenAreCountedByTheirFacts) {
  Rule("count(children[item.alive and item.age_years < 18]) >= 2");
  MotherOfTwo();
  records_.Know(kDaughter, "person.birth_date", Day("2024-05-01"), "2026-02-02");
  const Decision decision = Decided();
  EXPECT_EQ(decision.verdict, Verdict::kEligible);
  EXPECT_EQ(decision.founded_at, At("2026-02-02"));
  EXPECT_EQ(decision.criteria[0].facts.size(), 4u);
  ASSERT_FALSE(decision.criteria[0].readings.empty());
  EXPECT_EQ(decision.criteria[0].readings[0].kin, Kin::kChild);
}

TEST_F(OfHousehold, OnlyWhatTheRuleNamesCountsAsRead) {
  catalogue_.Attribute(
      "id: family.all_girls, type: boolean, name: {ru: Д, en: G}, "
      "derive: 'every c in children satisfies c.sex = \"female\"'");
  Rule("some c in children satisfies c.age_years < 7");
  MotherOfTwo();
  records_.Know(kSon, "person.sex", "male").Know(kDaughter, "person.birth_date", Day("2024-05-01"));
  const Decision decision = Decided();
  EXPECT_EQ(decision.criteria[0].facts.size(), 2u);
  for (const UsedFact& used : decision.criteria[0].facts) {
    EXPECT_EQ(used.fact.attribute, AttributeId("person.birth_date"));
  }
}

TEST_F(OfHousehold, AChildOfUnknownAgeLeavesTheCountOpen) {
  Rule("count(children[item.age_years < 18]) >= 2");
  MotherOfTwo();
  const Decision decision = Decided();
  EXPECT_EQ(decision.verdict, Verdict::kUndetermined);
  EXPECT_THAT(MissingNames(decision), ElementsAre("person.birth_date"));
  EXPECT_EQ(decision.missing[0].citizen, CitizenId(kDaughter));
}

TEST_F(OfHousehold, NoRecordedChildMeansNoChild) {
  Rule("count(children) > 0");
  records_.Know(kMother, "person.sex", "female");
  EXPECT_EQ(Decided().verdict, Verdict::kNotEligible);
}

TEST_F(OfHousehold, TheOrderOfAChildFollowsFromItsSiblings) {
  catalogue_.Attribute(
      "id: child.order, type: number, name: {ru: К, en: O}, "
      "derive: 'count(children[item.birth_date <= child.birth_date])'");
  Rule("child.order = 2", "child");
  MotherOfTwo();
  records_.Know(kDaughter, "person.birth_date", Day("2024-05-01"));
  EXPECT_EQ(Decided(kDaughter).verdict, Verdict::kEligible);
  EXPECT_EQ(Decided(kSon).verdict, Verdict::kNotEligible);
}

TEST_F(OfHousehold, SpousesAndParentsAreListsToo) {
  Rule("count(spouses) = 1 and spouses[1].age_years >= 30 and count(parents) = 0");
  records_.Relate(kFather, profile::RelationKind::kSpouse, kMother)
      .Know(kFather, "person.birth_date", Day("1990-01-01"));
  EXPECT_EQ(Decided().verdict, Verdict::kEligible);
}

// A newborn's birth record stands in the child's profile, one's own in one's own.
TEST_F(OfHousehold, ADocumentHeldByWhomTheServiceIsAboutIsReadThere) {
  catalogue_.Attribute(
      "id: doc.birth_record, type: document, name: {ru: З, en: R}, registry: zags, "
      "category: documents, completeness: complete, askable: false, holder: about, "
      "verification: from_knowledge");
  catalogue_.Service("own", "person", {{"rule", "doc.birth_record"}});
  Rule("doc.birth_record", "child");
  records_.Know(kSon, "doc.birth_record", true).Know(kMother, "person.sex", "female");
  household_ = records_.HouseholdOf(kMother, kToday);
  Inquiry inquiry(*program_, {&household_, records_.ViewOf(kSon, kToday), std::nullopt});
  EXPECT_EQ(inquiry.Decide(catalogue_.service("benefit"), true).verdict, Verdict::kEligible);
  EXPECT_EQ(inquiry.Decide(catalogue_.service("own"), true).verdict, Verdict::kNotEligible);
  EXPECT_EQ(Decided().verdict, Verdict::kUndetermined);
}

TEST_F(OfHousehold, RelationsOfKnownCitizensAreDefinite) {
  Rule("relation.parent_of_child", "child");
  records_.Parent(kMother, kSon, "2026-02-03").Know(kDaughter, "person.alive", true);
  EXPECT_EQ(Decided(kSon).verdict, Verdict::kEligible);
  EXPECT_EQ(Decided(kSon).founded_at, At("2026-02-03"));
  EXPECT_EQ(Decided(kDaughter).verdict, Verdict::kNotEligible);
}

TEST_F(OfHousehold, AGuardianIsNoParent) {
  Rule("relation.guardian_of_child and not(relation.parent_of_child)", "child");
  records_.Relate(kMother, profile::RelationKind::kGuardian, kSon);
  EXPECT_EQ(Decided(kSon).verdict, Verdict::kEligible);
}

TEST_F(OfHousehold, TheBereavedAreToldApart) {
  Rule(
      "relation.spouse_of_deceased and not(relation.child_of_deceased) and "
      "not(relation.parent_of_deceased)",
      "deceased");
  records_.Relate(kFather, profile::RelationKind::kSpouse, kMother)
      .Know(kFather, "person.sex", "male");
  EXPECT_EQ(Decided(kFather).verdict, Verdict::kEligible);
}

TEST_F(OfHousehold, TheDayOfTheEventIsUnknownWhenNoneDidIt) {
  Rule("(today() - event.date).days <= 30");
  records_.Know(kMother, "person.sex", "female");
  EXPECT_THAT(MissingNames(Decided()), ElementsAre("event.date"));
  event_date_ = Day("2026-02-13");
  EXPECT_EQ(Decided().verdict, Verdict::kEligible);
  event_date_ = Day("2026-02-12");
  EXPECT_EQ(Decided().verdict, Verdict::kNotEligible);
}

}  // namespace
}  // namespace kstati::eligibility
