// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/calendar.h"
#include "base/ids.h"
#include "base/time.h"
#include "graph/chains/request.h"
#include "graph/scenario.h"
#include "graph/service_graph.h"

namespace kstati::graph {

// A document that a step rests on.
struct UsedDocument {
  AttributeId document;
  ServiceId giver;                  // empty: held, brought or in a registry
  std::optional<Period> valid_for;  // from the giver's finish; absent: without end
  std::optional<Date> last_day;     // of one that is held
};

// A step that must have begun, or have finished, before another begins: else that one is refused,
// or its regulation says so.
struct Ahead {
  ServiceId service;
  bool finished = false;
};

struct ChainStep {
  ServiceId service;
  // When all inputs are there; when an earlier step has no finish: not before this day.
  Date start;
  std::optional<Date> finish;      // absent: past the last loaded calendar year
  std::vector<ServiceId> after;    // steps whose outputs this one uses
  std::vector<Ahead> behind;       // steps that must not come after this one
  std::vector<AttributeId> bring;  // documents the person must bring
  bool undetermined = false;       // decided once a missing fact is known
  std::vector<AttributeId> given;  // what the person may get it for, once earlier steps gave it
  int visits = 0;
  PersonalScenario scenario;               // of the regulation
  const Regulation* regulation = nullptr;  // as it applies to the person; lives in the catalogue
  Term term;                               // from start to finish
  std::vector<UsedDocument> uses;          // one for each input
  int64_t fee = 0;                         // kopecks, on the start, through the cheapest channel
  bool fee_known = true;                   // false: the law states it in words
  std::string region;                      // whose fees count; as in the request
  // In a chain put together of several: which one it is from.
  size_t part = 0;
  // By which its days are counted; null: the country's. Lives as long as the graph.
  const WorkingCalendar* calendar = nullptr;
};

// Services in an order in which each step's inputs are there before it starts.
struct Chain {
  SituationId situation;
  // By start, then priority, then id; a step always comes after those it is `after`.
  std::vector<ChainStep> steps;
  std::vector<AttributeId> reached;      // goals the chain reaches or the person already has
  std::vector<AttributeId> unreachable;  // goals no allowed service leads to
  std::optional<Date> finish;  // of the last step; absent when there is none or it has none
  int64_t burden = 0;          // kopecks
  // No chain asks less: the same when the chain is proven; 0 when nothing is known, since a
  // standing depends on more than was tried.
  int64_t least_burden = 0;
  bool proven = true;
  // Of fees that were weighed one depends on the day: what is known holds on these days alone.
  bool fees_vary = false;
};

// Leads from what the person holds to the goals of the situation with the least burden: what
// graph/chains/burden.h counts, with the days of waiting. Every step is founded, none is refused,
// no circle supports itself and no step is without a use. Ties go to fewer days, fewer services,
// higher priority, then the id. A document that nobody gives and no registry holds is brought.
// Standings are asked for services that may lead to a goal, and for no other.
// Terms are counted by the working calendar; a term past the last loaded year leaves `finish`
// absent.
Chain BuildChain(const ServiceGraph& graph, const ChainRequest& request);

enum class OptionKind { kRecommended, kFastest, kFewestVisits, kLowestFee };

// A chain to choose, with what it asks.
struct ChainOption {
  OptionKind kind = OptionKind::kRecommended;
  std::vector<ChainStep> steps;
  std::optional<Date> finish;
  int visits = 0;
  // On so few trips the visits can be made when nothing has to be waited for: one trip to an office
  // serves all that is to be done there.
  int trips = 0;
  int least_trips = 0;               // no chain without other doubts takes fewer
  int64_t fee = 0;                   // kopecks, through the cheapest channels
  bool fee_known = true;             // false: the law states one of them in words
  int documents = 0;                 // to bring
  std::vector<AttributeId> reached;  // as in Chain
  std::vector<AttributeId> unreachable;
  // Nothing is better in what it is named for, when each step begins as soon as its inputs are
  // there. Of fees that nobody knows none is proven lowest, and of days past the last loaded year
  // none the first.
  bool proven = true;
  bool fees_vary = false;  // as in Chain
};

// At most four ways to the goals: the chain of BuildChain, the one done first, the one with the
// fewest trips and, of those whose fees are known, the one with the lowest; each asks for as
// little else as it can, and for no undetermined service beside those of the first. None but the
// first is as bad as another in everything, and each is better than the first in what it is named
// for. Empty without steps.
std::vector<ChainOption> FindOptions(const ServiceGraph& graph, const ChainRequest& request);

}  // namespace kstati::graph
