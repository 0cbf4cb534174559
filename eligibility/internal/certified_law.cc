// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/certified_law.h"

#include "eligibility/internal/catalogue_scope.h"
#include "eligibility/internal/formula.h"

namespace kstati::eligibility {
namespace {

using nlohmann::json;

constexpr std::string_view kPersonPrefix = "person.";

std::string_view NameOf(Holder holder) {
  switch (holder) {
    case Holder::kPerson: return "person";
    case Holder::kRole: return "role";
    case Holder::kAbout: return "about";
  }
  return {};
}

// The parameters a rule names.
std::set<std::string> ParametersOf(const Rule& rule) {
  std::set<std::string> ids;
  const feel::Program& program = rule.expression.program();
  for (const feel::Node& node : program.nodes) {
    if (node.op != feel::Op::kCallNative || node.c != kParameterFunction) continue;
    ids.insert(program.constants[program.nodes[program.children[node.a]].a].string());
  }
  return ids;
}

json SourceForm(const graph::LegalSource& source) {
  return {{"act", source.act.text()},
          {"article", source.article},
          {"verification", graph::NameOf(source.verification)},
          {"sources", source.sources}};
}

// Collects what the criteria reach.
class Law {
 public:
  explicit Law(const Rulebook& book) : book_(book) {}

  Result<json> Of(const graph::Service& service, const graph::Regulation& in_force,
                  const graph::Regulation& regulation, Date day) {
    json law{{"service", service.id.text()},
             {"about", graph::NameOf(service.about)},
             {"from", in_force.in_force.from.ToString()},
             {"to", in_force.in_force.to ? json(in_force.in_force.to->ToString()) : json()},
             {"as_of", regulation.as_of},
             {"verification", graph::NameOf(regulation.verification)},
             {"sources", regulation.sources}};
    KSTATI_TRY_VOID(AddRegions(service, in_force, day, law));
    KSTATI_TRY_VOID(AddCategories(in_force, regulation, law));
    law["criteria"] = json::array();
    const Plan& plan = book_.plans.at(&regulation);
    for (size_t i = 0; i < plan.rules.size(); ++i) {
      const graph::Criterion& criterion = regulation.criteria[i];
      KSTATI_TRY(json form, CriterionForm(criterion, plan.rules[i]));
      form["ground"] = criterion.ground.text();
      law["criteria"].push_back(std::move(form));
    }
    law["conditions"] = Conditions(regulation);
    law["attributes"] = std::move(attributes_);
    law["parameters"] = std::move(parameters_);
    return law;
  }

 private:
  static tl::unexpected<Error> Unsupported(const std::string& what) {
    return Fail(ErrorCode::kUnsupported, "a certificate cannot carry " + what, {},
                "explain the decision instead");
  }

  // Where regions differ that day: whose regulation this is, or whose it is not.
  Result<void> AddRegions(const graph::Service& service, const graph::Regulation& in_force,
                          Date day, json& law) {
    if (!service.DependsOnRegion(day)) return {};
    if (!in_force.region.empty()) {
      law["region"] = in_force.region;
    } else {
      std::set<std::string> others;
      for (const graph::Regulation& regional : service.regional) {
        if (regional.in_force.Contains(day)) others.insert(regional.region);
      }
      law["not_of_regions"] = others;
    }
    return book_.region_slot == kNone ? Result<void>() : AddSlot(book_.region_slot);
  }

  // Who belongs to which variant, and which of them this is.
  Result<void> AddCategories(const graph::Regulation& in_force, const graph::Regulation& regulation,
                             json& law) {
    if (in_force.variants.empty()) return {};
    const Plan& plan = book_.plans.at(&in_force);
    law["categories"] = json::array();
    for (size_t i = 0; i < in_force.variants.size(); ++i) {
      const graph::Variant& variant = in_force.variants[i];
      if (variant.regulation.get() == &regulation) law["variant"] = variant.id;
      KSTATI_TRY(json form, CriterionForm(variant.category, plan.categories[i]));
      law["categories"].push_back(std::move(form));
    }
    if (!law.contains("variant")) return Unsupported("a decision whose category is not settled");
    return {};
  }

  Result<json> CriterionForm(const graph::Criterion& criterion, uint32_t rule) {
    if (rule == kNone) {
      return Fail(ErrorCode::kUnsupported, "criterion " + criterion.id + " has errors", {},
                  "correct the catalogue");
    }
    json form = SourceForm(criterion.source);
    form["id"] = criterion.id;
    form["rule"] = criterion.rule;
    KSTATI_TRY_VOID(AddRule(book_.rules[rule], form));
    return form;
  }

  static json Conditions(const graph::Regulation& regulation) {
    json conditions = json::array();
    for (const graph::Condition& condition : regulation.conditions) {
      json form = condition.source ? SourceForm(*condition.source) : json::object();
      form["id"] = condition.id;
      form["ground"] = condition.ground.text();
      conditions.push_back(std::move(form));
    }
    return conditions;
  }

  // Writes the rule's meaning into `form`, and everything it reaches into the law.
  Result<void> AddRule(const Rule& rule, json& form) {
    KSTATI_TRY(form["formula"], FormulaOf(rule, book_));
    form["member_names"] = MemberNames(rule, book_);
    for (const std::string& id : ParametersOf(rule)) AddParameter(id);
    for (const uint32_t slot : SlotsRead(rule, book_)) KSTATI_TRY_VOID(AddSlot(slot));
    for (const uint32_t slot : rule.member_slots) KSTATI_TRY_VOID(AddSlot(slot));
    return {};
  }

  void AddParameter(const std::string& id) {
    const uint32_t index = book_.parameter_index.at(id);
    const graph::Parameter& parameter = book_.catalogue.parameters()[index];
    parameters_[id] = {{"act", parameter.act.text()},
                       {"unit", parameter.unit},
                       {"dimensions", parameter.dimensions},
                       {"regional", static_cast<bool>(book_.parameter_regional[index])}};
  }

  Result<void> AddSlot(uint32_t index) {
    const Slot& slot = book_.slots[index];
    const std::string& name = book_.IdOf(index).text();
    if (slot.origin == Origin::kModel) return Unsupported("a decision model");
    if (slot.origin == Origin::kDecision) return Unsupported("the decision of another service");
    if (slot.origin == Origin::kBuiltin || attributes_.contains(name)) return {};
    if (slot.origin == Origin::kReported) return AddReported(index);
    json& form = attributes_[name];
    if (slot.origin == Origin::kAlias) {
      form = {{"same_as", book_.IdOf(slot.target).text()}, {"shifts", slot.shifts}};
      return AddSlot(slot.target);
    }
    if (slot.origin == Origin::kBroken) {
      return Fail(ErrorCode::kUnsupported, name + " has errors", {}, "correct the catalogue");
    }
    json derived{{"derive", book_.dictionary.at(index).derive}};
    KSTATI_TRY_VOID(AddRule(book_.derived[slot.target], derived));
    attributes_[name] = std::move(derived);
    return {};
  }

  Result<void> AddReported(uint32_t index) {
    const Slot& slot = book_.slots[index];
    json& form = attributes_[book_.IdOf(index).text()];
    form = {{"reported", book_.dictionary.at(index).registry.text()},
            {"holder", NameOf(slot.holder)}};
    if (slot.complete) {
      KSTATI_TRY(form["absent"], ValueForm(slot.absent));
    }
    return {};
  }

  const Rulebook& book_;
  json attributes_ = json::object();
  json parameters_ = json::object();
};

}  // namespace

std::vector<std::string> MemberNames(const Rule& rule, const Rulebook& book) {
  std::vector<std::string> names;
  for (const uint32_t slot : rule.member_slots) {
    names.push_back(book.IdOf(slot).text().substr(kPersonPrefix.size()));
  }
  return names;
}

bool AsksRegion(const Rule& rule, const Rulebook& book) {
  for (const std::string& id : ParametersOf(rule)) {
    if (book.parameter_regional[book.parameter_index.at(id)] && book.region_slot != kNone) {
      return true;
    }
  }
  return false;
}

std::set<uint32_t> SlotsRead(const Rule& rule, const Rulebook& book) {
  const std::vector<uint32_t>& named = rule.expression.slots();
  std::set<uint32_t> slots(named.begin(), named.end());
  if (AsksRegion(rule, book)) slots.insert(book.region_slot);
  return slots;
}

Result<json> CertifiedLaw(const graph::Service& service, const graph::Regulation& in_force,
                          const graph::Regulation& regulation, Date day, const Rulebook& book) {
  return Law(book).Of(service, in_force, regulation, day);
}

}  // namespace kstati::eligibility
