// SPDX-License-Identifier: Apache-2.0
#include "eligibility/feel/composer.h"

#include <memory>

#include "eligibility/feel/parser.h"

namespace kstati::eligibility::feel {

Composer::Composer(const Scope& scope, const CompileOptions& options, std::vector<Issue>& issues)
    : options_(options), issues_(options_, issues), names_(scope), builder_(issues_, options_) {}

bool Composer::Enter(std::string_view text, Places places) {
  issues_.Enter(std::move(places));
  if (!text_.empty()) text_ += '\n';
  builder_.StartText(text_.size());
  if (text_.size() + text.size() > options_.limits.max_text_bytes) {
    issues_.Error(0,
                  "the expression is longer than " +
                      std::to_string(options_.limits.max_text_bytes) + " bytes",
                  "split it into named parts");
    return false;
  }
  text_ += text;
  return true;
}

void Composer::StandAt(const Location& where) {
  issues_.Enter([where](size_t) { return where; });
  builder_.StartText(text_.size());
}

NodeIndex Composer::Expression(std::string_view text, Places places) {
  if (!Enter(text, std::move(places))) return builder_.Null({});
  return Parser(text, names_, builder_, options_, issues_).ParseExpression();
}

NodeIndex Composer::UnaryTests(std::string_view text, Places places, uint16_t local,
                               const Type& type) {
  if (!Enter(text, std::move(places))) return builder_.Null({});
  return Parser(text, names_, builder_, options_, issues_).ParseUnaryTests(local, type);
}

NodeIndex Composer::ValueList(std::string_view text, Places places) {
  if (!Enter(text, std::move(places))) return builder_.Null({});
  return Parser(text, names_, builder_, options_, issues_).ParseValueList();
}

NodeIndex Composer::Function(std::vector<std::pair<std::string, Type>> parameters,
                             const std::function<NodeIndex()>& make) {
  const size_t mark = names_.Mark();
  names_.PushFrame();
  Lambda lambda;
  for (auto& [name, type] : parameters) {
    names_.Declare(name, type);
    lambda.parameters.push_back(std::move(name));
    lambda.parameter_types.push_back(std::move(type));
  }
  lambda.body = make();
  Names::Frame frame = names_.PopFrame();
  names_.PopTo(mark);
  lambda.captures = std::move(frame.captures);
  lambda.frame_size = frame.size;
  return builder_.Lambda(std::move(lambda), {});
}

std::optional<feel::Expression> Composer::Finish(NodeIndex root) {
  std::optional<Program> program = FinishProgram({&root, 1});
  if (!program) return std::nullopt;
  return feel::Expression(std::make_shared<const Program>(*std::move(program)));
}

std::optional<Program> Composer::FinishProgram(std::span<const NodeIndex> roots) {
  if (roots.empty()) return std::nullopt;
  if (names_.full()) {
    issues_.Error(0, "there are too many local names", "split the expressions into smaller sets");
  }
  Program program = builder_.Finish(roots.back(), names_.frame_size(), text_);
  if (issues_.failed()) return std::nullopt;
  return program;
}

}  // namespace kstati::eligibility::feel
