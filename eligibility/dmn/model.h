// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/issue.h"
#include "eligibility/feel/decision_table.h"

// A decision model as it is written: DMN 1.5, clauses 6 to 10. Plain data, made by the reader,
// read by the compiler; nothing in it has been resolved.
namespace kstati::eligibility::dmn {

// FEEL text of a model. `raw` is the same text as the file has it, with entities and CDATA
// sections, so that a place in `text` can be told as a place in the file.
struct Text {
  std::string text;
  std::string raw;
  Location where;  // of the first character of `raw`

  // Where the character at byte `offset` of `text` stands in the file.
  Location PlaceOf(size_t offset) const;
};

// A name that stands for a type; empty when none is given.
struct TypeName {
  std::string name;
  Location where;
  bool empty() const { return name.empty(); }
};

// Something with a name and perhaps a type: a variable, a parameter, a column.
struct Variable {
  std::string name;
  TypeName type;
  Location where;
};

struct Expression;
using ExpressionPointer = std::unique_ptr<Expression>;

struct Literal {
  Text text;
};

struct ContextEntry {
  std::optional<Variable> variable;  // absent: the entry is the result of the whole context
  ExpressionPointer value;
};

struct BoxedContext {
  std::vector<ContextEntry> entries;
};

struct Binding {
  Variable parameter;
  ExpressionPointer value;
};

struct Invocation {
  ExpressionPointer callee;
  std::vector<Binding> bindings;
};

enum class FunctionKind { kFeel, kJava, kPmml };

struct FunctionDefinition {
  FunctionKind kind = FunctionKind::kFeel;
  std::vector<Variable> parameters;
  ExpressionPointer body;
};

struct BoxedList {
  std::vector<ExpressionPointer> items;
};

struct Relation {
  std::vector<Variable> columns;
  std::vector<std::vector<ExpressionPointer>> rows;
};

struct Conditional {
  ExpressionPointer condition;
  ExpressionPointer yes;
  ExpressionPointer no;
};

struct BoxedFilter {
  ExpressionPointer list;
  ExpressionPointer condition;
};

enum class IterationKind { kFor, kSome, kEvery };

struct Iteration {
  IterationKind kind = IterationKind::kFor;
  Variable variable;
  ExpressionPointer domain;
  ExpressionPointer body;
};

using feel::Aggregation;
using feel::HitPolicy;

struct TableInput {
  ExpressionPointer expression;  // a literal
  std::optional<Text> values;    // unary tests that every value passes
};

struct TableOutput {
  std::string name;  // empty in a table of one output
  TypeName type;
  std::optional<Text> values;       // in order of priority
  ExpressionPointer default_value;  // null: none
};

struct TableRule {
  std::string id;
  std::vector<Text> inputs;  // unary tests
  std::vector<ExpressionPointer> outputs;
  Location where;
};

struct DecisionTable {
  HitPolicy hit_policy = HitPolicy::kUnique;
  Aggregation aggregation = Aggregation::kNone;
  std::vector<TableInput> inputs;
  std::vector<TableOutput> outputs;
  std::vector<TableRule> rules;
};

struct Expression {
  TypeName type;
  Location where;
  std::variant<Literal, BoxedContext, Invocation, FunctionDefinition, BoxedList, Relation,
               Conditional, BoxedFilter, Iteration, DecisionTable>
      form;
};

// The type of a function: what it takes and gives.
struct FunctionItem {
  TypeName result;
  std::vector<Variable> parameters;
};

struct ItemDefinition {
  std::string name;
  TypeName type;  // empty when `components` or `function` say what it is
  bool is_collection = false;
  std::optional<Text> allowed_values;   // unary tests of each item
  std::optional<Text> type_constraint;  // unary tests of the whole value
  std::vector<ItemDefinition> components;
  std::optional<FunctionItem> function;
  Location where;
};

// "#id" or "namespace#id".
struct Reference {
  std::string name_space;  // empty: of this model
  std::string id;
  Location where;
};

struct InputData {
  std::string id;
  Variable variable;
};

struct Decision {
  std::string id;
  Variable variable;
  std::vector<Reference> required_inputs;
  std::vector<Reference> required_decisions;
  std::vector<Reference> required_knowledge;
  ExpressionPointer logic;  // null: the decision has none
  Location where;
};

struct BusinessKnowledgeModel {
  std::string id;
  Variable variable;
  std::vector<Reference> required_knowledge;
  ExpressionPointer logic;  // a FunctionDefinition; null: it has none
  Location where;
};

struct DecisionService {
  std::string id;
  Variable variable;
  std::vector<Reference> outputs;
  std::vector<Reference> encapsulated;
  std::vector<Reference> input_decisions;
  std::vector<Reference> inputs;
  Location where;
};

struct Import {
  std::string name;  // the prefix of what is imported; empty: none
  std::string name_space;
  Location where;
};

// One file.
struct Model {
  std::string name;
  std::string name_space;
  std::vector<Import> imports;
  std::vector<ItemDefinition> items;
  std::vector<InputData> inputs;
  std::vector<Decision> decisions;
  std::vector<BusinessKnowledgeModel> knowledge;
  std::vector<DecisionService> services;
};

}  // namespace kstati::eligibility::dmn
