// SPDX-License-Identifier: Apache-2.0
#include "profile/value.h"

#include "tests/unit/profile/profile_fixtures.h"

namespace kstati::profile {
namespace {

std::string Retyped(ValueType type, std::string_view text) {
  const Result<FactValue> value = ParseFactValue(type, text);
  if (!value) return "error: " + value.error().remedy;
  EXPECT_TRUE(HasType(*value, type));
  return ToText(*value);
}

TEST(Value, TypeNamesReadBack) {
  for (const char* name :
       {"boolean", "number", "money", "text", "date", "code", "document", "event", "payment"}) {
    const Result<ValueType> type = ParseValueType(name);
    ASSERT_THAT(type, IsOk());
    EXPECT_EQ(NameOf(*type), name);
  }
}

TEST(Value, UnknownTypeListsTheKnownOnes) {
  const Result<ValueType> type = ParseValueType("string");
  ASSERT_THAT(type, FailsWith(ErrorCode::kInvalidArgument));
  EXPECT_THAT(type.error().remedy, testing::HasSubstr("boolean, number, money"));
}

TEST(Value, TextIsTypedByTheDictionaryNotByItsLook) {
  EXPECT_EQ(Retyped(ValueType::kText, "2026-03-15"), "2026-03-15");
  EXPECT_TRUE(std::holds_alternative<std::string>(*ParseFactValue(ValueType::kText, "true")));
  EXPECT_TRUE(std::holds_alternative<bool>(*ParseFactValue(ValueType::kDocument, "true")));
  EXPECT_TRUE(std::holds_alternative<Date>(*ParseFactValue(ValueType::kDate, "2026-03-15")));
}

TEST(Value, NumbersLoseOnlyTheirTrailingZeros) {
  EXPECT_EQ(Retyped(ValueType::kMoney, "12.50"), "12.5");
  EXPECT_EQ(Retyped(ValueType::kPayment, "-0.001"), "-0.001");
  EXPECT_EQ(Retyped(ValueType::kNumber, "1e3"), "1000");
}

TEST(Value, EmptyTextIsNotApplicableForEveryType) {
  for (const ValueType type : {ValueType::kBoolean, ValueType::kMoney, ValueType::kText,
                               ValueType::kDate, ValueType::kCode}) {
    EXPECT_TRUE(std::holds_alternative<NotApplicable>(*ParseFactValue(type, "")));
    EXPECT_EQ(Retyped(type, ""), "");
  }
}

TEST(Value, WrongFormSaysWhichFormIsWantedAndNotTheValue) {
  EXPECT_EQ(Retyped(ValueType::kBoolean, "yes"), "error: write true or false");
  EXPECT_THAT(Retyped(ValueType::kDate, "15.03.2026"), testing::HasSubstr("YYYY-MM-DD"));
  const Result<FactValue> money = ParseFactValue(ValueType::kMoney, "secret");
  ASSERT_THAT(money, FailsWith(ErrorCode::kInvalidArgument));
  EXPECT_THAT(money.error().ToString(), testing::Not(testing::HasSubstr("secret")));
}

TEST(Value, AlternativesOfOtherTypesAreTold) {
  EXPECT_FALSE(HasType(FactValue(true), ValueType::kNumber));
  EXPECT_FALSE(HasType(FactValue(std::string("12")), ValueType::kMoney));
  EXPECT_FALSE(HasType(FactValue(Decimal(1)), ValueType::kBoolean));
}

TEST(Value, Utf8RefusesOverlongSurrogateAndCutForms) {
  EXPECT_TRUE(IsUtf8("Щербаков \xF0\x9F\x99\x82"));
  EXPECT_FALSE(IsUtf8("\xC0\xAF"));
  EXPECT_FALSE(IsUtf8("\xED\xA0\x80"));
  EXPECT_FALSE(IsUtf8("\xE2\x82"));
  EXPECT_FALSE(IsUtf8("\xF5\x80\x80\x80"));
  EXPECT_FALSE(IsUtf8("\x80"));
}

}  // namespace
}  // namespace kstati::profile
