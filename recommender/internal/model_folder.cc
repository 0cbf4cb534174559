// SPDX-License-Identifier: Apache-2.0
#include "recommender/internal/model_folder.h"

#include <unistd.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>

#include "recommender/evaluation/quality_form.h"
#include "recommender/internal/digest.h"
#include "recommender/internal/durable_files.h"

namespace kstati::recommender::internal {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kTreesFile = "model.ubj";
constexpr const char* kPopularityFile = "popularity.json";
constexpr const char* kRecordFile = "model.json";
constexpr const char* kUsesFile = "uses.bin";
constexpr const char* kCompletesFile = "completes.ubj";
constexpr const char* kStageModel = "model";

// Processors may differ in the last bit of exp(); a damaged or foreign model is off by far more.
constexpr double kScoreTolerance = 1e-6;

tl::unexpected<Error> FailCorrupt(std::string message, const fs::path& place) {
  return Fail(ErrorCode::kCorrupt, std::move(message), place.string(),
              "train again, or restore the model folder from a copy");
}

json ToJson(const evaluation::PlattCalibration& calibration) {
  return {{"method", "platt"}, {"slope", calibration.slope()}, {"offset", calibration.offset()}};
}

json ToJson(const Sample& sample) {
  json rows = json::array();
  for (Eigen::Index i = 0; i < sample.rows.rows(); ++i) {
    json row = json::array();
    for (Eigen::Index j = 0; j < sample.rows.cols(); ++j) {
      const float value = sample.rows(i, j);
      row.push_back(std::isnan(value) ? json(nullptr) : json(static_cast<double>(value)));
    }
    rows.push_back(std::move(row));
  }
  return {{"rows", std::move(rows)}, {"scores", sample.scores}};
}

// nullopt when it is not a sample of this many columns.
std::optional<Sample> ReadSample(const json& record, int columns) {
  const json sample = record.value("sample", json::object());
  const json rows = sample.value("rows", json::array());
  const json scores = sample.value("scores", json::array());
  if (!rows.is_array() || !scores.is_array() || rows.empty() || rows.size() != scores.size()) {
    return std::nullopt;
  }
  Sample read;
  read.rows.resize(static_cast<Eigen::Index>(rows.size()), columns);
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].is_array() || rows[i].size() != static_cast<size_t>(columns)) return std::nullopt;
    for (size_t j = 0; j < rows[i].size(); ++j) {
      const json& value = rows[i][j];
      if (!value.is_null() && !value.is_number()) return std::nullopt;
      read.rows(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) =
          value.is_null() ? std::numeric_limits<float>::quiet_NaN() : value.get<float>();
    }
    if (!scores[i].is_number()) return std::nullopt;
    read.scores.push_back(scores[i].get<double>());
  }
  return read;
}

void AddTrees(const TrainedTrees& trained, const TrainReport& report, json& record) {
  const evaluation::PlattCalibration& calibration = trained.calibration;
  record["quality"] = {{"model", evaluation::FormOf<json>(report.model)},
                       {"popularity", evaluation::FormOf<json>(report.popularity)},
                       {"gain", evaluation::FormOf<json>(report.gain)}};
  for (const FeatureWeight& weight : report.weights) {
    record["weights"].push_back(
        {{"feature", weight.feature}, {"mean_contribution", weight.mean_contribution}});
  }
  record["calibration"] = ToJson(calibration);
  record["objective"] = report.objective;
  for (const ObjectiveTrial& trial : report.trials) {
    record["trials"].push_back(
        {{"objective", trial.objective}, {"ndcg_at_5", evaluation::FormOf<json>(trial.ndcg_at_5)}});
  }
  if (trained.completes) record["completes"] = ToJson(trained.completes->calibration);
  record["sample"] = ToJson(trained.sample);
}

std::string RecordOf(const std::optional<TrainedTrees>& trained, const TrainReport& report,
                     const TrainOptions& options) {
  json record;
  record["format"] = kModelFormat;
  record["stage"] = report.stage;
  record["version"] = report.version;
  record["feature_schema"] = Hexadecimal(FeatureSchema());
  record["features"] = std::vector<std::string>(FeatureNames().begin(), FeatureNames().end());
  record["trained_at"] = report.trained_at.ToString();
  record["data"] = {{"fingerprint", report.data.fingerprint},
                    {"interactions", report.data.interactions},
                    {"first", report.data.first.ToString()},
                    {"last", report.data.last.ToString()}};
  record["trained"] = {{"citizens", report.citizens},
                       {"rows", report.rows},
                       {"held_out_groups", report.held_out_groups}};
  record["options"] = {{"rounds", options.rounds},
                       {"depth", options.depth},
                       {"learning_rate", options.learning_rate},
                       {"seed", options.seed},
                       {"held_out_share", options.held_out_share}};
  if (trained) AddTrees(*trained, report, record);
  return record.dump(1) + "\n";
}

Result<void> CheckSchema(const json& record, const fs::path& place) {
  if (record.value("format", 0) < kModelFormat) {
    return Fail(ErrorCode::kUnsupported,
                "the model is of an earlier version of kstati, which kept less of a model",
                place.string(), "train a model with this version of kstati");
  }
  if (record.value("format", 0) == kModelFormat &&
      record.value("feature_schema", "") == Hexadecimal(FeatureSchema())) {
    return {};
  }
  return Fail(ErrorCode::kUnsupported,
              "the model was trained on other features than this program's", place.string(),
              "train a model with this version of kstati");
}

// A slope that is not above zero would turn the order of the trees round.
Result<evaluation::PlattCalibration> ReadCalibration(const json& record, const char* part,
                                                     const fs::path& place) {
  const json calibration = record.value(part, json::object());
  const double slope = calibration.at("slope").get<double>();
  const double offset = calibration.at("offset").get<double>();
  if (calibration.at("method") == "platt" && std::isfinite(slope) && slope > 0 &&
      std::isfinite(offset)) {
    return evaluation::PlattCalibration(slope, offset);
  }
  return FailCorrupt("the model's calibration does not keep the order of its trees", place);
}

Result<void> CheckSample(const Booster& booster, const evaluation::PlattCalibration& calibration,
                         const std::optional<Sample>& sample, const fs::path& place) {
  if (!sample) return FailCorrupt("the model's record has no sample to check it by", place);
  const std::vector<float> margins = booster.Margins(sample->rows);
  for (size_t i = 0; i < margins.size(); ++i) {
    if (std::abs(calibration(margins[i]) - sample->scores[i]) <= kScoreTolerance) continue;
    return FailCorrupt("the model does not give the scores that it gave when it was trained",
                       place);
  }
  return {};
}

// Our evaluator must give the library's bits, on the path that will serve and on the other one.
Result<void> CheckForest(const trees::Forest& forest, const Booster& reference,
                         const FeatureMatrix& rows, const fs::path& place) {
  const std::vector<float> expected = reference.Margins(rows);
  std::vector<float> margins(expected.size());
  for (const auto path : {trees::ForestPath::kScalar, trees::ForestPath::kVector}) {
    if (path == trees::ForestPath::kVector && !trees::Forest::HasVectorPath()) continue;
    forest.Margins(rows.data(), margins.size(), margins.data(), path);
    if (std::memcmp(margins.data(), expected.data(), margins.size() * sizeof(float)) == 0) continue;
    return FailCorrupt("the trees do not give the library's margins", place);
  }
  return {};
}

// The files of a model of trees.
struct TreeFiles {
  std::string trees;
  std::string uses;
  std::string completes;  // empty: there is none
  std::string record;
};

std::string BitsOf(const std::optional<evaluation::PlattCalibration>& calibration) {
  if (!calibration) return {};
  return Hexadecimal(std::bit_cast<uint64_t>(calibration->slope())) +
         Hexadecimal(std::bit_cast<uint64_t>(calibration->offset()));
}

std::string DigestOfFiles(const TreeFiles& files, const evaluation::PlattCalibration& calibration,
                          const std::optional<evaluation::PlattCalibration>& of_completes) {
  const uint64_t read = Digest(files.uses, Digest(Hexadecimal(FeatureSchema())));
  const uint64_t completes = Digest(BitsOf(of_completes), Digest(files.completes, read));
  return Hexadecimal(Digest(BitsOf(calibration), Digest(files.trees, completes)));
}

Result<trees::Forest> ReadCompletes(const std::string& bytes, const FeatureMatrix& rows,
                                    const fs::path& place) {
  KSTATI_TRY(const Booster booster, Booster::Load(bytes));
  KSTATI_TRY(const trees::TreeModel model, trees::ReadTreeModel(bytes));
  if (booster.columns() != static_cast<int>(FeatureNames().size()) || !model.is_logistic) {
    return FailCorrupt("the trees do not tell what comes to a result", place);
  }
  trees::Forest forest(model);
  KSTATI_TRY_VOID(CheckForest(forest, booster, rows, place));
  return forest;
}

Result<trees::TreeModel> ReadTrees(const TreeFiles& files, const fs::path& folder,
                                   ModelFolder& read) {
  const fs::path record_path = folder / kRecordFile;
  const json record = json::parse(files.record, nullptr, false);
  if (!record.is_object()) return FailCorrupt("the model's record cannot be read", record_path);
  try {
    KSTATI_TRY_VOID(CheckSchema(record, record_path));
    if (files.uses.empty()) {
      return FailCorrupt("a file of the model is missing", folder / kUsesFile);
    }
    KSTATI_TRY(const auto calibration, ReadCalibration(record, "calibration", record_path));
    read.calibration = calibration;
    std::optional<evaluation::PlattCalibration> of_completes;
    if (record.contains("completes")) {
      KSTATI_TRY(of_completes, ReadCalibration(record, "completes", record_path));
    }
    read.version = record.value("version", "");
    if (read.version != DigestOfFiles(files, calibration, of_completes)) {
      return FailCorrupt("the trees, or what belongs to them, are not those that the record names",
                         folder / kTreesFile);
    }
    KSTATI_TRY(read.uses, UseModels::Decode(files.uses));
    KSTATI_TRY(const Booster booster, Booster::Load(files.trees));
    if (booster.columns() != static_cast<int>(FeatureNames().size())) {
      return FailCorrupt("the trees read another number of features", folder / kTreesFile);
    }
    const std::optional<Sample> sample = ReadSample(record, booster.columns());
    KSTATI_TRY_VOID(CheckSample(booster, calibration, sample, record_path));
    KSTATI_TRY(trees::TreeModel model, trees::ReadTreeModel(files.trees));
    if (!model.is_logistic && !model.is_ranking) {
      return Fail(ErrorCode::kUnsupported, "the model does not give probabilities",
                  (folder / kTreesFile).string(), "train a model with this version of kstati");
    }
    const trees::Forest forest(model);
    KSTATI_TRY_VOID(CheckForest(forest, booster, sample->rows, folder / kTreesFile));
    if (of_completes) {
      KSTATI_TRY(trees::Forest completes,
                 ReadCompletes(files.completes, sample->rows, folder / kCompletesFile));
      read.completes.emplace(CompletionModel{std::move(completes), *of_completes});
    }
    return model;
  } catch (const json::exception&) {
    return FailCorrupt("the model's record has a value of another type", record_path);
  }
}

// Of popularity that was stored without trees.
Result<std::string> ReadLoneVersion(const std::string& record_text, const Popularity& popularity,
                                    const fs::path& folder) {
  const fs::path record_path = folder / kRecordFile;
  const json record = json::parse(record_text, nullptr, false);
  if (!record.is_object()) return FailCorrupt("the model's record cannot be read", record_path);
  try {
    if (record.value("stage", kStageModel) == kStageModel) {
      return FailCorrupt("a file of the model is missing", folder / kTreesFile);
    }
    KSTATI_TRY_VOID(CheckSchema(record, record_path));
    if (record.value("version", "") == VersionOf(popularity)) return VersionOf(popularity);
    return FailCorrupt("the popularity is not that which the record names",
                       folder / kPopularityFile);
  } catch (const json::exception&) {
    return FailCorrupt("the model's record has a value of another type", record_path);
  }
}

}  // namespace

std::string VersionOf(const Popularity& popularity) {
  return Hexadecimal(Digest(popularity.Encode()));
}

std::string VersionOf(const TrainedTrees& trained) {
  TreeFiles files{trained.trees, trained.uses.Encode(), {}, {}};
  std::optional<evaluation::PlattCalibration> of_completes;
  if (trained.completes) {
    files.completes = trained.completes->trees;
    of_completes = trained.completes->calibration;
  }
  return DigestOfFiles(files, trained.calibration, of_completes);
}

Result<ModelFolder> ReadModelFolder(const std::string& folder) {
  const fs::path path(folder);
  KSTATI_TRY(const auto trees, ReadFile(path / kTreesFile));
  KSTATI_TRY(const auto record, ReadFile(path / kRecordFile));
  KSTATI_TRY(const auto popularity, ReadFile(path / kPopularityFile));
  KSTATI_TRY(const auto uses, ReadFile(path / kUsesFile));
  ModelFolder read;
  if (popularity) {
    KSTATI_TRY(read.popularity, Popularity::Decode(*popularity));
  }
  if (!trees && !record) return read;
  if (!trees && record && popularity) {
    KSTATI_TRY(read.version, ReadLoneVersion(*record, *read.popularity, path));
    return read;
  }
  if (!trees || !record || !popularity) {
    const char* missing = !trees ? kTreesFile : !record ? kRecordFile : kPopularityFile;
    return FailCorrupt("a file of the model is missing", path / missing);
  }
  KSTATI_TRY(const auto completes, ReadFile(path / kCompletesFile));
  const TreeFiles files{*trees, uses.value_or(""), completes.value_or(""), *record};
  KSTATI_TRY(const trees::TreeModel model, ReadTrees(files, path, read));
  read.forest.emplace(model);
  read.attribution.emplace(model);
  return read;
}

Result<void> WriteModelFolder(const std::string& folder, const std::optional<TrainedTrees>& trained,
                              const Popularity& popularity, const TrainReport& report,
                              const TrainOptions& options) {
  fs::path target = fs::path(folder).lexically_normal();
  if (!target.has_filename()) target = target.parent_path();
  const fs::path fresh = target.string() + ".new-" + std::to_string(getpid());
  std::error_code error;
  fs::remove_all(fresh, error);
  fs::create_directories(fresh, error);
  if (error) return FailUnavailable("make a folder for the model", fresh);
  if (trained) {
    KSTATI_TRY_VOID(WriteDurably(fresh / kTreesFile, trained->trees));
    KSTATI_TRY_VOID(WriteDurably(fresh / kUsesFile, trained->uses.Encode()));
    if (trained->completes) {
      KSTATI_TRY_VOID(WriteDurably(fresh / kCompletesFile, trained->completes->trees));
    }
  }
  KSTATI_TRY_VOID(WriteDurably(fresh / kPopularityFile, popularity.Encode()));
  KSTATI_TRY_VOID(WriteDurably(fresh / kRecordFile, RecordOf(trained, report, options)));
  SyncFolder(fresh);
  KSTATI_TRY_VOID(PutInPlace(fresh, target));
  SyncFolder(target.has_parent_path() ? target.parent_path() : fs::path("."));
  return {};
}

}  // namespace kstati::recommender::internal
