// SPDX-License-Identifier: Apache-2.0

#include "eligibility/feel/scope.h"
#include "eligibility/feel/value.h"

namespace kstati::eligibility::feel {
namespace {

// Where a value is printed: alone, inside a list or context, or as FEEL source.
enum class Style { kBare, kNested, kSource };

void Print(const Value& value, Style style, std::string& out);

void PrintQuoted(std::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default: out += c;
    }
  }
  out += '"';
}

bool IsPlainName(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == ' ' || byte >= 0x80;
    if (!word) return false;
  }
  return true;
}

void PrintTemporal(std::string_view text, Style style, std::string& out) {
  if (style != Style::kSource) {
    out += text;
    return;
  }
  out += "@\"";
  out += text;
  out += '"';
}

void PrintContext(const Value::Entries& entries, Style style, std::string& out) {
  out += '{';
  for (size_t i = 0; i < entries.size(); ++i) {
    if (i > 0) out += ", ";
    if (IsPlainName(entries[i].name)) {
      out += entries[i].name;
    } else {
      PrintQuoted(entries[i].name, out);
    }
    out += ": ";
    Print(entries[i].value, style, out);
  }
  out += '}';
}

void PrintRange(const Range& range, Style style, std::string& out) {
  if (!range.has_start || !range.has_end) {
    out += range.has_end ? "(<" : "(>";
    if (range.has_end ? range.end_included : range.start_included) out += '=';
    out += ' ';
    Print(range.has_end ? range.end : range.start, style, out);
    out += ')';
    return;
  }
  out += range.start_included ? '[' : '(';
  Print(range.start, style, out);
  out += "..";
  Print(range.end, style, out);
  out += range.end_included ? ']' : ')';
}

void PrintUnknown(std::span<const InputId> inputs, std::string& out) {
  out += "unknown(";
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (i > 0) out += ", ";
    out += std::to_string(inputs[i]);
  }
  out += ')';
}

void Print(const Value& value, Style style, std::string& out) {
  const Style inner = style == Style::kBare ? Style::kNested : style;
  switch (value.kind()) {
    case Kind::kNull: out += "null"; break;
    case Kind::kBoolean: out += value.boolean() ? "true" : "false"; break;
    case Kind::kNumber: out += value.number().ToString(); break;
    case Kind::kDate: PrintTemporal(ToText(value.date()), style, out); break;
    case Kind::kTime: PrintTemporal(ToText(value.time()), style, out); break;
    case Kind::kDateTime: PrintTemporal(ToText(value.date_time()), style, out); break;
    case Kind::kMonthsDuration: PrintTemporal(ToText(value.months()), style, out); break;
    case Kind::kTimeDuration: PrintTemporal(ToText(value.nanos()), style, out); break;
    case Kind::kUnknown: PrintUnknown(value.missing(), out); break;
    case Kind::kString:
      if (style == Style::kBare) {
        out += value.string();
      } else {
        PrintQuoted(value.string(), out);
      }
      break;
    case Kind::kList:
      out += '[';
      for (size_t i = 0; i < value.list().size(); ++i) {
        if (i > 0) out += ", ";
        Print(value.list()[i], inner, out);
      }
      out += ']';
      break;
    case Kind::kContext: PrintContext(value.context(), inner, out); break;
    case Kind::kRange: PrintRange(value.range(), inner, out); break;
    case Kind::kFunction: out += "function"; break;
  }
}

bool IsSymbol(char c) { return std::string_view("./-'+*").find(c) != std::string_view::npos; }
bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

std::string ToText(const Value& value) {
  std::string out;
  Print(value, Style::kBare, out);
  return out;
}

std::string ToSource(const Value& value) {
  std::string out;
  Print(value, Style::kSource, out);
  return out;
}

std::string CanonicalName(std::string_view text) {
  std::string out;
  bool blank = false;
  for (const char c : text) {
    if (IsBlank(c)) {
      blank = true;
      continue;
    }
    if (blank && !out.empty() && !IsSymbol(c) && !IsSymbol(out.back())) out += ' ';
    blank = false;
    out += c;
  }
  return out;
}

Value ParseTemporal(std::string_view text) {
  if (const auto date = ParseDate(text)) return Value::OfDate(*date);
  if (const auto time = ParseTime(text)) return Value::OfTime(*time);
  if (const auto moment = ParseDateTime(text)) return Value::OfDateTime(*moment);
  if (const auto months = ParseMonthsDuration(text)) return Value::OfMonths(*months);
  if (const auto nanos = ParseTimeDuration(text)) return Value::OfNanos(*nanos);
  return Value::Null();
}

}  // namespace kstati::eligibility::feel
