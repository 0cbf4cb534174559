// SPDX-License-Identifier: Apache-2.0
// CPU time of the chain of a person on a catalogue: person_chain_bench [--check] [CATALOGUE].
// People are made up: each holds some documents and is refused some services. Only the graph works
// here, so that no decision is in the figures; options are put on days too. With --check once only;
// the exit code is 1 when a chain is not proven.
#include <algorithm>
#include <cstdio>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "graph/chain.h"
#include "graph/schedule/chain_tasks.h"
#include "tests/bench/figures.h"
#include "tests/bench/thread_clock.h"

namespace kstati::graph {
namespace {

constexpr Date kStart{20'514};  // 2026-03-02

struct Person {
  const Situation* situation = nullptr;
  std::set<AttributeId> held;
  std::set<ServiceId> refused;
};

std::vector<Person> MakePeople(const Catalogue& catalogue, const ServiceGraph& graph, int count) {
  std::mt19937 random(1);
  const auto one_in = [&random](uint32_t parts) { return random() % parts == 0; };
  std::vector<Person> people;
  for (const Situation& situation : catalogue.situations()) {
    for (int i = 0; i < count; ++i) {
      Person person{&situation, {}, {}};
      for (uint32_t attribute = 0; attribute < graph.model().attribute_count(); ++attribute) {
        if (one_in(4)) person.held.insert(graph.model().attribute(attribute));
      }
      for (const Service& service : catalogue.services()) {
        if (one_in(5)) person.refused.insert(service.id);
      }
      people.push_back(std::move(person));
    }
  }
  return people;
}

ChainRequest RequestOf(const Person& person) {
  ChainRequest request;
  request.situation = person.situation;
  request.held = person.held;
  request.start = kStart;
  request.standing = [&person](const ServiceId& id, const Given&) {
    return Standing{person.refused.contains(id) ? Permission::kForbidden : Permission::kAllowed};
  };
  request.state_holds = [](const AttributeId&) { return false; };
  return request;
}

// `work` is given the number of each person.
template <class Work>
void Measure(const char* what, size_t people, int rounds, const Work& work) {
  std::vector<double> best(people, 1e18);
  for (int round = 0; round < rounds; ++round) {
    for (size_t i = 0; i < people; ++i) {
      const double start = bench::ThreadMicros();
      work(i);
      best[i] = std::min(best[i], bench::ThreadMicros() - start);
    }
  }
  std::sort(best.begin(), best.end());
  std::printf("%-10s p50 %8.1f   p99 %8.1f   max %8.1f us\n", what, Percentile(best, 0.5),
              Percentile(best, 0.99), best.back());
}

int Run(const std::string& folder, bool check) {
  std::vector<Issue> issues;
  KnownAttributes known;
  known.exists = [](const AttributeId&) { return true; };
  known.nearest = [](std::string_view) { return std::string(); };
  known.registry_exists = [](std::string_view) { return true; };
  const Catalogue catalogue = LoadCatalogue(folder, known, issues);
  if (HasErrors(issues)) {
    std::fprintf(stderr, "%s has errors: run kstati check on it\n", folder.c_str());
    return 2;
  }
  const ServiceGraph graph(catalogue, kStart);
  const std::vector<Person> people = MakePeople(catalogue, graph, check ? 5 : 50);
  size_t proven = 0;
  size_t steps = 0;
  size_t trips = 0;
  size_t proven_schedules = 0;
  std::vector<ChainRequest> requests;
  std::vector<std::vector<schedule::Task>> tasks;
  for (const Person& person : people) {
    requests.push_back(RequestOf(person));
    const Chain chain = BuildChain(graph, requests.back());
    proven += chain.proven ? 1 : 0;
    steps += chain.steps.size();
    tasks.push_back(schedule::TasksOf(chain.steps, catalogue));
    const schedule::Schedule scheduled = schedule::MakeSchedule(tasks.back(), kStart);
    trips += scheduled.trips.size();
    proven_schedules += scheduled.days_more_at_most == 0 ? 1 : 0;
  }
  std::printf("%zu people in %zu situations of %zu services: %zu proven, steps mean %.1f\n",
              people.size(), catalogue.situations().size(), catalogue.services().size(), proven,
              static_cast<double>(steps) / static_cast<double>(people.size()));
  std::printf("schedules: %zu proven, trips mean %.1f\n", proven_schedules,
              static_cast<double>(trips) / static_cast<double>(people.size()));
  const int rounds = check ? 1 : 5;
  Measure("chain", people.size(), rounds, [&](size_t i) { BuildChain(graph, requests[i]); });
  Measure("schedule", people.size(), rounds,
          [&](size_t i) { schedule::MakeSchedule(tasks[i], kStart); });
  Measure("options", people.size(), rounds, [&](size_t i) {
    for (const ChainOption& option : FindOptions(graph, requests[i])) {
      schedule::MakeSchedule(schedule::TasksOf(option.steps, catalogue), kStart);
    }
  });
  return proven == people.size() ? 0 : 1;
}

}  // namespace
}  // namespace kstati::graph

int main(int argc, char** argv) {
  bool check = false;
  std::string folder = std::string(KSTATI_DATA) + "/catalogue";
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--check") {
      check = true;
    } else {
      folder = argv[i];
    }
  }
  return kstati::graph::Run(folder, check);
}
