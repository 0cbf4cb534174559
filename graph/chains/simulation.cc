// SPDX-License-Identifier: Apache-2.0
#include "graph/chains/simulation.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace kstati::graph::chains {

namespace {

// A step that more others may change keeps its order with all of them.
constexpr size_t kChangersTried = 4;

// Steps in some order. Each precedence more can only make it later.
struct Ordered {
  std::vector<Precedence> order;
  Dating dating;
};

bool Later(const Ordered& a, const Ordered& b) {
  return std::tuple(a.dating.finish, a.order.size(), a.order) >
         std::tuple(b.dating.finish, b.order.size(), b.order);
}

// Whether a chain with the one is a chain with the other.
bool LeadTheSameWay(const Regulation& one, const Regulation& other) {
  return one.outputs == other.outputs && one.after == other.after &&
         std::ranges::equal(one.inputs, other.inputs, {}, &Input::any_of, &Input::any_of);
}

}  // namespace

std::optional<Dating> Simulation::Run(const Choice& choice, const std::vector<uint32_t>& without) {
  exhausted_ = true;
  std::vector<Ordered> open;
  std::set<std::vector<Precedence>> seen;
  const auto add = [&](std::vector<Precedence> order) {
    if (!seen.insert(order).second) return;
    std::optional<Dating> dating = DateOf(ways_, choice, order, without);
    if (!dating) return;
    open.push_back({std::move(order), std::move(*dating)});
    std::ranges::push_heap(open, Later);
  };
  add({});
  while (!open.empty()) {
    std::ranges::pop_heap(open, Later);
    Ordered earliest = std::move(open.back());
    open.pop_back();
    const std::optional<Refusal> refusal = FirstRefusal(earliest.dating);
    if (!refusal) {
      was_ordered_ = !earliest.order.empty() || earliest.dating.was_put_off;
      earliest.dating.order = OrderToKeep(earliest.dating);
      return std::move(earliest.dating);
    }
    const DatedAction& step = earliest.dating.steps[refusal->step];
    for (const Precedence& remedy : RemediesOf(choice, step, *refusal)) {
      std::vector<Precedence> next = earliest.order;
      next.insert(std::ranges::upper_bound(next, remedy), remedy);
      if (seen.size() < kOrdersMax) add(std::move(next));
    }
    exhausted_ = exhausted_ && seen.size() < kOrdersMax;
  }
  return std::nullopt;
}

std::optional<Simulation::Refusal> Simulation::FirstRefusal(Dating& dating) {
  for (size_t place = 0; place < dating.steps.size(); ++place) {
    DatedAction& step = dating.steps[place];
    const Action& action = ways_.actions()[step.action];
    const bool may_change = !ways_.may_change(*action.service).empty();
    const bool is_later = step.start.day > ways_.request().start && !action.remaining;
    const bool is_foreseen = is_later && ways_.request().standing_on;
    if (!may_change && !is_foreseen) continue;
    const std::set<uint32_t> there = ThereFor(dating, place);
    if (may_change && !Stands(action, there)) return Refusal{place, there};
    if (is_foreseen && !StandsOnItsDay(there, step, dating)) return Refusal{place, there};
  }
  return std::nullopt;
}

// Of what may change the step: what was given before it begins.
std::set<uint32_t> Simulation::ThereFor(const Dating& dating, size_t place) const {
  const DatedAction& step = dating.steps[place];
  const auto may_change = ways_.may_change(*ways_.actions()[step.action].service);
  std::set<uint32_t> there;
  for (size_t before = 0; before < place; ++before) {
    if (dating.steps[before].finish > step.start) continue;
    for (const uint32_t output : ways_.actions()[dating.steps[before].action].outputs) {
      if (std::ranges::find(may_change, output) != may_change.end()) there.insert(output);
    }
  }
  return there;
}

bool Simulation::StandsOnItsDay(const std::set<uint32_t>& there, DatedAction& step,
                                Dating& dating) {
  const Action& action = ways_.actions()[step.action];
  const Standing& standing = StandingOf(action.service->id, there, step.start.day);
  if (standing.permission == Permission::kForbidden) return false;
  if (standing.regulation != nullptr && standing.regulation != action.regulation) {
    if (!LeadTheSameWay(*standing.regulation, *action.regulation)) return false;
    dating.has_later_law = true;
  }
  const bool is_undetermined = standing.permission == Permission::kUndetermined;
  step.is_doubtful = is_undetermined && !action.undetermined;
  return true;
}

std::vector<Precedence> Simulation::OrderToKeep(const Dating& dating) {
  std::vector<Precedence> order;
  for (size_t place = 0; place < dating.steps.size(); ++place) {
    const uint32_t step = dating.steps[place].action;
    for (const DatedAction& other : dating.steps) {
      if (!ComesAfter(ways_.actions()[step], ways_.actions()[other.action])) continue;
      order.push_back({other.action, step, true});
    }
    const Changers changers = ChangersOf(dating, place);
    for (size_t changer = 0; changer < changers.actions.size(); ++changer) {
      if (!Matters(ways_.actions()[step], changers, changer)) continue;
      const uint32_t other = changers.actions[changer];
      const bool is_there = changers.is_there[changer] != 0;
      order.push_back(is_there ? Precedence{other, step, true} : Precedence{step, other, false});
    }
  }
  return order;
}

Simulation::Changers Simulation::ChangersOf(const Dating& dating, size_t place) const {
  const DatedAction& step = dating.steps[place];
  const auto may_change = ways_.may_change(*ways_.actions()[step.action].service);
  Changers changers;
  if (may_change.empty()) return changers;
  for (size_t other = 0; other < dating.steps.size(); ++other) {
    const DatedAction& giver = dating.steps[other];
    const bool changes = std::ranges::any_of(
        ways_.actions()[giver.action].outputs,
        [&](uint32_t output) { return std::ranges::find(may_change, output) != may_change.end(); });
    if (other == place || !changes) continue;
    changers.actions.push_back(giver.action);
    changers.is_there.push_back(other < place && giver.finish <= step.start ? 1 : 0);
  }
  return changers;
}

// Whether the action, whatever else it has, may be refused once it has what the changer gives; or
// once it lacks it, where it has it.
bool Simulation::Matters(const Action& action, const Changers& changers, size_t changer) {
  if (changers.actions.size() > kChangersTried) return true;
  const uint32_t own = 1U << changer;
  const uint32_t as_it_is = changers.is_there[changer] != 0 ? own : 0;
  for (uint32_t others = 0; others < 1U << changers.actions.size(); ++others) {
    if ((others & own) != 0) continue;
    const bool stands = Stands(action, GivenBy(action, changers, others | as_it_is));
    if (stands && !Stands(action, GivenBy(action, changers, others | (own ^ as_it_is))))
      return true;
  }
  return false;
}

// Of what may change the action.
std::set<uint32_t> Simulation::GivenBy(const Action& action, const Changers& changers,
                                       uint32_t which) const {
  const auto may_change = ways_.may_change(*action.service);
  std::set<uint32_t> given;
  for (size_t changer = 0; changer < changers.actions.size(); ++changer) {
    if ((which >> changer & 1U) == 0) continue;
    for (const uint32_t output : ways_.actions()[changers.actions[changer]].outputs) {
      if (std::ranges::find(may_change, output) != may_change.end()) given.insert(output);
    }
  }
  return given;
}

bool Simulation::Stands(const Action& action, const std::set<uint32_t>& there) {
  const Standing& standing = StandingOf(action.service->id, there, std::nullopt);
  if (standing.permission == Permission::kForbidden) return false;
  if (standing.permission == Permission::kUndetermined && !action.undetermined) return false;
  return standing.regulation == nullptr || standing.regulation == action.regulation;
}

const Standing& Simulation::StandingOf(const ServiceId& service, const std::set<uint32_t>& there,
                                       std::optional<Date> later_day) {
  const auto [entry, is_new] = asked_.try_emplace({service, there, later_day});
  if (!is_new) return entry->second;
  Given given;
  for (const uint32_t fact : there) given.attributes.insert(ways_.facts()[fact].id);
  const ChainRequest& request = ways_.request();
  entry->second = later_day ? request.standing_on(service, given, *later_day)
                            : request.standing(service, given);
  return entry->second;
}

// Whatever else makes the step stand changes what is there when it begins: less, when it begins
// before something is given; or more, when it waits for it.
std::vector<Precedence> Simulation::RemediesOf(const Choice& choice, const DatedAction& step,
                                               const Refusal& refusal) const {
  const auto may_change = ways_.may_change(*ways_.actions()[step.action].service);
  std::vector<Precedence> remedies;
  for (const uint32_t other : choice.actions) {
    if (other == step.action) continue;
    const std::vector<uint32_t>& outputs = ways_.actions()[other].outputs;
    const bool gave = std::ranges::any_of(
        outputs, [&](uint32_t output) { return refusal.there.contains(output); });
    const bool gives_more = std::ranges::any_of(outputs, [&](uint32_t output) {
      return !refusal.there.contains(output) &&
             std::ranges::find(may_change, output) != may_change.end();
    });
    if (gave) remedies.push_back({step.action, other, false});
    if (gives_more) remedies.push_back({other, step.action, true});
  }
  return remedies;
}

}  // namespace kstati::graph::chains
