// SPDX-License-Identifier: Apache-2.0
#include "graph/service.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace kstati::graph {
namespace {

// The fewest visits and all channels of the scenarios.
void SumUpScenarios(Regulation& regulation) {
  regulation.visits = std::ranges::min_element(regulation.scenarios, {}, &Scenario::visits)->visits;
  regulation.channels.clear();
  for (const Scenario& scenario : regulation.scenarios) {
    for (const std::string& channel : scenario.channels) {
      if (std::ranges::find(regulation.channels, channel) != regulation.channels.end()) continue;
      regulation.channels.push_back(channel);
    }
  }
}

}  // namespace

std::string_view NameOf(Verification verification) {
  switch (verification) {
    case Verification::kConfirmed: return "confirmed";
    case Verification::kComputed: return "computed";
    case Verification::kFromKnowledge: return "from_knowledge";
  }
  KSTATI_CHECK(false);
  return {};
}

std::string_view NameOf(Mode mode) {
  switch (mode) {
    case Mode::kOnRequest: return "on-request";
    case Mode::kProactiveInform: return "proactive-inform";
    case Mode::kProactivePrepare: return "proactive-prepare";
    case Mode::kProactiveAct: return "proactive-act";
  }
  KSTATI_CHECK(false);
  return {};
}

std::string_view NameOf(About about) {
  switch (about) {
    case About::kPerson: return "person";
    case About::kChild: return "child";
    case About::kDeceased: return "deceased";
  }
  KSTATI_CHECK(false);
  return {};
}

std::string_view NameOf(ScenarioKind kind) {
  switch (kind) {
    case ScenarioKind::kElectronic: return "electronic";
    case ScenarioKind::kVisitForResult: return "visit-for-result";
    case ScenarioKind::kAccelerated: return "accelerated";
    case ScenarioKind::kTraditional: return "traditional";
  }
  KSTATI_CHECK(false);
  return {};
}

std::string_view NameOf(AmountPeriod period) {
  switch (period) {
    case AmountPeriod::kOnce: return "once";
    case AmountPeriod::kMonth: return "month";
    case AmountPeriod::kYear: return "year";
  }
  KSTATI_CHECK(false);
  return {};
}

const Term& Regulation::TermFor(Latency slowest) const {
  // A class without a term of its own takes as long as the next slower one.
  const auto found = term_by_latency.lower_bound(slowest);
  return found == term_by_latency.end() ? term : found->second;
}

std::vector<const Input*> InputsOf(const Regulation& regulation) {
  std::vector<const Input*> inputs;
  for (const Input& input : regulation.inputs) inputs.push_back(&input);
  for (const Variant& variant : regulation.variants) {
    for (const Input& input : variant.changes.inputs) inputs.push_back(&input);
  }
  return inputs;
}

Regulation With(const Changes& changes, Regulation regulation) {
  for (const Criterion& criterion : changes.criteria) {
    const auto same = std::ranges::find(regulation.criteria, criterion.id, &Criterion::id);
    if (same == regulation.criteria.end()) {
      regulation.criteria.push_back(criterion);
    } else {
      *same = criterion;
    }
  }
  regulation.conditions.insert(regulation.conditions.end(), changes.conditions.begin(),
                               changes.conditions.end());
  regulation.inputs.insert(regulation.inputs.end(), changes.inputs.begin(), changes.inputs.end());
  if (changes.term) regulation.term = *changes.term;
  if (changes.term_by_latency) regulation.term_by_latency = *changes.term_by_latency;
  if (changes.fee) regulation.fee = *changes.fee;
  if (changes.benefit) regulation.benefit = changes.benefit;
  if (changes.visits) regulation.visits = *changes.visits;
  if (changes.channels) regulation.channels = *changes.channels;
  if (changes.visits || changes.channels) regulation.scenarios.clear();
  if (changes.scenarios) regulation.scenarios = *changes.scenarios;
  if (!regulation.scenarios.empty()) SumUpScenarios(regulation);
  for (Variant& variant : regulation.variants) {
    Regulation common = regulation;
    common.variants.clear();
    common.otherwise.reset();
    variant.regulation =
        std::make_shared<const Regulation>(With(variant.changes, std::move(common)));
  }
  return regulation;
}

const Regulation* Service::RegulationOn(Date date, std::string_view region) const {
  const auto in_force = [&](const std::vector<Regulation>& among) -> const Regulation* {
    for (const Regulation& regulation : among) {
      const bool here = regulation.region.empty() || regulation.region == region;
      if (here && regulation.in_force.Contains(date)) return &regulation;
    }
    return nullptr;
  };
  const Regulation* own = region.empty() ? nullptr : in_force(regional);
  return own != nullptr ? own : in_force(regulations);
}

bool Service::ServesRegion(std::string_view region) const {
  return territory.empty() || std::ranges::find(territory, region) != territory.end();
}

bool Service::DependsOnRegion(Date date) const {
  return std::ranges::any_of(
      regional, [&](const Regulation& regulation) { return regulation.in_force.Contains(date); });
}

}  // namespace kstati::graph
