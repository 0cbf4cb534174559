// SPDX-License-Identifier: Apache-2.0
#include "eligibility/dmn/model_reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text_distance.h"
#include "eligibility/dmn/element_reader.h"
#include "eligibility/dmn/expression_reader.h"
#include "eligibility/dmn/xml.h"

namespace kstati::eligibility::dmn {

Location Text::PlaceOf(size_t offset) const {
  const std::string_view before = std::string_view(raw).substr(0, RawOffset(raw, offset));
  const auto lines = static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  Location place = where;
  place.line += lines;
  const auto size = static_cast<int>(before.size());
  place.column = lines == 0 ? where.column + size : size - static_cast<int>(before.rfind('\n'));
  return place;
}

namespace {

constexpr std::array<std::string_view, 4> kNamespaces{
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
};

// What may stand in a model and means nothing to an evaluation.
constexpr std::array<std::string_view, 12> kPassedOver{
    "knowledgeSource",
    "elementCollection",
    "performanceIndicator",
    "organizationUnit",
    "textAnnotation",
    "association",
    "group",
    "description",
    "extensionElements",
    "authorityRequirement",
    "businessContextElement",
    "artifact",
};

// Elements of one model, read into its parts.
class ModelReader : private ElementReader {
 public:
  explicit ModelReader(std::vector<Issue>& issues) : ElementReader(issues), expressions_(issues) {}

  Model Read(const XmlElement& root) {
    Model model;
    model.name = Optional(root, "name");
    model.name_space = Required(root, "namespace");
    for (const XmlElement& child : Children(root)) ReadPart(child, model);
    return model;
  }

 private:
  void ReadPart(const XmlElement& element, Model& model) {
    const std::string& name = element.name;
    if (name == "import") {
      ReadImport(element, model);
    } else if (name == "itemDefinition") {
      model.items.push_back(ReadItem(element));
    } else if (name == "inputData") {
      model.inputs.push_back({Optional(element, "id"), ReadOwnVariable(element)});
    } else if (name == "decision") {
      model.decisions.push_back(ReadDecision(element));
    } else if (name == "businessKnowledgeModel") {
      model.knowledge.push_back(ReadKnowledge(element));
    } else if (name == "decisionService") {
      model.services.push_back(ReadService(element));
    } else if (std::find(kPassedOver.begin(), kPassedOver.end(), name) == kPassedOver.end()) {
      Unexpected(element, "a model");
    }
  }

  void ReadImport(const XmlElement& element, Model& model) {
    const std::string type = Optional(element, "importType");
    if (type.find("/DMN/") == std::string::npos) {
      Error(element.where, "only DMN models can be imported, this is \"" + type + "\"");
      return;
    }
    model.imports.push_back(
        {Optional(element, "name"), Required(element, "namespace"), element.where});
  }

  // The element's variable; its name is the element's own.
  Variable ReadOwnVariable(const XmlElement& element) {
    Variable variable{Required(element, "name"), {}, element.where};
    if (const XmlElement* child = Child(element, "variable")) {
      variable.type = TypeOf(*child);
    }
    return variable;
  }

  std::vector<Reference> References(const XmlElement& element, std::string_view requirement,
                                    std::string_view target) {
    std::vector<Reference> references;
    for (const XmlElement& child : Children(element)) {
      if (child.name != requirement) continue;
      if (target.empty()) {
        references.push_back(ReadReference(child));
      } else if (const XmlElement* inner = Child(child, target)) {
        references.push_back(ReadReference(*inner));
      }
    }
    return references;
  }

  Reference ReadReference(const XmlElement& element) {
    const std::string href = Required(element, "href");
    const size_t hash = href.rfind('#');
    if (hash == std::string::npos) return {{}, href, element.where};
    return {href.substr(0, hash), href.substr(hash + 1), element.where};
  }

  Decision ReadDecision(const XmlElement& element) {
    Decision decision;
    decision.id = Optional(element, "id");
    decision.variable = ReadOwnVariable(element);
    decision.required_inputs = References(element, "informationRequirement", "requiredInput");
    decision.required_decisions = References(element, "informationRequirement", "requiredDecision");
    decision.required_knowledge = References(element, "knowledgeRequirement", "requiredKnowledge");
    decision.where = element.where;
    for (const XmlElement& child : Children(element)) {
      if (!ExpressionReader::IsExpression(child)) continue;
      if (decision.logic) Error(child.where, "a decision has one expression, this is another");
      decision.logic = expressions_.Read(child);
    }
    return decision;
  }

  BusinessKnowledgeModel ReadKnowledge(const XmlElement& element) {
    BusinessKnowledgeModel model;
    model.id = Optional(element, "id");
    model.variable = ReadOwnVariable(element);
    model.required_knowledge = References(element, "knowledgeRequirement", "requiredKnowledge");
    model.where = element.where;
    if (const XmlElement* logic = Child(element, "encapsulatedLogic")) {
      model.logic = expressions_.ReadFunction(*logic, model.variable.name);
    }
    return model;
  }

  DecisionService ReadService(const XmlElement& element) {
    DecisionService service;
    service.id = Optional(element, "id");
    service.variable = ReadOwnVariable(element);
    service.outputs = References(element, "outputDecision", {});
    service.encapsulated = References(element, "encapsulatedDecision", {});
    service.input_decisions = References(element, "inputDecision", {});
    service.inputs = References(element, "inputData", {});
    service.where = element.where;
    if (service.outputs.empty())
      Error(element.where, "a decision service needs an output decision");
    return service;
  }

  ItemDefinition ReadItem(const XmlElement& element) {
    ItemDefinition item;
    item.name = Required(element, "name");
    item.where = element.where;
    item.is_collection = Optional(element, "isCollection") == "true";
    for (const XmlElement& child : Children(element)) {
      if (child.name == "typeRef") {
        item.type = {Trimmed(child.text), child.content};
      } else if (child.name == "allowedValues") {
        item.allowed_values = TextOf(child);
      } else if (child.name == "typeConstraint") {
        item.type_constraint = TextOf(child);
      } else if (child.name == "itemComponent") {
        item.components.push_back(ReadItem(child));
      } else if (child.name == "functionItem") {
        item.function = ReadFunctionItem(child);
      } else if (child.name != "description" && child.name != "extensionElements") {
        Unexpected(child, "an item definition");
      }
    }
    return item;
  }

  FunctionItem ReadFunctionItem(const XmlElement& element) {
    FunctionItem function;
    function.result = {Optional(element, "outputTypeRef"), element.where};
    for (const XmlElement& child : Children(element)) {
      if (child.name == "parameters") function.parameters.push_back(ReadVariable(child));
    }
    return function;
  }

  ExpressionReader expressions_;
};

}  // namespace

std::optional<Model> ReadModel(std::string_view bytes, const std::string& file,
                               std::vector<Issue>& issues) {
  const std::optional<XmlElement> root = ReadXml(bytes, file, issues);
  if (!root) return std::nullopt;
  const bool known =
      std::find(kNamespaces.begin(), kNamespaces.end(), root->name_space) != kNamespaces.end();
  if (root->name != "definitions" || !known) {
    issues.push_back({Severity::kError, root->where, "this is no DMN model of version 1.2 to 1.5",
                      "its first element must be <definitions> in one of the namespaces of the "
                      "standard, for example " +
                          std::string(kNamespaces.back())});
    return std::nullopt;
  }
  return ModelReader(issues).Read(*root);
}

}  // namespace kstati::eligibility::dmn
