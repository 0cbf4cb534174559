// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "eligibility/internal/regulation_lint.h"

namespace kstati::eligibility {

// Parts of derived attributes that decide nothing wherever the attribute is read. For one thread.
class DerivedLint {
 public:
  // The book must outlive it.
  explicit DerivedLint(const Rulebook& book) : book_(book) {}

  // Looks at the attributes that the rules of a regulation read; `lint` is of the same scope.
  void Look(const LintScope& scope, RegulationLint& lint);

  // Of the regulations looked at: what is dead in every one that reads the attribute, and that none
  // of them accepts.
  std::vector<Finding> Findings() const;

 private:
  const Rulebook& book_;
  std::map<uint32_t, std::vector<Finding>> found_;  // by the attribute's slot
  std::set<uint32_t> accepted_;
};

}  // namespace kstati::eligibility
