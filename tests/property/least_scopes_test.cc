// SPDX-License-Identifier: Apache-2.0
//
// The least scopes of plans on the real catalogue: they suffice, none of them can be left out, and
// no smaller set would do (tried against all of them).
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <random>

#include "cases/data_needs.h"
#include "cases/draft.h"
#include "tests/scenarios/town.h"

namespace kstati::property {
namespace {

using cases::Categories;
using profile::CategoryId;

class LeastScopesTest : public ::testing::Test {
 protected:
  // All services about the person herself, as a plan.
  std::vector<cases::PlannedStep> PlanFor(const std::string& name,
                                          const std::vector<std::string>& services) {
    cases::Draft draft(town.world(), town.world().Now());
    cases::Viewpoint viewpoint;
    viewpoint.household = *draft.HouseholdOf(town.Number(name));
    std::vector<cases::PlannedStep> plan;
    for (const std::string& service : services) {
      plan.push_back({town.world().catalogue().FindService(ServiceId(service)), viewpoint});
    }
    return plan;
  }

  // Returns how many categories the plan needs.
  size_t ExpectLeast(const std::vector<cases::PlannedStep>& plan) {
    const cases::LeastScopes least = cases::LeastScopesOf(town.world(), plan);
    EXPECT_TRUE(cases::Suffices(town.world(), plan, least.categories));
    for (const CategoryId& category : least.categories) {
      Categories without = least.categories;
      without.erase(category);
      EXPECT_FALSE(cases::Suffices(town.world(), plan, without)) << category.text();
    }
    for (const cases::PlannedStep& step : plan) {
      EXPECT_TRUE(least.recipients.contains(profile::AuthorityId(step.service->authority)));
    }
    for (const profile::AuthorityId& recipient : least.recipients) {
      EXPECT_TRUE(std::ranges::any_of(plan, [&](const cases::PlannedStep& step) {
        return step.service->authority == recipient.text();
      })) << recipient.text();
    }
    ExpectNoSmaller(plan, least.categories.size());
    return least.categories.size();
  }

  std::vector<std::string> ServicesAboutThePerson() {
    std::vector<std::string> services;
    for (const graph::Service& service : town.world().catalogue().services()) {
      if (service.about == graph::About::kPerson) services.push_back(service.id.text());
    }
    return services;
  }

  // Somebody with some of these facts on record.
  void AnyResident(const std::string& name) {
    const auto coin = [&] { return random() % 2 == 0; };
    std::map<std::string, std::string> facts{{"person.citizenship_rf", coin() ? "true" : "false"},
                                             {"person.region_code", "77"}};
    if (coin()) facts["person.esia_level"] = "confirmed";
    if (coin()) facts["person.full_time_student"] = "true";
    if (coin()) facts["family.income_per_capita_month"] = "15000";
    if (coin()) facts["person.registered_at_residence"] = "true";
    // Where no record would mean "no".
    for (const profile::Attribute& attribute : town.world().program->dictionary().attributes()) {
      const bool complete = attribute.completeness == profile::Completeness::kComplete;
      const bool flag = attribute.type == profile::ValueType::kBoolean ||
                        attribute.type == profile::ValueType::kDocument;
      const bool own = attribute.is_reported() && attribute.holder() == "person";
      if (complete && flag && own && coin()) facts[attribute.id.text()] = "true";
    }
    town.Resident(name, std::to_string(1950 + random() % 55) + "-05-20", coin() ? "female" : "male",
                  facts);
  }

  // Against every smaller set of the categories of the dictionary.
  void ExpectNoSmaller(const std::vector<cases::PlannedStep>& plan, size_t size) {
    const auto all = town.world().program->dictionary().categories();
    for (uint32_t set = 0; set < 1u << all.size(); ++set) {
      if (static_cast<size_t>(std::popcount(set)) + 1 != size) continue;
      Categories categories;
      for (size_t i = 0; i < all.size(); ++i) {
        if ((set >> i & 1u) != 0) categories.emplace(all[i].id);
      }
      ASSERT_FALSE(cases::Suffices(town.world(), plan, categories)) << "a smaller set suffices";
    }
  }

  scenarios::Town town{"2026-03-16"};
  std::mt19937 random{20'260'316};
};

// What is hidden is unknown, never a "no": a verdict that some data settle is the verdict of all.
TEST_F(LeastScopesTest, HidingDataNeverTurnsADecisionAround) {
  const auto all = town.world().program->dictionary().categories();
  const std::vector<std::string> services = ServicesAboutThePerson();
  size_t settled = 0;
  size_t left_open = 0;
  for (int person = 0; person < 4; ++person) {
    const std::string name = "person " + std::to_string(person);
    AnyResident(name);
    for (const cases::PlannedStep& step : PlanFor(name, services)) {
      Categories shown;
      for (const profile::Category& category : all) {
        if (random() % 2 == 0) shown.emplace(category.id);
      }
      const auto whole =
          town.world().program->Decide(*step.service, step.viewpoint.subject(), true);
      const auto part = cases::DecideWithin(town.world(), *step.service, step.viewpoint, shown);
      const bool open = part.verdict == eligibility::Verdict::kUndetermined;
      ++(open ? left_open : settled);
      if (open) continue;
      EXPECT_EQ(part.verdict, whole.verdict) << name << " " << step.service->id.text();
    }
  }
  EXPECT_GT(settled, 10u);
  EXPECT_GT(left_open, 10u);
}

TEST_F(LeastScopesTest, OfTheServicesOfABirth) {
  town.Resident("mother", "1990-05-20", "female", {{"person.citizenship_rf", "true"}});
  town.Birth("son", "mother", "");
  const auto least = town.desk().LeastScopesFor(town.Number("mother"), SituationId("child_birth"),
                                                town.Number("son"));
  ASSERT_TRUE(least) << least.error().ToString();
  EXPECT_FALSE(least->categories.empty());
  EXPECT_TRUE(least->recipients.contains(profile::AuthorityId("sfr")));
  EXPECT_FALSE(least->categories.contains(CategoryId("health")));
}

TEST_F(LeastScopesTest, OfRandomPlansOfRandomPeople) {
  const std::vector<std::string> services = ServicesAboutThePerson();
  size_t needed = 0;
  for (int person = 0; person < 6; ++person) {
    const std::string name = "person " + std::to_string(person);
    AnyResident(name);
    std::vector<std::string> chosen;
    for (int step = 0; step < 3; ++step) chosen.push_back(services[random() % services.size()]);
    SCOPED_TRACE(name + ": " + chosen[0] + " " + chosen[1] + " " + chosen[2]);
    needed += ExpectLeast(PlanFor(name, chosen));
  }
  EXPECT_GT(needed, 6u) << "the plans need hardly any data";
}

}  // namespace
}  // namespace kstati::property
