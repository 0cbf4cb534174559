// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/rulebook.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/circles.h"
#include "eligibility/feel/program.h"
#include "eligibility/internal/catalogue_scope.h"
#include "eligibility/internal/completion_domains.h"
#include "eligibility/internal/parameter_calls.h"

namespace kstati::eligibility {
namespace {

constexpr std::string_view kPersonPrefix = "person.";

uint8_t NeedOf(graph::About about) {
  switch (about) {
    case graph::About::kPerson: return 0;
    case graph::About::kChild: return kNeedsChild;
    case graph::About::kDeceased: return kNeedsDeceased;
  }
  return 0;
}

class Compiler {
 public:
  Compiler(const graph::Catalogue& catalogue, const profile::Dictionary& dictionary,
           std::vector<Issue>& issues)
      : book_(catalogue, dictionary), issues_(issues) {}

  Rulebook Compile() {
    book_.slots = MakeSlots(book_.dictionary);
    for (uint32_t i = 0; i < kBuiltinCount; ++i) {
      book_.builtin_ids.emplace_back(std::string(NameOf(static_cast<Builtin>(i))));
    }
    const std::vector<std::vector<uint32_t>> reads = FindReads();
    BreakCircles(reads);
    Classify(reads);
    const CatalogueScope scope(book_.dictionary, book_.catalogue, MemberType());
    CompileDerived(scope);
    for (const graph::Service& service : book_.catalogue.services()) {
      for (const graph::Regulation& regulation : service.regulations) {
        CompileRegulation(service, regulation, scope);
      }
    }
    CollectMembers();
    FindAliases();
    IndexParameters();
    book_.domains = std::make_shared<DomainCache>();
    if (const auto* region = book_.dictionary.Find(AttributeId("person.region_code"))) {
      book_.region_slot = region->index;
    }
    return std::move(book_);
  }

 private:
  std::optional<feel::Expression> CompileText(const std::string& text, const Location& where,
                                              const feel::Type& expected,
                                              const CatalogueScope& scope,
                                              std::vector<Issue>& issues) const {
    feel::CompileOptions options;
    options.expected = expected;
    std::optional<feel::Expression> expression = feel::Compile(text, where, scope, issues, options);
    if (expression && !CheckDimensions(*expression, where, book_.catalogue, issues)) {
      return std::nullopt;
    }
    return expression;
  }

  // What every attribute reads. Members of lists are taken for anything here, since what they may
  // show depends on the answer.
  std::vector<std::vector<uint32_t>> FindReads() const {
    const CatalogueScope scope(book_.dictionary, book_.catalogue, feel::Type::Any());
    std::vector<std::vector<uint32_t>> reads(book_.slots.size());
    for (const profile::Attribute& attribute : book_.dictionary.attributes()) {
      if (book_.slots[attribute.index].origin == Origin::kAlias) {
        reads[attribute.index] = {book_.slots[attribute.index].target};
      } else if (!attribute.derive.empty()) {
        std::vector<Issue> reported_later;
        const auto expression = CompileText(attribute.derive, attribute.derive_location,
                                            ExpressionTypeOf(attribute), scope, reported_later);
        if (expression) reads[attribute.index] = expression->slots();
      }
    }
    return reads;
  }

  void BreakCircles(const std::vector<std::vector<uint32_t>>& reads) {
    for (const std::vector<uint32_t>& circle : FindCircles(reads)) {
      std::string way;
      for (const uint32_t slot : circle) {
        book_.slots[slot].origin = Origin::kBroken;
        in_circle_.insert(slot);
        way += book_.IdOf(slot).text() + " -> ";
      }
      const profile::Attribute& first = book_.dictionary.at(circle.front());
      issues_.push_back({Severity::kError,
                         first.derive.empty() ? first.location : first.derive_location,
                         first.id.text() + " depends on itself: " + way + first.id.text(),
                         "express one of them without the others"});
    }
  }

  // Settles `needs` and `own`, which follow what an attribute reads. Slots reach each other without
  // circles, so a few rounds end.
  void Classify(const std::vector<std::vector<uint32_t>>& reads) {
    for (const profile::Attribute& attribute : book_.dictionary.attributes()) {
      Slot& slot = book_.slots[attribute.index];
      const bool has_origin = slot.origin != Origin::kBroken || !attribute.derive.empty();
      slot.own =
          has_origin && slot.holder != Holder::kRole && !in_circle_.contains(attribute.index);
    }
    for (bool changed = true; changed;) {
      changed = false;
      for (uint32_t i = 0; i < reads.size(); ++i) changed |= Inherit(i, reads[i]);
    }
  }

  // What a slot takes over from those it reads; true when anything changed. An alias that shifts to
  // another profile needs only that profile.
  bool Inherit(uint32_t index, const std::vector<uint32_t>& reads) {
    Slot& slot = book_.slots[index];
    uint8_t needs = slot.needs;
    bool own = slot.own;
    for (const uint32_t read : reads) {
      if (!slot.shifts) needs |= book_.slots[read].needs;
      own = own && book_.slots[read].own;
    }
    const bool changed = needs != slot.needs || own != slot.own;
    slot.needs = needs;
    slot.own = own;
    return changed;
  }

  static bool IsPersonal(const profile::Attribute& attribute) { return attribute.role == "person"; }

  feel::Type MemberType() const {
    std::vector<feel::Type::Field> fields;
    for (const profile::Attribute& attribute : book_.dictionary.attributes()) {
      if (!IsPersonal(attribute) || !book_.slots[attribute.index].own) continue;
      fields.push_back({attribute.id.text().substr(kPersonPrefix.size()), TypeOf(attribute)});
    }
    return feel::Type::ContextOf(std::move(fields));
  }

  void CompileDerived(const CatalogueScope& scope) {
    for (const profile::Attribute& attribute : book_.dictionary.attributes()) {
      if (attribute.derive.empty()) continue;
      const auto expression = CompileText(attribute.derive, attribute.derive_location,
                                          ExpressionTypeOf(attribute), scope, issues_);
      if (!expression || in_circle_.contains(attribute.index)) continue;
      Slot& slot = book_.slots[attribute.index];
      slot.origin = Origin::kDerived;
      slot.target = static_cast<uint32_t>(book_.derived.size());
      book_.derived.push_back(MakeRule(*expression));
    }
  }

  // A member's entry can be named by a path, by a bare name in a filter, or by a text given to
  // get value(): every name and text of the expression counts.
  Rule MakeRule(const feel::Expression& expression) const {
    Rule rule{expression, 0, {}};
    for (const uint32_t slot : expression.slots()) rule.needs |= book_.slots[slot].needs;
    const bool reads_lists = std::ranges::any_of(expression.slots(), [this](uint32_t slot) {
      return slot >= book_.SlotOf(Builtin::kChildren) && slot <= book_.SlotOf(Builtin::kSpouses);
    });
    if (!reads_lists) return rule;
    std::set<std::string> names(expression.program().names.begin(),
                                expression.program().names.end());
    for (const feel::Value& constant : expression.program().constants) {
      if (constant.is(feel::Kind::kString)) names.insert(constant.string());
    }
    for (const std::string& name : names) {
      const auto* attribute = book_.dictionary.Find(AttributeId(std::string(kPersonPrefix) + name));
      if (attribute != nullptr && book_.slots[attribute->index].own) {
        rule.member_slots.push_back(attribute->index);
      }
    }
    std::ranges::sort(rule.member_slots);
    return rule;
  }

  void CompileRegulation(const graph::Service& service, const graph::Regulation& regulation,
                         const CatalogueScope& scope) {
    Plan plan;
    for (const graph::Criterion& criterion : regulation.criteria) {
      const uint32_t rule = CompileCriterion(criterion, scope);
      plan.rules.push_back(rule);
      plan.broken |= rule == kNone;
      plan.unconfirmed |= criterion.source.verification != graph::Verification::kConfirmed;
      if (rule != kNone) CheckNeeds(service, criterion, book_.rules[rule]);
    }
    plan.entangled = IsEntangled(plan);
    book_.plans.emplace(&regulation, std::move(plan));
  }

  bool IsEntangled(const Plan& plan) const {
    std::set<std::pair<uint32_t, bool>> read;
    return std::ranges::any_of(plan.rules, [&](uint32_t rule) {
      return rule != kNone && ReadsAgain(book_.rules[rule], false, read);
    });
  }

  // Whether the rule reads a fact that was read before; adds what it reads. `shifted`: in the
  // profile of the child or deceased. A rule about relatives may read each of their facts again.
  bool ReadsAgain(const Rule& rule, bool shifted, std::set<std::pair<uint32_t, bool>>& read) const {
    return !rule.member_slots.empty() ||
           std::ranges::any_of(rule.expression.program().nodes, [&](const feel::Node& node) {
             return node.op == feel::Op::kLoad && ReadsAgain(node.a, shifted, read);
           });
  }

  bool ReadsAgain(uint32_t slot, bool shifted, std::set<std::pair<uint32_t, bool>>& read) const {
    const Slot& described = book_.slots[slot];
    if (described.origin == Origin::kAlias) {
      return ReadsAgain(described.target, shifted || described.shifts, read);
    }
    if (described.origin == Origin::kDerived) {
      return ReadsAgain(book_.derived[described.target], shifted, read);
    }
    return !read.insert({slot, shifted}).second;
  }

  uint32_t CompileCriterion(const graph::Criterion& criterion, const CatalogueScope& scope) {
    const auto known = rule_of_text_.find(criterion.rule);
    if (known != rule_of_text_.end()) return known->second;
    const auto expression =
        CompileText(criterion.rule, criterion.rule_location, feel::Type::Boolean(), scope, issues_);
    if (!expression) return kNone;
    const uint32_t index = static_cast<uint32_t>(book_.rules.size());
    book_.rules.push_back(MakeRule(*expression));
    rule_of_text_.emplace(criterion.rule, index);
    return index;
  }

  // A rule about a child can never be answered for a service that is about nobody else.
  void CheckNeeds(const graph::Service& service, const graph::Criterion& criterion,
                  const Rule& rule) {
    for (const uint32_t slot : rule.expression.slots()) {
      const uint8_t extra =
          book_.slots[slot].needs & ~NeedOf(service.about) & (kNeedsChild | kNeedsDeceased);
      if (extra == 0) continue;
      const std::string who = (extra & kNeedsChild) != 0 ? "child" : "deceased";
      issues_.push_back({Severity::kError, criterion.rule_location,
                         book_.IdOf(slot).text() + " speaks of the " + who +
                             ", but the service is about the " +
                             std::string(graph::NameOf(service.about)),
                         "make the service `about: " + who + "`, or ask another fact"});
    }
  }

  void CollectMembers() {
    std::set<uint32_t> members;
    for (const Rule& rule : book_.derived) {
      members.insert(rule.member_slots.begin(), rule.member_slots.end());
    }
    for (const Rule& rule : book_.rules) {
      members.insert(rule.member_slots.begin(), rule.member_slots.end());
    }
    for (const uint32_t slot : members) {
      book_.member_slots.push_back(slot);
      book_.member_names.push_back(book_.IdOf(slot).text().substr(kPersonPrefix.size()));
    }
  }

  void FindAliases() {
    book_.child_alias.assign(book_.slots.size(), kNone);
    book_.deceased_alias.assign(book_.slots.size(), kNone);
    for (const profile::Attribute& attribute : book_.dictionary.attributes()) {
      const Slot& slot = book_.slots[attribute.index];
      if (slot.origin != Origin::kAlias || !slot.shifts) continue;
      const bool child = attribute.holder() == "child";
      (child ? book_.child_alias : book_.deceased_alias)[slot.target] = attribute.index;
    }
  }

  void IndexParameters() {
    for (const graph::Parameter& parameter : book_.catalogue.parameters()) {
      const uint32_t index = static_cast<uint32_t>(book_.parameter_regional.size());
      book_.parameter_index.emplace(parameter.id.text(), index);
      book_.parameter_regional.push_back(parameter.IsRegional());
    }
  }

  Rulebook book_;
  std::vector<Issue>& issues_;
  std::set<uint32_t> in_circle_;
  std::unordered_map<std::string, uint32_t> rule_of_text_;
};

}  // namespace

const AttributeId& Rulebook::IdOf(uint32_t slot) const {
  const size_t attributes = slots.size() - kBuiltinCount;
  return slot < attributes ? dictionary.at(slot).id : builtin_ids[slot - attributes];
}

std::optional<uint32_t> Rulebook::Find(const AttributeId& id) const {
  if (const profile::Attribute* attribute = dictionary.Find(id)) return attribute->index;
  const auto builtin = std::ranges::find(builtin_ids, id);
  if (builtin == builtin_ids.end()) return std::nullopt;
  return static_cast<uint32_t>(dictionary.attributes().size() + (builtin - builtin_ids.begin()));
}

Rulebook CompileRulebook(const graph::Catalogue& catalogue, const profile::Dictionary& dictionary,
                         std::vector<Issue>& issues) {
  return Compiler(catalogue, dictionary, issues).Compile();
}

}  // namespace kstati::eligibility
