// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"

namespace kstati::recommender {

// Some of the people, whose suggestions a stored model orders.
struct Arm {
  std::string name;
  std::string version;  // of a stored model
  int percent = 0;      // of all people

  bool operator==(const Arm&) const = default;
};

// Two or more orders set beside each other while they serve, each for people of its own. An A/A
// when all arms name one version, an A/B otherwise. People outside of every arm are served by the
// active model.
struct Trial {
  std::string name;  // of an A/A and of the A/B that follows it
  Date from;
  Date until;  // the last day
  std::string salt;
  std::vector<Arm> arms;  // two or more

  bool IsOn(Date day) const { return from <= day && day <= until; }
  bool IsSameAgainstSame() const;
  // Null: the citizen is in none. By a hash of the citizen's number keyed with the salt: the same
  // at every time and on every machine, and independent of trials with another salt. One of the
  // arms of this trial, which outlives what is returned.
  const Arm* ArmOf(CitizenId citizen) const&;
  const Arm* ArmOf(CitizenId citizen) const&& = delete;
  // Names how people are split: a digest of salt, arms and shares. Trials with the same split have
  // the same people in the same arms, whatever models these name.
  std::string Split() const;

  bool operator==(const Trial&) const = default;
};

// In which arm somebody was served; all empty outside of every arm.
struct ServedArm {
  std::string trial;
  std::string arm;
  std::string split;

  bool operator==(const ServedArm&) const = default;
};

// Where a folder of models declares its trials.
std::string TrialsFile(const std::string& folder);

// Reads {"format": 1, "trials": [{"name", "from", "until", "salt", "arms": [{"name", "version",
// "percent"}]}]}. kInvalidArgument, with place and remedy, when shares add up to more than 100,
// trials of one name are on at the same day, trials of two names that are on at the same day have
// one salt, or anything is missing, unknown or out of range. `place` names the text.
Result<std::vector<Trial>> ParseTrials(std::string_view text, const std::string& place);

// What `folder` declares, in the order of the file; none without the file.
Result<std::vector<Trial>> ReadTrials(const std::string& folder);

}  // namespace kstati::recommender
