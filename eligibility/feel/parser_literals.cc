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
  const auto make = [&](Value value) {
    const Type type = Type::Of(value.kind());
    return builder_.Constant(std::move(value), type, at);
  };
  if (const auto date = ParseDate(text)) return make(Value::OfDate(*date));
  if (const auto time = ParseTime(text)) return make(Value::OfTime(*time));
  if (const auto moment = ParseDateTime(text)) return make(Value::OfDateTime(*moment));
  if (const auto months = ParseMonthsDuration(text)) return make(Value::OfMonths(*months));
  if (const auto nanos = ParseTimeDuration(text)) return make(Value::OfNanos(*nanos));
  issues_.Mismatch(begin, "this is no date, time or duration",
                   "for example @\"2026-03-15\", @\"10:30:00\", @\"P1Y2M\" or @\"P10D\"");
  return builder_.Null(at);
}

Type Parser::TypeReference() {
  if (depth_ >= options_.limits.max_depth) {
    Fail(token_.begin, "the type is nested too deeply");
    return {};
  }
  const size_t begin = token_.begin;
  size_t end = begin;
  // The longest run of words that names a type; otherwise one word.
  std::string name;
  Token token = token_;
  std::string words;
  while (token.kind == TokenKind::kWord) {
    if (!words.empty()) words += ' ';
    words += token.text;
    bool known = name.empty();
    for (const TypeName& type : kTypeNames) known = known || type.name == words;
    if (known) {
      name = words;
      end = token.end;
    }
    token = lexer_.Read(token.end);
    if (words.size() > 40) break;
  }
  if (name.empty()) {
    Fail(begin, "expected the name of a type");
    return {};
  }
  MoveTo(end);
  ++depth_;
  Type type = NamedType(begin, name);
  --depth_;
  return type;
}

Type Parser::NamedType(size_t begin, const std::string& name) {
  const auto element = [&] {
    if (!Take("<")) return Type::Any();
    Type type = TypeReference();
    Expect(">", "after a type");
    return type;
  };
  if (name == "Any") return Type::Any();
  if (name == "list") return Type::ListOf(element());
  if (name == "range") return Type::RangeOf(element());
  if (name == "context" && Take("<")) return ContextType();
  if (name == "function") {
    if (Take("<")) {
      while (!stopped_ && !At(">")) {
        TypeReference();
        if (!Take(",")) break;
      }
      Expect(">", "after the types of parameters");
      if (Take("->")) TypeReference();
    }
    return Type::Of(Kind::kFunction);
  }
  for (const TypeName& type : kTypeNames) {
    if (type.name == name) return Type::Of(type.kind);
  }
  issues_.Error(begin, "unknown type \"" + name + "\"");
  return {};
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
