// SPDX-License-Identifier: Apache-2.0
#include "eligibility/counterfactual.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "small_world.h"

namespace kstati::eligibility {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class WhatWouldHelp : public testing::Test {
 protected:
  WhatWouldHelp() {
    WithPeople(catalogue_);
    for (const char* id : {"person.registered", "person.has_account"}) Changeable(id, "boolean");
    Changeable("person.savings", "money");
    Changeable("person.record_years", "number", ", only: up");
  }

  void Changeable(const std::string& id, const std::string& type, const std::string& more = {}) {
    catalogue_.Attribute("id: " + id + ", type: " + type + ", name: {ru: " + id + ", en: " + id +
                         "}, registry: zags, category: income, completeness: open, changes: "
                         "by_person" +
                         more);
  }

  Counterfactuals Found(const std::vector<Requirement>& rules) {
    catalogue_.Service("benefit", "person", rules);
    program_ = &catalogue_.Compile();
    EXPECT_THAT(catalogue_.issues(), IsEmpty());
    household_ = records_.HouseholdOf(1, "2026-03-15");
    Subject subject;
    subject.household = &household_;
    return WhatWouldChange(*program_, catalogue_.service("benefit"), subject);
  }

  // Each of the next two years' days from its own household.
  std::optional<Date> FirstDayLookedAtAlone() {
    for (int ahead = 1; ahead <= 2 * 366; ++ahead) {
      const Date day = Day("2026-03-15").AddDays(ahead);
      const profile::Household household = records_.HouseholdOf(1, day.ToString());
      Subject subject;
      subject.household = &household;
      const Decision decision = program_->Decide(catalogue_.service("benefit"), subject, false);
      if (decision.verdict == Verdict::kEligible) return day;
    }
    return std::nullopt;
  }

  // Of a service about citizen 2, who has to be registered.
  std::vector<std::string> SetsAbout(const std::string& role) {
    catalogue_.Service("of_" + role, role, {{"registered", role + ".registered"}});
    program_ = &catalogue_.Compile();
    household_ = records_.HouseholdOf(1, "2026-03-15");
    Subject subject;
    subject.household = &household_;
    subject.about = records_.ViewOf(2, "2026-03-15");
    const graph::Service& service = catalogue_.service("of_" + role);
    EXPECT_EQ(program_->Decide(service, subject, false).verdict, Verdict::kNotEligible);
    return Sets(WhatWouldChange(*program_, service, subject));
  }

  // "person.registered=true, person.savings=100"
  static std::vector<std::string> Sets(const Counterfactuals& found) {
    std::vector<std::string> sets;
    for (const std::vector<Change>& set : found.sets) {
      std::string& text = sets.emplace_back();
      for (const Change& change : set) {
        text += (text.empty() ? "" : ", ") + change.attribute.text() + "=" +
                profile::ToText(change.value);
      }
    }
    return sets;
  }

  SmallCatalogue catalogue_;
  Records records_;
  profile::Household household_;
  const Program* program_ = nullptr;
};

TEST_F(WhatWouldHelp, TheSmallestSetsAreFoundAndNoLargerOnes) {
  records_.Know(1, "person.registered", false)
      .Know(1, "person.has_account", false)
      .Know(1, "person.savings", Number("500"));
  const Counterfactuals found =
      Found({{"either", "person.registered or (person.has_account and person.savings <= 100)"}});
  EXPECT_THAT(Sets(found),
              ElementsAre("person.registered=true", "person.has_account=true, person.savings=100"));
  EXPECT_TRUE(found.complete);
}

TEST_F(WhatWouldHelp, TheValueNearestToThePresentThatSuffices) {
  records_.Know(1, "person.savings", Number("500.01"));
  EXPECT_THAT(Sets(Found({{"poor", "person.savings <= 500"}})), ElementsAre("person.savings=500"));
}

TEST_F(WhatWouldHelp, NearestIsExactToTheKopeckToo) {
  records_.Know(1, "person.savings", Number("700"));
  EXPECT_THAT(Sets(Found({{"poor", "person.savings < 500 or person.savings = 3"}})),
              ElementsAre("person.savings=499.99"));
}

TEST_F(WhatWouldHelp, NearestOnEitherSide) {
  records_.Know(1, "person.savings", Number("700"));
  EXPECT_THAT(Sets(Found({{"one_of",
                           "(person.savings > 100 and person.savings < 500) or "
                           "person.savings > 1000"}})),
              ElementsAre("person.savings=499.99"));
}

TEST_F(WhatWouldHelp, WholeNumbersStayWhole) {
  records_.Know(1, "person.record_years", Number("5"));
  EXPECT_THAT(Sets(Found({{"enough", "person.record_years > 15"}})),
              ElementsAre("person.record_years=16"));
}

TEST_F(WhatWouldHelp, NearestDayOfAStretch) {
  Changeable("person.registered_from", "date");
  records_.Know(1, "person.registered_from", Day("2026-02-01"));
  EXPECT_THAT(Sets(Found({{"long_ago",
                           "person.registered_from < date(\"2024-05-10\") and "
                           "person.registered_from > date(\"2020-01-01\")"}})),
              ElementsAre("person.registered_from=2024-05-09"));
}

TEST_F(WhatWouldHelp, BothChangesWhereTwoCriteriaFail) {
  records_.Know(1, "person.registered", false).Know(1, "person.has_account", false);
  EXPECT_THAT(Sets(Found({{"registered", "person.registered"}, {"account", "person.has_account"}})),
              ElementsAre("person.registered=true, person.has_account=true"));
}

TEST_F(WhatWouldHelp, NothingWhereOneOfTwoGroundsStays) {
  records_.Know(1, "person.registered", false).Know(1, "person.sex", "male");
  const Counterfactuals found =
      Found({{"registered", "person.registered"}, {"woman", "person.sex = \"female\""}});
  EXPECT_THAT(found.sets, IsEmpty());
  EXPECT_TRUE(found.complete);
}

TEST_F(WhatWouldHelp, TheDeceasedChangeNothingAndAChildMay) {
  for (const char* role : {"child", "deceased"}) {
    catalogue_.Attribute("id: " + std::string(role) +
                         ".registered, type: boolean, name: {ru: Р, en: R}, same_as: "
                         "person.registered");
  }
  records_.Know(1, "person.registered", true).Know(2, "person.registered", false).Parent(1, 2);
  EXPECT_THAT(SetsAbout("child"), ElementsAre("person.registered=true"));
  EXPECT_THAT(SetsAbout("deceased"), IsEmpty());
}

TEST_F(WhatWouldHelp, NothingThatThePersonCannotInfluence) {
  records_.Know(1, "person.sex", "male").Know(1, "person.income", Number("500"));
  EXPECT_THAT(Found({{"woman", "person.sex = \"female\""}}).sets, IsEmpty());
}

TEST_F(WhatWouldHelp, NothingBackwards) {
  records_.Know(1, "person.record_years", Number("20"));
  EXPECT_THAT(Sets(Found({{"few", "person.record_years < 10"}})), IsEmpty());
}

TEST_F(WhatWouldHelp, AYearsRecordMayGrow) {
  records_.Know(1, "person.record_years", Number("5"));
  EXPECT_THAT(Sets(Found({{"enough", "person.record_years >= 15"}})),
              ElementsAre("person.record_years=15"));
}

TEST_F(WhatWouldHelp, AgeComesByWaitingOnItsDay) {
  records_.Know(1, "person.birth_date", Day("2008-09-01"));
  const Counterfactuals found = Found({{"adult", "person.age_years >= 18"}});
  EXPECT_THAT(found.sets, IsEmpty());
  ASSERT_TRUE(found.by_waiting);
  EXPECT_EQ(found.by_waiting->ToString(), "2026-09-01");
}

TEST_F(WhatWouldHelp, WhatTimeTakesAwayDoesNotComeByWaiting) {
  records_.Know(1, "person.birth_date", Day("2008-01-01"));
  EXPECT_FALSE(Found({{"child", "person.age_years < 18"}}).by_waiting);
}

TEST_F(WhatWouldHelp, ManyYearsAhead) {
  records_.Know(1, "person.birth_date", Day("2016-09-01"));
  const Counterfactuals found = Found({{"adult", "person.age_years >= 18"}});
  ASSERT_TRUE(found.by_waiting);
  EXPECT_EQ(found.by_waiting->ToString(), "2034-09-01");
}

TEST_F(WhatWouldHelp, WaitingSeesRecordsBeginAndGoesByTheDay) {
  records_.Know(1, "person.birth_date", Day("2007-09-01"))
      .Know(1, "person.student", true)
      .Know(1, "person.student", false, "2026-01-11", "2027-06-30")
      .Know(1, "person.student", true, "2026-01-12", "2027-09-01");
  for (const char* rule :
       {"person.age_years >= 19 and not(person.student)", "not(person.student)",
        "person.age_years >= 20 and not(person.student)",
        "person.student and person.age_years >= 20", "day of week(today()) = \"Monday\""}) {
    const Counterfactuals found = Found({{"rule", rule}});
    EXPECT_EQ(found.by_waiting, FirstDayLookedAtAlone()) << rule;
  }
}

TEST_F(WhatWouldHelp, NothingIsPromisedPastTheLastFigure) {
  catalogue_.Parameter(
      "id: age_limit, unit: years, type: number, values: [{from: 2020-01-01, to: 2027-12-31, "
      "region: RU, value: 18, verification: from_knowledge}]");
  records_.Know(1, "person.birth_date", Day("2010-09-01"));
  EXPECT_FALSE(Found({{"adult", "person.age_years >= parameter(\"age_limit\")"}}).by_waiting);
}

TEST_F(WhatWouldHelp, WhatHoldsWhateverIsUnknownIsEnough) {
  records_.Know(1, "person.registered", false);
  EXPECT_THAT(Sets(Found({{"either",
                           "(person.registered and person.has_account = true) or "
                           "(person.registered and person.has_account != true)"}})),
              ElementsAre("person.registered=true"));
}

TEST_F(WhatWouldHelp, OfAYesNothingIsAsked) {
  records_.Know(1, "person.registered", true);
  const Counterfactuals found = Found({{"registered", "person.registered"}});
  EXPECT_THAT(found.sets, IsEmpty());
  EXPECT_FALSE(found.by_waiting);
}

TEST_F(WhatWouldHelp, IsSaidInWords) {
  records_.Know(1, "person.savings", Number("700")).Know(1, "person.birth_date", Day("2008-09-01"));
  const Counterfactuals found =
      Found({{"either", "person.savings <= 500 or person.age_years >= 18"}});
  EXPECT_THAT(InWords(found, *program_, CitizenId(1), Texts(), Language::kEnglish),
              ElementsAre("The answer would be yes with this: person.savings: ₽500.",
                          "From 1 September 2026 the answer is yes, if the law and everything else "
                          "stay as they are."));
}

}  // namespace
}  // namespace kstati::eligibility
