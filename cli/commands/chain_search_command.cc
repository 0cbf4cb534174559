// SPDX-License-Identifier: Apache-2.0
#include <time.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>

#include "cli/command_line.h"
#include "cli/commands/graph_commands.h"
#include "cli/output.h"
#include "graph/search/instance.h"
#include "graph/search/solver.h"

namespace kstati::cli {
namespace {

namespace search = graph::search;

// CPU time of this thread.
int64_t CpuMicros() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1'000;
}

Result<std::string> ReadText(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    return Fail(ErrorCode::kInvalidArgument, "this is a folder", path, "name a file in it");
  }
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) {
    return Fail(ErrorCode::kNotFound, "the file cannot be read", path, "check the path");
  }
  return text;
}

// A graph of services and the queries to answer on it.
class ChainSearchCommand : public Command {
 public:
  void Declare(Options& options) override {
    options.Argument("INSTANCE", instance_file_,
                     "file with the services, in JSON; docs/reference/chains.md describes it");
    options.Text("--queries", "FILE", queries_file_,
                 "file with queries, in JSON; without it the instance's own query");
    options.Number("--deadline", "MS", deadline_ms_, 0, 1'000'000'000,
                   "for each query; then the best chain so far with its proven bound; 0: none");
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    KSTATI_TRY(const std::string text, ReadText(instance_file_));
    KSTATI_TRY(const search::Instance instance, search::ParseInstance(text, instance_file_));
    KSTATI_TRY(const std::vector<search::QueryForm> queries, ReadQueries(instance));
    search::Solver solver(instance.problem);
    std::vector<Json> records;
    for (const search::QueryForm& query : queries) {
      records.push_back({{"query", records.size()}});
      Answer(instance.problem, solver, query, records.back());
      Count(records.back());
    }
    output_.Print(terminal, records, Columns());
    terminal.err << queries.size() << (queries.size() == 1 ? " query: " : " queries: ") << proven_
                 << " proven, " << compared_ << " compared with their optimum, " << wrong_
                 << " wrong\n";
    return wrong_ == 0 ? kExitFine : kExitFoundProblems;
  }

 protected:
  virtual void Answer(const search::Problem& problem, search::Solver& solver,
                      const search::QueryForm& query, Json& record) const = 0;
  virtual std::vector<Column> Columns() const = 0;

  std::optional<std::chrono::microseconds> Deadline() const {
    if (deadline_ms_ == 0) return std::nullopt;
    return std::chrono::milliseconds(deadline_ms_);
  }

  static Json IdsOf(const search::Problem& problem, std::span<const uint32_t> services) {
    Json ids = Json::array();
    for (const uint32_t service : services) ids.push_back(problem.id(service));
    return ids;
  }

  // Whether the known optimum lies where the answer says it does.
  static void Compare(const search::QueryForm& query, std::optional<search::Cost> cost,
                      search::Cost lower, Json& record) {
    if (query.has_no_chain) record["agrees"] = !cost;
    if (!query.optimum) return;
    record["optimum"] = *query.optimum;
    record["agrees"] = cost && lower <= *query.optimum && *query.optimum <= *cost;
  }

 private:
  Result<std::vector<search::QueryForm>> ReadQueries(const search::Instance& instance) const {
    if (!queries_file_.empty()) {
      KSTATI_TRY(const std::string text, ReadText(queries_file_));
      return search::ParseQueries(text, queries_file_, instance.problem);
    }
    if (!instance.query) {
      return Fail(ErrorCode::kInvalidArgument, "the instance has no query of its own",
                  instance_file_,
                  "add \"initial\" and \"goals\" to it, or name a file by --queries");
    }
    return std::vector<search::QueryForm>{*instance.query};
  }

  void Count(const Json& record) {
    if (record["proven"].get<bool>()) ++proven_;
    if (!record.contains("agrees")) return;
    ++compared_;
    if (!record["agrees"].get<bool>()) ++wrong_;
  }

  std::string instance_file_;
  std::string queries_file_;
  int64_t deadline_ms_ = 10'000;
  Output output_;
  size_t proven_ = 0;
  size_t compared_ = 0;
  size_t wrong_ = 0;
};

class ChainSolveCommand final : public ChainSearchCommand {
 public:
  std::string_view path() const override { return "chain solve"; }
  std::string_view summary() const override {
    return "Finds the cheapest chains in a graph of services, with their proof.";
  }
  std::string_view examples() const override {
    return "kstati chain solve services.json\n"
           "kstati chain solve services.json --queries people.json --deadline 20 --format jsonl";
  }

 private:
  void Answer(const search::Problem& problem, search::Solver& solver,
              const search::QueryForm& query, Json& record) const override {
    const int64_t started = CpuMicros();
    const search::Answer& answer = solver.Solve(query.AsQuery(), Deadline());
    const int64_t took = CpuMicros() - started;
    std::optional<search::Cost> cost;
    if (answer.reachable) cost = answer.cost;
    record["reachable"] = answer.reachable;
    record["cost"] = cost ? Json(*cost) : Json();
    record["lower_bound"] = cost ? Json(answer.lower) : Json();
    record["proven"] = answer.proven();
    record["nodes"] = answer.nodes;
    record["cpu_us"] = took;
    record["days"] = cost ? Json(answer.days) : Json();
    Compare(query, cost, answer.lower, record);
    record["services"] = IdsOf(problem, answer.services);
  }

  std::vector<Column> Columns() const override {
    return {{"query", "QUERY"},     {"reachable", "REACHABLE"},
            {"cost", "COST"},       {"lower_bound", "LOWER BOUND"},
            {"proven", "PROVEN"},   {"nodes", "NODES"},
            {"cpu_us", "CPU US"},   {"days", "DAYS"},
            {"optimum", "OPTIMUM"}, {"agrees", "AGREES"}};
  }
};

class ChainFrontCommand final : public ChainSearchCommand {
 public:
  std::string_view path() const override { return "chain front"; }
  std::string_view summary() const override {
    return "Finds every best trade of cost against days in a graph of services, with its proof.";
  }
  std::string_view examples() const override {
    return "kstati chain front services.json\n"
           "kstati chain front services.json --queries people.json --format jsonl";
  }

 private:
  void Answer(const search::Problem& problem, search::Solver& solver,
              const search::QueryForm& query, Json& record) const override {
    const int64_t started = CpuMicros();
    const search::Front& front = solver.FindFront(query.AsQuery(), Deadline());
    const int64_t took = CpuMicros() - started;
    Json points = Json::array();
    Json short_form = Json::array();
    for (const search::Front::Point& point : front.points) {
      points.push_back({{"cost", point.cost},
                        {"days", point.days},
                        {"services", IdsOf(problem, point.services)}});
      short_form.push_back(std::to_string(point.cost) + " in " + std::to_string(point.days));
    }
    record["reachable"] = !front.points.empty();
    record["front"] = std::move(short_form);
    record["lower_bound"] = front.points.empty() ? Json() : Json(front.lower);
    record["proven"] = front.proven;
    record["nodes"] = front.nodes;
    record["searches"] = front.searches;
    record["cpu_us"] = took;
    std::optional<search::Cost> cost;
    if (!front.points.empty()) cost = front.points.front().cost;
    Compare(query, cost, front.lower, record);
    record["points"] = std::move(points);
  }

  std::vector<Column> Columns() const override {
    return {{"query", "QUERY"},        {"reachable", "REACHABLE"},
            {"front", "COST IN DAYS"}, {"lower_bound", "LOWER BOUND"},
            {"proven", "PROVEN"},      {"nodes", "NODES"},
            {"searches", "SEARCHES"},  {"cpu_us", "CPU US"},
            {"optimum", "OPTIMUM"},    {"agrees", "AGREES"}};
  }
};

}  // namespace

void AddChainSearch(CommandList& commands) {
  commands.push_back(std::make_unique<ChainSolveCommand>());
  commands.push_back(std::make_unique<ChainFrontCommand>());
  AddGraphExport(commands);
  AddBenefits(commands);
  AddWhatIf(commands);
}

}  // namespace kstati::cli
