// SPDX-License-Identifier: Apache-2.0
// CPU time of chains by query: chain_bench [--check] [--rounds N] [INSTANCE QUERIES]...
// Without files a random graph of layers is made. Beside the search stands the limit: one pass over
// what matters for the query, which every exact way has to read. Everything is solved to the end;
// with --check once only, and nothing but that all is proven decides the exit code.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "graph/search/instance.h"
#include "graph/search/solver.h"
#include "tests/bench/figures.h"
#include "tests/bench/thread_clock.h"
#include "tests/unit/chain_search/small_graph.h"

namespace kstati::graph::search {
namespace {

struct Workload {
  std::string name;
  Problem problem;
  std::vector<QueryForm> queries;
};

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Result<Workload> ReadWorkload(const std::string& instance_file, const std::string& queries_file) {
  KSTATI_TRY(Instance instance, ParseInstance(ReadAll(instance_file), instance_file));
  KSTATI_TRY(std::vector<QueryForm> queries,
             ParseQueries(ReadAll(queries_file), queries_file, instance.problem));
  return Workload{instance_file, std::move(instance.problem), std::move(queries)};
}

Workload MakeWorkload(size_t queries) {
  std::mt19937 random(1);
  SmallGraph graph = LayeredGraph(random, 8, 60);
  Workload made{"layers of a random graph", graph.Make(), {}};
  for (size_t query = 0; query < queries; ++query) {
    for (uint32_t& goal : graph.goals) goal = static_cast<uint32_t>(60 + random() % 420);
    made.queries.push_back({graph.initial, graph.goals, {}, std::nullopt});
  }
  return made;
}

// The best time of each query over the rounds, in microseconds, sorted.
class Times {
 public:
  explicit Times(size_t queries) : best_(queries, 1e18) {}
  template <class Work>
  void Take(size_t query, const Work& work) {
    const double start = bench::ThreadMicros();
    work();
    best_[query] = std::min(best_[query], bench::ThreadMicros() - start);
  }
  std::vector<double> Sorted() const {
    std::vector<double> sorted = best_;
    std::sort(sorted.begin(), sorted.end());
    return sorted;
  }

 private:
  std::vector<double> best_;
};

void PrintTimes(const char* what, const std::vector<double>& times) {
  std::printf("  %-22s p50 %8.1f   p99 %8.1f   max %8.1f us", what, Percentile(times, 0.5),
              Percentile(times, 0.99), times.empty() ? 0 : times.back());
}

double MeasureLimit(const Workload& workload, int rounds) {
  Relevance relevance(workload.problem);
  Core core;
  Times times(workload.queries.size());
  std::vector<double> sizes;
  for (int round = 0; round < rounds; ++round) {
    for (size_t query = 0; query < workload.queries.size(); ++query) {
      const Query asked = workload.queries[query].AsQuery();
      times.Take(query, [&] { relevance.Cut(asked, core); });
      if (round == 0) sizes.push_back(core.service_count());
    }
  }
  const std::vector<double> sorted = times.Sorted();
  PrintTimes("one pass (the limit)", sorted);
  std::printf("   services that matter: median %.0f\n", Median(sizes));
  return Percentile(sorted, 0.5);
}

// The part of the cost by which a chain may be cheaper.
double GapOf(const Answer& answer) {
  if (answer.proven()) return 0;
  return 1 - static_cast<double>(answer.lower) / static_cast<double>(answer.cost);
}

bool MeasureSolve(const Workload& workload, int rounds, double limit) {
  Solver solver(workload.problem);
  Times times(workload.queries.size());
  size_t at_root = 0;
  size_t fastest = 0;
  size_t right = 0;
  uint64_t nodes = 0;
  uint64_t most_nodes = 0;
  double widest = 0;
  for (int round = 0; round < rounds; ++round) {
    for (size_t query = 0; query < workload.queries.size(); ++query) {
      const Query asked = workload.queries[query].AsQuery();
      const Answer* answer = nullptr;
      times.Take(query, [&] { answer = &solver.Solve(asked, std::nullopt); });
      if (round != 0) continue;
      const auto& optimum = workload.queries[query].optimum;
      right += answer->proven() && (!optimum || *optimum == answer->cost) ? 1 : 0;
      at_root += answer->nodes == 1 ? 1 : 0;
      fastest += answer->fastest || !answer->reachable ? 1 : 0;
      nodes += answer->nodes;
      most_nodes = std::max(most_nodes, answer->nodes);
      widest = std::max(widest, GapOf(*answer));
    }
  }
  const size_t count = workload.queries.size();
  const std::vector<double> sorted = times.Sorted();
  PrintTimes("cheapest chain", sorted);
  std::printf("   %.1fx the limit\n", Percentile(sorted, 0.5) / limit);
  std::printf(
      "    proven %zu of %zu, widest gap %.2f %%, at the root %zu, fastest of its cost %zu, nodes "
      "mean %.2f max %llu\n",
      right, count, 100 * widest, at_root, fastest,
      static_cast<double>(nodes) / static_cast<double>(count),
      static_cast<unsigned long long>(most_nodes));
  return right == count;
}

// With the deadline of a page: how far the bound stays below the cost where time was too short.
void MeasureDeadline(const Workload& workload) {
  Solver solver(workload.problem);
  Times times(workload.queries.size());
  size_t unproven = 0;
  double widest = 0;
  for (size_t query = 0; query < workload.queries.size(); ++query) {
    const Query asked = workload.queries[query].AsQuery();
    const Answer* answer = nullptr;
    times.Take(query, [&] { answer = &solver.Solve(asked); });
    if (answer->proven()) continue;
    ++unproven;
    widest = std::max(widest, GapOf(*answer));
  }
  PrintTimes("with 20 ms at most", times.Sorted());
  std::printf("   unproven %zu, widest gap %.2f %%\n", unproven, 100 * widest);
}

bool MeasureFront(const Workload& workload, int rounds) {
  Solver solver(workload.problem);
  Times times(workload.queries.size());
  size_t proven = 0;
  std::vector<double> points;
  for (int round = 0; round < rounds; ++round) {
    for (size_t query = 0; query < workload.queries.size(); ++query) {
      const Query asked = workload.queries[query].AsQuery();
      const Front* front = nullptr;
      times.Take(query, [&] { front = &solver.FindFront(asked); });
      if (round != 0) continue;
      proven += front->proven ? 1 : 0;
      points.push_back(static_cast<double>(front->points.size()));
    }
  }
  PrintTimes("front, cost and days", times.Sorted());
  std::printf("   points: median %.0f, most %.0f\n", Median(points),
              *std::max_element(points.begin(), points.end()));
  return proven == workload.queries.size();
}

bool Measure(const Workload& workload, int rounds, bool with_front) {
  std::printf("%s: %u services, %zu queries\n", workload.name.c_str(),
              workload.problem.service_count(), workload.queries.size());
  const double limit = MeasureLimit(workload, rounds);
  bool fine = MeasureSolve(workload, rounds, limit);
  MeasureDeadline(workload);
  if (with_front) fine = MeasureFront(workload, rounds) && fine;
  return fine;
}

int Run(const std::vector<std::string>& words) {
  int rounds = 3;
  bool check = false;
  bool with_front = true;
  std::vector<std::string> files;
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--check") {
      check = true;
    } else if (words[i] == "--no-front") {
      with_front = false;
    } else if (words[i] == "--rounds" && i + 1 < words.size()) {
      rounds = std::max(1, std::atoi(words[++i].c_str()));
    } else {
      files.push_back(words[i]);
    }
  }
  if (check) rounds = 1;
  bool fine = true;
  if (files.empty()) fine = Measure(MakeWorkload(check ? 20 : 200), rounds, with_front);
  for (size_t i = 0; i + 1 < files.size(); i += 2) {
    const auto workload = ReadWorkload(files[i], files[i + 1]);
    if (!workload) {
      std::fprintf(stderr, "%s\n", workload.error().ToString().c_str());
      return 1;
    }
    fine = Measure(*workload, rounds, with_front) && fine;
  }
  if (!fine) std::printf("not everything was proven\n");
  return fine ? 0 : 1;
}

}  // namespace
}  // namespace kstati::graph::search

int main(int argc, char** argv) { return kstati::graph::search::Run({argv + 1, argv + argc}); }
