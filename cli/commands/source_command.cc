// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"
#include "cli/commands/citizen_command.h"
#include "cli/commands/commands.h"
#include "cli/json_forms.h"

namespace kstati::cli {
namespace {

const std::vector<Column> kAskedColumns{
    {"source", "SOURCE"}, {"state", "STATE"}, {"facts", "FACTS"}, {"text", "IN WORDS"}};

class SourceList final : public Command {
 public:
  std::string_view path() const override { return "source list"; }
  std::string_view summary() const override {
    return "Lists the sources that are asked for missing facts, and what each has.";
  }
  std::string_view examples() const override {
    return "kstati source list\n"
           "kstati source list --server 127.0.0.1:9090 --format json";
  }

  void Declare(Options& options) override {
    connection_.Declare(options);
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    KSTATI_TRY(rpc::KstatiIf* const kstati, connection_.Open());
    std::vector<rpc::SourceSummary> sources;
    kstati->sources(sources, connection_.context());
    output_.Print(terminal, AllToJson(sources),
                  {{"source", "SOURCE"},
                   {"registry", "REGISTRY"},
                   {"way", "WAY"},
                   {"latency_ms", "LATENCY MS"},
                   {"cache_seconds", "STANDS S"},
                   {"facts", "FACTS"},
                   {"rests_because", "RESTS BECAUSE"}});
    return kExitFine;
  }

 private:
  Connection connection_;
  Output output_;
};

class SourceAsk final : public CitizenCommand {
 public:
  SourceAsk() : CitizenCommand({.sources = true}) {}

  std::string_view path() const override { return "source ask"; }
  std::string_view summary() const override {
    return "Asks the sources about a citizen and records what they say; the citizen is told.";
  }
  std::string_view examples() const override {
    return "kstati source ask 17 --reason \"request 4711\" --data var/store\n"
           "kstati source ask 17 --attribute person.employed --reason \"request 4711\" --server "
           "127.0.0.1:9090";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.RequiredText("--reason", "REASON", reason_, "why they are asked; the citizen reads it");
    options.Texts("--attribute", "ATTRIBUTE", attributes_,
                  "what to ask for; may be given again; without it all that sources have");
  }

  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    rpc::CallContext explained = context;
    explained.__set_reason(reason_);
    std::vector<rpc::AskedSource> asked;
    kstati.askSources(asked, explained, citizen(), attributes_);
    output().Print(terminal, AllToJson(asked), kAskedColumns);
    return kExitFine;
  }

  std::string reason_;
  std::vector<std::string> attributes_;
};

}  // namespace

void AddSource(CommandList& commands) {
  commands.push_back(std::make_unique<SourceList>());
  commands.push_back(std::make_unique<SourceAsk>());
}

}  // namespace kstati::cli
