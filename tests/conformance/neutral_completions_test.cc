// SPDX-License-Identifier: Apache-2.0
// Completions of missing facts: what a fact may be, and what all of it makes of a rule.
#include "tests/conformance/neutral_completions.h"

#include <gtest/gtest.h>

#include "tests/conformance/neutral_translation.h"

namespace kstati::neutral {
namespace {

using eligibility::feel::Compile;
using eligibility::feel::Type;
using eligibility::feel::Value;
using nlohmann::json;

constexpr const char* kFacts = R"([
  {"name": "income", "type": "number"},
  {"name": "since", "type": "date"},
  {"name": "working", "type": "boolean"},
  {"name": "status", "type": "enum", "values": ["single", "married"]},
  {"name": "benefits", "type": "set", "values": ["credit", "pension"]},
  {"name": "needs", "type": "set",
   "values": ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"]},
  {"name": "children", "type": "list", "fields": {"age": "number"}}
])";

class NeutralCompletions : public testing::Test {
 protected:
  NeutralCompletions() { catalogue_.facts = *Facts::Read(json::parse(kFacts)); }

  void Add(std::string_view rule) {
    std::vector<Issue> issues;
    const json parsed = json::parse(rule);
    const auto expression = Compile(*Translate(parsed, catalogue_.facts), {"rule", 1, 1},
                                    catalogue_.facts, issues, {.expected = Type::Boolean()});
    ASSERT_TRUE(expression);
    catalogue_.services.push_back({"service", parsed, *expression});
  }

  std::string DomainText(const std::string& name) const {
    std::string text;
    const Domain domain = DomainsOf(catalogue_, persons_)[*catalogue_.facts.Find(name)];
    for (const Value& value : domain.values) text += ToSource(value) + " ";
    return text + (domain.whole ? "whole" : "part");
  }

  Outcomes CompleteLast(uint64_t most) const {
    const auto& expression = catalogue_.services.back().expression;
    KnownFacts known(std::vector<Value>(catalogue_.facts.all().size()));
    return Complete(expression, expression.slots(), DomainsOf(catalogue_, persons_), most, known);
  }

  Catalogue catalogue_;
  std::vector<Person> persons_;
};

TEST_F(NeutralCompletions, OfNumbersAndDatesStandOnAndBetweenWhatRulesCompareWith) {
  EXPECT_EQ(DomainText("income"), "null whole");
  Add(R"({"any": [{"fact": "income", "op": "<", "value": 20},
                  {"not": {"fact": "income", "op": "in", "value": [10, 20]}}]})");
  EXPECT_EQ(DomainText("income"), "null 9 10 15 20 21 whole");
  Add(R"({"fact": "since", "op": "<", "value": "2024-03-01"})");
  EXPECT_EQ(DomainText("since"), R"(null @"2024-02-29" @"2024-03-01" @"2024-03-02" whole)");
}

TEST_F(NeutralCompletions, OfCodesBooleansAndSmallSetsAreAllThereAre) {
  EXPECT_EQ(DomainText("working"), "null false true whole");
  EXPECT_EQ(DomainText("status"), R"(null "single" "married" whole)");
  EXPECT_EQ(DomainText("benefits"),
            R"(null [] ["credit"] ["pension"] ["credit", "pension"] whole)");
}

TEST_F(NeutralCompletions, OfLargeSetsAndListsAreAPart) {
  EXPECT_EQ(DomainText("needs"),
            R"(null [] ["a"] ["b"] ["c"] ["d"] ["e"] ["f"] ["g"] ["h"] ["i"] ["j"] ["k"] )"
            R"(["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"] part)");
  Person person{"p", std::vector<Value>(7), std::vector<bool>(7), {}};
  person.values[6] = *ValueOf(catalogue_.facts.all()[6], json::parse(R"([{"age": 4}])"));
  person.given[6] = true;
  persons_.push_back(person);
  EXPECT_EQ(DomainText("children"), "null [] [{age: 4}] part");
}

TEST_F(NeutralCompletions, ProveADecisionWhenAllOfThemAgree) {
  Add(R"({"any": [{"fact": "working", "op": "=", "value": true},
                  {"not": {"fact": "working", "op": "=", "value": true}}]})");
  const Outcomes outcomes = CompleteLast(100);
  EXPECT_TRUE(outcomes.any_true);
  EXPECT_FALSE(outcomes.any_false);
  EXPECT_FALSE(outcomes.any_other);
  EXPECT_TRUE(outcomes.proven);
  EXPECT_EQ(outcomes.evaluated, 3u);
}

TEST_F(NeutralCompletions, AreOpenOnceBothAnswersOccur) {
  Add(R"({"fact": "status", "op": "=", "value": "single"})");
  const Outcomes outcomes = CompleteLast(100);
  EXPECT_TRUE(outcomes.open());
  EXPECT_TRUE(outcomes.proven);
  EXPECT_EQ(outcomes.evaluated, 2u);
}

TEST_F(NeutralCompletions, ProveNothingWhenTheyAreSampled) {
  Add(R"({"all": [{"fact": "benefits", "op": "intersects", "value": ["credit"]},
                  {"fact": "working", "op": "=", "value": true},
                  {"not": {"fact": "working", "op": "=", "value": true}}]})");
  const Outcomes outcomes = CompleteLast(4);
  EXPECT_TRUE(outcomes.any_false);
  EXPECT_FALSE(outcomes.proven);
  EXPECT_EQ(outcomes.evaluated, 4u);
}

}  // namespace
}  // namespace kstati::neutral
