// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/derived_lint.h"

#include <algorithm>

#include "eligibility/internal/service_rules.h"

namespace kstati::eligibility {
namespace {

// Derived attributes that rules read, themselves or through others.
class DerivedReads {
 public:
  explicit DerivedReads(const Rulebook& book) : book_(book) {}

  void Read(const Rule& rule) {
    for (const uint32_t slot : rule.expression.slots()) Read(slot);
    for (const uint32_t slot : rule.member_slots) Read(slot);
  }

  const std::set<uint32_t>& derived() const { return derived_; }

 private:
  void Read(uint32_t slot) {
    if (!seen_.insert(slot).second) return;
    const Slot& described = book_.slots[slot];
    if (described.origin == Origin::kAlias) Read(described.target);
    if (described.origin == Origin::kModel) {
      for (const auto& input : book_.model_decisions[described.target].inputs) Read(input.slot);
    }
    if (described.origin != Origin::kDerived) return;
    derived_.insert(slot);
    Read(book_.derived[described.target]);
  }

  const Rulebook& book_;
  std::set<uint32_t> seen_;
  std::set<uint32_t> derived_;
};

bool SamePart(const Finding& one, const Finding& other) {
  return one.where == other.where && one.text == other.text;
}

}  // namespace

void DerivedLint::Look(const LintScope& scope, RegulationLint& lint) {
  DerivedReads reading(book_);
  for (const uint32_t rule : RulesOf(*scope.service, book_, scope.day, scope.region)) {
    reading.Read(book_.rules[rule]);
  }
  for (const uint32_t slot : reading.derived()) {
    const auto known = found_.find(slot);
    if (known != found_.end() && known->second.empty()) continue;  // some part of it is needed
    std::vector<Finding> found = lint.DeadPartsOfDerived(slot);
    if (std::ranges::any_of(found, [&](const Finding& one) { return lint.Accepts(one); })) {
      accepted_.insert(slot);
    }
    if (known == found_.end()) {
      found_.emplace(slot, std::move(found));
      continue;
    }
    std::erase_if(known->second, [&](const Finding& part) {
      return std::ranges::none_of(found,
                                  [&](const Finding& other) { return SamePart(part, other); });
    });
  }
}

std::vector<Finding> DerivedLint::Findings() const {
  std::vector<Finding> all;
  for (const auto& [slot, found] : found_) {
    if (!accepted_.contains(slot)) all.insert(all.end(), found.begin(), found.end());
  }
  return all;
}

}  // namespace kstati::eligibility
