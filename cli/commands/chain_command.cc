// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"
#include "cli/commands/citizen_command.h"
#include "cli/commands/commands.h"
#include "cli/json_forms.h"

namespace kstati::cli {
namespace {

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string Readable(const rpc::Chain& chain) {
  std::string text = chain.name + " [" + chain.situation + "]\n";
  size_t number = 0;
  for (const rpc::ChainStep& step : chain.steps) {
    text += std::to_string(++number) + ". " + step.start + " - " +
            (step.__isset.finish ? step.finish : "?") + "  " + step.name + " [" + step.service_id +
            "], " + NameOf(step.verdict) + ", about " + step.about + "\n";
    if (!step.after.empty()) text += "     after " + Joined(step.after) + "\n";
    if (!step.bring.empty()) text += "     bring " + Joined(step.bring) + "\n";
  }
  if (!chain.reached.empty()) text += "reached: " + Joined(chain.reached) + "\n";
  if (!chain.unreachable.empty()) text += "not reachable: " + Joined(chain.unreachable) + "\n";
  return text + "done by " + (chain.__isset.finish ? chain.finish : "an unknown day") + "\n";
}

class ChainCommand final : public CitizenCommand {
 public:
  ChainCommand() : CitizenCommand({.valid_at = true, .known_at = true}) {}

  std::string_view path() const override { return "chain"; }
  std::string_view summary() const override {
    return "Shows the ordered steps of a life situation for a citizen, with dates.";
  }
  std::string_view examples() const override {
    return "kstati chain 17 child_birth --data var/store\n"
           "kstati chain 17 child_birth --server 127.0.0.1:9090 --format json";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Argument("SITUATION", situation_, "id of the life situation", Names::kSituation);
    options.Text("--about", "NUMBER", about_, "whom it is about; without it the latest one");
  }

  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    rpc::Chain chain;
    kstati.chain(chain, context, citizen(), situation_, about_);
    output().Print(terminal, ToJson(chain), Readable(chain));
    return kExitFine;
  }

  std::string situation_;
  std::string about_;
};

}  // namespace

void AddChain(CommandList& commands) { commands.push_back(std::make_unique<ChainCommand>()); }

}  // namespace kstati::cli
