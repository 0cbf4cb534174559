// SPDX-License-Identifier: Apache-2.0
// Regular expressions of XPath 3.1: XML Schema's classes, subtraction, blocks, and the flags.
#include "eligibility/feel/regex/regex.h"

#include <gtest/gtest.h>

namespace kstati::eligibility::feel {
namespace {

std::string Words(const RegexOutcome<bool>& outcome) {
  return outcome.value ? (*outcome.value ? "yes" : "no") : outcome.problem;
}

struct MatchCase {
  const char* input;
  const char* pattern;
  const char* flags;
  const char* outcome;
};

class Matching : public testing::TestWithParam<MatchCase> {};

TEST_P(Matching, GivesTheOutcome) {
  const MatchCase& one = GetParam();
  EXPECT_EQ(Words(RegexMatches(one.input, one.pattern, one.flags)), one.outcome)
      << one.pattern << " on " << one.input;
}

constexpr MatchCase kMatches[] = {
    {"abracadabra", "bra", "", "yes"},
    {"abracadabra", "^a.*a$", "", "yes"},
    {"abracadabra", "^bra", "", "no"},
    {"reading", "^read(ing)?$", "", "yes"},
    {"B", "^[A-Z-[OI]]$", "", "yes"},
    {"O", "^[A-Z-[OI]]$", "", "no"},
    {"b", "^[^a-c-[b]]$", "", "no"},
    {"d", "^[^a-c]$", "", "yes"},
    {"ж", "^\\p{IsCyrillic}$", "", "yes"},
    {"z", "^\\P{IsBasicLatin}$", "", "no"},
    {"ё", "^\\p{Ll}\\P{Lu}?$", "", "yes"},
    {"я-", "^\\w-$", "", "yes"},
    {"_", "^\\w$", "", "no"},
    {"٣", "^\\d$", "", "yes"},
    {"\xC2\xA0", "^\\s$", "", "no"},
    {"ab:c", "^\\i\\c*$", "", "yes"},
    {"\xF0\x9F\x90\x8E", "^.$", "", "yes"},
    {"a\nb", "a.b", "", "no"},
    {"a\rb", "a.b", "", "no"},
    {"a\nb", "a.b", "s", "yes"},
    {"a\nb", "^b$", "", "no"},
    {"a\nb", "^b$", "m", "yes"},
    {"b\n", "b$", "", "no"},
    {"ЁЖ", "ёж", "i", "yes"},
    {"Q", "^[^q]$", "i", "no"},
    {"q", "^[^Q]$", "i", "no"},
    {"r", "^[^Q]$", "i", "yes"},
    {"b", "^[A-Z-[IO]]$", "i", "yes"},
    {"i", "^[A-Z-[IO]]$", "i", "no"},
    {"Ё", "^[а-яё]$", "i", "yes"},
    {"\xE2\x84\xAA", "^[a-z]$", "i", "yes"},  // the sign of kelvin
    {"q", "^\\p{Lu}$", "i", "no"},
    {"Q", "^\\p{Lu}$", "i", "yes"},
    {"q", "^[\\p{Lu}]$", "i", "no"},
    {"qQ", "^(q)\\1$", "i", "yes"},
    {"helloworld", "hello[ ]world", "x", "no"},
    {"hello world", "hello\\ sworld", "x", "yes"},
    {"helloworld", " hello world ", "x", "yes"},
    {"a.b", "a.b", "q", "yes"},
    {"axb", "a.b", "q", "no"},
    {"A.B", "a.b", "qi", "yes"},
    {"abcabc", "^(abc)\\1$", "", "yes"},
    {"aa1", "^(a)\\11$", "", "yes"},
    {"aaa", "^(?:a){3}$", "", "yes"},
    {"aaaa", "^a{2,3}$", "", "no"},
    {"a{", "a\\{", "", "yes"},
    {"a-b", "^[a\\-]-[b]$", "", "yes"},
    {"-", "^[-a]$", "", "yes"},
    {"-", "^[a-]$", "", "yes"},
    {"a", "a", "y", "the flags are s, m, i, x and q"},
    {"a", "(", "", "a parenthesis is not closed"},
    {"a", ")", "", "a parenthesis is closed that was not opened"},
    {"a", "(?=a)", "", "only (?: may follow an opening parenthesis"},
    {"a", "\\1(a)", "", "a back reference to a group that is not closed before"},
    {"a", "(a\\1)", "", "a back reference to a group that is not closed before"},
    {"a", "\\02", "", "a back reference to a group that is not closed before"},
    {"a", "\\b", "", "there is no such escape"},
    {"a", "[b-a]", "", "an interval of a class ends before it starts"},
    {"a", "[]", "", "a class is empty"},
    {"a", "[a", "", "a class is not closed"},
    {"a", "[a-b-c]", "", "a sign of a class stands where it has no meaning; put \\ before it"},
    {"a", "*a", "", "a sign that has a meaning stands where it has none; put \\ before it"},
    {"a", "a{3,2}", "", "the number of repetitions cannot be read"},
    {"a", "a{99999999999}", "", "the number of repetitions cannot be read"},
    {"a", "\\p{IsKlingon}", "", "there is no category or block \"IsKlingon\""},
    {"a", "\\p{lu}", "", "there is no category or block \"lu\""},
    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaX", "^(a|a)*(a|aa)*$", "",
     "the pattern takes too many steps on this text"},
};

INSTANTIATE_TEST_SUITE_P(Regex, Matching, testing::ValuesIn(kMatches));

struct ReplaceCase {
  const char* input;
  const char* pattern;
  const char* replacement;
  const char* flags;
  const char* outcome;
};

class Replacing : public testing::TestWithParam<ReplaceCase> {};

TEST_P(Replacing, GivesTheOutcome) {
  const ReplaceCase& one = GetParam();
  const auto outcome = RegexReplace(one.input, one.pattern, one.replacement, one.flags);
  EXPECT_EQ(outcome.value ? *outcome.value : "!" + outcome.problem, one.outcome) << one.pattern;
}

constexpr const char* kBadReplacement = "!a replacement has $ before a digit, or \\ before $ or \\";

constexpr ReplaceCase kReplacements[] = {
    {"abracadabra", "bra", "*", "", "a*cada*"},
    {"abracadabra", "a.*?a", "*", "", "*c*bra"},
    {"AAAA", "A+?", "b", "", "bbbb"},
    {"2026-03-15", "(\\d+)-(\\d+)-(\\d+)", "$3.$2.$1", "", "15.03.2026"},
    {"ab", "(a)(b)", "$0!$10", "", "ab!a0"},
    {"ab", "(a)|(b)", "[$2]", "", "[][b]"},
    {"a$b", "\\$", "\\\\\\$", "", "a\\$b"},
    {"a.c", ".", "$1", "q", "a$1c"},
    {"ёжёж", "Ё", "е", "i", "ежеж"},
    {"abc", "x*", "-", "", "!the pattern matches the empty string"},
    {"abc", "b", "$", "", kBadReplacement},
    {"abc", "b", "\\n", "", kBadReplacement},
};

INSTANTIATE_TEST_SUITE_P(Regex, Replacing, testing::ValuesIn(kReplacements));

TEST(Splitting, GivesWhatStandsBetweenTheMatches) {
  const auto parts = RegexSplit("a, b,c", ",\\s*");
  ASSERT_TRUE(parts.value);
  EXPECT_EQ(*parts.value, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(RegexSplit(";x;", ";").value->size(), 3U);
  EXPECT_FALSE(RegexSplit("abc", "").value);
}

}  // namespace
}  // namespace kstati::eligibility::feel
