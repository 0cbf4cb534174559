// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "graph/chain.h"
#include "tests/unit/graph/drawing.h"

namespace kstati::graph {
namespace {

constexpr int kDocuments = 6;

struct RandomService {
  std::vector<std::vector<int>> inputs;  // all of any of
  std::vector<int> outputs;
  int days = 0;
  bool forbidden = false;
};

std::string NameOf(int document) { return "d" + std::to_string(document); }

std::vector<int> AnyDocuments(int least, int most) {
  const int count = *rc::gen::inRange(least, most + 1);
  const auto set = *rc::gen::container<std::set<int>>(static_cast<size_t>(count),
                                                      rc::gen::inRange(0, kDocuments));
  return {set.begin(), set.end()};
}

std::vector<RandomService> AnyServices() {
  std::vector<RandomService> services(*rc::gen::inRange<size_t>(1, 8));
  for (RandomService& service : services) {
    service.inputs.resize(*rc::gen::inRange<size_t>(0, 3));
    for (auto& input : service.inputs) input = AnyDocuments(1, 2);
    std::sort(service.inputs.begin(), service.inputs.end());
    const auto last = std::unique(service.inputs.begin(), service.inputs.end());
    service.inputs.erase(last, service.inputs.end());
    service.outputs = AnyDocuments(1, 2);
    service.days = *rc::gen::inRange(0, 4);
    service.forbidden = *rc::gen::inRange(0, 4) == 0;
  }
  return services;
}

std::string Joined(const std::vector<int>& documents, std::string_view separator) {
  std::string text;
  for (const int document : documents) {
    text += (text.empty() ? "" : std::string(separator)) + NameOf(document);
  }
  return text;
}

std::string Draw(const std::vector<RandomService>& services) {
  std::string lines;
  for (size_t i = 0; i < services.size(); ++i) {
    std::string inputs;
    for (const auto& input : services[i].inputs) {
      inputs += (inputs.empty() ? "" : " + ") + Joined(input, "|");
    }
    lines += inputs + " -> s" + std::to_string(i) + " -> " + Joined(services[i].outputs, " + ") +
             " [" + std::to_string(services[i].days) + " wd" +
             (services[i].forbidden ? ", forbidden" : "") + "]\n";
  }
  return lines;
}

size_t IndexOf(const ServiceId& id) { return std::stoul(id.text().substr(1)); }

bool Startable(const RandomService& service, const std::set<int>& there) {
  return std::all_of(service.inputs.begin(), service.inputs.end(), [&](const auto& input) {
    return std::any_of(input.begin(), input.end(), [&](int d) { return there.contains(d); });
  });
}

// What is there on the first day: what is held, and inputs that no service makes, which are
// brought.
std::set<int> ThereAtFirst(const std::vector<RandomService>& services, const std::set<int>& held) {
  std::set<int> there;
  for (int document = 0; document < kDocuments; ++document) there.insert(document);
  for (const RandomService& service : services) {
    for (const int output : service.outputs) there.erase(output);
  }
  there.insert(held.begin(), held.end());
  return there;
}

// Everything that allowed services lead to, by trying them until nothing changes.
std::set<int> Reachable(const std::vector<RandomService>& services, std::set<int> there) {
  for (size_t before = there.size() + 1; before != there.size();) {
    before = there.size();
    for (const RandomService& service : services) {
      if (service.forbidden || !Startable(service, there)) continue;
      there.insert(service.outputs.begin(), service.outputs.end());
    }
  }
  return there;
}

// The documents that taking these steps, in order, leads to; nullopt when one cannot start.
std::optional<std::set<int>> Replay(const std::vector<RandomService>& services,
                                    const std::vector<ChainStep>& steps, std::set<int> there) {
  for (const ChainStep& step : steps) {
    const RandomService& service = services[IndexOf(step.service)];
    if (service.forbidden || !Startable(service, there)) return std::nullopt;
    there.insert(service.outputs.begin(), service.outputs.end());
  }
  return there;
}

struct World {
  std::vector<RandomService> services = AnyServices();
  std::set<int> held;
  std::set<int> goals;

  World() {
    for (const int d : AnyDocuments(0, 2)) held.insert(d);
    for (const int d : AnyDocuments(1, 3)) goals.insert(d);
  }

  Chain Solve() const {
    Drawing drawing(Draw(services));
    const std::vector<int> goal_list(goals.begin(), goals.end());
    const std::vector<int> held_list(held.begin(), held.end());
    return drawing.Goals(Joined(goal_list, "+")).Held(Joined(held_list, "+")).Solve();
  }
};

RC_GTEST_PROP(ChainProperty, ReachesExactlyWhatCanBeReached, ()) {
  const World world;
  const Chain chain = world.Solve();
  const std::set<int> there = ThereAtFirst(world.services, world.held);
  const std::set<int> reachable = Reachable(world.services, there);
  for (const int goal : world.goals) {
    const bool made = std::any_of(
        world.services.begin(), world.services.end(), [&](const RandomService& service) {
          const auto& outputs = service.outputs;
          return std::find(outputs.begin(), outputs.end(), goal) != outputs.end();
        });
    const bool expected = world.held.contains(goal) || (made && reachable.contains(goal));
    const auto& reached = chain.reached;
    const bool found =
        std::find(reached.begin(), reached.end(), Document(NameOf(goal))) != reached.end();
    RC_ASSERT(found == expected);
  }
  RC_ASSERT(chain.reached.size() + chain.unreachable.size() == world.goals.size());
}

RC_GTEST_PROP(ChainProperty, EveryStepIsFoundedAndUsed, ()) {
  const World world;
  const Chain chain = world.Solve();
  const std::set<int> there = ThereAtFirst(world.services, world.held);
  const std::optional<std::set<int>> end = Replay(world.services, chain.steps, there);
  RC_ASSERT(end.has_value());
  for (const AttributeId& goal : chain.reached) {
    RC_ASSERT(end->contains(std::stoi(goal.text().substr(5))));
  }
  // Each step makes a goal or stands before another step.
  for (const ChainStep& step : chain.steps) {
    const auto& outputs = world.services[IndexOf(step.service)].outputs;
    const bool makes_goal =
        std::any_of(outputs.begin(), outputs.end(), [&](int d) { return world.goals.contains(d); });
    const bool needed =
        std::any_of(chain.steps.begin(), chain.steps.end(), [&](const ChainStep& later) {
          return std::count(later.after.begin(), later.after.end(), step.service) > 0;
        });
    RC_ASSERT(makes_goal || needed);
  }
}

RC_GTEST_PROP(ChainProperty, StepsStartWhenThoseTheyNeedHaveFinished, ()) {
  const World world;
  const Chain chain = world.Solve();
  std::map<ServiceId, Date> finish;
  for (const ChainStep& step : chain.steps) {
    Date expected = Date::Of(2026, 3, 2);
    for (const ServiceId& before : step.after) {
      RC_ASSERT(finish.contains(before));
      expected = std::max(expected, finish.at(before));
    }
    RC_ASSERT(step.start == expected);
    RC_ASSERT(step.finish.has_value());
    RC_ASSERT(*step.finish >= step.start);
    finish[step.service] = *step.finish;
  }
}

}  // namespace
}  // namespace kstati::graph
