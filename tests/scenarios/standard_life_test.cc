// SPDX-License-Identifier: Apache-2.0
//
// Families wait longer than the approved standard allows. The monitor sees it, an incident is
// opened, the rules are changed, and what came of it is counted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <set>

#include "cases/journal_log.h"
#include "cases/monitoring/change_request.h"
#include "cases/monitoring/comparison.h"
#include "cases/monitoring/detectors.h"
#include "cases/standard_watch.h"
#include "graph/regulation_diff.h"
#include "graph/standard.h"
#include "tests/scenarios/amended_catalogue.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

namespace monitoring = cases::monitoring;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kNewbornNumber = "snils_newborn";

// The law as it is until the end of March; from April on the number is there the same day.
class Legislated : public AmendedCatalogue {
 public:
  Legislated() {
    const std::string file = std::string("services/") + kNewbornNumber + ".yaml";
    const std::string text = Read(file);
    const size_t from = text.find("  - from: 2024-01-01\n");
    const size_t end = text.find("examples:");
    const std::string version = text.substr(from, end - from);
    Write(file, text.substr(0, from) +
                    With(version, "2024-01-01\n", "2024-01-01\n    to: 2026-03-31\n") +
                    With(With(version, "2024-01-01\n", "2026-04-01\n"),
                         "value: 2, unit: working_days", "value: 1, unit: working_days") +
                    text.substr(end));
    Write("standards.yaml",
          "standards:\n"
          "  - {service: snils_newborn, from: 2026-01-01, visits: 0,\n"
          "     term: {value: 1, unit: working_days}, act: fz_27, article: made up,\n"
          "     verification: from_knowledge}\n"
          "  - {situation: child_birth, from: 2026-01-01,\n"
          "     term: {value: 4, unit: working_days}, act: fz_27, article: made up,\n"
          "     verification: from_knowledge}\n");
  }
};

class StandardLifeTest : public ::testing::Test {
 protected:
  StandardLifeTest() {
    std::vector<Issue> issues;
    standards_ = graph::LoadStandards(catalogue_.folder(), town.world().catalogue(), issues);
    for (const Issue& issue : issues) ADD_FAILURE() << issue.text;
    std::filesystem::remove(records_);
  }
  ~StandardLifeTest() override { std::filesystem::remove(records_); }

  // A child is born on a day, and has its number on another.
  void Family(const std::string& name, const std::string& born, const std::string& numbered) {
    town.AdvanceTo(born);
    town.Resident(name, "1995-05-20", "female", {{"person.citizenship_rf", "true"}});
    town.Resident("father of " + name, "1993-02-11", "male", {{"person.citizenship_rf", "true"}});
    town.Consents(name, kNewbornNumber);
    town.Birth("child of " + name, name, "father of " + name);
    ASSERT_EQ(town.StatusOf(name, kNewbornNumber), "started");
    if (numbered.empty()) return;
    town.AdvanceTo(numbered);
    town.Report("child of " + name, {{"doc.snils_child", "true"}});
    ASSERT_EQ(town.StatusOf(name, kNewbornNumber), "done");
  }

  monitoring::EventLog Log() { return *cases::JournalAsLog(town.world()); }

  // "snils_newborn term 3" for each alarm.
  std::vector<std::string> Alarms() {
    const cases::Reckoning reckoning{town.world().catalogue().calendar(), "Europe/Moscow"};
    const monitoring::EventLog log = Log();
    std::vector<std::string> alarms;
    for (const cases::StandardAlarm& alarm :
         cases::WatchStandards(standards_, log, reckoning, town.world().Now()).alarms) {
      alarms.push_back(alarm.standard->of() + " " + std::string(NameOf(alarm.capped)) + " " +
                       std::to_string(alarm.asked));
    }
    return alarms;
  }

  Result<monitoring::Record> Append(const monitoring::MakeRecord& make) {
    return monitoring::AppendRecord(records_, make);
  }

  Legislated catalogue_;
  std::vector<graph::ApprovedStandard> standards_;
  Town town{"2026-03-10", {}, catalogue_.folder()};
  const std::string records_ =
      ::testing::TempDir() + "standard-life-" + std::to_string(::getpid()) + ".monitor";
};

TEST_F(StandardLifeTest, TheJournalTellsByWhichVersionACaseGoes) {
  Family("anna", "2026-03-16", "2026-03-17");
  Family("vera", "2026-04-06", "2026-04-07");
  std::vector<std::string> versions;
  for (const monitoring::LoggedCase& c : Log().cases) {
    if (c.service == kNewbornNumber) versions.push_back(c.regulation + " " + c.situation);
  }
  EXPECT_THAT(versions, ElementsAre("2024-01-01 child_birth", "2026-04-01 child_birth"));
}

TEST_F(StandardLifeTest, CasesOfOnePersonAndSituationAreAChainAndThoseOfAnotherAreNot) {
  town.AdvanceTo("2026-03-16");
  for (const char* name : {"anna", "vera"}) {
    town.Resident(name, "1995-05-20", "female",
                  {{"person.citizenship_rf", "true"},
                   {"person.lives_in_rf", "true"},
                   {"person.region_code", "77"},
                   {"person.registered_at_residence", "true"}});
    town.Resident(std::string("father of ") + name, "1993-02-11", "male",
                  {{"person.citizenship_rf", "true"}});
    town.Consents(name);
    town.Birth(std::string("child of ") + name, name, std::string("father of ") + name);
  }
  std::map<std::string, std::set<std::string>> chains;  // by person
  size_t together = 0;
  for (const monitoring::LoggedCase& c : Log().cases) {
    EXPECT_FALSE(c.person.empty() || c.chain.empty());
    chains[c.person].insert(c.chain);
    ++together;
  }
  EXPECT_EQ(chains.size(), 2U);
  EXPECT_GT(together, 2U) << "several cases of each";
  for (const auto& [person, of_person] : chains) EXPECT_EQ(of_person.size(), 1U);
  EXPECT_NE(chains.begin()->second, chains.rbegin()->second);
}

// The first time nothing comes of it, so that the same service starts once more.
TEST(ChainsInTime, ASituationThatComesAgainIsAnotherChainOfTheSamePerson) {
  Town town{"2025-01-13"};
  town.Resident("worker", "1990-01-01", "male",
                {{"person.employed", "true"}, {"doc.snils", "true"}});
  const ConsentId consent = town.Consents("worker");
  town.AdvanceTo("2025-02-03");
  town.Report("worker", {{"person.employed", "false"}});
  ASSERT_TRUE(town.Revokes("worker", consent));
  town.AdvanceTo("2025-03-03");
  town.Report("worker", {{"person.employed", "true"}});
  town.AdvanceTo("2026-04-06");
  town.Consents("worker");
  town.Report("worker", {{"person.employed", "false"}});
  std::set<std::string> chains;
  std::set<std::string> people;
  const auto log = cases::JournalAsLog(town.world());
  for (const monitoring::LoggedCase& c : log->cases) {
    if (c.service != "work_record") continue;
    EXPECT_EQ(c.situation, "job_loss");
    chains.insert(c.chain);
    people.insert(c.person);
  }
  EXPECT_EQ(chains.size(), 2U);
  EXPECT_EQ(people.size(), 1U);
}

TEST_F(StandardLifeTest, ACaseBeyondTheStandardRaisesAnAlarmWhileItsLegalTermStillRuns) {
  Family("anna", "2026-03-16", {});
  town.AdvanceTo("2026-03-17");
  EXPECT_THAT(Alarms(), IsEmpty()) << "one working day";
  town.AdvanceTo("2026-03-18");
  EXPECT_THAT(Alarms(), ElementsAre("snils_newborn term 2")) << "by law it has one day more";
  town.AdvanceTo("2026-03-23");
  EXPECT_THAT(Alarms(), ElementsAre("snils_newborn term 7", "child_birth term 7"));
}

TEST_F(StandardLifeTest, FromABreachToTheChangeThatEndsIt) {
  Family("anna", "2026-03-11", "2026-03-20");
  Family("vera", "2026-03-23", "2026-03-30");

  // The monitor opens an incident, once.
  monitoring::DetectorSet set;
  set.days = 90;
  set.detectors = {{"late", monitoring::Signal::kLate, 0.1, 2, monitoring::Severity::kHigh}};
  set.escalation = {"service_owner"};
  const auto detect = [&](const std::vector<monitoring::Incident>& known) {
    return monitoring::Detect(Log(), set, {}, {}, known, town.world().Now()).to_open;
  };
  const std::vector<monitoring::Incident> opened = detect({});
  ASSERT_EQ(opened.size(), 1U);
  EXPECT_EQ(opened[0].service, kNewbornNumber);
  EXPECT_EQ(opened[0].version, "2024-01-01");
  EXPECT_EQ(opened[0].affected, 2U);
  ASSERT_TRUE(Append([&](const auto&) { return monitoring::Open(opened[0]); }));
  EXPECT_THAT(detect(*monitoring::IncidentsIn(*monitoring::ReadRecords(records_))), IsEmpty());

  // Somebody asks for a change that is already in the catalogue, from April on.
  const graph::Service& service = *town.world().catalogue().FindService(ServiceId(kNewbornNumber));
  monitoring::ChangeRequest request;
  request.proposed_at = town.world().Now();
  request.author = "petrova";
  request.why = "families wait";
  request.incident = "I-1";
  request.service = kNewbornNumber;
  request.before = "2024-01-01";
  request.version = "2026-04-01";
  request.catalogue = town.world().catalogue().version();
  request.diff = graph::DiffOf(service.regulations[0], service.regulations[1]);
  request.examples = service.examples.size();
  request.impact = "{}";
  EXPECT_THAT(request.diff, ElementsAre("term 2 working_days becomes 1 working_days"));
  ASSERT_TRUE(Append([&](const auto&) { return monitoring::Propose(request); }));
  const auto approve = [&](const std::string& by) {
    return Append([&](const auto& records) {
      return monitoring::Decide(records, "R-2",
                                {true, by, {}, request.catalogue, town.world().Now()});
    });
  };
  EXPECT_FALSE(approve("petrova")) << "her own";
  ASSERT_TRUE(approve("ivanov"));

  // From April on families wait less, and the monitor can tell.
  Family("olga", "2026-04-06", "2026-04-07");
  Family("inna", "2026-04-08", "2026-04-08");
  monitoring::Change change{kNewbornNumber, Date::Of(2026, 4, 1), {}};
  const monitoring::EventLog log = Log();
  const monitoring::Sides sides = monitoring::SidesOf(log, change);
  const auto compared =
      monitoring::Compare(ValuesOf(log, monitoring::Measure::kLate, sides.before),
                          ValuesOf(log, monitoring::Measure::kLate, sides.after), 0.95, 1);
  ASSERT_TRUE(compared) << compared.error().ToString();
  EXPECT_EQ(compared->before, 1);
  EXPECT_EQ(compared->after, 0);
  EXPECT_EQ(compared->before_count + compared->after_count, 4U);
  EXPECT_TRUE(compared->differs());
  ASSERT_TRUE(Append([&](const auto& records) {
    return monitoring::Assess(records, "R-2", "[]", town.world().Now());
  }));
  const auto records = monitoring::ReadRecords(records_);
  EXPECT_EQ(monitoring::FindChangeRequest(*records, "R-2")->status(), "assessed");
}

}  // namespace
}  // namespace kstati::scenarios
