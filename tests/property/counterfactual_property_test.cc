// SPDX-License-Identifier: Apache-2.0
// The smallest sets of changes that turn a "no" into a "yes" are those that trying all subsets of
// facts and all their values gives, with the nearest sums, for random rules of up to eight facts.
// KSTATI_TEST_SCALE multiplies the two hundred rules.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "eligibility/counterfactual.h"
#include "tests/unit/eligibility/small_world.h"

namespace kstati::eligibility {
namespace {

using Names = std::set<std::string>;

constexpr unsigned kHalves = 7;
const Decimal kKopeck = *Decimal::Parse("0.01");

size_t Rounds() {
  const char* scale = std::getenv("KSTATI_TEST_SCALE");
  return 200 * (scale == nullptr ? 1 : std::max(1UL, std::strtoul(scale, nullptr, 10)));
}

// A rule over facts f0 .. and the facts of one person, all booleans or sums from 0 to 3 in halves:
// between any two that a rule compares with there is one.
class World {
 public:
  explicit World(std::mt19937& random) : random_(random) {
    WithPeople(catalogue_);
    const size_t facts = 1 + random() % 8;
    for (size_t i = 0; i < facts; ++i) {
      numbers_.push_back(random() % 3 == 0);
      fixed_.push_back(random() % 4 == 0);
      catalogue_.Attribute("id: " + NameOf(i) + ", type: " + (numbers_[i] ? "money" : "boolean") +
                           ", name: {ru: Ф, en: F}, registry: zags, category: income, " +
                           "completeness: open, changes: " + (fixed_[i] ? "never" : "by_person"));
      present_.push_back(numbers_[i] ? random() % kHalves : random() % 2);
      records_.Know(1, NameOf(i), ValueOf(i, present_[i]));
    }
    catalogue_.Service("benefit", "person", {{"rule", AnyRule(3)}});
    program_ = &catalogue_.Compile();
    household_ = records_.HouseholdOf(1, "2026-03-15");
  }

  std::set<Names> Found() {
    CounterfactualLimits limits;
    limits.days_ahead = 0;
    const Counterfactuals found = WhatWouldChange(*program_, service(), SubjectWith({}), limits);
    EXPECT_TRUE(found.complete);
    std::set<Names> sets;
    for (const std::vector<Change>& set : found.sets) {
      Names names;
      std::vector<Assumption> assumed;
      for (const Change& change : set) {
        names.insert(change.attribute.text());
        assumed.push_back({change.citizen, change.attribute, change.value});
      }
      EXPECT_TRUE(Decides(assumed));
      for (size_t i = 0; i < assumed.size(); ++i) EXPECT_FALSE(SomeNearer(assumed, i));
      sets.insert(std::move(names));
    }
    return sets;
  }

  // Every set of changeable facts some other values of which make a yes, and no part of which does.
  std::set<Names> Exhaustively() {
    std::vector<Names> enough;
    if (program_->Decide(service(), SubjectWith({}), false).verdict != Verdict::kNotEligible) {
      return {};
    }
    for (unsigned subset = 1; subset < (1U << present_.size()); ++subset) {
      if (Some(subset, 0, {})) enough.push_back(NamesOf(subset));
    }
    std::set<Names> smallest;
    for (const Names& set : enough) {
      const bool has_part = std::ranges::any_of(enough, [&](const Names& part) {
        return part != set && std::ranges::includes(set, part);
      });
      if (!has_part) smallest.insert(set);
    }
    return smallest;
  }

 private:
  static std::string NameOf(size_t i) { return "person.f" + std::to_string(i); }

  profile::FactValue ValueOf(size_t i, unsigned value) const {
    if (numbers_[i]) return *Decimal(static_cast<int64_t>(value)).Divide(2);
    return value == 1;
  }

  std::string AnyRule(int depth) {
    const size_t i = random_() % present_.size();
    if (depth == 0 || random_() % 4 == 0) {
      if (!numbers_[i]) return (random_() % 2 == 0 ? NameOf(i) : "not(" + NameOf(i) + ")");
      const char* signs[] = {">=", "<", "=", "!="};
      return NameOf(i) + " " + signs[random_() % 4] + " " + std::to_string(1 + random_() % 2);
    }
    const std::string word = random_() % 2 == 0 ? " and " : " or ";
    return "(" + AnyRule(depth - 1) + word + AnyRule(depth - 1) + ")";
  }

  const graph::Service& service() const { return catalogue_.service("benefit"); }

  Subject SubjectWith(std::vector<Assumption> assumed) const {
    Subject subject;
    subject.household = &household_;
    subject.assumed = std::move(assumed);
    return subject;
  }

  bool Decides(std::vector<Assumption> assumed) const {
    return program_->Decide(service(), SubjectWith(std::move(assumed)), false).verdict ==
           Verdict::kEligible;
  }

  // Whether a value of the i-th fact that is nearer to the present one would do beside the others.
  bool SomeNearer(const std::vector<Assumption>& assumed, size_t i) const {
    const auto* const value = std::get_if<Decimal>(&assumed[i].value);
    if (value == nullptr) return false;
    const size_t fact = std::stoul(assumed[i].attribute.text().substr(NameOf(0).size() - 1));
    const Decimal present = std::get<Decimal>(ValueOf(fact, present_[fact]));
    const Decimal distance = value->Subtract(present)->Abs();
    for (unsigned half = 0; half < kHalves; ++half) {
      const Decimal around = std::get<Decimal>(ValueOf(fact, half));
      for (const Decimal& one : {*around.Subtract(kKopeck), around, *around.Add(kKopeck)}) {
        if (one == present || one.Subtract(present)->Abs() >= distance) continue;
        std::vector<Assumption> nearer = assumed;
        nearer[i].value = one;
        if (Decides(std::move(nearer))) return true;
      }
    }
    return false;
  }

  bool Some(unsigned subset, size_t i, std::vector<Assumption> assumed) const {
    if (i == present_.size()) return Decides(std::move(assumed));
    if ((subset >> i & 1) == 0) return Some(subset, i + 1, std::move(assumed));
    if (fixed_[i]) return false;
    for (unsigned value = 0; value < (numbers_[i] ? kHalves : 2U); ++value) {
      if (value == present_[i]) continue;
      std::vector<Assumption> more = assumed;
      more.push_back({CitizenId(1), AttributeId(NameOf(i)), ValueOf(i, value)});
      if (Some(subset, i + 1, std::move(more))) return true;
    }
    return false;
  }

  Names NamesOf(unsigned subset) const {
    Names names;
    for (size_t i = 0; i < present_.size(); ++i) {
      if ((subset >> i & 1) != 0) names.insert(NameOf(i));
    }
    return names;
  }

  std::mt19937& random_;
  SmallCatalogue catalogue_;
  Records records_;
  std::vector<bool> numbers_;
  std::vector<bool> fixed_;
  std::vector<unsigned> present_;
  profile::Household household_;
  const Program* program_ = nullptr;
};

TEST(Counterfactual, EqualsExhaustiveSearch) {
  std::mt19937 random(20260315);
  size_t several = 0;
  for (size_t round = 0; round < Rounds(); ++round) {
    World world(random);
    const std::set<Names> expected = world.Exhaustively();
    ASSERT_EQ(world.Found(), expected) << "round " << round;
    several += expected.size() > 1 ? 1 : 0;
  }
  EXPECT_GT(several, Rounds() / 20);
}

}  // namespace
}  // namespace kstati::eligibility
