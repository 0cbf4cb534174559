// SPDX-License-Identifier: Apache-2.0
// Formulas of decisions of decision models.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "eligibility/internal/formula.h"
#include "eligibility/internal/notation.h"

namespace kstati::eligibility {
namespace {

using dmn::Element;
using dmn::ElementKind;
using feel::Node;
using feel::NodeIndex;
using nlohmann::json;

std::string Named(const Element& element) { return " \"" + element.name + "\""; }

bool HasTests(const dmn::ItemTypePointer& type) {
  if (!type) return false;
  return !type->tests.empty() || HasTests(type->element) ||
         std::ranges::any_of(type->components,
                             [](const auto& component) { return HasTests(component.second); });
}

// The tests of a type, of the value in a local.
class TestNotation final : public Notation {
 public:
  TestNotation(const feel::Program& program, size_t first_local, size_t tested)
      : Notation(program, first_local), tested_(tested) {}

 private:
  Result<Form> Load(uint32_t) const override { return json{"local", tested_}; }

  const size_t tested_;
};

// Everything that a decision requires becomes a local, each after what it needs itself; knowledge
// is written out where it is applied.
class ModelFormula {
 public:
  ModelFormula(const ModelDecision& decision, const Rulebook& book)
      : decision_(decision), book_(book), elements_(decision.model->elements()) {}

  Result<json> Write() {
    KSTATI_TRY_VOID(Add(decision_.decision));
    return json{"let", std::move(parts_), json{"local", locals_.at(decision_.decision)}};
  }

 private:
  // Written-out knowledge: far above any model of law, and below what would be too long anyway.
  static constexpr size_t kApplicationsMax = 1000;

  class ElementNotation final : public Notation {
   public:
    ElementNotation(const feel::Program& program, size_t first_local, ModelFormula& model)
        : Notation(program, first_local), model_(model) {}

   private:
    Result<Form> Load(uint32_t slot) const override { return model_.Load(slot); }

    Result<Form> CallValue(const Node& node) const override {
      const std::vector<NodeIndex> children = Children(node);
      const Node& callee = program().nodes[children.front()];
      if (callee.op != feel::Op::kLoad) return NoNotation("a function that is no knowledge");
      std::vector<json> arguments;
      std::vector<std::string> names;
      for (size_t i = 1; i < children.size(); ++i) {
        KSTATI_TRY(json argument, Of(children[i]));
        arguments.push_back(std::move(argument));
        if (node.flags == feel::kNamed) names.push_back(program().names[node.c + i - 1]);
      }
      return model_.Apply(callee.a, std::move(arguments), names);
    }

    ModelFormula& model_;
  };

  size_t Reserve(size_t count) {
    next_local_ += count;
    return next_local_ - count;
  }

  Result<void> Add(uint32_t slot) {
    const Element& element = elements_[slot];
    const bool value =
        element.kind == ElementKind::kInput || element.kind == ElementKind::kDecision;
    if (!value || locals_.contains(slot)) return {};
    for (const uint32_t required : element.required) KSTATI_TRY_VOID(Add(required));
    KSTATI_TRY(json form, ValueOf(slot));
    KSTATI_TRY(form, Conformed(std::move(form), element));
    locals_[slot] = Reserve(1);
    parts_.push_back(json::array({locals_[slot], std::move(form)}));
    return {};
  }

  Result<json> ValueOf(uint32_t slot) {
    const Element& element = elements_[slot];
    if (element.kind == ElementKind::kInput) {
      const auto same = [&](const ModelDecision::Input& input) { return input.element == slot; };
      const auto input = std::ranges::find_if(decision_.inputs, same);
      return json{"name", book_.IdOf(input->slot).text()};
    }
    if (!element.logic) return json{"literal", nullptr};
    const feel::Program& program = element.logic->program();
    return ElementNotation(program, Reserve(program.frame_size), *this).Of(program.root);
  }

  // As the element's type has it.
  Result<json> Conformed(json form, const Element& element) {
    const dmn::ItemTypePointer& type = element.type;
    if (!type) return form;
    if (HasTests(type->element) || std::ranges::any_of(type->components, [](const auto& each) {
          return HasTests(each.second);
        })) {
      return NoNotation("allowed values of parts of" + Named(element));
    }
    if (!type->form.is_any()) {
      KSTATI_TRY(json type_form, TypeForm(type->form));
      form = json{"convert", std::move(type_form), std::move(form)};
    }
    if (type->tests.empty()) return form;
    const size_t tested = Reserve(1);
    form = json{"tested", tested, std::move(form)};
    for (const feel::Expression& test : type->tests) {
      const feel::Program& program = test.program();
      const TestNotation notation(program, Reserve(program.frame_size), tested);
      KSTATI_TRY(json passes, notation.Of(program.root));
      form.push_back(std::move(passes));
    }
    return form;
  }

  Result<json> Load(uint32_t slot) const {
    const auto local = locals_.find(slot);
    if (local == locals_.end())
      return NoNotation("a function as a value:" + Named(elements_[slot]));
    return json{"local", local->second};
  }

  Result<json> Apply(uint32_t slot, std::vector<json> arguments,
                     const std::vector<std::string>& names) {
    const Element& element = elements_[slot];
    if (element.kind == ElementKind::kService) {
      return NoNotation("the decision service" + Named(element));
    }
    if (element.kind != ElementKind::kKnowledge || !element.logic) {
      return NoNotation("the call of" + Named(element));
    }
    const feel::Program& program = element.logic->program();
    const Node& root = program.nodes[program.root];
    if (root.op != feel::Op::kLambda) return NoNotation("the knowledge" + Named(element));
    if (!applied_.insert(slot).second) {
      return NoNotation("knowledge that applies itself:" + Named(element));
    }
    if (++applications_ > kApplicationsMax) return NoNotation("a model that is so long");
    Result<json> form = Apply(element, program.lambdas[root.a], std::move(arguments), names);
    applied_.erase(slot);
    return form;
  }

  Result<json> Apply(const Element& element, const feel::Lambda& lambda,
                     std::vector<json> arguments, const std::vector<std::string>& names) {
    if (arguments.size() != lambda.parameters.size()) {
      return NoNotation("a wrong number of arguments of" + Named(element));
    }
    const size_t first = Reserve(lambda.frame_size);
    json parameters = json::array();
    for (size_t i = 0; i < arguments.size(); ++i) {
      // Arguments are computed in the order written.
      const auto named = names.empty() ? std::optional(i) : Position(lambda.parameters, names[i]);
      if (!named) return NoNotation("the argument " + names[i] + " of" + Named(element));
      KSTATI_TRY(json type, TypeForm(lambda.parameter_types[*named]));
      parameters.push_back(json::array({first + *named, std::move(type), std::move(arguments[i])}));
    }
    const ElementNotation notation(element.logic->program(), first, *this);
    KSTATI_TRY(json body, notation.Of(lambda.body));
    return json{"apply", std::move(parameters), std::move(body)};
  }

  static std::optional<size_t> Position(const std::vector<std::string>& names,
                                        const std::string& name) {
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) return std::nullopt;
    return static_cast<size_t>(found - names.begin());
  }

  const ModelDecision& decision_;
  const Rulebook& book_;
  const std::vector<Element>& elements_;
  json parts_ = json::array();
  std::map<uint32_t, size_t> locals_;  // of elements
  std::set<uint32_t> applied_;         // knowledge being written out
  size_t applications_ = 0;
  size_t next_local_ = 0;
};

}  // namespace

Result<json> FormulaOf(const ModelDecision& decision, const Rulebook& book) {
  return Bounded(ModelFormula(decision, book).Write());
}

}  // namespace kstati::eligibility
