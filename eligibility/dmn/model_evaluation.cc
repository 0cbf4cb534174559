// SPDX-License-Identifier: Apache-2.0
#include "eligibility/dmn/decision_model.h"

namespace kstati::eligibility::dmn {
namespace {

using feel::Value;

constexpr int kDeepestServiceCall = 20;  // a service that calls itself must end

}  // namespace

ModelEvaluation::ModelEvaluation(const DecisionModel& model, Absent absent, int depth)
    : model_(model),
      absent_(absent),
      depth_(depth),
      values_(model.elements().size()),
      states_(model.elements().size(), State::kOpen) {
  budget = &steps_;
  is_timed = true;
}

void ModelEvaluation::Give(uint32_t slot, const Value& value) {
  values_[slot] = Conform(value, model_.elements()[slot].type);
  states_[slot] = State::kDone;
}

Value ModelEvaluation::Load(uint32_t slot) {
  switch (states_[slot]) {
    case State::kDone: return values_[slot];
    case State::kComputing: return Value::Null();  // circles are errors of the model
    case State::kOpen: break;
  }
  states_[slot] = State::kComputing;
  values_[slot] = Compute(slot);
  states_[slot] = State::kDone;
  return values_[slot];
}

Value ModelEvaluation::Compute(uint32_t slot) {
  const Element& element = model_.elements()[slot];
  switch (element.kind) {
    case ElementKind::kInput:
      return absent_ == Absent::kNull ? Value::Null() : Value::Unknown(slot);
    case ElementKind::kService:
      return Value::OfFunction(
          {feel::FunctionData::Form::kNative, slot, nullptr, {}, element.function_type});
    case ElementKind::kKnowledge:
      return element.logic ? feel::Evaluate(*element.logic, *this) : Value::Null();
    case ElementKind::kDecision: break;
  }
  if (!element.logic) return Value::Null();
  Value value = feel::Evaluate(*element.logic, *this);
  NameMatches(element.name);
  return Conform(value, element.type);
}

// Of decisions met on the way, tables are named already.
void ModelEvaluation::NameMatches(const std::string& name) {
  if (trace == nullptr) return;
  for (feel::Trace::Match& match : trace->matches) {
    if (match.table.empty()) match.table = name;
  }
}

std::optional<std::span<const std::string>> ModelEvaluation::ParametersOf(uint32_t slot) {
  return model_.elements()[slot].parameter_names;
}

Value ModelEvaluation::Call(uint32_t slot, std::span<const Value> arguments) {
  const Element& service = model_.elements()[slot];
  if (arguments.size() != service.parameters.size() || depth_ >= kDeepestServiceCall) {
    return Value::Null();
  }
  ModelEvaluation inner(model_, absent_, depth_ + 1);
  inner.today = today;
  inner.now = now;
  inner.diagnostics = diagnostics;
  inner.trace = trace;
  inner.budget = budget;
  inner.is_timed = is_timed;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const uint32_t parameter = service.parameters[i];
    inner.Give(parameter, arguments[i]);
    const bool refused = inner.values_[parameter].is_null() && !arguments[i].is_null();
    if (refused) return Value::Null();
  }
  if (service.outputs.size() == 1) {
    return Conform(inner.Load(service.outputs.front()), service.type);
  }
  Value::Entries entries;
  for (const uint32_t output : service.outputs) {
    entries.push_back({model_.elements()[output].name, inner.Load(output)});
  }
  return Conform(Value::Context(std::move(entries)), service.type);
}

}  // namespace kstati::eligibility::dmn
