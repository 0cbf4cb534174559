// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/unit/feel/feel_fixture.h"

namespace kstati::eligibility::feel {
namespace {

struct Case {
  const char* expression;
  const char* printed;
};

class Builtins : public testing::TestWithParam<Case> {};

TEST_P(Builtins, Give) {
  EXPECT_EQ(LenientAnswer(GetParam().expression), GetParam().printed) << GetParam().expression;
}

constexpr Case kNumeric[] = {
    {"decimal(1/3, 2)", "0.33"},
    {"decimal(1/3, 2.5)", "0.33"},
    {"decimal(2.5, 0)", "2"},
    {"floor(-1.5)", "-2"},
    {"ceiling(1.56, 1)", "1.6"},
    {"ceiling(1.56, null)", "null"},
    {"round up(-5.5, 0)", "-6"},
    {"round down(-5.5, 0)", "-5"},
    {"round half up(-2.5, 0)", "-3"},
    {"round half down(2.5, 0)", "2"},
    {"round half down(2.51, 0)", "3"},
    {"round up(5.5, 6176)", "5.5"},
    {"round up(5.5, 6177)", "null"},
    {"abs(-4)", "4"},
    {R"(abs(@"-P1D"))", R"(@"P1D")"},
    {"modulo(-12, 5)", "3"},
    {"modulo(12, -5)", "-3"},
    {"modulo(10.1, 4.5)", "1.1"},
    {"modulo(1, 0)", "null"},
    {"sqrt(16)", "4"},
    {"sqrt(-1)", "null"},
    {"log(0)", "null"},
    {"decimal(exp(1), 6)", "2.718282"},
    {"odd(5)", "true"},
    {"even(-2)", "true"},
    {"even(\"4\")", "null"},
    {"sum([1, 2, 3])", "6"},
    {"sum(1, 2, 3)", "6"},
    {"sum([])", "null"},
    {"mean([1, 2])", "1.5"},
    {"median([8, 2, 5, 3])", "4"},
    {"mode([6, 3, 9, 6, 3])", "[3, 6]"},
    {"decimal(stddev(2, 4, 7, 5), 6)", "2.081666"},
    {"product([2.5, 1, 2.5, 3])", "18.75"},
    {"min(3, 1, 2)", "1"},
    {R"(max([@"2026-01-01", @"2025-01-01"]))", R"(@"2026-01-01")"},
    {"max([1, \"a\"])", "null"},
    {"count([])", "0"},
    {"count(null)", "null"},
};
INSTANTIATE_TEST_SUITE_P(Numeric, Builtins, testing::ValuesIn(kNumeric));

constexpr Case kString[] = {
    {"substring(\"foobar\", 3)", "\"obar\""},
    {"substring(\"foobar\", -2, 1)", "\"a\""},
    {"substring(\"\U0001F40Efoo\", 2)", "\"foo\""},
    {"substring(\"a\", 0)", "null"},
    {"substring(string: \"abc\", start position: 2, length: 1)", "\"b\""},
    {R"(string length("\uD83D\uDCA9"))", "1"},
    {"upper case(\"aBcж\")", "\"ABCЖ\""},
    {"lower case(\"ЁЖ\")", "\"ёж\""},
    {"substring before(\"foobar\", \"bar\")", "\"foo\""},
    {"substring after(\"foobar\", \"o\")", "\"obar\""},
    {"substring after(\"abc\", \"\")", "\"abc\""},
    {"contains(\"foobar\", \"ob\")", "true"},
    {"starts with(\"foobar\", \"fo\")", "true"},
    {"ends with(\"foobar\", \"r\")", "true"},
    {"split(\"a;b;;\", \";\")", R"(["a", "b", "", ""])"},
    {"string join([\"a\", null, \"c\"], \"-\")", "\"a-c\""},
    {"string join([1])", "null"},
    {"string(1.10)", "\"1.1\""},
    {"string(null)", "null"},
    {R"(string([1, "a", @"2026-01-01"]))", R"("[1, \"a\", 2026-01-01]")"},
    {"string({a: \"x\"})", R"("{a: \"x\"}")"},
    {"number(\"1 000,5\", \" \", \",\")", "1000.5"},
    {"number(\"1,5\")", "null"},
    {"is(1.0, 1)", "true"},
    {R"(is(@"23:00:50Z", @"23:00:50+00:00"))", "true"},
    {R"(is(@"P0Y", @"P0D"))", "false"},
};
INSTANTIATE_TEST_SUITE_P(String, Builtins, testing::ValuesIn(kString));

constexpr Case kList[] = {
    {"list contains([1, null], null)", "true"},
    {"append([1], 2, 3)", "[1, 2, 3]"},
    {"concatenate([1], [2, 3])", "[1, 2, 3]"},
    {"insert before([1, 3], 2, 2)", "[1, 2, 3]"},
    {"remove([1, 2, 3], -1)", "[1, 2]"},
    {"reverse([1, 2])", "[2, 1]"},
    {"index of([1, 2, 1], 1)", "[1, 3]"},
    {"union([1, 2], [2, 3])", "[1, 2, 3]"},
    {"distinct values([1, 2, 1.0])", "[1, 2]"},
    {"flatten([[1, [2]], 3])", "[1, 2, 3]"},
    {"sublist([1, 2, 3], 2)", "[2, 3]"},
    {"sublist([1, 2, 3], -2, 1)", "[2]"},
    {"sort([3, 1, 2], function(x, y) x < y)", "[1, 2, 3]"},
    {"sort([3, 1, 2], function(x, y) null)", "null"},
    {"list replace([1, 2, 3], 2, 4)", "[1, 4, 3]"},
    {"list replace([2, 4, 7], function(item, newItem) item < newItem, 5)", "[5, 5, 7]"},
    {"all([true, null, false])", "false"},
    {"any([false, null])", "null"},
    {"any(false, true)", "true"},
    {"get value({a: 1}, \"a\")", "1"},
    {"get value({a: {b: 2}}, [\"a\", \"b\"])", "2"},
    {"get entries({a: 1})", R"([{key: "a", value: 1}])"},
    {"context([{key: \"a\", value: 1}])", "{a: 1}"},
    {"context put({x: 1, y: {a: 0}}, [\"y\", \"a\"], 2)", "{x: 1, y: {a: 2}}"},
    {"context merge([{a: 1}, {a: 2, b: 3}])", "{a: 2, b: 3}"},
};
INSTANTIATE_TEST_SUITE_P(List, Builtins, testing::ValuesIn(kList));

constexpr Case kTemporal[] = {
    {"date(\"2026-03-15\")", R"(@"2026-03-15")"},
    {"date(2026, 3, 15)", R"(@"2026-03-15")"},
    {"date(2026, 2, 29)", "null"},
    {"date(\"+99999-12-01\")", "null"},
    {"time(11, 59, 45.5, @\"PT2H\")", R"(@"11:59:45.5+02:00")"},
    {"time(\"11:22:33-00:00\")", R"(@"11:22:33Z")"},
    {"time(\"24:00:01\")", "null"},
    {"date and time(\"2026-03-15T10:00:00\").hour", "10"},
    {"date and time(@\"2026-03-15\", @\"10:00:00Z\")", R"(@"2026-03-15T10:00:00Z")"},
    {"duration(\"P1Y2M\")", R"(@"P1Y2M")"},
    {"duration(\"P1Y1D\")", "null"},
    {"years and months duration(@\"2011-12-22\", @\"2013-08-24\")", R"(@"P1Y8M")"},
    {"years and months duration(from: @\"2016-01-21\", to: @\"2015-01-21\")", R"(@"-P1Y")"},
    {"today()", R"(@"2026-03-15")"},
    {"now()", R"(@"2026-03-15T09:00:00+03:00")"},
    {"day of week(@\"2026-03-15\")", "\"Sunday\""},
    {"day of year(@\"2024-12-31\")", "366"},
    {"month of year(@\"2026-03-15\")", "\"March\""},
    {"week of year(@\"2021-01-03\")", "53"},
    {"week of year(@\"2019-12-30\")", "1"},
    {"before(1, [2..3])", "true"},
    {"before([1..2), 2)", "true"},
    {"after([5..8], 4)", "true"},
    {"meets([1..5], [5..10])", "true"},
    {"met by([5..10], [1..5))", "false"},
    {"overlaps([1..5], (5..8])", "false"},
    {"overlaps before([1..5], [3..8])", "true"},
    {"overlaps after([3..8], [1..5])", "true"},
    {"finishes(10, [1..10])", "true"},
    {"finished by([1..10], (5..10])", "true"},
    {"includes([1..10], (1..10))", "true"},
    {"during([1..10], (1..10))", "false"},
    {"starts([1..5], [1..10])", "true"},
    {"started by([1..10], 1)", "true"},
    {"coincides([1..5], [1..5))", "false"},
    {"before(1, \"a\")", "null"},
};
INSTANTIATE_TEST_SUITE_P(Temporal, Builtins, testing::ValuesIn(kTemporal));

}  // namespace
}  // namespace kstati::eligibility::feel
