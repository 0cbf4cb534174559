// SPDX-License-Identifier: Apache-2.0
#include "recommender/inference/inference_table.h"

#include <algorithm>

#include "recommender/inference/signals.h"

namespace kstati::recommender::inference {

void InferenceRows::Add(EventKind kind, const profile::FactView& person, Date on, bool happened) {
  const bool is_new = person_.empty() || person.citizen() != last_;
  const uint32_t number = person_.empty() ? 0 : person_.back() + (is_new ? 1 : 0);
  last_ = person.citizen();
  rows_.push_back(RowOf(kind, person, on));
  happened_.push_back(happened ? 1 : 0);
  person_.push_back(number);
}

size_t InferenceRows::happened() const {
  return static_cast<size_t>(std::ranges::count(happened_, 1));
}

InferenceTable InferenceRows::Table() const {
  InferenceTable table;
  table.happened = happened_;
  table.person = person_;
  if (rows_.empty()) return table;
  table.rows.resize(static_cast<Eigen::Index>(rows_.size()),
                    static_cast<Eigen::Index>(rows_.front().size()));
  for (size_t row = 0; row < rows_.size(); ++row) {
    for (size_t column = 0; column < rows_[row].size(); ++column) {
      table.rows(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(column)) =
          static_cast<float>(rows_[row][column]);
    }
  }
  return table;
}

}  // namespace kstati::recommender::inference
