// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace kstati::recommender::models::internal {

struct ListBoosterOptions {
  int rounds = 200;
  int depth = 4;
  double learning_rate = 0.06;
  uint64_t seed = 1;
  std::function<void()> on_round = [] {};
};

// Lists of rows one after another; in each list one row is the right one.
struct TrainingLists {
  size_t columns = 0;
  std::vector<float> rows;
  std::vector<float> starts;  // one a row: the margin before any tree
  struct List {
    size_t rows = 0;
    size_t right = 0;  // within the list
    float weight = 1;
  };
  std::vector<List> lists;
};

// Boosted trees that are added to a start, so that the margins make the right row of each list the
// most probable (the softmax of the margins of its list; xgboost with our own gradients).
// Predicting is safe from any thread.
class ListBooster {
 public:
  static Result<ListBooster> Train(const TrainingLists& lists, const ListBoosterOptions& options);

  ListBooster(ListBooster&&) noexcept = default;
  ListBooster& operator=(ListBooster&&) noexcept = default;

  // One margin per row, its start included; `rows` holds whole rows.
  std::vector<float> Margins(const std::vector<float>& rows,
                             const std::vector<float>& starts) const;

 private:
  struct Deleter {
    void operator()(void* handle) const;
  };
  ListBooster(std::unique_ptr<void, Deleter> handle, size_t columns)
      : handle_(std::move(handle)), columns_(columns) {}

  std::unique_ptr<void, Deleter> handle_;  // BoosterHandle
  size_t columns_ = 0;
};

}  // namespace kstati::recommender::models::internal
