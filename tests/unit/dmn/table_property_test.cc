// SPDX-License-Identifier: Apache-2.0
// Soundness of tables with unknown inputs: a definite result equals the result under every
// completion. The tables are random, so every hit policy meets rules that overlap and rules that
// leave gaps.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/unit/dmn/small_model.h"

namespace kstati::eligibility::dmn {
namespace {

ExpressionPointer Literally(std::string text) {
  auto expression = std::make_unique<Expression>();
  expression->form = Literal{{text, text, {"t", 1, 1}}};
  return expression;
}

std::string RandomTests() {
  return *rc::gen::element<std::string>("-", "0", "1", "2", "< 1", "> 0", "[1..2]", "0, 2",
                                        "not(1)", "null", "? = 1");
}

Model RandomModel() {
  Model model;
  model.name_space = "urn:m";
  for (const char* name : {"x", "y"}) {
    model.inputs.push_back({name, {name, {"number", {}}, {}}});
  }
  DecisionTable table;
  table.hit_policy = static_cast<HitPolicy>(*rc::gen::inRange(0, 7));
  if (table.hit_policy == HitPolicy::kCollect) {
    table.aggregation = static_cast<Aggregation>(*rc::gen::inRange(0, 5));
  }
  for (const char* name : {"x", "y"}) table.inputs.push_back({Literally(name), std::nullopt});
  table.outputs.emplace_back();
  table.outputs.back().values = Text{"2, 1, 0", "2, 1, 0", {"t", 1, 1}};
  if (*rc::gen::arbitrary<bool>()) table.outputs.back().default_value = Literally("1");
  const int rules = *rc::gen::inRange(0, 5);
  for (int i = 0; i < rules; ++i) {
    TableRule rule;
    for (int column = 0; column < 2; ++column) {
      const std::string tests = RandomTests();
      rule.inputs.push_back({tests, tests, {"t", 1, 1}});
    }
    rule.outputs.push_back(Literally(*rc::gen::element<std::string>("0", "1", "2", "x")));
    table.rules.push_back(std::move(rule));
  }
  Decision decision;
  decision.id = "d";
  decision.variable = {"d", {}, {}};
  decision.required_inputs = {{{}, "x", {}}, {{}, "y", {}}};
  decision.logic = std::make_unique<Expression>();
  decision.logic->form = std::move(table);
  model.decisions.push_back(std::move(decision));
  return model;
}

feel::Value Decide(const DecisionModel& model, const std::vector<feel::Value>& inputs) {
  ModelEvaluation evaluation(model, ModelEvaluation::Absent::kUnknown);
  for (uint32_t slot = 0; slot < inputs.size(); ++slot) evaluation.Give(slot, inputs[slot]);
  return evaluation.Load(2);
}

const std::vector<feel::Value>& Possible() {
  static const std::vector<feel::Value> values{feel::Value::Null(), feel::Value::Number(0),
                                               feel::Value::Number(1), feel::Value::Number(2),
                                               feel::Value::Number(3)};
  return values;
}

void CheckCompletions(const DecisionModel& model, const std::vector<feel::Value>& inputs,
                      const std::string& answer) {
  for (uint32_t slot = 0; slot < inputs.size(); ++slot) {
    if (!inputs[slot].is_unknown()) continue;
    for (const feel::Value& value : Possible()) {
      std::vector<feel::Value> completed = inputs;
      completed[slot] = value;
      CheckCompletions(model, completed, answer);
    }
    return;
  }
  RC_ASSERT(ToSource(Decide(model, inputs)) == answer);
}

RC_GTEST_PROP(TableProperty, DefiniteResultsHoldUnderEveryCompletion, ()) {
  std::vector<Model> models;
  models.push_back(RandomModel());
  std::vector<Issue> issues;
  const DecisionModel model(models, issues);
  RC_ASSERT(!HasErrors(issues));
  std::vector<feel::Value> inputs;
  for (uint32_t slot = 0; slot < 2; ++slot) {
    const bool known = *rc::gen::arbitrary<bool>();
    inputs.push_back(known ? *rc::gen::elementOf(Possible()) : feel::Value::Unknown(slot));
  }
  const feel::Value result = Decide(model, inputs);
  if (!result.has_unknown()) CheckCompletions(model, inputs, ToSource(result));
}

}  // namespace
}  // namespace kstati::eligibility::dmn
