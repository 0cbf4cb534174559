// SPDX-License-Identifier: Apache-2.0
#include "eligibility/lint.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "eligibility/internal/regulation_lints.h"
#include "eligibility/internal/standard_lint.h"

namespace kstati::eligibility {
namespace {

constexpr std::string_view kDeclared = "declared";  // the person says it, no registry

// Checks a catalogue part by part.
class CatalogueLint {
 public:
  CatalogueLint(const Program& program, Date today)
      : program_(program), lints_(program, today), standards_(program, lints_) {}

  std::vector<Finding> Run() {
    for (const profile::Attribute& attribute : program_.dictionary().attributes()) {
      CheckAsked(attribute);
    }
    for (const graph::Service& service : program_.catalogue().services()) {
      for (const graph::Regulation& regulation : service.regulations) {
        Check(service, regulation);
      }
    }
    for (const graph::Situation& situation : program_.catalogue().situations()) {
      std::ranges::move(standards_.Check(situation), std::back_inserter(findings_));
    }
    return std::move(findings_);
  }

 private:
  using Findings = std::vector<Finding>;

  // What is asked though a registry tells.
  void CheckAsked(const profile::Attribute& attribute) {
    if (!attribute.askable || !attribute.is_reported()) return;
    std::vector<RegistryId> registries{attribute.registry};
    registries.insert(registries.end(), attribute.also.begin(), attribute.also.end());
    const auto held = std::ranges::find_if(
        registries, [](const RegistryId& id) { return id.text() != kDeclared; });
    if (held == registries.end()) return;
    Finding finding;
    finding.check = "asked-though-held";
    finding.of = attribute.id.text();
    finding.where = attribute.location;
    finding.text = "people are asked for " + attribute.id.text() + ", which the registry " +
                   held->text() + " reports";
    finding.remedy = "make it `askable: false`, or let nobody but the person report it";
    ShowAsked(attribute, "the registry " + held->text() + " reports " + attribute.id.text(),
              finding);
    findings_.push_back(std::move(finding));
  }

  // A person of the first service that decides by the attribute.
  void ShowAsked(const profile::Attribute& attribute, const std::string& name, Finding& finding) {
    for (const graph::Service& service : program_.catalogue().services()) {
      for (const graph::Regulation& regulation : service.regulations) {
        finding.witness =
            lints_.For(lints_.ScopeOf(service, regulation)).PersonWith(attribute.index, name);
        finding.service = service.id;
        if (finding.witness) return;
      }
    }
    finding.service = ServiceId();
  }

  // A typical regulation, what categories have otherwise, and what regions have otherwise.
  void Check(const graph::Service& service, const graph::Regulation& typical) {
    const Findings common = CheckWithVariants(lints_.ScopeOf(service, typical), nullptr);
    Add(common, {});
    for (const graph::Regulation& regional : service.regional) {
      if (!typical.in_force.Contains(regional.in_force.from)) continue;
      LintScope scope = lints_.ScopeOf(service, regional);
      scope.others = {&typical};
      if (HasOtherRules(regional, typical)) Add(CheckWithVariants(scope, &typical), common);
    }
  }

  Findings CheckWithVariants(const LintScope& whole, const graph::Regulation* typical) {
    RegulationLint lint = lints_.For(whole);
    Findings found = lint.Run();
    std::set<GroundId> reached = lint.reached();
    if (lint.nobody_qualifies()) return found;  // nor does anybody of a category
    for (size_t i = 0; i < whole.whole->variants.size(); ++i) {
      LintScope scope = whole;
      scope.variant = &whole.whole->variants[i];
      scope.others = {whole.whole};
      if (typical != nullptr) scope.others.push_back(typical->variants[i].regulation.get());
      RegulationLint of_variant = lints_.For(scope);
      std::ranges::move(of_variant.Run(), std::back_inserter(found));
      reached.insert(of_variant.reached().begin(), of_variant.reached().end());
    }
    std::erase_if(found, [&](const Finding& finding) {
      return finding.check == "ground-unreachable" && reached.contains(GroundId(finding.of));
    });
    return found;
  }

  static bool Finds(const Findings& found, std::string_view check, std::string_view of) {
    return std::ranges::any_of(
        found, [&](const Finding& finding) { return finding.check == check && finding.of == of; });
  }

  // What is not among `known`: one ground that several categories cite is reported once.
  void Add(const Findings& found, Findings known) {
    for (const Finding& finding : found) {
      const bool once = finding.check != "dead-part";  // a rule may have several such parts
      if (Finds(known, finding.check, finding.of)) continue;
      if (once) known.push_back(finding);
      findings_.push_back(finding);
    }
  }

  static bool HasOtherRules(const graph::Regulation& one, const graph::Regulation& other) {
    const auto same = [](const graph::Criterion& a, const graph::Criterion& b) {
      return a.rule == b.rule && a.ground == b.ground;
    };
    return !std::ranges::equal(one.criteria, other.criteria, same);
  }

  const Program& program_;
  RegulationLints lints_;
  StandardLint standards_;
  Findings findings_;
};

}  // namespace

std::vector<Finding> Lint(const Program& program, Date today) {
  return CatalogueLint(program, today).Run();
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
