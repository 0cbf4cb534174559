// SPDX-License-Identifier: Apache-2.0
#include "cases/monitoring/publication.h"

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

#include "base/check.h"

namespace kstati::cases::monitoring {
namespace {

using Cells = std::vector<std::vector<uint64_t>>;
using Hidden = std::vector<std::vector<bool>>;

uint64_t SumOf(const std::vector<uint64_t>& values) {
  uint64_t sum = 0;
  for (const uint64_t value : values) sum += value;
  return sum;
}

Cells Transposed(const Cells& cells, size_t columns) {
  Cells turned(columns, std::vector<uint64_t>(cells.size()));
  for (size_t i = 0; i < cells.size(); ++i) {
    for (size_t j = 0; j < columns; ++j) turned[j][i] = cells[i][j];
  }
  return turned;
}

void AddTo(std::vector<uint64_t>& sum, const std::vector<uint64_t>& values) {
  for (size_t i = 0; i < sum.size(); ++i) sum[i] += values[i];
}

// Joins the rows of fewer than k into one; when that is small still, into the smallest of the rest.
void JoinSmall(std::vector<std::string>& names, Cells& rows, uint64_t k) {
  std::vector<std::string> kept_names;
  Cells kept;
  std::optional<std::vector<uint64_t>> other;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (SumOf(rows[i]) >= k) {
      kept_names.push_back(names[i]);
      kept.push_back(rows[i]);
    } else if (other) {
      AddTo(*other, rows[i]);
    } else {
      other = rows[i];
    }
  }
  if (other && SumOf(*other) > 0) {
    if (SumOf(*other) < k && !kept.empty()) {
      const auto smallest = std::ranges::min_element(kept, {}, SumOf);
      const size_t place = static_cast<size_t>(smallest - kept.begin());
      AddTo(*other, *smallest);
      kept.erase(smallest);
      kept_names.erase(kept_names.begin() + static_cast<std::ptrdiff_t>(place));
    }
    kept.push_back(*other);
    kept_names.emplace_back(kOther);
  }
  names = std::move(kept_names);
  rows = std::move(kept);
}

// How much more (or less) a hidden cell could hold while all totals stay: the flow around it
// through other hidden cells, which rise without bound and fall to nothing.
class Slack {
 public:
  Slack(const Cells& truth, const Hidden& hidden)
      : truth_(truth), hidden_(hidden), columns_(truth.front().size()) {}

  uint64_t Of(size_t row, size_t column, bool more, uint64_t enough) const {
    // Of its row another cell falls (or rises) by as much, and so on until its column.
    Cells change(truth_.size(), std::vector<uint64_t>(columns_, 0));  // falls used so far
    Cells rise = change;
    uint64_t flow = 0;
    while (flow < enough) {
      const uint64_t found = Augment(row, column, more, change, rise);
      if (found == 0) break;
      flow = found > UINT64_MAX - flow ? UINT64_MAX : flow + found;
    }
    return flow;
  }

 private:
  static constexpr uint64_t kUnbounded = UINT64_MAX / 4;

  // Steps go from rows to columns in one direction of change and back in the other. A step against
  // an earlier one takes it back.
  uint64_t Augment(size_t row, size_t column, bool more, Cells& falls, Cells& rises) const {
    const size_t rows = truth_.size();
    std::vector<size_t> from(rows + columns_, SIZE_MAX);
    std::vector<uint64_t> width(rows + columns_, 0);
    std::deque<size_t> left{row};
    from[row] = row;
    width[row] = kUnbounded;
    while (!left.empty() && width[rows + column] == 0) {
      const size_t node = left.front();
      left.pop_front();
      const bool at_row = node < rows;
      const size_t count = at_row ? columns_ : rows;
      for (size_t i = 0; i < count; ++i) {
        const size_t r = at_row ? node : i;
        const size_t c = at_row ? i : node - rows;
        const size_t next = at_row ? rows + i : i;
        if (!hidden_[r][c] || (r == row && c == column) || from[next] != SIZE_MAX) continue;
        const uint64_t room = RoomOf(r, c, at_row == more, falls, rises);
        if (room == 0) continue;
        from[next] = node;
        width[next] = std::min(width[node], room);
        left.push_back(next);
      }
    }
    const uint64_t found = width[rows + column];
    for (size_t node = rows + column; found > 0 && node != row; node = from[node]) {
      const bool to_column = node >= rows;
      const size_t r = to_column ? from[node] : node;
      const size_t c = (to_column ? node : from[node]) - rows;
      Move(r, c, to_column == more, found, falls, rises);
    }
    return found;
  }

  uint64_t RoomOf(size_t r, size_t c, bool fall, const Cells& falls, const Cells& rises) const {
    if (fall) return truth_[r][c] - falls[r][c] + rises[r][c];
    return kUnbounded;
  }

  static void Move(size_t r, size_t c, bool fall, uint64_t by, Cells& falls, Cells& rises) {
    Cells& against = fall ? rises : falls;
    const uint64_t back = std::min(against[r][c], by);
    against[r][c] -= back;
    (fall ? falls : rises)[r][c] += by - back;
  }

  const Cells& truth_;
  const Hidden& hidden_;
  const size_t columns_;
};

class Suppression {
 public:
  Suppression(const Cells& truth, uint64_t k)
      : truth_(truth), k_(k), hidden_(truth.size(), std::vector<bool>(truth.front().size())) {}

  // False when the cells cannot be kept secret beside the totals.
  bool Run() {
    ForEachCell([&](size_t i, size_t j) {
      if (truth_[i][j] > 0 && truth_[i][j] < k_) hidden_[i][j] = true;
    });
    for (;;) {
      const std::optional<std::pair<size_t, size_t>> open = FindUnprotected();
      if (!open) return true;
      if (!HideAround(open->first, open->second)) return false;
    }
  }

  const Hidden& hidden() const { return hidden_; }

 private:
  template <class Visit>
  void ForEachCell(const Visit& visit) const {
    for (size_t i = 0; i < truth_.size(); ++i) {
      for (size_t j = 0; j < truth_[i].size(); ++j) visit(i, j);
    }
  }

  bool IsProtected(size_t i, size_t j) const {
    const Slack slack(truth_, hidden_);
    const uint64_t more = slack.Of(i, j, true, k_);
    const uint64_t less = std::min(truth_[i][j], slack.Of(i, j, false, k_));
    return truth_[i][j] + more >= k_ && more + less >= k_;
  }

  std::optional<std::pair<size_t, size_t>> FindUnprotected() const {
    std::optional<std::pair<size_t, size_t>> found;
    ForEachCell([&](size_t i, size_t j) {
      if (!found && hidden_[i][j] && !IsProtected(i, j)) found = std::pair(i, j);
    });
    return found;
  }

  // Hides the cheapest other corners of a rectangle through the cell, among those that let it vary
  // by k; when there are none, the cheapest that hides anything more.
  bool HideAround(size_t i, size_t j) {
    std::optional<std::pair<size_t, size_t>> best;
    std::pair<int, uint64_t> best_price;
    for (size_t r = 0; r < truth_.size(); ++r) {
      for (size_t c = 0; c < truth_[r].size(); ++c) {
        if (r == i || c == j) continue;
        const bool adds = !hidden_[i][c] || !hidden_[r][j] || !hidden_[r][c];
        if (!adds) continue;
        const int weak = std::min(truth_[i][c], truth_[r][j]) >= k_ ? 0 : 1;
        const uint64_t shown = (hidden_[i][c] ? 0 : truth_[i][c]) +
                               (hidden_[r][j] ? 0 : truth_[r][j]) +
                               (hidden_[r][c] ? 0 : truth_[r][c]);
        const std::pair price(weak, shown);
        if (best && best_price <= price) continue;
        best = std::pair(r, c);
        best_price = price;
      }
    }
    if (!best) return false;
    const auto [r, c] = *best;
    hidden_[i][c] = hidden_[r][j] = hidden_[r][c] = true;
    return true;
  }

  const Cells& truth_;
  const uint64_t k_;
  Hidden hidden_;
};

// Of one row or one column the cells are the totals; everything is shown, since all are of k.
PublishedTable Written(std::vector<std::string> rows, std::vector<std::string> columns,
                       const Cells& cells, const Hidden* hidden) {
  PublishedTable published;
  published.column_totals.assign(columns.size(), 0);
  for (size_t i = 0; i < cells.size(); ++i) {
    std::vector<std::optional<uint64_t>>& line = published.cells.emplace_back();
    for (size_t j = 0; j < columns.size(); ++j) {
      const bool shown = hidden == nullptr || !(*hidden)[i][j];
      line.push_back(shown ? std::optional(cells[i][j]) : std::nullopt);
    }
    published.row_totals.push_back(SumOf(cells[i]));
    AddTo(published.column_totals, cells[i]);
  }
  published.total = SumOf(published.row_totals);
  published.rows = std::move(rows);
  published.columns = std::move(columns);
  return published;
}

}  // namespace

uint64_t MostCasesOfOne(const EventLog& log) {
  std::map<std::string, uint64_t> counts;
  uint64_t most = 1;
  for (const LoggedCase& c : log.cases) {
    if (IsCase(c) && !c.person.empty()) most = std::max(most, ++counts[c.person]);
  }
  return most;
}

PublishedTable Publish(const CountTable& table, uint64_t k) {
  KSTATI_CHECK(k > 1 && table.cells.size() == table.rows.size());
  std::vector<std::string> rows = table.rows;
  std::vector<std::string> columns = table.columns;
  Cells cells = table.cells;
  JoinSmall(rows, cells, k);
  Cells turned = Transposed(cells, columns.size());
  JoinSmall(columns, turned, k);
  cells = Transposed(turned, rows.size());
  uint64_t total = 0;
  for (const std::vector<uint64_t>& each : cells) total += SumOf(each);
  if (total < k) return {};
  Suppression suppression(cells, k);
  if (suppression.Run()) return Written(rows, columns, cells, &suppression.hidden());
  // The rows alone tell nothing of the columns.
  Cells sums;
  for (const std::vector<uint64_t>& each : cells) sums.push_back({SumOf(each)});
  return Written(rows, {"all"}, sums, nullptr);
}

Range RangeOf(const PublishedTable& published, const std::vector<std::vector<uint64_t>>& truth,
              size_t row, size_t column) {
  Hidden hidden;
  for (const auto& line : published.cells) {
    std::vector<bool>& flags = hidden.emplace_back();
    for (const auto& cell : line) flags.push_back(!cell);
  }
  const Slack slack(truth, hidden);
  const uint64_t value = truth[row][column];
  const uint64_t less = slack.Of(row, column, false, value);
  return {value - std::min(value, less), value + slack.Of(row, column, true, UINT64_MAX / 8)};
}

}  // namespace kstati::cases::monitoring
