// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "base/calendar.h"
#include "base/yaml.h"

namespace kstati {
namespace {

constexpr int kFirstYear = 1992;  // the first production calendars of the present labour law
constexpr int kLastYear = 2999;
constexpr int kSaturday = 6;

// What one list of days may hold: the words for a day that does not fit, and the rule.
struct DayRule {
  std::string_view wanted;
  std::function<bool(Date)> fits;
};

void AddDay(const yaml::Node& node, int year, const DayRule& rule, std::set<Date>& days) {
  const std::optional<Date> day = node.Day();
  if (!day) return;
  if (day->parts().year != year) {
    node.Problem(day->ToString() + " is not a day of " + std::to_string(year));
  } else if (!rule.fits(*day)) {
    node.Problem(day->ToString() + " is not " + std::string(rule.wanted));
  } else if (!days.insert(*day).second) {
    node.Problem(day->ToString() + " is listed twice");
  }
}

std::set<Date> ReadDays(const yaml::Node& list, int year, const DayRule& rule) {
  std::set<Date> days;
  for (const yaml::Node& item : list.Items()) AddDay(item, year, rule, days);
  return days;
}

// {date: 2025-11-03, reason: transfer, of: 2025-11-01}; `of` only for transfers.
std::set<Date> ReadDaysOff(const yaml::Node& list, int year) {
  const DayRule rule{"a day from Monday to Friday",
                     [](Date day) { return day.weekday() < kSaturday; }};
  std::set<Date> days;
  for (const yaml::Node& item : list.Items()) {
    AddDay(item.Require("date"), year, rule, days);
    const std::optional<std::string> reason = item.Require("reason").OneOf({"holiday", "transfer"});
    if (reason == "transfer") {
      item.Require("of").Day();
    } else if (const yaml::Node of = item.Get("of"); of && reason) {
      of.Problem("only a transfer is of another day");
    }
    item.RejectUnknownKeys();
  }
  return days;
}

// Each calendar states how many working days it has, so that a day forgotten in it shows.
void CheckTotal(const yaml::Node& total, const WorkingCalendar::Year& year) {
  const std::optional<int64_t> stated = total.Integer();
  if (!stated) return;
  const WorkingCalendar calendar({year});
  const Date last_day_before = Date::Of(year.year, 1, 1);
  const int64_t counted =
      calendar.WorkingDaysBetween(last_day_before, Date::Of(year.year, 12, 31)).value() +
      (calendar.IsWorkingDay(last_day_before).value() ? 1 : 0);
  if (counted == *stated) return;
  total.Problem("the days listed make " + std::to_string(counted) + " working days, not " +
                    std::to_string(*stated),
                "a day off or a working Saturday is missing or too many");
}

std::optional<WorkingCalendar::Year> ReadYear(const std::string& path, const yaml::Node& root) {
  const yaml::Node year_node = root.Require("year");
  const std::optional<int64_t> number = year_node.Integer();
  if (number && (*number < kFirstYear || *number > kLastYear)) {
    year_node.Problem("there is no production calendar of this year");
    return std::nullopt;
  }
  if (!number) return std::nullopt;
  if (std::filesystem::path(path).stem().string() != std::to_string(*number)) {
    year_node.Problem("the file must be named " + std::to_string(*number) + ".yaml");
  }
  WorkingCalendar::Year year;
  year.year = static_cast<int>(*number);
  year.verification = root.Require("verification")
                          .OneOf({"confirmed", "computed", "from_knowledge"})
                          .value_or(std::string());
  for (const char* key : {"act", "sources"}) root.Get(key);  // checked with the catalogue's lists
  year.days_off = ReadDaysOff(root.Require("days_off"), year.year);
  const DayRule weekend{"a Saturday or a Sunday",
                        [](Date day) { return day.weekday() >= kSaturday; }};
  year.working_saturdays = ReadDays(root.Get("working_saturdays"), year.year, weekend);
  const DayRule working{"a working day", [&](Date day) {
                          return day.weekday() < kSaturday ? !year.days_off.contains(day)
                                                           : year.working_saturdays.contains(day);
                        }};
  ReadDays(root.Get("shortened_days"), year.year, working);
  CheckTotal(root.Get("working_days_total"), year);
  root.RejectUnknownKeys();
  return year;
}

// A year left out in the middle would stop terms although later years are there.
void CheckGaps(const std::string& folder, const std::set<int>& years, std::vector<Issue>& issues) {
  if (years.empty()) return;
  for (int year = *years.begin(); year < *years.rbegin(); ++year) {
    if (years.contains(year)) continue;
    issues.push_back(Issue{Severity::kError,
                           {folder + "/calendars", 0, 0},
                           "the calendar of " + std::to_string(year) + " is missing",
                           "the years must follow each other"});
  }
}

}  // namespace

WorkingCalendar LoadCalendar(const std::string& folder, std::vector<Issue>& issues) {
  std::vector<WorkingCalendar::Year> years;
  std::set<int> numbers;
  for (const std::string& path : yaml::FilesIn(folder + "/calendars")) {
    const yaml::Document document(path, issues);
    if (!document.root()) continue;
    std::optional<WorkingCalendar::Year> year = ReadYear(path, document.root());
    if (year && numbers.insert(year->year).second) years.push_back(std::move(*year));
  }
  CheckGaps(folder, numbers, issues);
  return WorkingCalendar(std::move(years));
}

}  // namespace kstati
