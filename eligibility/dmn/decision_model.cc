// SPDX-License-Identifier: Apache-2.0
#include "eligibility/dmn/decision_model.h"

#include <algorithm>

#include "eligibility/dmn/expression_compiler.h"
#include "eligibility/feel/scope.h"

namespace kstati::eligibility::dmn {
namespace {

using feel::Type;

// The names one element's logic may use: what it requires, and the model's types.
class ElementScope final : public feel::Scope {
 public:
  explicit ElementScope(const ItemTypes& types) : types_(types) {}

  void Add(std::string name, uint32_t slot, Type type) {
    names_[std::move(name)] = {slot, std::move(type)};
  }
  std::optional<feel::Binding> Resolve(std::string_view name) const override {
    const auto found = names_.find(name);
    if (found == names_.end()) return std::nullopt;
    return found->second;
  }
  std::optional<Type> ResolveType(std::string_view name) const override {
    return types_.FormOf(name);
  }
  std::vector<std::string> Names() const override {
    std::vector<std::string> names;
    for (const auto& [name, binding] : names_) names.push_back(name);
    return names;
  }

 private:
  const ItemTypes& types_;
  std::map<std::string, feel::Binding, std::less<>> names_;
};

constexpr size_t kLongestRequirementChain = 200;  // evaluation recurses along it

}  // namespace

// Turns references into slots and compiles the logic.
class DecisionModel::Linker {
 public:
  Linker(const std::vector<Model>& models, std::vector<Element>& elements,
         const feel::CompileOptions& options, std::vector<Issue>& issues)
      : models_(models), elements_(elements), options_(options), issues_(issues) {
    types_.resize(models.size());
  }

  void Link() {
    for (size_t i = 0; i < models_.size(); ++i) types_[i] = MakeTypes(i);
    for (size_t i = 0; i < models_.size(); ++i) AddElements(i);
    CheckNames();
    uint32_t slot = 0;
    for (size_t i = 0; i < models_.size(); ++i) LinkElements(i, slot);
    CheckCircles();
    slot = 0;
    for (size_t i = 0; i < models_.size(); ++i) CompileElements(i, slot);
    for (Element& element : elements_) {
      if (element.kind == ElementKind::kService) element.function_type = FunctionTypeOf(element);
    }
  }

 private:
  void Error(const Location& where, std::string text, std::string hint = {}) {
    issues_.push_back({Severity::kError, where, std::move(text), std::move(hint)});
  }

  std::optional<size_t> ModelOf(std::string_view name_space) const {
    for (size_t i = 0; i < models_.size(); ++i) {
      if (models_[i].name_space == name_space) return i;
    }
    return std::nullopt;
  }

  // The models imported by model `index`, made first; a circle of imports ends at null.
  std::unique_ptr<const ItemTypes> MakeTypes(size_t index) {
    if (types_[index]) return std::move(types_[index]);
    std::vector<const ItemTypes*> imported;
    making_.push_back(index);
    for (const Import& import : models_[index].imports) {
      const auto from = ModelOf(import.name_space);
      if (!from) Error(import.where, "the model \"" + import.name_space + "\" is not there");
      const bool circle = from && std::find(making_.begin(), making_.end(), *from) != making_.end();
      if (from && !circle) types_[*from] = MakeTypes(*from);
      imported.push_back(from && !circle ? types_[*from].get() : nullptr);
    }
    making_.pop_back();
    return std::make_unique<ItemTypes>(models_[index], imported, issues_);
  }

  Element MakeElement(ElementKind kind, size_t model, const std::string& id,
                      const Variable& variable, const Location& where) {
    Element element;
    element.kind = kind;
    element.name = feel::CanonicalName(variable.name);
    element.name_space = models_[model].name_space;
    element.id = id;
    element.where = where;
    element.type = types_[model]->Find(variable.type, issues_);
    return element;
  }

  void AddElements(size_t model) {
    const Model& it = models_[model];
    for (const InputData& input : it.inputs) {
      elements_.push_back(
          MakeElement(ElementKind::kInput, model, input.id, input.variable, input.variable.where));
    }
    for (const Decision& decision : it.decisions) {
      elements_.push_back(MakeElement(ElementKind::kDecision, model, decision.id, decision.variable,
                                      decision.where));
    }
    for (const BusinessKnowledgeModel& each : it.knowledge) {
      elements_.push_back(
          MakeElement(ElementKind::kKnowledge, model, each.id, each.variable, each.where));
    }
    for (const DecisionService& service : it.services) {
      elements_.push_back(
          MakeElement(ElementKind::kService, model, service.id, service.variable, service.where));
    }
    for (uint32_t slot = 0; slot < elements_.size(); ++slot) {
      const Element& element = elements_[slot];
      if (!element.id.empty()) by_id_[{element.name_space, element.id}] = slot;
    }
  }

  void CheckNames() {
    std::map<std::pair<std::string, std::string>, bool> seen;
    for (const Element& element : elements_) {
      if (seen.emplace(std::pair(element.name_space, element.name), true).second) continue;
      Error(element.where, "the model has two elements named \"" + element.name + "\"");
    }
  }

  std::optional<uint32_t> SlotOf(size_t model, const Reference& reference, ElementKind kind) {
    const std::string& own = models_[model].name_space;
    const auto found =
        by_id_.find({reference.name_space.empty() ? own : reference.name_space, reference.id});
    const bool fits =
        found != by_id_.end() && (elements_[found->second].kind == kind ||
                                  (kind == ElementKind::kKnowledge &&
                                   elements_[found->second].kind == ElementKind::kService));
    if (fits) return found->second;
    Error(reference.where, "the reference \"" + reference.name_space + "#" + reference.id +
                               "\" leads to nothing that can stand here");
    return std::nullopt;
  }

  void Require(size_t model, const std::vector<Reference>& references, ElementKind kind,
               Element& element) {
    for (const Reference& reference : references) {
      if (const auto slot = SlotOf(model, reference, kind)) element.required.push_back(*slot);
    }
  }

  void LinkElements(size_t model, uint32_t& slot) {
    const Model& it = models_[model];
    slot += static_cast<uint32_t>(it.inputs.size());
    for (const Decision& decision : it.decisions) {
      Element& element = elements_[slot++];
      Require(model, decision.required_inputs, ElementKind::kInput, element);
      Require(model, decision.required_decisions, ElementKind::kDecision, element);
      Require(model, decision.required_knowledge, ElementKind::kKnowledge, element);
    }
    for (const BusinessKnowledgeModel& each : it.knowledge) {
      Require(model, each.required_knowledge, ElementKind::kKnowledge, elements_[slot++]);
    }
    for (const DecisionService& service : it.services) {
      LinkService(model, service, elements_[slot++]);
    }
  }

  // Parameters are the input data, then the input decisions, each in the order written.
  void LinkService(size_t model, const DecisionService& service, Element& element) {
    const auto take = [&](const std::vector<Reference>& references, ElementKind kind) {
      for (const Reference& reference : references) {
        const auto slot = SlotOf(model, reference, kind);
        if (!slot) continue;
        element.parameters.push_back(*slot);
        element.parameter_names.push_back(elements_[*slot].name);
      }
    };
    take(service.inputs, ElementKind::kInput);
    take(service.input_decisions, ElementKind::kDecision);
    for (const Reference& reference : service.outputs) {
      if (const auto slot = SlotOf(model, reference, ElementKind::kDecision)) {
        element.outputs.push_back(*slot);
      }
    }
    for (const Reference& reference : service.encapsulated) {
      SlotOf(model, reference, ElementKind::kDecision);
    }
    if (element.type && element.type->form.is(feel::Kind::kFunction)) {
      element.type = element.type->result;
    }
  }

  // Decisions may not require themselves; knowledge may call itself.
  void CheckCircles() {
    std::vector<int> depth(elements_.size(), -1);
    for (uint32_t slot = 0; slot < elements_.size(); ++slot) {
      std::vector<uint32_t> path;
      Visit(slot, path, depth);
    }
  }

  void Visit(uint32_t slot, std::vector<uint32_t>& path, std::vector<int>& depth) {
    if (elements_[slot].kind != ElementKind::kDecision || depth[slot] > 0) return;
    if (std::find(path.begin(), path.end(), slot) != path.end()) {
      std::string names;
      for (const uint32_t each : path) names += "\"" + elements_[each].name + "\" -> ";
      Error(elements_[slot].where, "decisions require each other in a circle: " + names + "\"" +
                                       elements_[slot].name + "\"");
      depth[slot] = 1;
      return;
    }
    if (path.size() > kLongestRequirementChain) {
      Error(elements_[slot].where, "the chain of required decisions is too long");
      return;
    }
    path.push_back(slot);
    for (const uint32_t required : elements_[slot].required) Visit(required, path, depth);
    path.pop_back();
    depth[slot] = 1;
  }

  // The name by which model `model` calls an element.
  std::string NameIn(size_t model, const Element& element) const {
    if (element.name_space == models_[model].name_space) return element.name;
    for (const Import& import : models_[model].imports) {
      if (import.name_space != element.name_space || import.name.empty()) continue;
      return feel::CanonicalName(import.name + "." + element.name);
    }
    return element.name;
  }

  Type FormOf(const Element& element) const {
    const bool value =
        element.kind == ElementKind::kInput || element.kind == ElementKind::kDecision;
    if (!value) return Type::Of(feel::Kind::kFunction);
    return element.type ? element.type->form : Type::Any();
  }

  // What the logic gives stands for a result nobody declared.
  std::shared_ptr<const Type> FunctionTypeOf(const Element& service) const {
    std::vector<Type> parameters;
    for (const uint32_t slot : service.parameters) parameters.push_back(FormOf(elements_[slot]));
    Type result;
    if (service.type) {
      result = service.type->form;
    } else if (service.outputs.size() == 1) {
      const Element& output = elements_[service.outputs.front()];
      result = output.type || !output.logic ? FormOf(output) : output.logic->type();
    }
    return std::make_shared<const Type>(Type::FunctionOf(std::move(parameters), std::move(result)));
  }

  void CompileElements(size_t model, uint32_t& slot) {
    const Model& it = models_[model];
    slot += static_cast<uint32_t>(it.inputs.size());
    for (const Decision& decision : it.decisions) {
      Element& element = elements_[slot++];
      if (decision.logic) CompileLogic(model, *decision.logic, decision.variable.type, element);
    }
    for (const BusinessKnowledgeModel& each : it.knowledge) {
      Element& element = elements_[slot++];
      if (each.logic) CompileLogic(model, *each.logic, each.variable.type, element);
    }
    slot += static_cast<uint32_t>(it.services.size());
  }

  void CompileLogic(size_t model, const Expression& logic, const TypeName& type, Element& element) {
    ElementScope scope(*types_[model]);
    for (const uint32_t required : element.required) {
      scope.Add(NameIn(model, elements_[required]), required, FormOf(elements_[required]));
    }
    ExpressionCompiler compiler(scope, *types_[model], options_, issues_);
    const bool function = element.kind == ElementKind::kKnowledge;
    element.logic =
        function ? compiler.CompileFunction(logic, element.type) : compiler.Compile(logic, type);
  }

  const std::vector<Model>& models_;
  std::vector<Element>& elements_;
  const feel::CompileOptions& options_;
  std::vector<Issue>& issues_;
  std::vector<std::unique_ptr<const ItemTypes>> types_;  // by model
  std::vector<size_t> making_;
  std::map<std::pair<std::string, std::string>, uint32_t> by_id_;
};

DecisionModel::DecisionModel(const std::vector<Model>& models, std::vector<Issue>& issues,
                             const feel::CompileOptions& options) {
  if (models.empty()) return;
  name_space_ = models.front().name_space;
  Linker(models, elements_, options, issues).Link();
}

std::optional<uint32_t> DecisionModel::Find(std::string_view name,
                                            std::string_view name_space) const {
  const std::string_view wanted = name_space.empty() ? name_space_ : name_space;
  const std::string canonical = feel::CanonicalName(name);
  for (uint32_t slot = 0; slot < elements_.size(); ++slot) {
    if (elements_[slot].name == canonical && elements_[slot].name_space == wanted) return slot;
  }
  return std::nullopt;
}

}  // namespace kstati::eligibility::dmn
