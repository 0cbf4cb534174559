// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/connection.h"
#include "cli/doctor.h"
#include "cli/output.h"

namespace kstati::cli {
namespace {

class DoctorCommand final : public Command {
 public:
  std::string_view path() const override { return "doctor"; }
  std::string_view summary() const override {
    return "Looks at everything a server needs: one line per item, and what to do about it.";
  }
  std::string_view examples() const override {
    return "kstati doctor\n"
           "kstati doctor --config kstati.toml --format json";
  }

  void Declare(Options& options) override {
    connection_.DeclareLocal(options);
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    const std::vector<Finding> findings = Examine(config);
    std::vector<Json> records;
    for (const Finding& finding : findings) {
      records.push_back({{"item", finding.item},
                         {"health", NameOf(finding.health)},
                         {"state", finding.state},
                         {"advice", finding.advice}});
    }
    output_.Print(
        terminal, records,
        {{"item", "ITEM"}, {"health", "HEALTH"}, {"state", "STATE"}, {"advice", "ADVICE"}});
    const bool problem = std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
      return finding.health == Health::kProblem;
    });
    return problem ? kExitFoundProblems : kExitFine;
  }

 private:
  Connection connection_;
  Output output_;
};

}  // namespace

void AddDoctor(CommandList& commands) { commands.push_back(std::make_unique<DoctorCommand>()); }

}  // namespace kstati::cli
