// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "base/log.h"
#include "base/small_groups.h"
#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/commands/model_data.h"
#include "cli/connection.h"
#include "cli/output.h"
#include "recommender/evaluation/group_recall.h"

namespace kstati::cli {
namespace {

namespace evaluation = recommender::evaluation;

std::string ThreeDigits(double share) {
  char text[16];
  std::snprintf(text, sizeof text, "%.3f", share);
  return text;
}

Json RecordOf(const std::string& by, const std::string& group, const evaluation::Recall& recall) {
  return {{"by", by},
          {"group", group},
          {"people", recall.people},
          {"taken", recall.taken},
          {"recall_at_5", ThreeDigits(recall.share.value)},
          {"low", ThreeDigits(recall.share.low)},
          {"high", ThreeDigits(recall.share.high)}};
}

class ModelGroupsCommand final : public Command {
 public:
  std::string_view path() const override { return "model groups"; }
  std::string_view summary() const override {
    return "Sets groups of people side by side: how much of what they took up a stored model shows "
           "among its first five, with intervals over people; on people whom it has not seen, "
           "nothing "
           "of groups under 10.";
  }
  std::string_view examples() const override {
    return "kstati model groups 8c1f0d2e5b7a9364 --data var/store";
  }

  void Declare(Options& options) override {
    options.Argument("VERSION", version_, "which model; `kstati model info` lists them");
    connection_.DeclareLocal(options);
    options.Text("--model", "DIR", folder_, "folder of the models, instead of the configured one");
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    log::SetLevel(log::Level::kError);
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    const std::string folder = folder_.empty() ? config.Text("model.folder") : folder_;
    KSTATI_TRY(const auto system, System::Open(config, StoreUse::kExisting));
    KSTATI_TRY(const auto interactions, ReadInteractions(*system));
    KSTATI_TRY(const auto found,
               evaluation::RecallByGroup(recommender::StoredModels(folder), version_, interactions,
                                         HouseholdsOf(*system), system->world().catalogue(), {}));
    std::vector<Json> records;
    for (const auto& [by, groups] : found.groups) {
      for (const auto& [group, recall] : TellableGroups(groups)) {
        records.push_back(RecordOf(by, group, recall));
      }
    }
    if (found.all.people >= kLeastGroup) records.push_back(RecordOf("all", "", found.all));
    output_.Print(terminal, records,
                  {{"by", "BY"},
                   {"group", "GROUP"},
                   {"people", "PEOPLE"},
                   {"taken", "TAKEN UP"},
                   {"recall_at_5", "IN THE FIRST 5"},
                   {"low", "FROM"},
                   {"high", "TO"}});
    return kExitFine;
  }

 private:
  Connection connection_;
  Output output_;
  std::string folder_;
  std::string version_;
};

}  // namespace

void AddModelGroups(CommandList& commands) {
  commands.push_back(std::make_unique<ModelGroupsCommand>());
}

}  // namespace kstati::cli
