// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "eligibility/internal/regulation_lints.h"
#include "graph/situation.h"

namespace kstati::eligibility {

// What the services of a situation ask of people beyond its standard. For one thread.
class StandardLint {
 public:
  // Both must outlive it.
  StandardLint(const Program& program, RegulationLints& lints);

  // Findings "beyond-standard": of a service, in each version that is in force today or will be;
  // of the situation, when no service asks too many visits and those of today together do. A
  // service whose regulation accepts the finding is left out of both.
  std::vector<Finding> Check(const graph::Situation& situation);

 private:
  using Findings = std::vector<Finding>;

  // The regulation and, when it has variants, each of them in its place.
  std::vector<LintScope> VersionsOf(const graph::Service& service,
                                    const graph::Regulation& regulation) const;
  void CheckVersion(const graph::Situation& situation, const LintScope& scope, Findings& findings);
  // Visits of services that one person is entitled to at once.
  std::optional<Finding> CheckTogether(const graph::Situation& situation, graph::About about);
  Finding FindingOf(const graph::Situation& situation, const std::string& what) const;
  // How many inputs no registry holds.
  int DocumentsOf(const graph::Regulation& regulation) const;
  std::vector<uint32_t> RulesFor(const LintScope& scope) const;

  const Program& program_;
  RegulationLints& lints_;
};

}  // namespace kstati::eligibility
