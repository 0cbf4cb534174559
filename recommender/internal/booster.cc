// SPDX-License-Identifier: Apache-2.0
#include "recommender/internal/booster.h"

#include <xgboost/c_api.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <utility>

#include "base/check.h"

namespace kstati::recommender::internal {
namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

// One thread: on a machine that also serves, two of the library's threads spin at each other's
// barriers (measured: 120,000 rows took 149 s with two threads on two busy cores, 9 s with one, the
// same model).
constexpr const char* kTrainingThreads = "1";
// Likewise for predictions, which are small.
constexpr const char* kServingThreads = "1";

tl::unexpected<Error> FailXgboost(ErrorCode code, std::string message) {
  // The library's own text is left out: it may quote data.
  return Fail(code, std::move(message), "xgboost", "train again, or restore the model folder");
}

Result<void> Require(int status, const char* step) {
  if (status == 0) return {};
  return FailXgboost(ErrorCode::kInternal, std::string("xgboost failed to ") + step);
}

struct MatrixDeleter {
  void operator()(void* handle) const { XGDMatrixFree(handle); }
};
using Matrix = std::unique_ptr<void, MatrixDeleter>;

// Without labels where there are none.
Result<Matrix> MakeMatrix(const FeatureMatrix& rows, const std::vector<float>& labels) {
  DMatrixHandle handle = nullptr;
  KSTATI_TRY_VOID(
      Require(XGDMatrixCreateFromMat(rows.data(), static_cast<bst_ulong>(rows.rows()),
                                     static_cast<bst_ulong>(rows.cols()), kMissing, &handle),
              "read the rows"));
  Matrix matrix(handle);
  if (labels.empty()) return matrix;
  KSTATI_TRY_VOID(
      Require(XGDMatrixSetFloatInfo(handle, "label", labels.data(), labels.size()), "set labels"));
  return matrix;
}

// "(0,1,0)"
std::string ConstraintsOf(const std::vector<int>& rising) {
  std::string text = "(";
  for (const int each : rising) text += (text.size() == 1 ? "" : ",") + std::to_string(each);
  return text + ")";
}

// The library takes the array in place by this description (NumPy's array interface).
std::string ArrayInterface(const FeatureMatrix& rows) {
  char text[160];
  std::snprintf(text, sizeof text,
                R"({"data":[%zu,true],"shape":[%td,%td],"typestr":"<f4","version":3})",
                reinterpret_cast<size_t>(rows.data()), rows.rows(), rows.cols());
  return text;
}

// One per thread, since setting its data is not safe to share.
DMatrixHandle ProxyOfThread() {
  thread_local const Matrix proxy = [] {
    DMatrixHandle handle = nullptr;
    KSTATI_CHECK(XGProxyDMatrixCreate(&handle) == 0);
    return Matrix(handle);
  }();
  return proxy.get();
}

}  // namespace

std::string NameOf(Objective objective) {
  return objective == Objective::kLogistic ? "binary:logistic" : "rank:ndcg";
}

Booster::Booster(Booster&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)), columns_(other.columns_) {}

Booster& Booster::operator=(Booster&& other) noexcept {
  std::swap(handle_, other.handle_);
  std::swap(columns_, other.columns_);
  return *this;
}

Booster::~Booster() {
  if (handle_ != nullptr) XGBoosterFree(handle_);
}

Result<Booster> Booster::Train(const FeatureMatrix& rows, const std::vector<float>& labels,
                               const BoosterOptions& options) {
  KSTATI_CHECK(static_cast<size_t>(rows.rows()) == labels.size() && !labels.empty());
  KSTATI_TRY(const Matrix matrix, MakeMatrix(rows, labels));
  BoosterHandle handle = nullptr;
  const DMatrixHandle cached[] = {matrix.get()};
  KSTATI_TRY_VOID(Require(XGBoosterCreate(cached, 1, &handle), "begin"));
  Booster booster(handle);
  const bool is_logistic = options.objective == Objective::kLogistic;
  if (!is_logistic) {
    KSTATI_TRY_VOID(Require(
        XGDMatrixSetUIntInfo(matrix.get(), "group", options.lists.data(), options.lists.size()),
        "set lists"));
  }
  const double positives = std::count(labels.begin(), labels.end(), 1.0f);
  const double base_score = positives / static_cast<double>(labels.size());
  KSTATI_CHECK(base_score > 0 && base_score < 1);
  const std::pair<const char*, std::string> parameters[] = {
      {"verbosity", "0"},
      {"objective", NameOf(options.objective)},
      {"disable_default_eval_metric", "1"},
      {"tree_method", "hist"},
      {"nthread", kTrainingThreads},
      {"seed", std::to_string(options.seed)},
      {"max_depth", std::to_string(options.depth)},
      {"eta", std::to_string(options.learning_rate)},
      {"min_child_weight", std::to_string(options.leaf_weight_min)},
      {"lambda", std::to_string(options.leaf_ridge)},
      {"subsample", std::to_string(options.row_share)},
      {"colsample_bytree", std::to_string(options.column_share)},
      {"monotone_constraints", ConstraintsOf(options.rising)},
      {"base_score", is_logistic ? std::to_string(base_score) : "0"},
  };
  for (const auto& [name, value] : parameters) {
    KSTATI_TRY_VOID(Require(XGBoosterSetParam(handle, name, value.c_str()), "set a parameter"));
  }
  for (int round = 0; round < options.rounds; ++round) {
    KSTATI_TRY_VOID(Require(XGBoosterUpdateOneIter(handle, round, matrix.get()), "train"));
    options.on_round();
  }
  KSTATI_TRY(const std::string bytes, booster.Save());
  return Load(bytes);  // what is evaluated is what will be served
}

Result<Booster> Booster::Load(std::string_view bytes) {
  BoosterHandle handle = nullptr;
  KSTATI_TRY_VOID(Require(XGBoosterCreate(nullptr, 0, &handle), "begin"));
  Booster booster(handle);
  if (XGBoosterLoadModelFromBuffer(handle, bytes.data(), bytes.size()) != 0) {
    return FailXgboost(ErrorCode::kCorrupt, "the trees of the model cannot be read");
  }
  KSTATI_TRY_VOID(booster.PrepareServing());
  return booster;
}

Result<void> Booster::PrepareServing() {
  KSTATI_TRY_VOID(Require(XGBoosterSetParam(handle_, "nthread", kServingThreads), "set threads"));
  KSTATI_TRY_VOID(Require(XGBoosterSetParam(handle_, "verbosity", "0"), "be silent"));
  bst_ulong columns = 0;
  KSTATI_TRY_VOID(Require(XGBoosterGetNumFeature(handle_, &columns), "count features"));
  columns_ = static_cast<int>(columns);
  // The first prediction settles the library's lazy configuration, which later threads then share.
  if (columns_ > 0) Predict(FeatureMatrix::Constant(1, columns_, kMissing));
  return {};
}

Result<std::string> Booster::Save() const {
  bst_ulong length = 0;
  const char* bytes = nullptr;
  KSTATI_TRY_VOID(
      Require(XGBoosterSaveModelToBuffer(handle_, R"({"format":"ubj"})", &length, &bytes), "save"));
  return std::string(bytes, length);
}

std::vector<float> Booster::Ask(const FeatureMatrix& rows, const char* request) const {
  if (rows.rows() == 0) return {};
  KSTATI_CHECK(rows.cols() == columns_);
  const bst_ulong* shape = nullptr;
  bst_ulong dimensions = 0;
  const float* result = nullptr;
  const int status = XGBoosterPredictFromDense(handle_, ArrayInterface(rows).c_str(), request,
                                               ProxyOfThread(), &shape, &dimensions, &result);
  KSTATI_CHECK(status == 0 && dimensions > 0);
  KSTATI_CHECK(shape[0] == static_cast<bst_ulong>(rows.rows()));
  return {result, result + rows.rows()};  // copied: the buffer belongs to the thread's next call
}

std::vector<double> Booster::Predict(const FeatureMatrix& rows) const {
  const std::vector<float> result =
      Ask(rows, R"({"type":0,"training":false,"iteration_begin":0,"iteration_end":0,)"
                R"("strict_shape":true,"missing":NaN,"cache_id":0})");
  return {result.begin(), result.end()};
}

std::vector<float> Booster::Margins(const FeatureMatrix& rows) const {
  return Ask(rows, R"({"type":1,"training":false,"iteration_begin":0,"iteration_end":0,)"
                   R"("strict_shape":true,"missing":NaN,"cache_id":0})");
}

FeatureMatrix Booster::Contributions(const FeatureMatrix& rows) const {
  FeatureMatrix contributions(rows.rows(), columns_ + 1);
  if (rows.rows() == 0) return contributions;
  KSTATI_CHECK(rows.cols() == columns_);
  const auto matrix = MakeMatrix(rows, {});
  KSTATI_CHECK(matrix.has_value());
  const bst_ulong* shape = nullptr;
  bst_ulong dimensions = 0;
  const float* result = nullptr;
  const int status = XGBoosterPredictFromDMatrix(
      handle_, matrix->get(),
      R"({"type":2,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":true})",
      &shape, &dimensions, &result);
  KSTATI_CHECK(status == 0 && dimensions == 3);  // row, what is forecast, column
  KSTATI_CHECK(shape[0] == static_cast<bst_ulong>(rows.rows()) && shape[1] == 1 &&
               shape[2] == static_cast<bst_ulong>(columns_) + 1);
  std::copy(result, result + contributions.size(), contributions.data());
  return contributions;
}

}  // namespace kstati::recommender::internal
