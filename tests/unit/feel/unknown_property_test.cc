// SPDX-License-Identifier: Apache-2.0
// Soundness of unknowns: when the evaluation of a random expression with missing inputs is
// definite, it equals the evaluation under every completion of them; and whatever an unknown
// names are inputs that were missing.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>

#include "tests/unit/feel/feel_fixture.h"

namespace kstati::eligibility::feel {
namespace {

constexpr uint32_t kBooleans = 2;  // p, q: slots 1 and 2
constexpr uint32_t kNumbers = 2;   // x, y: slots 3 and 4
constexpr uint32_t kSlots = kBooleans + kNumbers;

World SmallWorld() {
  World world;
  world.Declare("p", Type::Boolean())
      .Declare("q", Type::Boolean())
      .Declare("x", Type::Number())
      .Declare("y", Type::Number());
  return world;
}

// Every value that a missing input may turn out to have.
std::vector<Value> Possible(uint32_t slot) {
  if (slot <= kBooleans) {
    return {Value::Boolean(false), Value::Boolean(true), Value::Null()};
  }
  return {Number("0"), Number("1"), Number("2"), Number("3"), Value::Null()};
}

std::string RandomNumber(int depth);
std::string RandomList(int depth);

std::string Pick(std::initializer_list<const char*> words) {
  return *rc::gen::elementOf(std::vector<std::string>(words.begin(), words.end()));
}

std::string RandomBoolean(int depth) {
  if (depth <= 0) return Pick({"p", "q", "true", "false", "null", "p", "q"});
  const int below = depth - 1;
  switch (*rc::gen::inRange(0, 13)) {
    case 0: return "(" + RandomBoolean(below) + " and " + RandomBoolean(below) + ")";
    case 1: return "(" + RandomBoolean(below) + " or " + RandomBoolean(below) + ")";
    case 2: return "not(" + RandomBoolean(below) + ")";
    case 3:
      return "(" + RandomNumber(below) + Pick({" < ", " <= ", " = ", " != ", " > ", " >= "}) +
             RandomNumber(below) + ")";
    case 4:
      return "(" + RandomNumber(below) + " between " + RandomNumber(below) + " and " +
             RandomNumber(below) + ")";
    case 5:
      return "(" + RandomNumber(below) + " in " + Pick({"[", "("}) + RandomNumber(below) + ".." +
             RandomNumber(below) + Pick({"]", ")"}) + ")";
    case 6:
      return "(" + RandomNumber(below) + " in (" + RandomNumber(below) + ", < " +
             RandomNumber(below) + "))";
    case 7:
      return "(if " + RandomBoolean(below) + " then " + RandomBoolean(below) + " else " +
             RandomBoolean(below) + ")";
    case 8:
      return "(" + Pick({"some", "every"}) + " i in " + RandomList(below) + " satisfies (i > " +
             RandomNumber(below) + " or " + RandomBoolean(below) + "))";
    case 9: return "list contains(" + RandomList(below) + ", " + RandomNumber(below) + ")";
    case 10:
      return Pick({"any", "all"}) + "([" + RandomBoolean(below) + ", " + RandomBoolean(below) +
             "])";
    case 11: return "(" + RandomList(below) + " = " + RandomList(below) + ")";
    default: return "(" + RandomNumber(below) + " in " + RandomList(below) + ")";
  }
}

std::string RandomNumber(int depth) {
  if (depth <= 0) return Pick({"x", "y", "0", "1", "2", "null", "x", "y"});
  const int below = depth - 1;
  switch (*rc::gen::inRange(0, 9)) {
    case 0:
      return "(" + RandomNumber(below) + Pick({" + ", " - ", " * ", " / "}) + RandomNumber(below) +
             ")";
    case 1:
      return "(if " + RandomBoolean(below) + " then " + RandomNumber(below) + " else " +
             RandomNumber(below) + ")";
    case 2: return Pick({"sum", "min", "max", "count"}) + "(" + RandomList(below) + ")";
    case 3: return RandomList(below) + "[" + RandomNumber(below) + "]";
    case 4: return "{a: " + RandomNumber(below) + ", b: a}.b";
    case 5: return "(function(n) " + RandomNumber(below) + " + n)(" + RandomNumber(below) + ")";
    case 6: return "modulo(" + RandomNumber(below) + ", " + RandomNumber(below) + ")";
    case 7: return "count(" + RandomList(below) + "[item > " + RandomNumber(below) + "])";
    default: return "-" + RandomNumber(below);
  }
}

std::string RandomList(int depth) {
  const int below = depth - 1;
  if (depth <= 0) return "[" + RandomNumber(below) + ", " + RandomNumber(below) + "]";
  switch (*rc::gen::inRange(0, 8)) {
    case 0: return RandomList(below) + "[item <= " + RandomNumber(below) + "]";
    case 1: return "(for i in " + RandomList(below) + " return i * " + RandomNumber(below) + ")";
    case 2: return "append(" + RandomList(below) + ", " + RandomNumber(below) + ")";
    case 3: return "reverse(" + RandomList(below) + ")";
    case 4: return "concatenate(" + RandomList(below) + ", " + RandomList(below) + ")";
    case 5: return "(for i in 0.." + RandomNumber(below) + " return i)";
    case 6:
      return "(if " + RandomBoolean(below) + " then " + RandomList(below) + " else " +
             RandomList(below) + ")";
    default: return "[" + RandomNumber(below) + ", " + RandomNumber(below) + "]";
  }
}

// Calls `check` with every completion of the missing slots.
template <class Check>
void ForEveryCompletion(World& world, const std::vector<uint32_t>& missing, size_t from,
                        const Check& check) {
  if (from == missing.size()) {
    check();
    return;
  }
  for (const Value& value : Possible(missing[from])) {
    world.Set(missing[from], value);
    ForEveryCompletion(world, missing, from + 1, check);
  }
}

// A definite part of `answer` must be that part of every `completed` answer.
bool Agrees(const Value& answer, const Value& completed) {
  if (answer.is_unknown()) return true;
  if (!answer.has_unknown()) return Identical(answer, completed);
  if (!answer.is(Kind::kList) || !completed.is(Kind::kList)) return false;
  return std::equal(answer.list().begin(), answer.list().end(), completed.list().begin(),
                    completed.list().end(), Agrees);
}

void CheckSound(const std::string& text) {
  World world = SmallWorld();
  std::vector<uint32_t> missing;
  for (uint32_t slot = 1; slot <= kSlots; ++slot) {
    if (*rc::gen::arbitrary<bool>()) {
      missing.push_back(slot);
    } else {
      world.Set(slot, *rc::gen::elementOf(Possible(slot)));
    }
  }
  std::vector<Issue> issues;
  const auto expression = Compile(text, {"x", 1, 1}, world, issues, {.strict = false});
  if (!expression) RC_FAIL(text + " does not compile: " + Render(issues.back(), {}));
  const Value answer = Evaluate(*expression, world);
  std::vector<InputId> named;
  CollectMissing(answer, named);
  for (const InputId input : named) {
    RC_ASSERT(std::find(missing.begin(), missing.end(), input) != missing.end());
  }
  ForEveryCompletion(world, missing, 0, [&] {
    const Value completed = Evaluate(*expression, world);
    RC_ASSERT(!completed.has_unknown());
    if (!Agrees(answer, completed)) {
      RC_FAIL(text + " gave " + ToSource(answer) + " but also " + ToSource(completed));
    }
  });
}

RC_GTEST_PROP(UnknownProperty, DefiniteBooleansHoldForEveryCompletion, ()) {
  CheckSound(RandomBoolean(3));
}

RC_GTEST_PROP(UnknownProperty, DefiniteNumbersHoldForEveryCompletion, ()) {
  CheckSound(RandomNumber(3));
}

RC_GTEST_PROP(UnknownProperty, DefiniteListsHoldForEveryCompletion, ()) {
  CheckSound(RandomList(3));
}

}  // namespace
}  // namespace kstati::eligibility::feel
