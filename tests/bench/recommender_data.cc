// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/recommender_data.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <optional>
#include <sstream>
#include <utility>

namespace kstati::bench {
namespace {

using recommender::evaluation::Csv;
using recommender::evaluation::CsvRow;

constexpr int kFirstAge = 15;
constexpr int kLastAge = 30;
constexpr size_t kFolds = 5;  // by the row number of the person, whether or not an event can happen

// States of the family table: 0 with the parents, 1 left, 2 married, 3 left and married, 4 child,
// 5 left and child, 6 left, married and child, 7 divorced.
constexpr std::string_view kHasLeft = "1356";
constexpr std::string_view kIsMarried = "236";
constexpr std::string_view kHasChild = "456";

using States = std::array<char, kLastAge - kFirstAge + 1>;

bool In(std::string_view states, char state) { return states.find(state) != states.npos; }

std::string_view StatesOf(FamilyEvent event) {
  switch (event) {
    case FamilyEvent::kFirstChild: return kHasChild;
    case FamilyEvent::kLeavesHome: return kHasLeft;
    case FamilyEvent::kMarries: return kIsMarried;
  }
  return {};
}

// Years since the first of the states was reached; missing when none was.
std::string YearsSince(std::string_view states, const States& life, size_t now) {
  for (size_t year = 0; year <= now; ++year) {
    if (In(states, life[year])) return std::to_string(now - year);
  }
  return "NA";
}

std::vector<std::string> FieldsOfYear(const States& life, size_t now) {
  size_t years_in_state = 1;
  while (years_in_state <= now && life[now - years_in_state] == life[now]) ++years_in_state;
  size_t changes = 0;
  for (size_t year = 0; year < now; ++year) changes += life[year] != life[year + 1] ? 1 : 0;
  const auto flag = [](bool is) { return std::string(is ? "1" : "0"); };
  const char state = life[now];
  return {std::to_string(kFirstAge + static_cast<int>(now)),
          std::string(1, state),
          std::to_string(years_in_state),
          flag(In(kHasLeft, state)),
          flag(In(kIsMarried, state)),
          flag(In(kHasChild, state)),
          YearsSince(kHasLeft, life, now),
          YearsSince(kIsMarried, life, now),
          std::to_string(changes),
          YearsSince(kHasChild, life, now),
          now == 0 ? "none" : std::string(1, life[now - 1])};
}

// What everybody's life was like that year.
std::string CalendarYear(const std::string& birth_year, size_t year) {
  int born = 0;
  const auto [end, problem] =
      std::from_chars(birth_year.data(), birth_year.data() + birth_year.size(), born);
  if (problem != std::errc() || end != birth_year.data() + birth_year.size()) return "NA";
  return std::to_string(born + kFirstAge + static_cast<int>(year));
}

// Women take most steps at another age than men: their age, and how far it is from where most
// happens, squared; 0 for men.
void AddAgeOfWoman(bool is_woman, size_t year, std::vector<std::string>& fields) {
  constexpr int kMiddleAge = 22;
  const int age = kFirstAge + static_cast<int>(year);
  fields.push_back(is_woman ? std::to_string(age) : "0");
  fields.push_back(is_woman ? std::to_string((age - kMiddleAge) * (age - kMiddleAge)) : "0");
}

}  // namespace

Result<recommender::evaluation::InteractionTable> ReadVisits(const std::string& path,
                                                             std::vector<std::string> items) {
  std::ifstream stream(path);
  if (!stream) return Fail(ErrorCode::kNotFound, "the file cannot be read", path, "name another");
  Csv csv;
  csv.columns = {"user", "item"};
  std::string line;
  for (size_t number = 1; std::getline(stream, line); ++number) {
    std::istringstream areas(line);
    for (std::string area; areas >> area;) {
      csv.rows.push_back({number, {std::to_string(number), area}});
    }
  }
  recommender::evaluation::InteractionTable table;
  table.histories.items = std::move(items);
  KSTATI_TRY_VOID(recommender::evaluation::AddInteractions(csv, path, table));
  return table;
}

Result<Csv> FamilyPeriods(const std::string& path, FamilyEvent event) {
  KSTATI_TRY(const Csv people, recommender::evaluation::ReadCsv(path));
  const auto first = people.Find("a" + std::to_string(kFirstAge));
  const auto birth = people.Find("birthyr");
  if (!birth) return Fail(ErrorCode::kInvalidArgument, "there is no column birthyr", path, "");
  if (!first) return Fail(ErrorCode::kInvalidArgument, "there is no column a15", path, "");
  constexpr std::array<std::string_view, 8> kKept{"sex",    "birthyr", "nat_1_02", "plingu02",
                                                  "p02r01", "p02r04",  "cspfaj",   "cspmoj"};
  Csv periods;
  periods.columns = {"person",
                     "event",
                     "period",
                     "state",
                     "years_in_state",
                     "left",
                     "married",
                     "has_child",
                     "years_left",
                     "years_married",
                     "changes",
                     "years_with_child",
                     "state_before",
                     "calendar_year",
                     "age_of_woman",
                     "age_of_woman_curve",
                     "fold"};
  periods.columns.insert(periods.columns.end(), kKept.begin(), kKept.end());
  const std::string_view reached = StatesOf(event);
  for (size_t person = 0; person < people.rows.size(); ++person) {
    const CsvRow& row = people.rows[person];
    States life{};
    for (size_t year = 0; year < life.size(); ++year) life[year] = row.fields[*first + year].at(0);
    for (size_t year = 0; year + 1 < life.size(); ++year) {
      if (In(reached, life[year])) continue;
      CsvRow period{row.line, {std::to_string(person), In(reached, life[year + 1]) ? "1" : "0"}};
      const auto fields = FieldsOfYear(life, year);
      period.fields.insert(period.fields.end(), fields.begin(), fields.end());
      period.fields.push_back(CalendarYear(row.fields[*birth], year));
      AddAgeOfWoman(row.fields[people.Find("sex").value_or(0)] == "woman", year, period.fields);
      period.fields.push_back(std::to_string(person % kFolds));
      for (const std::string_view kept : kKept) {
        period.fields.push_back(row.fields[people.Find(kept).value_or(0)]);
      }
      periods.rows.push_back(std::move(period));
    }
  }
  return periods;
}

Result<Csv> TakeUpRows(const std::string& path) {
  KSTATI_TRY(Csv rows, recommender::evaluation::ReadCsv(path));
  const auto event = rows.Find("ui");
  if (!event) return Fail(ErrorCode::kInvalidArgument, "there is no column ui", path, "");
  rows.columns[*event] = "event";
  for (CsvRow& row : rows.rows) row.fields[*event] = row.fields[*event] == "yes" ? "1" : "0";
  return rows;
}

}  // namespace kstati::bench
