// SPDX-License-Identifier: Apache-2.0
#include "recommender/models/internal/list_booster.h"

#include <xgboost/c_api.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/check.h"

namespace kstati::recommender::models::internal {
namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
// Gradients of a list are as large as those of this many rows, so that the library's limits on the
// weight of leaves mean rows.
constexpr float kGradientScale = 4;
constexpr float kCurvatureMin = 1e-6f;

struct MatrixDeleter {
  void operator()(void* handle) const { XGDMatrixFree(handle); }
};
using Matrix = std::unique_ptr<void, MatrixDeleter>;

Result<void> Require(int status, const char* step) {
  if (status == 0) return {};
  // The library's own text is left out: it may quote data.
  return Fail(ErrorCode::kInternal, std::string("xgboost failed to ") + step, "xgboost",
              "train again");
}

Result<Matrix> MakeMatrix(const std::vector<float>& rows, const std::vector<float>& starts,
                          size_t columns) {
  DMatrixHandle handle = nullptr;
  KSTATI_TRY_VOID(Require(
      XGDMatrixCreateFromMat(rows.data(), rows.size() / columns, columns, kMissing, &handle),
      "read the rows"));
  Matrix matrix(handle);
  KSTATI_TRY_VOID(
      Require(XGDMatrixSetFloatInfo(handle, "base_margin", starts.data(), starts.size()),
              "read the starts"));
  return matrix;
}

Result<void> SetParameters(BoosterHandle handle, const ListBoosterOptions& options) {
  const std::pair<const char*, std::string> parameters[] = {
      {"verbosity", "0"},
      {"objective", "reg:squarederror"},  // only names that margins are the answer
      {"base_score", "0"},
      {"disable_default_eval_metric", "1"},
      {"tree_method", "hist"},
      {"nthread", "1"},
      {"seed", std::to_string(options.seed)},
      {"max_depth", std::to_string(options.depth)},
      {"eta", std::to_string(options.learning_rate)},
      {"min_child_weight", "5"},
      {"lambda", "5"},
      {"subsample", "0.7"},
      {"colsample_bytree", "0.6"},
      {"max_bin", "128"},
  };
  for (const auto& [name, value] : parameters) {
    KSTATI_TRY_VOID(Require(XGBoosterSetParam(handle, name, value.c_str()), "set a parameter"));
  }
  return {};
}

// The gradients of -log softmax(right) of each list.
void FillGradients(const TrainingLists& lists, const float* margins, std::vector<float>& gradients,
                   std::vector<float>& curvatures) {
  size_t first = 0;
  for (const TrainingLists::List& list : lists.lists) {
    const float* begin = margins + first;
    const float largest = *std::max_element(begin, begin + list.rows);
    float whole = 0;
    for (size_t i = 0; i < list.rows; ++i) whole += std::exp(begin[i] - largest);
    const float scale = kGradientScale * list.weight;
    for (size_t i = 0; i < list.rows; ++i) {
      const float probability = std::exp(begin[i] - largest) / whole;
      gradients[first + i] = scale * (probability - (i == list.right ? 1.0f : 0.0f));
      curvatures[first + i] = std::max(kCurvatureMin, scale * probability * (1 - probability));
    }
    first += list.rows;
  }
}

}  // namespace

void ListBooster::Deleter::operator()(void* handle) const { XGBoosterFree(handle); }

Result<ListBooster> ListBooster::Train(const TrainingLists& lists,
                                       const ListBoosterOptions& options) {
  KSTATI_CHECK(lists.columns > 0 && !lists.rows.empty());
  KSTATI_TRY(const Matrix matrix, MakeMatrix(lists.rows, lists.starts, lists.columns));
  BoosterHandle handle = nullptr;
  const DMatrixHandle cached[] = {matrix.get()};
  KSTATI_TRY_VOID(Require(XGBoosterCreate(cached, 1, &handle), "begin"));
  ListBooster booster(std::unique_ptr<void, Deleter>(handle), lists.columns);
  KSTATI_TRY_VOID(SetParameters(handle, options));
  const size_t rows = lists.rows.size() / lists.columns;
  std::vector<float> gradients(rows);
  std::vector<float> curvatures(rows);
  for (int round = 0; round < options.rounds; ++round) {
    bst_ulong count = 0;
    const float* margins = nullptr;
    KSTATI_TRY_VOID(
        Require(XGBoosterPredict(handle, matrix.get(), 1, 0, 1, &count, &margins), "look ahead"));
    KSTATI_CHECK(count == rows);
    FillGradients(lists, margins, gradients, curvatures);
    KSTATI_TRY_VOID(Require(
        XGBoosterBoostOneIter(handle, matrix.get(), gradients.data(), curvatures.data(), rows),
        "train"));
    options.on_round();
  }
  return booster;
}

std::vector<float> ListBooster::Margins(const std::vector<float>& rows,
                                        const std::vector<float>& starts) const {
  const auto matrix = MakeMatrix(rows, starts, columns_);
  KSTATI_CHECK(matrix.has_value());
  bst_ulong count = 0;
  const float* margins = nullptr;
  KSTATI_CHECK(XGBoosterPredict(handle_.get(), matrix->get(), 1, 0, 0, &count, &margins) == 0);
  KSTATI_CHECK(count == rows.size() / columns_);
  return {margins, margins + count};
}

}  // namespace kstati::recommender::models::internal
