// SPDX-License-Identifier: Apache-2.0
#include "eligibility/relevance.h"

#include <vector>

#include "eligibility/internal/rulebook.h"

namespace kstati::eligibility {
namespace {

// Follows slots to the facts they come from. Ends, since each slot is followed once.
class Facts {
 public:
  explicit Facts(const Rulebook& book) : book_(book), seen_(book.slots.size(), 0) {}

  std::set<AttributeId> Take() && { return std::move(facts_); }

  void Follow(const graph::Service& service) {
    for (const auto* regulations : {&service.regulations, &service.regional}) {
      for (const graph::Regulation& regulation : *regulations) Follow(regulation);
    }
    if (!service.regional.empty()) FollowSlot(book_.region_slot);
  }

  // The rules that decide whether somebody of the variant has the right.
  void FollowRules(const graph::Regulation& regulation, const graph::Variant* variant) {
    const graph::Regulation& meant = variant == nullptr ? regulation : *variant->regulation;
    if (const auto plan = book_.plans.find(&meant); plan != book_.plans.end()) {
      for (const uint32_t rule : plan->second.rules) FollowRule(rule);
    }
    const auto whole = book_.plans.find(&regulation);
    if (variant == nullptr || whole == book_.plans.end()) return;
    FollowRule(whole->second.categories[static_cast<size_t>(variant - regulation.variants.data())]);
  }

  void Follow(const AttributeId& attribute) {
    if (const auto slot = book_.Find(attribute)) FollowSlot(*slot);
  }

 private:
  void Follow(const graph::Regulation& regulation) {
    for (const graph::Input& input : regulation.inputs) {
      for (const AttributeId& attribute : input.any_of) Follow(attribute);
    }
    if (const auto plan = book_.plans.find(&regulation); plan != book_.plans.end()) {
      for (const auto* rules : {&plan->second.rules, &plan->second.categories}) {
        for (const uint32_t rule : *rules) FollowRule(rule);
      }
      FollowRule(plan->second.amount);
    }
    for (const graph::Variant& variant : regulation.variants) {
      if (variant.regulation) Follow(*variant.regulation);
    }
  }

  void FollowRule(uint32_t rule) {
    if (rule != kNone) Follow(book_.rules[rule]);
  }

  void Follow(const Rule& rule) {
    for (const uint32_t slot : rule.expression.slots()) FollowSlot(slot);
    for (const uint32_t slot : rule.member_slots) FollowSlot(slot);
  }

  void FollowSlot(uint32_t number) {
    if (number == kNone || seen_[number] != 0) return;
    seen_[number] = 1;
    const Slot& slot = book_.slots[number];
    switch (slot.origin) {
      case Origin::kReported: facts_.insert(book_.IdOf(number)); break;
      case Origin::kAlias: FollowSlot(slot.target); break;
      case Origin::kDerived: Follow(book_.derived[slot.target]); break;
      case Origin::kModel:
        for (const ModelDecision::Input& input : book_.model_decisions[slot.target].inputs) {
          FollowSlot(input.slot);
        }
        break;
      case Origin::kDecision: Follow(book_.catalogue.services()[slot.target]); break;
      case Origin::kBroken:
      case Origin::kBuiltin: break;
    }
  }

  const Rulebook& book_;
  std::vector<uint8_t> seen_;  // by slot
  std::set<AttributeId> facts_;
};

}  // namespace

std::set<AttributeId> FactsThatMatter(const Program& program, const graph::Service& service) {
  Facts facts(program.book());
  facts.Follow(service);
  facts.Follow(AttributeId("person.region_code"));
  return std::move(facts).Take();
}

std::set<AttributeId> FactsThatMatter(const Program& program, const AttributeId& attribute) {
  Facts facts(program.book());
  facts.Follow(attribute);
  return std::move(facts).Take();
}

std::set<AttributeId> FactsThatDecide(const Program& program, const graph::Regulation& regulation,
                                      const graph::Variant* variant) {
  Facts facts(program.book());
  facts.FollowRules(regulation, variant);
  return std::move(facts).Take();
}

}  // namespace kstati::eligibility
