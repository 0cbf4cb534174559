// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "base/clock.h"
#include "cases/monitoring/change_request.h"
#include "cases/monitoring/comparison.h"
#include "cases/monitoring/incident.h"
#include "cli/catalogue_check.h"
#include "cli/command_line.h"
#include "cli/commands/comparison_form.h"
#include "cli/commands/log_command.h"
#include "cli/commands/monitor_commands.h"
#include "graph/regulation_diff.h"

namespace kstati::cli {
namespace {

namespace monitoring = cases::monitoring;
using monitoring::ChangeRequest;

constexpr std::string_view kBeyondStandard = "beyond-standard";

Json ParsedOr(const std::string& text) {
  Json parsed = Json::parse(text, nullptr, false);
  return parsed.is_discarded() ? Json(text) : parsed;
}

Json JsonOf(const ChangeRequest& request) {
  Json json{{"change", request.id},
            {"status", std::string(request.status())},
            {"service", request.service},
            {"before", request.before},
            {"version", request.version},
            {"author", request.author},
            {"why", request.why},
            {"incident", request.incident},
            {"catalogue", request.catalogue},
            {"diff", request.diff},
            {"examples", request.examples},
            {"errors", request.errors},
            {"warnings", request.warnings},
            {"beyond_standard", request.beyond_standard},
            {"impact", ParsedOr(request.impact)},
            {"impact_digest", request.impact_digest},
            {"in_the_way", monitoring::ObstaclesTo(request)},
            {"decided_by", request.decided_by},
            {"reason", request.reason},
            {"outcomes", Json::array()}};
  for (const auto& [at, outcome] : request.outcomes) {
    json["outcomes"].push_back({{"at", at.ToString()}, {"measures", ParsedOr(outcome)}});
  }
  return json;
}

std::string Readable(const ChangeRequest& request) {
  std::string text = request.id + " " + std::string(request.status()) + ": " + request.service +
                     ", " + request.before + " becomes " + request.version + "\n" + request.why +
                     " (" + request.author + ")\n";
  for (const std::string& line : request.diff) text += "  " + line + "\n";
  text += std::to_string(request.examples) + " examples, " + std::to_string(request.errors) +
          " errors, " + std::to_string(request.warnings) + " warnings, " +
          std::to_string(request.beyond_standard) + " beyond a standard\n";
  for (const std::string& obstacle : monitoring::ObstaclesTo(request)) {
    text += "in the way: " + obstacle + "\n";
  }
  if (!request.decided_by.empty()) text += "decided by " + request.decided_by + "\n";
  return text;
}

// A command on the change requests of the records.
class ChangeCommand : public RecordsCommand {
 protected:
  Result<int> Show(const std::string& id, const Terminal& terminal) const {
    KSTATI_TRY(const auto all, monitoring::ReadRecords(records()));
    KSTATI_TRY(const ChangeRequest request, monitoring::FindChangeRequest(all, id));
    output().Print(terminal, JsonOf(request), Readable(request));
    return kExitFine;
  }
};

class ChangePropose final : public ChangeCommand {
 public:
  std::string_view path() const override { return "change propose"; }
  std::string_view summary() const override {
    return "Asks for the change that a version of a service's regulation makes; its diff, tests "
           "and "
           "impact are kept.";
  }
  std::string_view examples() const override {
    return "kstati graph what-if --service snils_newborn --term 1 --format json > impact.json\n"
           "kstati change propose snils_newborn --version 2026-04-01 --impact impact.json --by "
           "petrova --why \"one day less\"";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Argument("SERVICE", request_.service, "whose regulation changes", Names::kService);
    options.RequiredText("--version", "DATE", request_.version,
                         "the day from which the new version is in force");
    options.RequiredText("--by", "NAME", request_.author, "who asks for it");
    options.RequiredText("--why", "TEXT", request_.why, "what for");
    options.Text("--impact", "FILE", impact_,
                 "the impact report as JSON, as `graph what-if` gives");
    options.Text("--incident", "INCIDENT", request_.incident, "that it is to prevent");
  }

  Result<int> Answer(const Terminal& terminal) override {
    KSTATI_TRY_VOID(ReadDiff());
    KSTATI_TRY_VOID(ReadImpact());
    Check();
    request_.proposed_at = SystemClock().Now();
    KSTATI_TRY(
        const monitoring::Record record,
        monitoring::AppendRecord(
            records(),
            [this](const std::vector<monitoring::Record>& records) -> Result<monitoring::Record> {
              KSTATI_TRY_VOID(CheckIncident(records));
              return monitoring::Propose(request_);
            }));
    return Show("R-" + std::to_string(record.number), terminal);
  }

  Result<void> ReadDiff() {
    KSTATI_TRY(const auto loaded, LoadCatalogueOf(config()));
    request_.catalogue = loaded->catalogue.version();
    const graph::Service* service = loaded->catalogue.FindService(ServiceId(request_.service));
    if (service == nullptr) {
      return Fail(ErrorCode::kNotFound, "there is no such service", request_.service,
                  "the catalogue's folder services has a file for each");
    }
    KSTATI_TRY(const Date from, Date::Parse(request_.version));
    const auto& versions = service->regulations;
    const auto found = std::ranges::find_if(
        versions, [&](const graph::Regulation& one) { return one.in_force.from == from; });
    if (found == versions.end() || found == versions.begin()) {
      return Fail(ErrorCode::kNotFound,
                  "the service has no version of " + request_.version + " with one before it",
                  request_.service, "a change is a new version: add it to the service's file");
    }
    request_.before = std::prev(found)->in_force.from.ToString();
    request_.diff = graph::DiffOf(*std::prev(found), *found);
    request_.examples = service->examples.size();
    return {};
  }

  Result<void> ReadImpact() {
    if (impact_.empty()) return {};
    KSTATI_TRY(request_.impact, ReadWhole(impact_));
    request_.impact_digest = monitoring::DigestOf(request_.impact);
    const Json impact = Json::parse(request_.impact, nullptr, false);
    if (impact.is_structured() && !impact.empty()) return {};
    return Fail(ErrorCode::kInvalidArgument, "the impact report is empty, or no JSON", impact_,
                "write it with --format json");
  }

  void Check() {
    const Date today = LocalDate(SystemClock().Now(), config().Text("time.zone"));
    const CatalogueFindings findings = CheckCatalogue(config().Text("catalogue.folder"), today);
    for (const Issue& issue : findings.issues) {
      if (issue.severity == Severity::kError) {
        ++request_.errors;
      } else if (issue.text.starts_with(kBeyondStandard)) {
        ++request_.beyond_standard;
      } else {
        ++request_.warnings;
      }
    }
  }

  Result<void> CheckIncident(const std::vector<monitoring::Record>& records) const {
    if (request_.incident.empty()) return {};
    KSTATI_TRY(const auto incidents, monitoring::IncidentsIn(records));
    const bool known = std::ranges::find(incidents, request_.incident, &monitoring::Incident::id) !=
                       incidents.end();
    if (known) return {};
    return Fail(ErrorCode::kNotFound, "there is no such incident", request_.incident,
                "`kstati incident list` shows them");
  }

  ChangeRequest request_;
  std::string impact_;
};

class ChangeDecide final : public ChangeCommand {
 public:
  explicit ChangeDecide(bool approves) : approves_(approves) {}

  std::string_view path() const override { return approves_ ? "change approve" : "change reject"; }
  std::string_view summary() const override {
    return approves_ ? "Approves a change, by somebody else than its author; refused while tests, "
                       "standards or the impact report are in the way."
                     : "Rejects a change, with the reason.";
  }
  std::string_view examples() const override {
    return approves_ ? "kstati change approve R-5 --by ivanov"
                     : "kstati change reject R-5 --by ivanov --why \"too few examples\"";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Argument("CHANGE", id_, "as `kstati change list` names it");
    options.RequiredText("--by", "NAME", by_, "who decides");
    if (!approves_) options.RequiredText("--why", "TEXT", why_, "the reason");
  }

  Result<int> Answer(const Terminal& terminal) override {
    KSTATI_TRY(const auto loaded, LoadCatalogueOf(config()));
    const monitoring::Verdict verdict{approves_, by_, why_, loaded->catalogue.version(),
                                      SystemClock().Now()};
    KSTATI_TRY_VOID(monitoring::AppendRecord(
        records(), [&](const auto& all) { return monitoring::Decide(all, id_, verdict); }));
    return Show(id_, terminal);
  }

  const bool approves_;
  std::string id_;
  std::string by_;
  std::string why_;
};

class ChangeShow final : public ChangeCommand {
 public:
  std::string_view path() const override { return "change show"; }
  std::string_view summary() const override {
    return "Shows a change request: diff, tests, impact, approval and what came of it.";
  }
  std::string_view examples() const override {
    return "kstati change show R-5 --data var/store\n"
           "kstati change show R-5 --format json";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Argument("CHANGE", id_, "as `kstati change list` names it");
  }
  Result<int> Answer(const Terminal& terminal) override { return Show(id_, terminal); }

  std::string id_;
};

class ChangeList final : public ChangeCommand {
 public:
  std::string_view path() const override { return "change list"; }
  std::string_view summary() const override { return "Lists change requests."; }
  std::string_view examples() const override {
    return "kstati change list --data var/store\n"
           "kstati change list --format json";
  }

 private:
  Result<int> Answer(const Terminal& terminal) override {
    KSTATI_TRY(const auto all, monitoring::ReadRecords(records()));
    KSTATI_TRY(const auto requests, monitoring::ChangeRequestsIn(all));
    std::vector<Json> listed;
    for (const ChangeRequest& request : requests) listed.push_back(JsonOf(request));
    output().Print(terminal, listed,
                   {{"change", "CHANGE"},
                    {"status", "STATUS"},
                    {"service", "SERVICE"},
                    {"before", "BEFORE"},
                    {"version", "VERSION"},
                    {"author", "AUTHOR"},
                    {"decided_by", "DECIDED BY"}});
    return kExitFine;
  }
};

class ChangeAssess final : public LogCommand {
 public:
  std::string_view path() const override { return "change assess"; }
  std::string_view summary() const override {
    return "Compares the cases before an approved change with those after it, and keeps the result "
           "with the request.";
  }
  std::string_view examples() const override {
    return "kstati change assess R-5 --data var/store\n"
           "kstati change assess R-5 --confidence 0.9 --format json";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Argument("CHANGE", id_, "as `kstati change list` names it");
    options.Share("--confidence", "SHARE", confidence_, "of each interval");
    options.Number("--seed", "NUMBER", seed_, 0, INT64_MAX, "the same seed, the same intervals");
  }

  Result<int> Answer(const monitoring::EventLog& log, const Terminal& terminal) override {
    KSTATI_TRY(const auto before, monitoring::ReadRecords(records()));
    KSTATI_TRY(const ChangeRequest request, monitoring::FindChangeRequest(before, id_));
    monitoring::Change change;
    change.service = request.service;
    KSTATI_TRY(change.version, Date::Parse(request.version));
    const std::vector<Json> measures = CompareAll(log, monitoring::SidesOf(log, change),
                                                  {confidence_, static_cast<uint64_t>(seed_)});
    KSTATI_TRY_VOID(monitoring::AppendRecord(records(), [&](const auto& all) {
      return monitoring::Assess(all, id_, Json(measures).dump(), now());
    }));
    output().Print(terminal, measures, ComparisonColumns());
    return kExitFine;
  }

  std::string id_;
  double confidence_ = 0.95;
  int64_t seed_ = 1;
};

}  // namespace

void AddChangeRequests(CommandList& commands) {
  commands.push_back(std::make_unique<ChangePropose>());
  commands.push_back(std::make_unique<ChangeDecide>(true));
  commands.push_back(std::make_unique<ChangeDecide>(false));
  commands.push_back(std::make_unique<ChangeShow>());
  commands.push_back(std::make_unique<ChangeList>());
  commands.push_back(std::make_unique<ChangeAssess>());
}

}  // namespace kstati::cli
