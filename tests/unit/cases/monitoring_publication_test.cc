// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "cases/monitoring/publication.h"

namespace kstati::cases::monitoring {
namespace {

TEST(PublicationTest, FewPeopleAreNotShownAndCannotBeWorkedOut) {
  const CountTable table{{"a", "b", "c"}, {"yes", "no"}, {{100, 2}, {50, 40}, {30, 20}}};
  const PublishedTable published = Publish(table, 5);
  ASSERT_EQ(published.rows.size(), 3U);
  EXPECT_FALSE(published.cells[0][1]);
  EXPECT_FALSE(published.cells[0][0]) << "the row's total would tell";
  EXPECT_TRUE(!published.cells[1][1] || !published.cells[2][1]) << "the column's total would tell";
  EXPECT_EQ(published.total, 242U);
}

TEST(PublicationTest, SmallRowsAreJoined) {
  const CountTable table{{"a", "b", "c"}, {"yes", "no"}, {{90, 70}, {1, 1}, {2, 3}}};
  const PublishedTable published = Publish(table, 7);
  EXPECT_EQ(published.rows, (std::vector<std::string>{"a", "other"}));
  EXPECT_EQ(published.row_totals[1], 7U);
}

TEST(PublicationTest, TooFewPeopleInAllAreNotShownAtAll) {
  EXPECT_TRUE(Publish({{"a"}, {"yes"}, {{4}}}, 5).rows.empty());
  EXPECT_TRUE(Publish({{"a"}, {"yes"}, {{0}}}, 5).rows.empty());
}

// Everything that the published table leaves possible, by going over all tables: what the least and
// the greatest value of a cell is.
class Attacker {
 public:
  explicit Attacker(const PublishedTable& published) : published_(published) {
    for (size_t i = 0; i < published.rows.size(); ++i) {
      for (size_t j = 0; j < published.columns.size(); ++j) {
        if (!published.cells[i][j]) hidden_.emplace_back(i, j);
      }
    }
    rows_left_.assign(published.row_totals.begin(), published.row_totals.end());
    columns_left_.assign(published.column_totals.begin(), published.column_totals.end());
    for (size_t i = 0; i < published.rows.size(); ++i) {
      for (size_t j = 0; j < published.columns.size(); ++j) {
        if (!published.cells[i][j]) continue;
        rows_left_[i] -= *published.cells[i][j];
        columns_left_[j] -= *published.cells[i][j];
      }
    }
    low_.assign(hidden_.size(), UINT64_MAX);
    high_.assign(hidden_.size(), 0);
    values_.assign(hidden_.size(), 0);
  }

  void Run() { Try(0); }

  const std::vector<std::pair<size_t, size_t>>& hidden() const { return hidden_; }
  uint64_t low(size_t i) const { return low_[i]; }
  uint64_t high(size_t i) const { return high_[i]; }

 private:
  void Try(size_t place) {
    if (place == hidden_.size()) {
      for (const uint64_t left : rows_left_) {
        if (left != 0) return;
      }
      for (const uint64_t left : columns_left_) {
        if (left != 0) return;
      }
      for (size_t i = 0; i < values_.size(); ++i) {
        low_[i] = std::min(low_[i], values_[i]);
        high_[i] = std::max(high_[i], values_[i]);
      }
      return;
    }
    const auto [row, column] = hidden_[place];
    const bool last_of_row = place + 1 == hidden_.size() || hidden_[place + 1].first != row;
    const uint64_t most = std::min(rows_left_[row], columns_left_[column]);
    const uint64_t least = last_of_row ? rows_left_[row] : 0;
    for (uint64_t value = least; value <= most; ++value) {
      rows_left_[row] -= value;
      columns_left_[column] -= value;
      values_[place] = value;
      Try(place + 1);
      rows_left_[row] += value;
      columns_left_[column] += value;
    }
  }

  const PublishedTable& published_;
  std::vector<std::pair<size_t, size_t>> hidden_;
  std::vector<uint64_t> rows_left_, columns_left_, low_, high_, values_;
};

TEST(PublicationTest, NoAttackerLearnsOfASmallCell) {
  std::mt19937_64 random(9);
  constexpr uint64_t kPeople = 3;
  int with_hidden = 0;
  for (int trial = 0; trial < 300; ++trial) {
    const size_t rows = 2 + random() % 2;
    const size_t columns = 2 + random() % 2;
    CountTable table;
    for (size_t j = 0; j < columns; ++j) table.columns.push_back(std::string(1, 'A' + j));
    for (size_t i = 0; i < rows; ++i) {
      table.rows.push_back(std::string(1, 'a' + i));
      table.cells.emplace_back();
      for (size_t j = 0; j < columns; ++j) table.cells.back().push_back(random() % 9);
    }
    const PublishedTable published = Publish(table, kPeople);
    for (const uint64_t total : published.row_totals) EXPECT_GE(total, kPeople);
    for (const uint64_t total : published.column_totals) EXPECT_GE(total, kPeople);
    for (const auto& line : published.cells) {
      for (const auto& cell : line) EXPECT_TRUE(!cell || *cell == 0 || *cell >= kPeople);
    }
    Attacker attacker(published);
    if (attacker.hidden().empty()) continue;
    ++with_hidden;
    attacker.Run();
    for (size_t i = 0; i < attacker.hidden().size(); ++i) {
      EXPECT_GE(attacker.high(i), kPeople) << "trial " << trial;
      EXPECT_GE(attacker.high(i) - attacker.low(i), kPeople) << "trial " << trial;
    }
  }
  EXPECT_GT(with_hidden, 60);
}

}  // namespace
}  // namespace kstati::cases::monitoring
