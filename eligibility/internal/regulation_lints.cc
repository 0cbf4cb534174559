// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/regulation_lints.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace kstati::eligibility {
namespace {

constexpr std::string_view kSomeRegion = "77";  // where no region has figures of its own

// Regions by how many figures of their own they have, so that few rules are left open.
std::vector<std::string> BestKnownRegions(const graph::Catalogue& catalogue) {
  std::map<std::string, size_t> figures;
  for (const graph::Parameter& parameter : catalogue.parameters()) {
    for (const graph::ParameterValue& value : parameter.values) {
      if (value.region != graph::kFederal) ++figures[value.region];
    }
  }
  std::vector<std::string> regions;
  for (const auto& [region, count] : figures) regions.push_back(region);
  std::ranges::stable_sort(regions, std::greater(),
                           [&](const std::string& region) { return figures.at(region); });
  if (regions.empty()) regions.emplace_back(kSomeRegion);
  return regions;
}

// The day of `interval` that is nearest to `today`.
Date NearestDay(const DateInterval& interval, Date today) {
  if (today < interval.from) return interval.from;
  return interval.to && *interval.to < today ? *interval.to : today;
}

}  // namespace

RegulationLints::RegulationLints(const Program& program, Date today)
    : program_(program), today_(today), regions_(BestKnownRegions(program.catalogue())) {}

LintScope RegulationLints::ScopeOf(const graph::Service& service,
                                   const graph::Regulation& regulation) const {
  LintScope scope;
  scope.service = &service;
  scope.whole = &regulation;
  scope.day = NearestDay(regulation.in_force, today_);
  scope.region =
      regulation.region.empty() ? TypicalRegion(service, regulation, scope.day) : regulation.region;
  return scope;
}

RegulationLint RegulationLints::For(LintScope scope) {
  DateSteps& steps = steps_.try_emplace(scope.day, program_.book(), scope.day).first->second;
  return RegulationLint(program_, steps, std::move(scope));
}

// A region that has no regulation of its own that day.
std::string RegulationLints::TypicalRegion(const graph::Service& service,
                                           const graph::Regulation& regulation, Date day) const {
  const auto is_typical = [&](const std::string& region) {
    return service.RegulationOn(day, region) == &regulation;
  };
  const auto known = std::ranges::find_if(regions_, is_typical);
  if (known != regions_.end()) return *known;
  std::string code;
  for (int number = 99; number > 0; --number) {
    code = (number < 10 ? "0" : "") + std::to_string(number);
    if (is_typical(code)) break;
  }
  return code;
}

}  // namespace kstati::eligibility
