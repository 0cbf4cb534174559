// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "recommender/features.h"

namespace kstati::recommender::internal {

enum class Objective {
  kLogistic,  // the probability of a "yes"
  kNdcg,      // the order within each list
};

// As the library has it: "binary:logistic", "rank:ndcg".
std::string NameOf(Objective objective);

struct BoosterOptions {
  int rounds = 0;
  int depth = 0;
  double learning_rate = 0;
  uint64_t seed = 0;
  std::function<void()> on_round = [] {};
  // A leaf rests on at least this much evidence (in units of the logistic curvature, at most 1/4 a
  // row).
  double leaf_weight_min = 4;
  double leaf_ridge = 1;
  double row_share = 1;     // drawn for each tree
  double column_share = 1;  // drawn for each tree
  Objective objective = Objective::kLogistic;
  // By column 1 where a higher value never lowers the margin, else 0; empty: nowhere.
  std::vector<int> rising = {};
  std::vector<uint32_t> lists = {};  // of kNdcg: rows of each list, one list after the other
};

// Gradient-boosted trees that tell a "yes" from a "no". Wraps xgboost; the only file that
// sees it. Predicting is safe from any thread.
class Booster {
 public:
  // `labels` are 0 or 1, one per row; both must occur.
  static Result<Booster> Train(const FeatureMatrix& rows, const std::vector<float>& labels,
                               const BoosterOptions& options);
  // From the bytes that Save gave (UBJSON). kCorrupt when they are something else.
  static Result<Booster> Load(std::string_view bytes);

  Booster(Booster&&) noexcept;
  Booster& operator=(Booster&&) noexcept;
  ~Booster();

  Result<std::string> Save() const;
  // One probability per row, on the calling thread alone. The matrix must have `columns()` columns.
  std::vector<double> Predict(const FeatureMatrix& rows) const;
  // One margin per row: what Predict makes a probability of, bit for bit what the library adds up.
  std::vector<float> Margins(const FeatureMatrix& rows) const;
  // What each column of a row adds to its margin, and last what the margin is without any: exact
  // Shapley values (TreeSHAP), whose sum is the margin. Takes far longer than a margin.
  FeatureMatrix Contributions(const FeatureMatrix& rows) const;
  int columns() const { return columns_; }

 private:
  std::vector<float> Ask(const FeatureMatrix& rows, const char* request) const;
  explicit Booster(void* handle) : handle_(handle) {}
  Result<void> PrepareServing();

  void* handle_ = nullptr;  // BoosterHandle
  int columns_ = 0;
};

}  // namespace kstati::recommender::internal
