// SPDX-License-Identifier: Apache-2.0
#include "eligibility/dmn/expression_reader.h"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

namespace kstati::eligibility::dmn {
namespace {

constexpr std::array<std::string_view, 12> kExpressions{"literalExpression",
                                                        "context",
                                                        "invocation",
                                                        "functionDefinition",
                                                        "list",
                                                        "relation",
                                                        "conditional",
                                                        "filter",
                                                        "for",
                                                        "some",
                                                        "every",
                                                        "decisionTable"};

}  // namespace

bool ExpressionReader::IsExpression(const XmlElement& element) {
  return std::find(kExpressions.begin(), kExpressions.end(), element.name) != kExpressions.end();
}

ExpressionPointer ExpressionReader::Read(const XmlElement& element) {
  auto expression = std::make_unique<Expression>();
  expression->type = TypeOf(element);
  expression->where = element.where;
  expression->form = ReadForm(element);
  return expression;
}

ExpressionReader::Form ExpressionReader::ReadForm(const XmlElement& element) {
  const std::string& name = element.name;
  if (name == "literalExpression") return ReadLiteral(element);
  if (name == "context") return ReadContext(element);
  if (name == "invocation") return ReadInvocation(element);
  if (name == "functionDefinition") return ReadFunctionDefinition(element, "this function");
  if (name == "list") return ReadList(element);
  if (name == "relation") return ReadRelation(element);
  if (name == "conditional") return ReadConditional(element);
  if (name == "filter") return ReadFilter(element);
  if (name == "decisionTable") return ReadTable(element);
  return ReadIteration(element);
}

ExpressionPointer ExpressionReader::ReadFunction(const XmlElement& element,
                                                 const std::string& name) {
  auto expression = std::make_unique<Expression>();
  expression->type = TypeOf(element);
  expression->where = element.where;
  expression->form = ReadFunctionDefinition(element, name);
  return expression;
}

ExpressionPointer ExpressionReader::OnlyExpression(const XmlElement& element) {
  ExpressionPointer found;
  for (const XmlElement& child : Children(element)) {
    if (!IsExpression(child)) continue;
    if (found) Error(child.where, "<" + element.name + "> has one expression, this is another");
    found = Read(child);
  }
  if (!found) Error(element.where, "<" + element.name + "> needs an expression");
  return found;
}

ExpressionPointer ExpressionReader::ExpressionIn(const XmlElement& element, std::string_view name) {
  const XmlElement* child = RequiredChild(element, name);
  return child == nullptr ? nullptr : OnlyExpression(*child);
}

Literal ExpressionReader::ReadLiteral(const XmlElement& element) {
  const std::string language = Optional(element, "expressionLanguage");
  if (!language.empty() && language.find("FEEL") == std::string::npos) {
    Error(element.where, "the expression language \"" + language + "\" is not accepted",
          "write it in FEEL");
  }
  if (Child(element, "importedValues") != nullptr) {
    Error(element.where, "imported values are not accepted", "write the expression here");
  }
  return {TextOf(element).value_or(Text{{}, {}, element.where})};
}

BoxedContext ExpressionReader::ReadContext(const XmlElement& element) {
  BoxedContext context;
  for (const XmlElement& child : Children(element)) {
    if (child.name != "contextEntry") continue;
    ContextEntry entry;
    if (const XmlElement* variable = Child(child, "variable"))
      entry.variable = ReadVariable(*variable);
    entry.value = OnlyExpression(child);
    if (!context.entries.empty() && !context.entries.back().variable) {
      Error(child.where, "an entry without a variable is the result and must be the last one");
    }
    context.entries.push_back(std::move(entry));
  }
  return context;
}

Invocation ExpressionReader::ReadInvocation(const XmlElement& element) {
  Invocation invocation;
  invocation.callee = OnlyExpression(element);
  for (const XmlElement& child : Children(element)) {
    if (child.name != "binding") continue;
    Binding binding;
    if (const XmlElement* parameter = RequiredChild(child, "parameter")) {
      binding.parameter = ReadVariable(*parameter);
    }
    binding.value = OnlyExpression(child);
    invocation.bindings.push_back(std::move(binding));
  }
  return invocation;
}

FunctionDefinition ExpressionReader::ReadFunctionDefinition(const XmlElement& element,
                                                            const std::string& name) {
  FunctionDefinition function;
  const std::string kind = Optional(element, "kind");
  if (kind == "Java") function.kind = FunctionKind::kJava;
  if (kind == "PMML") function.kind = FunctionKind::kPmml;
  for (const XmlElement& child : Children(element)) {
    if (child.name == "formalParameter") function.parameters.push_back(ReadVariable(child));
  }
  if (function.kind != FunctionKind::kFeel) {
    Error(element.where, name + " is an external function in " + kind + ", which is not accepted",
          "write it in FEEL");
    return function;
  }
  function.body = OnlyExpression(element);
  return function;
}

BoxedList ExpressionReader::ReadList(const XmlElement& element) {
  BoxedList list;
  for (const XmlElement& child : Children(element)) {
    if (IsExpression(child)) list.items.push_back(Read(child));
  }
  return list;
}

Relation ExpressionReader::ReadRelation(const XmlElement& element) {
  Relation relation;
  for (const XmlElement& child : Children(element)) {
    if (child.name == "column") relation.columns.push_back(ReadVariable(child));
  }
  for (const XmlElement& child : Children(element)) {
    if (child.name != "row") continue;
    std::vector<ExpressionPointer> row;
    for (const XmlElement& cell : Children(child)) {
      if (IsExpression(cell)) row.push_back(Read(cell));
    }
    if (row.size() != relation.columns.size()) {
      Error(child.where, "a row has " + std::to_string(row.size()) + " cells, the relation " +
                             std::to_string(relation.columns.size()) + " columns");
      row.resize(relation.columns.size());
    }
    relation.rows.push_back(std::move(row));
  }
  return relation;
}

Conditional ExpressionReader::ReadConditional(const XmlElement& element) {
  return {ExpressionIn(element, "if"), ExpressionIn(element, "then"),
          ExpressionIn(element, "else")};
}

BoxedFilter ExpressionReader::ReadFilter(const XmlElement& element) {
  return {ExpressionIn(element, "in"), ExpressionIn(element, "match")};
}

Iteration ExpressionReader::ReadIteration(const XmlElement& element) {
  Iteration iteration;
  iteration.kind = element.name == "for"    ? IterationKind::kFor
                   : element.name == "some" ? IterationKind::kSome
                                            : IterationKind::kEvery;
  iteration.variable = {Required(element, "iteratorVariable"), {}, element.where};
  iteration.domain = ExpressionIn(element, "in");
  iteration.body =
      ExpressionIn(element, iteration.kind == IterationKind::kFor ? "return" : "satisfies");
  return iteration;
}

void ExpressionReader::ReadPolicy(const XmlElement& element, DecisionTable& table) {
  constexpr std::array<std::pair<std::string_view, HitPolicy>, 7> kPolicies{{
      {"UNIQUE", HitPolicy::kUnique},
      {"FIRST", HitPolicy::kFirst},
      {"PRIORITY", HitPolicy::kPriority},
      {"ANY", HitPolicy::kAny},
      {"COLLECT", HitPolicy::kCollect},
      {"RULE ORDER", HitPolicy::kRuleOrder},
      {"OUTPUT ORDER", HitPolicy::kOutputOrder},
  }};
  constexpr std::array<std::pair<std::string_view, Aggregation>, 4> kAggregations{{
      {"SUM", Aggregation::kSum},
      {"COUNT", Aggregation::kCount},
      {"MIN", Aggregation::kMin},
      {"MAX", Aggregation::kMax},
  }};
  const std::string policy = Optional(element, "hitPolicy");
  const std::string aggregation = Optional(element, "aggregation");
  bool known = policy.empty();
  for (const auto& [name, value] : kPolicies) {
    if (name != policy) continue;
    table.hit_policy = value;
    known = true;
  }
  if (!known) Error(element.where, "there is no hit policy \"" + policy + "\"");
  known = aggregation.empty();
  for (const auto& [name, value] : kAggregations) {
    if (name != aggregation) continue;
    table.aggregation = value;
    known = true;
  }
  if (!known) Error(element.where, "there is no aggregation \"" + aggregation + "\"");
  if (table.aggregation != Aggregation::kNone && table.hit_policy != HitPolicy::kCollect) {
    Error(element.where, "only a table with hit policy COLLECT aggregates");
  }
}

DecisionTable ExpressionReader::ReadTable(const XmlElement& element) {
  DecisionTable table;
  ReadPolicy(element, table);
  for (const XmlElement& child : Children(element)) {
    if (child.name == "input") table.inputs.push_back(ReadTableInput(child));
    if (child.name == "output") table.outputs.push_back(ReadTableOutput(child));
  }
  for (const XmlElement& child : Children(element)) {
    if (child.name == "rule") table.rules.push_back(ReadRule(child, table));
  }
  if (table.outputs.empty()) Error(element.where, "a decision table needs an output");
  if (table.outputs.size() > 1) {
    for (const XmlElement& child : Children(element)) {
      if (child.name == "output") Required(child, "name");
    }
  }
  return table;
}

TableInput ExpressionReader::ReadTableInput(const XmlElement& element) {
  TableInput input;
  if (const XmlElement* expression = RequiredChild(element, "inputExpression")) {
    input.expression = std::make_unique<Expression>();
    input.expression->type = TypeOf(*expression);
    input.expression->where = expression->where;
    input.expression->form = ReadLiteral(*expression);
  }
  if (const XmlElement* values = Child(element, "inputValues")) input.values = TextOf(*values);
  return input;
}

TableOutput ExpressionReader::ReadTableOutput(const XmlElement& element) {
  TableOutput output;
  output.name = Optional(element, "name");
  output.type = TypeOf(element);
  if (const XmlElement* values = Child(element, "outputValues")) output.values = TextOf(*values);
  if (const XmlElement* entry = Child(element, "defaultOutputEntry")) {
    output.default_value = std::make_unique<Expression>();
    output.default_value->where = entry->where;
    output.default_value->form = ReadLiteral(*entry);
  }
  return output;
}

TableRule ExpressionReader::ReadRule(const XmlElement& element, const DecisionTable& table) {
  TableRule rule;
  rule.id = Optional(element, "id");
  rule.where = element.where;
  for (const XmlElement& child : Children(element)) {
    if (child.name == "inputEntry") {
      rule.inputs.push_back(TextOf(child).value_or(Text{"-", "-", child.where}));
    } else if (child.name == "outputEntry") {
      auto output = std::make_unique<Expression>();
      output->where = child.where;
      output->form = ReadLiteral(child);
      rule.outputs.push_back(std::move(output));
    }
  }
  if (rule.inputs.size() != table.inputs.size() || rule.outputs.size() != table.outputs.size()) {
    Error(element.where, "the rule has " + std::to_string(rule.inputs.size()) + " input and " +
                             std::to_string(rule.outputs.size()) + " output entries, the table " +
                             std::to_string(table.inputs.size()) + " inputs and " +
                             std::to_string(table.outputs.size()) + " outputs");
    rule.inputs.resize(table.inputs.size());
    rule.outputs.resize(table.outputs.size());
  }
  return rule;
}

}  // namespace kstati::eligibility::dmn
