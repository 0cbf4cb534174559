// SPDX-License-Identifier: Apache-2.0
#include "eligibility/lint.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "eligibility/internal/regulation_lint.h"

namespace kstati::eligibility {
namespace {

constexpr std::string_view kDeclared = "declared";  // the person says it, no registry
constexpr std::string_view kSomeRegion = "77";      // where no region has figures of its own

// Regions by how many figures of their own they have, so that few rules are left open.
std::vector<std::string> BestKnownRegions(const graph::Catalogue& catalogue) {
  std::map<std::string, size_t> figures;
  for (const graph::Parameter& parameter : catalogue.parameters()) {
    for (const graph::ParameterValue& value : parameter.values) {
      if (value.region != graph::kFederal) ++figures[value.region];
    }
  }
  std::vector<std::string> regions;
  for (const auto& [region, count] : figures) regions.push_back(region);
  std::ranges::stable_sort(regions, std::greater(),
                           [&](const std::string& region) { return figures.at(region); });
  if (regions.empty()) regions.emplace_back(kSomeRegion);
  return regions;
}

// The day of `interval` that is nearest to `today`.
Date NearestDay(const DateInterval& interval, Date today) {
  if (today < interval.from) return interval.from;
  return interval.to && *interval.to < today ? *interval.to : today;
}

// Checks a catalogue part by part.
class CatalogueLint {
 public:
  CatalogueLint(const Program& program, Date today)
      : program_(program), today_(today), regions_(BestKnownRegions(program.catalogue())) {}

  std::vector<Finding> Run() {
    for (const profile::Attribute& attribute : program_.dictionary().attributes()) {
      CheckAsked(attribute);
    }
    for (const graph::Service& service : program_.catalogue().services()) {
      for (const graph::Regulation& regulation : service.regulations) {
        Check(service, regulation);
      }
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
        finding.witness = LintOf(ScopeOf(service, regulation)).PersonWith(attribute.index, name);
        finding.service = service.id;
        if (finding.witness) return;
      }
    }
    finding.service = ServiceId();
  }

  // A typical regulation, what categories have otherwise, and what regions have otherwise.
  void Check(const graph::Service& service, const graph::Regulation& typical) {
    const Findings common = CheckWithVariants(ScopeOf(service, typical), nullptr);
    Add(common, {});
    for (const graph::Regulation& regional : service.regional) {
      if (!typical.in_force.Contains(regional.in_force.from)) continue;
      LintScope scope = ScopeOf(service, regional);
      scope.others = {&typical};
      if (HasOtherRules(regional, typical)) Add(CheckWithVariants(scope, &typical), common);
    }
  }

  Findings CheckWithVariants(const LintScope& whole, const graph::Regulation* typical) {
    RegulationLint lint = LintOf(whole);
    Findings found = lint.Run();
    std::set<GroundId> reached = lint.reached();
    if (lint.nobody_qualifies()) return found;  // nor does anybody of a category
    for (size_t i = 0; i < whole.whole->variants.size(); ++i) {
      LintScope scope = whole;
      scope.variant = &whole.whole->variants[i];
      scope.others = {whole.whole};
      if (typical != nullptr) scope.others.push_back(typical->variants[i].regulation.get());
      RegulationLint of_variant = LintOf(scope);
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

  LintScope ScopeOf(const graph::Service& service, const graph::Regulation& regulation) const {
    LintScope scope;
    scope.service = &service;
    scope.whole = &regulation;
    scope.day = NearestDay(regulation.in_force, today_);
    scope.region = regulation.region.empty() ? TypicalRegion(service, regulation, scope.day)
                                             : regulation.region;
    return scope;
  }

  // A region that has no regulation of its own that day.
  std::string TypicalRegion(const graph::Service& service, const graph::Regulation& regulation,
                            Date day) const {
    const auto is_typical = [&](const std::string& region) {
      return service.RegulationOn(day, region) == &regulation;
    };
    const auto known = std::ranges::find_if(regions_, is_typical);
    if (known != regions_.end()) return *known;
    std::string code;
    for (int number = 99; number > 0; --number) {
      code = (number < 10 ? "0" : "") + std::to_string(number);
      if (is_typical(code)) break;
    }
    return code;
  }

  RegulationLint LintOf(LintScope scope) {
    const Date day = scope.day;
    DateSteps& steps = steps_.try_emplace(day, program_.book(), day).first->second;
    return RegulationLint(program_, steps, std::move(scope));
  }

  const Program& program_;
  const Date today_;
  const std::vector<std::string> regions_;
  std::map<Date, DateSteps> steps_;
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
