// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/value_words.h"

#include <map>
#include <optional>
#include <variant>

#include "eligibility/reasons.h"

namespace kstati::eligibility {
namespace {

constexpr std::string_view kNoBreakSpace = "\u00A0";  // what ICU groups Russian digits with
constexpr size_t kGroup = 3;
constexpr int kKopeckDigits = 2;

std::string Grouped(std::string_view digits, std::string_view separator) {
  std::string text;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i != 0 && (digits.size() - i) % kGroup == 0) text += separator;
    text += digits[i];
  }
  return text;
}

// `places`: digits after the point to fill up with zeros when there is a fraction at all.
std::string Write(const Decimal& number, size_t places, Language language) {
  const std::string plain = number.Abs().ToString();
  const size_t point = plain.find('.');
  const bool russian = language == Language::kRussian;
  std::string text = number.IsNegative() ? "-" : "";
  text += Grouped(std::string_view(plain).substr(0, point), russian ? kNoBreakSpace : ",");
  if (point == std::string::npos) return text;
  std::string fraction = plain.substr(point + 1);
  if (fraction.size() < places) fraction.append(places - fraction.size(), '0');
  return text + (russian ? "," : ".") + fraction;
}

std::string Money(const Decimal& amount, std::string_view key, const Messages& messages,
                  Language language) {
  const Decimal rounded = amount.Round(kKopeckDigits, Rounding::kHalfEven).value_or(amount);
  return messages.Format(language, key, {{"amount", Write(rounded, kKopeckDigits, language)}});
}

// "RUB/month" is an amount per month: the key "reason.money.month".
std::optional<std::string> MoneyKey(std::string_view unit, const Messages& messages,
                                    Language language) {
  if (unit == "RUB") return "reason.money";
  if (!unit.starts_with("RUB/")) return std::nullopt;
  std::string key = "reason.money." + std::string(unit.substr(4));
  return messages.Has(language, key) ? key : "reason.money";
}

std::string WithUnit(const Decimal& number, std::string_view unit, const Messages& messages,
                     Language language) {
  if (unit == "calendar_year") return number.ToString();  // 1969, never 1,969
  if (const auto key = MoneyKey(unit, messages, language)) {
    return Money(number, *key, messages, language);
  }
  std::string key = "reason.unit.";
  for (const char letter : unit) {  // keys are in small letters
    key += letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  }
  if (unit.empty() || !messages.Has(language, key)) return NumberInWords(number, language);
  std::map<std::string, Messages::Argument> arguments;
  arguments["number"] = NumberInWords(number, language);
  if (const std::optional<int64_t> whole = number.ToInt64()) {
    arguments["count"] = *whole;
  } else {
    arguments["count"] = number.ToDouble();  // only chooses the form of the word
  }
  return messages.Format(language, key, arguments);
}

std::string CodeInWords(const std::string& code, const AttributeId& attribute,
                        const Messages& messages, Language language) {
  for (const std::string& key :
       {"reason.code." + attribute.text() + "." + code, "reason.code." + code}) {
    if (messages.Has(language, key)) return messages.Format(language, key);
  }
  return code;
}

}  // namespace

std::string DayInWords(Date day, const Messages& messages, Language language) {
  return messages.Format(language, "reason.day", {{"day", day}});
}

std::string NumberInWords(const Decimal& number, Language language) {
  return Write(number, 0, language);
}

std::string ValueInWords(const profile::FactValue& value, profile::ValueType type,
                         const Messages& messages, Language language) {
  struct Writer {
    std::string operator()(profile::NotApplicable) const {
      return messages.Format(language, "reason.not_applicable");
    }
    std::string operator()(bool truth) const {
      return messages.Format(language, truth ? "reason.yes" : "reason.no");
    }
    std::string operator()(const Decimal& number) const {
      const bool money = type == profile::ValueType::kMoney || type == profile::ValueType::kPayment;
      return money ? Money(number, "reason.money", messages, language)
                   : NumberInWords(number, language);
    }
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(Date day) const { return DayInWords(day, messages, language); }

    profile::ValueType type;
    const Messages& messages;
    Language language;
  };
  return std::visit(Writer{type, messages, language}, value);
}

std::string AttributeInWords(const profile::FactValue& value, const profile::Attribute& attribute,
                             const Messages& messages, Language language) {
  if (const auto* number = std::get_if<Decimal>(&value); number && !attribute.unit.empty()) {
    return WithUnit(*number, attribute.unit, messages, language);
  }
  if (attribute.type == profile::ValueType::kCode) {
    if (const auto* code = std::get_if<std::string>(&value)) {
      return CodeInWords(*code, attribute.id, messages, language);
    }
  }
  return ValueInWords(value, attribute.type, messages, language);
}

std::string ParameterInWords(const graph::ParameterScalar& value, std::string_view unit,
                             const Messages& messages, Language language) {
  if (const auto* day = std::get_if<Date>(&value)) return DayInWords(*day, messages, language);
  return WithUnit(std::get<Decimal>(value), unit, messages, language);
}

}  // namespace kstati::eligibility
