// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "recommender/arms.h"
#include "recommender/candidate.h"
#include "recommender/interaction.h"
#include "recommender/ranker.h"

namespace kstati::recommender {

// One list of suggestions as it was shown, with all that might have been shown in its place.
// Kept in the log "exposure"; citizen and moment name it.
struct Exposure {
  CitizenId citizen;
  Instant at;
  Date on;
  RankedBy ranked_by;
  ServedArm arm;               // empty: shown in no trial
  std::string shadow_version;  // of the model that only looked on; empty: none did
  struct Offer {
    ServiceId service;
    CitizenId about;
    eligibility::Verdict verdict = eligibility::Verdict::kUndetermined;
    SituationId situation;
    std::optional<Date> situation_since;
    double score = 0;       // the probability of being taken up, by `ranked_by`
    double propensity = 0;  // of being shown at its place, given what stands above it; 0: not shown
    bool explored = false;  // drawn among all that was left
    double shadow_score = 0;  // by the shadow model; 0 without one
    double order = 0;         // by `ranked_by`: what is not fresh stands by it, the higher first
    double shadow_order = 0;  // by the shadow model; 0 without one
  };
  size_t shown = 0;           // how many of the offers, the first ones, in the order shown
  std::vector<Offer> offers;  // then the rest, best first
};

inline constexpr std::string_view kExposureLog = "exposure";

std::string Encode(const Exposure& exposure);
Result<Exposure> DecodeExposure(std::string_view bytes);

// What a person did with a suggestion. Kept in the log "feedback".
struct Feedback {
  CitizenId citizen;
  Instant at;
  std::string exposure;  // the moment of the list, "#", the place from 1; empty: by another way
  ServiceId service;
  std::string reaction;  // "opened" | "accepted" | "declined"
  CitizenId about = {};  // number 0: nobody said whom it is about
};

inline constexpr std::string_view kFeedbackLog = "feedback";
inline constexpr std::string_view kAccepted = "accepted";
inline constexpr std::string_view kDeclined = "declined";

std::string Encode(const Feedback& feedback);
Result<Feedback> DecodeFeedback(std::string_view bytes);

// Which of what was shown was taken up, one flag a shown offer.
struct ExposureOutcome {
  Exposure exposure;
  std::vector<bool> taken;
};

// Feedback counts for the list that it names; what came by another way, for the latest list that
// showed the service: either within `kOutcomeDays` of being shown. An application that follows
// feedback about the same within a day says again what that said, and counts for no other list. In
// the order of the exposures.
std::vector<ExposureOutcome> JoinOutcomes(std::vector<Exposure> exposures,
                                          const std::vector<Feedback>& feedbacks);
inline constexpr int64_t kOutcomeDays = 30;
// Whether nothing that was shown on the day can be taken up any more and count.
bool IsSettled(Date shown_on, Date today);

// Adds what a recorded visit took up, from the beginning of its day.
void AddTaken(const Interaction& visit, Past& past);

// Tells each interaction what its citizen had done with services before it: what recorded visits
// took up on earlier days, and earlier feedback. What became of the interaction itself is no part.
void FillPasts(std::vector<Interaction>& interactions, const std::vector<Feedback>& feedbacks);

// What a list teaches: its shown offers and which were taken up.
Interaction ToInteraction(const ExposureOutcome& outcome);

}  // namespace kstati::recommender
