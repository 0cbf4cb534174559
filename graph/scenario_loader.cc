// SPDX-License-Identifier: Apache-2.0
// Scenarios of delivery, and what is wrong with them.
#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "graph/internal/regulation_parts.h"
#include "graph/scenario.h"

namespace kstati::graph {
namespace {

std::optional<ScenarioKind> ReadKind(const yaml::Node& node) {
  static constexpr ScenarioKind kKinds[] = {ScenarioKind::kElectronic,
                                            ScenarioKind::kVisitForResult,
                                            ScenarioKind::kAccelerated, ScenarioKind::kTraditional};
  std::vector<std::string> names;
  for (const ScenarioKind kind : kKinds) names.emplace_back(NameOf(kind));
  const std::optional<std::string> name = node.OneOf(names);
  if (!name) return std::nullopt;
  return kKinds[std::ranges::find(names, *name) - names.begin()];
}

// The visits and channels are those of the kind.
void CheckKind(const yaml::Node& node, const Scenario& scenario) {
  const auto is_place = [](const std::string& channel) { return !IsRemote(channel); };
  const bool remote = std::ranges::any_of(scenario.channels, IsRemote);
  const bool places = std::ranges::any_of(scenario.channels, is_place);
  const yaml::Node visits = node.Get("visits");
  const yaml::Node channels = node.Get("channels");
  switch (scenario.kind) {
    case ScenarioKind::kElectronic:
      if (scenario.visits != 0) visits.Problem("an electronic scenario asks for no visit");
      if (places || !remote) {
        channels.Problem("an electronic scenario goes through remote channels alone",
                         "remote ones are app, epgu, fns_lk and rpgu");
      }
      return;
    case ScenarioKind::kVisitForResult:
      if (scenario.visits != 1) visits.Problem("this scenario has one visit, for the result");
      if (!remote || !places) {
        channels.Problem(
            "this scenario needs a remote channel to apply through and a place for "
            "the visit");
      }
      return;
    case ScenarioKind::kAccelerated:
      if (scenario.visits == 0) visits.Problem("handing in takes a visit");
      if (scenario.channels != std::vector<std::string>{kSharedOffice}) {
        channels.Problem("what is accelerated is handed in at the shared office alone",
                         "channels: [mfc]");
      }
      return;
    case ScenarioKind::kTraditional:
      if (scenario.visits == 0) visits.Problem("applying in person takes a visit");
      if (remote || !places) {
        channels.Problem("the traditional scenario is applied for in person",
                         "leave the remote channels to another scenario");
      }
      return;
  }
}

Scenario ReadScenario(Reader& reader, const yaml::Node& node) {
  Scenario scenario;
  scenario.location = node.location();
  const std::optional<ScenarioKind> kind = ReadKind(node.Require("kind"));
  scenario.kind = kind.value_or(scenario.kind);
  scenario.visits = static_cast<int>(ReadCount(node.Require("visits"), kMostVisits));
  scenario.channels = ReadChannels(node.Require("channels"));
  if (const yaml::Node term = node.Get("term")) {
    scenario.term = ReadLength(term);
    term.RejectUnknownKeys();
  }
  if (const yaml::Node fee = node.Get("fee")) scenario.fee = ReadFee(reader, fee);
  if (node.Get("act") || node.Get("article") || node.Get("verification")) {
    scenario.source = ReadLegalSource(reader, node);
  }
  node.RejectUnknownKeys();
  if (kind && !scenario.channels.empty()) CheckKind(node, scenario);
  return scenario;
}

// Whether whoever pays by the second fee could pay no more by the first: as far as it can be told
// without the figures of a day.
bool IsNoDearer(const Scenario& a, const Scenario& b) {
  if (!a.fee && !b.fee) return true;
  if (!a.fee || !b.fee || !a.fee->amount || !b.fee->amount) return false;
  return b.fee->discounts.empty() && *a.fee->amount <= *b.fee->amount;
}

bool AreAmong(const std::vector<std::string>& some, const std::vector<std::string>& all) {
  return std::ranges::all_of(
      some, [&all](const std::string& one) { return std::ranges::find(all, one) != all.end(); });
}

// Whoever can use the second scenario loses nothing by using the first.
bool MakesNeedless(const Regulation& regulation, const Scenario& a, const Scenario& b) {
  const PersonalScenario of_a{&a, {}, a.visits};
  const PersonalScenario of_b{&b, {}, b.visits};
  if (a.visits > b.visits) return false;
  if (!AreAmong(AppliesThrough(regulation, of_b), AppliesThrough(regulation, of_a))) return false;
  if (a.visits > 0 && !AreAmong(b.channels, a.channels)) return false;
  const bool longer = !IsNoLonger(TermOf(regulation, of_a, Latency::kOnSite),
                                  TermOf(regulation, of_b, Latency::kOnSite));
  return !longer && IsNoDearer(a, b);
}

// Of one regulation, or of one variant of it. Each place is spoken of once.
class ScenarioChecks {
 public:
  explicit ScenarioChecks(std::vector<Issue>& issues) : issues_(issues) {}

  void Check(const Regulation& regulation) {
    for (const Scenario& scenario : regulation.scenarios) {
      CheckTerm(regulation, scenario);
      for (const Scenario& other : regulation.scenarios) {
        if (&other == &scenario || !MakesNeedless(regulation, other, scenario)) continue;
        if (&scenario < &other && MakesNeedless(regulation, scenario, other)) continue;
        Say(Severity::kWarning, scenario,
            "nobody gains by this scenario: \"" + std::string(NameOf(other.kind)) +
                "\" asks for no more and is open to the same people",
            "leave it out, or state in what it is better");
        break;
      }
    }
    for (const Variant& variant : regulation.variants) Check(*variant.regulation);
  }

 private:
  void CheckTerm(const Regulation& regulation, const Scenario& scenario) {
    if (!scenario.term || IsNoLonger(*scenario.term, regulation.term)) return;
    Say(Severity::kError, scenario,
        "the scenario's term is not sure to end within the regulation's " +
            std::to_string(regulation.term.value) + " " +
            std::string(kstati::NameOf(regulation.term.unit)),
        "the regulation states the longest term of all scenarios, in the same unit");
  }

  void Say(Severity severity, const Scenario& scenario, std::string text, std::string hint) {
    if (!said_.insert({scenario.location, text}).second) return;
    issues_.push_back({severity, scenario.location, std::move(text), std::move(hint)});
  }

  std::vector<Issue>& issues_;
  std::set<std::pair<Location, std::string>> said_;
};

}  // namespace

std::vector<std::string> ReadChannels(const yaml::Node& list) {
  return ReadWords(list, KnownChannels());
}

std::vector<Scenario> ReadScenarios(Reader& reader, const yaml::Node& list) {
  std::vector<Scenario> scenarios;
  for (const yaml::Node& node : list.Items()) {
    Scenario scenario = ReadScenario(reader, node);
    if (std::ranges::find(scenarios, scenario.kind, &Scenario::kind) != scenarios.end()) {
      node.Problem("a second scenario of the kind \"" + std::string(NameOf(scenario.kind)) + "\"");
      continue;
    }
    scenarios.push_back(std::move(scenario));
  }
  if (list.is_list() && scenarios.empty()) {
    list.Problem("there is no scenario", "leave the list out and state visits and channels");
  }
  return scenarios;
}

void CheckScenarios(const Catalogue& catalogue, std::vector<Issue>& issues) {
  ScenarioChecks checks(issues);
  for (const Service& service : catalogue.services()) {
    for (const Regulation& regulation : service.regulations) checks.Check(regulation);
    for (const Regulation& regulation : service.regional) checks.Check(regulation);
  }
}

}  // namespace kstati::graph
