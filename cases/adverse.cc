// SPDX-License-Identifier: Apache-2.0
#include "cases/adverse.h"

#include <algorithm>
#include <set>

namespace kstati::cases {

using eligibility::CriterionOutcome;
using eligibility::Decision;
using eligibility::Truth;
using eligibility::Verdict;

namespace {

bool IsReported(const profile::Fact& fact, const profile::Dictionary& dictionary,
                Unproved unproved) {
  const profile::Attribute* attribute = dictionary.Find(fact.attribute);
  if (attribute == nullptr || !attribute->MayReport(fact.reported_by->source)) return false;
  if (profile::AssuranceOf(fact) != profile::Assurance::kSelfDeclared) return true;
  return unproved == Unproved::kCounts &&
         attribute->MayReport(RegistryId(std::string(profile::kDeclared)));
}

bool IsConfirmedLaw(const CriterionOutcome& outcome) {
  const bool values = std::ranges::all_of(outcome.parameters, [](const auto& used) {
    return used.value != nullptr && used.value->verification == graph::Verification::kConfirmed;
  });
  return values && outcome.criterion->source.verification == graph::Verification::kConfirmed;
}

}  // namespace

bool IsReported(const CriterionOutcome& outcome, const profile::Dictionary& dictionary,
                Unproved unproved) {
  return std::ranges::all_of(outcome.facts, [&](const eligibility::UsedFact& used) {
    if (used.assumed_absent) return unproved == Unproved::kCounts;
    return IsReported(used.fact, dictionary, unproved);
  });
}

bool IsConfirmedYes(const Decision& decision, const profile::Dictionary& dictionary) {
  if (decision.verdict != Verdict::kEligible) return false;
  const auto stands = [&](const CriterionOutcome& outcome) {
    return IsReported(outcome, dictionary, Unproved::kCounts);
  };
  return std::ranges::all_of(decision.criteria, stands) &&
         std::ranges::all_of(decision.categories, stands);
}

std::optional<AdverseLeave> AdverseLeave::ByRules(const Decision& decision,
                                                  const profile::Dictionary& dictionary) {
  if (decision.verdict != Verdict::kNotEligible || decision.grounds.empty()) return std::nullopt;
  std::set<GroundId> standing;
  for (const CriterionOutcome& outcome : decision.criteria) {
    if (outcome.truth != Truth::kFails) continue;
    const bool stands = !outcome.by_completion && !outcome.facts.empty() &&
                        IsConfirmedLaw(outcome) &&
                        IsReported(outcome, dictionary, Unproved::kDoesNotCount);
    if (!stands) return std::nullopt;
    standing.insert(outcome.criterion->ground);
  }
  const bool all = std::ranges::all_of(
      decision.grounds, [&](const GroundId& ground) { return standing.contains(ground); });
  if (!all) return std::nullopt;
  Ruling ruling;
  ruling.decided = Decided::kRefused;
  ruling.verdict = decision.verdict;
  ruling.grounds = decision.grounds;
  return AdverseLeave(std::move(ruling));
}

std::optional<AdverseLeave> AdverseLeave::ByOfficial(Ruling ruling) {
  const bool adverse = ruling.decided != Decided::kGranted;
  const bool grounded = ruling.decided != Decided::kRefused || !ruling.grounds.empty();
  if (ruling.official.empty() || !adverse || !grounded) return std::nullopt;
  return AdverseLeave(std::move(ruling));
}

}  // namespace kstati::cases
