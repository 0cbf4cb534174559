// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"
#include "cli/commands/citizen_command.h"
#include "cli/commands/commands.h"
#include "cli/json_forms.h"

namespace kstati::cli {
namespace {

constexpr int32_t kEntriesAtOnce = 1'000;

class LedgerShow final : public CitizenCommand {
 public:
  std::string_view path() const override { return "ledger show"; }
  std::string_view summary() const override {
    return "Lists in words what was done with a citizen's data and about the citizen, and by whom.";
  }
  std::string_view examples() const override {
    return "kstati ledger show 17 --data var/store\n"
           "kstati ledger show 17 --others --server 127.0.0.1:9090 --format jsonl";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Flag("--others", others_, "leaves out what the citizen did");
  }

  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    std::vector<rpc::UseOfData> uses;
    for (int64_t after = 0;;) {
      std::vector<rpc::UseOfData> page;
      kstati.usesOfData(page, context, citizen(), after, kEntriesAtOnce);
      for (rpc::UseOfData& use : page) {
        after = use.number;
        if (!others_ || !use.own) uses.push_back(std::move(use));
      }
      if (page.size() < static_cast<size_t>(kEntriesAtOnce)) break;
    }
    output().Print(terminal, AllToJson(uses),
                   {{"number", "NUMBER"},
                    {"at", "WHEN"},
                    {"who", "WHO"},
                    {"what", "WHAT"},
                    {"basis", "BASIS"},
                    {"reason", "REASON"}});
    return kExitFine;
  }

  bool others_ = false;
};

}  // namespace

void AddLedgerShow(CommandList& commands) { commands.push_back(std::make_unique<LedgerShow>()); }

}  // namespace kstati::cli
