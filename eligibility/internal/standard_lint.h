// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "eligibility/internal/regulation_lints.h"
#include "graph/standard.h"

namespace kstati::eligibility {

// What services ask of people beyond approved standards. For one thread.
class StandardLint {
 public:
  // Both must outlive it.
  StandardLint(const Program& program, RegulationLints& lints);

  // Findings "beyond-standard": of a service, in each version and for each category, that is in
  // force together with the standard today or later; of a situation, also what its services ask one
  // person together, when none does alone. A service whose regulation accepts the finding is left
  // out of all of it.
  std::vector<Finding> Check(const graph::ApprovedStandard& standard);

 private:
  using Findings = std::vector<Finding>;
  using Scopes = std::vector<LintScope>;

  // The regulation and, when it has variants, each of them in its place.
  Scopes VersionsOf(const graph::Service& service, const graph::Regulation& regulation) const;
  void CheckService(const graph::ApprovedStandard& standard, const graph::Service& service,
                    Findings& findings);
  void CheckVersion(const graph::ApprovedStandard& standard, const LintScope& scope,
                    Findings& findings);
  // Services of the situation about the same one, with all their versions on the standard's day.
  std::vector<Scopes> TogetherOf(const graph::ApprovedStandard& standard, graph::About about) const;
  // What one person is asked, of services to which somebody is entitled at once.
  void CheckCounts(const graph::ApprovedStandard& standard, const std::vector<Scopes>& services,
                   Findings& findings);
  // How many of something services ask together.
  using Count = std::function<int(const Scopes&)>;
  std::optional<Finding> CheckCount(const graph::ApprovedStandard& standard,
                                    const std::vector<Scopes>& services, int most,
                                    const std::string& things, const Count& count);
  // The terms of services each of which needs what the one before it gives.
  std::optional<Finding> CheckSequence(const graph::ApprovedStandard& standard,
                                       const std::vector<Scopes>& services, Scopes& sequence);
  // Somebody entitled to all of them; nullopt when none was found.
  std::optional<graph::Example> EntitledToAll(const Scopes& scopes, const std::string& name);

  Finding FindingOf(const graph::ApprovedStandard& standard, const std::string& what) const;
  // Inputs no registry holds.
  std::vector<const graph::Input*> DocumentsOf(const graph::Regulation& regulation) const;
  std::vector<uint32_t> RulesFor(const LintScope& scope) const;

  const Program& program_;
  RegulationLints& lints_;
};

}  // namespace kstati::eligibility
