// SPDX-License-Identifier: Apache-2.0
//
// A move is about the person who moves; what it means for the children is decided for each child.
//
//   mvd_pass: residence changed -+-> of the person: residence registration, clinic
//                                +-> of each minor child: registration, clinic, kindergarten,
//                                school
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;

class MovingTest : public ::testing::Test {
 protected:
  void Mover(const std::string& name, const std::string& birth_date) {
    town.Resident(name, birth_date, "female",
                  {{"person.citizenship_rf", "true"},
                   {"person.lives_in_rf", "true"},
                   {"person.region_code", "77"},
                   {"person.registered_at_residence", "true"},
                   {"doc.passport_rf", "true"},
                   {"doc.residence_registration", "true"},
                   {"doc.oms_policy", "true"}});
  }

  // The services of the chain that are about somebody.
  std::set<std::string> StepsAbout(const std::string& mover, const std::string& about) {
    const auto chain = town.desk().Chain(town.Number(mover), SituationId("moving"), CitizenId());
    EXPECT_TRUE(chain) << (chain ? "" : chain.error().ToString());
    std::set<std::string> services;
    for (const eligibility::Decision& decision : chain->decisions) {
      if (decision.about == town.Number(about)) services.insert(decision.service.text());
    }
    return services;
  }

  std::set<std::string> CasesAbout(const std::string& mover, const std::string& about) {
    std::set<std::string> services;
    const auto cases = town.desk().Cases(town.Number(mover));
    for (const cases::Case& c : *cases) {
      if (c.about == town.Number(about)) services.insert(c.service.text());
    }
    return services;
  }

  bool IsAboutAChild(const ServiceId& service) {
    return town.world().catalogue().FindService(service)->about == graph::About::kChild;
  }

  Town town{"2026-03-16"};
};

TEST_F(MovingTest, WhoeverHasNoChildrenIsToldOfNothingForChildren) {
  Mover("woman", "1969-02-01");
  const auto outcome = town.Happens("event.residence_changed", "woman");
  for (const cases::Case& c : outcome.cases)
    EXPECT_FALSE(IsAboutAChild(c.service)) << c.service.text();
  const auto chain = town.desk().Chain(town.Number("woman"), SituationId("moving"), CitizenId());
  ASSERT_TRUE(chain);
  EXPECT_THAT(chain->chain.steps, Not(IsEmpty()));
  for (const graph::ChainStep& step : chain->chain.steps) {
    EXPECT_FALSE(IsAboutAChild(step.service)) << step.service.text();
  }
  EXPECT_THAT(chain->chain.unreachable, Contains(AttributeId("doc.school_enrolment_order")));
}

TEST_F(MovingTest, EachChildIsDecidedByItself) {
  Mover("mother", "1990-02-01");
  town.Child("infant", "2025-06-01", "mother");
  town.Child("pupil", "2015-06-01", "mother");
  town.Happens("event.residence_changed", "mother");
  EXPECT_THAT(CasesAbout("mother", "infant"),
              IsSupersetOf({"clinic_attachment_child", "kindergarten_queue"}));
  EXPECT_THAT(CasesAbout("mother", "pupil"), Contains("clinic_attachment_child"));
  EXPECT_THAT(CasesAbout("mother", "pupil"), Not(Contains("kindergarten_queue")));
  EXPECT_THAT(CasesAbout("mother", "mother"), Contains("clinic_attachment"));
}

TEST_F(MovingTest, TheChainHasTheStepsOfThePersonAndOfEachChildInOrder) {
  Mover("mother", "1990-02-01");
  town.Child("infant", "2025-06-01", "mother");
  town.Child("pupil", "2015-06-01", "mother");
  EXPECT_THAT(StepsAbout("mother", "mother"), Contains("clinic_attachment"));
  EXPECT_THAT(StepsAbout("mother", "infant"), Contains("clinic_attachment_child"));
  EXPECT_THAT(StepsAbout("mother", "pupil"),
              IsSupersetOf({"clinic_attachment_child", "school_transfer"}));
  const auto chain = town.desk().Chain(town.Number("mother"), SituationId("moving"), CitizenId());
  const std::vector<graph::ChainStep>& steps = chain->chain.steps;
  for (size_t i = 1; i < steps.size(); ++i) EXPECT_LE(steps[i - 1].start, steps[i].start);
}

TEST_F(MovingTest, AGrownUpChildIsNotTheParentsToRegister) {
  Mover("mother", "1966-02-01");
  town.Child("son", "1996-06-01", "mother");
  town.Happens("event.residence_changed", "mother");
  EXPECT_THAT(CasesAbout("mother", "son"), IsEmpty());
  EXPECT_THAT(StepsAbout("mother", "son"), IsEmpty());
}

TEST_F(MovingTest, ADeadChildIsNotMoved) {
  Mover("mother", "1990-02-01");
  town.Child("infant", "2025-06-01", "mother");
  town.Report("infant", {{"person.alive", "false"}});
  EXPECT_THAT(StepsAbout("mother", "infant"), IsEmpty());
}

TEST_F(MovingTest, TheBirthOfAChildIsAboutTheYoungestWhenNobodyIsNamed) {
  Mover("mother", "1990-02-01");
  EXPECT_THAT(
      town.desk()
          .Chain(town.Number("mother"), SituationId("child_birth"), CitizenId())
          ->chain.steps,
      Not(Contains(testing::Field(&graph::ChainStep::service, ServiceId("snils_newborn")))));
  town.Child("infant", "2026-03-01", "mother");
  const auto chain =
      town.desk().Chain(town.Number("mother"), SituationId("child_birth"), CitizenId());
  EXPECT_EQ(chain->about, town.Number("infant"));
}

}  // namespace
}  // namespace kstati::scenarios
