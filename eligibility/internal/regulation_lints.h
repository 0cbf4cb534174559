// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "eligibility/internal/regulation_lint.h"

namespace kstati::eligibility {

// Makes the checks of the regulations of one catalogue, each on the day and in the region where it
// is best shown. For one thread; the program must outlive it.
class RegulationLints {
 public:
  RegulationLints(const Program& program, Date today);

  // `regulation` is one of the service, for all regions or for one: as it is on the day of its time
  // that is nearest to today, where nothing replaces it.
  LintScope ScopeOf(const graph::Service& service, const graph::Regulation& regulation) const;
  // Refers to this object.
  RegulationLint For(LintScope scope);

  Date today() const { return today_; }
  // The one with most figures of its own.
  const std::string& region() const { return regions_.front(); }

 private:
  std::string TypicalRegion(const graph::Service& service, const graph::Regulation& regulation,
                            Date day) const;

  const Program& program_;
  const Date today_;
  const std::vector<std::string> regions_;
  std::map<Date, DateSteps> steps_;
};

}  // namespace kstati::eligibility
