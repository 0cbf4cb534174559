// SPDX-License-Identifier: Apache-2.0
#include "eligibility/feel/builtin.h"

namespace kstati::eligibility::feel {
namespace {

using Arguments = std::span<const Value>;

Value ToStringValue(Arguments arguments, CallContext&) {
  return arguments[0].is_null() ? Value::Null() : Value::String(ToText(arguments[0]));
}

bool IsSeparator(const Value& value, std::string_view allowed) {
  return value.is_null() ||
         (value.string().size() == 1 && allowed.find(value.string()) != std::string_view::npos);
}

void RemoveAll(std::string& text, char unwanted) { std::erase(text, unwanted); }

Value ToNumber(Arguments arguments, CallContext& call) {
  std::string text = arguments[0].string();
  const Value grouping = arguments.size() > 1 ? arguments[1] : Value::Null();
  const Value point = arguments.size() > 2 ? arguments[2] : Value::Null();
  if (!IsSeparator(grouping, " ,.") || !IsSeparator(point, ",.")) {
    return call.Fail("grouping is by blank, comma or point; decimals by comma or point");
  }
  if (!grouping.is_null() && !point.is_null() && grouping.string() == point.string()) {
    return call.Fail("the two separators are the same");
  }
  if (!grouping.is_null()) RemoveAll(text, grouping.string()[0]);
  if (!point.is_null() && point.string() == ",") {
    if (text.find('.') != std::string::npos) return call.Fail("this is not a number");
    const size_t comma = text.find(',');
    if (comma != std::string::npos) text[comma] = '.';
  }
  const auto number = Decimal::Parse(text);
  return number ? Value::Number(*number) : call.Fail("this is not a number");
}

}  // namespace

std::vector<Builtin> ConversionBuiltins() {
  return {
      {.name = "string", .parameters = "from:x", .result = Type::String(), .run = ToStringValue},
      {.name = "number",
       .parameters = "from:s, grouping separator?:s, decimal separator?:s",
       .result = Type::Number(),
       .run = ToNumber},
  };
}

}  // namespace kstati::eligibility::feel
