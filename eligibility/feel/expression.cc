// SPDX-License-Identifier: Apache-2.0
#include "eligibility/feel/expression.h"

#include <algorithm>

#include "eligibility/feel/composer.h"
#include "eligibility/feel/evaluator.h"
#include "eligibility/feel/program.h"

namespace kstati::eligibility::feel {

const std::string& Expression::text() const { return program_->text; }
const Type& Expression::type() const { return program_->types[program_->root]; }
const std::vector<uint32_t>& Expression::slots() const { return program_->slots; }

std::optional<Expression> Compile(std::string_view text, const Location& where, const Scope& scope,
                                  std::vector<Issue>& issues, const CompileOptions& options) {
  Composer composer(scope, options, issues);
  const auto places = [&](size_t offset) {
    return PlaceOf(text, where, offset, options.continuation_indent);
  };
  return composer.Finish(composer.Expression(text, places));
}

Location PlaceOf(std::string_view text, const Location& where, size_t offset,
                 int continuation_indent) {
  Location place = where;
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto lines = std::count(before.begin(), before.end(), '\n');
  if (lines == 0) {
    place.column += static_cast<int>(before.size());
  } else {
    place.line += static_cast<int>(lines);
    place.column = static_cast<int>(before.size() - before.rfind('\n')) + continuation_indent;
  }
  return place;
}

Value Evaluate(const Expression& expression, Environment& environment) {
  return Evaluator(expression.shared_program(), environment).Run();
}

}  // namespace kstati::eligibility::feel
