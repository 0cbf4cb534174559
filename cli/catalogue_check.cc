// SPDX-License-Identifier: Apache-2.0
#include "cli/catalogue_check.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "cli/system.h"
#include "eligibility/lint.h"
#include "eligibility/supply.h"
#include "graph/service_graph.h"
#include "graph/standard.h"

namespace kstati::cli {
namespace {

void Add(std::vector<Issue>&& found, std::vector<Issue>& issues) {
  std::move(found.begin(), found.end(), std::back_inserter(issues));
}

}  // namespace

CatalogueFindings CheckCatalogue(const std::string& folder, Date today) {
  CatalogueFindings findings;
  const auto loaded = LoadedCatalogue::Load(folder, findings.issues);
  const graph::Catalogue& catalogue = loaded->catalogue;
  const std::vector<graph::ApprovedStandard> standards =
      graph::LoadStandards(folder, catalogue, findings.issues);
  findings.services = catalogue.services().size();
  findings.situations = catalogue.situations().size();
  for (const graph::Service& service : catalogue.services()) {
    findings.examples += service.examples.size();
  }
  const graph::ServiceGraph services(catalogue, today, loaded->calendars.get());
  // Examples of rules that do not compile would only repeat the same problem.
  if (!HasErrors(findings.issues)) {
    Add(eligibility::RunExamples(*loaded->program), findings.issues);
    eligibility::LintReport report = eligibility::Lint(*loaded->program, today, standards);
    for (const eligibility::Finding& finding : report.findings) {
      findings.issues.push_back(eligibility::ToIssue(finding));
    }
    findings.open = std::move(report.open);
    eligibility::AchievabilityReport proven =
        eligibility::ProveAchievable(*loaded->program, services, *loaded->validities, today);
    for (const eligibility::Finding& finding : proven.findings) {
      findings.issues.push_back(eligibility::ToIssue(finding));
      findings.issues.back().severity = Severity::kError;  // what is offered cannot be had
    }
    findings.proofs = std::move(proven.situations);
    findings.undecided = std::move(proven.open);
  }
  const auto supplied = [&](const AttributeId& id) {
    return eligibility::IsSupplied(loaded->dictionary, services, id);
  };
  Add(services.DeadInputs(supplied), findings.issues);
  Add(services.DeadCircles(supplied), findings.issues);
  return findings;
}

}  // namespace kstati::cli
