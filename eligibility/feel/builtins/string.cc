// SPDX-License-Identifier: Apache-2.0
#include <unicode/locid.h>
#include <unicode/unistr.h>

#include "eligibility/feel/builtin.h"
#include "eligibility/feel/regex/regex.h"

namespace kstati::eligibility::feel {
namespace {

using Arguments = std::span<const Value>;

// Bytes that continue a UTF-8 code point.
bool Continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

int64_t CountCodePoints(std::string_view text) {
  int64_t count = 0;
  for (const char c : text) count += Continues(c) ? 0 : 1;
  return count;
}

// The byte where code point `index` (from 0) starts, or the end.
size_t OffsetOf(std::string_view text, int64_t index) {
  size_t offset = 0;
  while (offset < text.size() && index > 0) {
    ++offset;
    while (offset < text.size() && Continues(text[offset])) ++offset;
    --index;
  }
  return offset;
}

std::optional<int64_t> Whole(const Value& value) {
  const auto whole = value.number().Round(0, Rounding::kDown);
  return whole ? whole->ToInt64() : std::nullopt;
}

// Positions count code points from 1, negative ones from the end.
Value Substring(Arguments arguments, CallContext& call) {
  const std::string& text = arguments[0].string();
  const int64_t size = CountCodePoints(text);
  const auto position = Whole(arguments[1]);
  if (!position || *position == 0 || *position > size || *position < -size) {
    return call.Fail("the start position is outside of the string");
  }
  const int64_t start = *position > 0 ? *position - 1 : size + *position;
  int64_t length = size - start;
  if (arguments.size() > 2 && !arguments[2].is_null()) {
    const auto wanted = Whole(arguments[2]);
    if (!wanted || *wanted < 1) return call.Fail("the length must be at least 1");
    length = *wanted < length ? *wanted : length;
  }
  const size_t begin = OffsetOf(text, start);
  const std::string_view rest = std::string_view(text).substr(begin);
  return Value::String(std::string(rest.substr(0, OffsetOf(rest, length))));
}

Value StringLength(Arguments arguments, CallContext&) {
  return Value::Number(CountCodePoints(arguments[0].string()));
}

Value UpperCase(Arguments arguments, CallContext&) {
  std::string out;
  icu::UnicodeString::fromUTF8(arguments[0].string())
      .toUpper(icu::Locale::getRoot())
      .toUTF8String(out);
  return Value::String(std::move(out));
}

Value LowerCase(Arguments arguments, CallContext&) {
  std::string out;
  icu::UnicodeString::fromUTF8(arguments[0].string())
      .toLower(icu::Locale::getRoot())
      .toUTF8String(out);
  return Value::String(std::move(out));
}

Value SubstringBefore(Arguments arguments, CallContext&) {
  const std::string& text = arguments[0].string();
  const size_t found = text.find(arguments[1].string());
  return Value::String(found == std::string::npos ? std::string() : text.substr(0, found));
}

Value SubstringAfter(Arguments arguments, CallContext&) {
  const std::string& text = arguments[0].string();
  const std::string& match = arguments[1].string();
  const size_t found = text.find(match);
  return Value::String(found == std::string::npos ? std::string()
                                                  : text.substr(found + match.size()));
}

Value Contains(Arguments arguments, CallContext&) {
  return Value::Boolean(arguments[0].string().find(arguments[1].string()) != std::string::npos);
}

Value StartsWith(Arguments arguments, CallContext&) {
  return Value::Boolean(arguments[0].string().starts_with(arguments[1].string()));
}

Value EndsWith(Arguments arguments, CallContext&) {
  return Value::Boolean(arguments[0].string().ends_with(arguments[1].string()));
}

// An optional argument that is absent or null is the empty text.
std::string_view TextOr(Arguments arguments, size_t index) {
  if (arguments.size() <= index || arguments[index].is_null()) return {};
  return arguments[index].string();
}

Value Matches(Arguments arguments, CallContext& call) {
  const auto outcome =
      RegexMatches(arguments[0].string(), arguments[1].string(), TextOr(arguments, 2));
  return outcome.value ? Value::Boolean(*outcome.value) : call.Fail(outcome.problem);
}

Value Replace(Arguments arguments, CallContext& call) {
  auto outcome = RegexReplace(arguments[0].string(), arguments[1].string(), arguments[2].string(),
                              TextOr(arguments, 3));
  return outcome.value ? Value::String(*std::move(outcome.value)) : call.Fail(outcome.problem);
}

Value Split(Arguments arguments, CallContext& call) {
  auto outcome = RegexSplit(arguments[0].string(), arguments[1].string());
  if (!outcome.value) return call.Fail(outcome.problem);
  if (!call.MayMakeItems(outcome.value->size())) return Value::Null();
  std::vector<Value> parts;
  for (std::string& part : *outcome.value) parts.push_back(Value::String(std::move(part)));
  return Value::List(std::move(parts));
}

// Null items are left out.
Value StringJoin(Arguments arguments, CallContext& call) {
  const bool delimited = arguments.size() > 1 && arguments[1].is(Kind::kString);
  const std::string delimiter = delimited ? arguments[1].string() : std::string();
  std::string out;
  bool first = true;
  for (const Value& item : arguments[0].list()) {
    if (item.is_null()) continue;
    if (!item.is(Kind::kString)) return call.Fail("an item is not a string");
    if (!first) out += delimiter;
    first = false;
    out += item.string();
    if (out.size() > call.limits().max_string_bytes) return call.Fail("the string is too long");
  }
  return Value::String(std::move(out));
}

Builtin Make(std::string_view name, std::string_view parameters, Type result, BuiltinFunction run) {
  return {.name = name, .parameters = parameters, .result = std::move(result), .run = run};
}

}  // namespace

std::vector<Builtin> StringBuiltins() {
  constexpr std::string_view kMatch = "string:s, match:s";
  return {
      Make("substring", "string:s, start position:n, length?:n", Type::String(), Substring),
      Make("string length", "string:s", Type::Number(), StringLength),
      Make("upper case", "string:s", Type::String(), UpperCase),
      Make("lower case", "string:s", Type::String(), LowerCase),
      Make("substring before", kMatch, Type::String(), SubstringBefore),
      Make("substring after", kMatch, Type::String(), SubstringAfter),
      Make("contains", kMatch, Type::Boolean(), Contains),
      Make("starts with", kMatch, Type::Boolean(), StartsWith),
      Make("ends with", kMatch, Type::Boolean(), EndsWith),
      Make("split", "string:s, delimiter:s", Type::ListOf(Type::String()), Split),
      Make("string join", "list:l, delimiter?:s", Type::String(), StringJoin),
      Make("replace", "input:s, pattern:s, replacement:s, flags?:s", Type::String(), Replace),
      Make("matches", "input:s, pattern:s, flags?:s", Type::Boolean(), Matches),
  };
}

}  // namespace kstati::eligibility::feel
