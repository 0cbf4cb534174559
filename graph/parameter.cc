// SPDX-License-Identifier: Apache-2.0
#include "graph/parameter.h"

#include <algorithm>

namespace kstati::graph {
namespace {

bool Matches(const DimensionMatch& match, const DimensionValue& value) {
  if (const auto* word = std::get_if<std::string>(&value)) {
    return !match.word.empty() && match.word == *word;
  }
  const int64_t number = std::get<int64_t>(value);
  const bool ranged = match.from.has_value() || match.to.has_value();
  return ranged && number >= match.from.value_or(number) && number <= match.to.value_or(number);
}

bool MatchesAll(const ParameterValue& value, const std::map<std::string, DimensionValue>& given) {
  return std::all_of(value.when.begin(), value.when.end(), [&](const auto& entry) {
    const auto dimension = given.find(entry.first);
    return dimension != given.end() && Matches(entry.second, dimension->second);
  });
}

bool CanMatchTogether(const DimensionMatch& a, const DimensionMatch& b) {
  const bool words = !a.word.empty() && !b.word.empty();
  if (words) return a.word == b.word;
  const auto reaches = [](std::optional<int64_t> from, std::optional<int64_t> to) {
    return !from || !to || *from <= *to;
  };
  const bool a_ranged = a.from || a.to;
  const bool b_ranged = b.from || b.to;
  return a_ranged && b_ranged && reaches(a.from, b.to) && reaches(b.from, a.to);
}

bool Overlap(const DateInterval& a, const DateInterval& b) {
  return (!a.to || b.from <= *a.to) && (!b.to || a.from <= *b.to);
}

}  // namespace

const ParameterValue* Parameter::On(Date date, const std::string& region,
                                    const std::map<std::string, DimensionValue>& given) const {
  const auto best_of = [&](std::string_view wanted) {
    const ParameterValue* best = nullptr;
    for (const ParameterValue& value : values) {
      if (value.region != wanted || !value.in_force.Contains(date)) continue;
      if (!MatchesAll(value, given)) continue;
      if (best == nullptr || value.when.size() > best->when.size()) best = &value;
    }
    return best;
  };
  if (const ParameterValue* const own = best_of(region)) return own;
  return IsRegional() ? nullptr : best_of(kFederal);
}

bool Parameter::IsRegional() const {
  return std::any_of(values.begin(), values.end(),
                     [](const ParameterValue& value) { return value.region != kFederal; });
}

bool Ambiguous(const ParameterValue& a, const ParameterValue& b) {
  if (a.region != b.region || a.when.size() != b.when.size()) return false;
  if (!Overlap(a.in_force, b.in_force)) return false;
  return std::all_of(a.when.begin(), a.when.end(), [&](const auto& entry) {
    const auto other = b.when.find(entry.first);
    return other == b.when.end() || CanMatchTogether(entry.second, other->second);
  });
}

}  // namespace kstati::graph
