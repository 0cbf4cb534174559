// SPDX-License-Identifier: Apache-2.0
#include "recommender/evaluation/period_file.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <unordered_map>
#include <utility>

namespace kstati::recommender::evaluation {
namespace {

// As many folds as anybody may ask for, counted from 0.
constexpr uint32_t kFoldMax = 99;
constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

bool IsMissing(const std::string& text) { return text.empty() || text == "NA"; }

template <class Number>
std::optional<Number> ToNumber(const std::string& text) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return number;
}

// Beyond what a float holds it is infinite.
std::optional<float> ToFloat(const std::string& text) {
  const auto number = ToNumber<double>(text);
  return number ? std::optional(static_cast<float>(*number)) : std::nullopt;
}

// Reads the rows in two passes: who and what first, then the features column by column.
class Reading {
 public:
  Reading(const Csv& csv, size_t event) : csv_(csv), event_(event) {
    person_ = csv.Find("person");
    period_ = csv.Find("period");
    state_ = csv.Find("state");
    fold_ = csv.Find("fold");
    file_.refused = csv.refused;
    file_.has_period = period_.has_value();
    file_.has_state = state_.has_value();
  }

  PeriodFile Read() {
    for (const CsvRow& row : csv_.rows) {
      if (const char* reason = Take(row)) file_.refused.push_back({row.line, reason});
    }
    file_.table.people = file_.fold.size();
    for (size_t column = 0; column < csv_.columns.size(); ++column) {
      if (column != event_ && column != person_ && column != fold_) AddColumn(column);
    }
    auto& table = file_.table;
    table.rows.resize(static_cast<Eigen::Index>(table.size()),
                      static_cast<Eigen::Index>(values_.size()));
    for (size_t column = 0; column < values_.size(); ++column) {
      for (size_t row = 0; row < table.size(); ++row) {
        table.rows(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(column)) =
            values_[column][row];
      }
    }
    return std::move(file_);
  }

 private:
  // Null, or why the row is refused.
  const char* Take(const CsvRow& row) {
    const std::string& event = row.fields[event_];
    if (event != "0" && event != "1") return "the event is neither 0 nor 1";
    std::optional<float> period = 0;
    if (period_) period = ToFloat(row.fields[*period_]);
    if (!period || !std::isfinite(*period)) return "the period is no number";
    std::optional<uint32_t> fold;
    if (fold_) fold = ToNumber<uint32_t>(row.fields[*fold_]);
    if (fold_ && !fold) return "the fold is no whole number";
    if (fold && *fold > kFoldMax) return "the fold is above 99";
    if (HasInfinite(row)) return "a number is not finite";
    const std::string name = person_ ? row.fields[*person_] : std::to_string(kept_.size());
    const auto [found, added] = people_.emplace(name, file_.fold.size());
    if (added) file_.fold.push_back(fold);
    if (file_.fold[found->second] != fold) return "the person is in another fold before";
    file_.table.person.push_back(static_cast<uint32_t>(found->second));
    file_.table.happened.push_back(event == "1" ? 1 : 0);
    file_.table.period.push_back(*period);
    file_.table.state.push_back(state_ ? StateOf(row.fields[*state_]) : 0);
    kept_.push_back(&row);
    return nullptr;
  }

  // Trees and regressions have no use for it; what is not known is left empty.
  bool HasInfinite(const CsvRow& row) const {
    for (size_t column = 0; column < row.fields.size(); ++column) {
      if (column == event_ || column == person_ || column == fold_) continue;
      const auto number = ToFloat(row.fields[column]);
      if (number && std::isinf(*number)) return true;
    }
    return false;
  }

  uint32_t StateOf(const std::string& name) {
    return static_cast<uint32_t>(states_.emplace(name, states_.size()).first->second);
  }

  void AddColumn(size_t column) {
    std::vector<float> numbers;
    for (const CsvRow* row : kept_) {
      const std::string& text = row->fields[column];
      const auto number = IsMissing(text) ? std::optional<float>(kMissing) : ToFloat(text);
      if (!number) return AddCategories(column);
      numbers.push_back(*number);
    }
    file_.table.columns.push_back(csv_.columns[column]);
    values_.push_back(std::move(numbers));
  }

  void AddCategories(size_t column) {
    std::map<std::string, size_t> counts;
    for (const CsvRow* row : kept_) {
      if (!IsMissing(row->fields[column])) ++counts[row->fields[column]];
    }
    std::vector<std::pair<size_t, std::string>> order;
    for (const auto& [name, count] : counts) order.emplace_back(count, name);
    std::stable_sort(order.begin(), order.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    if (order.size() > kCategoriesMax) order.resize(kCategoriesMax);
    for (const auto& [count, name] : order) {
      std::vector<float> flags;
      for (const CsvRow* row : kept_) {
        const std::string& text = row->fields[column];
        flags.push_back(IsMissing(text) ? kMissing : text == name ? 1.0f : 0.0f);
      }
      file_.table.columns.push_back(csv_.columns[column] + "=" + name);
      values_.push_back(std::move(flags));
    }
  }

  const Csv& csv_;
  size_t event_;
  std::optional<size_t> person_;
  std::optional<size_t> period_;
  std::optional<size_t> state_;
  std::optional<size_t> fold_;
  PeriodFile file_;
  std::vector<const CsvRow*> kept_;
  std::vector<std::vector<float>> values_;  // by column
  std::unordered_map<std::string, size_t> people_;
  std::map<std::string, size_t> states_;
};

}  // namespace

Result<PeriodFile> ReadPeriods(const Csv& csv, const std::string& place) {
  const auto event = csv.Find("event");
  if (!event) {
    return Fail(ErrorCode::kInvalidArgument, "there is no column event", place,
                "give a header with event and, where they are known, person, period, state, fold");
  }
  PeriodFile file = Reading(csv, *event).Read();
  if (file.table.size() == 0) {
    return Fail(ErrorCode::kInvalidArgument, "no row can be used", place,
                "give at least one row with an event of 0 or 1");
  }
  return file;
}

}  // namespace kstati::recommender::evaluation
