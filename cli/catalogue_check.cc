// SPDX-License-Identifier: Apache-2.0
#include "cli/catalogue_check.h"

#include "cli/system.h"
#include "graph/service_graph.h"

namespace kstati::cli {
namespace {

void FindCircles(const graph::ServiceGraph& services, std::vector<Issue>& issues) {
  for (const std::vector<ServiceId>& circle : services.Cycles()) {
    std::string names;
    for (const ServiceId& id : circle) names += (names.empty() ? "" : " -> ") + id.text();
    const graph::Service* first = services.catalogue().FindService(circle.front());
    issues.push_back({Severity::kWarning, first == nullptr ? Location{} : first->location,
                      "services feed each other in a circle: " + names,
                      "one of them must be possible without the others' outputs"});
  }
}

}  // namespace

CatalogueFindings CheckCatalogue(const std::string& folder, Date today) {
  CatalogueFindings findings;
  const auto loaded = LoadedCatalogue::Load(folder, findings.issues);
  const graph::Catalogue& catalogue = loaded->catalogue;
  findings.services = catalogue.services().size();
  findings.situations = catalogue.situations().size();
  for (const graph::Service& service : catalogue.services()) {
    findings.examples += service.examples.size();
  }
  // Examples of rules that do not compile would only repeat the same problem.
  if (HasErrors(findings.issues)) return findings;
  for (Issue& issue : eligibility::RunExamples(*loaded->program)) {
    findings.issues.push_back(std::move(issue));
  }
  const graph::ServiceGraph services(catalogue, today);
  FindCircles(services, findings.issues);
  const auto supplied = [&](const AttributeId& id) {
    const profile::Attribute* attribute = loaded->dictionary.Find(id);
    return attribute != nullptr &&
           (attribute->is_reported() || !attribute->derive.empty() || !attribute->same_as.empty());
  };
  for (Issue& issue : services.DeadInputs(supplied)) findings.issues.push_back(std::move(issue));
  return findings;
}

}  // namespace kstati::cli
