// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "eligibility/feel/builder.h"
#include "eligibility/feel/builtin.h"

namespace kstati::eligibility::feel {
namespace {

// The world of constant folding: no functions to call, no environment to ask.
class FoldContext final : public CallContext {
 public:
  explicit FoldContext(const Limits& limits) : limits_(limits) {}

  Value Fail(std::string text) override {
    problem_ = std::move(text);
    return Value::Null();
  }
  Value Invoke(const Value&, std::span<const Value>) override { return Fail("not a constant"); }
  // Large lists are left to run time, where the evaluation's limits hold.
  bool MayMakeItems(size_t count) override { return count <= kLargestFoldedList; }
  Environment& environment() override { return nowhere_; }
  const Limits& limits() override { return limits_; }
  const std::string& problem() const { return problem_; }

 private:
  static constexpr size_t kLargestFoldedList = 1000;
  class Nowhere final : public Environment {
    Value Load(uint32_t) override { return Value::Null(); }
  };
  Nowhere nowhere_;
  const Limits& limits_;
  std::string problem_;
};

bool Fits(const Type& argument, const Type& parameter) {
  if (parameter.is_any() || argument.is_any() || argument.is(Kind::kNull)) return true;
  if (argument.kind() == parameter.kind()) return true;
  if (parameter.is(Kind::kList)) return true;  // a single value counts as a list of one
  return argument.is(Kind::kList) && argument.element().MayBe(parameter.kind());
}

}  // namespace

std::optional<Builder::Ordered> Builder::Order(uint32_t builtin,
                                               const std::vector<Argument>& arguments, Extent at) {
  std::vector<NodeIndex> nodes;
  std::vector<std::string> names;
  for (const Argument& argument : arguments) {
    nodes.push_back(argument.node);
    if (!argument.name.empty()) names.push_back(argument.name);
  }
  if (names.empty()) return Ordered{std::move(nodes), std::nullopt};
  const Builtin& function = Builtins()[builtin];
  const auto order = OrderNamedArguments(function, names);
  if (!order) {
    issues_.Mismatch(at.begin, "the named arguments do not fit " + std::string(function.name),
                     "it is " + UsageOf(function));
    return std::nullopt;
  }
  Ordered ordered{{}, order->signature};
  for (const uint32_t position : order->positions) {
    ordered.nodes.push_back(position == kAbsentArgument ? Null(at) : nodes[position]);
  }
  return ordered;
}

bool Builder::CheckArguments(uint32_t builtin, const std::vector<NodeIndex>& arguments, Extent at) {
  const Builtin& function = Builtins()[builtin];
  bool count_fits = false;
  std::optional<size_t> misfit;
  for (const Signature& signature : function.signatures) {
    const auto required = static_cast<size_t>(
        std::count_if(signature.begin(), signature.end(),
                      [](const Parameter& parameter) { return !parameter.optional; }));
    const bool many = function.variadic && arguments.size() >= required;
    if (!many && (arguments.size() < required || arguments.size() > signature.size())) continue;
    count_fits = true;
    misfit.reset();
    for (size_t i = 0; i < arguments.size() && i < signature.size(); ++i) {
      if (Fits(type(arguments[i]), signature[i].type)) continue;
      misfit = i;
      break;
    }
    if (!misfit) return true;
  }
  if (!count_fits) {
    issues_.Mismatch(at.begin,
                     std::string(function.name) + "() does not take " +
                         std::to_string(arguments.size()) + " arguments",
                     "it is " + UsageOf(function));
    return false;
  }
  issues_.Mismatch(extent(arguments[*misfit]).begin,
                   "argument " + std::to_string(*misfit + 1) + " of " + std::string(function.name) +
                       "() cannot be a " + type(arguments[*misfit]).ToString(),
                   "it is " + UsageOf(function));
  return false;
}

Type Builder::CallType(uint32_t builtin, const std::vector<NodeIndex>& arguments) const {
  const Builtin& function = Builtins()[builtin];
  if (arguments.empty() || function.rule == ResultRule::kFixed) return function.result;
  const Type& first = type(arguments.front());
  if (function.rule == ResultRule::kFirst) return first;
  if (first.is(Kind::kList)) return first.element();
  Type all = first;
  for (const NodeIndex argument : arguments) all = Join(all, type(argument));
  return all;
}

std::optional<Value> Builder::Fold(uint32_t builtin, const Ordered& arguments, Extent at) {
  const Builtin& function = Builtins()[builtin];
  if (!function.pure) return std::nullopt;
  std::vector<Value> values;
  for (const NodeIndex argument : arguments.nodes) {
    const Value* value = constant(argument);
    if (value == nullptr || value->is(Kind::kFunction)) return std::nullopt;
    values.push_back(*value);
  }
  FoldContext context(options_.limits);
  Value result = RunBuiltin(function, values, context, arguments.signature);
  if (context.problem().empty()) return result;
  const bool null_given =
      std::any_of(values.begin(), values.end(), [](const Value& value) { return value.is_null(); });
  if (!null_given) {
    issues_.Mismatch(at.begin, std::string(function.name) + "(): " + context.problem(),
                     "the result would always be null");
  }
  return std::nullopt;
}

NodeIndex Builder::CallBuiltin(uint32_t builtin, const std::vector<Argument>& arguments,
                               Extent at) {
  const auto ordered = Order(builtin, arguments, at);
  if (!ordered || !CheckArguments(builtin, ordered->nodes, at)) return Null(at);
  Type result = CallType(builtin, ordered->nodes);
  if (auto folded = Fold(builtin, *ordered, at)) {
    return Constant(*std::move(folded), std::move(result), at);
  }
  const uint32_t first = AddChildren(ordered->nodes);
  const size_t signature = ordered->signature ? *ordered->signature + 1 : 0;
  return Add({.op = Op::kCallBuiltin,
              .flags = static_cast<uint8_t>(signature),
              .a = first,
              .b = static_cast<uint32_t>(ordered->nodes.size()),
              .c = builtin},
             std::move(result), at, DeepestOf(ordered->nodes) + 1);
}

NodeIndex Builder::CallNative(const std::string& name, const NativeFunction& function,
                              const std::vector<Argument>& arguments, Extent at) {
  std::vector<NodeIndex> nodes;
  std::vector<std::optional<Value>> literals;
  for (const Argument& argument : arguments) {
    if (!argument.name.empty()) {
      issues_.Error(extent(argument.node).begin, name + "() takes no named arguments");
    }
    const Value* value = constant(argument.node);
    nodes.push_back(argument.node);
    literals.push_back(value == nullptr ? std::nullopt : std::optional<Value>(*value));
  }
  Type result = function.result;
  if (nodes.size() < function.least_arguments || nodes.size() > function.most_arguments) {
    issues_.Error(at.begin,
                  name + "() does not take " + std::to_string(nodes.size()) + " arguments");
    return Null(at);
  }
  if (function.check) {
    if (auto problem = function.check(literals, result)) {
      const size_t place =
          problem->argument < nodes.size() ? extent(nodes[problem->argument]).begin : at.begin;
      issues_.Error(place, std::move(problem->text), std::move(problem->hint));
    }
  }
  const uint32_t first = AddChildren(nodes);
  return Add({.op = Op::kCallNative,
              .a = first,
              .b = static_cast<uint32_t>(nodes.size()),
              .c = function.function},
             std::move(result), at, DeepestOf(nodes) + 1);
}

NodeIndex Builder::CallValue(NodeIndex callee, const std::vector<Argument>& arguments, Extent at) {
  if (!type(callee).MayBe(Kind::kFunction)) {
    issues_.Mismatch(extent(callee).begin, "a " + type(callee).ToString() + " cannot be called");
    return Null(at);
  }
  std::vector<NodeIndex> nodes{callee};
  Node node{.op = Op::kCallValue, .c = static_cast<uint32_t>(program_.names.size())};
  for (const Argument& argument : arguments) {
    nodes.push_back(argument.node);
    if (argument.name.empty()) continue;
    node.flags = kNamed;
    AddName(argument.name);
  }
  node.a = AddChildren(nodes);
  node.b = static_cast<uint32_t>(nodes.size());
  return Add(node, Type::Any(), at, DeepestOf(nodes) + 1);
}

}  // namespace kstati::eligibility::feel
