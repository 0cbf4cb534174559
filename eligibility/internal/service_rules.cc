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

// Whether a value may go into it and not come out: a comparison with one read alone never hides
// what was compared.
bool MayHide(const feel::Node& node) {
  switch (node.op) {
    case feel::Op::kCallNative:
    case feel::Op::kCallValue:
    case feel::Op::kDecisionTable:
    case feel::Op::kFilter:
    case feel::Op::kFor:
    case feel::Op::kSome:
    case feel::Op::kEvery:
    case feel::Op::kIf: return true;
    default: return false;
  }
}

// Reads rule after rule and notes which facts are entangled.
class Reading {
 public:
  Reading(const Rulebook& book, Date day, const std::string& region)
      : book_(book), day_(day), region_(region) {}

  // `shifted`: in the profile of the child or deceased. `hidden`: for what may hide it.
  void Read(const Rule& rule, bool shifted, bool hidden) {
    const auto& nodes = rule.expression.program().nodes;
    hidden = hidden || std::ranges::any_of(nodes, MayHide);
    for (const uint32_t slot : rule.member_slots) Read(slot, shifted, true);
    for (const feel::Node& node : nodes) {
      if (node.op == feel::Op::kLoad) Read(node.a, shifted, hidden);
    }
  }

  const std::set<uint32_t>& entangled() const { return entangled_; }

 private:
  void Read(uint32_t slot, bool shifted, bool hidden) {
    const Slot& described = book_.slots[slot];
    switch (described.origin) {
      case Origin::kAlias: return Read(described.target, shifted || described.shifts, hidden);
      case Origin::kDerived: return Read(book_.derived[described.target], shifted, hidden);
      case Origin::kModel:
        for (const auto& input : book_.model_decisions[described.target].inputs) {
          Read(input.slot, shifted, true);
        }
        return;
      case Origin::kDecision: {
        const graph::Service& service = book_.catalogue.services()[described.target];
        for (const uint32_t rule : RulesOf(service, book_, day_, region_)) {
          Read(book_.rules[rule], shifted, true);
        }
        return;
      }
      case Origin::kReported:
      case Origin::kBuiltin:
      case Origin::kBroken:
        if (hidden || !read_.insert({slot, shifted}).second) entangled_.insert(slot);
    }
  }

  const Rulebook& book_;
  const Date day_;
  const std::string& region_;
  std::set<std::pair<uint32_t, bool>> read_;
  std::set<uint32_t> entangled_;
};

void AddRules(const graph::Regulation& regulation, const Rulebook& book,
              std::vector<uint32_t>& all) {
  AddRules(book.plans.at(&regulation).rules, all);
  AddRules(book.plans.at(&regulation).categories, all);
  for (const graph::Variant& variant : regulation.variants) {
    AddRules(book.plans.at(variant.regulation.get()).rules, all);
  }
}

}  // namespace

std::vector<uint32_t> RulesOf(const graph::Service& service, const Rulebook& book, Date day,
                              const std::string& region) {
  std::vector<uint32_t> rules;
  const graph::Regulation* regulation = service.RegulationOn(day, region);
  if (regulation != nullptr) AddRules(*regulation, book, rules);
  return rules;
}

std::vector<uint32_t> RulesOf(const graph::Service& service, const Rulebook& book, Date day) {
  std::vector<uint32_t> rules;
  for (const auto* regulations : {&service.regulations, &service.regional}) {
    for (const graph::Regulation& regulation : *regulations) {
      if (regulation.in_force.Contains(day)) AddRules(regulation, book, rules);
    }
  }
  return rules;
}

std::set<uint32_t> Entangled(const std::vector<uint32_t>& rules, const Rulebook& book, Date day,
                             const std::string& region) {
  Reading reading(book, day, region);
  for (const uint32_t rule : rules) reading.Read(book.rules[rule], false, false);
  return reading.entangled();
}

}  // namespace kstati::eligibility
