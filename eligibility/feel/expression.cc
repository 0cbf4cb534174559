// SPDX-License-Identifier: Apache-2.0
#include "eligibility/feel/expression.h"

#include <algorithm>

#include "eligibility/feel/builder.h"
#include "eligibility/feel/evaluator.h"
#include "eligibility/feel/parser.h"
#include "eligibility/feel/program.h"

namespace kstati::eligibility::feel {

const std::string& Expression::text() const { return program_->text; }
const Type& Expression::type() const { return program_->types[program_->root]; }
const std::vector<uint32_t>& Expression::slots() const { return program_->slots; }

std::optional<Expression> Compile(std::string_view text, const Location& where, const Scope& scope,
                                  std::vector<Issue>& issues, const CompileOptions& options) {
  IssueSink sink(text, where, options, issues);
  if (text.size() > options.limits.max_text_bytes) {
    sink.Error(
        0,
        "the expression is longer than " + std::to_string(options.limits.max_text_bytes) + " bytes",
        "split it into named parts");
    return std::nullopt;
  }
  Parser parser(text, scope, options, sink);
  Program program = parser.ParseProgram();
  if (sink.failed()) return std::nullopt;
  return Expression(std::make_shared<const Program>(std::move(program)));
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
