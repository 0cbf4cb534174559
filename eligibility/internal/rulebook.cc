// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/rulebook.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "base/circles.h"
#include "eligibility/feel/program.h"
#include "eligibility/internal/catalogue_scope.h"
#include "eligibility/internal/completion_domains.h"
#include "eligibility/internal/models.h"
#include "eligibility/internal/parameter_calls.h"
#include "eligibility/internal/shared_rules.h"

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

bool IsConfirmed(const graph::LegalSource& source) {
  return source.verification == graph::Verification::kConfirmed;
}

class Compiler {
 public:
  Compiler(const graph::Catalogue& catalogue, const profile::Dictionary& dictionary,
           std::vector<Issue>& issues)
      : book_(catalogue, dictionary), issues_(issues) {}

  Rulebook Compile() {
    book_.slots = MakeSlots(book_.dictionary);
    for (uint32_t i = 0; i < kBuiltinCount; ++i) {
      book_.other_ids.emplace_back(std::string(NameOf(static_cast<Builtin>(i))));
    }
    AddDecisions();
    models_ = LinkModels(book_, issues_);
    const std::vector<std::vector<uint32_t>> reads = FindReads();
    BreakCircles(reads);
    Classify(reads);
    const CatalogueScope scope(book_.dictionary, book_.catalogue, MemberType());
    CompileDerived(scope);
    PlaceModels();
    for (const graph::Service& service : book_.catalogue.services()) {
      for (const auto* regulations : {&service.regulations, &service.regional}) {
        for (const graph::Regulation& regulation : *regulations) {
          CompileVariants(service, regulation, scope);
        }
      }
    }
    book_.together = CompileTogether(book_, scope);
    book_.part_needs = NeedsOfParts(book_);
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
  void AddDecisions() {
    for (const graph::Service& service : book_.catalogue.services()) {
      Slot slot;
      slot.origin = Origin::kDecision;
      slot.shifts = true;
      slot.needs = NeedOf(service.about);
      slot.target = static_cast<uint32_t>(&service - book_.catalogue.services().data());
      book_.slots.push_back(slot);
      book_.other_ids.emplace_back(std::string(kDecisionPrefix) + service.id.text());
    }
  }

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
      } else if (const auto model = models_.find(attribute.index); model != models_.end()) {
        for (const ModelDecision::Input& input : model->second.inputs) {
          reads[attribute.index].push_back(input.slot);
        }
      }
    }
    for (const graph::Service& service : book_.catalogue.services()) {
      FindReads(service, scope, reads[book_.SlotOf(service)]);
    }
    return reads;
  }

  // What decides a service, on whatever day and wherever.
  void FindReads(const graph::Service& service, const CatalogueScope& scope,
                 std::vector<uint32_t>& reads) const {
    std::set<uint32_t> slots;
    ForEachCriterion(service, [&](const graph::Criterion& criterion) {
      std::vector<Issue> reported_later;
      const auto expression = CompileText(criterion.rule, criterion.rule_location,
                                          feel::Type::Boolean(), scope, reported_later);
      if (expression) slots.insert(expression->slots().begin(), expression->slots().end());
    });
    reads.assign(slots.begin(), slots.end());
  }

  static void ForEachCriterion(const graph::Service& service,
                               const std::function<void(const graph::Criterion&)>& visit) {
    for (const auto* regulations : {&service.regulations, &service.regional}) {
      for (const graph::Regulation& regulation : *regulations) {
        std::ranges::for_each(regulation.criteria, visit);
        for (const graph::Variant& variant : regulation.variants) {
          visit(variant.category);
          std::ranges::for_each(variant.regulation->criteria, visit);
        }
      }
    }
  }

  void BreakCircles(const std::vector<std::vector<uint32_t>>& reads) {
    for (const std::vector<uint32_t>& circle : FindCircles(reads)) {
      std::string way;
      for (const uint32_t slot : circle) {
        book_.slots[slot].origin = Origin::kBroken;
        in_circle_.insert(slot);
        way += book_.IdOf(slot).text() + " -> ";
      }
      const std::string& first = book_.IdOf(circle.front()).text();
      issues_.push_back({Severity::kError, PlaceOf(circle.front()),
                         first + " depends on itself: " + way + first,
                         "express one of them without the others"});
    }
  }

  const Location& PlaceOf(uint32_t slot) const {
    if (slot >= book_.dictionary.attributes().size()) {
      return book_.catalogue.services()[book_.slots[slot].target].location;
    }
    const profile::Attribute& attribute = book_.dictionary.at(slot);
    if (!attribute.model.empty()) return attribute.decision_location;
    return attribute.derive.empty() ? attribute.location : attribute.derive_location;
  }

  // Settles `needs` and `own`, which follow what an attribute reads. Slots reach each other without
  // circles, so a few rounds end.
  void Classify(const std::vector<std::vector<uint32_t>>& reads) {
    for (const profile::Attribute& attribute : book_.dictionary.attributes()) {
      Slot& slot = book_.slots[attribute.index];
      const bool has_origin = slot.origin != Origin::kBroken || !attribute.derive.empty() ||
                              models_.contains(attribute.index);
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

  void PlaceModels() {
    for (auto& [index, decision] : models_) {
      if (in_circle_.contains(index)) continue;
      book_.slots[index].origin = Origin::kModel;
      book_.slots[index].target = static_cast<uint32_t>(book_.model_decisions.size());
      book_.model_decisions.push_back(std::move(decision));
    }
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

  void CompileVariants(const graph::Service& service, const graph::Regulation& regulation,
                       const CatalogueScope& scope) {
    Plan plan = CompileRegulation(service, regulation, scope);
    for (const graph::Variant& variant : regulation.variants) {
      plan.categories.push_back(CompileCriterion(service, variant.category, scope));
      plan.unconfirmed |= !IsConfirmed(variant.category.source);
      book_.plans.emplace(variant.regulation.get(),
                          CompileRegulation(service, *variant.regulation, scope));
    }
    book_.plans.emplace(&regulation, std::move(plan));
  }

  Plan CompileRegulation(const graph::Service& service, const graph::Regulation& regulation,
                         const CatalogueScope& scope) {
    Plan plan;
    for (const graph::Criterion& criterion : regulation.criteria) {
      plan.rules.push_back(CompileCriterion(service, criterion, scope));
      plan.unconfirmed |= !IsConfirmed(criterion.source);
    }
    if (regulation.benefit && !regulation.benefit->rule.empty()) {
      plan.amount = CompileAmount(service, *regulation.benefit, scope);
    }
    return plan;
  }

  // A criterion of equal text in another place is the same rule.
  uint32_t CompileCriterion(const graph::Service& service, const graph::Criterion& criterion,
                            const CatalogueScope& scope) {
    const auto known = rule_of_text_.find(criterion.rule);
    const uint32_t rule =
        known != rule_of_text_.end()
            ? known->second
            : CompileRule(criterion.rule, criterion.rule_location, feel::Type::Boolean(), scope);
    if (rule == kNone) return kNone;
    rule_of_text_.emplace(criterion.rule, rule);
    if (checked_.insert(criterion.rule_location).second) {
      CheckNeeds(service, criterion.rule_location, book_.rules[rule]);
    }
    return rule;
  }

  uint32_t CompileAmount(const graph::Service& service, const graph::Benefit& benefit,
                         const CatalogueScope& scope) {
    const auto known = amount_at_.find(benefit.rule_location);
    if (known != amount_at_.end()) return known->second;
    const uint32_t rule =
        CompileRule(benefit.rule, benefit.rule_location, feel::Type::Number(), scope);
    amount_at_.emplace(benefit.rule_location, rule);
    if (rule != kNone) CheckNeeds(service, benefit.rule_location, book_.rules[rule]);
    return rule;
  }

  // Errors are reported once, though regions and categories share what they do not change.
  uint32_t CompileRule(const std::string& text, const Location& where, const feel::Type& type,
                       const CatalogueScope& scope) {
    if (broken_.contains(where)) return kNone;
    const auto expression = CompileText(text, where, type, scope, issues_);
    if (!expression) {
      broken_.insert(where);
      return kNone;
    }
    book_.rules.push_back(MakeRule(*expression));
    return static_cast<uint32_t>(book_.rules.size() - 1);
  }

  // A rule about a child can never be answered for a service that is about nobody else.
  void CheckNeeds(const graph::Service& service, const Location& where, const Rule& rule) {
    for (const uint32_t slot : rule.expression.slots()) {
      const uint8_t extra =
          book_.slots[slot].needs & ~NeedOf(service.about) & (kNeedsChild | kNeedsDeceased);
      if (extra == 0) continue;
      const std::string who = (extra & kNeedsChild) != 0 ? "child" : "deceased";
      issues_.push_back({Severity::kError, where,
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
  std::map<uint32_t, ModelDecision> models_;  // by the attribute's slot
  std::unordered_map<std::string, uint32_t> rule_of_text_;
  std::map<Location, uint32_t> amount_at_;
  std::set<Location> broken_;
  std::set<Location> checked_;  // for whom they speak of
};

}  // namespace

const AttributeId& Rulebook::IdOf(uint32_t slot) const {
  const size_t attributes = dictionary.attributes().size();
  return slot < attributes ? dictionary.at(slot).id : other_ids[slot - attributes];
}

std::optional<uint32_t> Rulebook::Find(const AttributeId& id) const {
  if (const profile::Attribute* attribute = dictionary.Find(id)) return attribute->index;
  const auto other = std::ranges::find(other_ids, id);
  if (other == other_ids.end()) return std::nullopt;
  return static_cast<uint32_t>(dictionary.attributes().size() + (other - other_ids.begin()));
}

Rulebook CompileRulebook(const graph::Catalogue& catalogue, const profile::Dictionary& dictionary,
                         std::vector<Issue>& issues) {
  return Compiler(catalogue, dictionary, issues).Compile();
}

}  // namespace kstati::eligibility
