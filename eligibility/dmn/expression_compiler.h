// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/issue.h"
#include "eligibility/dmn/item_types.h"
#include "eligibility/dmn/model.h"
#include "eligibility/feel/composer.h"
#include "eligibility/feel/expression.h"

namespace kstati::eligibility::dmn {

// Compiles one boxed expression with everything inside it into one program, so that literal and
// boxed logic have one semantics. `scope` has the names its element may use.
class ExpressionCompiler {
 public:
  ExpressionCompiler(const feel::Scope& scope, const ItemTypes& types,
                     const feel::CompileOptions& options, std::vector<Issue>& issues)
      : types_(types), issues_(issues), composer_(scope, options, issues) {}

  // `type` is that of the element; a table orders its outputs by it. nullopt exactly when an
  // error was appended.
  std::optional<feel::Expression> Compile(const Expression& expression, const TypeName& type);
  // The same for the logic of knowledge, a function definition. `type` is that of the function or,
  // as models before DMN 1.3 have it, of its result; null: any.
  std::optional<feel::Expression> CompileFunction(const Expression& function,
                                                  const ItemTypePointer& type);

 private:
  feel::NodeIndex Node(const ExpressionPointer& expression);
  feel::NodeIndex Form(const Literal& literal);
  feel::NodeIndex Form(const BoxedContext& context);
  feel::NodeIndex Form(const Invocation& invocation);
  feel::NodeIndex Form(const FunctionDefinition& function);
  feel::NodeIndex Form(const BoxedList& list);
  feel::NodeIndex Form(const Relation& relation);
  feel::NodeIndex Form(const Conditional& conditional);
  feel::NodeIndex Form(const BoxedFilter& filter);
  feel::NodeIndex Form(const Iteration& iteration);
  feel::NodeIndex Form(const DecisionTable& table);
  feel::NodeIndex Function(const FunctionDefinition& function, const feel::Type& result);

  // The value of a table's input.
  struct Tested {
    uint16_t local = 0;
    feel::Type type;
  };
  feel::NodeIndex Tests(const Text& text, const Tested& tested);
  feel::NodeIndex Priorities(const TableOutput& output, const TypeName& fallback);
  // The node converted to the type, when one is named.
  feel::NodeIndex Converted(feel::NodeIndex node, const TypeName& type);
  feel::Type FormOf(const TypeName& type);
  feel::NodeIndex Null() { return composer_.builder().Null({}); }

  const ItemTypes& types_;
  std::vector<Issue>& issues_;
  feel::Composer composer_;
  TypeName type_;  // of the expression being compiled: a table orders its outputs by it
};

}  // namespace kstati::eligibility::dmn
