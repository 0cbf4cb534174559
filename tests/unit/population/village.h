// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "eligibility/program.h"
#include "population/fact_source.h"
#include "population/population.h"
#include "profile/registry_event.h"
#include "recommender/ranker.h"

namespace kstati::population {

Date Day(std::string_view text);

// The catalogue that ships, loaded once.
struct Law {
  Law();
  profile::Dictionary dictionary;
  graph::Catalogue catalogue;
  std::unique_ptr<eligibility::Program> program;
};
const Law& TheLaw();

inline constexpr std::string_view kToday = "2026-03-15";

PopulationOptions Options(uint64_t citizens, uint64_t seed = 1);
FactSource Source(uint64_t seed = 1, double unknown_share = 0.03);

// What registries have told, kept in memory.
class Village {
 public:
  void Record(const profile::RegistryEvent& event);
  void RecordRegistrations(const Population& population, const FactSource& source);
  bool Knows(CitizenId citizen) const { return histories_.contains(citizen); }
  std::vector<CitizenId> citizens() const;
  Result<profile::Household> HouseholdOf(CitizenId citizen, Date on) const;
  recommender::LoadHouseholdOn Load() const;

 private:
  std::map<CitizenId, profile::History> histories_;
  int64_t recorded_ = 0;
};

// Every event of the population's registration.
std::vector<profile::RegistryEvent> Registrations(const Population& population,
                                                  const FactSource& source);
// The canonical bytes of all, for comparing runs.
std::string Bytes(const std::vector<profile::RegistryEvent>& events);

}  // namespace kstati::population
