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

constexpr const char* kOrderFile = "order.ubj";
constexpr const char* kNeededFile = "needed.ubj";
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
  return {{"rows", std::move(rows)}, {"needed", sample.needed}, {"order", sample.order}};
}

// nullopt when it is not a sample of this many columns.
std::optional<Sample> ReadSample(const json& record, int columns) {
  const json sample = record.value("sample", json::object());
  const json rows = sample.value("rows", json::array());
  const json needed = sample.value("needed", json::array());
  const json order = sample.value("order", json::array());
  const bool fits = rows.is_array() && needed.is_array() && order.is_array() && !rows.empty() &&
                    rows.size() == needed.size() && rows.size() == order.size();
  if (!fits) return std::nullopt;
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
    if (!needed[i].is_number() || !order[i].is_number()) return std::nullopt;
    read.needed.push_back(needed[i].get<double>());
    read.order.push_back(order[i].get<float>());
  }
  return read;
}

void AddTrees(const TrainedTrees& trained, const TrainReport& report, json& record) {
  record["quality"] = {{"model", evaluation::FormOf<json>(report.model)},
                       {"popularity", evaluation::FormOf<json>(report.popularity)},
                       {"gain", evaluation::FormOf<json>(report.gain)}};
  for (const FeatureWeight& weight : report.weights) {
    record["weights"].push_back(
        {{"feature", weight.feature}, {"mean_contribution", weight.mean_contribution}});
  }
  record["calibration"] = ToJson(trained.needed.calibration);
  record["objective"] = report.objective;
  record["by_order"] = trained.by_order;
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
  record["inference"] = options.inference;
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

// The library must give what it gave when the model was trained: margins to the bit, since adding
// floats is the same everywhere.
Result<void> CheckSample(const Booster& order, const Booster& needed,
                         const evaluation::PlattCalibration& calibration,
                         const std::optional<Sample>& sample, const fs::path& place) {
  if (!sample) return FailCorrupt("the model's record has no sample to check it by", place);
  const std::vector<float> places = order.Margins(sample->rows);
  const std::vector<float> margins = needed.Margins(sample->rows);
  for (size_t i = 0; i < margins.size(); ++i) {
    const bool same =
        std::abs(calibration(margins[i]) - sample->needed[i]) <= kScoreTolerance &&
        std::bit_cast<uint32_t>(places[i]) == std::bit_cast<uint32_t>(sample->order[i]);
    if (same) continue;
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
  std::string order;
  std::string needed;
  std::string uses;
  std::string popularity;
  std::string completes;  // empty: there is none
  std::string record;
};

std::string BitsOf(const std::optional<evaluation::PlattCalibration>& calibration) {
  if (!calibration) return {};
  return Hexadecimal(std::bit_cast<uint64_t>(calibration->slope())) +
         Hexadecimal(std::bit_cast<uint64_t>(calibration->offset()));
}

struct Calibrations {
  evaluation::PlattCalibration needed;
  std::optional<evaluation::PlattCalibration> completes;
};

std::string DigestOfFiles(const TreeFiles& files, bool by_order, const Calibrations& calibrations) {
  uint64_t digest = Digest(Hexadecimal(FeatureSchema()));
  for (const std::string& part :
       {files.uses, files.popularity, files.completes, BitsOf(calibrations.completes), files.order,
        std::string(by_order ? "1" : "0"), files.needed, BitsOf(calibrations.needed)}) {
    digest = Digest(part, digest);
  }
  return Hexadecimal(digest);
}

// What the library and we make of the same bytes.
struct ReadTrees {
  Booster reference;
  trees::TreeModel model;
};

Result<ReadTrees> ReadTreesOf(const std::string& bytes, const fs::path& place) {
  KSTATI_TRY(Booster reference, Booster::Load(bytes));
  if (reference.columns() != static_cast<int>(FeatureNames().size())) {
    return FailCorrupt("the trees read another number of features", place);
  }
  KSTATI_TRY(trees::TreeModel model, trees::ReadTreeModel(bytes));
  return ReadTrees{std::move(reference), std::move(model)};
}

Result<trees::Forest> ForestOf(const ReadTrees& read, const FeatureMatrix& rows,
                               const fs::path& place) {
  trees::Forest forest(read.model);
  KSTATI_TRY_VOID(CheckForest(forest, read.reference, rows, place));
  return forest;
}

Result<ProbabilityModel> ReadProbability(const ReadTrees& read,
                                         const evaluation::PlattCalibration& calibration,
                                         const FeatureMatrix& rows, const fs::path& place) {
  if (!read.model.is_logistic) {
    return Fail(ErrorCode::kUnsupported, "the trees do not give probabilities", place.string(),
                "train a model with this version of kstati");
  }
  KSTATI_TRY(trees::Forest forest, ForestOf(read, rows, place));
  return ProbabilityModel{std::move(forest), calibration};
}

Result<std::optional<ProbabilityModel>> ReadCompletes(const TreeFiles& files,
                                                      const Calibrations& calibrations,
                                                      const FeatureMatrix& rows,
                                                      const fs::path& folder) {
  if (!calibrations.completes) return std::optional<ProbabilityModel>();
  const fs::path place = folder / kCompletesFile;
  KSTATI_TRY(const ReadTrees read, ReadTreesOf(files.completes, place));
  KSTATI_TRY(ProbabilityModel model, ReadProbability(read, *calibrations.completes, rows, place));
  return std::optional<ProbabilityModel>(std::move(model));
}

Result<TreeHeads> HeadsOf(const TreeFiles& files, bool by_order, const Calibrations& calibrations,
                          const json& record, const fs::path& folder) {
  const fs::path order_path = folder / kOrderFile;
  const fs::path needed_path = folder / kNeededFile;
  KSTATI_TRY(const ReadTrees order, ReadTreesOf(files.order, order_path));
  KSTATI_TRY(const ReadTrees needed, ReadTreesOf(files.needed, needed_path));
  const auto sample = ReadSample(record, order.reference.columns());
  KSTATI_TRY_VOID(CheckSample(order.reference, needed.reference, calibrations.needed, sample,
                              folder / kRecordFile));
  if (!order.model.is_ranking) {
    return Fail(ErrorCode::kUnsupported, "the trees have not learned orders", order_path.string(),
                "train a model with this version of kstati");
  }
  KSTATI_TRY(trees::Forest forest, ForestOf(order, sample->rows, order_path));
  KSTATI_TRY(ProbabilityModel probability,
             ReadProbability(needed, calibrations.needed, sample->rows, needed_path));
  KSTATI_TRY(auto completes, ReadCompletes(files, calibrations, sample->rows, folder));
  return TreeHeads{std::move(forest), std::move(probability), by_order,
                   trees::Attribution(by_order ? order.model : needed.model), std::move(completes)};
}

Result<void> ReadModel(const TreeFiles& files, const fs::path& folder, ModelFolder& read) {
  const fs::path record_path = folder / kRecordFile;
  const json record = json::parse(files.record, nullptr, false);
  if (!record.is_object()) return FailCorrupt("the model's record cannot be read", record_path);
  try {
    KSTATI_TRY_VOID(CheckSchema(record, record_path));
    KSTATI_TRY(const auto of_needed, ReadCalibration(record, "calibration", record_path));
    Calibrations calibrations{of_needed, std::nullopt};
    if (record.contains("completes")) {
      KSTATI_TRY(calibrations.completes, ReadCalibration(record, "completes", record_path));
    }
    const bool by_order = record.at("by_order").get<bool>();
    read.version = record.value("version", "");
    if (read.version != DigestOfFiles(files, by_order, calibrations)) {
      return FailCorrupt("the trees, or what belongs to them, are not those that the record names",
                         folder / kOrderFile);
    }
    KSTATI_TRY(read.uses, UseModels::Decode(files.uses));
    KSTATI_TRY(read.heads, HeadsOf(files, by_order, calibrations, record, folder));
    return {};
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
    KSTATI_TRY_VOID(CheckSchema(record, record_path));
    if (record.value("stage", kStageModel) == kStageModel) {
      return FailCorrupt("a file of the model is missing", folder / kOrderFile);
    }
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

std::string VersionOf(const TrainedTrees& trained, const Popularity& popularity) {
  TreeFiles files{
      trained.order, trained.needed.trees, trained.uses.Encode(), popularity.Encode(), {}, {}};
  Calibrations calibrations{trained.needed.calibration, std::nullopt};
  if (trained.completes) {
    files.completes = trained.completes->trees;
    calibrations.completes = trained.completes->calibration;
  }
  return DigestOfFiles(files, trained.by_order, calibrations);
}

Result<ModelFolder> ReadModelFolder(const std::string& folder) {
  const fs::path path(folder);
  KSTATI_TRY(const auto order, ReadFile(path / kOrderFile));
  KSTATI_TRY(const auto needed, ReadFile(path / kNeededFile));
  KSTATI_TRY(const auto record, ReadFile(path / kRecordFile));
  KSTATI_TRY(const auto popularity, ReadFile(path / kPopularityFile));
  KSTATI_TRY(const auto uses, ReadFile(path / kUsesFile));
  ModelFolder read;
  if (popularity) {
    KSTATI_TRY(read.popularity, Popularity::Decode(*popularity));
  }
  if (!order && !needed && !record) return read;
  if (!order && !needed && record && popularity) {
    KSTATI_TRY(read.version, ReadLoneVersion(*record, *read.popularity, path));
    return read;
  }
  for (const auto& [file, name] :
       {std::pair(&record, kRecordFile), std::pair(&order, kOrderFile),
        std::pair(&needed, kNeededFile), std::pair(&popularity, kPopularityFile),
        std::pair(&uses, kUsesFile)}) {
    if (!*file) return FailCorrupt("a file of the model is missing", path / name);
  }
  KSTATI_TRY(const auto completes, ReadFile(path / kCompletesFile));
  KSTATI_TRY_VOID(ReadModel({*order, *needed, *uses, *popularity, completes.value_or(""), *record},
                            path, read));
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
    KSTATI_TRY_VOID(WriteDurably(fresh / kOrderFile, trained->order));
    KSTATI_TRY_VOID(WriteDurably(fresh / kNeededFile, trained->needed.trees));
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
