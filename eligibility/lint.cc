// SPDX-License-Identifier: Apache-2.0
#include "eligibility/lint.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "eligibility/internal/derived_lint.h"
#include "eligibility/internal/regulation_lints.h"
#include "eligibility/internal/rulebook.h"
#include "eligibility/internal/standard_lint.h"

namespace kstati::eligibility {
namespace {

// Checks a catalogue part by part.
class CatalogueLint {
 public:
  // All that is referred to outlives it.
  CatalogueLint(const Program& program, Date today,
                const std::vector<graph::ApprovedStandard>& standards)
      : program_(program),
        lints_(program, today),
        standards_(standards),
        standard_lint_(program, lints_),
        derived_(program.book()) {}

  LintReport Run() {
    for (const graph::Service& service : program_.catalogue().services()) {
      for (const graph::Regulation& regulation : service.regulations) {
        Check(service, regulation);
      }
    }
    std::ranges::move(derived_.Findings(), std::back_inserter(findings_));
    for (const profile::Attribute& attribute : program_.dictionary().attributes()) {
      CheckAsked(attribute);
    }
    for (const graph::ApprovedStandard& standard : standards_) {
      std::ranges::move(standard_lint_.Check(standard), std::back_inserter(findings_));
    }
    for (const graph::EventType& type : program_.catalogue().event_types()) CheckOpens(type);
    return {std::move(findings_), std::move(open_)};
  }

 private:
  using Findings = std::vector<Finding>;

  // A life event that opens no situation starts nothing. What only makes somebody known, and what
  // people ask for by themselves, need not; nor does anything in a catalogue of services alone.
  void CheckOpens(const graph::EventType& type) {
    const bool opens = std::ranges::any_of(
        program_.catalogue().situations(), [&](const graph::Situation& situation) {
          return std::ranges::find(situation.triggers, type.id) != situation.triggers.end();
        });
    const bool need_not = !type.creates.empty() || type.registry.text() == profile::kDeclared;
    if (opens || need_not || program_.catalogue().situations().empty()) return;
    Finding finding;
    finding.check = "event-opens-nothing";
    finding.of = type.id.text();
    finding.where = type.location;
    finding.text = "event type " + type.id.text() + " opens no situation";
    const std::string services = StartedBy(type.id);
    if (!services.empty()) finding.text += ", so that it never starts " + services;
    finding.remedy = "name it in the triggers of a situation, or leave it out";
    findings_.push_back(std::move(finding));
  }

  // The services that name the event as a trigger.
  std::string StartedBy(const EventTypeId& type) const {
    std::string names;
    for (const graph::Service& service : program_.catalogue().services()) {
      const bool starts = std::ranges::any_of(service.regulations, [&](const auto& regulation) {
        return std::ranges::find(regulation.triggers, type) != regulation.triggers.end();
      });
      if (starts) names += (names.empty() ? "" : ", ") + service.id.text();
    }
    return names;
  }

  // What a service asks though a registry tells: an input, or what its rules read.
  void CheckAsked(const profile::Attribute& attribute) {
    if (!attribute.askable || !attribute.is_reported()) return;
    std::vector<RegistryId> registries{attribute.registry};
    registries.insert(registries.end(), attribute.also.begin(), attribute.also.end());
    const auto held = std::ranges::find_if(
        registries, [](const RegistryId& id) { return id.text() != profile::kDeclared; });
    if (held == registries.end()) return;
    const std::string told = "the registry " + held->text() + " reports " + attribute.id.text();
    const std::string name = attribute.id.text();
    Finding finding;
    finding.check = "asked-though-held";
    finding.of = name;
    finding.where = attribute.location;
    finding.text =
        "people may be asked for " + name + ", which the registry " + held->text() + " reports";
    finding.remedy = "make it `askable: false`, or let nobody but the person report it";
    if (ShowAsked(attribute, held->text(), finding)) findings_.push_back(std::move(finding));
  }

  // The service that asks, with a person who shows it where one can; false when every service that
  // asks accepts it.
  bool ShowAsked(const profile::Attribute& attribute, const std::string& registry,
                 Finding& finding) {
    const std::string name = attribute.id.text();
    bool accepted = false;
    for (const graph::Service& service : program_.catalogue().services()) {
      for (const graph::Regulation& regulation : service.regulations) {
        const std::optional<Location> use = UseOf(attribute, regulation);
        if (!use) continue;
        RegulationLint lint = lints_.For(lints_.ScopeOf(service, regulation));
        if (lint.Accepts(finding)) {
          accepted = true;
          continue;
        }
        finding.witness =
            lint.PersonWith(attribute.index, "the registry " + registry + " reports " + name);
        if (!finding.service.empty() && !finding.witness) continue;
        finding.service = service.id;
        finding.where = *use;
        finding.text = service.id.text() + " asks people for " + name + ", which the registry " +
                       registry + " reports";
        if (finding.witness) return true;
      }
    }
    return !accepted || !finding.service.empty();
  }

  // Where a regulation asks for the attribute: as an input, or by a rule that reads it.
  std::optional<Location> UseOf(const profile::Attribute& attribute,
                                const graph::Regulation& regulation) const {
    const Rulebook& book = program_.book();
    for (const graph::Input& input : regulation.inputs) {
      const bool asked = std::ranges::any_of(input.any_of, [&](const AttributeId& id) {
        return id == attribute.id || IsNameOf(id, attribute);
      });
      if (asked) return input.location;
    }
    const Plan& plan = book.plans.at(&regulation);
    for (size_t i = 0; i < plan.rules.size(); ++i) {
      if (Reads(plan.rules[i], attribute)) return regulation.criteria[i].rule_location;
    }
    for (size_t i = 0; i < plan.categories.size(); ++i) {
      const graph::Variant& variant = regulation.variants[i];
      if (Reads(plan.categories[i], attribute)) return variant.category.rule_location;
      if (const auto use = UseOf(attribute, *variant.regulation)) return use;
    }
    return std::nullopt;
  }

  bool Reads(uint32_t rule, const profile::Attribute& attribute) const {
    const Rulebook& book = program_.book();
    return rule != kNone && LeavesOf(book.rules[rule], book).contains(attribute.index);
  }

  // Whether the id is the attribute's name in some role.
  bool IsNameOf(const AttributeId& id, const profile::Attribute& attribute) const {
    const profile::Attribute* named = program_.dictionary().Find(id);
    return named != nullptr && named->same_as == attribute.id;
  }

  // A typical regulation, what categories have otherwise, and what regions have otherwise.
  void Check(const graph::Service& service, const graph::Regulation& typical) {
    const LintScope typical_scope = lints_.ScopeOf(service, typical);
    const Findings common = CheckWithVariants(typical_scope, nullptr);
    Add(common, {});
    Look(typical_scope);
    for (const graph::Regulation& regional : service.regional) {
      if (!typical.in_force.Contains(regional.in_force.from)) continue;
      LintScope scope = lints_.ScopeOf(service, regional);
      scope.others = {&typical};
      if (HasOtherRules(regional, typical)) Add(CheckWithVariants(scope, &typical), common);
      Look(scope);
    }
  }

  void Look(const LintScope& scope) {
    RegulationLint lint = lints_.For(scope);
    derived_.Look(scope, lint);
    NoteOpen(scope, lint);
  }

  void NoteOpen(const LintScope& scope, const RegulationLint& lint) {
    if (lint.open() > 0) open_[scope.service->id] += lint.open();
  }

  Findings CheckWithVariants(const LintScope& whole, const graph::Regulation* typical) {
    RegulationLint lint = lints_.For(whole);
    Findings found = lint.Run();
    NoteOpen(whole, lint);
    std::set<GroundId> reached = lint.reached();
    if (lint.nobody_qualifies()) return found;  // nor does anybody of a category
    for (size_t i = 0; i < whole.whole->variants.size(); ++i) {
      LintScope scope = whole;
      scope.variant = &whole.whole->variants[i];
      scope.others = {whole.whole};
      if (typical != nullptr) scope.others.push_back(typical->variants[i].regulation.get());
      RegulationLint of_variant = lints_.For(scope);
      std::ranges::move(of_variant.Run(), std::back_inserter(found));
      NoteOpen(scope, of_variant);
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
  const std::vector<graph::ApprovedStandard>& standards_;
  StandardLint standard_lint_;
  DerivedLint derived_;
  Findings findings_;
  std::map<ServiceId, size_t> open_;
};

}  // namespace

LintReport Lint(const Program& program, Date today,
                const std::vector<graph::ApprovedStandard>& standards) {
  return CatalogueLint(program, today, standards).Run();
}

std::string ToYaml(const graph::Example& witness) {
  std::string text = "- name: " + witness.name + "\n  on: " + witness.on.ToString() +
                     "\n  region: \"" + witness.region + "\"\n  facts: {";
  const char* comma = "";
  for (const auto& [attribute, value] : witness.facts) {
    text += comma + attribute.text() + ": \"" + value + "\"";
    comma = ", ";
  }
  text += "}\n";
  if (!witness.expect.empty()) text += "  expect: " + witness.expect + "\n";
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
