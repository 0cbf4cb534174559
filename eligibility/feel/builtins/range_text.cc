// SPDX-License-Identifier: Apache-2.0
#include "eligibility/feel/builtin.h"
#include "eligibility/feel/lexer.h"
#include "eligibility/feel/operators.h"

namespace kstati::eligibility::feel {
namespace {

// Reads "[1..10)": DMN 1.5, 10.3.4.1. Its ends are literals; a call of a conversion function counts
// as one when its argument is a string literal.
class RangeReader {
 public:
  RangeReader(std::string_view text, CallContext& call) : lexer_(text), call_(call) {}

  std::optional<Range> Read() {
    Advance();
    Range range;
    range.start_included = token_.Is("[");
    if (!token_.Is("[") && !token_.Is("(") && !token_.Is("]")) return std::nullopt;
    Advance();
    const auto start = End();
    if (!start || !token_.Is("..")) return std::nullopt;
    Advance();
    const auto end = End();
    range.end_included = token_.Is("]");
    if (!end || (!token_.Is("]") && !token_.Is(")") && !token_.Is("["))) return std::nullopt;
    Advance();
    range.start = *start;
    range.end = *end;
    const bool whole = token_.kind == TokenKind::kEnd;
    const bool typed = !start->is_null() && start->kind() == end->kind();
    return whole && typed && IsRange(range) ? std::optional(range) : std::nullopt;
  }

 private:
  void Advance() { token_ = lexer_.Read(token_.end); }

  std::optional<Value> End() {
    if (token_.Is("-")) {
      Advance();
      const auto number = Number();
      return number ? std::optional(Value::Number(number->Negate())) : std::nullopt;
    }
    if (token_.kind == TokenKind::kNumber) {
      const auto number = Number();
      return number ? std::optional(Value::Number(*number)) : std::nullopt;
    }
    if (token_.kind == TokenKind::kString) {
      const auto text = String();
      return text ? std::optional(Value::String(*text)) : std::nullopt;
    }
    if (token_.kind == TokenKind::kAt) {
      Advance();
      const auto text = String();
      return text ? std::optional(ParseTemporal(*text)) : std::nullopt;
    }
    return Conversion();
  }

  std::optional<Decimal> Number() {
    if (token_.kind != TokenKind::kNumber) return std::nullopt;
    const auto number = Decimal::Parse(token_.text);
    Advance();
    return number;
  }

  std::optional<std::string> String() {
    if (token_.kind != TokenKind::kString) return std::nullopt;
    std::optional<size_t> escape;
    auto text = Unescape(token_.text, escape);
    Advance();
    return text;
  }

  // date("..."), time("..."), date and time("..."), duration("...").
  std::optional<Value> Conversion() {
    std::string name;
    while (token_.kind == TokenKind::kWord) {
      name += (name.empty() ? "" : " ") + std::string(token_.text);
      Advance();
    }
    const bool known =
        name == "date" || name == "time" || name == "date and time" || name == "duration";
    if (!known || !token_.Is("(")) return std::nullopt;
    Advance();
    const auto text = String();
    if (!text || !token_.Is(")")) return std::nullopt;
    Advance();
    std::vector<Value> arguments{Value::String(*text)};
    return RunBuiltin(Builtins()[*FindBuiltin(name)], arguments, call_);
  }

  Lexer lexer_;
  CallContext& call_;
  Token token_;
};

}  // namespace

Value MakeRange(std::span<const Value> arguments, CallContext& call) {
  auto range = RangeReader(arguments[0].string(), call).Read();
  if (range) return Value::OfRange(*std::move(range));
  return call.Fail("this is not a range; write it as [1..10], with literals as its ends");
}

}  // namespace kstati::eligibility::feel
