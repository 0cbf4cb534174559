// SPDX-License-Identifier: Apache-2.0
#include "recommender/evaluation/period_file.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace kstati::recommender::evaluation {
namespace {

// As many folds as anybody may ask for, counted from 0.
constexpr uint32_t kFoldMax = 99;
constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

std::string_view Trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool IsMissing(std::string_view text) {
  std::string mark(Trimmed(text));
  for (char& c : mark) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return mark.empty() || mark == "." || mark == "na" || mark == "n/a" || mark == "nan" ||
         mark == "null";
}

// Spaces around it and a plus before it say nothing.
template <class Number>
std::optional<Number> ToNumber(std::string_view text) {
  text = Trimmed(text);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  Number number{};
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return number;
}

// Beyond what a float holds it is infinite.
std::optional<float> ToFloat(std::string_view text) {
  const auto number = ToNumber<double>(text);
  return number ? std::optional(static_cast<float>(*number)) : std::nullopt;
}

// Reads the rows in three passes: which columns are numbers, then who and what, then the features
// column by column.
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
    for (size_t column = 0; column < csv_.columns.size(); ++column) {
      is_number_.push_back(IsFeature(column) && (column == period_ || IsOfNumbers(column)));
    }
  }

  PeriodFile Read() {
    for (const CsvRow& row : csv_.rows) {
      if (const auto reason = Take(row)) file_.refused.push_back({row.line, *reason});
    }
    file_.table.people = file_.fold.size();
    for (size_t column = 0; column < csv_.columns.size(); ++column) {
      if (IsFeature(column)) AddColumn(column);
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
  bool IsFeature(size_t column) const {
    return column != event_ && column != person_ && column != fold_;
  }

  bool IsOfNumbers(size_t column) const {
    size_t numbers = 0;
    size_t others = 0;
    for (const CsvRow& row : csv_.rows) {
      if (IsMissing(row.fields[column])) continue;
      ++(ToFloat(row.fields[column]) ? numbers : others);
    }
    return static_cast<double>(numbers) >= kNumbersShare * static_cast<double>(numbers + others);
  }

  // nullopt, or why the row is refused.
  std::optional<std::string> Take(const CsvRow& row) {
    const std::string_view event = Trimmed(row.fields[event_]);
    if (event != "0" && event != "1") return "the event is neither 0 nor 1";
    std::optional<float> period = 0;
    if (period_) period = ToFloat(row.fields[*period_]);
    if (!period || !std::isfinite(*period)) return "the period is no number";
    std::optional<uint32_t> fold;
    if (fold_) fold = ToNumber<uint32_t>(row.fields[*fold_]);
    if (fold_ && !fold) return "the fold is no whole number";
    if (fold && *fold > kFoldMax) return "the fold is above 99";
    if (auto reason = OddNumber(row)) return reason;
    if (person_ && Trimmed(row.fields[*person_]).empty()) return "the person is empty";
    const std::string name = person_ ? row.fields[*person_] : std::to_string(kept_.size());
    const auto [found, added] = people_.emplace(name, file_.fold.size());
    if (added) file_.fold.push_back(fold);
    if (file_.fold[found->second] != fold) return "the person is in another fold before";
    file_.table.person.push_back(static_cast<uint32_t>(found->second));
    file_.table.happened.push_back(event == "1" ? 1 : 0);
    file_.table.period.push_back(*period);
    file_.table.state.push_back(state_ ? StateOf(row.fields[*state_]) : 0);
    kept_.push_back(&row);
    return std::nullopt;
  }

  // Why a column of numbers cannot take what the row says; of an infinity trees and regressions
  // have no use, and what is not known is left empty.
  std::optional<std::string> OddNumber(const CsvRow& row) const {
    for (size_t column = 0; column < row.fields.size(); ++column) {
      if (!is_number_[column] || IsMissing(row.fields[column])) continue;
      const auto number = ToFloat(row.fields[column]);
      if (!number) return csv_.columns[column] + " is no number, as it is in other rows";
      if (std::isinf(*number)) return "a number is not finite";
    }
    return std::nullopt;
  }

  uint32_t StateOf(const std::string& name) {
    return static_cast<uint32_t>(states_.emplace(name, states_.size()).first->second);
  }

  void AddColumn(size_t column) {
    ColumnReading reading{csv_.columns[column], is_number_[column]};
    for (const CsvRow* row : kept_) reading.missing += IsMissing(row->fields[column]) ? 1 : 0;
    if (reading.is_number) {
      AddNumbers(column);
    } else {
      reading.categories = AddCategories(column);
    }
    file_.columns.push_back(std::move(reading));
  }

  void AddNumbers(size_t column) {
    std::vector<float> numbers;
    for (const CsvRow* row : kept_) {
      const std::string& text = row->fields[column];
      numbers.push_back(IsMissing(text) ? kMissing : ToFloat(text).value_or(kMissing));
    }
    file_.table.columns.push_back(csv_.columns[column]);
    values_.push_back(std::move(numbers));
  }

  // How many columns they became.
  size_t AddCategories(size_t column) {
    std::map<std::string, size_t> counts;
    for (const CsvRow* row : kept_) {
      if (!IsMissing(row->fields[column])) ++counts[std::string(Trimmed(row->fields[column]))];
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
        flags.push_back(IsMissing(text) ? kMissing : Trimmed(text) == name ? 1.0f : 0.0f);
      }
      file_.table.columns.push_back(csv_.columns[column] + "=" + name);
      values_.push_back(std::move(flags));
    }
    return order.size();
  }

  const Csv& csv_;
  size_t event_;
  std::optional<size_t> person_;
  std::optional<size_t> period_;
  std::optional<size_t> state_;
  std::optional<size_t> fold_;
  std::vector<bool> is_number_;  // by column; false of what is no feature
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
