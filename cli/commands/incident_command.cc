// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "base/clock.h"
#include "cases/monitoring/detectors.h"
#include "cases/monitoring/incident.h"
#include "cases/standard_watch.h"
#include "cli/command_line.h"
#include "cli/commands/log_command.h"
#include "cli/commands/monitor_commands.h"

namespace kstati::cli {
namespace {

namespace monitoring = cases::monitoring;
using monitoring::Incident;
using monitoring::IncidentStep;

Json JsonOf(const Incident& incident) {
  Json json{{"incident", incident.id},
            {"status", std::string(incident.status())},
            {"severity", std::string(NameOf(incident.severity))},
            {"service", incident.service},
            {"authority", incident.authority},
            {"version", incident.version},
            {"what", incident.what},
            {"detector", incident.detector},
            {"affected", incident.affected},
            {"cause", incident.cause},
            {"owner", incident.owner},
            {"opened_at", incident.opened_at.ToString()},
            {"opened_by", incident.opened_by},
            {"entries", Json::array()}};
  for (const monitoring::IncidentEntry& entry : incident.entries) {
    json["entries"].push_back({{"step", std::string(NameOf(entry.step))},
                               {"at", entry.at.ToString()},
                               {"by", entry.by},
                               {"text", entry.text}});
  }
  return json;
}

std::vector<Column> IncidentColumns() {
  return {{"incident", "INCIDENT"}, {"status", "STATUS"}, {"severity", "SEVERITY"},
          {"service", "SERVICE"},   {"what", "WHAT"},     {"affected", "AFFECTED"},
          {"cause", "CAUSE"},       {"owner", "OWNER"}};
}

// A command on the incidents of the records.
class IncidentCommand : public RecordsCommand {
 protected:
  // Appends a step of the incident, or the opening of one, and shows how it stands.
  Result<int> Append(const monitoring::MakeRecord& make, const std::string& incident,
                     const Terminal& terminal) const {
    KSTATI_TRY(const monitoring::Record record, monitoring::AppendRecord(records(), make));
    KSTATI_TRY(const auto all, monitoring::ReadRecords(records()));
    KSTATI_TRY(const std::vector<Incident> incidents, monitoring::IncidentsIn(all));
    const std::string id = incident.empty() ? "I-" + std::to_string(record.number) : incident;
    const auto found = std::ranges::find(incidents, id, &Incident::id);
    output().Print(terminal, {JsonOf(*found)}, IncidentColumns());
    return kExitFine;
  }
};

class IncidentOpen final : public IncidentCommand {
 public:
  std::string_view path() const override { return "incident open"; }
  std::string_view summary() const override {
    return "Writes down an incident that somebody noticed.";
  }
  std::string_view examples() const override {
    return "kstati incident open snils_newborn --severity high --what \"the form is empty\" --by "
           "petrova --owner service_owner\n"
           "kstati incident list --data var/store";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Argument("SERVICE", incident_.service, "whose quality is lowered", Names::kService);
    options.Choice("--severity", severity_, {"low", "medium", "high", "critical"}, "how bad it is");
    options.RequiredText("--what", "TEXT", incident_.what, "what happens");
    options.RequiredText("--by", "NAME", incident_.opened_by, "who noticed it");
    options.RequiredText("--owner", "NAME", incident_.owner, "who answers for it");
    options.Text("--authority", "AUTHORITY", incident_.authority, "of this authority alone");
    options.Text("--version", "DATE", incident_.version,
                 "of this version of the service's regulation, by the day it begins");
    options.Text("--cause", "TEXT", incident_.cause, "as far as it is known");
    options.Number("--affected", "NUMBER", affected_, 0, INT64_MAX, "cases, as far as is known");
  }

  Result<int> Answer(const Terminal& terminal) override {
    KSTATI_TRY(const auto loaded, LoadCatalogueOf(config()));
    KSTATI_TRY_VOID(CheckService(loaded->catalogue));
    KSTATI_TRY(incident_.severity, monitoring::ParseSeverity(severity_));
    incident_.affected = static_cast<uint64_t>(affected_);
    incident_.opened_at = SystemClock().Now();
    return Append([this](const auto&) { return monitoring::Open(incident_); }, {}, terminal);
  }

  Result<void> CheckService(const graph::Catalogue& catalogue) const {
    const graph::Service* service = catalogue.FindService(ServiceId(incident_.service));
    if (service == nullptr) {
      return Fail(ErrorCode::kNotFound, "there is no such service", incident_.service,
                  "the catalogue's folder services has a file for each");
    }
    const bool known =
        incident_.version.empty() ||
        std::ranges::any_of(service->regulations, [&](const graph::Regulation& regulation) {
          return regulation.in_force.from.ToString() == incident_.version;
        });
    if (known) return {};
    return Fail(ErrorCode::kNotFound, "the service has no version of " + incident_.version,
                incident_.service, "its regulations say from which day each is in force");
  }

  Incident incident_;
  std::string severity_ = "medium";
  int64_t affected_ = 0;
};

// One of the steps of an incident; they differ in their words alone.
struct StepWords {
  IncidentStep step;
  const char* path;
  const char* summary;
  const char* option;
  const char* help;
  const char* example;
};

constexpr StepWords kSteps[] = {
    {IncidentStep::kEscalate, "incident escalate",
     "Gives an incident to somebody on another level, who answers for it from then on.", "--to",
     "who answers from now on",
     "kstati incident escalate I-3 --to head_of_department --by petrova"},
    {IncidentStep::kExplain, "incident explain", "Writes down the cause of an incident.", "--cause",
     "why it happened", "kstati incident explain I-3 --cause \"a registry was down\" --by petrova"},
    {IncidentStep::kRecover, "incident recover", "Writes down how an incident was recovered from.",
     "--how", "what was done, also for those affected",
     "kstati incident recover I-3 --how \"terms were counted again\" --by petrova"},
    {IncidentStep::kClose, "incident close",
     "Closes an incident that was recovered from and whose cause is known.", "--conclusion",
     "what follows from it",
     "kstati incident close I-3 --conclusion \"asked for R-5\" --by ivanov"},
};

class IncidentGo final : public IncidentCommand {
 public:
  explicit IncidentGo(const StepWords& words) : words_(words) {}

  std::string_view path() const override { return words_.path; }
  std::string_view summary() const override { return words_.summary; }
  std::string_view examples() const override { return words_.example; }

 private:
  void DeclareOwn(Options& options) override {
    options.Argument("INCIDENT", id_, "as `kstati incident list` names it");
    options.RequiredText(words_.option, "TEXT", text_, words_.help);
    options.RequiredText("--by", "NAME", by_, "who says so");
  }

  Result<int> Answer(const Terminal& terminal) override {
    const monitoring::IncidentEntry entry{words_.step, SystemClock().Now(), by_, text_};
    return Append([&](const auto& all) { return monitoring::Go(all, id_, entry); }, id_, terminal);
  }

  const StepWords& words_;
  std::string id_;
  std::string text_;
  std::string by_;
};

class IncidentList final : public IncidentCommand {
 public:
  std::string_view path() const override { return "incident list"; }
  std::string_view summary() const override {
    return "Lists incidents with their severity, cause and owner; those that are not closed first.";
  }
  std::string_view examples() const override {
    return "kstati incident list --data var/store\n"
           "kstati incident list --open --format json";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Flag("--open", open_, "only those that are not closed");
  }

  Result<int> Answer(const Terminal& terminal) override {
    KSTATI_TRY(const auto all, monitoring::ReadRecords(records()));
    KSTATI_TRY(std::vector<Incident> incidents, monitoring::IncidentsIn(all));
    std::ranges::stable_sort(
        incidents, {}, [](const Incident& incident) { return incident.closed_at.has_value(); });
    std::vector<Json> listed;
    for (const Incident& incident : incidents) {
      if (!open_ || !incident.closed_at) listed.push_back(JsonOf(incident));
    }
    output().Print(terminal, listed, IncidentColumns());
    return kExitFine;
  }

  bool open_ = false;
};

class IncidentDetect final : public LogCommand {
 public:
  std::string_view path() const override { return "incident detect"; }
  std::string_view summary() const override {
    return "Opens an incident for each threshold that is exceeded, and escalates those open too "
           "long; exit code 1 when there was anything.";
  }
  std::string_view examples() const override {
    return "kstati incident detect --detectors data/monitoring/detectors.yaml --data var/store\n"
           "kstati incident detect --detectors data/monitoring/detectors.yaml --dry-run";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.RequiredText("--detectors", "FILE", detectors_, "thresholds and levels, as YAML");
    options.Flag("--dry-run", dry_run_,
                 "shows what would be opened or escalated, and does nothing");
  }

  Result<int> Answer(const monitoring::EventLog& log, const Terminal& terminal) override {
    std::vector<Issue> issues;
    const monitoring::DetectorSet set = monitoring::LoadDetectors(detectors_, issues);
    if (!issues.empty()) {
      return Fail(ErrorCode::kInvalidArgument, issues.front().text,
                  detectors_ + ":" + std::to_string(issues.front().where.line),
                  "correct the detectors");
    }
    KSTATI_TRY(const auto loaded, LoadCatalogueOf(config()));
    KSTATI_TRY(const auto all, monitoring::ReadRecords(records()));
    KSTATI_TRY(const std::vector<Incident> known, monitoring::IncidentsIn(all));
    KSTATI_TRY(const std::vector<graph::ApprovedStandard> standards,
               LoadStandardsOf(config(), loaded->catalogue));
    const monitoring::Detected detected = monitoring::Detect(
        log, set, BeyondStandardOf(loaded->catalogue, standards, log), {}, known, now());
    std::vector<Json> shown;
    for (const Incident& incident : detected.to_open) {
      Json json = JsonOf(incident);
      json["status"] = "opened";
      shown.push_back(std::move(json));
      if (!dry_run_) KSTATI_TRY_VOID(AppendOpening(incident));
    }
    for (const auto& [id, entry] : detected.to_escalate) {
      shown.push_back({{"incident", id}, {"status", "escalated"}, {"owner", entry.text}});
      if (!dry_run_) KSTATI_TRY_VOID(AppendStep(id, entry));
    }
    output().Print(terminal, shown, IncidentColumns());
    return shown.empty() ? kExitFine : kExitFoundProblems;
  }

  // The cases of which an alarm tells; nullopt where nothing caps anything.
  monitoring::BeyondStandard BeyondStandardOf(const graph::Catalogue& catalogue,
                                              const std::vector<graph::ApprovedStandard>& standards,
                                              const monitoring::EventLog& log) const {
    if (standards.empty()) return std::nullopt;
    const cases::Reckoning reckoning{catalogue.calendar(), config().Text("time.zone")};
    const cases::StandardWatch watch = cases::WatchStandards(standards, log, reckoning, now());
    std::set<std::string> beyond;
    for (const cases::StandardAlarm& alarm : watch.alarms) {
      beyond.insert(alarm.cases.begin(), alarm.cases.end());
    }
    return beyond;
  }

  // Another process may have opened it meanwhile.
  Result<void> AppendOpening(const Incident& incident) const {
    KSTATI_TRY_VOID(monitoring::AppendRecord(
        records(), [&](const std::vector<monitoring::Record>& all) -> Result<monitoring::Record> {
          KSTATI_TRY(const std::vector<Incident> known, monitoring::IncidentsIn(all));
          for (const Incident& other : known) {
            const bool same = other.detector == incident.detector &&
                              other.service == incident.service && !other.closed_at;
            if (!same) continue;
            return Fail(ErrorCode::kConflict, "it was opened meanwhile", other.id,
                        "repeat the command");
          }
          return monitoring::Open(incident);
        }));
    return {};
  }

  Result<void> AppendStep(const std::string& id, const monitoring::IncidentEntry& entry) const {
    KSTATI_TRY_VOID(monitoring::AppendRecord(
        records(), [&](const auto& all) { return monitoring::Go(all, id, entry); }));
    return {};
  }

  std::string detectors_;
  bool dry_run_ = false;
};

}  // namespace

void AddIncidents(CommandList& commands) {
  commands.push_back(std::make_unique<IncidentDetect>());
  commands.push_back(std::make_unique<IncidentOpen>());
  commands.push_back(std::make_unique<IncidentList>());
  for (const StepWords& words : kSteps) commands.push_back(std::make_unique<IncidentGo>(words));
}

}  // namespace kstati::cli
