// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "recommender/background.h"
#include "recommender/candidate.h"

namespace kstati::recommender {

// What was shown to a citizen on a day and what the citizen took up: one training group.
// Kept in the log "interaction".
struct Interaction {
  CitizenId citizen;
  Date on;
  // When it was shown: what was recorded later, the result of the showing among it, was not known.
  // nullopt: all that is recorded was, as with simulated visits, whose facts came into the store
  // after the days they are about and of which none tells what was taken up.
  std::optional<Instant> known_at;
  struct Shown {
    ServiceId service;
    CitizenId about;
    eligibility::Verdict verdict;
    SituationId situation;
    std::optional<Date> situation_since;
    bool taken = false;
    // Of what was taken up: whether it came to a result; absent: that is not known, or not yet.
    std::optional<bool> completed = std::nullopt;
  };
  std::vector<Shown> shown;
  // What was known beside facts when it was shown. Not kept in the log: see FillPasts.
  Background background;
};

inline constexpr std::string_view kInteractionLog = "interaction";

std::string Encode(const Interaction& interaction);
Result<Interaction> DecodeInteraction(std::string_view bytes);

}  // namespace kstati::recommender
