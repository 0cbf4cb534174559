// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "population/population.h"
#include "profile/value.h"

namespace kstati::population {

// What a value is worked out from.
struct Setting {
  const Population& population;
  const graph::Catalogue& catalogue;
  Date on;
};

// From when a fact is valid.
enum class Since { kSettled, kBirth, kWork, kDeath };

// How one attribute's value follows from a person. nullopt: no registry has a record.
struct FactMaker {
  std::string_view attribute;
  Since since;
  std::optional<profile::FactValue> (*make)(const Person&, const Setting&);
  bool of_the_dead = false;  // also known of people who have died
};

std::span<const FactMaker> FactMakers();

}  // namespace kstati::population
