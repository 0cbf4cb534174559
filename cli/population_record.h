// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "cli/options.h"

namespace kstati::cli {

// Which synthetic people a store holds. The first three name them: the same values make the same
// people on every later day.
struct PopulationRecord {
  int64_t citizens = 1'000;
  int64_t seed = 1;
  Date since;           // the day on which the population stands
  bool loaded = false;  // everything of that day is in the store
  int64_t pace = 0;     // at which their life is played; 0: not played yet

  // "20000 citizens, seed 1, since 2026-07-01".
  std::string ToString() const;
};

// The record is the file population.json in the store's folder, so that it goes where the store
// goes. nullopt when the store holds no synthetic people; kCorrupt when the file is damaged.
Result<std::optional<PopulationRecord>> ReadPopulationRecord(const std::string& store_folder);
// In one step: a reader sees the earlier record or this one.
Result<void> WritePopulationRecord(const std::string& store_folder, const PopulationRecord& record);

// The options by which a command names a population; those left out are as recorded.
class PopulationChoice {
 public:
  void Declare(Options& options);

  // A population to make: what the options say, the rest by default. The default day changes with
  // `today`. kInvalidArgument unless the population stands before today.
  Result<PopulationRecord> ToMake(Date today) const;
  // The population of a store. kConflict when an option contradicts what is recorded; kNotFound
  // when nothing is recorded and the options do not say who lives there.
  Result<PopulationRecord> Recorded(const std::optional<PopulationRecord>& recorded) const;

 private:
  Result<std::optional<Date>> Since() const;

  int64_t citizens_ = 0;
  int64_t seed_ = -1;
  std::string since_;
};

}  // namespace kstati::cli
