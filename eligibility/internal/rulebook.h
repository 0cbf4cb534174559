// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/issue.h"
#include "eligibility/dmn/decision_model.h"
#include "eligibility/feel/expression.h"
#include "eligibility/feel/rule_set.h"
#include "eligibility/internal/slots.h"
#include "graph/catalogue.h"
#include "profile/dictionary.h"

namespace kstati::eligibility {

inline constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

// One compiled expression of the catalogue.
struct Rule {
  feel::Expression expression;
  uint8_t needs = 0;  // whom it depends on beside the applicant, transitively
  // Slots of the person.* attributes that it may read of a member of children, parents, spouses.
  std::vector<uint32_t> member_slots;
  uint32_t number = kNone;  // in `together`; kNone: it is no rule of the book
};

// A decision of a decision model, with the facts it is decided on.
struct ModelDecision {
  std::shared_ptr<const dmn::DecisionModel> model;
  uint32_t decision = 0;
  struct Input {
    uint32_t element = 0;  // of the model
    uint32_t slot = 0;     // of the attribute with the same name
  };
  std::vector<Input> inputs;
};

// The rules of one regulation, in the order of its criteria; kNone for a rule with errors.
struct Plan {
  std::vector<uint32_t> rules;
  std::vector<uint32_t> categories;  // in the order of its variants
  uint32_t amount = kNone;           // of its benefit; kNone also when it has no rule
  bool unconfirmed = false;          // some criterion's legal source is not confirmed
};

class DomainCache;

// All rules of a catalogue, compiled. Equal texts are compiled and evaluated once.
//
// Invariants:
// 1. `slots` has one element per attribute of the dictionary, in its order, then the builtins, then
//    the services of the catalogue, in its order.
// 2. Following kAlias and the reads of kDerived, kModel and kDecision never comes back: circles are
// kBroken.
// 3. An `own` slot is never reached from a member list, so lists never contain themselves.
struct Rulebook {
  Rulebook(const graph::Catalogue& for_catalogue, const profile::Dictionary& by_dictionary)
      : catalogue(for_catalogue), dictionary(by_dictionary) {}

  const graph::Catalogue& catalogue;
  const profile::Dictionary& dictionary;
  std::vector<Slot> slots;
  std::vector<Rule> derived;                   // by Slot::target
  std::vector<ModelDecision> model_decisions;  // by Slot::target
  std::vector<Rule> rules;
  // `derived` and `rules` once more, so that what they have in common is one part of them all.
  std::optional<feel::RuleSet> together;
  std::vector<uint8_t> part_needs;  // by part of `together`: whom it depends on, as Slot::needs
  std::unordered_map<const graph::Regulation*, Plan> plans;  // also of variants and regions
  std::vector<uint32_t> member_slots;     // union over all rules and derived attributes, sorted
  std::vector<std::string> member_names;  // their bare names
  std::vector<AttributeId> other_ids;     // of the slots after the attributes'
  uint32_t region_slot = kNone;           // person.region_code
  std::vector<bool> parameter_regional;   // by position in the catalogue
  std::unordered_map<std::string, uint32_t> parameter_index;
  // The attribute that names a slot's fact in a role: child.birth_date for person.birth_date.
  std::vector<uint32_t> child_alias;  // kNone: has no name there
  std::vector<uint32_t> deceased_alias;
  std::shared_ptr<DomainCache> domains;  // what decisions by completion have computed

  uint32_t SlotOf(Builtin builtin) const {
    return static_cast<uint32_t>(dictionary.attributes().size()) + static_cast<uint32_t>(builtin);
  }
  uint32_t SlotOf(const graph::Service& service) const {
    const auto position = &service - catalogue.services().data();
    return SlotOf(Builtin{}) + kBuiltinCount + static_cast<uint32_t>(position);
  }
  const AttributeId& IdOf(uint32_t slot) const;
  // The slot of an attribute or builtin; nullopt when there is none.
  std::optional<uint32_t> Find(const AttributeId& id) const;
};

Rulebook CompileRulebook(const graph::Catalogue& catalogue, const profile::Dictionary& dictionary,
                         std::vector<Issue>& issues);

}  // namespace kstati::eligibility
