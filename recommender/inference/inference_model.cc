// SPDX-License-Identifier: Apache-2.0
#include "recommender/inference/inference_model.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/check.h"
#include "recommender/evaluation/calibration.h"
#include "recommender/hazards/linear_hazard.h"
#include "recommender/hazards/logistic.h"
#include "recommender/internal/digest.h"
#include "recommender/internal/durable_files.h"

namespace kstati::recommender::inference {
namespace {

constexpr int kModelFormat = 2;

bool HasBothOutcomes(const InferenceTable& table) {
  return std::ranges::count(table.happened, 0) > 0 && std::ranges::count(table.happened, 1) > 0;
}

tl::unexpected<Error> CannotRead() {
  return Fail(ErrorCode::kCorrupt, "the model of inferred events cannot be read", {},
              "train again, or restore the file from a copy");
}

Result<KindModel> DecodeKind(EventKind kind, const nlohmann::json& json) {
  if (!json.is_object() || !json.contains("constant") || !json["constant"].is_number() ||
      !json.contains("weights") || !json["weights"].is_array()) {
    return CannotRead();
  }
  KindModel model;
  model.constant = json["constant"].get<double>();
  std::vector<std::string> columns;
  for (const auto& weight : json["weights"]) {
    const bool is_pair = weight.is_array() && weight.size() == 2 && weight[0].is_string() &&
                         weight[1].is_number() && std::isfinite(weight[1].get<double>());
    if (!is_pair) return CannotRead();
    columns.push_back(weight[0].get<std::string>());
    model.weights.push_back(weight[1].get<double>());
  }
  if (columns != ColumnsOf(kind)) {
    return Fail(ErrorCode::kUnsupported, "the model reads other columns than this program gives",
                std::string(NameOf(kind)), "train again with this program");
  }
  return model;
}

}  // namespace

std::string_view NameOf(LearnedFrom from) {
  return from == LearnedFrom::kRecords ? "records" : "simulation";
}

double KindModel::Probability(const std::vector<double>& row) const {
  KSTATI_CHECK(row.size() == weights.size());
  double margin = constant;
  for (size_t i = 0; i < row.size(); ++i) margin += weights[i] * row[i];
  return hazards::Logistic(margin);
}

Result<void> InferenceModel::Fit(EventKind kind, const InferenceTable& training,
                                 const InferenceTable& calibration) {
  if (!HasBothOutcomes(training) || !HasBothOutcomes(calibration)) {
    return Fail(ErrorCode::kInvalidArgument, "the event happens always or never in training",
                std::string(NameOf(kind)), "give more people, or more years");
  }
  const hazards::LinearHazard fitted = hazards::FitLinear(training.rows, training.happened);
  std::vector<double> margins;
  for (Eigen::Index row = 0; row < calibration.rows.rows(); ++row) {
    margins.push_back(calibration.rows.row(row).cast<double>().dot(fitted.weights) +
                      fitted.constant);
  }
  const evaluation::PlattCalibration calibrate(margins, calibration.happened);
  KindModel model;
  model.constant = calibrate.slope() * fitted.constant + calibrate.offset();
  for (const double weight : fitted.weights) model.weights.push_back(calibrate.slope() * weight);
  kinds_[kind] = std::move(model);
  return {};
}

const KindModel* InferenceModel::Find(EventKind kind) const {
  const auto found = kinds_.find(kind);
  return found == kinds_.end() ? nullptr : &found->second;
}

std::string InferenceModel::Encode() const {
  nlohmann::json kinds = nlohmann::json::object();
  for (const auto& [kind, model] : kinds_) {
    const std::vector<std::string> columns = ColumnsOf(kind);
    nlohmann::json weights = nlohmann::json::array();
    for (size_t i = 0; i < columns.size(); ++i) weights.push_back({columns[i], model.weights[i]});
    kinds[NameOf(kind)] = {{"constant", model.constant}, {"weights", std::move(weights)}};
  }
  return nlohmann::json{{"format", kModelFormat},
                        {"learned_from", NameOf(learned_from_)},
                        {"kinds", std::move(kinds)}}
      .dump(1);
}

std::string InferenceModel::Digest() const {
  return recommender::internal::Hexadecimal(recommender::internal::Digest(Encode()));
}

Result<InferenceModel> InferenceModel::Decode(std::string_view bytes) {
  const auto json = nlohmann::json::parse(bytes, nullptr, false);
  const bool is_model = json.is_object() && json.contains("format") &&
                        json["format"] == kModelFormat && json.contains("kinds") &&
                        json["kinds"].is_object() && json.contains("learned_from");
  if (!is_model) return CannotRead();
  const bool by_records = json["learned_from"] == NameOf(LearnedFrom::kRecords);
  if (!by_records && json["learned_from"] != NameOf(LearnedFrom::kSimulation)) return CannotRead();
  InferenceModel model(by_records ? LearnedFrom::kRecords : LearnedFrom::kSimulation);
  for (const auto& [name, value] : json["kinds"].items()) {
    const auto kind = std::ranges::find_if(
        kEventKinds, [&name = name](EventKind known) { return NameOf(known) == name; });
    if (kind == kEventKinds.end()) return CannotRead();
    KSTATI_TRY(model.kinds_[*kind], DecodeKind(*kind, value));
  }
  return model;
}

Result<void> InferenceModel::Write(const std::string& file) const {
  return recommender::internal::ReplaceFile(file, Encode() + "\n");
}

Result<InferenceModel> InferenceModel::Read(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream bytes;
  bytes << stream.rdbuf();
  if (!stream) {
    return Fail(ErrorCode::kNotFound, "the model of inferred events cannot be read", file,
                "name a file that `kstati model learn-events FILE` wrote");
  }
  auto model = Decode(bytes.str());
  if (model) return model;
  Error error = std::move(model).error();
  error.place = error.place.empty() ? file : file + ": " + error.place;
  return Fail(std::move(error));
}

}  // namespace kstati::recommender::inference
