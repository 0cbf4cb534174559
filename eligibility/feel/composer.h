// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/issue.h"
#include "eligibility/feel/builder.h"
#include "eligibility/feel/expression.h"
#include "eligibility/feel/names.h"
#include "eligibility/feel/scope.h"

namespace kstati::eligibility::feel {

// Makes one program out of several texts and of structure that has no text of its own. The text of
// the program is all of them, one per line. The scope and the issues must outlive it.
class Composer {
 public:
  Composer(const Scope& scope, const CompileOptions& options, std::vector<Issue>& issues);

  // Parses `text` as an expression that sees the names declared so far.
  NodeIndex Expression(std::string_view text, Places places);
  // Parses `text` as unary tests of the value in a local, which they may call "?"; true, false or
  // null. "-" and an empty text hold for every value.
  NodeIndex UnaryTests(std::string_view text, Places places, uint16_t local, const Type& type);
  // Parses `text` as expressions separated by commas; their list.
  NodeIndex ValueList(std::string_view text, Places places);
  // A function whose body `make` builds while the parameters are in scope.
  NodeIndex Function(std::vector<std::pair<std::string, Type>> parameters,
                     const std::function<NodeIndex()>& make);
  // Where the structure that is built next stands.
  void StandAt(const Location& where);

  Names& names() { return names_; }
  Builder& builder() { return builder_; }

  // nullopt exactly when an error was appended.
  std::optional<feel::Expression> Finish(NodeIndex root);
  // The same for a program of several roots, the last of which is its own.
  std::optional<Program> FinishProgram(std::span<const NodeIndex> roots);

 private:
  // Whether the text may be parsed; makes it the one that issues are about.
  bool Enter(std::string_view text, Places places);

  const CompileOptions options_;
  IssueSink issues_;
  Names names_;
  Builder builder_;
  std::string text_;
};

}  // namespace kstati::eligibility::feel
