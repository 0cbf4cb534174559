// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/log_command.h"

#include <fstream>
#include <map>
#include <sstream>
#include <utility>

#include "base/clock.h"
#include "cases/journal_log.h"
#include "cases/monitoring/feedback.h"
#include "cases/monitoring/records.h"
#include "cli/command_line.h"

namespace kstati::cli {

namespace monitoring = cases::monitoring;

namespace {

tl::unexpected<Error> Unusable(const std::string& catalogue) {
  return Fail(ErrorCode::kInvalidArgument, "the catalogue has errors", catalogue,
              "`kstati check` shows them");
}

}  // namespace

Result<std::string> ReadWhole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  if (file) return std::move(text).str();
  return Fail(ErrorCode::kNotFound, "the file cannot be read", path, "name a file that is there");
}

void LogCommand::Declare(Options& options) {
  options.Text("--log", "FILE", log_, "an event log as CSV; without it the journal of the store");
  options.Texts("--column", "NAME=COLUMN", columns_,
                "where the log has it: case, activity, at, started, ended, deadline, service, "
                "authority, channel, reason, party, regulation, variant, situation, chain, person");
  options.Text("--now", "MOMENT", moment_, "what is open then counts as open; without it now");
  DeclareOwn(options);
  records_.Declare(options);
  connection_.DeclareLocal(options);
  output_.Declare(options);
}

Result<int> LogCommand::Run(const Terminal& terminal) {
  now_ = SystemClock().Now();
  if (!moment_.empty()) {
    KSTATI_TRY(now_, Instant::Parse(moment_));
  }
  KSTATI_TRY(config_, connection_.ReadConfig());
  KSTATI_TRY(const monitoring::EventLog log, ReadLog());
  return Answer(log, terminal);
}

void RecordsOption::Declare(Options& options) {
  options.Text("--records", "FILE", file_,
               "incidents, change requests and imported feedback; without it beside the store");
}

std::string RecordsOption::PathIn(const Config& config) const {
  return is_named() ? file_ : config.Text("store.folder") + ".monitor";
}

void RecordsCommand::Declare(Options& options) {
  DeclareOwn(options);
  records_.Declare(options);
  connection_.DeclareLocal(options);
  output_.Declare(options);
}

Result<int> RecordsCommand::Run(const Terminal& terminal) {
  KSTATI_TRY(config_, connection_.ReadConfig());
  return Answer(terminal);
}

Result<monitoring::EventLog> LogCommand::ReadLog() const {
  KSTATI_TRY(monitoring::EventLog log, ReadCases());
  if (!log_.empty() && !records_.is_named()) return log;
  KSTATI_TRY(const std::vector<monitoring::Record> records,
             monitoring::ReadRecords(this->records()));
  KSTATI_TRY(log.feedback, monitoring::FeedbackIn(records));
  return log;
}

Result<monitoring::EventLog> LogCommand::ReadCases() const {
  if (log_.empty()) {
    KSTATI_TRY(const auto system, System::Open(*config_, StoreUse::kExisting));
    return cases::JournalAsLog(system->world());
  }
  KSTATI_TRY(const monitoring::Columns columns, Columns());
  KSTATI_TRY(const std::string text, ReadWhole(log_));
  Result<monitoring::EventLog> log = monitoring::ReadCsv(text, columns);
  if (!log) return Fail(AtPlace(log.error(), log_));
  return log;
}

Result<monitoring::Columns> LogCommand::Columns() const {
  monitoring::Columns columns;
  const std::map<std::string, std::string*> known{
      {"case", &columns.case_id},    {"activity", &columns.activity},
      {"at", &columns.at},           {"started", &columns.started},
      {"ended", &columns.ended},     {"deadline", &columns.deadline},
      {"service", &columns.service}, {"authority", &columns.authority},
      {"channel", &columns.channel}, {"reason", &columns.reason},
      {"party", &columns.party},     {"regulation", &columns.regulation},
      {"variant", &columns.variant}, {"situation", &columns.situation},
      {"chain", &columns.chain},     {"person", &columns.person}};
  for (const std::string& each : columns_) {
    const size_t middle = each.find('=');
    const auto found = known.find(each.substr(0, middle));
    if (middle == std::string::npos || found == known.end()) {
      return Fail(ErrorCode::kInvalidArgument, "not a column of a log", "--column " + each,
                  "write for example --column case=CaseID");
    }
    *found->second = each.substr(middle + 1);
  }
  return columns;
}

Result<std::unique_ptr<LoadedCatalogue>> LoadCatalogueOf(const Config& config) {
  const std::string& folder = config.Text("catalogue.folder");
  std::vector<Issue> issues;
  std::unique_ptr<LoadedCatalogue> loaded = LoadedCatalogue::Load(folder, issues);
  if (HasErrors(issues)) return Unusable(folder);
  return loaded;
}

Result<std::vector<graph::ApprovedStandard>> LoadStandardsOf(const Config& config,
                                                             const graph::Catalogue& catalogue) {
  const std::string& folder = config.Text("catalogue.folder");
  std::vector<Issue> issues;
  std::vector<graph::ApprovedStandard> standards = graph::LoadStandards(folder, catalogue, issues);
  if (HasErrors(issues)) return Unusable(folder);
  return standards;
}

}  // namespace kstati::cli
