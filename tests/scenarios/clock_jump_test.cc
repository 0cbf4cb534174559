// SPDX-License-Identifier: Apache-2.0
//
// The clock of the server jumps back: what was recorded before stays known, and what is recorded
// now is seen at once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

class ClockJumpTest : public ::testing::Test {
 protected:
  ClockJumpTest() {
    town.Settled("mother", "1995-05-20");
    town.Resident("father", "1993-02-11", "male", {{"person.citizenship_rf", "true"}});
    town.Relate("mother", "spouse", "father");
    town.Consents("mother");
  }

  bool Shows(const std::string& name, const std::string& attribute) {
    const auto profile = town.desk().Profile(town.Number(name), town.today());
    EXPECT_TRUE(profile) << (profile ? "" : profile.error().ToString());
    return profile && profile->Find(AttributeId(attribute)) != nullptr;
  }

  // Three hours, within the day.
  void JumpBack() { town.SetBack(3 * 3'600); }

  Town town{"2026-03-16"};
};

TEST_F(ClockJumpTest, WhatWasRecordedBeforeTheJumpStaysKnown) {
  town.Birth("son", "mother", "father");
  const std::string cases = town.CasesOf("mother");
  JumpBack();
  EXPECT_TRUE(Shows("mother", "doc.birth_record"));
  EXPECT_TRUE(Shows("son", "doc.birth_record"));
  EXPECT_EQ(town.CasesOf("mother"), cases);
}

TEST_F(ClockJumpTest, WhatIsRecordedAfterTheJumpIsSeenAtOnce) {
  JumpBack();
  const cases::Outcome outcome = town.Birth("son", "mother", "father");
  EXPECT_FALSE(outcome.cases.empty()) << "the birth is seen by what follows from it";
  EXPECT_TRUE(Shows("son", "person.citizenship_rf"));
  Town straight("2026-03-16");
  straight.Settled("mother", "1995-05-20");
  straight.Resident("father", "1993-02-11", "male", {{"person.citizenship_rf", "true"}});
  straight.Relate("mother", "spouse", "father");
  straight.Consents("mother");
  straight.Birth("son", "mother", "father");
  EXPECT_EQ(town.CasesOf("mother"), straight.CasesOf("mother"));
}

}  // namespace
}  // namespace kstati::scenarios
