// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <utility>

#include "base/clock.h"
#include "cases/variant_zeros.h"
#include "cli/command_line.h"
#include "cli/commands/log_command.h"
#include "cli/commands/monitor_commands.h"

namespace kstati::cli {
namespace {

using cases::VariantZeros;
using cases::Zero;
using cases::ZeroBlocker;

// "paper doc.note or doc.receipt", "waiting 5 working_days", "paper 2 visits".
std::string WordsFor(const ZeroBlocker& blocker) {
  std::string words(NameOf(blocker.zero));
  if (blocker.term) {
    return words + " " + std::to_string(blocker.term->value) + " " +
           std::string(NameOf(blocker.term->unit));
  }
  if (blocker.visits > 0) return words + " " + std::to_string(blocker.visits) + " visits";
  const char* comma = " ";
  for (const AttributeId& id : blocker.any_of) {
    words += comma + id.text();
    comma = " or ";
  }
  return words;
}

Json JsonOf(const std::vector<ZeroBlocker>& blockers) {
  Json list = Json::array();
  for (const ZeroBlocker& blocker : blockers) {
    list.push_back({{"zero", std::string(NameOf(blocker.zero))}, {"text", WordsFor(blocker)}});
  }
  return list;
}

std::string Joined(const std::vector<ZeroBlocker>& blockers) {
  std::string text;
  for (const ZeroBlocker& blocker : blockers) {
    text += (text.empty() ? "" : "; ") + WordsFor(blocker);
  }
  return text;
}

Json JsonOf(const VariantZeros& each, const std::string& exceptions) {
  const cases::Zeros& zeros = each.zeros;
  return {{"service", each.service->id.text()},
          {"version", each.regulation->in_force.from.ToString()},
          {"variant", each.variant == nullptr ? "" : each.variant->id},
          {"scenario", each.scenario ? std::string(NameOf(*each.scenario)) : ""},
          {"score", zeros.score()},
          {"zero_input", zeros.IsZero(Zero::kInput)},
          {"zero_waiting", zeros.IsZero(Zero::kWaiting)},
          {"zero_paper", zeros.IsZero(Zero::kPaper)},
          {"blockers", JsonOf(zeros.blockers)},
          {"allowed", JsonOf(each.allowed)},
          {"what_blocks", Joined(zeros.blockers)},
          {"exceptions", exceptions}};
}

class MonitorZeros final : public Command {
 public:
  std::string_view path() const override { return "monitor zeros"; }
  std::string_view summary() const override {
    return "Scores every variant of every service by zero input, zero waiting and zero paper, with "
           "the shortest list of what blocks them.";
  }
  std::string_view examples() const override {
    return "kstati monitor zeros\n"
           "kstati monitor zeros --exceptions data/monitoring/zeros.yaml --below 3 --format json";
  }

  void Declare(Options& options) override {
    options.Text("--service", "SERVICE", service_, "of this service alone", Names::kService);
    options.Text("--exceptions", "FILE", exceptions_,
                 "what may stand in between without counting, as YAML; without it nothing may");
    options.Number("--below", "SCORE", below_, 1, cases::kZeroCount + 1,
                   "only those with a lower score");
    options.Text("--on", "DATE", on_, "by the regulations of this day; without it today's");
    connection_.DeclareLocal(options);
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    Date day = LocalDate(SystemClock().Now(), config.Text("time.zone"));
    if (!on_.empty()) {
      KSTATI_TRY(day, Date::Parse(on_));
    }
    KSTATI_TRY(const auto loaded, LoadCatalogueOf(config));
    KSTATI_TRY(const cases::ZeroExceptions exceptions, ReadExceptions(*loaded));
    KSTATI_TRY_VOID(CheckService(*loaded));
    std::vector<Json> records;
    for (const VariantZeros& each : ZerosOfVariants(*loaded->program, exceptions, day)) {
      const bool wanted = service_.empty() || each.service->id.text() == service_;
      if (!wanted || each.zeros.score() >= below_) continue;
      records.push_back(JsonOf(each, exceptions.version));
    }
    output_.Print(terminal, records,
                  {{"service", "SERVICE"},
                   {"version", "VERSION"},
                   {"variant", "VARIANT"},
                   {"scenario", "SCENARIO"},
                   {"score", "OF 3"},
                   {"what_blocks", "WHAT BLOCKS ZERO"}});
    return kExitFine;
  }

 private:
  Result<cases::ZeroExceptions> ReadExceptions(const LoadedCatalogue& loaded) const {
    cases::ZeroExceptions exceptions;
    if (exceptions_.empty()) return exceptions;
    std::vector<Issue> issues;
    exceptions = cases::LoadZeroExceptions(exceptions_, issues);
    if (!issues.empty()) {
      return Fail(ErrorCode::kInvalidArgument, issues.front().text,
                  exceptions_ + ":" + std::to_string(issues.front().where.line),
                  "correct the exceptions");
    }
    for (const auto* attributes : {&exceptions.input, &exceptions.paper}) {
      for (const AttributeId& id : *attributes) {
        if (loaded.dictionary.Find(id) != nullptr) continue;
        return Fail(ErrorCode::kInvalidArgument, "there is no attribute " + id.text(), exceptions_,
                    "the catalogue's folder attributes has them");
      }
    }
    return exceptions;
  }

  Result<void> CheckService(const LoadedCatalogue& loaded) const {
    const bool known = service_.empty() || loaded.catalogue.FindService(ServiceId(service_));
    if (known) return {};
    return Fail(ErrorCode::kNotFound, "there is no such service", service_,
                "the catalogue's folder services has a file for each");
  }

  std::string service_;
  std::string exceptions_;
  std::string on_;
  int64_t below_ = cases::kZeroCount + 1;
  Connection connection_;
  Output output_;
};

}  // namespace

void AddMonitorZeros(CommandList& commands) {
  commands.push_back(std::make_unique<MonitorZeros>());
}

}  // namespace kstati::cli
