// SPDX-License-Identifier: Apache-2.0
// FEEL's functions of regular expressions, which are those of XPath and XQuery Functions and
// Operators 3.1 (5.6.3 to 5.6.5).
#include "eligibility/certificate_verifier/fitting.h"
#include "eligibility/certificate_verifier/pattern.h"

namespace kstati::certificate_verifier {
namespace {

constexpr uint64_t kStepsOfPattern = 100;  // what it costs beside other parts of a formula
constexpr size_t kResultBytesMax = 1 << 20;

using Groups = std::vector<std::string_view>;

std::string TextAt(const Items& arguments, size_t index) {
  const bool given = index < arguments.size() && arguments[index].is(Kind::kString);
  return given ? arguments[index].string() : std::string();
}

Value Matches(const Items& arguments, Formula& formula) {
  formula.Spend(kStepsOfPattern);
  const auto pattern = Pattern::Of(arguments[1].string(), TextAt(arguments, 2));
  if (pattern == nullptr) return Value::Null();
  const Pattern::Found found = pattern->Find(arguments[0].string(), 0);
  return found == Pattern::Found::kTooCostly ? Value::Null()
                                             : Value::Boolean(found == Pattern::Found::kYes);
}

// Calls `visit` with what stands before each match, and the match; then with the rest and nullptr.
// False when the pattern is none, matches an empty text, or takes too much.
template <class Visit>
bool VisitParts(const std::string& text, Pattern* pattern, Formula& formula, const Visit& visit) {
  formula.Spend(kStepsOfPattern);
  static const std::string kNothing;
  if (pattern == nullptr || pattern->Find(kNothing, 0) == Pattern::Found::kYes) return false;
  size_t from = 0;
  Pattern::Found found = pattern->Find(text, from);
  while (found == Pattern::Found::kYes && !pattern->groups().front().empty()) {
    formula.Spend(1);
    visit(std::string_view(text).substr(from, pattern->begin() - from), &pattern->groups());
    from = pattern->begin() + pattern->groups().front().size();
    found = pattern->Find(text, from);
  }
  if (found == Pattern::Found::kTooCostly) return false;
  visit(std::string_view(text).substr(from), nullptr);
  return true;
}

// $1 is a group, \$ and \\ are the signs themselves; nullopt for anything else after $ and \.
std::optional<std::string> Filled(const std::string& replacement, const Groups& groups) {
  const auto digit = [&](size_t i) {
    return i < replacement.size() && replacement[i] >= '0' && replacement[i] <= '9';
  };
  std::string filled;
  for (size_t i = 0; i < replacement.size(); ++i) {
    if (replacement[i] == '\\') {
      ++i;
      if (i == replacement.size() || (replacement[i] != '\\' && replacement[i] != '$')) {
        return std::nullopt;
      }
      filled += replacement[i];
    } else if (replacement[i] == '$') {
      if (!digit(i + 1)) return std::nullopt;
      auto group = static_cast<size_t>(replacement[++i] - '0');
      while (digit(i + 1) &&
             group * 10 + static_cast<size_t>(replacement[i + 1] - '0') < groups.size()) {
        group = group * 10 + static_cast<size_t>(replacement[++i] - '0');
      }
      if (group < groups.size()) filled += groups[group];
    } else {
      filled += replacement[i];
    }
  }
  return filled;
}

Value Replaced(const Items& arguments, Formula& formula) {
  const std::string flags = TextAt(arguments, 3);
  const std::string& replacement = arguments[2].string();
  const bool literal = flags.find('q') != std::string::npos;
  const auto pattern = Pattern::Of(arguments[1].string(), flags);
  if (pattern == nullptr || (!literal && !Filled(replacement, Groups(1)))) return Value::Null();
  std::string result;
  const bool done = VisitParts(arguments[0].string(), pattern.get(), formula,
                               [&](std::string_view before, const Groups* match) {
                                 result += before;
                                 if (match == nullptr) return;
                                 result += literal ? replacement : *Filled(replacement, *match);
                                 Require(result.size() <= kResultBytesMax, "a text is too long");
                               });
  return done ? Value::String(std::move(result)) : Value::Null();
}

Value Split(const Items& arguments, Formula& formula) {
  const auto pattern = Pattern::Of(arguments[1].string(), {});
  Items parts;
  const bool done = VisitParts(arguments[0].string(), pattern.get(), formula,
                               [&](std::string_view part, const Groups*) {
                                 parts.push_back(Value::String(std::string(part)));
                               });
  return done ? Value::List(std::move(parts)) : Value::Null();
}

}  // namespace

const FunctionTable& PatternFunctions() {
  static const FunctionTable functions{
      {"matches", {"sss?", Open::kNowhere, Matches}},
      {"replace", {"ssss?", Open::kNowhere, Replaced}},
      {"split", {"ss", Open::kNowhere, Split}},
  };
  return functions;
}

}  // namespace kstati::certificate_verifier
