// SPDX-License-Identifier: Apache-2.0
#include "cases/decided_chain.h"

#include <algorithm>
#include <map>
#include <utility>

#include "cases/chain_days.h"
#include "cases/chain_inquiry.h"
#include "cases/exclusive_steps.h"
#include "recommender/life_event.h"

namespace kstati::cases {
namespace {

using eligibility::Decision;

// With the days on which it is accepted.
using Held = std::map<AttributeId, DateInterval>;

// Whether it is a document or payment: of whom a situation is about, or of the person.
bool CanHold(const AttributeId& id, bool about_only, const profile::Dictionary& dictionary) {
  const profile::Attribute* attribute = dictionary.Find(id);
  if (attribute == nullptr) return false;
  const bool document = attribute->type == profile::ValueType::kDocument;
  const bool payment = attribute->type == profile::ValueType::kPayment;
  return (document || payment) && about_only == (attribute->holder() == "about");
}

bool IsThere(const profile::Fact& fact) {
  const bool* flag = std::get_if<bool>(&fact.value);
  const bool none = std::holds_alternative<profile::NotApplicable>(fact.value);
  return !none && (flag == nullptr || *flag);
}

void AddHeld(const profile::FactView& view, bool about_only, const profile::Dictionary& dictionary,
             Held& held) {
  for (const profile::Fact& fact : view.facts()) {
    if (!CanHold(fact.attribute, about_only, dictionary)) continue;
    if (IsThere(fact)) held[fact.attribute] = fact.valid;
  }
}

// Of a member whose history was not read nothing is known to have ended.
void AddEnded(const profile::FactView& view, bool about_only, const Viewpoint& viewpoint,
              const profile::Dictionary& dictionary, std::set<AttributeId>& ended) {
  const std::vector<profile::History>& histories = viewpoint.household->histories;
  const auto history = std::ranges::find(histories, view.citizen(), &profile::History::citizen);
  if (history == histories.end()) return;
  for (const profile::Fact& fact : history->facts) {
    if (!fact.valid.to || *fact.valid.to >= view.as_of().valid_at) continue;
    if (ended.contains(fact.attribute) || view.Find(fact.attribute) != nullptr) continue;
    if (!CanHold(fact.attribute, about_only, dictionary)) continue;
    const profile::FactView then(*history, {*fact.valid.to, view.as_of().known_at});
    const profile::Fact* last = then.Find(fact.attribute);
    if (last != nullptr && IsThere(*last)) ended.insert(fact.attribute);
  }
}

Held FindHeld(const Viewpoint& viewpoint, const profile::Dictionary& dictionary) {
  Held held;
  AddHeld(*viewpoint.household->person, false, dictionary, held);
  const auto& about = viewpoint.about ? viewpoint.about : viewpoint.household->person;
  AddHeld(*about, true, dictionary, held);
  return held;
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

// Where the whole has the step of the decision.
size_t PlaceOf(const DecidedChain& whole, const Decision& decision) {
  const auto same = std::ranges::find_if(whole.decisions, [&](const Decision& other) {
    return other.service == decision.service && other.about == decision.about;
  });
  return static_cast<size_t>(same - whole.decisions.begin());
}

void PutBehind(const graph::Ahead& ahead, graph::ChainStep& step) {
  const bool is_told = std::ranges::any_of(step.behind, [&ahead](const graph::Ahead& other) {
    return other.service == ahead.service && other.finished == ahead.finished;
  });
  if (!is_told) step.behind.push_back(ahead);
}

// Adds the steps that are not there yet, and all that the chain asks.
void Append(DecidedChain part, size_t number, DecidedChain& whole) {
  for (size_t i = 0; i < part.decisions.size(); ++i) {
    Decision& decision = part.decisions[i];
    const size_t place = PlaceOf(whole, decision);
    if (place < whole.decisions.size()) {
      for (const graph::Ahead& ahead : part.chain.steps[i].behind) {
        PutBehind(ahead, whole.chain.steps[place]);
      }
      continue;
    }
    whole.chain.steps.push_back(std::move(part.chain.steps[i]));
    whole.chain.steps.back().part = number;
    whole.decisions.push_back(std::move(decision));
  }
  whole.chain.burden += part.chain.burden;
  whole.chain.least_burden += part.chain.least_burden;
  whole.chain.proven = whole.chain.proven && part.chain.proven;
  whole.chain.fees_vary = whole.chain.fees_vary || part.chain.fees_vary;
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

// Whether a step waits for somebody else's of the service `first`: the applicant's and each child's
// wait for each other, children do not. What its own part has before it is known there.
bool WaitsForAnothers(const DecidedChain& whole, size_t step, const ServiceId& first) {
  const Decision& own = whole.decisions[step];
  bool is_there = false;
  for (size_t other = 0; other < whole.decisions.size(); ++other) {
    const Decision& ahead = whole.decisions[other];
    if (other == step || ahead.service != first) continue;
    const bool of_nearest = ahead.about == own.about || ahead.about == ahead.applicant;
    const bool in_part = whole.chain.steps[other].part == whole.chain.steps[step].part;
    if (in_part && of_nearest) return false;
    is_there = is_there || (!in_part && (of_nearest || own.about == own.applicant));
  }
  return is_there;
}

void PutBehindOthers(DecidedChain& whole) {
  for (size_t step = 0; step < whole.decisions.size(); ++step) {
    graph::ChainStep& own = whole.chain.steps[step];
    if (own.regulation == nullptr) continue;
    for (const ServiceId& first : own.regulation->after) {
      if (WaitsForAnothers(whole, step, first)) PutBehind({first, true}, own);
    }
  }
}

}  // namespace

std::vector<Viewpoint> ViewpointsOf(const graph::Situation& situation, const Viewpoint& own) {
  std::vector<Viewpoint> viewpoints{own};
  if (situation.about != "person" || own.about) return viewpoints;
  for (const auto* minors : {&own.household->children, &own.household->wards}) {
    for (const auto& child : *minors) {
      if (recommender::IsKnownDead(*child)) continue;
      viewpoints.push_back({own.household, child, own.event_date, own.opened_on});
    }
  }
  return viewpoints;
}

bool Fits(const graph::Service& service, const graph::Situation& situation,
          const Viewpoint& viewpoint, const World& world, Date on) {
  if (!service.territory.empty()) {
    const std::string region = RegionOf(world, viewpoint);
    if (!region.empty() && !service.ServesRegion(region)) return false;
  }
  if (service.about != graph::About::kPerson) return service.about == RoleIn(situation, viewpoint);
  return !viewpoint.about || !GivesOnlyToWhomItIsAbout(service, world.program->dictionary(), on);
}

std::string RegionOf(const World& world, const Viewpoint& viewpoint) {
  static const AttributeId kRegion("person.region_code");
  const auto value = world.program->Evaluate(kRegion, viewpoint.subject());
  const std::string* region = value ? std::get_if<std::string>(&*value) : nullptr;
  return region == nullptr ? std::string() : *region;
}

std::set<AttributeId> HeldBy(const Viewpoint& viewpoint, const profile::Dictionary& dictionary) {
  std::set<AttributeId> held;
  for (const auto& [id, valid] : FindHeld(viewpoint, dictionary)) held.insert(id);
  return held;
}

std::set<AttributeId> EndedFor(const Viewpoint& viewpoint, const profile::Dictionary& dictionary) {
  std::set<AttributeId> ended;
  AddEnded(*viewpoint.household->person, false, viewpoint, dictionary, ended);
  const auto& about = viewpoint.about ? viewpoint.about : viewpoint.household->person;
  AddEnded(*about, true, viewpoint, dictionary, ended);
  return ended;
}

std::set<AttributeId> RenewedIn(const graph::Situation& situation, const Viewpoint& viewpoint,
                                const profile::Dictionary& dictionary, Date on) {
  std::set<AttributeId> renewed;
  if (situation.renews.empty()) return renewed;
  const Held held = FindHeld(viewpoint, dictionary);
  for (const AttributeId& goal : situation.renews) {
    const auto found = held.find(goal);
    const bool is_new = found != held.end() &&
                        (viewpoint.opened_on ? found->second.from >= *viewpoint.opened_on
                                             : situation.lasts.After(found->second.from) >= on);
    if (!is_new) renewed.insert(goal);
  }
  return renewed;
}

std::set<AttributeId> HeldForGood(const graph::Situation& situation, const Viewpoint& viewpoint,
                                  const profile::Dictionary& dictionary, Date on) {
  std::set<AttributeId> held = HeldBy(viewpoint, dictionary);
  for (const AttributeId& id : RenewedIn(situation, viewpoint, dictionary, on)) held.erase(id);
  return held;
}

std::map<AttributeId, Date> ExpiriesOf(const Viewpoint& viewpoint,
                                       const profile::Dictionary& dictionary) {
  std::map<AttributeId, Date> expiries;
  for (const auto& [id, valid] : FindHeld(viewpoint, dictionary)) {
    if (valid.to) expiries.emplace(id, *valid.to);
  }
  return expiries;
}

DecidedChain BuildDecidedChain(const World& world, const graph::Situation& situation,
                               const Viewpoint& viewpoint, Date start, const SoFar& so_far,
                               const LeftOut& left_out) {
  ChainInquiry inquiry(world, situation, viewpoint, start);
  inquiry.LeaveOut(left_out.services);
  inquiry.GoOnFrom(so_far);
  DecidedChain result;
  result.chain = graph::BuildChain(inquiry.graph(), inquiry.request());
  result.decisions = inquiry.DecisionsOn(result.chain.steps);
  return result;
}

DecidedChain Together(std::vector<DecidedChain> parts) {
  DecidedChain whole = std::move(parts.front());
  for (size_t part = 1; part < parts.size(); ++part) Append(std::move(parts[part]), part, whole);
  PutBehindOthers(whole);
  return whole;
}

DecidedChain BuildWholeChain(const World& world, const graph::Situation& situation,
                             const Viewpoint& own, Date start, const SoFar& so_far) {
  CompatibleChain compatible = BuildCompatibleChain(world, situation, own, start, so_far);
  DecidedChain whole = std::move(compatible.chain);
  TellLeftOut(world, compatible.left_out, start, whole);
  PutOnDays(world, situation, own, start, so_far, whole);
  whole.chain.proven = whole.chain.proven && whole.schedule.lapses.empty();
  return whole;
}

}  // namespace kstati::cases
