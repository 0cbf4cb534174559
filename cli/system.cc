// SPDX-License-Identifier: Apache-2.0
#include "cli/system.h"

#include <algorithm>
#include <filesystem>

#include "base/log.h"
#include "cli/model_fit.h"
#include "cli/source_opening.h"
#include "cli/store_opening.h"
#include "eligibility/known_attributes.h"
#include "profile/engines/engine.h"
#include "recommender/stored_models.h"

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

// The folder above is made too, since keys and witness lie there.
Result<void> MakeFolder(const std::string& folder) {
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (!problem) return {};
  return Fail(ErrorCode::kUnavailable, "the store's folder cannot be made", folder,
              "check the rights of the folder above");
}

// A model only orders what people are shown, so one that does not load keeps nobody from their
// rights, nor from training another: the catalogue's priorities order then, and whoever looks at
// the log, at `doctor` or at `model info` learns why.
template <class Model>
std::optional<Model> Loaded(Result<Model> model) {
  if (model) return std::move(*model);
  const Error& error = model.error();
  log::Failure("model_refused", {{"code", std::string(KindOf(error.code).name)},
                                 {"message", error.message},
                                 {"place", error.place}});
  return std::nullopt;
}

std::optional<recommender::Ranker> LoadRanker(const std::string& folder) {
  return Loaded(recommender::Ranker::Load(folder));
}

}  // namespace

std::string_view ProgramVersion() { return KSTATI_VERSION; }

std::unique_ptr<LoadedCatalogue> LoadedCatalogue::Load(const std::string& folder,
                                                       std::vector<Issue>& issues) {
  auto loaded = std::make_unique<LoadedCatalogue>();
  loaded->dictionary = profile::LoadDictionary(folder, issues);
  loaded->catalogue = graph::LoadCatalogue(
      folder, eligibility::KnownAttributesOf(loaded->dictionary), issues, loaded->courses);
  loaded->validities = std::make_shared<const graph::Validities>(
      graph::LoadValidities(folder, loaded->catalogue, issues));
  loaded->calendars = std::make_shared<const graph::Calendars>(
      graph::LoadCalendars(folder, loaded->catalogue, issues));
  loaded->exclusions = std::make_shared<const std::vector<graph::Exclusion>>(
      graph::LoadExclusions(folder, loaded->catalogue, issues));
  loaded->program =
      std::make_unique<eligibility::Program>(loaded->catalogue, loaded->dictionary, issues);
  return loaded;
}

Result<void> System::OpenModels(const Config& config) {
  const std::string& folder = config.Text("model.folder");
  if (auto ranker = LoadRanker(folder)) ranker_.Put(*std::move(ranker));
  const std::string& estimates = config.Text("model.inference");
  if (!estimates.empty()) {
    inference_ = Loaded(recommender::inference::InferenceModel::Read(estimates));
  }
  TellOfOtherEstimates(folder);
  const std::string& version = config.Text("model.shadow");
  if (version.empty()) return {};
  const recommender::StoredModels models(folder);
  KSTATI_TRY_VOID(models.Find(version));
  shadow_ = LoadRanker(models.FolderOf(version));
  return {};
}

// The active model goes on ordering: it is worse by what the estimates told it, and by no more.
void System::TellOfOtherEstimates(const std::string& folder) const {
  const auto active =
      recommender::StoredModels(folder).Find(ranker_.Get()->ranked_by().model_version);
  if (!active) return;
  const auto same = RequireSameEstimates(*active, DigestOf(inference()));
  if (same) return;
  log::Failure("other_estimates", {{"code", std::string(KindOf(same.error().code).name)},
                                   {"message", same.error().message},
                                   {"place", same.error().place},
                                   {"remedy", same.error().remedy}});
}

// A trial that cannot be read is none: the active model serves its people.
void System::OpenTrials(const Config& config) {
  trials_.emplace(config.Text("model.folder"), ranker_);
  const auto taken_up = trials_->Step(world_.Today());
  if (taken_up) return;
  const Error& error = taken_up.error();
  log::Failure("trials_refused", {{"code", std::string(KindOf(error.code).name)},
                                  {"message", error.message},
                                  {"place", error.place},
                                  {"remedy", error.remedy}});
}

Result<void> System::OpenStore(const Config& config, StoreUse use) {
  KSTATI_TRY(const StorePlace place, StorePlace::Configured(config));
  const std::string& folder = config.Text("store.folder");
  const bool in_folder = place.kind == StorePlace::Kind::kRocksDb;
  if (in_folder && use == StoreUse::kExisting && !std::filesystem::exists(folder)) {
    return Fail(ErrorCode::kNotFound, "there is no store", folder,
                "name its folder with --data; `kstati event ingest` and `kstati serve` make one");
  }
  const std::filesystem::path beside = std::filesystem::path(folder).parent_path();
  if (in_folder || !beside.empty()) {
    KSTATI_TRY_VOID(MakeFolder(in_folder ? folder : beside.string()));
  }
  KSTATI_TRY(auto ledger_key, OpenLedgerKey(config));
  ledger_key_ = std::make_unique<profile::ledger::SigningKey>(std::move(ledger_key));
  KSTATI_TRY(auto engine, OpenEngine(config, place, ledger_key_.get(), WitnessFile(config)));
  KSTATI_TRY(auto keys, OpenKeys(config, *engine));
  store_ = std::make_unique<profile::Store>(std::move(engine), std::move(keys));
  KSTATI_TRY_VOID(store_->TakeUpSpread(SystemClock().Now()));
  auto erasures = std::make_unique<profile::ErasureList>(ErasuresFile(config));
  KSTATI_TRY_VOID(store_->HonourErasures(std::move(erasures), SystemClock().Now()));
  return {};
}

void System::Assemble(const Config& config, const Clock* clock,
                      std::vector<std::unique_ptr<sources::FactSource>> sources) {
  world_.program = loaded_->program.get();
  world_.courses = &loaded_->courses;
  world_.validities = loaded_->validities;
  world_.calendars = loaded_->calendars;
  world_.exclusions = loaded_->exclusions;
  world_.store = store_.get();
  world_.clock = clock == nullptr ? &system_clock_ : clock;
  world_.time_zone = config.Text("time.zone");
  cases::FollowEvents(world_);
  uses_ = std::make_unique<profile::AccessLog>(*store_, *world_.clock);
  gatherer_ = std::make_unique<sources::Gatherer>(std::move(sources), *world_.clock,
                                                  GathererOptions(config));
  cases::Inquiries::Options inquiries;
  inquiries.workers = static_cast<size_t>(config.Number("sources.workers"));
  inquiries_ = std::make_unique<cases::Inquiries>(world_, *uses_, *gatherer_, inquiries);
  wait_for_sources_ = std::chrono::milliseconds(config.Number("sources.wait_ms"));
  cases::Desk::Trials trials;
  trials.exploration_places = static_cast<size_t>(config.Number("suggest.exploration_places"));
  trials.shadow = shadow_ ? &*shadow_ : nullptr;
  trials.inference = inference();
  desk_ = std::make_unique<cases::Desk>(world_, ranker_, trials);
  handler_ = HandlerFor(everybody_);
}

std::shared_ptr<rpc::KstatiIf> System::HandlerFor(const thrift::AccessList& access,
                                                  const std::string& backups) const {
  return std::make_shared<thrift::Handler>(
      thrift::HandlerParts{world_, *desk_, ranker_, messages_, access, *uses_,
                           ledger_key_->public_key(), std::string(ProgramVersion()),
                           inquiries_.get(), wait_for_sources_, backups, ledger_key_.get()});
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
  KSTATI_TRY(auto sources, OpenSources(config, system->loaded_->dictionary));
  KSTATI_TRY_VOID(system->OpenModels(config));
  KSTATI_TRY_VOID(system->OpenStore(config, use));
  system->Assemble(config, clock, std::move(sources));
  system->OpenTrials(config);
  return system;
}

}  // namespace kstati::cli
