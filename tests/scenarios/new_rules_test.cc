// SPDX-License-Identifier: Apache-2.0
//
// The rules change on 20 March, after the mother applied and before a registry answers.
#include <gtest/gtest.h>

#include "tests/scenarios/amended_catalogue.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

using cases::Case;
using cases::Status;

constexpr const char* kService = "snils_newborn";
constexpr const char* kCitizens = "child.citizenship_rf = true";
constexpr const char* kForeigners = "child.citizenship_rf = false";

class NewRulesTest : public ::testing::Test {
 protected:
  // The service's criterion in both versions, and what the later one says of open cases.
  std::optional<Case> Decided(const std::string& before, const std::string& after,
                              const std::string& open_cases) {
    Legislate(before, after, open_cases);
    Town town("2026-03-16", {}, catalogue_.folder());
    town.Resident("mother", "1995-05-20", "female", {{"person.citizenship_rf", "true"}});
    town.Resident("father", "1993-02-11", "male", {{"person.citizenship_rf", "true"}});
    EXPECT_TRUE(town.Submit(town.BirthEvent("son", "mother", "father")));
    const CitizenId mother = town.Number("mother");
    const auto applied = town.desk().Apply(mother, ServiceId(kService), town.Number("son"));
    EXPECT_TRUE(applied) << (applied ? "" : applied.error().ToString());
    EXPECT_TRUE(town.desk().HandOver(mother, town.CaseFor("mother", kService)->id));
    town.AdvanceTo("2026-03-20");
    town.Report("son", {{"person.citizenship_rf", "true"}});
    return town.CaseFor("mother", kService);
  }

  // No course lets a new version touch open cases.
  void PinVersions() {
    std::string courses = catalogue_.Read("courses.yaml");
    const std::string policy = "new_version: better_for_person";
    while (courses.find(policy) != std::string::npos) {
      courses = With(std::move(courses), policy, "new_version: pinned");
    }
    catalogue_.Write("courses.yaml", courses);
  }

 private:
  void Legislate(const std::string& before, const std::string& after,
                 const std::string& open_cases) {
    const std::string file = std::string("services/") + kService + ".yaml";
    const std::string text = catalogue_.Read(file);
    const size_t from = text.find("  - from: 2024-01-01\n");
    const size_t end = text.find("examples:");
    const std::string version = text.substr(from, end - from);
    const std::string first =
        With(With(version, kCitizens, before), "2024-01-01\n", "2024-01-01\n    to: 2026-03-19\n");
    const std::string second = With(With(version, kCitizens, after), "2024-01-01\n",
                                    "2026-03-20\n    open_cases: " + open_cases + "\n");
    catalogue_.Write(file, text.substr(0, from) + first + second);
  }

  AmendedCatalogue catalogue_;
};

TEST_F(NewRulesTest, WhatGivesMoreCountsForOpenCases) {
  const auto decided = Decided(kForeigners, kCitizens, "better");
  EXPECT_EQ(decided->status, Status::kGranted);
  EXPECT_EQ(decided->history.back().reason, "case.reason.granted_by_newer_rules");
  EXPECT_EQ(decided->regulation_from, Date::Of(2026, 3, 20));
}

TEST_F(NewRulesTest, UnlessTheyLeaveOpenCasesAlone) {
  const auto decided = Decided(kForeigners, kCitizens, "unchanged");
  EXPECT_EQ(decided->status, Status::kWithOfficial);
  EXPECT_EQ(decided->regulation_from, Date::Of(2024, 1, 1));
}

TEST_F(NewRulesTest, UnlessTheCoursePinsTheVersion) {
  PinVersions();
  const auto decided = Decided(kForeigners, kCitizens, "better");
  EXPECT_EQ(decided->status, Status::kWithOfficial);
  EXPECT_EQ(decided->regulation_from, Date::Of(2024, 1, 1));
}

TEST_F(NewRulesTest, WhatGivesLessDoesNotTouchThem) {
  const auto decided = Decided(kCitizens, kForeigners, "better");
  EXPECT_EQ(decided->status, Status::kGranted);
  EXPECT_EQ(decided->history.back().reason, "case.reason.granted_by_rules");
}

}  // namespace
}  // namespace kstati::scenarios
