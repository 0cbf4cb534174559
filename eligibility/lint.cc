// SPDX-License-Identifier: Apache-2.0
#include "eligibility/lint.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "eligibility/internal/regulation_lint.h"

namespace kstati::eligibility {
namespace {

constexpr std::string_view kDeclared = "declared";  // the person says it, no registry
constexpr std::string_view kSomeRegion = "77";      // where no region has figures of its own

// The region with the most figures of its own, so that few rules are left open.
std::string BestKnownRegion(const graph::Catalogue& catalogue) {
  std::map<std::string, size_t> figures;
  for (const graph::Parameter& parameter : catalogue.parameters()) {
    for (const graph::ParameterValue& value : parameter.values) {
      if (value.region != graph::kFederal) ++figures[value.region];
    }
  }
  const auto most =
      std::ranges::max_element(figures, {}, [](const auto& region) { return region.second; });
  return most == figures.end() ? std::string(kSomeRegion) : most->first;
}

// The day of `interval` that is nearest to `today`.
Date NearestDay(const DateInterval& interval, Date today) {
  if (today < interval.from) return interval.from;
  return interval.to && *interval.to < today ? *interval.to : today;
}

// What is asked though a registry tells.
void CheckAsked(const Program& program, std::vector<Finding>& findings) {
  for (const profile::Attribute& attribute : program.dictionary().attributes()) {
    if (!attribute.askable || !attribute.is_reported()) continue;
    std::vector<RegistryId> registries{attribute.registry};
    registries.insert(registries.end(), attribute.also.begin(), attribute.also.end());
    const auto held = std::ranges::find_if(
        registries, [](const RegistryId& id) { return id.text() != kDeclared; });
    if (held == registries.end()) continue;
    Finding finding;
    finding.check = "asked-though-held";
    finding.of = attribute.id.text();
    finding.where = attribute.location;
    finding.text = "people are asked for " + attribute.id.text() + ", which the registry " +
                   held->text() + " reports";
    finding.remedy = "make it `askable: false`, or let nobody but the person report it";
    findings.push_back(std::move(finding));
  }
}

}  // namespace

std::vector<Finding> Lint(const Program& program, Date today) {
  std::vector<Finding> findings;
  CheckAsked(program, findings);
  const std::string region = BestKnownRegion(program.catalogue());
  std::map<Date, DateSteps> steps;
  for (const graph::Service& service : program.catalogue().services()) {
    for (const graph::Regulation& regulation : service.regulations) {
      if (regulation.criteria.empty()) continue;
      const Date day = NearestDay(regulation.in_force, today);
      DateSteps& of_day = steps.try_emplace(day, program.book(), day).first->second;
      std::vector<Finding> found =
          RegulationLint(program, program.book(), of_day, service, regulation, day, region).Run();
      std::move(found.begin(), found.end(), std::back_inserter(findings));
    }
  }
  return findings;
}

std::string ToYaml(const graph::Example& witness) {
  std::string text = "- name: " + witness.name + "\n  on: " + witness.on.ToString() +
                     "\n  region: \"" + witness.region + "\"\n  facts: {";
  const char* comma = "";
  for (const auto& [attribute, value] : witness.facts) {
    text += comma + attribute.text() + ": \"" + value + "\"";
    comma = ", ";
  }
  text += "}\n  expect: " + witness.expect + "\n";
  if (witness.grounds.empty()) return text;
  text += "  grounds: [";
  comma = "";
  for (const GroundId& ground : witness.grounds) {
    text += comma + ground.text();
    comma = ", ";
  }
  return text + "]\n";
}

Issue ToIssue(const Finding& finding) {
  Issue issue{Severity::kWarning, finding.where, finding.check + ": " + finding.text,
              finding.remedy};
  if (finding.witness) issue.hint += "; this person shows it:\n" + ToYaml(*finding.witness);
  return issue;
}

}  // namespace kstati::eligibility
