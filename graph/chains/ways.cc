// SPDX-License-Identifier: Apache-2.0
#include "graph/chains/ways.h"

#include <algorithm>
#include <bit>

#include "base/check.h"
#include "graph/chains/first_days.h"
#include "graph/chains/scenario_choice.h"

namespace kstati::graph::chains {
namespace {

// Sets of this many attributes are all tried; each asks for a decision.
constexpr size_t kChangingMax = 4;

// The subsets of `changing`, smaller ones first, by the masks of their places.
std::vector<uint32_t> MasksBySize(size_t count) {
  std::vector<uint32_t> masks;
  for (uint32_t mask = 1; mask < (uint32_t{1} << count); ++mask) masks.push_back(mask);
  std::ranges::stable_sort(masks, {}, [](uint32_t mask) { return std::popcount(mask); });
  return masks;
}

std::vector<uint32_t> Subset(const std::vector<uint32_t>& of, uint32_t mask) {
  std::vector<uint32_t> subset;
  for (size_t i = 0; i < of.size(); ++i) {
    if ((mask >> i & 1U) != 0) subset.push_back(of[i]);
  }
  return subset;
}

}  // namespace

Cost Action::CostWith(const Burden& on_some_day) const {
  if (remaining) return undetermined ? kUndetermined : 0;
  return kApplication + on_some_day.visits * kVisit + on_some_day.fee_counted() +
         (in_situation ? 0 : kOutside) + (was_told ? 0 : kNotTold) +
         (undetermined ? kUndetermined : 0);
}

Ways::Ways(const Model& model, const ChainRequest& request, bool relaxed)
    : model_(&model), request_(&request), relaxed_(relaxed), considered_(model.service_count(), 0) {
  for (const AttributeId& goal : request.situation->goals) {
    goals_.push_back(GoalOf(goal));
    Open(goals_.back());
  }
  while (!open_.empty()) {
    const uint32_t fact = open_.back();
    open_.pop_back();
    Supply(fact);
  }
  LinkOutputs();
  WaitForRenewals();
  SpanFees();
  FindReachable();
}

// Says where the fact comes from, and considers who gives it.
void Ways::Supply(uint32_t fact) {
  Fact& opened = facts_[fact];
  if (!opened.is_new && request_->held.contains(opened.id)) {
    opened.origin = Origin::kHeld;
    if (!opened.last_day) return;
  }
  const auto number = model_->Find(opened.id);
  const auto producers = number ? model_->producers(*number) : std::span<const uint32_t>();
  const bool is_lacking = opened.is_new || (request_->lacks && request_->lacks(opened.id));
  if (producers.empty() && opened.origin != Origin::kHeld && !is_lacking) {
    opened.origin = request_->state_holds(opened.id) ? Origin::kStateHolds : Origin::kBrought;
  }
  for (const uint32_t producer : producers) Consider(producer);
}

uint32_t Ways::NewFact(const AttributeId& id) {
  Fact& fact = facts_.emplace_back();
  fact.id = id;
  if (request_->valid_for) fact.valid_for = request_->valid_for(id);
  was_opened_.push_back(0);
  return static_cast<uint32_t>(facts_.size() - 1);
}

uint32_t Ways::FactOf(const AttributeId& id) {
  const auto found = fact_of_.find(id);
  if (found != fact_of_.end()) return found->second;
  const uint32_t fact = NewFact(id);
  const auto expires = request_->expires.find(id);
  if (expires != request_->expires.end()) facts_[fact].last_day = expires->second;
  fact_of_.emplace(id, fact);
  return fact;
}

uint32_t Ways::GoalOf(const AttributeId& id) {
  if (!request_->renews.contains(id)) return FactOf(id);
  const auto found = renewed_.find(id);
  if (found != renewed_.end()) return found->second;
  const uint32_t fact = NewFact(id);
  facts_[fact].is_new = true;
  renewed_.emplace(id, fact);
  return fact;
}

// What the person holds or held, however long it is accepted elsewhere.
uint32_t Ways::HandedInFact(const AttributeId& id) {
  const auto found = handed_in_.find(id);
  if (found != handed_in_.end()) return found->second;
  const uint32_t fact = NewFact(id);
  facts_[fact].origin = Origin::kHeld;
  was_opened_[fact] = 1;
  handed_in_.emplace(id, fact);
  return fact;
}

void Ways::Open(uint32_t fact) {
  if (was_opened_[fact] != 0) return;
  was_opened_[fact] = 1;
  open_.push_back(fact);
}

// Adds the actions of the service, once and unless it is refused.
void Ways::Consider(uint32_t service) {
  if (considered_[service] != 0) return;
  considered_[service] = 1;
  const Standing standing = request_->standing(model_->service(service).id, {});
  const std::vector<uint32_t> changing = ChangingOf(service, standing);
  if (standing.permission != Permission::kForbidden) AddActions(service, standing, {});
  if (standing.permission == Permission::kForbidden && !standing.is_final) {
    refused_.push_back(model_->service(service).id);
  }
  if (!changing.empty()) ConsiderGiven(service, standing, changing);
  if (relaxed_ && standing.permission == Permission::kForbidden && !standing.is_final) {
    AddActions(service, standing, {});
  }
}

// What another service can give of what the standing rests on.
std::vector<uint32_t> Ways::ChangingOf(uint32_t service, const Standing& standing) {
  std::vector<uint32_t> changing;
  for (const AttributeId& id : standing.reads) {
    const auto number = model_->Find(id);
    if (!number || request_->held.contains(id)) continue;
    const auto producers = model_->producers(*number);
    const bool by_another =
        std::ranges::any_of(producers, [service](uint32_t other) { return other != service; });
    if (by_another) changing.push_back(FactOf(id));
  }
  std::ranges::sort(changing);
  changing.erase(std::unique(changing.begin(), changing.end()), changing.end());
  if (!changing.empty()) changing_[model_->service(service).id] = changing;
  return changing;
}

// Each smallest set of given attributes with which the service stands better than with less.
void Ways::ConsiderGiven(uint32_t service, const Standing& now,
                         const std::vector<uint32_t>& changing) {
  complete_ = complete_ && changing.size() <= kChangingMax;
  const std::vector<uint32_t> tried(
      changing.begin(),
      changing.begin() + static_cast<std::ptrdiff_t>(std::min(changing.size(), kChangingMax)));
  std::vector<std::pair<uint32_t, Standing>> kept{{0, now}};
  for (const uint32_t mask : MasksBySize(tried.size())) {
    const std::vector<uint32_t> given = Subset(tried, mask);
    Given attributes;
    for (const uint32_t fact : given) attributes.attributes.insert(facts_[fact].id);
    const Standing standing = request_->standing(model_->service(service).id, attributes);
    if (standing.permission == Permission::kForbidden) continue;
    const bool no_better = std::ranges::any_of(kept, [&](const auto& other) {
      return (other.first & mask) == other.first &&
             other.second.permission <= standing.permission &&
             other.second.regulation == standing.regulation;
    });
    if (no_better) continue;
    kept.emplace_back(mask, standing);
    AddActions(service, standing, given);
  }
}

// One for each scenario that some chain may want.
void Ways::AddActions(uint32_t service, const Standing& standing,
                      const std::vector<uint32_t>& given) {
  Action action;
  action.service = &model_->service(service);
  action.regulation =
      standing.regulation != nullptr ? standing.regulation : &model_->regulation(service);
  const std::vector<ServiceId>& own = request_->situation->services;
  action.in_situation = std::ranges::find(own, action.service->id) != own.end();
  action.was_told = request_->told.empty() || request_->told.contains(action.service->id);
  action.undetermined = standing.permission == Permission::kUndetermined;
  action.refused = standing.permission == Permission::kForbidden;
  action.given = given;
  action.after = action.regulation->after;
  action.alternatives = static_cast<uint32_t>(actions_.size());
  const auto under_way = request_->under_way.find(action.service->id);
  if (under_way != request_->under_way.end()) {
    action.term = &action.regulation->TermFor(standing.slowest);
    action.remaining = *action.term;
    if (under_way->second) {
      const int64_t days = under_way->second->days - request_->start.days;
      action.remaining = Term{std::max<int64_t>(days, 0), TermUnit::kCalendarDays};
    }
    AddAction(std::move(action));
    return;
  }
  std::vector<PersonalScenario> scenarios = ScenariosOf(action, standing.slowest);
  if (relaxed_ && scenarios.empty()) {
    action.out_of_reach = true;
    scenarios = ScenariosFor(*action.regulation, {});
    scenarios.resize(1);
  }
  for (PersonalScenario& scenario : scenarios) {
    Action delivered = action;
    delivered.scenario = std::move(scenario);
    delivered.term = &TermOf(*action.regulation, delivered.scenario, standing.slowest);
    TakeAsks(delivered);
    AddAction(std::move(delivered));
  }
}

// Relaxed ways know no other than the first.
std::vector<PersonalScenario> Ways::ScenariosOf(const Action& action, Latency slowest) const {
  std::vector<PersonalScenario> scenarios = ScenariosFor(*action.regulation, request_->channels);
  if (scenarios.size() > 1 && !relaxed_) {
    const ScenarioChoice choice{*action.service, *action.regulation, slowest, request_->start,
                                request_->region};
    return KeepWorthwhile(std::move(scenarios), choice, model_->catalogue());
  }
  if (relaxed_ && scenarios.size() > 1) scenarios.resize(1);
  return scenarios;
}

void Ways::AddAction(Action action) {
  for (const uint32_t fact : action.given) action.inputs.push_back({fact});
  for (const std::vector<uint32_t>& any_of : action.inputs) {
    for (const uint32_t fact : any_of) Open(fact);
  }
  actions_.push_back(std::move(action));
}

std::pair<uint32_t, uint32_t> Ways::AlternativesTo(uint32_t action) const {
  const uint32_t first = actions_[action].alternatives;
  uint32_t end = action;
  while (end < actions_.size() && actions_[end].alternatives == first) ++end;
  return {first, end};
}

// What it asks of somebody who has not applied yet.
void Ways::TakeAsks(Action& action) {
  action.burden = action.dearest = BurdenOn(action, request_->start);
  const Fee& fee = FeeOf(*action.regulation, action.scenario);
  action.fee_varies = FeeDays(fee, model_->catalogue(), request_->start).size() > 1;
  const std::vector<AttributeId>& outputs = action.regulation->outputs;
  for (const Input& input : action.regulation->inputs) {
    std::vector<uint32_t>& any_of = action.inputs.emplace_back();
    for (const AttributeId& attribute : input.any_of) {
      const bool is_had = request_->held.contains(attribute) || request_->ended.contains(attribute);
      const bool renews = is_had && std::ranges::find(outputs, attribute) != outputs.end();
      any_of.push_back(renews ? HandedInFact(attribute) : FactOf(attribute));
    }
  }
}

void Ways::LinkOutputs() {
  for (uint32_t action = 0; action < actions_.size(); ++action) {
    for (const AttributeId& output : actions_[action].regulation->outputs) {
      for (const auto* facts : {&fact_of_, &renewed_}) {
        const auto fact = facts->find(output);
        if (fact == facts->end()) continue;
        actions_[action].outputs.push_back(fact->second);
        facts_[fact->second].producers.push_back(action);
      }
    }
  }
}

// What takes a document that is to be renewed waits for the new one.
void Ways::WaitForRenewals() {
  for (const auto& [id, renewed] : renewed_) {
    const auto held = fact_of_.find(id);
    if (held == fact_of_.end() || !request_->held.contains(id)) continue;
    for (const uint32_t renewal : facts_[renewed].producers) {
      const std::vector<uint8_t> comes_before = NeededFor(renewal);
      for (uint32_t user = 0; user < actions_.size(); ++user) {
        Action& action = actions_[user];
        const bool takes = std::ranges::any_of(action.inputs, [&](const auto& any_of) {
          return std::ranges::find(any_of, held->second) != any_of.end();
        });
        if (!takes || comes_before[user] != 0) continue;
        action.after.push_back(actions_[renewal].service->id);
      }
    }
  }
}

// By action: whether what it gives may lead to this one, which does itself.
std::vector<uint8_t> Ways::NeededFor(uint32_t action) const {
  std::vector<uint8_t> needed(actions_.size(), 0);
  needed[action] = 1;
  std::vector<uint32_t> open{action};
  while (!open.empty()) {
    const uint32_t next = open.back();
    open.pop_back();
    for (const std::vector<uint32_t>& any_of : actions_[next].inputs) {
      for (const uint32_t fact : any_of) {
        for (const uint32_t producer : facts_[fact].producers) {
          if (needed[producer] != 0) continue;
          needed[producer] = 1;
          open.push_back(producer);
        }
      }
    }
  }
  return needed;
}

Burden Ways::BurdenOn(const Action& action, Date day) const {
  return BurdenOf(*action.regulation, action.scenario, model_->catalogue(), day, request_->region);
}

void Ways::SpanFees() {
  if (std::ranges::none_of(actions_, &Action::fee_varies)) return;
  const std::vector<std::optional<Date>> first_days = FirstDaysOf(*this);
  for (size_t number = 0; number < actions_.size(); ++number) {
    Action& action = actions_[number];
    if (!action.fee_varies || !first_days[number]) continue;
    action.burden = action.dearest = BurdenOn(action, *first_days[number]);
    const Fee& fee = FeeOf(*action.regulation, action.scenario);
    for (const Date day : FeeDays(fee, model_->catalogue(), *first_days[number])) {
      const Burden burden = BurdenOn(action, day);
      if (burden.fee_counted() < action.burden.fee_counted()) action.burden = burden;
      if (burden.fee_counted() > action.dearest.fee_counted()) action.dearest = burden;
    }
    action.fee_varies = action.burden.fee_counted() != action.dearest.fee_counted();
  }
}

void Ways::FindReachable() {
  std::vector<uint8_t> there(facts_.size(), 0);
  for (uint32_t fact = 0; fact < facts_.size(); ++fact) {
    const bool is_there = facts_[fact].origin != Origin::kProduced;
    const bool is_goal = std::ranges::find(goals_, fact) != goals_.end();
    there[fact] = was_opened_[fact] != 0 && (is_there || (relaxed_ && !is_goal)) ? 1 : 0;
  }
  const auto has = [&there](uint32_t fact) { return there[fact] != 0; };
  for (bool changed = true; changed;) {
    changed = false;
    for (const Action& action : actions_) {
      const bool possible = std::ranges::all_of(
          action.inputs, [&](const auto& any_of) { return std::ranges::any_of(any_of, has); });
      if (!possible) continue;
      for (const uint32_t output : action.outputs) {
        changed = changed || there[output] == 0;
        there[output] = 1;
      }
    }
  }
  for (const uint32_t goal : goals_) {
    const Origin origin = facts_[goal].origin;
    // A goal that nobody gives is not reached by bringing it.
    const bool reached = origin == Origin::kHeld || (origin == Origin::kProduced && has(goal));
    reachable_.push_back(reached ? 1 : 0);
  }
}

std::span<const uint32_t> Ways::may_change(const Service& service) const {
  const auto found = changing_.find(service.id);
  if (found == changing_.end()) return {};
  return found->second;
}

}  // namespace kstati::graph::chains
