// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/standard_lint.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace kstati::eligibility {
namespace {

constexpr std::string_view kCheck = "beyond-standard";

bool Accepts(const graph::Regulation& regulation, const graph::ApprovedStandard& standard) {
  return std::ranges::any_of(regulation.accepted, [&](const graph::AcceptedFinding& accepted) {
    return accepted.finding == kCheck && accepted.of == standard.of();
  });
}

std::string Counted(int count, const std::string& things) {
  return std::to_string(count) + " " + things;
}

std::string NameOf(const LintScope& scope) {
  return scope.service->id.text() + (scope.variant ? " for " + scope.variant->id : "");
}

std::string NamesOf(const std::vector<LintScope>& scopes) {
  std::string names;
  for (const LintScope& scope : scopes) names += (names.empty() ? "" : ", ") + NameOf(scope);
  return names;
}

std::string Words(const Term& term) {
  std::string unit(NameOf(term.unit));
  std::ranges::replace(unit, '_', ' ');
  return std::to_string(term.value) + " " + unit;
}

std::string ShownOn(const graph::TermExcess& excess) {
  return excess.start ? ", as when it begins on " + excess.start->ToString() : "";
}

int VisitsOf(const std::vector<LintScope>& scopes) {
  int visits = 0;
  for (const LintScope& scope : scopes) visits += scope.regulation().visits;
  return visits;
}

std::vector<Term> TermsOf(const std::vector<LintScope>& scopes) {
  std::vector<Term> terms;
  for (const LintScope& scope : scopes) terms.push_back(scope.regulation().term);
  return terms;
}

// Whether one needs what the other gives.
bool Needs(const graph::Regulation& one, const graph::Regulation& other) {
  return std::ranges::any_of(one.inputs, [&](const graph::Input& input) {
    return std::ranges::any_of(input.any_of, [&](const AttributeId& id) {
      return std::ranges::find(other.outputs, id) != other.outputs.end();
    });
  });
}

}  // namespace

StandardLint::StandardLint(const Program& program, RegulationLints& lints)
    : program_(program), lints_(lints) {}

std::vector<Finding> StandardLint::Check(const graph::ApprovedStandard& standard) {
  Findings findings;
  if (standard.in_force.to && *standard.in_force.to < lints_.today()) return findings;
  if (!standard.service.empty()) {
    CheckService(standard, *program_.catalogue().FindService(standard.service), findings);
    return findings;
  }
  for (const ServiceId& id : program_.catalogue().FindSituation(standard.situation)->services) {
    CheckService(standard, *program_.catalogue().FindService(id), findings);
  }
  if (!findings.empty()) return findings;
  for (const auto about : {graph::About::kPerson, graph::About::kChild, graph::About::kDeceased}) {
    const std::vector<Scopes> services = TogetherOf(standard, about);
    CheckCounts(standard, services, findings);
    Scopes sequence;
    if (!standard.term) continue;
    if (std::optional<Finding> finding = CheckSequence(standard, services, sequence)) {
      findings.push_back(*std::move(finding));
    }
  }
  return findings;
}

StandardLint::Scopes StandardLint::VersionsOf(const graph::Service& service,
                                              const graph::Regulation& regulation) const {
  Scopes scopes;
  for (const graph::Variant& variant : regulation.variants) {
    scopes.push_back(lints_.ScopeOf(service, regulation));
    scopes.back().variant = &variant;
  }
  if (scopes.empty()) scopes.push_back(lints_.ScopeOf(service, regulation));
  return scopes;
}

void StandardLint::CheckService(const graph::ApprovedStandard& standard,
                                const graph::Service& service, Findings& findings) {
  for (const graph::Regulation& regulation : service.regulations) {
    const bool over = regulation.in_force.to && *regulation.in_force.to < lints_.today();
    const bool together = graph::Overlap(regulation.in_force, standard.in_force);
    if (over || !together || Accepts(regulation, standard)) continue;
    for (const LintScope& scope : VersionsOf(service, regulation)) {
      const bool meant = standard.variant.empty() ||
                         (scope.variant != nullptr && scope.variant->id == standard.variant);
      if (meant) CheckVersion(standard, scope, findings);
    }
  }
}

void StandardLint::CheckVersion(const graph::ApprovedStandard& standard, const LintScope& scope,
                                Findings& findings) {
  const graph::Regulation& regulation = scope.regulation();
  const auto add = [&](const std::string& asked, const std::string& most) {
    Finding finding =
        FindingOf(standard, NameOf(scope) + " asks " + asked + ", and " + most + " is the most");
    finding.service = scope.service->id;
    finding.where = scope.variant ? scope.variant->location : regulation.location;
    finding.witness = lints_.For(scope).EntitledPerson("is asked " + asked);
    findings.push_back(std::move(finding));
  };
  const auto check = [&](int count, std::optional<int> most, const std::string& things) {
    if (most && count > *most) add(Counted(count, things), std::to_string(*most));
  };
  check(regulation.visits, standard.visits, "visits");
  check(static_cast<int>(DocumentsOf(regulation).size()), standard.documents, "documents");
  if (!standard.term) return;
  const auto excess =
      graph::ExcessOf({&regulation.term, 1}, *standard.term, program_.catalogue().calendar());
  if (excess) {
    add("to wait for " + Words(regulation.term) + ShownOn(*excess), Words(*standard.term));
  }
}

std::vector<StandardLint::Scopes> StandardLint::TogetherOf(const graph::ApprovedStandard& standard,
                                                           graph::About about) const {
  const Date day = std::max(lints_.today(), standard.in_force.from);
  std::vector<Scopes> services;
  for (const ServiceId& id : program_.catalogue().FindSituation(standard.situation)->services) {
    const graph::Service& service = *program_.catalogue().FindService(id);
    const graph::Regulation* regulation = service.RegulationOn(day);
    if (service.about != about || regulation == nullptr || Accepts(*regulation, standard)) continue;
    services.push_back(VersionsOf(service, *regulation));
  }
  return services;
}

void StandardLint::CheckCounts(const graph::ApprovedStandard& standard,
                               const std::vector<Scopes>& services, Findings& findings) {
  const auto documents = [this](const Scopes& scopes) {
    std::set<std::vector<AttributeId>> asked;  // the same thing for several is brought once
    for (const LintScope& scope : scopes) {
      for (const graph::Input* input : DocumentsOf(scope.regulation())) asked.insert(input->any_of);
    }
    return static_cast<int>(asked.size());
  };
  const auto check = [&](std::optional<int> most, const std::string& things, const Count& count) {
    if (!most) return;
    if (auto finding = CheckCount(standard, services, *most, things, count)) {
      findings.push_back(*std::move(finding));
    }
  };
  check(standard.visits, "visits", VisitsOf);
  check(standard.documents, "documents", documents);
}

std::optional<Finding> StandardLint::CheckCount(const graph::ApprovedStandard& standard,
                                                const std::vector<Scopes>& services, int most,
                                                const std::string& things, const Count& count) {
  Scopes asking;  // of each service the version that asks most
  for (const Scopes& versions : services) {
    const auto version = std::ranges::max_element(
        versions, {}, [&](const LintScope& scope) { return count({scope}); });
    if (count({*version}) > 0) asking.push_back(*version);
  }
  std::ranges::stable_sort(asking, std::greater(),
                           [&](const LintScope& scope) { return count({scope}); });
  Scopes together;
  for (const LintScope& scope : asking) {
    together.push_back(scope);
    const int asked = count(together);
    std::optional<graph::Example> entitled =
        EntitledToAll(together, "is asked " + Counted(asked, things) + " by " + NamesOf(together));
    if (!entitled) {  // not together with the others, as far as is known
      together.pop_back();
    } else if (asked > most) {
      Finding finding =
          FindingOf(standard, NamesOf(together) + " ask one person " + Counted(asked, things) +
                                  ", and " + std::to_string(most) + " is the most");
      finding.service = scope.service->id;
      finding.where = standard.location;
      finding.witness = std::move(entitled);
      return finding;
    }
  }
  return std::nullopt;
}

std::optional<Finding> StandardLint::CheckSequence(const graph::ApprovedStandard& standard,
                                                   const std::vector<Scopes>& services,
                                                   Scopes& sequence) {
  for (const Scopes& versions : services) {
    for (const LintScope& next : versions) {
      const auto is_next = [&](const LintScope& scope) { return scope.service == next.service; };
      if (std::ranges::any_of(sequence, is_next)) continue;
      if (!sequence.empty() && !Needs(next.regulation(), sequence.back().regulation())) continue;
      sequence.push_back(next);
      std::optional<graph::Example> entitled =
          sequence.size() == 1 ? graph::Example()
                               : EntitledToAll(sequence, "waits for " + NamesOf(sequence));
      if (entitled && sequence.size() > 1) {
        const auto excess =
            graph::ExcessOf(TermsOf(sequence), *standard.term, program_.catalogue().calendar());
        if (excess) {
          Finding finding =
              FindingOf(standard, NamesOf(sequence) +
                                      ", each of which needs what the one before it gives, "
                                      "take longer than " +
                                      Words(*standard.term) + ShownOn(*excess));
          finding.service = next.service->id;
          finding.where = standard.location;
          finding.witness = std::move(entitled);
          return finding;
        }
      }
      std::optional<Finding> longer =
          entitled ? CheckSequence(standard, services, sequence) : std::nullopt;
      if (longer) return longer;
      sequence.pop_back();
    }
  }
  return std::nullopt;
}

std::optional<graph::Example> StandardLint::EntitledToAll(const Scopes& scopes,
                                                          const std::string& name) {
  LintScope last = scopes.back();
  for (size_t i = 0; i + 1 < scopes.size(); ++i) {
    std::ranges::copy(RulesFor(scopes[i]), std::back_inserter(last.required));
  }
  return lints_.For(std::move(last)).EntitledPerson(name);
}

Finding StandardLint::FindingOf(const graph::ApprovedStandard& standard,
                                const std::string& what) const {
  Finding finding;
  finding.check = kCheck;
  finding.of = standard.of();
  const char* kind = standard.service.empty() ? " in the situation " : " of the service ";
  finding.text = what + kind + standard.of() + " (" + standard.SourceText() + ")";
  finding.remedy = "ask less of people, or correct the standard";
  return finding;
}

std::vector<const graph::Input*> StandardLint::DocumentsOf(
    const graph::Regulation& regulation) const {
  const auto must_be_brought = [&](const AttributeId& id) {
    const profile::Attribute* attribute = program_.dictionary().Find(id);
    while (attribute != nullptr && !attribute->same_as.empty()) {
      attribute = program_.dictionary().Find(attribute->same_as);
    }
    return attribute != nullptr && attribute->registry.text() == profile::kDeclared &&
           attribute->also.empty();
  };
  std::vector<const graph::Input*> documents;
  for (const graph::Input& input : regulation.inputs) {
    if (std::ranges::all_of(input.any_of, must_be_brought)) documents.push_back(&input);
  }
  return documents;
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
