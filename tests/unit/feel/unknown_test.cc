// SPDX-License-Identifier: Apache-2.0
// An unknown is a missing input, not null: it flows through everything, and a result is definite
// when it is the same whatever the input turns out to be.
#include <gtest/gtest.h>

#include "tests/unit/feel/feel_fixture.h"

namespace kstati::eligibility::feel {
namespace {

struct Case {
  const char* expression;
  const char* printed;
};

// Inputs 1 b and 4 c are booleans, 2 n and 3 m numbers, 5 list is a list, all of them missing;
// people is a list of which one age (6) is missing.
World MissingWorld() {
  World world;
  world.Declare("b", Type::Boolean())
      .Declare("n", Type::Number())
      .Declare("m", Type::Number())
      .Declare("c", Type::Boolean())
      .Declare("list", Type::ListOf(Type::Number()));
  const auto person = [](Value age) { return Value::Context({{"age", std::move(age)}}); };
  world.Declare("people", Type::ListOf(Type::ContextOf({{"age", Type::Number()}})),
                Value::List({person(Number("20")), person(Value::Unknown(6))}));
  world.Declare("ages", Type::ListOf(Type::Number()),
                Value::List({Number("20"), Value::Unknown(6)}));
  return world;
}

class Unknown : public testing::TestWithParam<Case> {};

TEST_P(Unknown, Gives) {
  World world = MissingWorld();
  EXPECT_EQ(Answer(world, GetParam().expression, {.strict = false}), GetParam().printed)
      << GetParam().expression;
}

constexpr Case kLogic[] = {
    {"b", "unknown(1)"},
    {"false and b", "false"},
    {"b and false", "false"},
    {"true and b", "unknown(1)"},
    {"true or b", "true"},
    {"b or true", "true"},
    {"b or false", "unknown(1)"},
    {"b and null", "unknown(1)"},
    {"null or b", "unknown(1)"},
    {"b and 123 and false", "false"},
    {"not(b)", "unknown(1)"},
    {"b and c", "unknown(1, 4)"},
    {"b and b", "unknown(1)"},
    {"n = null", "unknown(2)"},
    {"n = 1", "unknown(2)"},
    {"n != n", "unknown(2)"},
    {"n > m", "unknown(2, 3)"},
    {"n < null", "null"},
    {"n < true", "null"},
    {"n + 1", "unknown(2)"},
    {"n + null", "null"},
    {"n * m - 1", "unknown(2, 3)"},
    {"-n", "unknown(2)"},
    {"[1, n] = [2, 3]", "false"},
    {"[1, n] = [1, 3]", "unknown(2)"},
    {"[1, n] = [1]", "false"},
    {"{a: n, b: 1} = {a: 1, b: 2}", "false"},
};
INSTANTIATE_TEST_SUITE_P(Logic, Unknown, testing::ValuesIn(kLogic));

constexpr Case kBranches[] = {
    {"if b then 1 else 1", "1"},
    {"if b then 1 else 2", "unknown(1)"},
    {"if b then n else 2", "unknown(1, 2)"},
    {"if b then [1, {a: 2}] else [1, {a: 2}]", "[1, {a: 2}]"},
    {"if b then n else n", "unknown(1, 2)"},
    {"n between 1 and 9", "unknown(2)"},
    {"10 between n and 9", "false"},
    {"5 between n and 9", "unknown(2)"},
    {"10 in [n..9]", "false"},
    {"5 in [n..9]", "unknown(2)"},
    {"null in [n..9]", "unknown(2)"},
    {"n in [1..9]", "unknown(2)"},
    {"n in (null..9]", "unknown(2)"},
    {"5 in (n, 5)", "true"},
    {"5 in (n, 6)", "unknown(2)"},
    {"n in []", "unknown(2)"},
    {"[n..9]", "unknown(2)"},
    {"n instance of number", "unknown(2)"},
    {"[n] instance of list<number>", "unknown(2)"},
    {"[n, \"a\"] instance of list<number>", "false"},
};
INSTANTIATE_TEST_SUITE_P(Branches, Unknown, testing::ValuesIn(kBranches));

constexpr Case kLists[] = {
    {"[1, n]", "[1, unknown(2)]"},
    {"{a: n}.a", "unknown(2)"},
    {"{a: n, d: 5}.d", "5"},
    {"count([1, n])", "2"},
    {"count(list)", "unknown(5)"},
    {"sum([1, n])", "unknown(2)"},
    {"sum([1, n, m])", "unknown(2, 3)"},
    {"[1, n][1]", "1"},
    {"[1, n][m]", "unknown(2, 3)"},
    {"list[1]", "unknown(5)"},
    {"list[item > 1]", "unknown(5)"},
    {"people[age > 18]", "unknown(6)"},
    {"people[age > 18 or true][1].age", "20"},
    {"count(people[age > 18])", "unknown(6)"},
    {"people.age", "[20, unknown(6)]"},
    {"some p in people satisfies p.age >= 18", "true"},
    {"some p in people satisfies p.age >= 21", "unknown(6)"},
    {"every p in people satisfies p.age >= 21", "false"},
    {"every p in people satisfies p.age >= 18", "unknown(6)"},
    {"some x in list satisfies x > 1", "unknown(5)"},
    {"some x in [1, 2], y in list satisfies y > 1", "unknown(5)"},
    {"every x in [] satisfies b", "true"},
    {"for x in ages return x + 1", "[21, unknown(6)]"},
    {"for x in list return 1", "unknown(5)"},
    {"for i in 1..n return i", "unknown(2)"},
    {"list contains(ages, 20)", "true"},
    {"list contains(ages, 21)", "unknown(6)"},
    {"any([b, true])", "true"},
    {"all(b, false)", "false"},
    {"any(b)", "unknown(1)"},
    {"append(ages, n)", "[20, unknown(6), unknown(2)]"},
    {"reverse(ages)[1]", "unknown(6)"},
    {"min(ages)", "unknown(6)"},
    {"sort(ages, function(x, y) x < y)", "unknown(6)"},
    {"sort([1, 2], function(x, y) x < n)", "unknown(2)"},
    {"get value({a: n, d: 1}, \"d\")", "1"},
    {"context put({a: 1}, \"d\", n)", "{a: 1, d: unknown(2)}"},
    {"string(n)", "unknown(2)"},
    {"string([n])", "unknown(2)"},
    {"(function(x) if x > 1 then 5 else 5)(n)", "5"},
    {"[n, m, 1][item = 1 or true][3]", "1"},
};
INSTANTIATE_TEST_SUITE_P(Lists, Unknown, testing::ValuesIn(kLists));

TEST(UnknownValue, KeepsSortedUniqueInputs) {
  const std::vector<InputId> inputs{9, 3, 3, 7, 1, 5, 9};
  const Value many = Value::Unknown(inputs);
  EXPECT_EQ(std::vector<InputId>(many.missing().begin(), many.missing().end()),
            (std::vector<InputId>{1, 3, 5, 7, 9}));
  const Value copy = many;
  const Value both = UnionOfUnknowns(copy, Value::Unknown(4));
  EXPECT_EQ(ToText(both), "unknown(1, 3, 4, 5, 7, 9)");
  EXPECT_EQ(ToText(Value::Unknown(4)), "unknown(4)");
}

TEST(UnknownValue, IsFoundAtAnyDepth) {
  const Value deep = Value::Context({{"a", Value::List({Number("1"), Value::Unknown(2)})}});
  EXPECT_TRUE(deep.has_unknown());
  EXPECT_FALSE(deep.is_unknown());
  EXPECT_FALSE(Value::List({Number("1")}).has_unknown());
  EXPECT_FALSE(Identical(deep, deep));
}

}  // namespace
}  // namespace kstati::eligibility::feel
