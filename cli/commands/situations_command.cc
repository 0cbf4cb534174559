// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"
#include "cli/commands/citizen_command.h"
#include "cli/commands/commands.h"
#include "cli/json_forms.h"

namespace kstati::cli {
namespace {

class SituationsCommand final : public CitizenCommand {
 public:
  SituationsCommand() : CitizenCommand({.valid_at = true, .known_at = true}) {}

  std::string_view path() const override { return "situations"; }
  std::string_view summary() const override {
    return "Lists the life situations of a citizen and how they became known.";
  }
  std::string_view examples() const override {
    return "kstati situations 17 --data var/store\n"
           "kstati situations 17 --server 127.0.0.1:9090 --format jsonl";
  }

 private:
  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    std::vector<rpc::SituationOfCitizen> situations;
    kstati.situations(situations, context, citizen());
    output().Print(terminal, AllToJson(situations),
                   {{"situation", "SITUATION"},
                    {"occurred_on", "OCCURRED"},
                    {"open_until", "UNTIL"},
                    {"about", "ABOUT"},
                    {"name", "NAME"},
                    {"life_event", "BECAUSE"}});
    return kExitFine;
  }
};

}  // namespace

void AddSituations(CommandList& commands) {
  commands.push_back(std::make_unique<SituationsCommand>());
}

}  // namespace kstati::cli
