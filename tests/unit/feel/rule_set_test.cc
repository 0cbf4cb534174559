// SPDX-License-Identifier: Apache-2.0
// A set of rules gives what each of them gives alone, and computes common parts once.
#include "eligibility/feel/rule_set.h"

#include <gtest/gtest.h>

#include "tests/unit/feel/feel_fixture.h"

namespace kstati::eligibility::feel {
namespace {

// Counts how often each slot is asked for.
class Counted final : public Environment {
 public:
  Value Load(uint32_t slot) override {
    ++loads[slot];
    return values.at(slot);
  }
  std::map<uint32_t, int> loads;
  std::map<uint32_t, Value> values;
};

class Facts final : public Scope {
 public:
  std::optional<Binding> Resolve(std::string_view name) const override {
    if (name == "income") return Binding{1, Type::Number()};
    if (name == "size") return Binding{2, Type::Number()};
    if (name == "region") return Binding{3, Type::String()};
    if (name == "children") return Binding{4, Type::ListOf(Type::Any())};
    return std::nullopt;
  }
  std::vector<std::string> Names() const override { return {}; }
};

const std::vector<const char*> kRules{
    "income / size < 100 and region in (\"A\", \"B\")",
    "income / size < 100 or region = \"C\"",
    "income / size >= 100",
    "count(children[age < 3]) > 0 and income / size < 100",
    "count(children[age < 3]) > 0",
    "some c in children satisfies c.age > size",
    "if income / size < 100 then region else \"none\"",
};

std::optional<RuleSet> CompileAll(std::vector<Issue>& issues) {
  std::vector<RuleText> texts;
  for (const char* rule : kRules) texts.push_back({rule, {"r", 1, 1}});
  return RuleSet::Compile(texts, Facts(), issues);
}

std::map<uint32_t, Value> Person(int income, const char* region) {
  const auto child = [](int age) { return Value::Context({{"age", Value::Number(age)}}); };
  return {{1, Value::Number(income)},
          {2, Value::Number(3)},
          {3, region == nullptr ? Value::Unknown(3) : Value::String(region)},
          {4, Value::List({child(2), child(7)})}};
}

TEST(RuleSet, EveryRuleGivesWhatItGivesAlone) {
  std::vector<Issue> issues;
  const auto set = CompileAll(issues);
  ASSERT_TRUE(set);
  Counted person;
  RuleEvaluation evaluation(*set, person);
  for (const auto& values : {Person(200, "A"), Person(400, "C"), Person(299, nullptr)}) {
    person.values = values;
    evaluation.Restart();
    for (size_t i = 0; i < kRules.size(); ++i) {
      const auto alone = Compile(kRules[i], {"r", 1, 1}, Facts(), issues);
      EXPECT_EQ(ToSource(evaluation.Evaluate(i)), ToSource(Evaluate(*alone, person))) << kRules[i];
    }
  }
}

TEST(RuleSet, CommonPartsAreComputedOncePerPerson) {
  std::vector<Issue> issues;
  const auto set = CompileAll(issues);
  ASSERT_TRUE(set);
  Counted person;
  person.values = Person(200, "A");
  RuleEvaluation evaluation(*set, person);
  for (size_t i = 0; i < 4; ++i) evaluation.Evaluate(i);
  EXPECT_EQ(person.loads[1], 1);
  EXPECT_EQ(person.loads[3], 1);
  evaluation.Restart();
  evaluation.Evaluate(0);
  EXPECT_EQ(person.loads[1], 2);
}

// The locals of a function are in a frame of its own.
TEST(RuleSet, PartsWithLocalsAreNotSharedWithFunctions) {
  const char* const plain = "count(children[item.age < 3])";
  const char* const sorted =
      "sort(children, function(a, b) count(children[item.age < 3]) > 0 and a.age > b.age)";
  const char* const called =
      "{f: function(a) [count(children[item.age < 3]), a], result: f(5)}.result";
  const char* const iterated = "for x in [1, 2] return count(children[item.age < 3]) + x";
  const char* const bare = "{f: function() count(children[item.age < 3]), result: f()}.result";
  for (const auto& rules :
       {std::vector{plain, sorted, called}, std::vector{sorted, plain, called},
        std::vector{bare, iterated, sorted}, std::vector{iterated, bare, sorted}}) {
    std::vector<RuleText> texts;
    for (const char* rule : rules) texts.push_back({rule, {"r", 1, 1}});
    std::vector<Issue> issues;
    const auto set = RuleSet::Compile(texts, Facts(), issues);
    ASSERT_TRUE(set);
    Counted person;
    person.values = Person(200, "A");
    RuleEvaluation evaluation(*set, person);
    for (size_t i = 0; i < rules.size(); ++i) {
      evaluation.Restart();  // whichever is evaluated first
      const auto alone = Compile(rules[i], {"r", 1, 1}, Facts(), issues);
      ASSERT_TRUE(alone);
      EXPECT_EQ(ToSource(evaluation.Evaluate(i)), ToSource(Evaluate(*alone, person))) << rules[i];
    }
  }
}

TEST(RuleSet, MoreLocalsThanAFrameHoldsAreAnError) {
  const std::string rule = "count(children[item.age < 3])";
  std::vector<RuleText> texts(65'535, {rule, {"r", 1, 1}});
  std::vector<Issue> issues;
  EXPECT_TRUE(RuleSet::Compile(texts, Facts(), issues));
  texts.push_back(texts.front());
  EXPECT_FALSE(RuleSet::Compile(texts, Facts(), issues));
  ASSERT_FALSE(issues.empty());
  EXPECT_NE(issues[0].text.find("local names"), std::string::npos) << issues[0].text;
}

TEST(RuleSet, ErrorsNameTheRule) {
  const std::vector<RuleText> texts{{"income > 1", {"a.yaml", 3, 5}},
                                    {"incme > 1", {"b.yaml", 7, 9}}};
  std::vector<Issue> issues;
  EXPECT_FALSE(RuleSet::Compile(texts, Facts(), issues));
  ASSERT_EQ(issues.size(), 1U);
  EXPECT_EQ(issues[0].where.file, "b.yaml");
  EXPECT_EQ(issues[0].where.line, 7);
}

}  // namespace
}  // namespace kstati::eligibility::feel
