// SPDX-License-Identifier: Apache-2.0
#include "graph/chains/day_count.h"

#include <algorithm>

#include "base/check.h"

namespace kstati::graph::chains {
namespace {

constexpr int64_t kShortestMonth = 28;

}  // namespace

// One day more, unless the calendar ends.
bool DayCount::Read() {
  if (is_read_) return false;
  const auto day = static_cast<int64_t>(up_to_.size());
  const Result<bool> working = calendar_->IsWorkingDay(first_.AddDays(day));
  if (!working) {
    is_read_ = true;
    return false;
  }
  if (day == 0) first_is_working_ = *working;
  if (day > 0 && *working) working_.push_back(day);
  up_to_.push_back(static_cast<int64_t>(working_.size()));
  return true;
}

bool DayCount::Knows(int64_t day) {
  while (static_cast<int64_t>(up_to_.size()) <= day) {
    if (!Read()) return false;
  }
  return true;
}

int64_t DayCount::Guess(int64_t start, const Term& term) const {
  int64_t end = start + term.value;
  if (term.unit == TermUnit::kWorkingDays) end = start + (term.value * 7 + 4) / 5;
  if (term.unit == TermUnit::kMonths)
    end = first_.AddDays(start).AddMonths(term.value).days - first_.days;
  return std::max(end, static_cast<int64_t>(up_to_.size()));
}

int64_t DayCount::EndOf(int64_t start, const Term& term) {
  KSTATI_CHECK(start >= 0 && term.value >= 0);
  if (term.unit == TermUnit::kMinutes) return start;
  if (!Knows(start)) return Guess(start, term);
  size_t place = 0;  // among the working days
  if (term.unit == TermUnit::kWorkingDays) {
    if (term.value == 0) return start;
    place = static_cast<size_t>(up_to_[static_cast<size_t>(start)] + term.value - 1);
  } else {
    const int64_t end = term.unit == TermUnit::kMonths
                            ? first_.AddDays(start).AddMonths(term.value).days - first_.days
                            : start + term.value;
    if (!Knows(end)) return Guess(start, term);
    if (end == 0 && first_is_working_) return 0;
    // The last working day up to the end is the end itself, or the next one is.
    place = static_cast<size_t>(up_to_[static_cast<size_t>(end)]);
    if (place > 0 && working_[place - 1] == end) return end;
  }
  while (working_.size() <= place) {
    if (!Read()) return Guess(start, term);
  }
  return working_[place];
}

int64_t DayCount::WorkingDaysUpTo(int64_t day) {
  if (Knows(day)) return up_to_[static_cast<size_t>(day)];
  const int64_t known = up_to_.empty() ? 0 : up_to_.back();
  const int64_t guessed = day - std::max<int64_t>(static_cast<int64_t>(up_to_.size()) - 1, 0);
  return known + (guessed * 5 + 6) / 7;
}

int64_t LeastDays(const Term& term) {
  switch (term.unit) {
    case TermUnit::kMinutes: return 0;
    case TermUnit::kWorkingDays:
    case TermUnit::kCalendarDays: return term.value;
    case TermUnit::kMonths: return term.value * kShortestMonth;
  }
  KSTATI_CHECK(false);
  return 0;
}

}  // namespace kstati::graph::chains
