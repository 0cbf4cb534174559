// SPDX-License-Identifier: Apache-2.0
#include "cli/system.h"

#include <algorithm>
#include <filesystem>

#include "eligibility/known_attributes.h"
#include "profile/engines/engine.h"
#include "profile/ledger/key_file.h"

namespace kstati::cli {
namespace {

Result<void> RequireClean(const std::vector<Issue>& issues, const std::string& what,
                          const std::string& folder) {
  const auto errors = std::count_if(issues.begin(), issues.end(), [](const Issue& issue) {
    return issue.severity == Severity::kError;
  });
  if (errors == 0) return {};
  return Fail(
      ErrorCode::kInvalidArgument,
      "the " + what + " has " + std::to_string(errors) + (errors == 1 ? " error" : " errors"),
      folder, "`kstati check " + folder + "` shows each with its line");
}

// The file that a setting names; when it names none, the one beside the store's folder. Not in it,
// so that a copy of the folder does not open itself.
std::string FileOf(const Config& config, std::string_view setting, std::string_view ending) {
  const std::string& configured = config.Text(setting);
  if (!configured.empty()) return configured;
  std::filesystem::path folder = config.Text("store.folder");
  if (!folder.has_filename()) folder = folder.parent_path();
  return folder.string().append(ending);
}

// A store that holds nobody yet gets a new key; another is opened with its own only.
Result<std::unique_ptr<profile::KeySealer>> OpenKeys(const Config& config,
                                                     const profile::Engine& engine) {
  bool inhabited = false;
  KSTATI_TRY_VOID(engine.Sweep(CitizenId(), profile::kLastCitizen, [&](const profile::RowView&) {
    inhabited = true;
    return false;
  }));
  const std::string file = FileOf(config, "store.master_keys", ".keys");
  if (inhabited) return profile::OpenMasterKeyFile(file);
  return profile::OpenOrMakeMasterKeyFile(file);
}

// A ledger that nobody has seen yet gets a new key.
Result<profile::ledger::SigningKey> OpenLedgerKey(const Config& config,
                                                  const std::string& witness) {
  const std::string file = FileOf(config, "ledger.key_file", ".ledger");
  if (!std::filesystem::exists(file) && !std::filesystem::exists(witness)) {
    KSTATI_TRY(const auto key, profile::ledger::SigningKey::Generate("kstati.ledger"));
    KSTATI_TRY_VOID(profile::ledger::WriteKeyFiles(key, file));
  }
  return profile::ledger::ReadKeyFile(file);
}

}  // namespace

std::string_view ProgramVersion() { return KSTATI_VERSION; }

std::unique_ptr<LoadedCatalogue> LoadedCatalogue::Load(const std::string& folder,
                                                       std::vector<Issue>& issues) {
  auto loaded = std::make_unique<LoadedCatalogue>();
  loaded->dictionary = profile::LoadDictionary(folder, issues);
  loaded->catalogue =
      graph::LoadCatalogue(folder, eligibility::KnownAttributesOf(loaded->dictionary), issues);
  loaded->program =
      std::make_unique<eligibility::Program>(loaded->catalogue, loaded->dictionary, issues);
  return loaded;
}

Result<void> System::OpenStore(const Config& config, StoreUse use) {
  const std::string& folder = config.Text("store.folder");
  if (use == StoreUse::kExisting && !std::filesystem::exists(folder)) {
    return Fail(ErrorCode::kNotFound, "there is no store", folder,
                "name its folder with --data; `kstati event ingest` and `kstati serve` make one");
  }
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (problem) {
    return Fail(ErrorCode::kUnavailable, "the store's folder cannot be made", folder,
                "check the rights of the folder above");
  }
  profile::RocksDbOptions options;
  options.folder = folder;
  options.block_cache_bytes = static_cast<size_t>(config.Number("store.block_cache_mib")) << 20;
  options.witness_file = FileOf(config, "ledger.witness_file", ".witness");
  KSTATI_TRY(auto ledger_key, OpenLedgerKey(config, options.witness_file));
  ledger_key_ = std::make_unique<profile::ledger::SigningKey>(std::move(ledger_key));
  options.signer = ledger_key_.get();
  KSTATI_TRY(auto engine, profile::OpenRocksDb(options));
  KSTATI_TRY(auto keys, OpenKeys(config, *engine));
  store_ = std::make_unique<profile::Store>(std::move(engine), std::move(keys));
  return {};
}

void System::Assemble(const Config& config, const Clock* clock) {
  world_.program = loaded_->program.get();
  world_.store = store_.get();
  world_.clock = clock == nullptr ? &system_clock_ : clock;
  world_.time_zone = config.Text("time.zone");
  desk_ = std::make_unique<cases::Desk>(world_, ranker_);
  handler_ = HandlerFor(everybody_);
}

std::shared_ptr<rpc::KstatiIf> System::HandlerFor(const thrift::AccessList& access) const {
  return std::make_shared<thrift::Handler>(thrift::HandlerParts{
      world_, *desk_, ranker_, messages_, access, std::string(ProgramVersion())});
}

Result<std::unique_ptr<System>> System::Open(const Config& config, StoreUse use,
                                             const Clock* clock) {
  if (!ZoneExists(config.Text("time.zone"))) {
    return Fail(ErrorCode::kInvalidArgument, "there is no such time zone",
                "time.zone (" + config.source("time.zone") + ")",
                "name a zone of the system's database, for example Europe/Moscow");
  }
  std::unique_ptr<System> system(new System);
  std::vector<Issue> issues;
  const std::string& folder = config.Text("catalogue.folder");
  system->loaded_ = LoadedCatalogue::Load(folder, issues);
  KSTATI_TRY_VOID(RequireClean(issues, "catalogue", folder));
  issues.clear();
  system->messages_ = Messages::Load(config.Text("messages.folder"), issues);
  KSTATI_TRY_VOID(RequireClean(issues, "messages folder", config.Text("messages.folder")));
  KSTATI_TRY(system->ranker_, recommender::Ranker::Load(config.Text("model.folder")));
  KSTATI_TRY_VOID(system->OpenStore(config, use));
  system->Assemble(config, clock);
  return system;
}

}  // namespace kstati::cli
