// SPDX-License-Identifier: Apache-2.0
#include "graph/scenario.h"

#include <algorithm>
#include <optional>

namespace kstati::graph {
namespace {

struct Channel {
  std::string_view name;
  bool is_remote;
};

constexpr Channel kChannels[] = {
    {"app", true},     {"bank", false},     {"clinic", false}, {"court", false},
    {"epgu", true},    {"employer", false}, {"fns_lk", true},  {"mfc", false},
    {"notary", false}, {"office", false},   {"rpgu", true},    {"school", false},
};

const std::vector<std::string>& AllChannels(const Regulation& regulation,
                                            const PersonalScenario& own) {
  return own.scenario == nullptr ? regulation.channels : own.scenario->channels;
}

const std::vector<std::string>& ChannelsOf(const Regulation& regulation,
                                           const PersonalScenario& own) {
  return own.channels.empty() ? AllChannels(regulation, own) : own.channels;
}

bool HasRemote(const std::vector<std::string>& channels) {
  return std::ranges::any_of(channels, IsRemote);
}

bool IsAppliedForFromAfar(const PersonalScenario& own) {
  if (own.scenario == nullptr) return false;
  return own.scenario->kind == ScenarioKind::kElectronic ||
         own.scenario->kind == ScenarioKind::kVisitForResult;
}

// nullopt: the person has no channel to apply through.
std::optional<PersonalScenario> Restricted(const Regulation& regulation, PersonalScenario own,
                                           const std::set<std::string>& channels) {
  const std::vector<std::string>& all = AllChannels(regulation, own);
  const bool acts_unasked = regulation.mode == Mode::kProactiveAct;
  if (channels.empty() || all.empty() || acts_unasked) return own;
  std::ranges::copy_if(all, std::back_inserter(own.channels),
                       [&channels](const std::string& one) { return channels.contains(one); });
  if (own.channels.empty()) return std::nullopt;
  if (HasRemote(own.channels) || !HasRemote(all)) return own;
  if (IsAppliedForFromAfar(own)) return std::nullopt;
  own.visits = std::max(own.visits, 1);
  return own;
}

}  // namespace

const std::vector<std::string>& KnownChannels() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Channel& channel : kChannels) all.emplace_back(channel.name);
    return all;
  }();
  return names;
}

bool IsRemote(std::string_view channel) {
  return std::ranges::any_of(
      kChannels, [channel](const Channel& one) { return one.is_remote && one.name == channel; });
}

bool IsNoLonger(const Term& a, const Term& b) {
  if (a.unit == b.unit) return a.value <= b.value;
  if (a.unit == TermUnit::kMinutes) return true;
  // So many working days take at least as many days.
  return a.unit == TermUnit::kCalendarDays && b.unit == TermUnit::kWorkingDays &&
         a.value <= b.value;
}

std::vector<PersonalScenario> ScenariosFor(const Regulation& regulation,
                                           const std::set<std::string>& channels) {
  std::vector<PersonalScenario> usable;
  const auto add = [&](PersonalScenario own) {
    auto restricted = Restricted(regulation, std::move(own), channels);
    if (restricted) usable.push_back(*std::move(restricted));
  };
  if (regulation.scenarios.empty()) add({nullptr, {}, regulation.visits});
  for (const Scenario& scenario : regulation.scenarios) add({&scenario, {}, scenario.visits});
  return usable;
}

const Term& TermOf(const Regulation& regulation, const PersonalScenario& own, Latency slowest) {
  const Term& term = regulation.TermFor(slowest);
  if (own.scenario == nullptr || !own.scenario->term) return term;
  return IsNoLonger(term, *own.scenario->term) ? term : *own.scenario->term;
}

const Fee& FeeOf(const Regulation& regulation, const PersonalScenario& own) {
  return own.scenario != nullptr && own.scenario->fee ? *own.scenario->fee : regulation.fee;
}

std::vector<std::string> AppliesThrough(const Regulation& regulation, const PersonalScenario& own) {
  std::vector<std::string> through = ChannelsOf(regulation, own);
  if (IsAppliedForFromAfar(own)) {
    std::erase_if(through, [](const std::string& channel) { return !IsRemote(channel); });
  }
  return through;
}

std::vector<std::string> PlacesOf(const Service& service, const Regulation& regulation,
                                  const PersonalScenario& own) {
  const std::vector<std::string>* channels = &ChannelsOf(regulation, own);
  // Who has only remote ones goes where the others go.
  if (std::ranges::all_of(*channels, IsRemote)) channels = &AllChannels(regulation, own);
  const auto has = [channels](std::string_view channel) {
    return std::ranges::find(*channels, channel) != channels->end();
  };
  std::set<std::string> places;
  if (has(kSharedOffice)) places.insert(kSharedOffice);
  if (has("office") || places.empty()) places.insert(service.authority);
  return {places.begin(), places.end()};
}

}  // namespace kstati::graph
