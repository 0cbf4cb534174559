// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/decimal.h"
#include "base/messages.h"
#include "graph/parameter.h"
#include "profile/dictionary.h"

namespace kstati::eligibility {

// An attribute's value with its unit and the words of its code list: "3 года", "мужской".
std::string AttributeInWords(const profile::FactValue& value, const profile::Attribute& attribute,
                             const Messages& messages, Language language);

// A value of law with its unit: "25 342 ₽ в месяц".
std::string ParameterInWords(const graph::ParameterScalar& value, std::string_view unit,
                             const Messages& messages, Language language);

// "15 марта 2026".
std::string DayInWords(Date day, const Messages& messages, Language language);

// The digits as the language groups them ("25 342,5" with no-break spaces), exactly: ICU's own
// formatting would pass through binary floating point.
std::string NumberInWords(const Decimal& number, Language language);

}  // namespace kstati::eligibility
