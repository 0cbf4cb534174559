// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>

#include "population/fact_source.h"
#include "population/population.h"
#include "profile/registry_event.h"

namespace kstati::population {

// The register that tells of a person for the first time, and its event.
inline constexpr std::string_view kPopulationRegister = "fns_erns";
inline constexpr std::string_view kPersonRegistered = "registry.person_registered";

// Tells the registries' first reports about a population, in an order in which everybody whom an
// event names is registered: for each home the people, then one "registry.facts" event per person
// and registry, with relations in those of the civil registry. Stops when `visit` returns false.
// The same population gives the same events with the same ids.
void VisitRegistrations(const Population& population, const FactSource& source, Date on,
                        const std::function<bool(const profile::RegistryEvent&)>& visit);

// The "registry.facts" events, one per registry, of facts about one person. `ids` makes their ids
// unique.
std::vector<profile::RegistryEvent> ReportsOf(CitizenId citizen,
                                              const std::vector<KnownFact>& facts, Date on,
                                              uint64_t ids);

}  // namespace kstati::population
