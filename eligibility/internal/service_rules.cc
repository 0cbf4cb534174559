// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/service_rules.h"

#include <algorithm>
#include <set>
#include <utility>

#include "eligibility/feel/program.h"

namespace kstati::eligibility {
namespace {

void AddRules(const std::vector<uint32_t>& rules, std::vector<uint32_t>& all) {
  for (const uint32_t rule : rules) {
    if (rule != kNone && std::ranges::find(all, rule) == all.end()) all.push_back(rule);
  }
}

// Reads rule after rule until a fact comes twice.
class Reading {
 public:
  Reading(const Rulebook& book, Date day, const std::string& region)
      : book_(book), day_(day), region_(region) {}

  // `shifted`: in the profile of the child or deceased. A rule about relatives may read each of
  // their facts again, and so may a decision model.
  bool ReadsAgain(const Rule& rule, bool shifted) {
    return !rule.member_slots.empty() ||
           std::ranges::any_of(rule.expression.program().nodes, [&](const feel::Node& node) {
             return node.op == feel::Op::kLoad && ReadsAgain(node.a, shifted);
           });
  }

 private:
  bool ReadsAgain(uint32_t slot, bool shifted) {
    const Slot& described = book_.slots[slot];
    switch (described.origin) {
      case Origin::kAlias: return ReadsAgain(described.target, shifted || described.shifts);
      case Origin::kDerived: return ReadsAgain(book_.derived[described.target], shifted);
      case Origin::kModel: return true;
      case Origin::kDecision: {
        const graph::Service& service = book_.catalogue.services()[described.target];
        return std::ranges::any_of(RulesOf(service, book_, day_, region_), [&](uint32_t rule) {
          return ReadsAgain(book_.rules[rule], shifted);
        });
      }
      case Origin::kReported:
      case Origin::kBuiltin:
      case Origin::kBroken: return !read_.insert({slot, shifted}).second;
    }
    return true;
  }

  const Rulebook& book_;
  const Date day_;
  const std::string& region_;
  std::set<std::pair<uint32_t, bool>> read_;
};

}  // namespace

std::vector<uint32_t> RulesOf(const graph::Service& service, const Rulebook& book, Date day,
                              const std::string& region) {
  std::vector<uint32_t> rules;
  const graph::Regulation* regulation = service.RegulationOn(day, region);
  if (regulation == nullptr) return rules;
  AddRules(book.plans.at(regulation).rules, rules);
  AddRules(book.plans.at(regulation).categories, rules);
  for (const graph::Variant& variant : regulation->variants) {
    AddRules(book.plans.at(variant.regulation.get()).rules, rules);
  }
  return rules;
}

bool AreEntangled(const std::vector<uint32_t>& rules, const Rulebook& book, Date day,
                  const std::string& region) {
  Reading reading(book, day, region);
  return std::ranges::any_of(
      rules, [&](uint32_t rule) { return reading.ReadsAgain(book.rules[rule], false); });
}

}  // namespace kstati::eligibility
