// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/certified_law.h"

#include <filesystem>

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
  Law(const Rulebook& book, Date day, const std::string& region)
      : book_(book), day_(day), region_(region) {}

  Result<json> Of(const graph::Service& service) {
    KSTATI_TRY(json law, ServiceForm(service));
    if (law.is_null()) return law;
    law["decisions"] = std::move(decisions_);
    law["attributes"] = std::move(attributes_);
    law["parameters"] = std::move(parameters_);
    return law;
  }

 private:
  Result<json> ServiceForm(const graph::Service& service) {
    const graph::Regulation* in_force = service.RegulationOn(day_, region_);
    if (in_force == nullptr) return json();
    KSTATI_TRY(json law, RegulationForm(*in_force));
    law["service"] = service.id.text();
    law["about"] = graph::NameOf(service.about);
    law["from"] = in_force->in_force.from.ToString();
    law["to"] = in_force->in_force.to ? json(in_force->in_force.to->ToString()) : json();
    KSTATI_TRY_VOID(AddRegions(service, *in_force, law));
    KSTATI_TRY_VOID(AddCategories(*in_force, law));
    return law;
  }

  Result<json> RegulationForm(const graph::Regulation& regulation) {
    json law{{"as_of", regulation.as_of},
             {"verification", graph::NameOf(regulation.verification)},
             {"sources", regulation.sources},
             {"criteria", json::array()},
             {"conditions", Conditions(regulation)}};
    const Plan& plan = book_.plans.at(&regulation);
    for (size_t i = 0; i < plan.rules.size(); ++i) {
      const graph::Criterion& criterion = regulation.criteria[i];
      KSTATI_TRY(json form, CriterionForm(criterion, plan.rules[i]));
      form["ground"] = criterion.ground.text();
      law["criteria"].push_back(std::move(form));
    }
    return law;
  }

  // Where regions differ that day: whose regulation this is, or whose it is not.
  Result<void> AddRegions(const graph::Service& service, const graph::Regulation& in_force,
                          json& law) {
    if (!service.DependsOnRegion(day_)) return {};
    if (book_.region_slot == kNone) {
      return Fail(ErrorCode::kUnsupported, "the catalogue has no person.region_code", {},
                  "add the attribute");
    }
    if (!in_force.region.empty()) {
      law["region"] = in_force.region;
    } else {
      std::set<std::string> others;
      for (const graph::Regulation& regional : service.regional) {
        if (regional.in_force.Contains(day_)) others.insert(regional.region);
      }
      law["not_of_regions"] = others;
    }
    return AddSlot(book_.region_slot);
  }

  // Who belongs to which category, and what decides there.
  Result<void> AddCategories(const graph::Regulation& in_force, json& law) {
    if (in_force.variants.empty()) return {};
    const Plan& plan = book_.plans.at(&in_force);
    law["categories"] = json::array();
    law["variants"] = json::array();
    for (size_t i = 0; i < in_force.variants.size(); ++i) {
      const graph::Variant& variant = in_force.variants[i];
      KSTATI_TRY(json category, CriterionForm(variant.category, plan.categories[i]));
      law["categories"].push_back(std::move(category));
      KSTATI_TRY(json own, RegulationForm(*variant.regulation));
      own["id"] = variant.id;
      law["variants"].push_back(std::move(own));
    }
    if (in_force.otherwise) {
      law["otherwise"] = SourceForm(in_force.otherwise->source);
      law["otherwise"]["ground"] = in_force.otherwise->ground.text();
    }
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
    if (slot.origin == Origin::kDecision) return AddDecision(slot.target);
    if (slot.origin == Origin::kBuiltin || attributes_.contains(name)) return {};
    if (slot.origin == Origin::kReported) return AddReported(index);
    if (slot.origin == Origin::kModel) return AddModel(index);
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

  Result<void> AddModel(uint32_t index) {
    const profile::Attribute& attribute = book_.dictionary.at(index);
    const ModelDecision& decision = book_.model_decisions[book_.slots[index].target];
    json form{{"model", std::filesystem::path(attribute.model).filename().string()},
              {"decision", attribute.decision},
              {"member_names", json::array()}};
    KSTATI_TRY(form["formula"], FormulaOf(decision, book_));
    attributes_[attribute.id.text()] = std::move(form);
    for (const ModelDecision::Input& input : decision.inputs) KSTATI_TRY_VOID(AddSlot(input.slot));
    return {};
  }

  Result<void> AddDecision(uint32_t target) {
    const graph::Service& service = book_.catalogue.services()[target];
    if (decisions_.contains(service.id.text())) return {};
    KSTATI_TRY(json law, ServiceForm(service));
    decisions_[service.id.text()] = std::move(law);
    return {};
  }

  const Rulebook& book_;
  const Date day_;
  const std::string& region_;
  json decisions_ = json::object();
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

Result<json> CertifiedLaw(const graph::Service& service, Date day, const std::string& region,
                          const Rulebook& book) {
  return Law(book, day, region).Of(service);
}

}  // namespace kstati::eligibility
