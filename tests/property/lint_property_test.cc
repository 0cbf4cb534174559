// SPDX-License-Identifier: Apache-2.0
// What the linter says of criteria is what trying every person says, for random criteria over a few
// facts; and every person it shows is decided by the engine as it says. KSTATI_TEST_SCALE
// multiplies the hundred and fifty catalogues.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <ranges>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "eligibility/lint.h"
#include "tests/property/random_rules.h"
#include "tests/unit/eligibility/small_world.h"

namespace kstati::eligibility {
namespace {

const std::vector<std::string> kOfCriteria = {"always-holds", "checked-twice", "never-decides"};

// One service with two to four criteria on two grounds.
class World {
 public:
  explicit World(std::mt19937& random) : facts_(random, 1 + random() % 5) {
    for (size_t i = 2 + random() % 3; i > 0; --i) {
      criteria_.push_back({"c" + std::to_string(criteria_.size()), facts_.AnyRule(2),
                           random() % 2 == 0 ? "rg_age" : "rg_income"});
    }
    program_ = &Describe(catalogue_, {});
    for (const CriterionOutcome& outcome : Outcomes(Everybody().front())) {
      ids_.push_back(outcome.criterion->id);
    }
  }

  void Check() {
    const std::vector<Finding> findings = Lint(*program_, Day("2026-03-15")).findings;
    std::map<std::string, std::set<std::string>> found;
    for (const Finding& finding : findings) found[finding.check].insert(finding.of);
    std::vector<std::vector<Truth>> people;
    for (const auto& person : Everybody()) people.push_back(TruthsOf(person));
    const auto holds_but = [&](const std::vector<Truth>& truths, size_t but) {
      for (size_t i = 0; i < truths.size(); ++i) {
        if (i != but && truths[i] != Truth::kHolds) return false;
      }
      return true;
    };
    const auto somebody = [&](const auto& test) { return std::ranges::any_of(people, test); };
    const bool qualifies =
        somebody([&](const auto& truths) { return holds_but(truths, truths.size()); });
    EXPECT_EQ(!qualifies, found.contains("nobody-qualifies")) << Text();
    if (!qualifies) return;
    ++qualified;
    for (size_t i = 0; i < ids_.size(); ++i) {
      const bool fails = somebody([&](const auto& truths) { return truths[i] == Truth::kFails; });
      const bool alone = somebody(
          [&](const auto& truths) { return truths[i] == Truth::kFails && holds_but(truths, i); });
      bool named = false;
      for (const std::string& check : kOfCriteria) named |= found[check].contains(ids_[i]);
      EXPECT_EQ(!fails, found["always-holds"].contains(ids_[i])) << Text();
      EXPECT_FALSE(alone && named) << ids_[i] << Text();
      // Of criteria that mean the same, the first one is not named.
      const bool has_twin =
          std::ranges::any_of(std::views::iota(i + 1, ids_.size()), [&](size_t k) {
            return std::ranges::all_of(people, [&](const auto& t) { return t[i] == t[k]; });
          });
      EXPECT_TRUE(alone || named || has_twin) << ids_[i] << Text();
      if (!alone) ++flawed;
    }
    CheckGrounds(people, found["ground-unreachable"]);
    for (const Finding& finding : findings) CheckWitness(finding);
  }

  static inline size_t qualified = 0;
  static inline size_t flawed = 0;
  static inline size_t shown = 0;

 private:
  using Person = std::vector<unsigned>;  // a value of each fact

  const Program& Describe(SmallCatalogue& catalogue, const std::string& examples) const {
    WithPeople(catalogue);
    for (size_t i = 0; i < facts_.size(); ++i) catalogue.Attribute(facts_.Description(i));
    catalogue.Service("benefit", "person", criteria_, {}, examples);
    return catalogue.Compile();
  }

  std::vector<Person> Everybody() const {
    std::vector<Person> people{{}};
    for (size_t i = 0; i < facts_.size(); ++i) {
      std::vector<Person> more;
      for (const Person& person : people) {
        for (unsigned value = 0; value < facts_.ValueCount(i); ++value) {
          more.push_back(person);
          more.back().push_back(value);
        }
      }
      people = std::move(more);
    }
    return people;
  }

  std::vector<CriterionOutcome> Outcomes(const Person& person) const {
    Records records;
    for (size_t i = 0; i < person.size(); ++i) {
      records.Know(1, RandomFacts::Name(i), facts_.Value(i, person[i]));
    }
    const profile::Household household = records.HouseholdOf(1, "2026-03-15");
    Subject subject;
    subject.household = &household;
    return program_->Decide(catalogue_.service("benefit"), subject, true).criteria;
  }

  std::vector<Truth> TruthsOf(const Person& person) const {
    std::vector<Truth> truths;
    for (const CriterionOutcome& outcome : Outcomes(person)) truths.push_back(outcome.truth);
    return truths;
  }

  void CheckGrounds(const std::vector<std::vector<Truth>>& people,
                    const std::set<std::string>& unreachable) const {
    std::map<std::string, bool> reached;
    for (size_t i = 0; i < criteria_.size(); ++i) {
      reached[criteria_[i].ground] |= std::ranges::any_of(
          people, [&](const auto& truths) { return truths[i] == Truth::kFails; });
    }
    for (const auto& [ground, is_reached] : reached) {
      EXPECT_EQ(!is_reached, unreachable.contains(ground)) << ground << Text();
    }
  }

  // Its facts as an example of the service must come out as they are said to.
  void CheckWitness(const Finding& finding) const {
    if (!finding.witness) return;
    ++shown;
    std::istringstream lines(ToYaml(*finding.witness));
    std::string examples = "examples:\n";
    for (std::string line; std::getline(lines, line);) examples += "  " + line + "\n";
    SmallCatalogue again;
    for (const Issue& issue : RunExamples(Describe(again, examples))) {
      if (issue.severity == Severity::kError) ADD_FAILURE() << issue.text << Text();
    }
  }

  std::string Text() const {
    std::string text;
    for (const Requirement& one : criteria_) text += "\n" + one.id + ": " + one.rule;
    return text;
  }

  RandomFacts facts_;
  std::vector<Requirement> criteria_;
  SmallCatalogue catalogue_;
  const Program* program_ = nullptr;
  std::vector<std::string> ids_;
};

TEST(LinterProperty, SaysWhatTryingEverybodySays) {
  std::mt19937 random(20260315);
  const size_t rounds = Scaled(150);
  for (size_t round = 0; round < rounds && !testing::Test::HasFailure(); ++round) {
    World(random).Check();
  }
  EXPECT_GT(World::qualified, rounds / 4);
  EXPECT_GT(World::flawed, rounds / 10);
  EXPECT_GT(World::shown, rounds / 10);
}

}  // namespace
}  // namespace kstati::eligibility
