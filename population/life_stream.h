// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "population/fact_source.h"
#include "population/population.h"
#include "population/random.h"
#include "profile/registry_event.h"

namespace kstati::population {

struct LifeStreamOptions {
  uint64_t seed = 1;
  double pace =
      1;  // 1: births, deaths and so on as often as in a real year; 10: ten times as often
};

// What happens to a population day by day, as registries report it: births, deaths, moves,
// marriages, job losses and jobs found, disabilities, pensions. Birthdays are left to the calendar.
// Life events come under the catalogue's type from the registry it names, with the facts that
// registry knows; what other registries learn from the same event follows as "registry.facts".
// Types that the catalogue lacks do not happen. The same population, options and days give the same
// events with the same ids.
class LifeStream {
 public:
  // The population as of `yesterday`; `source` outlives the stream.
  LifeStream(Population population, const FactSource& source, const LifeStreamOptions& options,
             Date yesterday);

  // The events of the next day, in order. None is dated after that day.
  std::vector<profile::RegistryEvent> NextDay();
  Date today() const { return today_; }
  const Population& population() const { return population_; }

 private:
  class Occurrence;

  void HappenOften(double per_thousand_a_year, void (LifeStream::*happen)());
  Person* Find(bool (*fits)(const Person&, Date));
  void BeBorn();
  void Die();
  void Move();
  void Wed();
  void LoseJob();
  void FindJob();
  void BecomeDisabled();
  void RetireOnPension();

  Population population_;
  const FactSource& source_;
  LifeStreamOptions options_;
  Random random_;
  Date today_;
  std::vector<profile::RegistryEvent> events_;
};

}  // namespace kstati::population
