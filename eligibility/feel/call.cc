// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "eligibility/feel/conversion.h"
#include "eligibility/feel/evaluator.h"
#include "eligibility/feel/operators.h"
#include "eligibility/feel/spare.h"

namespace kstati::eligibility::feel {

namespace {

// The arguments of one call, in memory that the calls of a thread share.
struct Arguments {
  Arguments() : values(SpareItems()) {}
  ~Arguments() { LeaveItems(std::move(values)); }
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;

  std::vector<Value> values;
};

std::optional<size_t> SignatureOf(const Node& call) {
  if (call.flags == 0) return std::nullopt;
  return call.flags - size_t{1};
}

}  // namespace

Value Evaluator::EvalCallBuiltin(const Node& node) {
  Arguments made;
  std::vector<Value>& arguments = made.values;
  for (uint32_t i = 0; i < node.b; ++i) arguments.push_back(Eval(program_->children[node.a + i]));
  if (cut_short_) return Value::Null();
  const Node* const outer = std::exchange(calling_, &node);
  Value result = RunBuiltin(Builtins()[node.c], arguments, *this, SignatureOf(node));
  calling_ = outer;
  return Bounded(node, std::move(result));
}

Value Evaluator::EvalCallNative(const Node& node) {
  Arguments made;
  std::vector<Value>& arguments = made.values;
  for (uint32_t i = 0; i < node.b; ++i) arguments.push_back(Eval(program_->children[node.a + i]));
  if (cut_short_) return Value::Null();
  return Bounded(node, environment_.Call(node.c, arguments));
}

Value Evaluator::EvalCallValue(const Node& node) {
  const Value callee = Eval(program_->children[node.a]);
  std::vector<Value> arguments;
  for (uint32_t i = 1; i < node.b; ++i) arguments.push_back(Eval(program_->children[node.a + i]));
  if (cut_short_) return Value::Null();
  if (callee.is_unknown()) {
    arguments.push_back(callee);
    return UnionOfUnknowns(arguments);
  }
  if (!callee.is(Kind::kFunction)) {
    Note(node, "this is not a function");
    return Value::Null();
  }
  const FunctionData& function = callee.function();
  const Node* const outer = std::exchange(calling_, &node);
  Value result;
  const std::span names(program_->names.data() + node.c, node.flags == kNamed ? node.b - 1 : 0);
  if (names.empty() || OrderArguments(function, names, arguments)) {
    result = Call(function, arguments);
  } else {
    result = Fail("the named arguments do not fit the function");
  }
  calling_ = outer;
  return Bounded(node, std::move(result));
}

namespace {

// One argument for each parameter, all of them named.
bool OrderByName(std::span<const std::string> parameters, std::span<const std::string> names,
                 const std::vector<Value>& arguments, std::vector<Value>& ordered) {
  if (parameters.size() != names.size()) return false;
  for (const std::string& parameter : parameters) {
    const auto found = std::find(names.begin(), names.end(), parameter);
    if (found == names.end()) return false;
    ordered.push_back(arguments[static_cast<size_t>(found - names.begin())]);
  }
  return true;
}

}  // namespace

bool Evaluator::OrderArguments(const FunctionData& function, std::span<const std::string> names,
                               std::vector<Value>& arguments) {
  std::vector<Value> ordered;
  if (function.form == FunctionData::Form::kBuiltin) {
    const auto order = OrderNamedArguments(Builtins()[function.index], names);
    if (!order) return false;
    for (const uint32_t position : order->positions) {
      ordered.push_back(position == kAbsentArgument ? Value::Null() : arguments[position]);
    }
  } else if (function.form == FunctionData::Form::kLambda) {
    const Lambda& lambda = function.program->lambdas[function.index];
    if (!OrderByName(lambda.parameters, names, arguments, ordered)) return false;
  } else {
    const auto parameters = environment_.ParametersOf(function.index);
    if (!parameters || !OrderByName(*parameters, names, arguments, ordered)) return false;
  }
  arguments = std::move(ordered);
  return true;
}

Value Evaluator::Invoke(const Value& function, std::span<const Value> arguments) {
  if (function.is_unknown()) return function;
  if (!function.is(Kind::kFunction)) return Fail("this is not a function");
  std::vector<Value> copies(arguments.begin(), arguments.end());
  return Call(function.function(), copies);
}

Value Evaluator::Call(const FunctionData& function, std::vector<Value>& arguments) {
  if (depth_ >= limits_.max_evaluation_depth) return CutShort(*calling_, "calls nest too deeply");
  // A call that returns to built-ins uses more stack than a node does.
  constexpr int kDepthOfCall = 4;
  depth_ += kDepthOfCall;
  Value result;
  switch (function.form) {
    case FunctionData::Form::kBuiltin:
      result = RunBuiltin(Builtins()[function.index], arguments, *this);
      break;
    case FunctionData::Form::kNative: result = environment_.Call(function.index, arguments); break;
    case FunctionData::Form::kLambda: result = CallLambda(function, arguments); break;
  }
  depth_ -= kDepthOfCall;
  return result;
}

Value Evaluator::CallLambda(const FunctionData& function, std::vector<Value>& arguments) {
  const Lambda& lambda = function.program->lambdas[function.index];
  if (arguments.size() != lambda.parameters.size()) return Fail("wrong number of arguments");
  Frame frame(lambda.frame_size);
  for (size_t i = 0; i < arguments.size(); ++i) {
    auto converted = Convert(arguments[i], lambda.parameter_types[i]);
    if (!converted) return Fail("an argument is of a wrong type");
    frame.data()[i] = *std::move(converted);
  }
  for (size_t i = 0; i < lambda.captures.size(); ++i) {
    frame.data()[lambda.captures[i].second] = function.captures[i];
  }
  const auto* const outer_owner = std::exchange(owner_, &function.program);
  const Program* const outer_program = std::exchange(program_, function.program.get());
  Value* const outer_frame = std::exchange(frame_, frame.data());
  Value result = Eval(lambda.body);
  frame_ = outer_frame;
  program_ = outer_program;
  owner_ = outer_owner;
  return result;
}

}  // namespace kstati::eligibility::feel
