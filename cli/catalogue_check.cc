// SPDX-License-Identifier: Apache-2.0
#include "cli/catalogue_check.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "cli/system.h"
#include "eligibility/lint.h"
#include "graph/service_graph.h"

namespace kstati::cli {
namespace {

constexpr std::string_view kDeclared = "declared";  // the person says it, no registry

// Services that both need and output an attribute replace it: people hold it from before.
bool IsReplaced(const graph::ServiceGraph& services, const AttributeId& id) {
  const std::vector<ServiceId> producers = services.ProducersOf(id);
  return std::ranges::any_of(services.ConsumersOf(id), [&](const ServiceId& consumer) {
    return std::ranges::binary_search(producers, consumer);
  });
}

bool IsProved(const graph::Catalogue& catalogue, const AttributeId& id) {
  return std::ranges::any_of(catalogue.event_types(), [&](const graph::EventType& type) {
    return std::ranges::find(type.proves, id) != type.proves.end();
  });
}

// Whether an attribute comes from outside the catalogue's services. What a service outputs its
// registry reports only afterwards. An attribute that does not exist was reported where it is
// named.
bool IsSupplied(const LoadedCatalogue& loaded, const graph::ServiceGraph& services,
                const AttributeId& id) {
  const profile::Attribute* attribute = loaded.dictionary.Find(id);
  if (attribute == nullptr || !attribute->derive.empty() || !attribute->same_as.empty()) {
    return true;
  }
  if (attribute->registry.text() == kDeclared || services.ProducersOf(id).empty()) {
    return attribute->is_reported();
  }
  return IsReplaced(services, id) || IsProved(loaded.catalogue, id);
}

void Add(std::vector<Issue>&& found, std::vector<Issue>& issues) {
  std::move(found.begin(), found.end(), std::back_inserter(issues));
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
  if (!HasErrors(findings.issues)) {
    Add(eligibility::RunExamples(*loaded->program), findings.issues);
    eligibility::LintReport report = eligibility::Lint(*loaded->program, today);
    for (const eligibility::Finding& finding : report.findings) {
      findings.issues.push_back(eligibility::ToIssue(finding));
    }
    findings.open = std::move(report.open);
  }
  const graph::ServiceGraph services(catalogue, today);
  const auto supplied = [&](const AttributeId& id) { return IsSupplied(*loaded, services, id); };
  Add(services.DeadInputs(supplied), findings.issues);
  Add(services.DeadCircles(supplied), findings.issues);
  return findings;
}

}  // namespace kstati::cli
