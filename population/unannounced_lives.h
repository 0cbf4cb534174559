// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "population/population.h"
#include "profile/fact.h"
#include "recommender/inference/inferred_event.h"

namespace kstati::population {

struct UnannouncedLivesOptions {
  uint64_t seed = 1;
  Date from;
  int64_t days = 0;
  double announced_share = 0.5;   // of events that a registry tells of, days or weeks later
  double consenting_share = 0.6;  // of people who consent to estimates of the sensitive kinds
};

inline constexpr double kDaysOfMeanYear = 365.25;

// The last moment of the day: what is recorded on it is known by then.
Instant EveningOf(Date day);

// What happened, whether or not anybody was told.
struct TrueEvent {
  recommender::inference::EventKind kind;
  Date on;
  std::optional<Date> announced_on;  // when a registry told of it
};

// A grown-up's life: what came to be recorded, and what happened.
struct SimulatedLife {
  profile::History history;
  std::vector<TrueEvent> events;  // by day
  bool consents = false;
  std::string sex;          // "female" | "male"
  std::string age_band;     // "18-29" | "30-44" | "45-75", on the first day
  std::string region_type;  // "capital" | "other region"
};

// Lives of the people of a population who are 18 to 75 years old. Hazards by age, sex and state,
// and how often an event leaves traces among the person's facts, are chosen by eye: a simulation
// to try a method on, from which nothing follows about real people. Each person's life is drawn
// from the seed and the person's number alone.
std::vector<SimulatedLife> SimulateUnannouncedLives(const Population& population,
                                                    const UnannouncedLivesOptions& options);

}  // namespace kstati::population
