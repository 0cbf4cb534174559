// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "eligibility/dmn/element_reader.h"
#include "eligibility/dmn/model.h"

namespace kstati::eligibility::dmn {

// Reads boxed expressions, the standard's clauses 7, 8 and 10.2.2.
class ExpressionReader : private ElementReader {
 public:
  explicit ExpressionReader(std::vector<Issue>& issues) : ElementReader(issues) {}

  static bool IsExpression(const XmlElement& element);
  // Requires IsExpression.
  ExpressionPointer Read(const XmlElement& element);
  // The attributes and children of a function definition; `name` is what messages call it.
  ExpressionPointer ReadFunction(const XmlElement& element, const std::string& name);

 private:
  using Form = decltype(Expression::form);

  Form ReadForm(const XmlElement& element);
  Literal ReadLiteral(const XmlElement& element);
  BoxedContext ReadContext(const XmlElement& element);
  Invocation ReadInvocation(const XmlElement& element);
  FunctionDefinition ReadFunctionDefinition(const XmlElement& element, const std::string& name);
  BoxedList ReadList(const XmlElement& element);
  Relation ReadRelation(const XmlElement& element);
  Conditional ReadConditional(const XmlElement& element);
  BoxedFilter ReadFilter(const XmlElement& element);
  Iteration ReadIteration(const XmlElement& element);
  DecisionTable ReadTable(const XmlElement& element);
  void ReadPolicy(const XmlElement& element, DecisionTable& table);
  TableInput ReadTableInput(const XmlElement& element);
  TableOutput ReadTableOutput(const XmlElement& element);
  TableRule ReadRule(const XmlElement& element, const DecisionTable& table);

  // The one expression among the children; an issue and null when there is none or another.
  ExpressionPointer OnlyExpression(const XmlElement& element);
  // The same inside the child `name`.
  ExpressionPointer ExpressionIn(const XmlElement& element, std::string_view name);
};

}  // namespace kstati::eligibility::dmn
