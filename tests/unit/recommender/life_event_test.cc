// SPDX-License-Identifier: Apache-2.0
#include "recommender/life_event.h"

#include <gmock/gmock.h>

#include "small_life.h"

namespace kstati::recommender {
namespace {

using profile::RelationKind;
using testing::ElementsAre;
using testing::IsEmpty;

class LifeEventTest : public SmallLife {
 protected:
  profile::RegistryEvent Report(uint64_t citizen, std::string_view attribute,
                                std::string_view value, std::string_view from) {
    profile::RegistryEvent event = Event("fund", profile::kFactsOnly, citizen);
    Add(event, dictionary_, citizen, attribute, value, from);
    return event;
  }
  profile::RegistryEvent Birth(uint64_t child, uint64_t mother) {
    profile::RegistryEvent event = Event("zags", "event.child_born", child, "2026-03-10");
    event.participants = {{"child", {CitizenId(child)}}, {"mother", {CitizenId(mother)}}};
    Add(event, dictionary_, child, "person.alive", "true", "2026-03-10");
    return event;
  }
  std::vector<std::string> Situations(const LifeEvent& event) {
    return Shown(FindSituations(event, HouseholdOf(event.subject.number()), catalogue()));
  }
};

TEST_F(LifeEventTest, ARegistryAnnouncesByType) {
  Person(3, "1995-05-05");
  const auto found = Happen(Birth(7, 3));
  EXPECT_THAT(Shown(found), ElementsAre("event.child_born of 7 on 2026-03-10: child 7 mother 3"));
  EXPECT_EQ(found.front().cause.source.text(), "zags");
  EXPECT_FALSE(found.front().inferred);
}

TEST_F(LifeEventTest, TheSubjectFillsItsOwnRole) {
  profile::RegistryEvent event = Birth(7, 3);
  event.participants.erase("child");
  EXPECT_THAT(Shown(Happen(event)),
              ElementsAre("event.child_born of 7 on 2026-03-10: child 7 mother 3"));
}

TEST_F(LifeEventTest, FactsAloneAnnounceNothing) {
  Person(3, "1995-05-05");
  EXPECT_THAT(Happen(Report(3, "person.veteran", "true", "2026-03-01")), IsEmpty());
}

TEST_F(LifeEventTest, AnAnnulmentAnnouncesNothing) {
  Person(3, "1995-05-05");
  const profile::RegistryEvent birth = Birth(7, 3);
  Happen(birth);
  profile::RegistryEvent annulment = Event("zags", "event.child_born", 7);
  annulment.supersedes = birth.key.id;
  EXPECT_THAT(Happen(annulment), IsEmpty());
}

TEST_F(LifeEventTest, ACorrectionAnnouncesItsTypeAgain) {
  Person(3, "1995-05-05");
  const profile::RegistryEvent birth = Birth(7, 3);
  Happen(birth);
  profile::RegistryEvent correction = Birth(7, 4);
  correction.supersedes = birth.key.id;
  EXPECT_THAT(Shown(Happen(correction)),
              ElementsAre("event.child_born of 7 on 2026-03-10: child 7 mother 4"));
}

TEST_F(LifeEventTest, AChangedFactIsALifeEventOnTheDayItHolds) {
  Person(3, "1995-05-05");
  Know(3, "person.employed", "true");
  EXPECT_THAT(Shown(Happen(Report(3, "person.employed", "false", "2026-03-01"))),
              ElementsAre("event.dismissed of 3 on 2026-03-01: person 3"));
}

TEST_F(LifeEventTest, WhatACorrectionTakesBackWasNoStateThatCouldChange) {
  Person(3, "1995-05-05");
  const profile::RegistryEvent wrong = Report(3, "person.employed", "true", "2026-03-01");
  Happen(wrong);
  profile::RegistryEvent right = Report(3, "person.employed", "false", "2026-03-01");
  right.supersedes = wrong.key.id;
  EXPECT_THAT(Happen(right), IsEmpty()) << "nobody ever had that job";
}

TEST_F(LifeEventTest, ACorrectionOfWhatWasSoOnceMoreIsStillAChange) {
  Person(3, "1995-05-05");
  Know(3, "person.employed", "true");
  const profile::RegistryEvent wrong = Report(3, "person.employed", "true", "2026-03-02");
  Happen(wrong);
  profile::RegistryEvent right = Report(3, "person.employed", "false", "2026-03-02");
  right.supersedes = wrong.key.id;
  EXPECT_THAT(Shown(Happen(right)), ElementsAre("event.dismissed of 3 on 2026-03-02: person 3"));
}

TEST_F(LifeEventTest, AChangeWhoseLaterHalfWasToldFirstIsFoundWithTheEarlier) {
  Person(3, "1995-05-05");
  EXPECT_THAT(Happen(Report(3, "person.employed", "false", "2026-03-05")), IsEmpty());
  EXPECT_THAT(Shown(Happen(Report(3, "person.employed", "true", "2026-03-01"))),
              ElementsAre("event.dismissed of 3 on 2026-03-05: person 3"));
  EXPECT_THAT(Happen(Report(3, "person.employed", "true", "2026-02-01")), IsEmpty())
      << "it was found already";
}

TEST_F(LifeEventTest, AChangeThatAnErrorHidIsFoundWhenTheErrorIsTakenBack) {
  Person(3, "1995-05-05");
  Know(3, "person.employed", "true");
  const profile::RegistryEvent wrong = Report(3, "person.employed", "true", "2026-03-03");
  Happen(wrong);
  EXPECT_THAT(Happen(Report(3, "person.employed", "false", "2026-03-02")), IsEmpty())
      << "there is a job again";
  profile::RegistryEvent annulment = Event("fund", profile::kFactsOnly, 3);
  annulment.supersedes = wrong.key.id;
  EXPECT_THAT(Shown(Happen(annulment)),
              ElementsAre("event.dismissed of 3 on 2026-03-02: person 3"));
}

TEST_F(LifeEventTest, WhatAnErrorAnnouncedIsAnnouncedByWhatStandsInItsPlace) {
  Person(3, "1995-05-05");
  const profile::RegistryEvent wrong = Report(3, "status.unemployed", "true", "2026-03-03");
  Happen(wrong);
  EXPECT_THAT(Happen(Report(3, "status.unemployed", "true", "2026-03-02")), IsEmpty());
  profile::RegistryEvent annulment = Event("fund", profile::kFactsOnly, 3);
  annulment.supersedes = wrong.key.id;
  EXPECT_THAT(Shown(Happen(annulment)),
              ElementsAre("event.unemployed_status of 3 on 2026-03-02: person 3"));
}

TEST_F(LifeEventTest, WhatWasSoBeforeIsNoChange) {
  Person(3, "1995-05-05");
  Know(3, "person.employed", "false");
  EXPECT_THAT(Happen(Report(3, "person.employed", "false", "2026-03-01")), IsEmpty());
}

TEST_F(LifeEventTest, AFirstReportFromAnOpenRegistryIsNoChange) {
  Person(3, "1995-05-05");
  EXPECT_THAT(Happen(Report(3, "person.employed", "false", "2026-03-01")), IsEmpty());
}

TEST_F(LifeEventTest, NoRecordInACompleteRegistryWasANo) {
  Person(3, "1995-05-05");
  EXPECT_THAT(Shown(Happen(Report(3, "status.unemployed", "true", "2026-03-01"))),
              ElementsAre("event.unemployed_status of 3 on 2026-03-01: person 3"));
}

TEST_F(LifeEventTest, AFactThatHeldOnlyInThePastIsNoChange) {
  Person(3, "1995-05-05");
  Know(3, "person.employed", "true");
  profile::RegistryEvent event = Report(3, "person.employed", "false", "2020-01-01");
  event.facts.front().valid.to = Day("2020-12-31");
  EXPECT_THAT(Happen(event), IsEmpty());
}

TEST_F(LifeEventTest, ADerivedAttributeThatComesTrueWithAFactIsALifeEvent) {
  Person(3, "1976-03-01");
  profile::RegistryEvent correction = Event("tax", profile::kFactsOnly, 3);
  correction.supersedes = EventId("event-1");  // which told the birth date
  Add(correction, dictionary_, 3, "person.birth_date", "1966-03-01", "1966-03-01");
  EXPECT_THAT(Shown(Happen(correction)), ElementsAre("event.retired of 3 on 2026-03-15: person 3"));
}

TEST_F(LifeEventTest, ADerivedAttributeThatWasUnknownIsNoLifeEvent) {
  Know(3, "person.sex", "female");
  profile::RegistryEvent first = Event("tax", profile::kFactsOnly, 3);
  Add(first, dictionary_, 3, "person.birth_date", "1940-03-01", "1940-03-01");
  EXPECT_THAT(Happen(first), IsEmpty());
}

TEST_F(LifeEventTest, TheCalendarFindsABirthdayOnThatDayOnly) {
  Person(5, "2012-03-15");
  const auto household = HouseholdOf(5);
  EXPECT_THAT(Shown(DetectByDate(household, Day("2026-03-15"), program())),
              ElementsAre("event.person_age_14 of 5 on 2026-03-15: person 5"));
  EXPECT_THAT(DetectByDate(household, Day("2026-03-14"), program()), IsEmpty());
  EXPECT_THAT(DetectByDate(household, Day("2026-03-16"), program()), IsEmpty());
}

TEST_F(LifeEventTest, TheCalendarFindsWhatBecomesDerivable) {
  Person(5, "1966-03-15");
  const auto household = HouseholdOf(5);
  EXPECT_THAT(Shown(DetectByDate(household, Day("2026-03-15"), program())),
              ElementsAre("event.retired of 5 on 2026-03-15: person 5"));
  EXPECT_THAT(DetectByDate(household, Day("2026-03-16"), program()), IsEmpty());
}

TEST_F(LifeEventTest, TheCalendarIsSilentAboutTheDead) {
  Person(5, "2012-03-15");
  Know(5, "person.alive", "false", "2026-01-01");
  EXPECT_THAT(DetectByDate(HouseholdOf(5), Day("2026-03-15"), program()), IsEmpty());
}

TEST_F(LifeEventTest, CalendarCausesAreUniqueAndDoNotShowTheCitizen) {
  Person(5, "2012-03-15");
  Person(6, "2012-03-15");
  const auto cause = [this](uint64_t citizen) {
    return DetectByDate(HouseholdOf(citizen), Day(kToday), program()).front().cause;
  };
  EXPECT_NE(cause(5).id, cause(6).id);
  EXPECT_EQ(cause(5).id, cause(5).id);
  EXPECT_EQ(cause(5).source.text(), kCalendarSource);
  EXPECT_EQ(cause(5).id.text().find(CitizenId(5).ToString()), std::string::npos);
}

TEST_F(LifeEventTest, WhatTheCalendarFoundCanBeRecordedAsAnEvent) {
  Person(5, "2012-03-15");
  const LifeEvent found = DetectByDate(HouseholdOf(5), Day(kToday), program()).front();
  profile::RegistryEvent event;
  event.key = found.cause;
  event.type = found.type;
  event.subject = found.subject;
  event.occurred_on = found.on;
  event.participants = found.participants;
  EXPECT_EQ(Shown(Happen(event)), Shown(std::vector<LifeEvent>{found}));
  event.key.source = RegistryId("tax");  // the calendar is no registry of the dictionary
  EXPECT_TRUE(profile::Validate(event, dictionary_, Day(kToday)).has_value());
}

TEST_F(LifeEventTest, ABirthOpensTheSituationOfTheParents) {
  Person(3, "1995-05-05");
  Person(4, "1993-05-05", "male");
  profile::RegistryEvent birth = Birth(7, 3);
  birth.participants["father"] = {CitizenId(4)};
  EXPECT_THAT(Situations(Happen(birth).front()),
              ElementsAre("child_birth of 3 about 7 until 2027-09-10",
                          "child_birth of 4 about 7 until 2027-09-10"));
}

TEST_F(LifeEventTest, ADeathConcernsLivingRelativesOnly) {
  Person(1, "1950-05-05", "male");
  Person(2, "1952-05-05");
  Person(3, "1980-05-05");
  Person(4, "1982-05-05");
  Relate(1, RelationKind::kSpouse, 2);
  Relate(1, RelationKind::kParent, 3);
  Relate(1, RelationKind::kParent, 4);
  Know(4, "person.alive", "false", "2020-01-01");
  profile::RegistryEvent death = Event("zags", "event.death_registered", 1, "2026-03-01");
  Add(death, dictionary_, 1, "person.alive", "false", "2026-03-01");
  EXPECT_THAT(
      Situations(Happen(death).front()),
      ElementsAre("death of 2 about 1 until 2026-09-01", "death of 3 about 1 until 2026-09-01"));
}

TEST_F(LifeEventTest, APersonNamedInTwoRolesIsConcernedOnce) {
  Person(3, "1995-05-05");
  profile::RegistryEvent birth = Birth(7, 3);
  birth.participants["father"] = {CitizenId(3)};
  EXPECT_THAT(Situations(Happen(birth).front()),
              ElementsAre("child_birth of 3 about 7 until 2027-09-10"));
}

TEST_F(LifeEventTest, ASituationIsOpenFromTheEventToItsEnd) {
  const OpenSituation open = Open("adulthood", 5, 5, "2026-03-15");
  EXPECT_FALSE(open.IsOpenOn(Day("2026-03-14")));
  EXPECT_TRUE(open.IsOpenOn(Day("2026-03-15")));
  EXPECT_TRUE(open.IsOpenOn(Day("2027-03-15")));
  EXPECT_FALSE(open.IsOpenOn(Day("2027-03-16")));
}

TEST_F(LifeEventTest, AStoredSituationReadsBack) {
  OpenSituation open = Open("death", 2, 1, "2026-03-01");
  open.cause = {RegistryId("zags"), EventId("42")};
  const auto read = DecodeSituation(Encode(open));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(Encode(*read), Encode(open));
  EXPECT_EQ(read->about, CitizenId(1));
  EXPECT_EQ(read->open_until, Day("2026-09-01"));
  EXPECT_EQ(read->cause, open.cause);
}

TEST_F(LifeEventTest, ACutStoredSituationIsCorrupt) {
  const std::string bytes = Encode(Open("death", 2, 1, "2026-03-01"));
  for (size_t length = 1; length < bytes.size(); ++length) {
    const auto read = DecodeSituation(std::string_view(bytes).substr(0, length));
    ASSERT_FALSE(read.has_value()) << length;
    EXPECT_EQ(read.error().code, ErrorCode::kCorrupt) << length;
  }
}

}  // namespace
}  // namespace kstati::recommender
