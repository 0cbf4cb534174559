// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/models.h"

#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "eligibility/dmn/model_loader.h"
#include "eligibility/feel/type.h"

namespace kstati::eligibility {
namespace {

using ModelPointer = std::shared_ptr<const dmn::DecisionModel>;  // null: it has errors

class Linker {
 public:
  Linker(const Rulebook& book, std::vector<Issue>& issues) : book_(book), issues_(issues) {}

  std::map<uint32_t, ModelDecision> Link() {
    std::map<uint32_t, ModelDecision> decisions;
    for (const profile::Attribute& attribute : book_.dictionary.attributes()) {
      if (attribute.model.empty()) continue;
      const ModelPointer model = Read(attribute.model);
      if (model == nullptr) continue;
      if (auto decision = Find(model, attribute)) {
        decisions.emplace(attribute.index, *std::move(decision));
      }
    }
    return decisions;
  }

 private:
  // Each file once. Authored law is strict: what the standard lets be null is an error here.
  ModelPointer Read(const std::string& path) {
    const auto known = models_.find(path);
    if (known != models_.end()) return known->second;
    const size_t before = issues_.size();
    ModelPointer& made = models_[path];
    const std::vector<dmn::Model> models = dmn::LoadModels(path, issues_);
    if (models.empty()) return nullptr;
    auto model = std::make_shared<const dmn::DecisionModel>(models, issues_,
                                                            feel::CompileOptions{.strict = true});
    if (!HasErrors(std::span(issues_).subspan(before))) made = std::move(model);
    return made;
  }

  std::optional<ModelDecision> Find(const ModelPointer& model,
                                    const profile::Attribute& attribute) {
    const std::optional<uint32_t> found = model->Find(attribute.decision);
    if (!found || model->elements()[*found].kind != dmn::ElementKind::kDecision) {
      Report(attribute, "the model has no decision \"" + attribute.decision + "\"",
             NamesIn(*model));
      return std::nullopt;
    }
    const dmn::Element& element = model->elements()[*found];
    if (element.type == nullptr ||
        !feel::Conforms(element.type->form, ExpressionTypeOf(attribute))) {
      Report(attribute,
             "the decision \"" + element.name + "\" does not give what the attribute holds",
             "declare its type in the model, as " + std::string(NameOf(attribute.type)));
      return std::nullopt;
    }
    ModelDecision decision{model, *found, {}};
    std::set<uint32_t> seen;
    const bool complete = CollectInputs(*found, attribute, seen, decision);
    return complete ? std::optional(std::move(decision)) : std::nullopt;
  }

  bool CollectInputs(uint32_t element, const profile::Attribute& attribute,
                     std::set<uint32_t>& seen, ModelDecision& decision) {
    if (!seen.insert(element).second) return true;
    const dmn::Element& described = decision.model->elements()[element];
    bool complete = true;
    if (described.kind == dmn::ElementKind::kInput) {
      const std::optional<uint32_t> slot = SlotFor(described, attribute);
      if (!slot) return false;
      decision.inputs.push_back({element, *slot});
    }
    for (const uint32_t required : described.required) {
      complete &= CollectInputs(required, attribute, seen, decision);
    }
    for (const uint32_t output : described.outputs) {
      complete &= CollectInputs(output, attribute, seen, decision);
    }
    return complete;
  }

  std::optional<uint32_t> SlotFor(const dmn::Element& input, const profile::Attribute& attribute) {
    const std::optional<uint32_t> slot = book_.Find(AttributeId(input.name));
    const size_t attributes = book_.dictionary.attributes().size();
    const bool list = slot && *slot >= attributes && *slot <= book_.SlotOf(Builtin::kSpouses);
    if (!slot || list) {
      const std::string nearest = book_.dictionary.NearestAttribute(input.name);
      Report(attribute,
             "the input \"" + input.name + "\" of the model is no attribute of the catalogue",
             nearest.empty() ? "name it as the attribute" : "did you mean " + nearest + "?");
      return std::nullopt;
    }
    if (input.type != nullptr && *slot < attributes &&
        !feel::Conforms(TypeOf(book_.dictionary.at(*slot)), input.type->form)) {
      Report(attribute, "the input \"" + input.name + "\" has another type than the attribute",
             "declare it as " + std::string(NameOf(book_.dictionary.at(*slot).type)));
      return std::nullopt;
    }
    return slot;
  }

  static std::string NamesIn(const dmn::DecisionModel& model) {
    std::string names;
    for (const dmn::Element& element : model.elements()) {
      if (element.kind != dmn::ElementKind::kDecision) continue;
      names += (names.empty() ? "it has: " : ", ") + element.name;
    }
    return names;
  }

  void Report(const profile::Attribute& attribute, std::string text, std::string hint) {
    issues_.push_back(
        {Severity::kError, attribute.decision_location, std::move(text), std::move(hint)});
  }

  const Rulebook& book_;
  std::vector<Issue>& issues_;
  std::map<std::string, ModelPointer> models_;
};

}  // namespace

std::map<uint32_t, ModelDecision> LinkModels(const Rulebook& book, std::vector<Issue>& issues) {
  return Linker(book, issues).Link();
}

}  // namespace kstati::eligibility
