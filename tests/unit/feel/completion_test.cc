// SPDX-License-Identifier: Apache-2.0
// Deciding by completion against brute force: for random rules over up to twelve missing inputs the
// answer is definite exactly when all completions agree, and then it is what they give.
#include "eligibility/feel/completion.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/unit/feel/feel_fixture.h"

namespace kstati::eligibility::feel {
namespace {

constexpr uint32_t kInputs = 12;

const std::vector<Value>& DomainOfInput(InputId input) {
  static const std::vector<Value> flags{Value::Boolean(false), Value::Boolean(true)};
  static const std::vector<Value> numbers{Number("0"), Number("1")};
  return input <= kInputs / 2 ? flags : numbers;
}

// Flags f1 to f6, then numbers n7 to n12; slots and inputs are their numbers.
World TwelveInputs() {
  World world;
  for (uint32_t i = 1; i <= kInputs; ++i) {
    const bool flag = i <= kInputs / 2;
    world.Declare((flag ? "f" : "n") + std::to_string(i), flag ? Type::Boolean() : Type::Number());
  }
  return world;
}

std::string RandomFlag() { return "f" + std::to_string(*rc::gen::inRange(1, 7)); }
std::string RandomNumberName() { return "n" + std::to_string(*rc::gen::inRange(7, 13)); }

std::string RandomRule(int depth) {
  if (depth == 0) {
    if (*rc::gen::arbitrary<bool>()) return RandomFlag();
    return "(" + RandomNumberName() + *rc::gen::element<std::string>(" = ", " < ", " >= ") +
           *rc::gen::element<std::string>("0", "1") + ")";
  }
  const std::string a = RandomRule(depth - 1);
  switch (*rc::gen::inRange(0, 6)) {
    case 0: return "(" + a + " and " + RandomRule(depth - 1) + ")";
    case 1: return "(" + a + " or " + RandomRule(depth - 1) + ")";
    case 2: return "not(" + a + ")";
    case 3: return "(if " + a + " then " + RandomRule(depth - 1) + " else " + a + ")";
    case 4: return "(" + a + " or not(" + a + "))";
    default: return "(count([1, 2][item > " + RandomNumberName() + "]) > 0 and " + a + ")";
  }
}

// Sets inputs from `slot` on to every combination; false when two results differ.
bool AllAgree(const Expression& rule, World& world, uint32_t slot, std::optional<Value>& agreed) {
  if (slot > kInputs) {
    const Value one = Evaluate(rule, world);
    if (!agreed) agreed = one;
    return Identical(*agreed, one);
  }
  for (const Value& value : DomainOfInput(slot)) {
    world.Set(slot, value);
    if (!AllAgree(rule, world, slot + 1, agreed)) return false;
  }
  return true;
}

RC_GTEST_PROP(Completion, IsBruteForce, ()) {
  World world = TwelveInputs();
  std::vector<Issue> issues;
  const auto rule = Compile(RandomRule(4), {"rule", 1, 1}, world, issues);
  RC_PRE(rule.has_value());
  const Value decided = EvaluateByCompletion(
      [&](Environment& environment) { return Evaluate(*rule, environment); }, world,
      [](InputId input) { return std::span<const Value>(DomainOfInput(input)); });
  World completed = TwelveInputs();
  std::optional<Value> agreed;
  if (AllAgree(*rule, completed, 1, agreed)) {
    RC_ASSERT(Identical(decided, *agreed));
  } else {
    RC_ASSERT(decided.is_unknown());
  }
}

Value Decide(const char* text, World& world, size_t evaluations = 8192) {
  std::vector<Issue> issues;
  const auto rule = Compile(text, {"rule", 1, 1}, world, issues);
  return EvaluateByCompletion(
      [&](Environment& environment) { return Evaluate(*rule, environment); }, world,
      [](InputId input) {
        // n12 has too many values to list.
        if (input == kInputs) return std::span<const Value>();
        return std::span<const Value>(DomainOfInput(input));
      },
      {evaluations});
}

TEST(Completion, DecidesWhatKleeneLogicLeavesOpen) {
  World world = TwelveInputs();
  EXPECT_TRUE(Decide("f1 or not(f1)", world).is_true());
  EXPECT_TRUE(Decide("if f1 then n7 < 2 else n7 > -1", world).is_true());
  EXPECT_TRUE(Decide("f1 and not(f1) and n12 > 5", world).is_false());
}

TEST(Completion, WhatHasNoDomainStaysUnknown) {
  World world = TwelveInputs();
  EXPECT_EQ(ToSource(Decide("n12 > 5 or not(n12 > 5)", world)), "unknown(12)");
  EXPECT_TRUE(Decide("(f1 or not(f1)) or n12 > 5", world).is_true());
}

TEST(Completion, GivesUpAtItsLimit) {
  World world = TwelveInputs();
  EXPECT_TRUE(Decide("(f1 or not(f1)) and (f2 or not(f2))", world, 2).is_unknown());
}

}  // namespace
}  // namespace kstati::eligibility::feel
