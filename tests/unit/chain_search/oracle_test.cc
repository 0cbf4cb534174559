// SPDX-License-Identifier: Apache-2.0
// The search against programs that know nothing of it: clingo for the cheapest chain, the solver
// CBC for the front. Skipped where they are not installed. Large graphs are made by the generator
// in the folder "chains" of $KSTATI_ACCEPTANCE_DIR.
#include <gtest/gtest.h>
#include <stdio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>

#include "graph/search/solver.h"
#include "tests/property/random_rules.h"
#include "tests/unit/chain_search/small_graph.h"
#include "tests/unit/chain_search/workload.h"

namespace kstati::graph::search {
namespace {

namespace fs = std::filesystem;
using eligibility::Scaled;

bool IsInstalled(const std::string& program) {
  return std::system(("command -v " + program + " > /dev/null 2>&1").c_str()) == 0;
}

// What the program prints when it is given a file with this text.
std::string OutputOf(const std::string& program, const std::string& suffix,
                     const std::string& options, const std::string& text) {
  const fs::path file =
      fs::temp_directory_path() / ("chain_oracle_" + std::to_string(getpid()) + suffix);
  std::ofstream(file) << text;
  const std::string command = program + " " + file.string() + " " + options + " 2>&1";
  std::string output;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), &pclose);
  std::array<char, 4096> buffer{};
  while (const size_t size = fread(buffer.data(), 1, buffer.size(), pipe.get())) {
    output.append(buffer.data(), size);
  }
  fs::remove(file);
  return output;
}

// --- clingo ---

std::string AsLogicProgram(const SmallGraph& graph) {
  std::ostringstream text;
  for (const uint32_t fact : graph.initial) text << "has(" << fact << ").\n";
  for (size_t place = 0; place < graph.services.size(); ++place) {
    const ServiceForm& service = graph.services[place];
    text << "{do(" << place << ")} :- #true";
    for (const uint32_t need : service.needs) text << ", has(" << need << ")";
    text << ".\n";
    for (const uint32_t gift : service.gives) {
      text << "has(" << gift << ") :- do(" << place << ").\n";
    }
    text << ":~ do(" << place << "). [" << service.cost << "," << place << "]\n";
  }
  for (const uint32_t goal : graph.goals) text << ":- not has(" << goal << ").\n";
  return text.str();
}

std::string AskClingo(const SmallGraph& graph, const std::string& options) {
  return OutputOf("clingo", ".lp", "--opt-strategy=usc,stratify --quiet=1,2 --verbose=1 " + options,
                  AsLogicProgram(graph));
}

// The cheapest cost; nothing when the goals cannot be reached.
std::optional<Cost> CostByClingo(const SmallGraph& graph) {
  const std::string output = AskClingo(graph, "");
  if (output.find("UNSATISFIABLE") != std::string::npos) return std::nullopt;
  EXPECT_NE(output.find("OPTIMUM FOUND"), std::string::npos) << output;
  const size_t at = output.rfind("Optimization : ");
  if (at == std::string::npos) return -1;
  return std::stoll(output.substr(at + std::string("Optimization : ").size()));
}

TEST(Oracle, ClingoFindsTheSameCost) {
  if (!IsInstalled("clingo")) GTEST_SKIP() << "clingo is not installed (package gringo)";
  std::mt19937 random(21);
  for (size_t round = 0; round < Scaled(25); ++round) {
    SCOPED_TRACE(round);
    const SmallGraph graph = LayeredGraph(random, 5, 8 + static_cast<uint32_t>(random() % 8));
    const Problem problem = graph.Make();
    Solver solver(problem);
    const Answer& answer = solver.Solve(graph.AsQuery(), std::nullopt);
    const std::optional<Cost> cost = CostByClingo(graph);
    ASSERT_EQ(answer.reachable, cost.has_value());
    if (cost) {
      ASSERT_EQ(answer.cost, *cost);
    }
  }
}

// --- clingo on large graphs ---

// What the generator makes with these words.
Result<Workload> Generate(const std::string& folder, const std::string& words) {
  const fs::path base =
      fs::temp_directory_path() / ("chain_oracle_" + std::to_string(getpid()) + "_graph");
  const fs::path instance_file = base.string() + ".json";
  const fs::path queries_file = base.string() + ".queries.json";
  const std::string command = "python3 '" + folder + "/chains/gen_services.py' " + words +
                              " --out '" + base.string() + "' > /dev/null";
  if (std::system(command.c_str()) != 0) {
    return Fail(ErrorCode::kUnavailable, "the generator made no graph", command, "run it by hand");
  }
  auto workload = ReadWorkload(instance_file, queries_file);
  fs::remove(instance_file);
  fs::remove(queries_file);
  return workload;
}

// What leads to the goals, as a graph of its own: backwards from them, past nothing that is held.
SmallGraph LeadingTo(const Problem& problem, const QueryForm& query) {
  std::vector<uint8_t> held(problem.fact_count(), 0);
  for (const uint32_t fact : query.initial) held[fact] = 1;
  std::vector<uint8_t> wanted(problem.fact_count(), 0);
  std::vector<uint8_t> taken(problem.service_count(), 0);
  for (const uint32_t service : query.forbidden) taken[service] = 1;
  std::vector<uint32_t> open = query.goals;
  SmallGraph graph{problem.fact_count(), {}, {}, query.goals};
  const auto without_held = [&](std::vector<uint32_t> facts) {
    std::erase_if(facts, [&](uint32_t fact) { return held[fact] != 0; });
    return facts;
  };
  graph.goals = without_held(std::move(graph.goals));
  while (!open.empty()) {
    const uint32_t fact = open.back();
    open.pop_back();
    if (held[fact] != 0 || wanted[fact] != 0) continue;
    wanted[fact] = 1;
    for (uint32_t service = 0; service < problem.service_count(); ++service) {
      if (taken[service] != 0 || std::ranges::count(problem.gives(service), fact) == 0) continue;
      taken[service] = 1;
      const auto needs = problem.needs(service);
      const auto gives = problem.gives(service);
      graph.services.push_back(Service(problem.id(service),
                                       without_held({needs.begin(), needs.end()}),
                                       {gives.begin(), gives.end()}, problem.cost(service)));
      open.insert(open.end(), needs.begin(), needs.end());
    }
  }
  return graph;
}

// The cheapest cost is from the first to the second; both are it when clingo was done in time.
std::pair<Cost, Cost> BoundsByClingo(const SmallGraph& graph) {
  const std::string output = AskClingo(graph, "--time-limit=2");
  EXPECT_EQ(output.find("UNSATISFIABLE"), std::string::npos);
  const auto number_after = [&](const std::string& words, Cost otherwise) {
    const size_t at = output.rfind(words);
    const char* const start = output.c_str() + at + words.size();
    return at == std::string::npos || *start == '*' ? otherwise : std::atoll(start);
  };
  const Cost best = number_after("Optimization : ", kInfiniteCost);
  if (output.find("OPTIMUM FOUND") != std::string::npos) return {best, best};
  return {number_after("Bounds       : [", 0), best};
}

// What takes clingo long is compared with its bounds.
void ExpectClingoAgrees(const Workload& workload) {
  Solver solver(workload.problem);
  const size_t count = workload.queries.size();
  size_t decided = 0;
  for (size_t number = 0; number < count; ++number) {
    SCOPED_TRACE(number);
    const QueryForm& query = workload.queries[number];
    const Answer& answer = solver.Solve(query.AsQuery(), std::nullopt);
    ASSERT_TRUE(answer.reachable && answer.proven());
    const auto [lower, upper] = BoundsByClingo(LeadingTo(workload.problem, query));
    EXPECT_LE(lower, answer.cost);
    EXPECT_GE(upper, answer.cost);
    decided += lower == upper ? 1 : 0;
  }
  EXPECT_GE(decided, (count + 1) / 2) << "clingo was too slow to tell anything";
}

void ExpectClingoAgreesOn(const std::string& words, size_t queries) {
  const char* const folder = std::getenv("KSTATI_ACCEPTANCE_DIR");
  if (folder == nullptr) GTEST_SKIP() << "KSTATI_ACCEPTANCE_DIR is not set";
  if (!IsInstalled("clingo")) GTEST_SKIP() << "clingo is not installed (package gringo)";
  if (!IsInstalled("python3")) GTEST_SKIP() << "python3 is not installed";
  const Result<Workload> workload =
      Generate(folder, words + " --seed 1 --queries " + std::to_string(queries));
  ASSERT_TRUE(workload) << workload.error().ToString();
  ExpectClingoAgrees(*workload);
}

TEST(Oracle, ClingoFindsTheSameCostAmongThirtyThousandServicesInThemes) {
  ExpectClingoAgreesOn("--services 30000", Scaled(8));
}

TEST(Oracle, ClingoFindsTheSameCostAmongThreeThousandServicesInOneTheme) {
  ExpectClingoAgreesOn("--services 3000 --global", Scaled(6));
}

// --- CBC ---

// The model in the LP format: s = the service is taken, w_s_f = it is the way to the fact, o and t
// = order and day of the fact. Ways follow the order, so circles do not support themselves.
class MixedProgram {
 public:
  MixedProgram(const SmallGraph& graph, int64_t within) : graph_(graph) {
    held_.assign(graph.fact_count, false);
    for (const uint32_t fact : graph.initial) held_[fact] = true;
    for (const ServiceForm& service : graph.services) most_days_ += service.days;
    for (uint32_t fact = 0; fact < graph.fact_count; ++fact) {
      if (!held_[fact]) AddFact(fact);
    }
    for (const uint32_t goal : graph.goals) {
      if (held_[goal]) continue;
      rows_ << Named("f", goal) << " = 1\n" << Named("t", goal) << " <= " << within << "\n";
    }
  }

  std::string Text() const {
    std::ostringstream text;
    text << "Minimize\n obj: 0 nothing";
    for (size_t place = 0; place < graph_.services.size(); ++place) {
      text << " + " << graph_.services[place].cost << " " << Named("s", place);
    }
    text << "\nSubject To\n" << rows_.str() << "Bounds\n nothing = 0\nBinary\n" << binary_.str();
    for (size_t place = 0; place < graph_.services.size(); ++place) {
      text << Named("s", place) << "\n";
    }
    return text.str() + "End\n";
  }

 private:
  static std::string Named(const char* kind, size_t number) {
    return kind + std::to_string(number);
  }

  void AddFact(uint32_t fact) {
    const std::string wanted = Named("f", fact);
    binary_ << wanted << "\n";
    rows_ << Named("o", fact) << " <= " << graph_.fact_count << "\n";
    std::ostringstream ways;
    for (size_t place = 0; place < graph_.services.size(); ++place) {
      const ServiceForm& service = graph_.services[place];
      if (std::ranges::count(service.gives, fact) == 0) continue;
      if (std::ranges::count(service.needs, fact) != 0) continue;
      const std::string way = "w" + std::to_string(place) + "_" + std::to_string(fact);
      binary_ << way << "\n";
      ways << " + " << way;
      rows_ << way << " - " << Named("s", place) << " <= 0\n";
      AddWay(service, fact, way);
    }
    rows_ << "0 nothing" << ways.str() << " - " << wanted << " = 0\n";
  }

  void AddWay(const ServiceForm& service, uint32_t fact, const std::string& way) {
    const int64_t much = most_days_ + 1;
    rows_ << Named("t", fact) << " - " << much << " " << way << " >= " << service.days - much
          << "\n";
    for (const uint32_t need : service.needs) {
      if (held_[need]) continue;
      rows_ << way << " - " << Named("f", need) << " <= 0\n";
      rows_ << Named("t", fact) << " - " << Named("t", need) << " - " << much << " " << way
            << " >= " << service.days - much << "\n";
      const uint32_t places = graph_.fact_count + 1;
      rows_ << Named("o", fact) << " - " << Named("o", need) << " - " << places << " " << way
            << " >= " << 1 - static_cast<int64_t>(places) << "\n";
    }
  }

  const SmallGraph& graph_;
  std::vector<bool> held_;
  int64_t most_days_ = 0;
  std::ostringstream rows_;
  std::ostringstream binary_;
};

// The cheapest cost of a chain within the days; nothing when there is none.
std::optional<Cost> CostByCbc(const SmallGraph& graph, int64_t within) {
  // What its preprocessing makes of a program may be infeasible ("possible tolerance issue").
  const std::string output = OutputOf("cbc", ".lp", "preprocess off ratio 0 allow 0 solve",
                                      MixedProgram(graph, within).Text());
  // A relaxation on the way may be infeasible too, so the solution is looked for first.
  const size_t at = output.rfind("Objective value:");
  if (output.find("Optimal solution found") != std::string::npos && at != std::string::npos) {
    return static_cast<Cost>(std::stod(output.substr(at + 16)) + 0.5);
  }
  EXPECT_NE(output.find("nfeasible"), std::string::npos) << output;
  return std::nullopt;
}

// Between two points nothing is cheaper than the later one, and beyond the last there is nothing.
TEST(Oracle, CbcFindsTheSameFront) {
  if (!IsInstalled("cbc")) GTEST_SKIP() << "cbc is not installed (package coinor-cbc)";
  std::mt19937 random(22);
  size_t trades = 0;
  for (size_t round = 0; round < Scaled(8); ++round) {
    SCOPED_TRACE(round);
    const SmallGraph graph = LayeredGraph(random, 4, 5);
    const Problem problem = graph.Make();
    Solver solver(problem);
    const Front& front = solver.FindFront(graph.AsQuery(), std::nullopt);
    ASSERT_TRUE(front.proven);
    int64_t within = 1'000'000;
    for (const Front::Point& point : front.points) {
      EXPECT_EQ(CostByCbc(graph, within), point.cost) << within;
      EXPECT_EQ(CostByCbc(graph, point.days), point.cost) << point.days;
      within = point.days - 1;
      ++trades;
    }
    if (within >= 0) {
      EXPECT_EQ(CostByCbc(graph, within), std::nullopt) << within;
    }
  }
  EXPECT_GT(trades, Scaled(8));
}

}  // namespace
}  // namespace kstati::graph::search
