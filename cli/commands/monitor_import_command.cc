// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <utility>

#include "base/clock.h"
#include "cases/monitoring/feedback.h"
#include "cli/command_line.h"
#include "cli/commands/log_command.h"
#include "cli/commands/monitor_commands.h"
#include "graph/course.h"

namespace kstati::cli {
namespace {

namespace monitoring = cases::monitoring;

class MonitorImport final : public RecordsCommand {
 public:
  std::string_view path() const override { return "monitor import"; }
  std::string_view summary() const override {
    return "Imports counts of complaints, calls for help, probes and survey answers, tied to "
           "services, variants and procedures.";
  }
  std::string_view examples() const override {
    return "kstati monitor import complaints.csv --by \"quality office\" --data var/store\n"
           "kstati monitor report --by variant --data var/store";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Argument("FILE", file_,
                     "CSV with the columns day, what and count, and any of service, variant, "
                     "procedure, authority, channel, score");
    options.RequiredText("--by", "NAME", by_, "who imports it");
  }

  Result<int> Answer(const Terminal& terminal) override {
    KSTATI_TRY(const auto loaded, LoadCatalogueOf(config()));
    KSTATI_TRY(const std::string text, ReadWhole(file_));
    const Result<std::vector<monitoring::Feedback>> feedback = monitoring::ReadFeedback(text);
    if (!feedback) return Fail(AtPlace(feedback.error(), file_));
    uint64_t times = 0;
    for (const monitoring::Feedback& each : *feedback) {
      KSTATI_TRY_VOID(CheckNames(each, loaded->catalogue));
      times += each.count;
    }
    KSTATI_TRY(const monitoring::Record record,
               monitoring::AppendRecord(records(), [&](const std::vector<monitoring::Record>& all) {
                 return monitoring::RecordOfFeedback(all, text, file_, by_, SystemClock().Now());
               }));
    output().Print(
        terminal, Json{{"record", record.number}, {"lines", feedback->size()}, {"count", times}},
        "record " + std::to_string(record.number) + ": " + std::to_string(feedback->size()) +
            " lines, " + std::to_string(times) + " times\n");
    return kExitFine;
  }

  Result<void> CheckNames(const monitoring::Feedback& each,
                          const graph::Catalogue& catalogue) const {
    const auto wrong = [&](const std::string& what, const std::string& name) {
      return Fail(ErrorCode::kInvalidArgument, "there is no " + what + " \"" + name + "\"", file_,
                  "use the catalogue's names, or leave the field empty");
    };
    const graph::Service* service = catalogue.FindService(ServiceId(each.service));
    if (!each.service.empty() && service == nullptr) return wrong("service", each.service);
    if (!each.variant.empty() && !HasVariant(service, each.variant)) {
      return wrong("variant of the service", each.variant);
    }
    const bool authority = each.authority.empty() || catalogue.FindAuthority(each.authority);
    if (!authority) return wrong("authority", each.authority);
    if (!each.procedure.empty() && !IsProcedure(each.procedure)) {
      return wrong("kind of procedure", each.procedure);
    }
    return {};
  }

  static bool IsProcedure(const std::string& name) {
    for (int number = 0; number <= static_cast<int>(graph::ProcedureKind::kResult); ++number) {
      if (NameOf(static_cast<graph::ProcedureKind>(number)) == name) return true;
    }
    return false;
  }

  static bool HasVariant(const graph::Service* service, const std::string& variant) {
    return service != nullptr && std::ranges::any_of(service->regulations, [&](const auto& one) {
             return std::ranges::find(one.variants, variant, &graph::Variant::id) !=
                    one.variants.end();
           });
  }

  std::string file_;
  std::string by_;
};

}  // namespace

void AddMonitorImport(CommandList& commands) {
  commands.push_back(std::make_unique<MonitorImport>());
}

}  // namespace kstati::cli
