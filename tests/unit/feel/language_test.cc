// SPDX-License-Identifier: Apache-2.0
// What FEEL's grammar and operators give, as tables of expression and printed value.
#include <gtest/gtest.h>

#include "tests/unit/feel/feel_fixture.h"

namespace kstati::eligibility::feel {
namespace {

struct Case {
  const char* expression;
  const char* printed;
};

class Language : public testing::TestWithParam<Case> {};

TEST_P(Language, Gives) {
  EXPECT_EQ(LenientAnswer(GetParam().expression), GetParam().printed) << GetParam().expression;
}

constexpr Case kLiterals[] = {
    {"1.50", "1.5"},
    {".872", "0.872"},
    {"-50", "-50"},
    {"1e3", "1000"},
    {"12300 = 1.23e+4", "true"},
    {"null", "null"},
    {R"("a\tb\\\"")", R"("a\tb\\\"")"},
    {R"("\u0041\U01F40E\ud83d\udca9")", "\"A\U0001F40E\U0001F4A9\""},
    {R"(@"2026-03-15")", R"(@"2026-03-15")"},
    {R"(@"10:30:00.5+03:00")", R"(@"10:30:00.5+03:00")"},
    {R"(@"2026-03-15T24:00:00")", R"(@"2026-03-16T00:00:00")"},
    {R"(@"P14M")", R"(@"P1Y2M")"},
    {R"(@"PT36H")", R"(@"P1DT12H")"},
    {R"(@"-999999999-12-31")", R"(@"-999999999-12-31")"},
    {R"(@"2026-02-29")", "null"},
    {"[1, \"a\", null]", R"([1, "a", null])"},
    {"{a: 1 + 2, b: a + 3, \"c d\": {e: a + b}}", "{a: 3, b: 6, c d: {e: 9}}"},
    {"1 /* one */ + // and\n 2", "3"},
};
INSTANTIATE_TEST_SUITE_P(Literals, Language, testing::ValuesIn(kLiterals));

constexpr Case kArithmetic[] = {
    {"1 + 2 * 3 - 4 / 2", "5"},
    {"3 ** 4 ** 5", "3486784401"},
    {"-3 ** 2", "9"},
    {"5 ** -2", "0.04"},
    {"--5", "5"},
    {"1 / 3 * 3", "0.9999999999999999999999999999999999"},
    {"0.1 + 0.2 = 0.3", "true"},
    {"19506.30 < 1.1 * 17733", "false"},
    {"1 / 0", "null"},
    {"\"a\" + \"b\"", "\"ab\""},
    {"\"a\" + 1", "null"},
    {"null + 1", "null"},
    {"[2] * 2", "null"},
    {R"(@"2026-01-31" + @"P1M")", R"(@"2026-02-28")"},
    {R"(@"2026-01-02" - @"PT1S")", R"(@"2026-01-01")"},
    {R"(@"2026-01-01" - @"2025-01-01")", R"(@"P365D")"},
    {R"(@"2021-01-02" - @"2021-01-01T10:10:10+11:00")", R"(@"P1DT49M50S")"},
    {R"(@"2021-01-01T00:00:00" - @"2021-01-02")", "null"},
    {R"(@"23:00:00" + @"PT2H")", R"(@"01:00:00")"},
    {R"(@"P1Y11M" * -2.5)", R"(@"-P4Y9M")"},
    {R"(@"P10DT23H" / 2.5)", R"(@"P4DT9H12M")"},
    {R"(@"P1Y" / @"P1M")", "12"},
    {R"(@"P1Y" + @"P1D")", "null"},
    {R"(@"999999999-12-31" + @"P1D")", "null"},
};
INSTANTIATE_TEST_SUITE_P(Arithmetic, Language, testing::ValuesIn(kArithmetic));

constexpr Case kComparison[] = {
    {"1.0 = 1", "true"},
    {"null = \"x\"", "false"},
    {"null = null", "true"},
    {"1 = \"1\"", "null"},
    {"null < 5", "null"},
    {R"(@"P1Y" = @"P12M")", "true"},
    {R"(@"P1Y" = @"P365D")", "null"},
    {"[1, 2] = [1, 2]", "true"},
    {"{a: 1, b: 2} = {b: 2, a: 1}", "true"},
    {R"(@"2002-04-02T12:00:00-01:00" = @"2002-04-02T17:00:00+04:00")", "true"},
    {"5 between 1 and 10 and true", "true"},
    {"2 between null and 10", "null"},
    {"5 in [1..9] and true", "true"},
    {"5 in [1..9] and false", "false"},
    {"1 in (1..9]", "false"},
    {"5 in ]1..9[", "true"},
    {"10 in (1, < 5, >= 10)", "true"},
    {"10 in != 10", "false"},
    {"true in [false, 2, 3]", "false"},
    {"null in [1..9]", "null"},
    {"5 in (null..9]", "null"},
    {"11 in [[1..9], [10..20]]", "true"},
    {"3 in ([1, 2, 3])[item > 2]", "true"},
    {"3 in (1 + 1) + 1", "true"},
    {"3 in (1..5] and true", "true"},
    {"[1, 2] in [[1], [1, 2]]", "true"},
    {"(< 10) = (null..10)", "false"},
    {"(= 10) = (= 10)", "true"},
    {"4 in (< 5)", "true"},
    {"[9..1]", "null"},
    {"[1..9].end included", "true"},
    {"\"b\" > \"a\"", "true"},
};
INSTANTIATE_TEST_SUITE_P(Comparison, Language, testing::ValuesIn(kComparison));

constexpr Case kLogic[] = {
    {"true and null", "null"},
    {"null and false", "false"},
    {"123 and false", "false"},
    {"123 and true", "null"},
    {"\"true\" and null", "null"},
    {"0 or true", "true"},
    {"0 or false", "null"},
    {"not(0)", "null"},
    {"not(false)", "true"},
    {"if null then 1 else 2", "2"},
    {"if 1 > 0 then \"a\" else \"b\"", "\"a\""},
};
INSTANTIATE_TEST_SUITE_P(Logic, Language, testing::ValuesIn(kLogic));

constexpr Case kIteration[] = {
    {"for i in 1..3 return i * i", "[1, 4, 9]"},
    {"for i in 3..1 return i", "[3, 2, 1]"},
    {"for i in [1..3] return i", "[1, 2, 3]"},
    {"for i in (1..4) return i", "[2, 3]"},
    {"for i in [1..3) return i", "[1, 2]"},
    {"for i in ]1..3] return i", "[2, 3]"},
    {"for i in (1..2) return i", "[]"},
    {"for i in (1..1] return i", "[]"},
    {"for x in [[1, 2], [3]], y in x return y", "[1, 2, 3]"},
    {"for i in 0..5 return if i < 2 then 1 else partial[-1] + partial[-2]", "[1, 1, 2, 3, 5, 8]"},
    {R"(for d in @"2026-01-30"..@"2026-02-01" return d.day)", "[30, 31, 1]"},
    {"for i in null return i", "null"},
    {"some x in [1, 2] satisfies x > 1", "true"},
    {"every x in [1, 2], y in [3, 4] satisfies x < y", "true"},
    {"every x in [] satisfies x", "true"},
    {"some x in [1, null] satisfies x > 5", "null"},
    {"[1, 2, 3, 4][item > 2]", "[3, 4]"},
    {"[1, 2, 3][-1]", "3"},
    {"[1, 2, 3][0]", "null"},
    {"100[1]", "100"},
    {"[{x: 1, y: 2}, {x: 3, y: 4}][x > 1].y", "[4]"},
    {"[{first name: \"A\"}, {first name: \"B\"}][first name = \"B\"][1].first name", "\"B\""},
    {"[{a: 1}, {b: 2}, 5][a = 1]", "[{a: 1}]"},
    {"{a: {b: [1, 2]}}.a.b[2]", "2"},
    {"null.b", "null"},
    {R"(@"2026-03-15".weekday)", "7"},
    {R"(@"P1Y2M".months)", "2"},
    {R"(@"PT90M".hours)", "1"},
};
INSTANTIATE_TEST_SUITE_P(Iteration, Language, testing::ValuesIn(kIteration));

constexpr Case kFunctions[] = {
    {"(function(a, b) a - b)(5, 3)", "2"},
    {"{minus: function(a, b) a - b, r: minus(b: 3, a: 5)}.r", "2"},
    {"{n: 10, add: function(x) x + n, r: add(1)}.r", "11"},
    {"(function(x) function(y) x * y)(3)(4)", "12"},
    {"(function(x: number) x)(\"a\")", "null"},
    {"(function(x: number) x)([7])", "7"},
    {"(function(a) a)(1, 2)", "null"},
    {"{f: floor, r: f(1.5)}.r", "1"},
    {"1 instance of number", "true"},
    {"-1 instance of number", "true"},
    {"null instance of Any", "false"},
    {"[1, \"a\"] instance of list<number>", "false"},
    {"{a: null} instance of context<a: string>", "true"},
    {"[1..2] instance of range<number>", "true"},
    {R"(@"P1D" instance of days and time duration)", "true"},
    {"(function() 1) instance of function<> -> Any", "true"},
};
INSTANTIATE_TEST_SUITE_P(Functions, Language, testing::ValuesIn(kFunctions));

TEST(Names, LongestKnownNameWins) {
  World world;
  world.Declare("a", Type::Number(), Number("1"))
      .Declare("a-b", Type::Number(), Number("10"))
      .Declare("days in weekend", Type::Number(), Number("2"))
      .Declare("person.birth_date", Type::Date(), Value::OfDate(Date::Of(2000, 5, 1)))
      .Declare("person", Type::ContextOf({{"age", Type::Number()}}),
               Value::Context({{"age", Number("25")}}));
  EXPECT_EQ(Answer(world, "a - b + 1"), "11");
  EXPECT_EQ(Answer(world, "days  in weekend * 2"), "4");
  EXPECT_EQ(Answer(world, "person.age + person.birth_date.year"), "2025");
  EXPECT_EQ(Answer(world, "for a in [5] return a"), "[5]");
  EXPECT_EQ(Answer(world, "years and months duration(person.birth_date, today()).years"), "25");
  EXPECT_EQ(Answer(world, "parameter(\"pm_child\", {sex: \"male\"}) * 2"), "35466");
}

TEST(Names, FilterSeesEntriesBeforeOuterNames) {
  World world;
  world.Declare("age", Type::Number(), Number("40"))
      .Declare("limit", Type::Number(), Number("18"))
      .Declare("children",
               Type::ListOf(Type::ContextOf({{"age", Type::Number()}, {"name", Type::String()}})),
               Value::List({Value::Context({{"age", Number("7")}, {"name", Value::String("a")}}),
                            Value::Context({{"age", Number("19")}, {"name", Value::String("b")}})}))
      .Declare("things", Type::Any(), Value::List({Value::Context({{"age", Number("7")}})}));
  EXPECT_EQ(Answer(world, "count(children[age < limit])"), "1");
  EXPECT_EQ(Answer(world, "children[item.age < limit].name"), R"(["a"])");
  EXPECT_EQ(Answer(world, "things[age < limit]"), "[{age: 7}]");
  EXPECT_EQ(Answer(world, "things[limit = 18]"), "[{age: 7}]");
}

TEST(Evaluation, TracesSlotsAndSteps) {
  World world;
  world.Declare("a", Type::Number(), Number("1")).Declare("b", Type::Number(), Number("2"));
  std::vector<Issue> issues;
  const auto rule = Compile("a > 5 and b > 1", {"x", 1, 1}, world, issues);
  ASSERT_TRUE(rule);
  EXPECT_EQ(rule->slots(), (std::vector<uint32_t>{1, 2}));
  Trace trace;
  trace.record_steps = true;
  world.trace = &trace;
  EXPECT_TRUE(Evaluate(*rule, world).is_false());
  EXPECT_EQ(trace.slots, std::vector<uint32_t>{1});  // b was not needed
  ASSERT_EQ(trace.steps.size(), 4U);
  EXPECT_EQ(rule->text().substr(trace.steps[2].offset, trace.steps[2].length), "a > 5");
}

TEST(Evaluation, DiagnosticsSayWhyNull) {
  World world;
  world.Declare("a", Type::Number(), Number("0"));
  std::vector<Issue> issues;
  const auto rule = Compile("1 + 2 / a", {"x", 1, 1}, world, issues);
  ASSERT_TRUE(rule);
  Diagnostics diagnostics;
  world.diagnostics = &diagnostics;
  EXPECT_TRUE(Evaluate(*rule, world).is_null());
  ASSERT_EQ(diagnostics.items.size(), 1U);
  EXPECT_EQ(diagnostics.items[0].text, "division by zero");
  EXPECT_EQ(diagnostics.items[0].offset, 4U);
}

TEST(Evaluation, LimitsCutShort) {
  for (const char* text : {"for i in 1..100000000 return i", "(function(f) f(f))(function(f) f(f))",
                           "count(for i in 1..5000 return for j in 1..5000 return j)",
                           "for i in 1..1000 return append([], partial)"}) {
    World world;
    Diagnostics diagnostics;
    world.diagnostics = &diagnostics;
    EXPECT_EQ(Answer(world, text), "null") << text;
    EXPECT_TRUE(diagnostics.limit_exceeded) << text;
  }
}

TEST(Evaluation, TimeIsLimitedForAnAuthorAlone) {
  World world;
  std::vector<Issue> issues;
  CompileOptions options;
  options.limits.max_time = std::chrono::milliseconds(0);
  const auto rule =
      Compile("count(for i in 1..10000 return i + 1) > 0", {"x", 1, 1}, world, issues, options);
  ASSERT_TRUE(rule);
  Diagnostics diagnostics;
  world.diagnostics = &diagnostics;
  EXPECT_TRUE(Evaluate(*rule, world).is_true());
  world.is_timed = true;
  EXPECT_TRUE(Evaluate(*rule, world).is_null());
  EXPECT_TRUE(diagnostics.limit_exceeded);
  ASSERT_FALSE(diagnostics.items.empty());
  EXPECT_EQ(diagnostics.items.back().text,
            "the evaluation was cut short: it takes longer than 0 ms");
  EXPECT_GT(diagnostics.items.back().offset, 0U) << "names the place";
}

TEST(Evaluation, WhatSharesABudgetSharesItsTime) {
  World world;
  std::vector<Issue> issues;
  CompileOptions options;
  options.limits.max_time = std::chrono::milliseconds(0);
  const auto slow =
      Compile("count(for i in 1..10000 return i + 1)", {"x", 1, 1}, world, issues, options);
  const auto quick = Compile("1 + parameter(\"pm_child\")", {"x", 1, 1}, world, issues, options);
  ASSERT_TRUE(slow && quick);
  Diagnostics diagnostics;
  Budget budget;
  world.diagnostics = &diagnostics;
  world.budget = &budget;
  world.is_timed = true;
  EXPECT_TRUE(Evaluate(*slow, world).is_null());
  EXPECT_TRUE(Evaluate(*quick, world).is_null()) << "no null that a decision could rest on";
}

}  // namespace
}  // namespace kstati::eligibility::feel
