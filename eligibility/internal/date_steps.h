// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "base/time.h"
#include "eligibility/feel/expression.h"
#include "eligibility/feel/program.h"
#include "eligibility/internal/rulebook.h"

namespace kstati::eligibility {

// Where parts of rules that follow from one date alone (an age, the months since an event) change
// as that date goes by, seen from one day. Remembers what it computed. For one thread; the book and
// the programs must outlive it.
class DateSteps {
 public:
  DateSteps(const Rulebook& book, Date today) : book_(book), today_(today) {}

  // The first days of stretches in which the node stands to every threshold as it does all along
  // the stretch, for dates from kYearsBack before the day to kYearsAhead after it. Requires that
  // there is a DateBehind. Without thresholds: in which it has one value.
  std::set<Date> Of(const feel::Program& program, feel::NodeIndex node,
                    std::span<const feel::Value> thresholds);

  static constexpr int kYearsBack = 130;
  static constexpr int kYearsAhead = 20;

 private:
  struct Part {
    feel::Expression expression;
    std::vector<feel::Value> values;  // by grid_
    std::vector<size_t> changes;      // places in grid_ with another value than the place before
  };

  Part& PartOf(const feel::Program& program, feel::NodeIndex node);
  feel::Value At(const feel::Expression& expression, Date date) const;
  void MakeGrid();
  const Rulebook& book_;
  const Date today_;
  std::vector<Date> grid_;
  std::map<std::pair<const feel::Program*, feel::NodeIndex>, Part> parts_;
};

// The slot of the date that the value of the node follows from, together with the day of the
// decision alone and by operations that never go back between two month anniversaries of the day;
// nullopt when there is no such date, or several.
std::optional<uint32_t> DateBehind(const feel::Program& program, feel::NodeIndex node,
                                   const Rulebook& book);

// The expression of one node of a program.
feel::Expression PartOfRule(const feel::Program& program, feel::NodeIndex node);

}  // namespace kstati::eligibility
