// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <utility>

#include "cases/standard_watch.h"
#include "cli/command_line.h"
#include "cli/commands/log_command.h"
#include "cli/commands/monitor_commands.h"

namespace kstati::cli {
namespace {

Json MostOf(const graph::ApprovedStandard& standard, cases::Capped capped) {
  if (capped == cases::Capped::kVisits) return *standard.visits;
  if (capped == cases::Capped::kDocuments) return *standard.documents;
  return std::to_string(standard.term->value) + " " + std::string(NameOf(standard.term->unit));
}

Json JsonOf(const cases::StandardAlarm& alarm) {
  std::string numbers;
  for (const std::string& number : alarm.cases) numbers += (numbers.empty() ? "" : " ") + number;
  return {{"standard", alarm.standard->of()},
          {"variant", alarm.standard->variant},
          {"cases", numbers},
          {"what", std::string(NameOf(alarm.capped))},
          {"asked", alarm.asked},
          {"most", MostOf(*alarm.standard, alarm.capped)},
          {"since", alarm.since.ToString()},
          {"source", alarm.standard->SourceText()}};
}

class MonitorStandard final : public LogCommand {
 public:
  std::string_view path() const override { return "monitor standard"; }
  std::string_view summary() const override {
    return "Finds cases that ask more visits, documents or time than the approved standard; exit "
           "code 1 when there are any.";
  }
  std::string_view examples() const override {
    return "kstati monitor standard --data var/store\n"
           "kstati monitor standard --log log.csv --column service=Service --format jsonl";
  }

 private:
  Result<int> Answer(const cases::monitoring::EventLog& log, const Terminal& terminal) override {
    KSTATI_TRY(const auto loaded, LoadCatalogueOf(config()));
    KSTATI_TRY(const std::vector<graph::ApprovedStandard> standards,
               LoadStandardsOf(config(), loaded->catalogue));
    const cases::Reckoning reckoning{loaded->catalogue.calendar(), config().Text("time.zone")};
    const cases::StandardWatch watch = cases::WatchStandards(standards, log, reckoning, now());
    std::vector<Json> records;
    for (const cases::StandardAlarm& alarm : watch.alarms) records.push_back(JsonOf(alarm));
    output().Print(terminal, records,
                   {{"standard", "STANDARD"},
                    {"variant", "VARIANT"},
                    {"cases", "CASES"},
                    {"what", "WHAT"},
                    {"asked", "ASKED"},
                    {"most", "MOST"},
                    {"since", "SINCE"},
                    {"source", "SOURCE"}});
    TellWhatIsMissing(standards.empty(), log, watch, terminal);
    return watch.alarms.empty() ? kExitFine : kExitFoundProblems;
  }

  // No alarm means little where nothing could be looked at.
  static void TellWhatIsMissing(bool no_standards, const cases::monitoring::EventLog& log,
                                const cases::StandardWatch& watch, const Terminal& terminal) {
    namespace activity = cases::monitoring::activity;
    if (no_standards) {
      terminal.err << "the catalogue has no standards (standards.yaml)\n";
      return;
    }
    if (!Tells(log, activity::kVisit)) terminal.err << "the log tells of no visits\n";
    if (!Tells(log, activity::kDocument)) terminal.err << "the log tells of no documents shown\n";
    if (watch.not_counted == 0) return;
    terminal.err << watch.not_counted
                 << " terms are not counted: a day is past the last loaded calendar\n";
  }
};

}  // namespace

void AddMonitorStandard(CommandList& commands) {
  commands.push_back(std::make_unique<MonitorStandard>());
}

}  // namespace kstati::cli
