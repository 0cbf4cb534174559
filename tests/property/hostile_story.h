// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <random>
#include <string>
#include <vector>

#include "cases/world.h"
#include "profile/registry_event.h"

namespace kstati::property {

// What a registry tells of a family, before anybody has a number.
struct Deed {
  std::string id;
  size_t day = 0;  // on which it comes first
  std::string type;
  RegistryId registry;
  std::string who;                           // whom it is about: "mother"
  std::map<std::string, std::string> roles;  // of the event: by role who has it
  std::vector<AttributeId> attributes;       // that it reports of `who` ...
  std::vector<profile::FactValue> values;    // ... with these values ...
  Date from;                                 // ... valid from this day on
  std::string supersedes = {};               // in the hostile stream only
  std::string anew_of = {};                  // it only says what that one says
  bool right = true;                         // the clean stream tells it
};

// What happened to a family, and how registries tell it: deeds that never happened are told and
// corrected or annulled, right ones come in any order within their day, and again on later days.
struct Story {
  std::vector<Deed> deeds;
  std::vector<std::vector<size_t>> told;  // by day: indices of deeds, as the hostile stream comes

  // The same without one deed, and without what corrects it.
  Story Without(size_t deed) const;
  std::string ToText() const;
};

inline constexpr size_t kDaysOfStory = 4;

// How bad a stream is.
struct Hostility {
  bool errs = false;  // registries err, and correct themselves: within the day, or later
};

// Of mother, father, son and grandmother; every fact begins on a day of its own, so that what holds
// does not depend on who is heard last.
Story MakeStory(std::mt19937& random, const cases::World& world, Date first_day,
                const Hostility& hostility);

}  // namespace kstati::property
