// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/parameter_calls.h"

#include <optional>
#include <set>
#include <string>

#include "eligibility/feel/program.h"
#include "eligibility/internal/catalogue_scope.h"

namespace kstati::eligibility {
namespace {

using Names = std::set<std::string>;

std::string Join(const Names& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// The keys of a context in the text; nullopt when the compiler does not know them.
std::optional<Names> KeysOf(const feel::Program& program, feel::NodeIndex index) {
  const std::vector<feel::Type::Field>* fields = program.types[index].fields();
  if (fields == nullptr) return std::nullopt;
  Names keys;
  for (const feel::Type::Field& field : *fields) keys.insert(field.name);
  return keys;
}

// Where byte `offset` of the expression stands in the file.
Location PlaceOf(const std::string& text, const Location& where, uint32_t offset) {
  Location place = where;
  for (uint32_t i = 0; i < offset && i < text.size(); ++i) {
    const bool continuation = (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80;
    if (text[i] == '\n') {
      ++place.line;
      place.column = 1;
    } else if (!continuation) {
      ++place.column;
    }
  }
  return place;
}

std::optional<Issue> CheckCall(const feel::Program& program, const feel::Node& call,
                               const graph::Catalogue& catalogue) {
  const feel::Node& id = program.nodes[program.children[call.a]];
  if (id.op != feel::Op::kConstant) return std::nullopt;  // the scope has reported it
  const std::string& name = program.constants[id.a].string();
  const graph::Parameter* parameter = catalogue.FindParameter(ParameterId(name));
  if (parameter == nullptr) return std::nullopt;
  const Names wanted(parameter->dimensions.begin(), parameter->dimensions.end());
  Names given;
  if (call.b > 1) {
    const std::optional<Names> keys = KeysOf(program, program.children[call.a + 1]);
    if (!keys) {
      return Issue{Severity::kError,
                   {},
                   "the dimensions of a parameter must be written out",
                   "write {" + Join(wanted) + ": ...}"};
    }
    given = *keys;
  }
  if (given == wanted) return std::nullopt;
  const std::string hint =
      wanted.empty() ? "write parameter(\"" + name + "\")" : "give exactly: " + Join(wanted);
  return Issue{Severity::kError,
               {},
               "\"" + name + "\" has " +
                   (wanted.empty() ? "no dimensions" : "the dimensions " + Join(wanted)),
               hint};
}

}  // namespace

bool CheckDimensions(const feel::Expression& expression, const Location& where,
                     const graph::Catalogue& catalogue, std::vector<Issue>& issues) {
  const feel::Program& program = expression.program();
  bool correct = true;
  for (const feel::Node& node : program.nodes) {
    if (node.op != feel::Op::kCallNative || node.c != kParameterFunction || node.b == 0) continue;
    std::optional<Issue> issue = CheckCall(program, node, catalogue);
    if (!issue) continue;
    issue->where = PlaceOf(program.text, where, node.offset);
    issues.push_back(std::move(*issue));
    correct = false;
  }
  return correct;
}

}  // namespace kstati::eligibility
