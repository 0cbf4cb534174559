// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "graph/chains/burden.h"
#include "graph/chains/model.h"
#include "graph/chains/request.h"

namespace kstati::graph::chains {

// How an attribute comes to be there.
enum class Origin { kHeld, kStateHolds, kBrought, kProduced };

// An attribute that may lead to a goal.
struct Fact {
  AttributeId id;
  Origin origin = Origin::kProduced;
  std::vector<uint32_t> producers;  // actions
  std::optional<Date> last_day;     // on which it is accepted, of one that is held
  std::optional<Period> valid_for;  // from the day a service gives it
  bool is_new = false;              // a goal that only a service reaches, whatever is held
};

// A service as this person would use it. One service is several actions when what earlier steps
// give changes how it stands: each needs what it takes for granted. So it is when it is delivered
// in several scenarios: of those a chain has one.
struct Action {
  const Service* service = nullptr;
  const Regulation* regulation = nullptr;
  PersonalScenario scenario;
  uint32_t alternatives = 0;  // the first of the actions that differ in the scenario alone
  const Term* term = nullptr;
  // Of one that was applied for: what is left of the term on the day of the request. It has begun,
  // and asks for nothing more.
  std::optional<Term> remaining;
  bool in_situation = false;
  bool was_told = true;  // false: other services were told, and not this one
  bool undetermined = false;
  bool refused = false;                       // only among relaxed ways
  bool out_of_reach = false;                  // likewise: the person has no channel to apply
  std::vector<std::vector<uint32_t>> inputs;  // facts: all of any of; then those of `given`
  std::vector<uint32_t> outputs;              // facts
  std::vector<uint32_t> given;                // facts its standing takes for granted
  std::vector<ServiceId> after;  // that must be done before, where a choice has them too
  // With the lowest fee and the highest of all days on which it may begin.
  Burden burden;
  Burden dearest;
  bool fee_varies = false;  // with the day

  // Obstacles that it is, among relaxed ways.
  int obstacles() const { return (refused ? 1 : 0) + (out_of_reach ? 1 : 0); }
  // What a chain with it asks of the person for it, at least; documents to bring count apart.
  Cost cost() const { return CostWith(burden); }
  Cost CostWith(const Burden& on_some_day) const;
};

// Everything from which the goals may be reached by one person: found backwards from them, stopping
// at what is held and does not expire. Standings are asked for these services only. A goal that is
// to be renewed is a fact of its own beside what is held, and what else takes the document waits
// for the new one, where that one does not need it. A service that takes a document and gives it
// anew takes one that has ended, too.
class Ways {
 public:
  // Relaxed ways also lead through services that are refused, and past attributes that are not
  // there but for the goals: all that may stand in the way of a goal.
  Ways(const Model& model, const ChainRequest& request, bool relaxed = false);

  bool relaxed() const { return relaxed_; }

  const Model& model() const { return *model_; }
  const ChainRequest& request() const { return *request_; }
  std::span<const Fact> facts() const { return facts_; }
  std::span<const Action> actions() const { return actions_; }
  // In the order of the situation.
  std::span<const uint32_t> goals() const { return goals_; }
  // Services that were considered, and that are refused now.
  std::span<const ServiceId> refused() const { return refused_; }
  // By goal: whether the allowed services lead to it, or the person has it.
  const std::vector<uint8_t>& reachable() const { return reachable_; }
  // What each service's standing may be changed by: facts that services give.
  std::span<const uint32_t> may_change(const Service& service) const;
  // Actions that differ from this one in the scenario alone, and it, from the first to before the
  // last.
  std::pair<uint32_t, uint32_t> AlternativesTo(uint32_t action) const;
  // What the action asks when it begins on the day.
  Burden BurdenOn(const Action& action, Date day) const;
  // False: a standing depends on more than was tried, so that a cheaper chain is possible.
  bool complete() const { return complete_; }

 private:
  uint32_t FactOf(const AttributeId& id);
  uint32_t NewFact(const AttributeId& id);
  uint32_t GoalOf(const AttributeId& id);
  uint32_t HandedInFact(const AttributeId& id);
  void Supply(uint32_t fact);
  void Open(uint32_t fact);
  void Consider(uint32_t service);
  void ConsiderGiven(uint32_t service, const Standing& now, const std::vector<uint32_t>& changing);
  void AddActions(uint32_t service, const Standing& standing, const std::vector<uint32_t>& given);
  void AddAction(Action action);
  std::vector<PersonalScenario> ScenariosOf(const Action& action, Latency slowest) const;
  void TakeAsks(Action& action);
  std::vector<uint32_t> ChangingOf(uint32_t service, const Standing& standing);
  void LinkOutputs();
  void WaitForRenewals();
  std::vector<uint8_t> NeededFor(uint32_t action) const;
  void SpanFees();
  void FindReachable();

  const Model* model_;
  const ChainRequest* request_;
  bool relaxed_;
  std::vector<Fact> facts_;
  std::map<AttributeId, uint32_t> fact_of_;
  std::map<AttributeId, uint32_t> renewed_;    // the goals that are to be renewed
  std::map<AttributeId, uint32_t> handed_in_;  // what services take to give it anew
  std::vector<uint32_t> open_;
  std::vector<uint8_t> was_opened_;  // by fact
  std::vector<uint8_t> considered_;  // by service of the model
  std::vector<Action> actions_;
  std::vector<ServiceId> refused_;
  std::vector<uint32_t> goals_;
  std::vector<uint8_t> reachable_;
  std::map<ServiceId, std::vector<uint32_t>> changing_;
  bool complete_ = true;
};

}  // namespace kstati::graph::chains
