// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kstati::graph::search {

// Rows of numbers laid one behind the other. Rows are written in order and only shrink afterwards.
// Clearing keeps the memory.
class Rows {
 public:
  void Clear() {
    items_.clear();
    begin_.clear();
    end_.clear();
    filled_ = 0;
  }
  void Add(uint32_t item) { items_.push_back(item); }
  // Ends the row that the last calls of Add filled.
  void EndRow() {
    begin_.push_back(filled_);
    filled_ = static_cast<uint32_t>(items_.size());
    end_.push_back(filled_);
  }

  size_t size() const { return begin_.size(); }
  size_t item_count() const { return items_.size(); }
  std::span<const uint32_t> operator[](size_t row) const {
    return {items_.data() + begin_[row], items_.data() + end_[row]};
  }

  // The item must be in the row; the order of the others may change.
  void Erase(size_t row, uint32_t item) {
    uint32_t at = begin_[row];
    while (items_[at] != item) ++at;
    items_[at] = items_[--end_[row]];
  }

  // Row i of this becomes the numbers of those rows of `rows` that hold i, ascending.
  void Transpose(const Rows& rows, size_t row_count) {
    begin_.assign(row_count, 0);
    end_.assign(row_count, 0);
    for (size_t row = 0; row < rows.size(); ++row) {
      for (const uint32_t item : rows[row]) ++end_[item];
    }
    filled_ = 0;
    for (size_t row = 0; row < row_count; ++row) {
      begin_[row] = filled_;
      filled_ += end_[row];
      end_[row] = begin_[row];
    }
    items_.resize(filled_);
    for (size_t row = 0; row < rows.size(); ++row) {
      for (const uint32_t item : rows[row]) items_[end_[item]++] = static_cast<uint32_t>(row);
    }
  }

 private:
  std::vector<uint32_t> begin_;
  std::vector<uint32_t> end_;
  std::vector<uint32_t> items_;
  uint32_t filled_ = 0;
};

}  // namespace kstati::graph::search
