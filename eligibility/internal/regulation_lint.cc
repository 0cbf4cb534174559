// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/regulation_lint.h"

#include <algorithm>
#include <set>

#include "base/check.h"
#include "eligibility/internal/service_rules.h"

namespace kstati::eligibility {
namespace {

constexpr const char* kDeadPartShown = "shows the part that never matters";

std::map<uint32_t, PossibleValues> PossibleValuesOf(const Rulebook& book, DateSteps& steps,
                                                    const LintScope& scope) {
  ValueAnalysis analysis(book, &steps, scope.day, scope.region, People::kMadeUp);
  for (const auto* rules :
       {&book.plans.at(&scope.regulation()).rules, &book.plans.at(scope.whole).categories}) {
    for (const uint32_t rule : *rules) {
      if (rule != kNone) analysis.Add(book.rules[rule]);
    }
  }
  for (const uint32_t rule : scope.required) analysis.Add(book.rules[rule]);
  return analysis.Result();
}

bool IsBuiltin(const AttributeId& attribute, const Rulebook& book) {
  const std::optional<uint32_t> slot = book.Find(attribute);
  return slot && book.slots[*slot].origin == Origin::kBuiltin;
}

}  // namespace

RegulationLint::RegulationLint(const Program& program, DateSteps& steps, LintScope scope)
    : program_(program),
      book_(program.book()),
      scope_(std::move(scope)),
      service_(*scope_.service),
      regulation_(scope_.regulation()),
      plan_(book_.plans.at(&regulation_)),
      categories_(book_.plans.at(scope_.whole).categories),
      steps_(steps),
      search_(book_, service_.about, scope_.day, scope_.region,
              PossibleValuesOf(book_, steps, scope_)),
      can_fail_(plan_.rules.size(), true) {
  for (const uint32_t rule : scope_.required) search_.Require({&book_.rules[rule], true});
  if (scope_.variant == nullptr) return;
  search_.Require({CategoryOf(scope_.variant - scope_.whole->variants.data()), true});
}

std::vector<Finding> RegulationLint::Run() {
  nobody_qualifies_ = search_.Find(AllHold()).end == Witness::End::kImpossible;
  if (nobody_qualifies_) {
    ReportNobody();
  } else {
    CheckCriteria();
    CheckGrounds();
    CheckVariants();
    CheckBranches();
    CheckAmount();
  }
  std::erase_if(findings_, [&](const Finding& finding) { return Accepts(finding); });
  return std::move(findings_);
}

bool RegulationLint::Accepts(const Finding& finding) const {
  return std::ranges::any_of(regulation_.accepted, [&](const graph::AcceptedFinding& accepted) {
    return accepted.finding == finding.check && accepted.of == finding.of;
  });
}

bool RegulationLint::IsOwn(size_t index) const {
  const graph::Criterion& criterion = regulation_.criteria[index];
  const auto stands_in = [&](const graph::Regulation* other) {
    return std::ranges::any_of(other->criteria, [&](const graph::Criterion& one) {
      return one.id == criterion.id && one.rule == criterion.rule && one.ground == criterion.ground;
    });
  };
  return std::ranges::none_of(scope_.others, stands_in);
}

const Rule* RegulationLint::RuleOf(size_t index) const {
  KSTATI_CHECK(plan_.rules[index] != kNone);  // a program without errors
  return &book_.rules[plan_.rules[index]];
}

const Rule* RegulationLint::CategoryOf(size_t index) const {
  KSTATI_CHECK(categories_[index] != kNone);
  return &book_.rules[categories_[index]];
}

std::vector<Demand> RegulationLint::AllHold() const {
  std::vector<Demand> demands;
  for (size_t i = 0; i < plan_.rules.size(); ++i) demands.push_back({RuleOf(i), true});
  return demands;
}

void RegulationLint::CheckCriteria() {
  for (size_t i = 0; i < plan_.rules.size(); ++i) {
    if (IsOwn(i)) {
      CheckCriterion(i);
    } else {
      can_fail_[i] = search_.Find({{RuleOf(i), false}}).end != Witness::End::kImpossible;
    }
  }
}

void RegulationLint::ReportNobody() {
  const graph::Variant* variant = scope_.variant;
  Finding finding =
      FindingAt("nobody-qualifies", variant ? variant->category : regulation_.criteria.front());
  finding.of = variant ? variant->id : service_.id.text();
  finding.text = "no person" + OfCategory() + " meets all criteria of " + service_.id.text();
  finding.remedy = "correct the criteria that contradict each other";
  if (plan_.rules.empty()) {
    finding.text = "nobody belongs to the category " + finding.of + " of " + service_.id.text();
    finding.remedy = "correct the category, or remove the variant";
  } else {
    finding.witness = ShownBeside({RuleOf(0), true}, 0, "meets one criterion and never all");
  }
  findings_.push_back(std::move(finding));
}

void RegulationLint::CheckCriterion(size_t index) {
  const graph::Criterion& criterion = regulation_.criteria[index];
  std::vector<Demand> demands{{RuleOf(index), false}};
  for (size_t k = 0; k < plan_.rules.size(); ++k) {
    if (k != index) demands.push_back({RuleOf(k), true});
  }
  if (search_.Find(demands).end != Witness::End::kImpossible) return;
  can_fail_[index] = search_.Find({demands.front()}).end != Witness::End::kImpossible;
  if (!can_fail_[index]) {
    Finding finding = FindingAt("always-holds", criterion);
    finding.text = "the criterion " + criterion.id + " holds for everybody" + OfCategory();
    finding.remedy = "remove it, or correct its rule";
    finding.witness = Shown({{RuleOf(index), true}}, "like everybody, meets " + criterion.id);
    findings_.push_back(std::move(finding));
  } else if (const std::optional<size_t> other = ImpliedBy(index)) {
    // Of two that mean the same, the later one is one too many.
    const bool mutual =
        IsOwn(*other) && search_.Find({{RuleOf(*other), false}, {RuleOf(index), true}}).end ==
                             Witness::End::kImpossible;
    if (mutual && index < *other) return;
    const std::string& twin = regulation_.criteria[*other].id;
    Finding finding = FindingAt("checked-twice", criterion);
    finding.text = "the criterion " + criterion.id + " checks again what " + twin +
                   " has checked: nobody who meets " + twin + " fails it";
    finding.remedy = "remove one of the two";
    finding.witness =
        Shown({demands.front(), {RuleOf(*other), false}}, "fails " + criterion.id + " and " + twin);
    findings_.push_back(std::move(finding));
  } else {
    Finding finding = FindingAt("never-decides", criterion);
    finding.text = "the criterion " + criterion.id +
                   " never decides: whoever fails it fails another criterion too";
    finding.remedy = "remove it, or correct its rule";
    finding.witness =
        ShownBeside(demands.front(), index, "fails " + criterion.id + ", never alone");
    findings_.push_back(std::move(finding));
  }
}

std::optional<size_t> RegulationLint::ImpliedBy(size_t index) {
  for (size_t k = 0; k < plan_.rules.size(); ++k) {
    if (k == index) continue;
    const Witness::End end = search_.Find({{RuleOf(index), false}, {RuleOf(k), true}}).end;
    if (end == Witness::End::kImpossible) return k;
  }
  return std::nullopt;
}

void RegulationLint::CheckGrounds() {
  for (size_t i = 0; i < plan_.rules.size(); ++i) {
    if (can_fail_[i]) reached_.insert(regulation_.criteria[i].ground);
  }
  for (const graph::Condition& condition : regulation_.conditions) {
    reached_.insert(condition.ground);
  }
  if (regulation_.otherwise) reached_.insert(regulation_.otherwise->ground);
  std::set<GroundId> seen = reached_;
  for (size_t i = 0; i < plan_.rules.size(); ++i) {
    const graph::Criterion& criterion = regulation_.criteria[i];
    if (!IsOwn(i) || !seen.insert(criterion.ground).second) continue;
    Finding finding = FindingAt("ground-unreachable", criterion);
    finding.of = criterion.ground.text();
    finding.text = "nobody is ever refused on " + criterion.ground.text() +
                   ": no criterion that cites it can fail";
    finding.remedy = "remove the ground, or correct the criteria that cite it";
    finding.witness = Shown({{RuleOf(i), true}}, "like everybody, meets " + criterion.id);
    findings_.push_back(std::move(finding));
  }
}

// Only among those whom the common criteria let pass: the others are refused, whatever they are.
void RegulationLint::CheckVariants() {
  const std::vector<graph::Variant>& variants = regulation_.variants;
  if (variants.empty()) return;
  const std::vector<Demand> common = AllHold();
  std::vector<Demand> nobody;
  for (size_t i = 0; i < variants.size(); ++i) nobody.push_back({CategoryOf(i), false});
  nobody.insert(nobody.end(), common.begin(), common.end());
  std::optional<graph::Example> uncovered;
  if (!regulation_.otherwise) uncovered = Shown(nobody, "is covered by no variant");
  if (uncovered) {
    Finding finding = FindingAt("variant-gap", variants.front().category);
    finding.of = service_.id.text();
    finding.text = "no variant of " + service_.id.text() + " covers somebody who may apply";
    finding.remedy =
        "add a variant for such people, or say with `otherwise` on what they are refused";
    finding.witness = std::move(uncovered);
    findings_.push_back(std::move(finding));
  }
  for (size_t i = 0; i < variants.size(); ++i) {
    for (size_t k = 0; k < i; ++k) CheckOverlap(k, i, common);
  }
}

void RegulationLint::CheckOverlap(size_t first, size_t second, const std::vector<Demand>& common) {
  const graph::Variant& one = regulation_.variants[first];
  const graph::Variant& other = regulation_.variants[second];
  std::vector<Demand> both{{CategoryOf(second), true}, {CategoryOf(first), true}};
  both.insert(both.end(), common.begin(), common.end());
  std::optional<graph::Example> covered =
      Shown(std::move(both), "is covered by " + one.id + " and " + other.id);
  if (!covered) return;
  Finding finding = FindingAt("variant-overlap", other.category);
  finding.of = other.id;
  finding.text = "the variants " + one.id + " and " + other.id + " cover the same person";
  finding.remedy = "make one of the two categories exclude the other";
  finding.witness = std::move(covered);
  findings_.push_back(std::move(finding));
}

void RegulationLint::CheckBranches() {
  std::set<const Rule*> seen;  // equal texts are one rule
  for (size_t i = 0; i < plan_.rules.size(); ++i) {
    if (IsOwn(i) && can_fail_[i] && seen.insert(RuleOf(i)).second) {
      CheckBranches(regulation_.criteria[i], *RuleOf(i), "criterion");
    }
  }
  for (size_t i = 0; i < regulation_.variants.size(); ++i) {
    if (!seen.insert(CategoryOf(i)).second) continue;
    CheckBranches(regulation_.variants[i].category, *CategoryOf(i), "category");
  }
}

void RegulationLint::CheckBranches(const graph::Criterion& criterion, const Rule& rule,
                                   const std::string& what) {
  Parts parts;
  for (const DeadPart& dead : FindDeadParts(rule, search_, parts)) {
    Finding finding = DeadPartAt(dead, rule, criterion.rule_location, Named(criterion.id),
                                 what + " " + criterion.id);
    finding.witness = Shown(dead.shown_by, kDeadPartShown);
    findings_.push_back(std::move(finding));
  }
}

WitnessSearch RegulationLint::SearchFor(const Rule& rule, const std::vector<uint32_t>& others) {
  ValueAnalysis analysis(book_, &steps_, scope_.day, scope_.region, People::kMadeUp);
  Parts parts;
  for (const Rule* truth : TruthsIn(rule, parts)) analysis.Add(*truth);
  for (const uint32_t other : others) {
    if (other != kNone) analysis.Add(book_.rules[other]);
  }
  return WitnessSearch(book_, service_.about, scope_.day, scope_.region, analysis.Result());
}

void RegulationLint::CheckAmount() {
  if (plan_.amount == kNone) return;
  const Location& where = regulation_.benefit->rule_location;
  const auto has_it = [&](const graph::Regulation* other) {
    return other->benefit && other->benefit->rule_location == where;
  };
  if (std::ranges::any_of(scope_.others, has_it)) return;
  const Rule& rule = book_.rules[plan_.amount];
  std::vector<uint32_t> others = plan_.rules;
  others.insert(others.end(), categories_.begin(), categories_.end());
  others.insert(others.end(), scope_.required.begin(), scope_.required.end());
  WitnessSearch search = SearchFor(rule, others);
  for (const Demand& demand : AllHold()) search.Require(demand);
  for (const uint32_t required : scope_.required) search.Require({&book_.rules[required], true});
  if (scope_.variant != nullptr) {
    search.Require({CategoryOf(scope_.variant - scope_.whole->variants.data()), true});
  }
  Parts parts;
  for (const DeadPart& dead : FindDeadParts(rule, search, parts)) {
    Finding finding = DeadPartAt(dead, rule, where, Named("amount"), "amount");
    const Witness witness = search.Find(dead.shown_by);
    if (witness.end == Witness::End::kFound) {
      finding.witness = ExampleOf(witness.facts, kDeadPartShown);
    }
    findings_.push_back(std::move(finding));
  }
  open_ += search.open();
}

std::vector<Finding> RegulationLint::DeadPartsOfDerived(uint32_t slot) {
  const profile::Attribute& attribute = book_.dictionary.at(slot);
  const Rule& rule = book_.derived[book_.slots[slot].target];
  WitnessSearch search = SearchFor(rule, {});
  Parts parts;
  std::vector<Finding> findings;
  for (const DeadPart& dead : FindDeadParts(rule, search, parts)) {
    Finding finding = DeadPartAt(dead, rule, attribute.derive_location, attribute.id.text(),
                                 "attribute " + attribute.id.text());
    const Witness witness = search.Find(dead.shown_by);
    if (witness.end == Witness::End::kFound) {
      finding.witness = ExampleOf(witness.facts, kDeadPartShown);
    }
    findings.push_back(std::move(finding));
  }
  open_ += search.open();
  return findings;
}

Finding RegulationLint::DeadPartAt(const DeadPart& part, const Rule& rule, const Location& where,
                                   std::string of, const std::string& in) const {
  const feel::Program& program = rule.expression.program();
  Finding finding;
  finding.check = "dead-part";
  finding.service = service_.id;
  finding.of = std::move(of);
  finding.where = feel::PlaceOf(program.text, where, program.nodes[part.node].offset);
  finding.text = "in the " + in + ", " + part.why;
  finding.remedy = "remove the part, or correct it";
  return finding;
}

std::string RegulationLint::Named(const std::string& part) const {
  return scope_.variant ? scope_.variant->id + "." + part : part;
}

Finding RegulationLint::FindingAt(std::string check, const graph::Criterion& criterion) const {
  Finding finding;
  finding.check = std::move(check);
  finding.service = service_.id;
  finding.of = Named(criterion.id);
  finding.where = criterion.rule_location;
  return finding;
}

std::string RegulationLint::OfCategory() const {
  return scope_.variant ? " of the category " + scope_.variant->id : std::string();
}

std::optional<graph::Example> RegulationLint::PersonWith(uint32_t slot, const std::string& name) {
  for (size_t i = 0; i < plan_.rules.size(); ++i) {
    if (!LeavesOf(*RuleOf(i), book_).contains(slot)) continue;
    for (const bool holds : {true, false}) {
      const Witness witness = search_.Find({{RuleOf(i), holds}});
      const bool has = std::ranges::any_of(witness.facts, [&](const Assumption& fact) {
        return fact.attribute == book_.IdOf(slot);
      });
      if (has) return ExampleOf(witness.facts, name);
    }
  }
  return std::nullopt;
}

std::optional<graph::Example> RegulationLint::EntitledPerson(const std::string& name) {
  return Shown(AllHold(), name);
}

std::optional<graph::Example> RegulationLint::Shown(std::vector<Demand> demands, std::string name) {
  if (scope_.variant != nullptr) {
    std::vector<Demand> alone = demands;
    for (size_t i = 0; i < scope_.whole->variants.size(); ++i) {
      if (&scope_.whole->variants[i] != scope_.variant) alone.push_back({CategoryOf(i), false});
    }
    const Witness witness = search_.Find(std::move(alone));
    if (witness.end == Witness::End::kFound) return ExampleOf(witness.facts, std::move(name));
  }
  const Witness witness = search_.Find(std::move(demands));
  if (witness.end != Witness::End::kFound) return std::nullopt;
  return ExampleOf(witness.facts, std::move(name));
}

// Both must be settled: a person who fails a criterion and leaves the others open shows nothing.
std::optional<graph::Example> RegulationLint::ShownBeside(const Demand& shown, size_t index,
                                                          const std::string& name) {
  for (size_t k = 0; k < plan_.rules.size(); ++k) {
    if (k == index) continue;
    if (std::optional<graph::Example> found = Shown({shown, {RuleOf(k), false}}, name))
      return found;
  }
  return Shown({shown}, name);
}

graph::Example RegulationLint::ExampleOf(const std::vector<Assumption>& facts,
                                         std::string name) const {
  graph::Example example;
  example.name = std::move(name);
  example.on = scope_.day;
  example.region = scope_.region;
  const auto& aliases =
      service_.about == graph::About::kChild ? book_.child_alias : book_.deceased_alias;
  for (const Assumption& fact : facts) {
    if (IsBuiltin(fact.attribute, book_)) continue;
    AttributeId named = fact.attribute;
    if (fact.citizen == kMadeUpOther) {
      const uint32_t alias = aliases[*book_.Find(fact.attribute)];
      if (alias != kNone) named = book_.IdOf(alias);
    }
    example.facts.emplace_back(named, profile::ToText(fact.value));
  }
  StateFollowing(facts, example);
  Subject subject = search_.SubjectOf(facts);
  subject.nothing_recorded = false;
  const Decision decision = program_.Decide(service_, subject, false);
  example.expect = NameOf(decision.verdict);
  example.grounds = decision.grounds;
  return example;
}

// Relations and the day of the event cannot be stated in examples: what the rules read of them is.
void RegulationLint::StateFollowing(const std::vector<Assumption>& facts,
                                    graph::Example& example) const {
  const bool any = std::ranges::any_of(
      facts, [&](const Assumption& fact) { return IsBuiltin(fact.attribute, book_); });
  if (!any) return;
  const Subject subject = search_.SubjectOf(facts);
  Evaluation evaluation(book_, subject, false);
  std::set<AttributeId> stated;
  for (const uint32_t rule : RulesOf(service_, book_, scope_.day, scope_.region)) {
    for (const uint32_t slot : book_.rules[rule].expression.slots()) {
      if (book_.slots[slot].origin != Origin::kDerived) continue;
      const std::set<uint32_t> leaves = LeavesOf(book_.derived[book_.slots[slot].target], book_);
      const bool follows = std::ranges::any_of(leaves, [&](uint32_t leaf) {
        return book_.slots[leaf].origin == Origin::kBuiltin && IsBuiltin(book_.IdOf(leaf), book_);
      });
      const feel::Value& value = evaluation.Load(FrameFor(service_.about), slot).value;
      if (!follows || value.is_unknown() || !stated.insert(book_.IdOf(slot)).second) continue;
      example.facts.emplace_back(book_.IdOf(slot), profile::ToText(FromFeel(value)));
    }
  }
}

}  // namespace kstati::eligibility
