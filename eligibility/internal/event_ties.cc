// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/event_ties.h"

#include <string>

namespace kstati::eligibility {
namespace {

std::string HintOf(const profile::Dictionary& dictionary, profile::RelationKind kind) {
  std::string reporters;
  for (const RegistryId& id : dictionary.ReportersOf(kind)) {
    reporters += (reporters.empty() ? "" : ", ") + id.text();
  }
  return (reporters.empty() ? std::string("no registry may") : "only these may: " + reporters) +
         "; registries.yaml says who may report what";
}

}  // namespace

void CheckTies(const graph::Catalogue& catalogue, const profile::Dictionary& dictionary,
               std::vector<Issue>& issues) {
  for (const graph::EventType& type : catalogue.event_types()) {
    const profile::Registry* const registry = dictionary.FindRegistry(type.registry);
    if (registry == nullptr && !type.registry.empty()) continue;  // an issue of its own
    for (const graph::EventRelation& relation : type.relations) {
      const Result<profile::RelationKind> kind = profile::ParseRelationKind(relation.kind);
      if (!kind || (registry != nullptr && registry->MayReport(*kind))) continue;
      const std::string who = registry == nullptr ? "an event that no registry announces"
                                                  : "the registry " + registry->id.text();
      issues.push_back({Severity::kError, type.location,
                        who + " may not report who is " + relation.kind + " of whom, which \"" +
                            type.id.text() + "\" implies",
                        HintOf(dictionary, *kind)});
    }
  }
}

}  // namespace kstati::eligibility
