// SPDX-License-Identifier: Apache-2.0
// What an author sees. The texts are goldens: change them on purpose only.
#include <gtest/gtest.h>

#include "tests/unit/feel/feel_fixture.h"

namespace kstati::eligibility::feel {
namespace {

World AuthorWorld() {
  World world;
  world.Declare("person.birth_date", Type::Date())
      .Declare("person.age_years", Type::Number())
      .Declare("child.citizenship_rf", Type::Boolean())
      .Declare("mse.group", Type::Code({"none", "I", "II", "III"}))
      .Declare("children", Type::ListOf(Type::ContextOf({{"age_years", Type::Number()}})));
  return world;
}

struct Golden {
  const char* expression;
  const char* display;
};

class Errors : public testing::TestWithParam<Golden> {};

TEST_P(Errors, AreShown) {
  World world = AuthorWorld();
  EXPECT_EQ(Answer(world, GetParam().expression, {.expected = Type::Boolean()}),
            GetParam().display);
}

// tidy: table
constexpr Golden kGoldens[] = {
    {"person.brith_date < today()",
     "rule.yaml:1:1: error: unknown name \"person.brith_date\"\n"
     "  person.brith_date < today()\n"
     "  ^\n"
     "  hint: did you mean \"person.birth_date\"?\n"},
    {"string lenght(\"a\") = 1",
     "rule.yaml:1:1: error: unknown function \"string lenght\"\n"
     "  string lenght(\"a\") = 1\n"
     "  ^\n"
     "  hint: did you mean \"string length\"?\n"},
    {"person.age_years >= \"18\"",
     "rule.yaml:1:18: error: \">=\" compares a number with a string\n"
     "  person.age_years >= \"18\"\n"
     "                   ^\n"
     "  hint: the result would always be null; make both sides the same type\n"},
    {"person.age_years + 1",
     "rule.yaml:1:1: error: this gives a number, a boolean is needed here\n"
     "  person.age_years + 1\n"
     "  ^\n"},
    {"child.citizenship_rf and person.age_years",
     "rule.yaml:1:26: error: an operand of \"and\" must be true or false, this is a number\n"
     "  child.citizenship_rf and person.age_years\n"
     "                           ^\n"},
    {"mse.group = \"IIII\"",
     "rule.yaml:1:13: error: the code list has no \"IIII\"\n"
     "  mse.group = \"IIII\"\n"
     "              ^\n"
     "  hint: did you mean \"III\"? the codes are \"none\", \"I\", \"II\", \"III\"\n"},
    {"count(children[age_year < 3]) > 0",
     "rule.yaml:1:16: error: unknown name \"age_year\"\n"
     "  count(children[age_year < 3]) > 0\n"
     "                 ^\n"
     "  hint: did you mean \"age_years\"?\n"},
    {"person.birth_date.yaer = 1",
     "rule.yaml:1:19: error: a date has no \"yaer\"\n"
     "  person.birth_date.yaer = 1\n"
     "                    ^\n"
     "  hint: did you mean \"year\"?\n"},
    {"date(\"2026-02-30\") < today()",
     "rule.yaml:1:1: error: date(): this is not a date; write it as YYYY-MM-DD\n"
     "  date(\"2026-02-30\") < today()\n"
     "  ^\n"
     "  hint: the result would always be null\n"},
    {"parameter(\"pm_chld\") > 1",
     "rule.yaml:1:11: error: there is no such parameter\n"
     "  parameter(\"pm_chld\") > 1\n"
     "            ^\n"
     "  hint: did you mean \"pm_child\"?\n"},
    {"substring(5, 1) = \"a\"",
     "rule.yaml:1:11: error: argument 1 of substring() cannot be a number\n"
     "  substring(5, 1) = \"a\"\n"
     "            ^\n"
     "  hint: it is substring(string, start position, length?)\n"},
    {"count() = 1",
     "rule.yaml:1:1: error: count() does not take 0 arguments\n"
     "  count() = 1\n"
     "  ^\n"
     "  hint: it is count(list)\n"},
    {"matches(\"a\", \"[z-a]\")",
     "rule.yaml:1:1: error: matches(): an interval of a class ends before it starts\n"
     "  matches(\"a\", \"[z-a]\")\n"
     "  ^\n"
     "  hint: the result would always be null\n"},
    {"person.age_years == 18",
     "rule.yaml:1:18: error: \"==\" is not FEEL; write =\n"
     "  person.age_years == 18\n"
     "                   ^\n"},
    {"(1 < 2",
     "rule.yaml:1:7: error: expected \")\" after an expression in parentheses, found the end\n"
     "  (1 < 2\n"
     "        ^\n"},
    {"\"ёж\" = 1 + ",
     "rule.yaml:1:14: error: expected an expression, found the end\n"
     "  \"ёж\" = 1 + \n"
     "             ^\n"},
    {"child.citizenship_rf\nand person.age > 1",
     "rule.yaml:2:5: error: unknown name \"person.age\"\n"
     "  and person.age > 1\n"
     "      ^\n"},
    {"", "rule.yaml:1:1: error: expected an expression, found the end\n"},
};
INSTANTIATE_TEST_SUITE_P(Goldens, Errors, testing::ValuesIn(kGoldens));

TEST(Places, FollowTheFile) {
  World world;
  std::vector<Issue> issues;
  CompileOptions options;
  options.continuation_indent = 8;
  EXPECT_FALSE(Compile("true and\nx", {"a.yaml", 12, 15}, world, issues, options));
  ASSERT_EQ(issues.size(), 1U);
  EXPECT_EQ(issues[0].where.line, 13);
  EXPECT_EQ(issues[0].where.column, 9);
}

TEST(Limits, AreIssues) {
  World world;
  for (const std::string& text :
       {std::string(300, '(') + "1" + std::string(300, ')'), "1" + std::string(70'000, ' '),
        std::string(500, '-') + "1", std::string(300, '[')}) {
    std::vector<Issue> issues;
    EXPECT_FALSE(Compile(text, {"x", 1, 1}, world, issues));
    EXPECT_TRUE(HasErrors(issues));
  }
  world.Declare("n", Type::Number());
  std::string sum = "n";
  for (int i = 0; i < 2000; ++i) sum += "+1";
  std::vector<Issue> issues;
  EXPECT_FALSE(Compile(sum, {"x", 1, 1}, world, issues));
  std::string unknown_names = "a0";
  for (int i = 1; i < 100; ++i) unknown_names += " or a" + std::to_string(i);
  issues.clear();
  EXPECT_FALSE(Compile(unknown_names, {"x", 1, 1}, world, issues));
  EXPECT_EQ(issues.size(), Limits().max_issues);
}

TEST(Lenient, MismatchesAreWarnings) {
  World world;
  std::vector<Issue> issues;
  const auto expression = Compile("1 + \"a\"", {"x", 1, 1}, world, issues, {.strict = false});
  ASSERT_TRUE(expression);
  ASSERT_EQ(issues.size(), 1U);
  EXPECT_EQ(issues[0].severity, Severity::kWarning);
  EXPECT_TRUE(Evaluate(*expression, world).is_null());
}

}  // namespace
}  // namespace kstati::eligibility::feel
