// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "eligibility/feel/parser.h"
#include "eligibility/feel/temporal.h"

namespace kstati::eligibility::feel {
namespace {

struct TypeName {
  std::string_view name;
  Kind kind;
};

constexpr std::array<TypeName, 11> kTypeNames{{
    {"boolean", Kind::kBoolean},
    {"number", Kind::kNumber},
    {"string", Kind::kString},
    {"date", Kind::kDate},
    {"time", Kind::kTime},
    {"date and time", Kind::kDateTime},
    {"dateTime", Kind::kDateTime},
    {"years and months duration", Kind::kMonthsDuration},
    {"days and time duration", Kind::kTimeDuration},
    {"context", Kind::kContext},
    {"Null", Kind::kNull},
}};

}  // namespace

NodeIndex Parser::NumberLiteral() {
  const Token token = token_;
  const std::optional<Decimal> value = Decimal::Parse(token.text);
  Advance();
  if (!value) {
    issues_.Error(token.begin, "the number is too large",
                  "numbers have 34 digits and exponents up to 6144");
  }
  return builder_.Constant(Value::Number(value.value_or(Decimal())), Type::Number(),
                           {token.begin, token.end});
}

std::optional<std::string> Parser::StringText() {
  const Token token = token_;
  Advance();
  std::optional<size_t> escape;
  std::optional<std::string> text = Unescape(token.text, escape);
  const std::string hint = "the escapes are \\n \\r \\t \\\" \\' \\\\ \\uXXXX \\UXXXXXX";
  if (!text) {
    issues_.Error(token.begin + *escape, "this is no Unicode character", hint);
  } else if (escape) {
    issues_.Mismatch(token.begin + *escape, "a string has no such escape", hint);
  }
  return text;
}

NodeIndex Parser::StringLiteral() {
  const Extent at{token_.begin, token_.end};
  return builder_.Constant(Value::String(StringText().value_or("")), Type::String(), at);
}

NodeIndex Parser::AtLiteral() {
  const size_t begin = token_.begin;
  Advance();
  if (token_.kind != TokenKind::kString) {
    Fail(begin, "expected a string after \"@\"", "for example @\"2026-03-15\" or @\"P1Y\"");
    return Placeholder();
  }
  const std::string text = StringText().value_or("");
  const Extent at = From(begin);
  Value value = ParseTemporal(text);
  if (!value.is_null()) {
    Type type = Type::Of(value.kind());
    return builder_.Constant(std::move(value), std::move(type), at);
  }
  issues_.Mismatch(begin, "this is no date, time or duration",
                   "for example @\"2026-03-15\", @\"10:30:00\", @\"P1Y2M\" or @\"P10D\"");
  return builder_.Null(at);
}

Type Parser::TypeReference() {
  if (depth_ >= options_.limits.max_depth) {
    Fail(token_.begin, "the type is nested too deeply");
    return {};
  }
  ++depth_;
  Type type = NamedType();
  --depth_;
  return type;
}

std::optional<Type> Parser::TypeNamed(const std::string& name) const {
  if (auto own = names_.ResolveType(name)) return own;
  for (const TypeName& type : kTypeNames) {
    if (type.name == name) return Type::Of(type.kind);
  }
  if (name == "Any") return Type::Any();
  if (name == "list") return Type::Of(Kind::kList);
  if (name == "range") return Type::Of(Kind::kRange);
  if (name == "function") return Type::Of(Kind::kFunction);
  return std::nullopt;
}

// The longest run of words and signs that names a type.
Type Parser::NamedType() {
  const std::vector<Candidate> candidates = Candidates();
  for (size_t i = candidates.size(); i-- > 0;) {
    const std::string& name = candidates[i].name;
    std::optional<Type> type = TypeNamed(name);
    if (!type) continue;
    MoveTo(candidates[i].end);
    if (name == "list" && At("<")) return Type::ListOf(ElementReference());
    if (name == "range" && At("<")) return Type::RangeOf(ElementReference());
    if (name == "context" && Take("<")) return ContextType();
    if (name == "function" && Take("<")) return FunctionType();
    return *type;
  }
  const std::string name = candidates.empty() ? std::string() : candidates.front().name;
  Fail(token_.begin,
       name.empty() ? "expected the name of a type" : "unknown type \"" + name + "\"");
  return {};
}

Type Parser::ElementReference() {
  Expect("<", "before a type");
  Type type = TypeReference();
  Expect(">", "after a type");
  return type;
}

Type Parser::FunctionType() {
  std::vector<Type> parameters;
  while (!stopped_ && !At(">") && !At("->")) {
    parameters.push_back(TypeReference());
    if (!Take(",")) break;
  }
  Expect(">", "after the types of parameters");
  Expect("->", "before the type of a function's result");
  return Type::FunctionOf(std::move(parameters), TypeReference());
}

Type Parser::ContextType() {
  std::vector<Type::Field> fields;
  while (!stopped_ && !At(">")) {
    std::string name = NewName("the name of an entry", {":"});
    Expect(":", "after the name of an entry");
    Type type = TypeReference();
    fields.push_back({std::move(name), std::move(type)});
    if (!Take(",")) break;
  }
  Expect(">", "after the entries of a context type");
  return Type::ContextOf(std::move(fields));
}

}  // namespace kstati::eligibility::feel
