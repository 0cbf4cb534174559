// SPDX-License-Identifier: Apache-2.0
#include "recommender/stored_models.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <tuple>

#include "recommender/features.h"
#include "recommender/internal/digest.h"
#include "recommender/internal/durable_files.h"
#include "recommender/internal/model_folder.h"

namespace kstati::recommender {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int kFormat = 1;
constexpr const char* kActivationsFile = "activations.json";
constexpr const char* kStoredFolder = "stored";
constexpr const char* kRecordFile = "model.json";

tl::unexpected<Error> FailCorrupt(const char* message, const fs::path& place) {
  return Fail(ErrorCode::kCorrupt, message, place.string(),
              "restore the folder of models from a copy");
}

using internal::IsVersion;

// Records of earlier versions have a number without an interval.
evaluation::Estimate ReadEstimate(const json& estimate) {
  if (estimate.is_number()) {
    const auto value = estimate.get<double>();
    return {value, value, value};
  }
  return {estimate.at("value").get<double>(), estimate.at("low").get<double>(),
          estimate.at("high").get<double>()};
}

evaluation::RankingQuality ReadQuality(const json& quality) {
  evaluation::RankingQuality read;
  read.ndcg_at_5 = ReadEstimate(quality.at("ndcg_at_5"));
  read.hit_rate_at_1 = ReadEstimate(quality.at("hit_rate_at_1"));
  read.log_loss = ReadEstimate(quality.at("log_loss"));
  read.calibration_error = quality.value("calibration_error", 0.0);
  for (const json& bin : quality.value("reliability", json::array())) {
    read.reliability.push_back({bin.at("rows").get<size_t>(), bin.at("forecast").get<double>(),
                                bin.at("happened").get<double>()});
  }
  return read;
}

std::optional<evaluation::RankingGain> ReadGain(const json& quality) {
  if (!quality.contains("gain")) return std::nullopt;
  const json& gain = quality.at("gain");
  return evaluation::RankingGain{ReadEstimate(gain.at("ndcg_at_5")),
                                 ReadEstimate(gain.at("hit_rate_at_1")),
                                 ReadEstimate(gain.at("log_loss"))};
}

// Records before data were noted have none.
Result<DataStamp> ReadStamp(const json& record) {
  DataStamp stamp;
  if (!record.contains("data")) return stamp;
  const json& data = record.at("data");
  stamp.fingerprint = data.at("fingerprint").get<std::string>();
  stamp.interactions = data.at("interactions").get<size_t>();
  KSTATI_TRY(stamp.first, Date::Parse(data.at("first").get<std::string>()));
  KSTATI_TRY(stamp.last, Date::Parse(data.at("last").get<std::string>()));
  return stamp;
}

Result<StoredModel> ReadStored(const json& record) {
  StoredModel stored;
  stored.version = record.at("version").get<std::string>();
  stored.feature_schema = record.at("feature_schema").get<std::string>();
  stored.fits = stored.feature_schema == internal::Hexadecimal(FeatureSchema()) &&
                record.at("format").get<int>() == internal::kModelFormat;
  if (record.contains("trained_at")) {
    KSTATI_TRY(stored.trained_at, Instant::Parse(record.at("trained_at").get<std::string>()));
  }
  KSTATI_TRY(stored.data, ReadStamp(record));
  if (record.contains("inference")) stored.inference = record.at("inference").get<std::string>();
  stored.seed = record.at("options").at("seed").get<uint64_t>();
  stored.held_out_share = record.at("options").at("held_out_share").get<double>();
  stored.held_out_groups = record.at("trained").at("held_out_groups").get<size_t>();
  stored.stage = record.value("stage", "model");
  if (stored.stage != "model") return stored;
  stored.model = ReadQuality(record.at("quality").at("model"));
  stored.popularity = ReadQuality(record.at("quality").at("popularity"));
  stored.gain = ReadGain(record.at("quality"));
  return stored;
}

Result<StoredModel> ReadRecord(const fs::path& path) {
  KSTATI_TRY(const auto bytes, internal::ReadFile(path));
  if (!bytes) return FailCorrupt("the record of a stored model is missing", path);
  try {
    auto stored = ReadStored(json::parse(*bytes));
    if (!stored) return FailCorrupt("the record of a stored model cannot be read", path);
    return stored;
  } catch (const json::exception&) {
    return FailCorrupt("the record of a stored model cannot be read", path);
  }
}

Result<Activation> ReadActivation(const json& entry) {
  Activation activation;
  activation.version = entry.at("version").get<std::string>();
  KSTATI_TRY(activation.at, Instant::Parse(entry.at("at").get<std::string>()));
  activation.by = entry.at("by").get<std::string>();
  activation.reason = entry.at("reason").get<std::string>();
  activation.is_rollback = entry.at("is_rollback").get<bool>();
  return activation;
}

Result<std::vector<Activation>> ReadActivations(const fs::path& path) {
  KSTATI_TRY(const auto bytes, internal::ReadFile(path));
  std::vector<Activation> activations;
  if (!bytes) return activations;
  try {
    const json file = json::parse(*bytes);
    if (file.at("format").get<int>() != kFormat) {
      return Fail(ErrorCode::kUnsupported, "the activations have an unknown format", path.string(),
                  "use the version of kstati that wrote them, or a newer one");
    }
    for (const json& entry : file.at("activations")) {
      auto activation = ReadActivation(entry);
      const bool sound =
          activation && (activation->version.empty() || IsVersion(activation->version));
      if (!sound) return FailCorrupt("an activation cannot be read", path);
      activations.push_back(*std::move(activation));
    }
  } catch (const json::exception&) {
    return FailCorrupt("the activations cannot be read", path);
  }
  return activations;
}

// A rollback takes back the latest of what stands, and all down to what it made active.
std::vector<std::string> StandingOf(const std::vector<Activation>& activations) {
  std::vector<std::string> standing;
  for (const Activation& each : activations) {
    if (!each.is_rollback) {
      standing.push_back(each.version);
      continue;
    }
    if (!standing.empty()) standing.pop_back();
    while (!standing.empty() && standing.back() != each.version) standing.pop_back();
  }
  return standing;
}

tl::unexpected<Error> FailNothingActive(const std::string& folder) {
  return Fail(ErrorCode::kNotFound, "no activation stands", folder,
              "`kstati model activate` activates a model");
}

tl::unexpected<Error> FailUnknown(const std::string& version) {
  return Fail(ErrorCode::kNotFound, "no such model is stored", version,
              "`kstati model info` lists what is stored");
}

}  // namespace

bool IsWorseThanPopularity(const StoredModel& model) {
  return model.gain && model.gain->ndcg_at_5.high < 0;
}

std::string StoredModels::FolderOf(const std::string& version) const {
  return (fs::path(folder_) / kStoredFolder / version).string();
}

Result<TrainReport> StoredModels::Train(const std::vector<Interaction>& interactions,
                                        const LoadHouseholdOn& load,
                                        const graph::Catalogue& catalogue,
                                        const TrainOptions& options) const {
  const fs::path stored = fs::path(folder_) / kStoredFolder;
  std::error_code error;
  fs::create_directories(stored, error);
  if (error) return internal::FailUnavailable("make a folder for models", stored);
  const fs::path fresh = stored / (".training-" + std::to_string(getpid()));
  KSTATI_TRY(const TrainReport report,
             recommender::Train(interactions, load, catalogue, options, fresh.string()));
  KSTATI_TRY_VOID(internal::PutInPlace(fresh, FolderOf(report.version)));
  internal::SyncFolder(stored);
  return report;
}

Result<std::vector<StoredModel>> StoredModels::All() const {
  std::vector<StoredModel> models;
  std::error_code error;
  for (const fs::directory_entry& entry :
       fs::directory_iterator(fs::path(folder_) / kStoredFolder, error)) {
    if (!IsVersion(entry.path().filename().string())) continue;
    KSTATI_TRY(StoredModel model, ReadRecord(entry.path() / kRecordFile));
    models.push_back(std::move(model));
  }
  std::ranges::sort(models, [](const StoredModel& a, const StoredModel& b) {
    return std::tie(a.trained_at, a.version) < std::tie(b.trained_at, b.version);
  });
  return models;
}

Result<StoredModel> StoredModels::Find(const std::string& version) const {
  std::error_code error;
  if (!IsVersion(version) || !fs::exists(FolderOf(version), error)) return FailUnknown(version);
  return ReadRecord(fs::path(FolderOf(version)) / kRecordFile);
}

Result<std::vector<Activation>> StoredModels::Activations() const {
  return ReadActivations(fs::path(folder_) / kActivationsFile);
}

Result<void> StoredModels::RequireLoadable(const std::string& version) const {
  KSTATI_TRY_VOID(Find(version));
  KSTATI_TRY_VOID(Ranker::Load(FolderOf(version)));
  return {};
}

Result<void> StoredModels::Append(std::vector<Activation> activations,
                                  const Activation& next) const {
  activations.push_back(next);
  json entries = json::array();
  for (const Activation& each : activations) {
    entries.push_back({{"version", each.version},
                       {"at", each.at.ToString()},
                       {"by", each.by},
                       {"reason", each.reason},
                       {"is_rollback", each.is_rollback}});
  }
  const json file{{"format", kFormat}, {"activations", std::move(entries)}};
  return internal::ReplaceFile(fs::path(folder_) / kActivationsFile, file.dump(1) + "\n");
}

Result<void> StoredModels::Activate(const Activation& activation) const {
  KSTATI_TRY_VOID(Find(activation.version));
  KSTATI_TRY(const auto lock, internal::FolderLock::Take(folder_));
  KSTATI_TRY(auto activations, Activations());
  if (!activations.empty() && activations.back().version == activation.version) {
    return Fail(ErrorCode::kConflict, "the model is active already", activation.version,
                "`kstati model info` tells since when");
  }
  KSTATI_TRY_VOID(RequireLoadable(activation.version));
  return Append(std::move(activations), activation);
}

Result<RolledBack> StoredModels::Rollback(Activation again) const {
  KSTATI_TRY(auto activations, Activations());
  if (activations.empty()) return FailNothingActive(folder_);
  KSTATI_TRY(const auto lock, internal::FolderLock::Take(folder_));
  KSTATI_TRY(activations, Activations());
  std::vector<std::string> standing = StandingOf(activations);
  if (standing.empty()) return FailNothingActive(folder_);
  standing.pop_back();
  RolledBack back;
  while (!standing.empty() && !RequireLoadable(standing.back())) {
    back.passed_over.push_back(standing.back());
    standing.pop_back();
  }
  again.version = standing.empty() ? "" : standing.back();
  again.is_rollback = true;
  KSTATI_TRY_VOID(Append(std::move(activations), again));
  back.activation = std::move(again);
  return back;
}

Result<std::optional<std::string>> StoredModels::ActiveFolder(const std::string& folder) {
  const StoredModels models(folder);
  KSTATI_TRY(const auto activations, models.Activations());
  const bool back_to_the_start = !activations.empty() && activations.back().version.empty();
  std::error_code error;
  if (back_to_the_start && !fs::exists(fs::path(folder) / kRecordFile, error)) {
    return std::optional<std::string>();
  }
  if (activations.empty() || back_to_the_start) return std::optional(folder);
  return std::optional(models.FolderOf(activations.back().version));
}

}  // namespace kstati::recommender
