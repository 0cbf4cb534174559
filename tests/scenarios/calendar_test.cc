// SPDX-License-Identifier: Apache-2.0
//
// Nobody reports a birthday; the calendar finds it.
//
//   2012-03-17  born
//   2026-03-16  sweep: nothing
//   2026-03-17  sweep: turned 14 -> situation "Turning 14" -> passport offered
#include <gtest/gtest.h>

#include "cases/calendar_sweep.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

class CalendarTest : public ::testing::Test {
 protected:
  size_t Sweep() {
    size_t found = 0;
    for (size_t partition = 0; partition < town.world().store->Partitions(); ++partition) {
      const auto swept = cases::SweepCitizens(town.world(), partition, {town.today(), town.today()},
                                              CitizenId(), SIZE_MAX);
      EXPECT_TRUE(swept) << (swept ? "" : swept.error().ToString());
      if (!swept) continue;
      for (const auto& [citizen, why] : swept->failed) ADD_FAILURE() << why.ToString();
      found += swept->life_events;
    }
    return found;
  }

  CitizenId Disabled(const std::string& name) {
    return town.Resident(name, "1985-02-03", "male",
                         {{"person.citizenship_rf", "true"},
                          {"mse.persistent_disorder", "true"},
                          {"mse.life_limitation", "true"},
                          {"mse.need_of_rehab", "true"}});
  }

  // Reported today, as valid from today on.
  void CertificateUntil(CitizenId citizen, Date last) {
    profile::RegistryEvent report;
    report.key = {RegistryId("fri"), EventId("certificate")};
    report.type = EventTypeId(std::string(profile::kFactsOnly));
    report.subject = citizen;
    report.occurred_on = town.today();
    report.facts = {{citizen, AttributeId("doc.mse_certificate"), true, {town.today(), last}}};
    ASSERT_TRUE(town.Submit(report));
  }

  // What a server does after its start.
  size_t SweepWhatIsDue() {
    cases::CalendarSweep sweep(town.world());
    for (;;) {
      const Result<cases::SweepState> state = sweep.Step(1);
      EXPECT_TRUE(state) << (state ? "" : state.error().ToString());
      if (!state || *state != cases::SweepState::kUnderWay) return sweep.life_events();
    }
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

TEST_F(CalendarTest, ACertificateAboutToExpireOpensItsSituationOnce) {
  const CitizenId man = Disabled("man");
  CertificateUntil(man, Date::Of(2026, 5, 20));
  town.AdvanceTo("2026-03-19");
  EXPECT_EQ(Sweep(), 0u);
  town.AdvanceTo("2026-03-20");
  EXPECT_EQ(Sweep(), 1u) << "two months before its last day";
  EXPECT_EQ(town.StatusOf("man", "mse_examination"), "announced");
  town.AdvanceTo("2026-03-21");
  EXPECT_EQ(Sweep(), 0u);
}

TEST_F(CalendarTest, ACertificateThatBecomesKnownShortlyBeforeItsEndOpensItsSituationThen) {
  const CitizenId man = Disabled("man");
  const auto report = [&](const char* id, const char* last_day) {
    profile::RegistryEvent event;
    event.key = {RegistryId("fri"), EventId(id)};
    event.type = EventTypeId(std::string(profile::kFactsOnly));
    event.subject = man;
    event.occurred_on = town.today();
    event.facts = {{man,
                    AttributeId("doc.mse_certificate"),
                    true,
                    {Date::Of(2025, 5, 1), *Date::Parse(last_day)}}};
    const auto outcome = town.Submit(event);
    EXPECT_TRUE(outcome.has_value());
    return outcome ? outcome->life_events.size() : 0;
  };
  EXPECT_EQ(report("at_go_live", "2026-04-30"), 1u) << "six weeks are left, not two months";
  EXPECT_EQ(town.StatusOf("man", "mse_examination"), "announced");
  EXPECT_EQ(report("told_again", "2026-04-30"), 0u);
  EXPECT_EQ(report("longer", "2026-12-31"), 0u) << "there is time";
  EXPECT_EQ(Sweep(), 0u);
}

TEST_F(CalendarTest, ACertificateThatBecomesKnownOnTheDayOfItsReminderIsRemindedOfOnce) {
  const CitizenId man = Disabled("man");
  EXPECT_EQ(Sweep(), 0u);
  CertificateUntil(man, Date::Of(2026, 5, 16));
  EXPECT_EQ(town.StatusOf("man", "mse_examination"), "announced") << "today was swept already";
  const size_t messages = town.desk().Notifications(man)->size();
  EXPECT_EQ(Sweep(), 1u) << "as the calendar would have told";
  EXPECT_EQ(town.desk().Cases(man)->size(), 1u);
  EXPECT_EQ(town.desk().Notifications(man)->size(), messages);
}

// The sweep of the 17th saw the wrong date, and that of the 25th will not see it any more.
TEST_F(CalendarTest, ABirthDateThatIsPutRightBringsWhatItsDayWouldHaveBrought) {
  town.Resident("girl", "2012-03-25", "female", {{"person.citizenship_rf", "true"}});
  SweepWhatIsDue();
  town.AdvanceTo("2026-03-20");
  SweepWhatIsDue();
  ASSERT_EQ(town.StatusOf("girl", "passport_first_14"), "none");
  town.Report("girl", {{"person.birth_date", "2012-03-17"}});
  EXPECT_EQ(town.StatusOf("girl", "passport_first_14"), "offered");
  const size_t cases = town.desk().Cases(town.Number("girl"))->size();
  town.AdvanceTo("2026-03-25");
  EXPECT_EQ(SweepWhatIsDue(), 0u);
  EXPECT_EQ(town.desk().Cases(town.Number("girl"))->size(), cases);
}

TEST_F(CalendarTest, WhoBecomesKnownAfterABirthdayIsToldWhatItBrought) {
  town.Resident("girl", "2012-03-14", "female", {{"person.citizenship_rf", "true"}});
  EXPECT_EQ(town.StatusOf("girl", "passport_first_14"), "offered");
  const size_t messages = town.desk().Notifications(town.Number("girl"))->size();
  for (size_t partition = 0; partition < town.world().store->Partitions(); ++partition) {
    ASSERT_TRUE(cases::SweepCitizens(town.world(), partition, {Date::Of(2026, 3, 14), town.today()},
                                     CitizenId(), 10));
  }
  EXPECT_EQ(town.desk().Notifications(town.Number("girl"))->size(), messages)
      << "the sweep and the event are one life event";
  town.Resident("woman", "2010-03-14", "female", {{"person.citizenship_rf", "true"}});
  EXPECT_EQ(town.StatusOf("woman", "passport_first_14"), "none") << "that was long ago";
}

TEST_F(CalendarTest, ALicenceThatEndsOpensItsSituationTwoMonthsBefore) {
  const CitizenId man = town.Resident("man", "1985-02-03", "male",
                                      {{"person.citizenship_rf", "true"},
                                       {"person.driver_medical_ok", "true"},
                                       {"person.driving_ban", "false"}});
  profile::RegistryEvent report;
  report.key = {RegistryId("gibdd"), EventId("licence")};
  report.type = EventTypeId(std::string(profile::kFactsOnly));
  report.subject = man;
  report.occurred_on = town.today();
  report.facts = {{man,
                   AttributeId("doc.driving_license"),
                   true,
                   {Date::Of(2016, 5, 21), Date::Of(2026, 5, 20)}}};
  ASSERT_TRUE(town.Submit(report));
  EXPECT_EQ(town.CasesOf("man"), "");
  town.AdvanceTo("2026-03-20");
  EXPECT_EQ(Sweep(), 1u);
  EXPECT_EQ(town.StatusOf("man", "driving_license_replace"), "announced");
}

TEST_F(CalendarTest, AnEightiethBirthdayOpensItsSituationsAndOffersWhatBothHaveOnce) {
  town.Resident("woman", "1946-03-16", "female",
                {{"person.citizenship_rf", "true"},
                 {"person.lives_in_rf", "true"},
                 {"person.region_code", "77"}});
  EXPECT_EQ(Sweep(), 1u);
  const auto open = town.desk().Situations(town.Number("woman"));
  std::set<std::string> situations;
  for (const auto& situation : *open) situations.insert(situation.situation.text());
  EXPECT_EQ(situations, (std::set<std::string>{"age_80", "care_elderly"}));
  const auto cases = town.desk().Cases(town.Number("woman"));
  size_t supplements = 0;
  for (const auto& c : *cases) {
    supplements += c.service == ServiceId("care_supplement_80") ? 1 : 0;
  }
  EXPECT_EQ(supplements, 1u);
}

TEST_F(CalendarTest, TheDeadHaveNoBirthdays) {
  town.Resident("man", "1981-03-17", "male",
                {{"person.citizenship_rf", "true"}, {"person.alive", "false"}});
  town.AdvanceTo("2026-03-17");
  EXPECT_EQ(Sweep(), 0u);
  EXPECT_EQ(town.CasesOf("man"), "");
}

TEST_F(CalendarTest, ABirthdayOnWhichTheServerWasDownIsMadeUpFor) {
  town.Resident("girl", "2012-03-17", "female", {{"person.citizenship_rf", "true"}});
  town.Resident("man", "1981-03-19", "male", {{"person.citizenship_rf", "true"}});
  EXPECT_EQ(SweepWhatIsDue(), 0u);
  town.AdvanceTo("2026-03-20");
  town.Restart();
  EXPECT_EQ(SweepWhatIsDue(), 2u);
  EXPECT_EQ(town.StatusOf("girl", "passport_first_14"), "offered");
  EXPECT_EQ(town.StatusOf("man", "passport_replace_20_45"), "offered");
  EXPECT_EQ(SweepWhatIsDue(), 0u) << "every day is swept once";
}

TEST_F(CalendarTest, AStoreNeverSweptBeginsWithToday) {
  town.Resident("girl", "2012-03-15", "female", {{"person.citizenship_rf", "true"}});
  EXPECT_EQ(SweepWhatIsDue(), 0u);
}

TEST_F(CalendarTest, ADayWhoseSituationsHaveAllRunOutIsNotSwept) {
  town.Resident("girl", "2012-03-17", "female", {{"person.citizenship_rf", "true"}});
  SweepWhatIsDue();
  town.AdvanceTo("2028-03-17");
  EXPECT_EQ(SweepWhatIsDue(), 0u);
}

TEST_F(CalendarTest, ASituationThatHasRunOutIsToldButGivesNoCase) {
  town.Resident("girl", "2012-03-17", "female", {{"person.citizenship_rf", "true"}});
  SweepWhatIsDue();
  town.AdvanceTo("2027-04-17");  // "Turning 14" lasts a year, others longer
  EXPECT_EQ(SweepWhatIsDue(), 1u);
  EXPECT_EQ(town.CasesOf("girl"), "");
}

}  // namespace
}  // namespace kstati::scenarios
