// SPDX-License-Identifier: Apache-2.0
#include "recommender/evaluation/interaction_file.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace kstati::recommender::evaluation {
namespace {

using models::ItemIndex;

Result<size_t> RequireColumn(const Csv& csv, const char* column, const std::string& place) {
  if (const auto found = csv.Find(column)) return *found;
  return Fail(ErrorCode::kInvalidArgument, std::string("there is no column ") + column, place,
              "give a header with user, item and, if it is known, time");
}

std::optional<double> FiniteNumber(const std::string& text) {
  double number = 0;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end || !std::isfinite(number)) return std::nullopt;
  return number;
}

// Leaves rows out whose time alone is no number.
void RefuseOddTimes(size_t time, std::vector<const CsvRow*>& rows,
                    std::vector<RefusedRow>& refused) {
  constexpr std::ptrdiff_t kOneIn = 20;
  const auto is_odd = [time](const CsvRow* row) {
    return !row->fields[time].empty() && !FiniteNumber(row->fields[time]);
  };
  const auto is_empty = [time](const CsvRow* row) { return row->fields[time].empty(); };
  const auto timed = std::ssize(rows) - std::ranges::count_if(rows, is_empty);
  if (kOneIn * std::ranges::count_if(rows, is_odd) > timed) return;
  for (const CsvRow* row : rows) {
    if (is_odd(row)) refused.push_back({row->line, "the time is no number, as in other rows"});
  }
  std::erase_if(rows, is_odd);
}

// Earlier rows first; those without a time before all others.
void SortByTime(size_t time, std::vector<const CsvRow*>& rows) {
  const auto is_number_or_empty = [time](const CsvRow* row) {
    return row->fields[time].empty() || FiniteNumber(row->fields[time]);
  };
  if (!std::ranges::all_of(rows, is_number_or_empty)) {
    std::ranges::stable_sort(rows, {}, [time](const CsvRow* row) { return row->fields[time]; });
    return;
  }
  std::vector<std::pair<double, const CsvRow*>> timed;
  for (const CsvRow* row : rows) {
    timed.emplace_back(FiniteNumber(row->fields[time]).value_or(-HUGE_VAL), row);
  }
  std::ranges::stable_sort(timed, {}, &std::pair<double, const CsvRow*>::first);
  std::ranges::transform(timed, rows.begin(), &std::pair<double, const CsvRow*>::second);
}

// Numbers names in the order in which they come.
class Numbering {
 public:
  explicit Numbering(std::vector<std::string>& names) : names_(names) {
    for (size_t i = 0; i < names.size(); ++i) numbers_.emplace(names[i], i);
  }
  size_t Of(const std::string& name) {
    const auto [found, added] = numbers_.emplace(name, names_.size());
    if (added) names_.push_back(name);
    return found->second;
  }

 private:
  std::vector<std::string>& names_;
  std::unordered_map<std::string, size_t> numbers_;
};

}  // namespace

Result<void> AddInteractions(const Csv& csv, const std::string& place, InteractionTable& table) {
  KSTATI_TRY(const size_t user, RequireColumn(csv, "user", place));
  KSTATI_TRY(const size_t item, RequireColumn(csv, "item", place));
  const auto time = csv.Find("time");
  table.refused.insert(table.refused.end(), csv.refused.begin(), csv.refused.end());
  std::vector<const CsvRow*> rows;
  for (const CsvRow& row : csv.rows) {
    const bool is_named = !row.fields[user].empty() && !row.fields[item].empty();
    if (is_named) {
      rows.push_back(&row);
    } else {
      table.refused.push_back({row.line, "the user or the item is empty"});
    }
  }
  if (rows.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "no row says who took what", place,
                "give at least one row with a user and an item");
  }
  if (time) {
    RefuseOddTimes(*time, rows, table.refused);
    SortByTime(*time, rows);
  }
  Numbering items(table.histories.items);
  Numbering people(table.people);
  for (const CsvRow* row : rows) {
    const size_t person = people.Of(row->fields[user]);
    table.histories.people.resize(table.people.size());
    auto& history = table.histories.people[person];
    const auto index = static_cast<ItemIndex>(items.Of(row->fields[item]));
    if (std::find(history.begin(), history.end(), index) != history.end()) {
      ++table.repeated;
    } else {
      history.push_back(index);
    }
  }
  return {};
}

std::vector<HeldOutPerson> HeldOutPeople(const InteractionTable& training,
                                         const InteractionTable& held_out) {
  std::unordered_map<std::string, size_t> known;
  for (size_t i = 0; i < training.people.size(); ++i) known.emplace(training.people[i], i);
  std::vector<HeldOutPerson> people;
  for (size_t i = 0; i < held_out.people.size(); ++i) {
    HeldOutPerson person;
    const auto found = known.find(held_out.people[i]);
    if (found != known.end()) person.known = training.histories.people[found->second];
    for (const ItemIndex item : held_out.histories.people[i]) {
      const bool is_known =
          std::find(person.known.begin(), person.known.end(), item) != person.known.end();
      if (!is_known) person.wanted.push_back(item);
    }
    people.push_back(std::move(person));
  }
  return people;
}

size_t CountKnown(const InteractionTable& known, const InteractionTable& held_out) {
  const std::unordered_set<std::string> names(known.people.begin(), known.people.end());
  return static_cast<size_t>(std::ranges::count_if(
      held_out.people, [&](const std::string& name) { return names.contains(name); }));
}

}  // namespace kstati::recommender::evaluation
