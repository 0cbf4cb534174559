// SPDX-License-Identifier: Apache-2.0
#include "cases/what_if.h"

#include <algorithm>
#include <utility>

#include "recommender/groups.h"

namespace kstati::cases {
namespace {

constexpr std::string_view kPortal = "epgu";
void Change(const ServiceChange& change, graph::Regulation& regulation) {
  if (change.online) {
    regulation.visits = 0;
    regulation.scenarios.clear();
    if (std::ranges::find(regulation.channels, kPortal) == regulation.channels.end()) {
      regulation.channels.emplace_back(kPortal);
    }
  }
  if (change.working_days) {
    const Term term{*change.working_days, TermUnit::kWorkingDays};
    regulation.term = term;
    for (auto& [latency, slower] : regulation.term_by_latency) slower = term;
  }
  for (graph::Variant& variant : regulation.variants) {
    auto changed = std::make_shared<graph::Regulation>(*variant.regulation);
    Change(change, *changed);
    variant.regulation = std::move(changed);
  }
}

// Whether the failure only says that the question makes no sense for this person.
bool IsNotForThem(const Error& error) {
  return error.code == ErrorCode::kNotFound || error.code == ErrorCode::kInvalidArgument;
}

// The registry that would report the attribute; empty when none does.
RegistryId RegistryOf(const AttributeId& id, const profile::Dictionary& dictionary) {
  const profile::Attribute* attribute = dictionary.Find(id);
  while (attribute != nullptr && !attribute->same_as.empty()) {
    attribute = dictionary.Find(attribute->same_as);
  }
  if (attribute == nullptr || attribute->registry.text() == profile::kDeclared) return RegistryId();
  return attribute->registry;
}

}  // namespace

Result<graph::Catalogue> With(const ServiceChange& change, const graph::Catalogue& catalogue,
                              Date on) {
  graph::Catalogue changed = catalogue;
  const graph::Service* found = changed.FindService(change.service);
  if (found == nullptr || found->RegulationOn(on) == nullptr) {
    return Fail(ErrorCode::kNotFound, "no such service is in force", change.service.text(),
                "the catalogue's folder services has their ids");
  }
  // The copy is ours, and nobody has seen it yet.
  auto& service = const_cast<graph::Service&>(*found);
  for (auto* regulations : {&service.regulations, &service.regional}) {
    for (graph::Regulation& regulation : *regulations) {
      if (regulation.in_force.Contains(on)) Change(change, regulation);
    }
  }
  return changed;
}

Gain& Gain::operator+=(const Gain& other) {
  people += other.people;
  visits += other.visits;
  days += other.days;
  fees += other.fees;
  opened += other.opened;
  return *this;
}

Result<void> WhatIf::Look(CitizenId citizen) {
  KSTATI_TRY(const std::set<SituationId> situations, SituationsOf(citizen));
  ++people_;
  if (situations.empty()) return {};
  if (then_ != nullptr) return LookAtChains(citizen, situations);
  return LookAtRegisters(citizen, situations);
}

Result<std::set<SituationId>> WhatIf::SituationsOf(CitizenId citizen) const {
  if (!situation_.empty()) return std::set{situation_};
  KSTATI_TRY(const auto open, desk_now_.Situations(citizen));
  std::set<SituationId> situations;
  for (const recommender::OpenSituation& one : open) {
    if (one.IsOpenOn(now_.Today())) situations.insert(one.situation);
  }
  return situations;
}

Result<std::optional<WhatIf::Asked>> WhatIf::ChainOf(const World& world, const Desk& desk,
                                                     CitizenId citizen,
                                                     const SituationId& situation) const {
  const Result<Desk::PersonalChain> built = desk.Chain(citizen, situation, CitizenId());
  if (!built) {
    if (IsNotForThem(built.error())) return std::optional<Asked>();
    return Fail(built.error());
  }
  Asked asked;
  const Date today = world.Today();
  asked.reached = built->chain.reached.size();
  asked.dated = built->chain.finish.has_value() || built->chain.steps.empty();
  if (built->chain.finish) asked.days = built->chain.finish->days - today.days;
  for (const graph::ChainStep& step : built->chain.steps) {
    asked.visits += step.visits;
    asked.fees += step.fee;
  }
  return std::optional(asked);
}

Result<void> WhatIf::LookAtChains(CitizenId citizen, const std::set<SituationId>& situations) {
  Gain own;
  for (const SituationId& situation : situations) {
    KSTATI_TRY(const std::optional<Asked> before, ChainOf(now_, desk_now_, citizen, situation));
    KSTATI_TRY(const std::optional<Asked> after, ChainOf(*then_, *desk_then_, citizen, situation));
    if (!before || !after) continue;
    own.visits += before->visits - after->visits;
    own.fees += before->fees - after->fees;
    if (before->dated && after->dated) own.days += before->days - after->days;
    if (after->reached > before->reached) own.opened = 1;
  }
  const bool changes = own.visits != 0 || own.fees != 0 || own.days != 0 || own.opened != 0;
  if (!changes) return {};
  own.people = 1;
  gains_[GroupOf(citizen)] += own;
  return {};
}

// The decisions of the situation: those of the person's chain, and of what else it names. Adds what
// the chain has brought by the register that would know it.
Result<std::vector<eligibility::Decision>> WhatIf::DecisionsIn(
    CitizenId citizen, const graph::Situation& situation,
    std::map<RegistryId, std::set<AttributeId>>& brought) const {
  std::vector<eligibility::Decision> decisions;
  std::set<ServiceId> in_chain;
  const Result<Desk::PersonalChain> chain = desk_now_.Chain(citizen, situation.id, CitizenId());
  if (!chain && !IsNotForThem(chain.error())) return Fail(chain.error());
  if (chain) {
    decisions = chain->decisions;
    for (const graph::ChainStep& step : chain->chain.steps) {
      in_chain.insert(step.service);
      for (const AttributeId& document : step.bring) {
        if (answered_.contains(document)) continue;
        brought[RegistryOf(document, now_.program->dictionary())].insert(document);
      }
    }
  }
  for (const ServiceId& service : situation.services) {
    if (in_chain.contains(service)) continue;
    auto decision = desk_now_.Explain(citizen, service, CitizenId());
    if (decision) {
      decisions.push_back(std::move(*decision));
    } else if (!IsNotForThem(decision.error())) {
      return Fail(decision.error());
    }
  }
  return decisions;
}

Result<void> WhatIf::LookAtRegisters(CitizenId citizen, const std::set<SituationId>& situations) {
  std::map<RegistryId, std::set<eligibility::Missing>> questions;
  std::map<RegistryId, std::set<AttributeId>> brought;
  std::map<RegistryId, uint64_t> decided;
  std::set<recommender::ServiceAbout> seen;
  for (const SituationId& id : situations) {
    const graph::Situation* situation = now_.catalogue().FindSituation(id);
    if (situation == nullptr) continue;
    KSTATI_TRY(const auto decisions, DecisionsIn(citizen, *situation, brought));
    for (const eligibility::Decision& decision : decisions) {
      if (!seen.insert({decision.service, decision.about}).second) continue;
      std::set<RegistryId> holders;
      for (const eligibility::Missing& missing : decision.missing) {
        if (answered_.contains(missing.attribute)) continue;
        const RegistryId holder = RegistryOf(missing.attribute, now_.program->dictionary());
        holders.insert(holder);
        questions[holder].insert(missing);
      }
      if (holders.size() == 1) ++decided[*holders.begin()];
    }
  }
  std::set<RegistryId> useful;
  for (const auto& [holder, missing] : questions) useful.insert(holder);
  for (const auto& [holder, documents] : brought) useful.insert(holder);
  useful.erase(RegistryId());  // what only the person can say
  for (const RegistryId& holder : useful) {
    RegisterGain& gain = registers_[holder];
    ++gain.people;
    gain.questions += questions[holder].size();
    gain.documents += brought[holder].size();
    gain.decided += decided[holder];
    gain.unlocked += decided[holder] > 0 ? 1 : 0;
  }
  return {};
}

std::string WhatIf::GroupOf(CitizenId citizen) const {
  const auto profile = desk_now_.Profile(citizen, now_.Today());
  return profile ? recommender::GroupsOf(*profile, now_.Today()).at("age")
                 : recommender::kUnknownGroup;
}

Gain WhatIf::all() const {
  Gain all;
  for (const auto& [group, gain] : gains_) all += gain;
  return all;
}

}  // namespace kstati::cases
