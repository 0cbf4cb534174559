// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/config.h"
#include "cli/connection.h"
#include "cli/help.h"
#include "cli/json_forms.h"
#include "cli/output.h"
#include "cli/system.h"

namespace kstati::cli {
namespace {

class VersionCommand final : public Command {
 public:
  std::string_view path() const override { return "version"; }
  std::string_view summary() const override {
    return "Prints the version of the program, or of a running server and its catalogue.";
  }
  std::string_view examples() const override {
    return "kstati version\n"
           "kstati version --server 127.0.0.1:9090 --format json";
  }

  void Declare(Options& options) override {
    connection_.DeclareRemote(options);
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    if (!connection_.is_remote()) {
      const std::string version(ProgramVersion());
      output_.Print(terminal, {{"version", version}}, "kstati " + version + "\n");
      return kExitFine;
    }
    KSTATI_TRY(rpc::KstatiIf* const kstati, connection_.Open());
    rpc::Status status;
    kstati->status(status, connection_.context());
    output_.Print(terminal, ToJson(status),
                  "kstati " + status.version + ", catalogue " + status.catalogue_version +
                      " with " + std::to_string(status.services) + " services and " +
                      std::to_string(status.situations) + " situations\n");
    return kExitFine;
  }

 private:
  Connection connection_;
  Output output_;
};

// Writes the pages of docs/reference that describe the program itself.
class ReferenceCommand final : public Command {
 public:
  std::string_view path() const override { return "__reference"; }
  std::string_view summary() const override { return "Writes a reference page."; }
  std::string_view examples() const override { return "kstati __reference cli"; }
  bool hidden() const override { return true; }
  void Declare(Options& options) override {
    options.Argument("PAGE", page_, "cli, configuration or kstati.toml");
  }
  Result<int> Run(const Terminal& terminal) override {
    if (page_ == "cli") {
      terminal.out << CommandReference(MakeCommands());
    } else if (page_ == "configuration") {
      terminal.out << ConfigurationReference();
    } else if (page_ == "kstati.toml") {
      terminal.out << DefaultFile();
    } else {
      return Fail(ErrorCode::kNotFound, "there is no such page", page_,
                  "the pages are cli, configuration and kstati.toml");
    }
    return kExitFine;
  }

 private:
  std::string page_;
};

}  // namespace

void AddVersion(CommandList& commands) {
  commands.push_back(std::make_unique<VersionCommand>());
  commands.push_back(std::make_unique<ReferenceCommand>());
}

}  // namespace kstati::cli
