// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/standard_lint.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

namespace kstati::eligibility {
namespace {

constexpr std::string_view kCheck = "beyond-standard";
bool Accepts(const graph::Regulation& regulation, const graph::Situation& situation) {
  return std::ranges::any_of(regulation.accepted, [&](const graph::AcceptedFinding& accepted) {
    return accepted.finding == kCheck && accepted.of == situation.id.text();
  });
}

std::string Counted(int count, const std::string& things) {
  return std::to_string(count) + " " + things;
}

}  // namespace

StandardLint::StandardLint(const Program& program, RegulationLints& lints)
    : program_(program), lints_(lints) {}

std::vector<Finding> StandardLint::Check(const graph::Situation& situation) {
  Findings findings;
  if (!situation.standard) return findings;
  for (const ServiceId& id : situation.services) {
    const graph::Service& service = *program_.catalogue().FindService(id);
    for (const graph::Regulation& regulation : service.regulations) {
      const bool over = regulation.in_force.to && *regulation.in_force.to < lints_.today();
      if (over || Accepts(regulation, situation)) continue;
      for (const LintScope& scope : VersionsOf(service, regulation)) {
        CheckVersion(situation, scope, findings);
      }
    }
  }
  if (!situation.standard->visits || !findings.empty()) return findings;
  for (const auto about : {graph::About::kPerson, graph::About::kChild, graph::About::kDeceased}) {
    if (std::optional<Finding> finding = CheckTogether(situation, about)) {
      findings.push_back(*std::move(finding));
    }
  }
  return findings;
}

std::vector<LintScope> StandardLint::VersionsOf(const graph::Service& service,
                                                const graph::Regulation& regulation) const {
  std::vector<LintScope> scopes;
  for (const graph::Variant& variant : regulation.variants) {
    scopes.push_back(lints_.ScopeOf(service, regulation));
    scopes.back().variant = &variant;
  }
  if (scopes.empty()) scopes.push_back(lints_.ScopeOf(service, regulation));
  return scopes;
}

void StandardLint::CheckVersion(const graph::Situation& situation, const LintScope& scope,
                                Findings& findings) {
  const graph::Standard& standard = *situation.standard;
  const graph::Regulation& regulation = scope.regulation();
  const auto check = [&](int count, std::optional<int> most, const std::string& things) {
    if (!most || count <= *most) return;
    const std::string& id = scope.service->id.text();
    Finding finding = FindingOf(situation, id + " asks " + Counted(count, things) + ", and " +
                                               std::to_string(*most) + " is the most");
    finding.service = scope.service->id;
    finding.where = scope.variant ? scope.variant->location : regulation.location;
    finding.witness = lints_.For(scope).EntitledPerson("is asked " + Counted(count, things));
    findings.push_back(std::move(finding));
  };
  check(regulation.visits, standard.visits, "visits");
  check(DocumentsOf(regulation), standard.documents, "documents");
}

std::optional<Finding> StandardLint::CheckTogether(const graph::Situation& situation,
                                                   graph::About about) {
  std::vector<LintScope> scopes;  // of each service the version with the most visits
  for (const ServiceId& id : situation.services) {
    const graph::Service& service = *program_.catalogue().FindService(id);
    const graph::Regulation* regulation = service.RegulationOn(lints_.today());
    if (service.about != about || regulation == nullptr || Accepts(*regulation, situation))
      continue;
    const std::vector<LintScope> versions = VersionsOf(service, *regulation);
    const auto most = std::ranges::max_element(
        versions, {}, [](const LintScope& scope) { return scope.regulation().visits; });
    if (most->regulation().visits > 0) scopes.push_back(*most);
  }
  std::ranges::stable_sort(scopes, std::greater(),
                           [](const LintScope& scope) { return scope.regulation().visits; });
  int visits = 0;
  std::string services;
  std::vector<uint32_t> required;
  for (LintScope& scope : scopes) {
    const std::string& id = scope.service->id.text();
    scope.required = required;
    visits += scope.regulation().visits;
    const std::string all = services + (services.empty() ? "" : ", ") + id;
    std::optional<graph::Example> entitled =
        lints_.For(scope).EntitledPerson("is asked " + Counted(visits, "visits") + " by " + all);
    if (!entitled) {  // not together with the others, as far as is known
      visits -= scope.regulation().visits;
      continue;
    }
    services = all;
    if (visits > *situation.standard->visits) {
      const std::string most = std::to_string(*situation.standard->visits) + " is the most";
      Finding finding = FindingOf(
          situation, services + " ask one person " + Counted(visits, "visits") + ", and " + most);
      finding.service = scope.service->id;
      finding.where = situation.location;
      finding.witness = std::move(entitled);
      return finding;
    }
    std::ranges::copy(RulesFor(scope), std::back_inserter(required));
  }
  return std::nullopt;
}

Finding StandardLint::FindingOf(const graph::Situation& situation, const std::string& what) const {
  const graph::LegalSource& source = situation.standard->source;
  Finding finding;
  finding.check = kCheck;
  finding.of = situation.id.text();
  finding.text = what + " in the situation " + situation.id.text() + " (" + source.act.text() +
                 ", " + source.article + ")";
  finding.remedy = "ask less of people, or correct the standard";
  return finding;
}

int StandardLint::DocumentsOf(const graph::Regulation& regulation) const {
  const auto must_be_brought = [&](const AttributeId& id) {
    const profile::Attribute* attribute = program_.dictionary().Find(id);
    while (attribute != nullptr && !attribute->same_as.empty()) {
      attribute = program_.dictionary().Find(attribute->same_as);
    }
    return attribute != nullptr && attribute->registry.text() == profile::kDeclared &&
           attribute->also.empty();
  };
  return static_cast<int>(std::ranges::count_if(regulation.inputs, [&](const graph::Input& input) {
    return std::ranges::all_of(input.any_of, must_be_brought);
  }));
}

std::vector<uint32_t> StandardLint::RulesFor(const LintScope& scope) const {
  const Rulebook& book = program_.book();
  std::vector<uint32_t> rules = book.plans.at(&scope.regulation()).rules;
  if (scope.variant != nullptr) {
    const size_t index = scope.variant - scope.whole->variants.data();
    rules.push_back(book.plans.at(scope.whole).categories[index]);
  }
  return rules;
}

}  // namespace kstati::eligibility
