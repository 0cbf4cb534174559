// SPDX-License-Identifier: Apache-2.0
#include "eligibility/dmn/expression_compiler.h"

#include <utility>

#include "eligibility/feel/decision_table.h"

namespace kstati::eligibility::dmn {

using feel::NodeIndex;
using feel::Type;

std::optional<feel::Expression> ExpressionCompiler::Compile(const Expression& expression,
                                                            const TypeName& type) {
  composer_.StandAt(expression.where);
  type_ = expression.type.empty() ? type : expression.type;
  const NodeIndex root =
      std::visit([this](const auto& form) { return Form(form); }, expression.form);
  return composer_.Finish(root);
}

std::optional<feel::Expression> ExpressionCompiler::CompileFunction(const Expression& function,
                                                                    const ItemTypePointer& type) {
  composer_.StandAt(function.where);
  Type result;
  if (type && type->form.is(feel::Kind::kFunction)) {
    if (type->result) result = type->result->form;
  } else if (type) {
    result = type->form;
  }
  return composer_.Finish(Function(std::get<FunctionDefinition>(function.form), result));
}

NodeIndex ExpressionCompiler::Node(const ExpressionPointer& expression) {
  if (!expression) return Null();
  composer_.StandAt(expression->where);
  type_ = expression->type;
  return std::visit([this](const auto& form) { return Form(form); }, expression->form);
}

Type ExpressionCompiler::FormOf(const TypeName& type) {
  const ItemTypePointer found = types_.Find(type, issues_);
  return found ? found->form : Type::Any();
}

NodeIndex ExpressionCompiler::Converted(NodeIndex node, const TypeName& type) {
  return composer_.builder().Convert(node, FormOf(type));
}

NodeIndex ExpressionCompiler::Form(const Literal& literal) {
  const Text& text = literal.text;
  return composer_.Expression(text.text, [&](size_t offset) { return text.PlaceOf(offset); });
}

NodeIndex ExpressionCompiler::Form(const BoxedContext& context) {
  feel::Names& names = composer_.names();
  const size_t mark = names.Mark();
  std::vector<feel::ContextEntry> entries;
  bool has_result = false;
  for (const ContextEntry& entry : context.entries) {
    feel::ContextEntry made;
    made.node = Node(entry.value);
    has_result = !entry.variable.has_value();
    if (entry.variable) {
      made.node = Converted(made.node, entry.variable->type);
      made.name = feel::CanonicalName(entry.variable->name);
    }
    made.local = names.Declare(made.name, composer_.builder().type(made.node));
    entries.push_back(std::move(made));
  }
  names.PopTo(mark);
  return has_result ? composer_.builder().LastOf(entries, {})
                    : composer_.builder().Context(entries, {});
}

NodeIndex ExpressionCompiler::Form(const Invocation& invocation) {
  const NodeIndex callee = Node(invocation.callee);
  std::vector<feel::Argument> arguments;
  for (const Binding& binding : invocation.bindings) {
    const NodeIndex value = Converted(Node(binding.value), binding.parameter.type);
    arguments.push_back({feel::CanonicalName(binding.parameter.name), value});
  }
  return composer_.builder().CallValue(callee, arguments, {});
}

NodeIndex ExpressionCompiler::Form(const FunctionDefinition& function) {
  return Function(function, Type::Any());
}

NodeIndex ExpressionCompiler::Function(const FunctionDefinition& function, const Type& result) {
  std::vector<std::pair<std::string, Type>> parameters;
  for (const Variable& parameter : function.parameters) {
    parameters.emplace_back(feel::CanonicalName(parameter.name), FormOf(parameter.type));
  }
  return composer_.Function(std::move(parameters), [&] {
    return composer_.builder().Convert(Node(function.body), result);
  });
}

NodeIndex ExpressionCompiler::Form(const BoxedList& list) {
  std::vector<NodeIndex> items;
  for (const ExpressionPointer& item : list.items) items.push_back(Node(item));
  return composer_.builder().List(items, {});
}

NodeIndex ExpressionCompiler::Form(const Relation& relation) {
  std::vector<NodeIndex> rows;
  for (const std::vector<ExpressionPointer>& row : relation.rows) {
    std::vector<feel::ContextEntry> entries;
    for (size_t i = 0; i < relation.columns.size(); ++i) {
      const NodeIndex cell = Converted(Node(row[i]), relation.columns[i].type);
      entries.push_back(
          {feel::CanonicalName(relation.columns[i].name), cell, composer_.names().Reserve()});
    }
    rows.push_back(composer_.builder().Context(entries, {}));
  }
  return composer_.builder().List(rows, {});
}

NodeIndex ExpressionCompiler::Form(const Conditional& conditional) {
  const NodeIndex condition = Node(conditional.condition);
  const NodeIndex yes = Node(conditional.yes);
  return composer_.builder().If(condition, yes, Node(conditional.no), {});
}

NodeIndex ExpressionCompiler::Form(const BoxedFilter& filter) {
  feel::Names& names = composer_.names();
  const NodeIndex list = Node(filter.list);
  const size_t mark = names.Mark();
  const uint16_t item = names.DeclareItem(composer_.builder().ElementType(list));
  const NodeIndex condition = Node(filter.condition);
  names.PopTo(mark);
  return composer_.builder().Filter(list, condition, item, {});
}

NodeIndex ExpressionCompiler::Form(const Iteration& iteration) {
  feel::Names& names = composer_.names();
  feel::Builder& builder = composer_.builder();
  const size_t mark = names.Mark();
  const NodeIndex domain = Node(iteration.domain);
  const uint16_t local =
      names.Declare(feel::CanonicalName(iteration.variable.name), builder.ElementType(domain));
  const std::vector<feel::Iterator> iterators{{domain, feel::kNoNode, local}};
  if (iteration.kind != IterationKind::kFor) {
    const NodeIndex body = Node(iteration.body);
    names.PopTo(mark);
    const bool some = iteration.kind == IterationKind::kSome;
    return builder.Quantified(some ? feel::Op::kSome : feel::Op::kEvery, iterators, body, {});
  }
  const uint16_t partial = names.Declare("partial", Type::ListOf(Type::Any()));
  const NodeIndex body = Node(iteration.body);
  names.PopTo(mark);
  return builder.For(iterators, body, partial, {});
}

NodeIndex ExpressionCompiler::Tests(const Text& text, const Tested& tested) {
  const auto places = [&](size_t offset) { return text.PlaceOf(offset); };
  return composer_.UnaryTests(text.text, places, tested.local, tested.type);
}

// The outputs in order of priority as a list: the table's own, or those the type allows.
NodeIndex ExpressionCompiler::Priorities(const TableOutput& output, const TypeName& fallback) {
  if (output.values) {
    const Text& values = *output.values;
    return composer_.ValueList(values.text, [&](size_t at) { return values.PlaceOf(at); });
  }
  const TypeName& name = output.type.empty() ? fallback : output.type;
  const ItemTypePointer type = types_.Find(name, issues_);
  if (!type || type->allowed.empty()) return feel::kNoNode;
  return composer_.ValueList(type->allowed, [&](size_t) { return name.where; });
}

NodeIndex ExpressionCompiler::Form(const DecisionTable& table) {
  feel::Builder& builder = composer_.builder();
  const TypeName own_type = type_;
  feel::DecisionTable made;
  made.hit_policy = table.hit_policy;
  made.aggregation = table.aggregation;
  std::vector<Tested> tested;
  for (const TableInput& input : table.inputs) {
    feel::DecisionTable::Input column;
    column.value = Node(input.expression);
    if (input.expression) column.value = Converted(column.value, input.expression->type);
    column.local = composer_.names().Reserve();
    tested.push_back({column.local, builder.type(column.value)});
    if (input.values) column.valid = Tests(*input.values, tested.back());
    made.inputs.push_back(column);
  }
  const bool ordered =
      table.hit_policy == HitPolicy::kPriority || table.hit_policy == HitPolicy::kOutputOrder;
  for (const TableOutput& output : table.outputs) {
    feel::DecisionTable::Output column;
    column.name = feel::CanonicalName(output.name);
    if (output.default_value) column.default_value = Node(output.default_value);
    if (ordered) column.priorities = Priorities(output, own_type);
    made.outputs.push_back(std::move(column));
  }
  for (const TableRule& rule : table.rules) {
    feel::DecisionTable::Rule row;
    for (size_t i = 0; i < rule.inputs.size(); ++i) {
      row.tests.push_back(Tests(rule.inputs[i], tested[i]));
    }
    for (const ExpressionPointer& output : rule.outputs) row.outputs.push_back(Node(output));
    made.rules.push_back(std::move(row));
  }
  return builder.Table(std::move(made), {});
}

}  // namespace kstati::eligibility::dmn
