// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/issue.h"
#include "eligibility/feel/environment.h"
#include "eligibility/feel/limits.h"
#include "eligibility/feel/scope.h"
#include "eligibility/feel/type.h"
#include "eligibility/feel/value.h"

// The face of the FEEL engine: compile a text once, evaluate it for many people.
//
//   struct Facts final : Scope {            // slot 0 is person.age_years
//     std::optional<Binding> Resolve(std::string_view name) const override {
//       if (name != "person.age_years") return std::nullopt;
//       return Binding{0, Type::Number()};
//     }
//     std::vector<std::string> Names() const override { return {"person.age_years"}; }
//   };
//   std::vector<Issue> issues;
//   auto rule = Compile("person.age_years >= 18", {"services/x.yaml", 12, 15}, Facts(), issues,
//                       {.expected = Type::Boolean()});
//   if (!rule) return issues;               // Render(issue, line) shows the place with a caret
//   struct Person final : Environment {
//     Value Load(uint32_t slot) override { return Value::Unknown(slot); }
//   } person;
//   Value answer = Evaluate(*rule, person); // unknown(0): the age would decide
namespace kstati::eligibility::feel {

struct CompileOptions {
  Type expected = {};  // the type the result must have; any by default
  // Strict: wrong operand types and unknown names are errors, as suits authored criteria.
  // Otherwise they are warnings and give null at run time, as the DMN standard says.
  bool strict = true;
  // Columns that every line after the first is shifted by in its file (a YAML block's indent).
  int continuation_indent = 0;
  Limits limits = {};
};

// A compiled expression: immutable, cheap to copy, shared by threads.
class Expression {
 public:
  explicit Expression(std::shared_ptr<const Program> program) : program_(std::move(program)) {}

  const Program& program() const { return *program_; }
  const std::shared_ptr<const Program>& shared_program() const { return program_; }
  const std::string& text() const;
  const Type& type() const;
  // The slots it may read, sorted and unique.
  const std::vector<uint32_t>& slots() const;

 private:
  std::shared_ptr<const Program> program_;
};

// Compiles `text`, which starts at `where` in its file. Appends what is wrong to `issues`;
// nullopt exactly when an error was appended.
std::optional<Expression> Compile(std::string_view text, const Location& where, const Scope& scope,
                                  std::vector<Issue>& issues, const CompileOptions& options = {});

// Where byte `offset` of a text that starts at `where` stands in its file. Columns count bytes.
Location PlaceOf(std::string_view text, const Location& where, size_t offset,
                 int continuation_indent = 0);

// Never fails: a run-time error is null plus a diagnostic in the environment.
Value Evaluate(const Expression& expression, Environment& environment);

}  // namespace kstati::eligibility::feel
