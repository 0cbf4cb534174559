// SPDX-License-Identifier: Apache-2.0
#include "profile/value.h"

#include <array>
#include <utility>

namespace kstati::profile {
namespace {

struct TypeName {
  ValueType type;
  std::string_view name;
};

constexpr std::array<TypeName, 9> kTypeNames{{
    {ValueType::kBoolean, "boolean"},
    {ValueType::kNumber, "number"},
    {ValueType::kMoney, "money"},
    {ValueType::kText, "text"},
    {ValueType::kDate, "date"},
    {ValueType::kCode, "code"},
    {ValueType::kDocument, "document"},
    {ValueType::kPayment, "payment"},
    {ValueType::kEvent, "event"},
}};

tl::unexpected<Error> WrongForm(std::string message, std::string remedy) {
  return Fail(ErrorCode::kInvalidArgument, std::move(message), {}, std::move(remedy));
}

Result<FactValue> ParseTruth(std::string_view text) {
  if (text == "true") return FactValue(true);
  if (text == "false") return FactValue(false);
  return WrongForm("not a truth value", "write true or false");
}

Result<FactValue> ParseNumber(std::string_view text) {
  const std::optional<Decimal> number = Decimal::Parse(text);
  if (!number) return WrongForm("not a number", "write a decimal number such as 12 or 1250.50");
  return FactValue(*number);
}

Result<FactValue> ParseWords(std::string_view text) {
  if (!IsUtf8(text)) return WrongForm("the text is not UTF-8", "send texts encoded as UTF-8");
  return FactValue(std::string(text));
}

// The length of the UTF-8 sequence that `lead` starts and the smallest code point it may stand for;
// length 0 when no sequence starts so.
std::pair<size_t, uint32_t> SequenceOf(unsigned char lead) {
  if (lead < 0x80) return {1, 0};
  if ((lead & 0xE0) == 0xC0) return {2, 0x80};
  if ((lead & 0xF0) == 0xE0) return {3, 0x800};
  if ((lead & 0xF8) == 0xF0) return {4, 0x10000};
  return {0, 0};
}

}  // namespace

std::string_view NameOf(ValueType type) {
  for (const TypeName& row : kTypeNames) {
    if (row.type == type) return row.name;
  }
  return "unknown";
}

Result<ValueType> ParseValueType(std::string_view name) {
  std::string known;
  for (const TypeName& row : kTypeNames) {
    if (row.name == name) return row.type;
    known += (known.empty() ? "" : ", ") + std::string(row.name);
  }
  return WrongForm("unknown type of value", "use one of: " + known);
}

Result<FactValue> ParseFactValue(ValueType type, std::string_view text) {
  if (text.empty()) return FactValue(NotApplicable{});
  switch (type) {
    case ValueType::kBoolean:
    case ValueType::kDocument:
    case ValueType::kEvent: return ParseTruth(text);
    case ValueType::kNumber:
    case ValueType::kMoney:
    case ValueType::kPayment: return ParseNumber(text);
    case ValueType::kDate: {
      KSTATI_TRY(const Date date, Date::Parse(text));
      return FactValue(date);
    }
    case ValueType::kText:
    case ValueType::kCode: return ParseWords(text);
  }
  return WrongForm("unknown type of value", {});
}

std::string ToText(const FactValue& value) {
  struct Writer {
    std::string operator()(const NotApplicable&) const { return {}; }
    std::string operator()(bool truth) const { return truth ? "true" : "false"; }
    std::string operator()(const Decimal& number) const { return number.ToString(); }
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(const Date& date) const { return date.ToString(); }
  };
  return std::visit(Writer{}, value);
}

bool HasType(const FactValue& value, ValueType type) {
  if (std::holds_alternative<NotApplicable>(value)) return true;
  switch (type) {
    case ValueType::kBoolean:
    case ValueType::kDocument:
    case ValueType::kEvent: return std::holds_alternative<bool>(value);
    case ValueType::kNumber:
    case ValueType::kMoney:
    case ValueType::kPayment: return std::holds_alternative<Decimal>(value);
    case ValueType::kDate: return std::holds_alternative<Date>(value);
    case ValueType::kText:
    case ValueType::kCode: return std::holds_alternative<std::string>(value);
  }
  return false;
}

bool IsUtf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const unsigned char lead = static_cast<unsigned char>(text[i]);
    const auto [length, smallest] = SequenceOf(lead);
    if (length == 0 || i + length > text.size()) return false;
    uint32_t code = length == 1 ? lead : lead & (0x7Fu >> length);
    for (size_t k = 1; k < length; ++k) {
      const unsigned char next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xC0) != 0x80) return false;
      code = (code << 6) | (next & 0x3Fu);
    }
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (code < smallest || code > 0x10FFFF || surrogate) return false;
    i += length;
  }
  return true;
}

}  // namespace kstati::profile
