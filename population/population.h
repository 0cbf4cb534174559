// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "graph/catalogue.h"

namespace kstati::population {

enum class Sex { kFemale, kMale };
enum class Disability { kNone, kGroupI, kGroupII, kGroupIII, kChild };
enum class Pension { kNone, kOldAge, kDisability, kSurvivor };

// A person made up: what the registries would know, before anything of it is left out. No names.
// Money is in kopecks, so that it is exact.
struct Person {
  CitizenId id;
  Sex sex = Sex::kFemale;
  Date birth;
  std::optional<Date> death;
  size_t home = 0;   // into Population::homes()
  CitizenId mother;  // zero: not in this population
  CitizenId father;
  CitizenId spouse;
  std::optional<Date> married_on;
  std::string region;  // code of the region
  bool citizen_of_russia = true;
  bool registered_at_home = true;
  bool employed = false;
  Date work_since;  // when `employed` became what it is
  bool self_employed = false;
  bool trader = false;
  bool student = false;
  bool unemployed_status = false;
  int64_t earnings_month = 0;
  Pension pension = Pension::kNone;
  int64_t pension_month = 0;
  Disability disability = Disability::kNone;
  int insurance_years = 0;
  bool drives = false;
  bool labour_veteran = false;
  int portal_level = 0;  // 0 simple, 1 standard, 2 confirmed

  bool alive() const { return !death; }
  int64_t AgeOn(Date date) const { return MonthsBetween(birth, date) / 12; }
};

// People who live together.
struct Home {
  std::vector<CitizenId> members;
  std::string region;
  bool owned = false;
  bool within_property_limits = true;
  int64_t utilities_month = 0;                   // kopecks
  std::optional<int64_t> income_per_head_month;  // set for homes placed on a threshold
};

struct PopulationOptions {
  uint64_t citizens = 1'000;
  uint64_t seed = 1;
  Date today;                     // everything generated has happened by then
  double threshold_share = 0.02;  // of homes: income per head exactly at the subsistence minimum
};

// A synthetic population: households with plausible ages, incomes and circumstances. Shares are
// chosen by eye after published census tables; do not read statistics from it. The same options
// give the same people. Invariants: numbers run from 1 without gaps; every living person is in
// exactly one home; spouses name each other.
class Population {
 public:
  // `catalogue` supplies the figures of law that threshold people stand on.
  static Population Generate(const PopulationOptions& options, const graph::Catalogue& catalogue);

  std::span<const Person> people() const { return people_; }
  std::span<const Home> homes() const { return homes_; }
  const Person& at(CitizenId id) const;
  Person& at(CitizenId id);
  Home& home_of(const Person& person) { return homes_[person.home]; }
  const Home& home_of(const Person& person) const { return homes_[person.home]; }

  // Living children of the person in this population, by number.
  std::vector<CitizenId> ChildrenOf(CitizenId parent) const;

  // Adds a person to a home under the next number.
  Person& Add(size_t home);
  size_t AddHome(Home home);
  // Takes a person from the home they live in to another.
  void MoveTo(Person& person, size_t home);
  // After parents are set: makes the child findable.
  void LinkChild(const Person& child);

 private:
  std::vector<Person> people_;
  std::vector<Home> homes_;
  std::vector<std::vector<CitizenId>> children_;  // by number of the parent, less one
};

// The regions that the generator uses.
std::span<const std::string_view> RegionCodes();

}  // namespace kstati::population
