// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>
#include <vector>

#include "cases/monitoring/causes.h"
#include "cases/monitoring/publication.h"
#include "cases/monitoring/rating.h"
#include "cases/monitoring/report.h"
#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/commands/log_command.h"
#include "cli/commands/monitor_commands.h"

namespace kstati::cli {
namespace {

namespace monitoring = cases::monitoring;

Json JsonOf(const monitoring::Durations& durations) {
  return {{"count", durations.count},
          {"mean", durations.mean},
          {"median", durations.median},
          {"ninetieth", durations.ninetieth},
          {"longest", durations.longest}};
}

template <class Value>
Json JsonOf(const std::optional<Value>& value) {
  return value ? Json(*value) : Json();
}

// tidy: table
Json JsonOf(const monitoring::GroupReport& each) {
  const monitoring::Report& report = each.report;
  return {{"group", each.group},
          {"cases", report.cases},
          {"closed", report.closed},
          {"undecided", report.undecided},
          {"with_deadline", report.late.whole},
          {"late", report.late.part},
          {"late_share", JsonOf(report.late.value())},
          {"overdue", report.overdue},
          {"days", JsonOf(report.from_start_to_end)},
          {"days_late", JsonOf(report.lateness)},
          {"available_share", JsonOf(report.available.value())},
          {"error_share", JsonOf(report.errors.value())},
          {"refusal_share", JsonOf(report.refusals.value())},
          {"complaints", JsonOf(report.complaints)},
          {"support", JsonOf(report.support)},
          {"satisfied_with_time", JsonOf(report.satisfied_with_time)},
          {"satisfied_with_effort", JsonOf(report.satisfied_with_effort)},
          {"answers", report.answers},
          {"documents", JsonOf(report.documents)},
          {"contacts", JsonOf(report.contacts)},
          {"visits", JsonOf(report.visits)},
          {"suspensions", JsonOf(report.suspensions)},
          {"filings_refused", JsonOf(report.filings_refused)},
          {"source_days", JsonOf(report.answers_of_sources)},
          {"unanswered", JsonOf(report.unanswered)},
          {"visits_without_ground", JsonOf(report.visits_without_ground)},
          {"unlisted_asks", JsonOf(report.unlisted_asks)},
          {"held_asks", JsonOf(report.held_asks)},
          {"refused_then_visited", JsonOf(report.refused_then_visited)}};
}

constexpr const char* kNotRecorded = "not recorded";

class MonitorReport final : public LogCommand {
 public:
  std::string_view path() const override { return "monitor report"; }
  std::string_view summary() const override {
    return "Counts the cases of a log: terms, breaches, refusals, suspensions, what it cost "
           "people.";
  }
  std::string_view examples() const override {
    return "kstati monitor report --log receipts.csv --by channel\n"
           "kstati monitor report --by authority --data var/store --format json";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Choice(
        "--by", by_, {"none", "service", "authority", "channel", "both", "variant", "procedure"},
        "what the cases are grouped by; both: service and authority; variant and procedure: "
        "within services");
  }

  Result<int> Answer(const monitoring::EventLog& log, const Terminal& terminal) override {
    const std::map<std::string, monitoring::Grouping> groupings{
        {"none", monitoring::Grouping::kNone},
        {"service", monitoring::Grouping::kService},
        {"authority", monitoring::Grouping::kAuthority},
        {"channel", monitoring::Grouping::kChannel},
        {"both", monitoring::Grouping::kServiceAndAuthority},
        {"variant", monitoring::Grouping::kServiceAndVariant},
        {"procedure", monitoring::Grouping::kServiceAndProcedure}};
    std::vector<Json> records;
    for (const auto& each : monitoring::MakeReports(log, groupings.at(by_), now())) {
      Json json = JsonOf(each);
      json["mean_days"] = each.report.from_start_to_end.mean;
      records.push_back(std::move(json));
    }
    output().Print(terminal, records,
                   {{"group", "GROUP"},
                    {"cases", "CASES"},
                    {"closed", "CLOSED"},
                    {"late", "LATE"},
                    {"overdue", "OVERDUE"},
                    {"mean_days", "MEAN DAYS"},
                    {"refusal_share", "REFUSED"},
                    {"suspensions", "SUSPENDED", kNotRecorded},
                    {"unanswered", "UNANSWERED", kNotRecorded},
                    {"visits", "VISITS", kNotRecorded}});
    return kExitFine;
  }

  std::string by_ = "none";
};

class MonitorSteps final : public LogCommand {
 public:
  std::string_view path() const override { return "monitor steps"; }
  std::string_view summary() const override {
    return "Shows how many days pass from each activity to the next one of its case.";
  }
  std::string_view examples() const override {
    return "kstati monitor steps --log receipts.csv\n"
           "kstati monitor steps --data var/store --format csv";
  }

 private:
  Result<int> Answer(const monitoring::EventLog& log, const Terminal& terminal) override {
    std::vector<Json> records;
    for (const monitoring::StepReport& each : monitoring::MakeStepReports(log)) {
      Json json{{"activity", each.activity}};
      json.update(JsonOf(each.until_next));
      records.push_back(std::move(json));
    }
    output().Print(terminal, records,
                   {{"activity", "ACTIVITY"},
                    {"count", "COUNT"},
                    {"mean", "MEAN"},
                    {"median", "MEDIAN"},
                    {"ninetieth", "NINE OF TEN"},
                    {"longest", "LONGEST"}});
    return kExitFine;
  }
};

std::string NamesOf(const std::vector<monitoring::Cause>& causes) {
  std::string names;
  for (const monitoring::Cause& cause : causes) {
    if (!names.empty()) names += " and ";
    names += monitoring::NameOf(cause.kind);
    if (!cause.party.empty()) names += " " + cause.party;
  }
  return names;
}

class MonitorCauses final : public LogCommand {
 public:
  std::string_view path() const override { return "monitor causes"; }
  std::string_view summary() const override {
    return "Finds why terms were broken: what would have saved each of them.";
  }
  std::string_view examples() const override {
    return "kstati monitor causes --log receipts.csv --allow fns=48\n"
           "kstati monitor causes --data var/store --format jsonl";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Texts("--allow", "PARTY=HOURS", allowed_,
                  "how long a source, a system or a desk may take; else 120, 0 and 48 hours");
  }

  Result<int> Answer(const monitoring::EventLog& log, const Terminal& terminal) override {
    monitoring::AllowedTimes allowed;
    for (const std::string& each : allowed_) {
      const size_t middle = each.find('=');
      int64_t hours = 0;
      const char* const end = each.data() + each.size();
      const bool wrong = middle == std::string::npos ||
                         std::from_chars(each.data() + middle + 1, end, hours).ptr != end ||
                         hours < 0;
      if (wrong) {
        return Fail(ErrorCode::kInvalidArgument, "not a party and its hours", "--allow " + each,
                    "write for example --allow fns=48");
      }
      allowed.of_party[each.substr(0, middle)] = std::chrono::hours(hours);
    }
    std::vector<Json> records;
    for (const auto& each : monitoring::AttributeBreaches(log, allowed, now())) {
      for (const monitoring::Counterfactual& found : each.explanations) {
        records.push_back({{"case", each.case_id},
                           {"deadline", each.deadline.ToString()},
                           {"ended", each.ended.ToString()},
                           {"causes", NamesOf(found.causes)},
                           {"would_have_ended", found.would_have_ended.ToString()}});
      }
    }
    output().Print(terminal, records,
                   {{"case", "CASE"},
                    {"deadline", "DEADLINE"},
                    {"ended", "ENDED"},
                    {"causes", "CAUSES"},
                    {"would_have_ended", "WOULD HAVE ENDED"}});
    return kExitFine;
  }

  std::vector<std::string> allowed_;
};

class MonitorRate final : public LogCommand {
 public:
  std::string_view path() const override { return "monitor rate"; }
  std::string_view summary() const override {
    return "Rates authorities by a formula that has a version, with the size of each sample.";
  }
  std::string_view examples() const override {
    return "kstati monitor rate --log receipts.csv --formula data/monitoring/rating.yaml\n"
           "kstati monitor rate --formula data/monitoring/rating.yaml --data var/store";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.RequiredText("--formula", "FILE", formula_, "the weights, as YAML");
  }

  Result<int> Answer(const monitoring::EventLog& log, const Terminal& terminal) override {
    std::vector<Issue> issues;
    const monitoring::RatingFormula formula = monitoring::LoadRatingFormula(formula_, issues);
    if (!issues.empty()) {
      return Fail(ErrorCode::kInvalidArgument, issues.front().text,
                  formula_ + ":" + std::to_string(issues.front().where.line),
                  "correct the formula");
    }
    std::vector<Json> records;
    for (const monitoring::Rating& each : monitoring::Rate(log, formula, now())) {
      records.push_back({{"authority", each.authority},
                         {"score", JsonOf(each.score)},
                         {"cases", each.cases},
                         {"in_time", each.in_time},
                         {"not_refused", each.not_refused},
                         {"without_complaint", each.without_complaint},
                         {"not_made_to_come", each.not_made_to_come},
                         {"formula", formula.version}});
    }
    output().Print(terminal, records,
                   {{"authority", "AUTHORITY"},
                    {"score", "SCORE"},
                    {"cases", "CASES"},
                    {"in_time", "IN TIME"},
                    {"not_refused", "NOT REFUSED"},
                    {"formula", "FORMULA"}});
    return kExitFine;
  }

  std::string formula_;
};

class MonitorPublish final : public LogCommand {
 public:
  std::string_view path() const override { return "monitor publish"; }
  std::string_view summary() const override {
    return "Counts cases in a table without a cell or total of fewer than so many people.";
  }
  std::string_view examples() const override {
    return "kstati monitor publish --log receipts.csv --rows channel --people 10\n"
           "kstati monitor publish --rows service --data var/store --format csv";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Choice("--rows", rows_, {"service", "authority", "channel", "variant"},
                   "what the rows are");
    options.Number("--people", "NUMBER", people_, 2, 1'000'000, "no cell has fewer");
  }

  std::string RowOf(const monitoring::LoggedCase& c) const {
    if (rows_ == "service") return c.service;
    if (rows_ == "variant") return c.service + " / " + c.variant;
    return rows_ == "authority" ? c.authority : c.channel;
  }

  std::string ColumnOf(const monitoring::LoggedCase& c) const {
    if (!c.ended) return c.deadline && now() > *c.deadline ? "overdue" : "open";
    return c.deadline && *c.ended > *c.deadline ? "late" : "in_time";
  }

  Result<int> Answer(const monitoring::EventLog& log, const Terminal& terminal) override {
    monitoring::CountTable table;
    table.columns = {"in_time", "late", "open", "overdue"};
    std::map<std::string, std::vector<uint64_t>> rows;
    for (const monitoring::LoggedCase& each : log.cases) {
      if (!monitoring::IsCase(each)) continue;
      std::vector<uint64_t>& row = rows[RowOf(each)];
      row.resize(table.columns.size());
      const auto column = std::ranges::find(table.columns, ColumnOf(each));
      ++row[static_cast<size_t>(column - table.columns.begin())];
    }
    for (auto& [name, cells] : rows) {
      table.rows.push_back(name);
      table.cells.push_back(std::move(cells));
    }
    const uint64_t each = monitoring::MostCasesOfOne(log);
    Print(monitoring::Publish(table, static_cast<uint64_t>(people_) * each), terminal);
    return kExitFine;
  }

  void Print(const monitoring::PublishedTable& table, const Terminal& terminal) const {
    std::string title = rows_;
    std::ranges::transform(title, title.begin(), [](unsigned char c) { return std::toupper(c); });
    std::vector<Column> columns{{"row", title}};
    for (const std::string& name : table.columns) columns.push_back({name, name});
    columns.push_back({"total", "TOTAL"});
    std::vector<Json> records;
    for (size_t i = 0; i < table.rows.size(); ++i) {
      Json json{{"row", table.rows[i]}};
      for (size_t j = 0; j < table.columns.size(); ++j) {
        const std::optional<uint64_t>& cell = table.cells[i][j];
        json[table.columns[j]] = cell ? Json(*cell) : Json("*");
      }
      json["total"] = table.row_totals[i];
      records.push_back(std::move(json));
    }
    if (!table.rows.empty()) {
      Json json{{"row", "total"}};
      for (size_t j = 0; j < table.columns.size(); ++j) {
        json[table.columns[j]] = table.column_totals[j];
      }
      json["total"] = table.total;
      records.push_back(std::move(json));
    }
    output().Print(terminal, records, columns);
  }

  std::string rows_ = "service";
  int64_t people_ = 10;
};

}  // namespace

void AddMonitor(CommandList& commands) {
  commands.push_back(std::make_unique<MonitorReport>());
  commands.push_back(std::make_unique<MonitorSteps>());
  AddMonitorChanges(commands);
  commands.push_back(std::make_unique<MonitorCauses>());
  commands.push_back(std::make_unique<MonitorRate>());
  commands.push_back(std::make_unique<MonitorPublish>());
  AddMonitorStandard(commands);
  AddMonitorZeros(commands);
  AddMonitorImport(commands);
  AddIncidents(commands);
  AddChangeRequests(commands);
}

}  // namespace kstati::cli
