// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cases/case.h"
#include "cases/clock.h"
#include "cases/decided_chain.h"

namespace kstati::cases {

enum class ChangeKind {
  kDone,      // a step whose outputs are there now
  kDropped,   // one that is no longer needed, or possible
  kRefused,   // one that the person is no longer entitled to
  kAdded,     // one the person was not told of
  kLater,     // the same step is done later, or
  kSooner,    //   sooner
  kBegins,    // it begins on another day and is done on the same one
  kFee,       // it costs another fee
  kVisits,    // it takes another number of visits
  kScenario,  // the same step is delivered in another scenario
  kBring,     // a document to bring that was not asked for before
  kLeave,     // one that is not needed any more
  kFinish,    // everything is done on another day
};

// Something that is otherwise than the person was told.
struct ChainChange {
  ChangeKind kind = ChangeKind::kAdded;
  ServiceId service;  // of the step; empty for kFinish
  CitizenId about;
  AttributeId document;                         // of kBring and kLeave
  std::optional<graph::ScenarioKind> scenario;  // of kScenario: the new one; absent: the only one
  std::optional<Date> before;  // of the finish, or the start; absent where no day is known
  std::optional<Date> now;
  std::optional<int64_t> fee;  // of kFee: the new one, kopecks; absent: it is not known in advance
  int visits = 0;              // of kVisits: the new number
};

// Why a step that was told is in the chain no more: kDone, kRefused or kDropped. By its place.
using WhyGone = std::function<ChangeKind(size_t)>;

// From what was told to what holds now, in the order of the old steps, then of the new ones.
std::vector<ChainChange> ChangesBetween(const DecidedChain& told, const DecidedChain& now,
                                        const WhyGone& why_gone);

// The steps of a chain, each with whom it is about.
std::set<recommender::ServiceAbout> StepsOf(const DecidedChain& chain);

// By when the result of a case has to be there, as far as was known at a moment.
std::optional<Date> DueAsOf(const Case& c, const std::optional<CaseClock>& clock, Instant at);

// What of a person's applications was under way at a moment: made by then, without a result.
// `due` tells by when the result of one has to be there.
std::map<recommender::ServiceAbout, UnderWay> UnderWayAt(
    const std::vector<Case>& cases, Instant at, const std::string& zone,
    const std::function<std::optional<Date>(const Case&)>& due);

}  // namespace kstati::cases
