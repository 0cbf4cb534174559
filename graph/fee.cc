// SPDX-License-Identifier: Apache-2.0
#include "graph/fee.h"

#include <set>
#include <utility>
#include <variant>

namespace kstati::graph {
namespace {

struct Figure {
  Decimal number;
  FeeBasis basis;
};

std::optional<Figure> FigureOf(const ParameterId& id, const Catalogue& catalogue, Date day,
                               const std::string& region) {
  const Parameter* parameter = catalogue.FindParameter(id);
  const ParameterValue* value = parameter == nullptr ? nullptr : parameter->On(day, region);
  const Decimal* number = value == nullptr ? nullptr : std::get_if<Decimal>(&value->value);
  if (number == nullptr) return std::nullopt;
  return Figure{*number, {parameter, value}};
}

void AddChanges(const ParameterId& id, const Catalogue& catalogue, std::set<Date>& days) {
  const Parameter* parameter = catalogue.FindParameter(id);
  if (parameter == nullptr) return;
  for (const ParameterValue& value : parameter->values) {
    days.insert(value.in_force.from);
    if (value.in_force.to) days.insert(value.in_force.to->AddDays(1));
  }
}

}  // namespace

std::optional<FeeDue> FeeOn(const Fee& fee, const Catalogue& catalogue, Date day,
                            const std::string& region, std::string_view channel) {
  FeeDue due;
  if (fee.amount) {
    due.full = *fee.amount;
  } else if (const auto figure = FigureOf(fee.parameter, catalogue, day, region)) {
    due.full = figure->number;
    due.basis.push_back(figure->basis);
  } else {
    return std::nullopt;
  }
  due.due = due.full;
  std::optional<FeeBasis> discount;
  for (const Discount& one : fee.discounts) {
    if (one.channel != channel) continue;
    const auto factor = FigureOf(one.factor, catalogue, day, region);
    const auto reduced = factor ? due.full.Multiply(factor->number) : std::nullopt;
    if (!reduced || *reduced >= due.due) continue;
    due.due = *reduced;
    discount = factor->basis;
  }
  if (discount) due.basis.push_back(*discount);
  return due;
}

std::vector<Date> FeeChanges(const Fee& fee, const Catalogue& catalogue) {
  std::set<Date> days;
  if (!fee.amount) AddChanges(fee.parameter, catalogue, days);
  for (const Discount& one : fee.discounts) AddChanges(one.factor, catalogue, days);
  return {days.begin(), days.end()};
}

}  // namespace kstati::graph
