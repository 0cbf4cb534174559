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
// is written out where it is applied, unless it applies itself.
class ModelFormula {
 public:
  ModelFormula(const ModelDecision& decision, const Rulebook& book)
      : decision_(decision), book_(book), elements_(decision.model->elements()) {}

  Result<json> Write() {
    KSTATI_TRY_VOID(Add(decision_.decision));
    json form{"let", std::move(parts_), json{"local", locals_.at(decision_.decision)}};
    if (definitions_.empty()) return form;
    return json{"define", std::move(definitions_), std::move(form)};
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
      if (callee.op != feel::Op::kLoad) return Notation::CallValue(node);
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
    if (element.kind == ElementKind::kInput && services_ > 0) return json{"literal", nullptr};
    if (element.kind == ElementKind::kInput) {
      const auto same = [&](const ModelDecision::Input& input) { return input.element == slot; };
      const auto input = std::ranges::find_if(decision_.inputs, same);
      return json{"name", book_.IdOf(input->slot).text()};
    }
    if (!element.logic) return json{"literal", nullptr};
    const feel::Program& program = element.logic->program();
    return ElementNotation(program, Reserve(Notation::LocalsOf(program)), *this).Of(program.root);
  }

  // As the element's type has it.
  Result<json> Conformed(json form, const Element& element) {
    if (!element.type) return form;
    KSTATI_TRY(json type, TypeOf(*element.type));
    KSTATI_TRY(type["form"], TypeForm(element.type->form));
    if (type.size() == 1 && type["form"].is_null()) return form;
    return json{"conform", std::move(type), std::move(form)};
  }

  // {"local"?, "tests"?, "element"?: type, "entries"?: [[name, type]...]}
  Result<json> TypeOf(const dmn::ItemType& type) {
    json form = json::object();
    if (!type.tests.empty()) {
      const size_t tested = Reserve(1);
      form["local"] = tested;
      form["tests"] = json::array();
      for (const feel::Expression& test : type.tests) {
        const feel::Program& program = test.program();
        const TestNotation notation(program, Reserve(Notation::LocalsOf(program)), tested);
        KSTATI_TRY(json passes, notation.Of(program.root));
        form["tests"].push_back(std::move(passes));
      }
    }
    if (type.element) {
      KSTATI_TRY(json element, TypeOf(*type.element));
      if (!element.empty()) form["element"] = std::move(element);
    }
    for (const auto& [name, component] : type.components) {
      if (!component) continue;
      KSTATI_TRY(json part, TypeOf(*component));
      if (!part.empty()) form["entries"].push_back(json::array({name, std::move(part)}));
    }
    return form;
  }

  Result<json> Load(uint32_t slot) {
    const auto local = locals_.find(slot);
    if (local != locals_.end()) return json{"local", local->second};
    if (elements_[slot].kind == ElementKind::kKnowledge) return Knowledge(slot);
    if (elements_[slot].kind == ElementKind::kService) return ServiceAsValue(slot);
    return NoNotation("a function as a value:" + Named(elements_[slot]));
  }

  // A function that serves what it is given.
  Result<json> ServiceAsValue(uint32_t slot) {
    json parameters = json::array();
    std::vector<json> arguments;
    for (const std::string& name : elements_[slot].parameter_names) {
      const size_t given = Reserve(1);
      parameters.push_back(json::array({given, nullptr, name}));
      arguments.push_back(json{"local", given});
    }
    KSTATI_TRY(json body, Serve(slot, std::move(arguments), {}));
    return json{"function", std::move(parameters), json::array(), std::move(body)};
  }

  // Knowledge that cannot be written out where it is applied is defined once.
  Result<json> Knowledge(uint32_t slot) {
    const Element& element = elements_[slot];
    const std::string name = std::to_string(slot);
    if (!definitions_.contains(name)) {
      if (!element.logic) return json{"literal", nullptr};
      const feel::Program& program = element.logic->program();
      if (program.nodes[program.root].op != feel::Op::kLambda) {
        return NoNotation("the knowledge" + Named(element));
      }
      definitions_[name] = nullptr;  // known from here on, also to itself
      const std::map<uint32_t, size_t> outer = std::exchange(locals_, {});
      const size_t first = Reserve(Notation::LocalsOf(program));
      Result<json> form = ElementNotation(program, first, *this).Of(program.root);
      locals_ = outer;
      KSTATI_TRY(definitions_[name], std::move(form));
    }
    return json{"knowledge", name};
  }

  // By the position of the parameters, whatever the order in which they were named.
  static std::optional<std::vector<json>> InOrder(std::vector<json> arguments,
                                                  const std::vector<std::string>& names,
                                                  const std::vector<std::string>& parameters) {
    if (names.empty()) return arguments;
    if (names.size() != parameters.size()) return std::nullopt;
    std::vector<json> ordered;
    for (const std::string& parameter : parameters) {
      const auto position = Position(names, parameter);
      if (!position) return std::nullopt;
      ordered.push_back(arguments[*position]);
    }
    return ordered;
  }

  // A decision service is decided anew: of the model it sees its own parameters alone.
  Result<json> Serve(uint32_t slot, std::vector<json> arguments,
                     const std::vector<std::string>& names) {
    const Element& service = elements_[slot];
    auto ordered = InOrder(std::move(arguments), names, service.parameter_names);
    if (!ordered || ordered->size() != service.parameters.size()) {
      return json{"literal", nullptr};
    }
    if (!applied_.insert(slot).second) {
      return NoNotation("a decision service that calls itself:" + Named(service));
    }
    if (++applications_ > kApplicationsMax) return NoNotation("a model that is so long");
    const std::map<uint32_t, size_t> outer_locals = std::exchange(locals_, {});
    json outer_parts = std::exchange(parts_, json::array());
    ++services_;
    Result<json> form = ServeInside(service, *std::move(ordered));
    --services_;
    locals_ = outer_locals;
    parts_ = std::move(outer_parts);
    applied_.erase(slot);
    return form;
  }

  Result<json> ServeInside(const Element& service, std::vector<json> arguments) {
    json parameters = json::array();
    for (size_t i = 0; i < arguments.size(); ++i) {
      const uint32_t parameter = service.parameters[i];
      const size_t given = Reserve(1);
      KSTATI_TRY(json taken, Conformed(json{"local", given}, elements_[parameter]));
      locals_[parameter] = Reserve(1);
      parameters.push_back(
          json::array({given, std::move(arguments[i]), locals_[parameter], std::move(taken)}));
    }
    for (const uint32_t output : service.outputs) KSTATI_TRY_VOID(Add(output));
    json result;
    if (service.outputs.size() == 1) {
      result = json{"local", locals_.at(service.outputs.front())};
    } else {
      result = json{"context"};
      for (const uint32_t output : service.outputs) {
        result.push_back(
            json::array({elements_[output].name, Reserve(1), json{"local", locals_.at(output)}}));
      }
    }
    KSTATI_TRY(result, Conformed(std::move(result), service));
    return json{"serve", std::move(parameters), json{"let", std::move(parts_), std::move(result)}};
  }

  // The call of knowledge by its name.
  Result<json> Invoke(uint32_t slot, std::vector<json> arguments,
                      const std::vector<std::string>& names, const feel::Lambda& lambda) {
    auto ordered = InOrder(std::move(arguments), names, lambda.parameters);
    if (!ordered) return json{"literal", nullptr};
    KSTATI_TRY(json knowledge, Knowledge(slot));
    json form{"invoke", std::move(knowledge)};
    for (json& argument : *ordered) form.push_back(std::move(argument));
    return form;
  }

  Result<json> Apply(uint32_t slot, std::vector<json> arguments,
                     const std::vector<std::string>& names) {
    const Element& element = elements_[slot];
    if (element.kind == ElementKind::kService) return Serve(slot, std::move(arguments), names);
    if (element.kind != ElementKind::kKnowledge || !element.logic) {
      return NoNotation("the call of" + Named(element));
    }
    const feel::Program& program = element.logic->program();
    const Node& root = program.nodes[program.root];
    if (root.op != feel::Op::kLambda) return NoNotation("the knowledge" + Named(element));
    const feel::Lambda& lambda = program.lambdas[root.a];
    const bool plain = arguments.size() == lambda.parameters.size() && lambda.captures.empty() &&
                       !AppliesItself(slot);
    if (!plain) return Invoke(slot, std::move(arguments), names, lambda);
    applied_.insert(slot);
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
    const size_t first = Reserve(Notation::LocalsOf(element.logic->program()) + lambda.frame_size);
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

  // Whether it comes back to itself by what it requires.
  bool AppliesItself(uint32_t slot) const {
    std::set<uint32_t> seen;
    std::vector<uint32_t> open = elements_[slot].required;
    while (!open.empty()) {
      const uint32_t next = open.back();
      open.pop_back();
      if (next == slot) return true;
      if (!seen.insert(next).second) continue;
      const std::vector<uint32_t>& required = elements_[next].required;
      open.insert(open.end(), required.begin(), required.end());
    }
    const std::vector<uint32_t>& reads = elements_[slot].logic->slots();
    return std::ranges::find(reads, slot) != reads.end();
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
  json definitions_ = json::object();  // of knowledge, by its number
  std::map<uint32_t, size_t> locals_;  // of elements
  std::set<uint32_t> applied_;         // knowledge being written out
  size_t applications_ = 0;
  int services_ = 0;  // that are being written
  size_t next_local_ = 0;
};

}  // namespace

Result<json> FormulaOf(const ModelDecision& decision, const Rulebook& book) {
  return Bounded(ModelFormula(decision, book).Write());
}

}  // namespace kstati::eligibility
