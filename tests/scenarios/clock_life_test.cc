// SPDX-License-Identifier: Apache-2.0
//
// Legal clocks of a town: what is told of them, when, and how often.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include "cases/clock_keeping.h"
#include "cases/clock_watch.h"
#include "cases/consenting.h"
#include "cases/journal_log.h"
#include "cases/monitoring/report.h"
#include "tests/scenarios/observed_engine.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

using cases::ClockMark;
using ::testing::HasSubstr;

void Settle(Town& town) {
  town.Resident("mother", "1995-05-20", "female",
                {{"person.citizenship_rf", "true"},
                 {"person.lives_in_rf", "true"},
                 {"person.region_code", "77"},
                 {"person.registered_at_residence", "true"}});
  town.Resident("father", "1993-02-11", "male",
                {{"person.citizenship_rf", "true"}, {"person.region_code", "77"}});
  town.Relate("mother", "spouse", "father");
  town.Consents("mother");
}

WorkingCalendar CalendarOf2026(const std::vector<const char*>& days_off) {
  WorkingCalendar::Year year;
  year.year = 2026;
  for (const char* day : days_off) year.days_off.insert(*Date::Parse(day));
  return WorkingCalendar({year});
}

class ClockLifeTest : public ::testing::Test {
 protected:
  ClockLifeTest() {
    Settle(town);
    town.Birth("son", "mother", "father");
  }

  cases::Case Snils() { return *town.CaseFor("mother", "snils_newborn"); }

  cases::CaseClock Clock() {
    cases::Draft draft(town.world(), town.world().Now());
    return **cases::ClockOf(draft, town.Number("mother"), Snils().id);
  }

  // "started, risk_told, ..."
  std::string Marks() {
    std::string marks;
    for (const cases::ClockEntry& entry : Clock().entries) {
      marks += (marks.empty() ? "" : ", ") + std::string(NameOf(entry.mark));
    }
    return marks;
  }

  void Tell() {
    const auto told = cases::TellDueClocks(town.world());
    ASSERT_TRUE(told) << told.error().ToString();
  }

  // How often the mother was told this of the case.
  size_t Told(const std::string& message) {
    size_t count = 0;
    const auto notifications = town.desk().Notifications(town.Number("mother"));
    for (const auto& each : *notifications) {
      const bool is_it =
          each.notification.message == message && each.notification.case_id == Snils().id;
      count += is_it ? 1 : 0;
    }
    return count;
  }

  Result<void> Take(cases::Action action) {
    return cases::Retry(town.world(), [&](cases::Draft& draft) -> Result<void> {
      cases::Case c = Snils();
      return draft.Act(c, action, "case.reason.confirmed");
    });
  }

  Town town{"2026-03-16"};  // a Monday; the term of a SNILS is two working days
};

TEST_F(ClockLifeTest, StartsWithTheCaseAndNothingIsToldBeforeItIsTrue) {
  EXPECT_EQ(Marks(), "started");
  EXPECT_EQ(Clock().entries[0].due->ToString(), "2026-03-18");
  EXPECT_THAT(Clock().entries[0].calendar, HasSubstr("2024-2026/"));
  Tell();
  EXPECT_EQ(Marks(), "started");
}

TEST_F(ClockLifeTest, RiskAndBreachAreToldOnce) {
  town.AdvanceTo("2026-03-18");
  Tell();
  Tell();
  EXPECT_EQ(Marks(), "started, risk_told");
  EXPECT_EQ(Clock().entries[1].at.ToString(), "2026-03-17T21:00:00Z");
  town.AdvanceTo("2026-03-19");
  Tell();
  Tell();
  EXPECT_EQ(Marks(), "started, risk_told, breach_told");
  EXPECT_EQ(Clock().entries[2].at.ToString(), "2026-03-18T21:00:00Z");
  EXPECT_EQ(Told("notification.term_at_risk"), 1U);
  EXPECT_EQ(Told("notification.term_breached"), 1U);
}

TEST_F(ClockLifeTest, OfARiskThatWasMissedOnlyTheBreachIsTold) {
  town.AdvanceTo("2026-03-25");
  Tell();
  EXPECT_EQ(Marks(), "started, breach_told");
}

TEST_F(ClockLifeTest, AClockThatStandsIsNotBreachedAndRunsOnAfterwards) {
  town.AdvanceTo("2026-03-17");
  ASSERT_TRUE(Take(cases::Action::kHandOver));
  ASSERT_TRUE(Take(cases::Action::kSuspend));
  EXPECT_FALSE(Take(cases::Action::kSuspend)) << "it stands already";
  EXPECT_FALSE(Snils().due);
  EXPECT_EQ(Snils().due_note, "case.due.stands");
  town.AdvanceTo("2026-03-31");
  Tell();
  EXPECT_EQ(Marks(), "started, paused");
  ASSERT_TRUE(Take(cases::Action::kResume));
  EXPECT_EQ(Snils().due->ToString(), "2026-04-01");
  town.AdvanceTo("2026-04-02");
  Tell();
  EXPECT_EQ(Marks(), "started, paused, resumed, breach_told");
}

TEST_F(ClockLifeTest, TheResultStopsIt) {
  town.Report("son", {{"doc.snils_child", "true"}});
  EXPECT_EQ(Marks(), "started, stopped");
  town.AdvanceTo("2026-03-25");
  Tell();
  EXPECT_EQ(Marks(), "started, stopped");
}

// The server was down at midnight, and the result came before anybody looked at the clocks.
TEST_F(ClockLifeTest, ABreachThatNobodyWasToldOfIsToldBeforeTheClockStops) {
  town.AdvanceTo("2026-03-25");
  town.Report("son", {{"doc.snils_child", "true"}});
  EXPECT_EQ(Marks(), "started, breach_told, stopped");
  EXPECT_EQ(Clock().entries[1].at.ToString(), "2026-03-18T21:00:00Z");
  EXPECT_EQ(Told("notification.term_breached"), 1U);
  Tell();
  EXPECT_EQ(Told("notification.term_breached"), 1U);
}

TEST_F(ClockLifeTest, APauseDoesNotDeferABreachThatCameTrueBefore) {
  town.AdvanceTo("2026-03-25");
  ASSERT_TRUE(Take(cases::Action::kHandOver));
  ASSERT_TRUE(Take(cases::Action::kSuspend));
  EXPECT_EQ(Marks(), "started, breach_told, paused");
  town.AdvanceTo("2026-03-31");
  ASSERT_TRUE(Take(cases::Action::kResume));
  Tell();
  EXPECT_EQ(Told("notification.term_breached"), 1U);
}

TEST_F(ClockLifeTest, ACaseThatIsOpenedAgainHasANewTerm) {
  town.Report("son", {{"doc.snils_child", "true"}});
  town.AdvanceTo("2026-03-25");
  ASSERT_TRUE(Take(cases::Action::kReopen));
  EXPECT_EQ(Marks(), "started, stopped, restarted");
  EXPECT_EQ(Snils().due, Date::Of(2026, 3, 27)) << "two working days from the 25th";
  town.AdvanceTo("2026-03-30");
  Tell();
  EXPECT_EQ(Marks(), "started, stopped, restarted, breach_told");
  EXPECT_EQ(Told("notification.term_breached"), 1U);
  const auto log = cases::JournalAsLog(town.world());
  ASSERT_TRUE(log) << log.error().ToString();
  std::vector<cases::monitoring::LoggedCase> terms;
  for (const auto& each : log->cases) {
    if (each.service == "snils_newborn") terms.push_back(each);
  }
  ASSERT_EQ(terms.size(), 2U) << "each with a term of its own";
  EXPECT_TRUE(terms[0].ended && *terms[0].ended < *terms[0].deadline);
  EXPECT_FALSE(terms[1].ended);
  EXPECT_EQ(terms[1].deadline->ToString(), "2026-03-27T20:59:59.999999Z");
}

TEST_F(ClockLifeTest, WhatStandsHasNoDeadlineInTheLogAndWhatIsWithdrawnIsNotInTime) {
  ASSERT_TRUE(Take(cases::Action::kHandOver));
  ASSERT_TRUE(Take(cases::Action::kAsk));
  const auto report = [&] {
    const auto log = cases::JournalAsLog(town.world());
    for (const auto& each : cases::monitoring::MakeReports(
             *log, cases::monitoring::Grouping::kService, town.world().Now())) {
      if (each.group == "snils_newborn") return each.report;
    }
    return cases::monitoring::Report();
  };
  town.AdvanceTo("2026-03-31");
  EXPECT_EQ(report().overdue, 0U);
  EXPECT_EQ(report().suspensions, 0U) << "a question to the person suspends nothing";
  ASSERT_TRUE(Take(cases::Action::kWithdraw));
  EXPECT_EQ(report().closed, 1U);
  EXPECT_EQ(report().undecided, 1U);
  EXPECT_EQ(report().late.whole, 0U);
  EXPECT_EQ(report().from_start_to_end.count, 0U);
  EXPECT_FALSE(report().complaints) << "nobody writes them down";
  EXPECT_FALSE(report().visits);
  EXPECT_FALSE(report().errors.value());
}

TEST_F(ClockLifeTest, WhatIsErasedHasNoClockAndItsTimerIsForgotten) {
  ASSERT_TRUE(town.world().store->Erase(town.Number("mother"), town.world().Now()));
  town.AdvanceTo("2026-03-25");
  Tell();
  const auto timers = town.world().store->AllTimers(0);
  ASSERT_TRUE(timers);
  for (const profile::Timer& timer : *timers) {
    EXPECT_TRUE(timer.citizen != town.Number("mother") || timer.at > town.world().Now());
  }
}

TEST_F(ClockLifeTest, TheJournalIsALogThatNamesNobody) {
  town.AdvanceTo("2026-03-19");
  Tell();
  town.Report("son", {{"doc.snils_child", "true"}});
  const auto log = cases::JournalAsLog(town.world());
  ASSERT_TRUE(log) << log.error().ToString();
  size_t late = 0;
  for (const cases::monitoring::LoggedCase& each : log->cases) {
    if (each.service != "snils_newborn") continue;
    ASSERT_TRUE(each.deadline && each.ended);
    EXPECT_EQ(each.deadline->ToString(), "2026-03-18T20:59:59.999999Z");
    late += *each.ended > *each.deadline ? 1 : 0;
    EXPECT_EQ(each.id.find("C-"), std::string::npos);
  }
  EXPECT_EQ(late, 1U);
}

TEST_F(ClockLifeTest, ACalendarThatChangesMovesExactlyTheTermsItTouches) {
  const graph::Calendars none;
  const WorkingCalendar now = CalendarOf2026({});
  const WorkingCalendar with = CalendarOf2026({"2026-03-18"});
  const WorkingCalendar at_a_weekend = CalendarOf2026({"2026-03-14"});
  const auto moved = cases::DeadlinesMovedBy(town.world(), {now, none}, {with, none});
  ASSERT_TRUE(moved) << moved.error().ToString();
  std::set<std::string> expected;
  for (const char* parent : {"mother", "father"}) {
    const auto found = town.desk().Cases(town.Number(parent));
    for (const cases::Case& c : *found) {
      if (!c.due) continue;
      const bool working = c.due > town.today() && c.service.text() != "none";
      if (working && *c.due >= *Date::Parse("2026-03-18")) expected.insert(c.id.text());
    }
  }
  std::set<std::string> named;
  for (const cases::MovedDeadline& each : *moved) {
    named.insert(each.case_id.text());
    EXPECT_LT(each.from, each.to);
  }
  EXPECT_TRUE(named.contains(Snils().id.text()));
  EXPECT_TRUE(std::ranges::includes(expected, named));
  EXPECT_TRUE(cases::DeadlinesMovedBy(town.world(), {now, none}, {at_a_weekend, none})->empty());
}

// Whose engine counts what is read of it.
class ManyTimersTest : public ::testing::Test {
 protected:
  ManyTimersTest() {
    Town::EngineOfTowns() =
        [this](
            const std::string& folder,
            const profile::ledger::SigningKey& signer) -> Result<std::unique_ptr<profile::Engine>> {
      KSTATI_TRY(auto engine, before_(folder, signer));
      auto observed =
          std::make_unique<ObservedEngine>(std::move(engine), [](const profile::Change&) {});
      engine_ = observed.get();
      return observed;
    };
    town_ = std::make_unique<Town>("2026-03-16");
    EXPECT_FALSE(*cases::Recounting(town_->world()).Step()) << "there are no clocks to count yet";
  }
  ~ManyTimersTest() override { Town::EngineOfTowns() = before_; }

  void SetTimers(int count) {
    constexpr int kTogether = 1'000;
    for (int first = 0; first < count; first += kTogether) {
      profile::Transaction transaction(town_->world().Now());
      for (int i = first; i < first + kTogether; ++i) {
        const CitizenId citizen(1'000'000 + static_cast<uint64_t>(i));
        transaction.SetTimer({InDays(30), citizen, "C-" + citizen.ToString() + "-0001"});
      }
      ASSERT_TRUE(town_->world().store->Commit(transaction));
    }
  }
  Instant InDays(int days) const {
    return Instant{town_->world().Now().micros + days * 86'400'000'000LL};
  }

  const Town::OpenEngine before_ = Town::EngineOfTowns();
  ObservedEngine* engine_ = nullptr;
  std::unique_ptr<Town> town_;
};

TEST_F(ManyTimersTest, AHundredThousandThatAreNotDueCostNoPolling) {
  SetTimers(100'000);
  cases::ClockWatch watch(town_->world());
  std::this_thread::sleep_for(std::chrono::milliseconds(300));  // it has looked, and sleeps
  const size_t looked = engine_->reads();
  std::this_thread::sleep_for(std::chrono::milliseconds(1'500));
  EXPECT_EQ(engine_->reads(), looked);
}

TEST_F(ManyTimersTest, LookingForTheNextOfAHundredThousandReadsNoMoreThanOfOne) {
  SetTimers(1'000);
  const auto reads_of = [&] {
    const size_t before = engine_->reads();
    EXPECT_TRUE(cases::TellDueClocks(town_->world()));
    return engine_->reads() - before;
  };
  const size_t of_a_thousand = reads_of();
  SetTimers(100'000);
  EXPECT_EQ(reads_of(), of_a_thousand);
}

// The Social Fund is closed in the week of the birth, in which the country works.
class OtherCalendarTest : public ::testing::Test {
 protected:
  OtherCalendarTest() {
    town.world().calendars = KeptBySocialFund(kClosedWeek);
    Settle(town);
    town.Birth("son", "mother", "father");
  }

  static std::shared_ptr<const graph::Calendars> KeptBySocialFund(
      const std::vector<const char*>& closed) {
    graph::OtherCalendar other;
    other.id = "social_fund";
    other.authorities = {"sfr"};
    other.region = "77";
    other.calendar = CalendarOf2026(closed);
    return std::make_shared<const graph::Calendars>(std::vector<graph::OtherCalendar>{other});
  }

  cases::Case CaseOf(const char* service) { return *town.CaseFor("mother", service); }

  cases::CaseClock ClockOf(const char* service) {
    cases::Draft draft(town.world(), town.world().Now());
    return **cases::ClockOf(draft, town.Number("mother"), CaseOf(service).id);
  }

  // Of the services that the Social Fund provides: those whose clocks run.
  std::set<std::string> CasesOfSocialFund() {
    std::set<std::string> ids;
    for (const char* parent : {"mother", "father"}) {
      const auto found = town.desk().Cases(town.Number(parent));
      for (const cases::Case& c : *found) {
        const bool runs = c.due && cases::IsOpen(c.status);
        const auto* service = town.world().catalogue().FindService(c.service);
        if (runs && service->authority == "sfr") ids.insert(c.id.text());
      }
    }
    return ids;
  }

  static constexpr std::initializer_list<const char*> kClosedWeek = {
      "2026-03-16", "2026-03-17", "2026-03-18", "2026-03-19", "2026-03-20"};
  Town town{"2026-03-16"};
};

TEST_F(OtherCalendarTest, ATermRunsByTheCalendarOfItsAuthority) {
  // Two working days from Monday the 16th. The fund works again on Monday the 23rd.
  EXPECT_EQ(CaseOf("snils_newborn").due->ToString(), "2026-03-24");
  EXPECT_EQ(CaseOf("snils_newborn").calendar, "social_fund");
  EXPECT_EQ(ClockOf("snils_newborn").entries[0].due->ToString(), "2026-03-24");
  EXPECT_THAT(ClockOf("snils_newborn").entries[0].calendar, HasSubstr("2026-2026/"));
  // The tax service works as the country does: its term ends as without the other calendar.
  Town plain("2026-03-16");
  Settle(plain);
  plain.Birth("son", "mother", "father");
  EXPECT_EQ(CaseOf("inn_newborn").due, plain.CaseFor("mother", "inn_newborn")->due);
  EXPECT_EQ(CaseOf("inn_newborn").calendar, "");
  EXPECT_THAT(ClockOf("inn_newborn").entries[0].calendar, HasSubstr("2024-2026/"));
}

TEST_F(OtherCalendarTest, ACaseKeepsItsCalendarWhereverThePersonMoves) {
  town.Report("mother", {{"person.region_code", "78"}});
  town.AdvanceTo("2026-03-19");
  ASSERT_TRUE(cases::TellDueClocks(town.world()));
  EXPECT_EQ(ClockOf("snils_newborn").entries.size(), 1U) << "the fund is still closed";
  town.AdvanceTo("2026-03-24");
  ASSERT_TRUE(cases::TellDueClocks(town.world()));
  EXPECT_EQ(ClockOf("snils_newborn").entries.back().mark, ClockMark::kRiskTold);
}

TEST_F(OtherCalendarTest, InAnotherRegionTheCountrysCalendarIsKept) {
  town.Resident("neighbour", "1995-05-20", "female",
                {{"person.citizenship_rf", "true"},
                 {"person.lives_in_rf", "true"},
                 {"person.region_code", "78"},
                 {"person.registered_at_residence", "true"}});
  town.Consents("neighbour");
  town.Birth("daughter", "neighbour", "");
  const auto snils = town.CaseFor("neighbour", "snils_newborn");
  ASSERT_TRUE(snils && snils->due);
  EXPECT_EQ(snils->due->ToString(), "2026-03-18");
}

TEST_F(OtherCalendarTest, WhenItChangesExactlyItsTermsMove) {
  const WorkingCalendar& country = town.world().catalogue().calendar();
  const auto before = KeptBySocialFund(kClosedWeek);
  const auto after = KeptBySocialFund(
      {"2026-03-16", "2026-03-17", "2026-03-18", "2026-03-19", "2026-03-20", "2026-03-23"});
  const auto moved = cases::DeadlinesMovedBy(town.world(), {country, *before}, {country, *after});
  ASSERT_TRUE(moved) << moved.error().ToString();
  std::set<std::string> named;
  for (const cases::MovedDeadline& each : *moved) {
    named.insert(each.case_id.text());
    if (each.case_id != CaseOf("snils_newborn").id) continue;
    EXPECT_EQ(each.from->ToString(), "2026-03-24");
    EXPECT_EQ(each.to->ToString(), "2026-03-25");
  }
  EXPECT_EQ(named, CasesOfSocialFund());
  // What the country's calendar says of that week is nothing to the fund.
  const WorkingCalendar at_work = CalendarOf2026({});
  const WorkingCalendar feast = CalendarOf2026({"2026-03-17"});
  const auto others = cases::DeadlinesMovedBy(town.world(), {at_work, *before}, {feast, *before});
  ASSERT_TRUE(others);
  EXPECT_FALSE(others->empty());
  for (const cases::MovedDeadline& each : *others)
    EXPECT_FALSE(named.contains(each.case_id.text()));
}

TEST_F(OtherCalendarTest, AStoreThatWasUsedWithAnotherOneIsCountedAnew) {
  const auto recount = [this] {
    cases::Recounting recounting(town.world());
    for (;;) {
      const auto more = recounting.Step();
      ASSERT_TRUE(more) << more.error().ToString();
      if (!*more) return;
    }
  };
  recount();
  EXPECT_EQ(ClockOf("snils_newborn").entries.size(), 1U);
  town.world().calendars = KeptBySocialFund(
      {"2026-03-16", "2026-03-17", "2026-03-18", "2026-03-19", "2026-03-20", "2026-03-23"});
  recount();
  const cases::CaseClock clock = ClockOf("snils_newborn");
  ASSERT_EQ(clock.entries.size(), 2U);
  EXPECT_EQ(clock.entries[1].mark, ClockMark::kRecounted);
  EXPECT_NE(clock.entries[1].calendar, clock.entries[0].calendar);
  EXPECT_EQ(CaseOf("snils_newborn").due->ToString(), "2026-03-25");
  EXPECT_EQ(ClockOf("inn_newborn").entries.size(), 1U);
}

// A clock that runs, from a moment on.
class RunningClock final : public Clock {
 public:
  explicit RunningClock(Instant from) : from_(from) {}

  Instant Now() const override {
    const auto passed = std::chrono::steady_clock::now() - begun_;
    return Instant{from_.micros +
                   std::chrono::duration_cast<std::chrono::microseconds>(passed).count()};
  }

 private:
  Instant from_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

TEST_F(ClockLifeTest, ABreachIsToldWithinASecondWhileTheServerRuns) {
  const Instant breach = *Instant::Parse("2026-03-18T21:00:00Z");
  const RunningClock running(Instant{breach.micros - 1'500'000});
  town.world().clock = &running;
  {
    const cases::ClockWatch watch(town.world());
    while (Told("notification.term_breached") == 0 &&
           running.Now().micros < breach.micros + 10'000'000) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  const cases::ClockEntry told = Clock().entries.back();
  ASSERT_EQ(told.mark, ClockMark::kBreachTold);
  EXPECT_EQ(told.at, breach);
  EXPECT_GE(told.recorded_at, breach) << "nothing is told before it is true";
  EXPECT_LT(told.recorded_at.micros - breach.micros, 1'000'000);
}

// A process that is killed loses no clock, and what became true while nothing ran is told within a
// second after the next start.
TEST(ClockRestartTest, BreachesOfTheTimeWithoutAServerAreToldWithinASecond) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("kstati-clocks-" + std::to_string(getpid()));
  std::filesystem::remove_all(folder);
  const pid_t child = fork();
  if (child == 0) {
    Town town("2026-03-16", folder.string());
    const cases::ClockWatch watch(town.world());
    Settle(town);
    town.Birth("son", "mother", "father");
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));

  Town town("2026-03-25", folder.string());
  town.Knows("mother");
  const auto begun = std::chrono::steady_clock::now();
  std::optional<std::chrono::steady_clock::duration> took;
  {
    const cases::ClockWatch watch(town.world());
    while (!took && std::chrono::steady_clock::now() - begun < std::chrono::seconds(10)) {
      const auto messages = town.desk().Notifications(town.Number("mother"));
      for (const auto& each : *messages) {
        const bool is_it = each.notification.message == "notification.term_breached";
        if (is_it) took = std::chrono::steady_clock::now() - begun;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  ASSERT_TRUE(took) << "nothing was told";
  EXPECT_LT(*took, std::chrono::seconds(1));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace kstati::scenarios
