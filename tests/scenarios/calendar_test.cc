// SPDX-License-Identifier: Apache-2.0
//
// Nobody reports a birthday; the calendar finds it.
//
//   2012-03-17  born
//   2026-03-16  sweep: nothing
//   2026-03-17  sweep: turned 14 -> situation "Turning 14" -> passport offered
#include <gtest/gtest.h>

#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

class CalendarTest : public ::testing::Test {
 protected:
  size_t Sweep() {
    const Result<size_t> found = cases::SweepCalendar(town.world(), town.today());
    EXPECT_TRUE(found) << (found ? "" : found.error().ToString());
    return found ? *found : 0;
  }

  Town town{"2026-03-16"};
};

TEST_F(CalendarTest, ThePassportIsOfferedOnTheFourteenthBirthdayAndNotBefore) {
  town.Resident("girl", "2012-03-17", "female", {{"person.citizenship_rf", "true"}});
  EXPECT_EQ(Sweep(), 0u);
  EXPECT_EQ(town.StatusOf("girl", "passport_first_14"), "none");
  town.AdvanceTo("2026-03-17");
  EXPECT_EQ(Sweep(), 1u);
  EXPECT_EQ(town.StatusOf("girl", "passport_first_14"), "offered");
}

TEST_F(CalendarTest, SweepingADayTwiceChangesNothing) {
  town.Resident("girl", "2012-03-16", "female", {{"person.citizenship_rf", "true"}});
  Sweep();
  const std::string before = town.CasesOf("girl");
  const size_t messages = town.desk().Notifications(town.Number("girl"))->size();
  Sweep();
  EXPECT_EQ(town.CasesOf("girl"), before);
  EXPECT_EQ(town.desk().Notifications(town.Number("girl"))->size(), messages);
}

TEST_F(CalendarTest, APassportIsReplacedAtFortyFiveThoughOneIsHeld) {
  town.Resident("man", "1981-03-16", "male",
                {{"person.citizenship_rf", "true"}, {"doc.passport_rf", "true"}});
  Sweep();
  EXPECT_EQ(town.StatusOf("man", "passport_replace_20_45"), "offered");
}

TEST_F(CalendarTest, TheDeadHaveNoBirthdays) {
  town.Resident("man", "1981-03-16", "male",
                {{"person.citizenship_rf", "true"}, {"person.alive", "false"}});
  Sweep();
  EXPECT_EQ(town.CasesOf("man"), "");
}

}  // namespace
}  // namespace kstati::scenarios
