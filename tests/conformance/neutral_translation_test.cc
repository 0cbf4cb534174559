// SPDX-License-Identifier: Apache-2.0
// Neutral rules as FEEL: what they are translated to, and that it holds what they mean.
#include <gtest/gtest.h>

#include <vector>

#include "eligibility/feel/expression.h"
#include "tests/conformance/neutral_completions.h"
#include "tests/conformance/neutral_translation.h"

namespace kstati::neutral {
namespace {

using eligibility::feel::Compile;
using eligibility::feel::Evaluate;
using eligibility::feel::Type;
using eligibility::feel::Value;
using nlohmann::json;

constexpr const char* kFacts = R"([
  {"name": "region", "type": "enum", "values": ["north", "south-east", "a \"b\""]},
  {"name": "benefits", "type": "set", "values": ["credit", "pension"]},
  {"name": "grade", "type": "enum", "values": [1, 2, 3]},
  {"name": "income", "type": "number"},
  {"name": "working", "type": "boolean"},
  {"name": "town", "type": "string"},
  {"name": "moved-in", "type": "date"},
  {"name": "1st in line", "type": "boolean"},
  {"name": "anything"},
  {"name": "ages", "type": "list", "of": "number"},
  {"name": "children", "type": "list", "fields": [
    {"name": "age", "type": "number"}, {"name": "disabled", "type": "boolean"},
    {"name": "needs", "type": "set", "values": ["care", "school"]}]},
  {"name": "vehicles", "type": "list"}
])";

class NeutralTranslation : public testing::Test {
 protected:
  std::string Feel(std::string_view rule) const {
    const auto text = Translate(json::parse(rule), facts_);
    return text ? *text : text.error().message;
  }

  // The answer for a person with these facts; the others are not applicable.
  std::string Answer(std::string_view rule, std::string_view person,
                     const std::string& unknown = "") const {
    std::vector<Issue> issues;
    const auto expression =
        Compile(Feel(rule), {"rule", 1, 1}, facts_, issues, {.expected = Type::Boolean()});
    if (!expression) return Render(issues.front(), Feel(rule));
    KnownFacts known(std::vector<Value>(facts_.all().size()));
    const json given = json::parse(person);
    for (const auto& [name, value] : given.items()) {
      const uint32_t slot = *facts_.Find(name);
      const auto fact = ValueOf(facts_.all()[slot], value);
      EXPECT_TRUE(fact) << name;
      known.values[slot] = fact.value_or(Value());
    }
    if (const auto slot = facts_.Find(unknown)) known.values[*slot] = Value::Unknown(*slot);
    return ToSource(Evaluate(*expression, known));
  }

  const Facts facts_ = *Facts::Read(json::parse(kFacts));
};

struct Golden {
  const char* rule;
  const char* feel;
};

// tidy: table
const std::vector<Golden> kGolden{
    {R"({"fact": "region", "op": "=", "value": "north"})", R"(region = "north")"},
    {R"({"fact": "region", "op": "=", "value": "a \"b\""})", R"(region = "a \"b\"")"},
    {R"({"fact": "region", "op": "!=", "value": "north"})", R"(not(region = "north"))"},
    {R"({"fact": "region", "op": "in", "value": ["north", "south-east"]})",
     R"(region in ("north", "south-east"))"},
    {R"({"fact": "region", "op": "in", "value": []})", "false"},
    {R"({"fact": "region", "op": "intersects", "value": ["north"]})", R"(region in ("north"))"},
    {R"({"fact": "grade", "op": "=", "value": 2})", R"(grade = "2")"},
    {R"({"fact": "benefits", "op": "intersects", "value": ["credit", "pension"]})",
     R"(((some each in benefits satisfies each in ("credit", "pension")) = true))"},
    {R"({"fact": "income", "op": "<", "value": 1500.5})", "((income < 1500.5) = true)"},
    {R"({"fact": "income", "op": ">=", "value": -1})", "((income >= -1) = true)"},
    {R"({"fact": "income", "op": "in", "value": [1, 2]})", "income in (1, 2)"},
    {R"({"fact": "working", "op": "=", "value": false})", "working = false"},
    {R"({"fact": "town", "op": "=", "value": "Bath"})", R"(town = "Bath")"},
    {R"({"fact": "moved-in", "op": "<=", "value": "2024-02-29"})",
     R"(((moved_in <= @"2024-02-29") = true))"},
    {R"({"fact": "1st in line", "op": "=", "value": true})", "_1st_in_line = true"},
    {R"({"fact": "anything", "op": "=", "value": 3})", "((anything = 3) = true)"},
    {R"({"fact": "anything", "op": "!=", "value": 3})", "not((anything = 3) = true)"},
    {R"({"fact": "anything", "op": "intersects", "value": "x"})",
     R"(((some each in anything satisfies each in ("x")) = true))"},
    {R"({"all": []})", "true"},
    {R"({"any": []})", "false"},
    {R"({"all": [{"fact": "working", "op": "=", "value": true}]})", "working = true"},
    {R"({"all": [{"fact": "working", "op": "=", "value": true},
                 {"any": [{"fact": "town", "op": "=", "value": "Bath"},
                          {"not": {"fact": "income", "op": ">", "value": 5}}]}]})",
     R"((working = true and (town = "Bath" or not(((income > 5) = true)))))"},
    {R"({"count": {"fact": "children", "where": {"all": [
          {"fact": "age", "op": "<", "value": 18}, {"fact": "working", "op": "=", "value": true}]}},
          "op": ">=", "value": 2})",
     "count(children[(((item.age < 18) = true) and working = true)]) >= 2"},
    {R"({"count": "children", "where": {"fact": "disabled", "op": "=", "value": true},
         "op": "=", "value": 1})",
     "count(children[item.disabled = true]) = 1"},
    {R"({"count": {"fact": "children", "where": {
          "fact": "needs", "op": "intersects", "value": ["care"]}}, "op": ">", "value": 0})",
     R"(count(children[((some each in item.needs satisfies each in ("care")) = true)]) > 0)"},
    {R"({"count": {"fact": "benefits"}, "op": "!=", "value": 0})",
     "not(count(benefits[true]) = 0)"},
    {R"({"count": {"fact": "ages", "where": {"op": ">", "value": 64}}, "op": "=", "value": 2})",
     "count(ages[((item > 64) = true)]) = 2"},
    {R"({"count": {"fact": "vehicles", "where": {"fact": "max weight", "op": ">", "value": 3}},
         "op": "=", "value": 0})",
     "count(vehicles[((item.max_weight > 3) = true)]) = 0"},
    {R"({"count": "vehicles", "where": {"fact": "town", "op": "=", "value": "Bath"}, "op": "in",
         "value": [1, 2]})",
     R"(count(vehicles[((town = "Bath") = true)]) in (1, 2))"},
};

TEST_F(NeutralTranslation, IsTheGoldenTextAndCompilesStrictly) {
  for (const Golden& golden : kGolden) {
    EXPECT_EQ(Feel(golden.rule), golden.feel);
    std::vector<Issue> issues;
    EXPECT_TRUE(Compile(golden.feel, {"rule", 1, 1}, facts_, issues, {.expected = Type::Boolean()}))
        << golden.feel << (issues.empty() ? "" : Render(issues.front(), golden.feel));
  }
}

TEST_F(NeutralTranslation, SaysWhyARuleHasNone) {
  const std::vector<Golden> refused{
      {R"({"fact": "salary", "op": "=", "value": 1})", "there is no such fact"},
      {R"({"op": "=", "value": 1})", "a rule must name a fact"},
      {R"({"fact": "income", "op": "=", "value": "low"})",
       "the value is not one of fact \"income\""},
      {R"({"fact": "income", "op": "=", "value": null})",
       "the value is not one of fact \"income\""},
      {R"({"fact": "income", "op": "~", "value": 1})", "unknown operator"},
      {R"({"fact": "benefits", "op": "=", "value": "credit"})",
       "the operator does not fit a fact with members"},
      {R"({"count": {"fact": "income"}, "op": "=", "value": 1})",
       "\"count\" needs a fact with members"},
      {R"({"all": {"fact": "income"}})", "\"all\" and \"any\" need a list of rules"},
      {R"([])", "a rule must be an object"},
  };
  for (const Golden& golden : refused) EXPECT_EQ(Feel(golden.rule), golden.feel) << golden.rule;
}

// No answer is null, and "not" of a comparison with a fact that is not applicable is true.
TEST_F(NeutralTranslation, OfComparisonsIsFalseWhereTheFactIsNotApplicable) {
  for (const Golden& golden : kGolden) {
    const json rule = json::parse(golden.rule);
    if (!rule.contains("fact") || rule["op"] == "!=") continue;
    EXPECT_EQ(Answer(golden.rule, "{}"), "false") << golden.feel;
    EXPECT_EQ(Answer(json{{"not", rule}}.dump(), "{}"), "true") << golden.feel;
  }
  EXPECT_EQ(Answer(R"({"fact": "income", "op": "!=", "value": 1})", "{}"), "true");
  EXPECT_EQ(Answer(R"({"count": {"fact": "children"}, "op": "=", "value": 0})", "{}"), "true");
}

TEST_F(NeutralTranslation, DecidesByTheValues) {
  const char* older = R"({"count": {"fact": "children", "where": {
      "fact": "age", "op": ">=", "value": 3}}, "op": ">=", "value": 2})";
  EXPECT_EQ(Answer(older, R"({"children": [{"age": 3}, {"age": 9}, {"age": 1}]})"), "true");
  EXPECT_EQ(Answer(older, R"({"children": [{"age": 3}, {"disabled": true}]})"), "false");
  const char* here = R"({"count": "vehicles", "where": {"fact": "town", "op": "=", "value": "Bath"},
      "op": "=", "value": 1})";
  EXPECT_EQ(Answer(here, R"({"town": "Ely", "vehicles": [{"town": "Bath"}, {}]})"), "true");
  EXPECT_EQ(Answer(here, R"({"town": "Bath", "vehicles": [{"town": "Ely"}, {}]})"), "true");
  EXPECT_EQ(Answer(here, R"({"town": "Bath", "vehicles": [{"town": "Ely"}]})"), "false");
  const char* any = R"({"fact": "benefits", "op": "intersects", "value": ["credit"]})";
  EXPECT_EQ(Answer(any, R"({"benefits": ["pension", "credit"]})"), "true");
  EXPECT_EQ(Answer(any, R"({"benefits": ["pension"]})"), "false");
  EXPECT_EQ(Answer(any, R"({"benefits": []})"), "false");
  const char* moved = R"({"fact": "moved-in", "op": "<", "value": "2024-03-01"})";
  EXPECT_EQ(Answer(moved, R"({"moved-in": "2024-02-29"})"), "true");
  const char* same = R"({"fact": "anything", "op": "=", "value": 3})";
  EXPECT_EQ(Answer(same, R"({"anything": "3"})"), "false");
  EXPECT_EQ(Answer(same, R"({"anything": 3.0})"), "true");
}

TEST_F(NeutralTranslation, StaysUnknownWhereAnUnknownFactDecides) {
  const char* both = R"({"all": [{"fact": "working", "op": "=", "value": true},
                                 {"not": {"fact": "income", "op": ">", "value": 5}}]})";
  EXPECT_EQ(Answer(both, R"({"working": false})", "income"), "false");
  EXPECT_EQ(Answer(both, R"({"working": true})", "income"), "unknown(3)");
}

}  // namespace
}  // namespace kstati::neutral
