// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"
#include "cli/commands/citizen_command.h"
#include "cli/commands/commands.h"
#include "cli/json_forms.h"

namespace kstati::cli {
namespace {

class SuggestCommand final : public CitizenCommand {
 public:
  SuggestCommand()
      : CitizenCommand({.valid_at = true, .known_at = true, .values = true, .sources = true}) {}

  std::string_view path() const override { return "suggest"; }
  std::string_view summary() const override {
    return "Shows the services a citizen is or may be entitled to, best first, with reasons.";
  }
  std::string_view examples() const override {
    return "kstati suggest 000000000017 --data var/store\n"
           "kstati suggest 17 --server 127.0.0.1:9090 --limit 3 --format json";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Number("--limit", "COUNT", limit_, 1, 100, "how many services");
  }

  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    rpc::SuggestResult result;
    kstati.suggest(result, context, citizen(), static_cast<int32_t>(limit_));
    std::vector<Json> records = AllToJson(result.suggestions);
    for (Json& record : records) {
      record["why"] = record["reasons"].empty() ? Json("") : record["reasons"][0]["text"];
    }
    output().Print(terminal, records,
                   {{"service_id", "SERVICE"},
                    {"verdict", "VERDICT"},
                    {"mode", "MODE"},
                    {"situation", "SITUATION"},
                    {"name", "NAME"},
                    {"why", "WHY"}});
    terminal.err << Readable(result.sources);
    return kExitFine;
  }

  int64_t limit_ = 10;
};

}  // namespace

void AddSuggest(CommandList& commands) { commands.push_back(std::make_unique<SuggestCommand>()); }

}  // namespace kstati::cli
