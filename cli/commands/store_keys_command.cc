// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/progress.h"
#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/connection.h"
#include "cli/output.h"
#include "cli/store_opening.h"
#include "profile/key_rotation.h"

namespace kstati::cli {
namespace {

class StoreRotateKey final : public Command {
 public:
  std::string_view path() const override { return "store rotate-key"; }
  std::string_view summary() const override {
    return "Adds a master key and seals every person's key with it; what is sealed with those "
           "stays as it is. With the server stopped; repeated after an interruption, it goes on.";
  }
  std::string_view examples() const override {
    return "kstati store rotate-key key-2\n"
           "kstati store rotate-key key-2026-11 --data var/store";
  }

  void Declare(Options& options) override {
    options.Argument("NAME", name_, "name of the new master key; that of the newest one goes on");
    connection_.DeclareLocal(options);
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    KSTATI_TRY(const StorePlace place, StorePlace::Configured(config));
    KSTATI_TRY_VOID(RequireExisting(place));
    KSTATI_TRY(const auto ledger_key, OpenLedgerKey(config));
    // Opened first, so that a running server keeps its keys.
    KSTATI_TRY(const auto engine, OpenEngine(config, place, &ledger_key, WitnessFile(config)));
    const profile::MasterKeyPlace kept = MasterKeys(config);
    KSTATI_TRY(const std::string current, profile::CurrentMasterKey(kept));
    if (current != name_) KSTATI_TRY_VOID(profile::AddMasterKey(kept, name_));
    KSTATI_TRY(auto sealer, profile::OpenMasterKeyFile(kept));
    const profile::CitizenKeys keys(std::move(sealer));
    Progress progress("keys of persons", 0);
    KSTATI_TRY(const profile::RotatedKeys rotated,
               profile::RotateKeys(*engine, keys, SystemClock().Now(),
                                   [&progress] { progress.Advance(); }));
    output_.Print(terminal,
                  {{"master_key", name_},
                   {"citizens", rotated.citizens},
                   {"sealed", rotated.sealed},
                   {"file", kept.file}},
                  std::to_string(rotated.sealed) + " keys sealed with " + name_ + ", all " +
                      std::to_string(rotated.citizens) + " are; earlier lines of " + kept.file +
                      " open backups only: keep them elsewhere as long as you keep these\n");
    return kExitFine;
  }

 private:
  std::string name_;
  Connection connection_;
  Output output_;
};

}  // namespace

void AddStoreKeys(CommandList& commands) { commands.push_back(std::make_unique<StoreRotateKey>()); }

}  // namespace kstati::cli
