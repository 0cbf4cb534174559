// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <utility>

#include "cases/monitoring/comparison.h"
#include "cli/command_line.h"
#include "cli/commands/comparison_form.h"
#include "cli/commands/log_command.h"
#include "cli/commands/monitor_commands.h"

namespace kstati::cli {
namespace {

namespace monitoring = cases::monitoring;

class MonitorCompare final : public LogCommand {
 public:
  std::string_view path() const override { return "monitor compare"; }
  std::string_view summary() const override {
    return "Compares cases before a change with those after it: by a moment, or by the version of "
           "a service's regulation.";
  }
  std::string_view examples() const override {
    return "kstati monitor compare --log receipts.csv --change 2011-05-01T00:00:00Z\n"
           "kstati monitor compare --service snils_newborn --version 2026-04-01 --measure late";
  }

 private:
  void DeclareOwn(Options& options) override {
    std::vector<std::string> measures{"all"};
    for (const monitoring::Measure each : monitoring::AllMeasures()) {
      measures.emplace_back(NameOf(each));
    }
    options.Text("--change", "MOMENT", change_, "when things changed");
    options.Text("--service", "SERVICE", service_, "of this service alone", Names::kService);
    options.Text("--version", "DATE", version_,
                 "instead of --change: the version of the service's regulation in force from this "
                 "day, against the one before it");
    options.Choice("--measure", measure_, measures, "what is compared");
    options.Share("--confidence", "SHARE", confidence_, "of the interval, each by itself");
    options.Number("--seed", "NUMBER", seed_, 0, INT64_MAX, "the same seed, the same interval");
  }

  Result<int> Answer(const monitoring::EventLog& log, const Terminal& terminal) override {
    KSTATI_TRY(const monitoring::Change change, ChangeMeant());
    KSTATI_TRY_VOID(CheckService(log));
    const monitoring::Sides sides = monitoring::SidesOf(log, change);
    KSTATI_TRY(const std::vector<Json> records, Compared(log, sides));
    output().Print(terminal, records, ComparisonColumns());
    TellOpen(log, sides, terminal);
    return kExitFine;
  }

  Result<monitoring::Change> ChangeMeant() const {
    monitoring::Change change;
    change.service = service_;
    if (change_.empty() == version_.empty() || (service_.empty() && !version_.empty())) {
      return Fail(ErrorCode::kInvalidArgument, "which change is meant is not clear", "--change",
                  "name a moment with --change, or a service with --version");
    }
    if (!version_.empty()) {
      KSTATI_TRY(change.version, Date::Parse(version_));
    } else {
      KSTATI_TRY(change.at, Instant::Parse(change_));
    }
    return change;
  }

  Result<void> CheckService(const monitoring::EventLog& log) const {
    const bool known =
        service_.empty() ||
        std::ranges::find(log.cases, service_, &monitoring::LoggedCase::service) != log.cases.end();
    if (known) return {};
    return Fail(ErrorCode::kNotFound, "the log has no case of the service", service_,
                "`kstati monitor report --by service` shows those that it has");
  }

  // A measure that was asked for by name is an error when it cannot be compared.
  Result<std::vector<Json>> Compared(const monitoring::EventLog& log,
                                     const monitoring::Sides& sides) const {
    const Certainty certainty{confidence_, static_cast<uint64_t>(seed_)};
    if (measure_ == "all") return CompareAll(log, sides, certainty);
    KSTATI_TRY(const monitoring::Measure measure, monitoring::ParseMeasure(measure_));
    KSTATI_TRY_VOID(monitoring::Compare(ValuesOf(log, measure, sides.before),
                                        ValuesOf(log, measure, sides.after), confidence_,
                                        certainty.seed));
    return std::vector<Json>{CompareOne(log, measure, sides, certainty)};
  }

  // What is still open may yet take long: it is in neither mean.
  static void TellOpen(const monitoring::EventLog& log, const monitoring::Sides& sides,
                       const Terminal& terminal) {
    const auto open_in = [&](const monitoring::Side& side) {
      return std::ranges::count_if(log.cases, [&](const monitoring::LoggedCase& c) {
        return !c.ended && IsCase(c) && side.has_case(c);
      });
    };
    terminal.err << "still open and not counted: " << open_in(sides.before) << " before, "
                 << open_in(sides.after) << " after\n";
  }

  std::string change_;
  std::string service_;
  std::string version_;
  std::string measure_ = "all";
  double confidence_ = 0.95;
  int64_t seed_ = 1;
};

}  // namespace

void AddMonitorChanges(CommandList& commands) {
  commands.push_back(std::make_unique<MonitorCompare>());
}

}  // namespace kstati::cli
