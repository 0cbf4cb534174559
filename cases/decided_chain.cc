// SPDX-License-Identifier: Apache-2.0
#include "cases/decided_chain.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "eligibility/standing.h"
#include "recommender/life_event.h"

namespace kstati::cases {
namespace {

using eligibility::Decision;

void AddHeld(const profile::FactView& view, bool about_only, const profile::Dictionary& dictionary,
             std::set<AttributeId>& held) {
  for (const profile::Fact& fact : view.facts()) {
    const profile::Attribute* attribute = dictionary.Find(fact.attribute);
    if (attribute == nullptr) continue;
    const bool document = attribute->type == profile::ValueType::kDocument;
    const bool payment = attribute->type == profile::ValueType::kPayment;
    if (!document && !payment) continue;
    if (about_only != (attribute->holder() == "about")) continue;
    const bool* flag = std::get_if<bool>(&fact.value);
    const bool none = std::holds_alternative<profile::NotApplicable>(fact.value);
    if (!none && (flag == nullptr || *flag)) held.insert(fact.attribute);
  }
}

graph::About RoleIn(const graph::Situation& situation, const Viewpoint& viewpoint) {
  if (!viewpoint.about) return graph::About::kPerson;
  return situation.about == "deceased" ? graph::About::kDeceased : graph::About::kChild;
}

// A clinic attachment of the parent is no use to the child.
bool GivesOnlyToWhomItIsAbout(const graph::Service& service, const profile::Dictionary& dictionary,
                              Date on) {
  const graph::Regulation* regulation = service.RegulationOn(on);
  if (regulation == nullptr || regulation->outputs.empty()) return false;
  return std::all_of(regulation->outputs.begin(), regulation->outputs.end(),
                     [&](const AttributeId& output) {
                       const profile::Attribute* attribute = dictionary.Find(output);
                       return attribute != nullptr && attribute->holder() == "about";
                     });
}

// Adds the steps that are not there yet, and all that the chain asks.
void Append(DecidedChain part, DecidedChain& whole) {
  std::set<std::pair<ServiceId, CitizenId>> seen;
  for (const Decision& decision : whole.decisions) seen.insert({decision.service, decision.about});
  for (size_t i = 0; i < part.decisions.size(); ++i) {
    Decision& decision = part.decisions[i];
    if (!seen.insert({decision.service, decision.about}).second) continue;
    whole.chain.steps.push_back(std::move(part.chain.steps[i]));
    whole.decisions.push_back(std::move(decision));
  }
  whole.chain.burden += part.chain.burden;
  whole.chain.least_burden += part.chain.least_burden;
  whole.chain.proven = whole.chain.proven && part.chain.proven;
  auto& reached = whole.chain.reached;
  for (AttributeId& goal : part.chain.reached) {
    if (std::find(reached.begin(), reached.end(), goal) == reached.end()) {
      reached.push_back(std::move(goal));
    }
  }
  std::erase_if(whole.chain.unreachable, [&reached](const AttributeId& goal) {
    return std::find(reached.begin(), reached.end(), goal) != reached.end();
  });
}

// A step never starts before one it is after, which stood before it in its own chain.
void OrderByStart(DecidedChain& whole) {
  const std::vector<graph::ChainStep>& steps = whole.chain.steps;
  std::vector<size_t> order(steps.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return steps[a].start < steps[b].start; });
  DecidedChain ordered;
  for (const size_t i : order) {
    ordered.chain.steps.push_back(std::move(whole.chain.steps[i]));
    ordered.decisions.push_back(std::move(whole.decisions[i]));
  }
  whole.chain.steps = std::move(ordered.chain.steps);
  whole.decisions = std::move(ordered.decisions);
}

std::optional<Date> LastFinish(const std::vector<graph::ChainStep>& steps) {
  std::optional<Date> last;
  for (const graph::ChainStep& step : steps) {
    if (!step.finish) return std::nullopt;
    last = std::max(last, step.finish);
  }
  return last;
}

// Whose fees and figures count; empty when it is not known.
std::string RegionOf(const World& world, const Viewpoint& viewpoint) {
  static const AttributeId kRegion("person.region_code");
  const auto value = world.program->Evaluate(kRegion, viewpoint.subject());
  const std::string* region = value ? std::get_if<std::string>(&*value) : nullptr;
  return region == nullptr ? std::string() : *region;
}

// Decisions about one viewpoint, also for when earlier steps of a chain have given something.
class Outlook {
 public:
  Outlook(const World& world, const graph::ServiceGraph& graph, const Viewpoint& viewpoint)
      : world_(world), graph_(graph), viewpoint_(viewpoint) {}

  Decision Decide(const graph::Service& service, const graph::Given& given) const {
    eligibility::Subject subject = viewpoint_.subject();
    for (const AttributeId& id : given.attributes) {
      const profile::Attribute* attribute = world_.program->dictionary().Find(id);
      const bool about = attribute != nullptr && attribute->holder() == "about";
      const auto& holder =
          about && viewpoint_.about ? viewpoint_.about : viewpoint_.household->person;
      subject.assumed.push_back({holder->citizen(), id, true});
    }
    return world_.program->Decide(service, subject, true);
  }

  graph::Standing StandingOf(const Decision& decision) const {
    return eligibility::StandingOf(decision,
                                   [this](const AttributeId& id) { return MayBeGiven(id); });
  }

 private:
  bool MayBeGiven(const AttributeId& id) const {
    const auto number = graph_.model().Find(id);
    if (!number || graph_.model().producers(*number).empty()) return false;
    const auto value = world_.program->Evaluate(id, viewpoint_.subject());
    const bool* flag = value ? std::get_if<bool>(&*value) : nullptr;
    return flag == nullptr || !*flag;
  }

  const World& world_;
  const graph::ServiceGraph& graph_;
  const Viewpoint& viewpoint_;
};

}  // namespace

std::vector<Viewpoint> ViewpointsOf(const graph::Situation& situation, const Viewpoint& own) {
  std::vector<Viewpoint> viewpoints{own};
  if (situation.about != "person" || own.about) return viewpoints;
  for (const auto* minors : {&own.household->children, &own.household->wards}) {
    for (const auto& child : *minors) {
      if (recommender::IsKnownDead(*child)) continue;
      viewpoints.push_back({own.household, child, own.event_date});
    }
  }
  return viewpoints;
}

bool Fits(const graph::Service& service, const graph::Situation& situation,
          const Viewpoint& viewpoint, const World& world, Date on) {
  if (service.about != graph::About::kPerson) return service.about == RoleIn(situation, viewpoint);
  return !viewpoint.about || !GivesOnlyToWhomItIsAbout(service, world.program->dictionary(), on);
}

std::set<AttributeId> HeldBy(const Viewpoint& viewpoint, const profile::Dictionary& dictionary) {
  std::set<AttributeId> held;
  AddHeld(*viewpoint.household->person, false, dictionary, held);
  const auto& about = viewpoint.about ? viewpoint.about : viewpoint.household->person;
  AddHeld(*about, true, dictionary, held);
  return held;
}

DecidedChain BuildDecidedChain(const World& world, const graph::Situation& situation,
                               const Viewpoint& viewpoint, Date start) {
  const auto graph = world.Graph(start);
  const Outlook outlook(world, *graph, viewpoint);
  std::map<ServiceId, Decision> decided;
  graph::ChainRequest request;
  request.situation = &situation;
  request.held = HeldBy(viewpoint, world.program->dictionary());
  request.standing = [&](const ServiceId& id, const graph::Given& given) -> graph::Standing {
    const graph::Service& service = *world.catalogue().FindService(id);
    if (!Fits(service, situation, viewpoint, world, start)) {
      graph::Standing not_for_them{graph::Permission::kForbidden};
      not_for_them.is_final = true;
      return not_for_them;
    }
    if (!given.attributes.empty()) return outlook.StandingOf(outlook.Decide(service, given));
    const auto [entry, is_new] = decided.try_emplace(id);
    if (is_new) entry->second = outlook.Decide(service, given);
    return outlook.StandingOf(entry->second);
  };
  request.state_holds = [&](const AttributeId& id) {
    const profile::Attribute* attribute = world.program->dictionary().Find(id);
    return attribute != nullptr && attribute->is_reported() && !attribute->askable;
  };
  request.start = start;
  request.region = RegionOf(world, viewpoint);

  DecidedChain result;
  result.chain = graph::BuildChain(*graph, request);
  for (const graph::ChainStep& step : result.chain.steps) {
    result.decisions.push_back(step.given.empty()
                                   ? decided.at(step.service)
                                   : outlook.Decide(*world.catalogue().FindService(step.service),
                                                    {{step.given.begin(), step.given.end()}}));
  }
  return result;
}

DecidedChain BuildWholeChain(const World& world, const graph::Situation& situation,
                             const Viewpoint& own, Date start) {
  const std::vector<Viewpoint> viewpoints = ViewpointsOf(situation, own);
  DecidedChain whole = BuildDecidedChain(world, situation, viewpoints.front(), start);
  for (size_t i = 1; i < viewpoints.size(); ++i) {
    Append(BuildDecidedChain(world, situation, viewpoints[i], start), whole);
  }
  OrderByStart(whole);
  whole.chain.finish = LastFinish(whole.chain.steps);
  return whole;
}

}  // namespace kstati::cases
