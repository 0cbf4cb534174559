// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "eligibility/program.h"
#include "recommender/candidate.h"
#include "recommender/exposure.h"
#include "recommender/life_event.h"
#include "recommender/ranker.h"
#include "recommender/yielding.h"

namespace kstati::recommender {

struct SuggestRequest {
  const profile::Household* household = nullptr;
  std::vector<OpenSituation> situations;  // open ones of the citizen
  std::set<ServiceAbout> excluded;        // what is under way
  // What the person turned down, and when: not offered for kTurnedDownDays, unless an open
  // situation that began later names it. Number 0: about whomever.
  std::map<ServiceAbout, Date> turned_down;
  Background background;  // only for the order
  // Loads whoever a situation is about and the household does not name; may be empty or give null.
  std::function<std::shared_ptr<const profile::FactView>(CitizenId)> find_person;
  Date on;
  size_t limit = 10;
  // So many of the last places show what is drawn evenly among all that is left, where more is
  // allowed than shown; the first place never does.
  size_t exploration_places = 0;
  uint64_t chance = 0;             // what is drawn follows from it and the citizen
  const Ranker* shadow = nullptr;  // scores too, and changes nothing
  // Of services that exclude each other only the best are suggested; null: nothing excludes.
  const std::vector<graph::Exclusion>* exclusions = nullptr;
};
inline constexpr int64_t kTurnedDownDays = 180;

struct Suggested {
  eligibility::Decision decision;  // with explanation
  SituationId situation;
  double score = 0;                  // the probability that the person takes it up
  std::string stage;                 // what put it here: the ranker's stage, or "exploration"
  std::vector<Topic> because;        // what raised it, strongest first; nothing where it was drawn
  std::vector<ServiceId> after;      // with the topic kUses: what the person took up, at most two
  std::vector<Yielding> instead_of;  // what yields to it
};
inline constexpr std::string_view kExplorationStage = "exploration";

struct Suggestions {
  std::vector<Suggested> items;                // best first
  std::vector<eligibility::Decision> yielded;  // with explanation, on what yields to others
  RankedBy ranked_by;
  bool estimated = false;  // with guesses about events that nobody announced
  Exposure exposure;       // for the log; its moment is not set
};

// The services the citizen is or may be entitled to: eligible, likely or undetermined, never a
// definite "no", never one that exists in other regions than the person's alone, never one whose
// outputs the person already has, never one of `excluded`.
// Undetermined ones appear only when an open situation names them. Services of a fresh life event
// come before all others, and say so by the topic kFresh; those of an open situation before the
// rest at equal score. No service about the same person twice, and none that yields
// to another one: it is named with that one.
Suggestions Suggest(const SuggestRequest& request, const eligibility::Program& program,
                    const Ranker& ranker);

// Every (service, about, situation) that may be decided for the citizen: for services about a child
// one per living child or ward, about the deceased one per open situation. Services of other
// territories are cut before anything else; where the region is not known, nothing is. Not decided
// yet.
std::vector<Candidate> EnumerateCandidates(const SuggestRequest& request,
                                           const eligibility::Program& program);

// The candidates that may be shown, decided, not yet in order: what Suggest ranks.
std::vector<Candidate> AllowedCandidates(const SuggestRequest& request,
                                         const eligibility::Program& program);

}  // namespace kstati::recommender
