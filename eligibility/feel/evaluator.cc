// SPDX-License-Identifier: Apache-2.0
#include "eligibility/feel/evaluator.h"

#include <algorithm>

#include "eligibility/feel/conversion.h"
#include "eligibility/feel/operators.h"
#include "eligibility/feel/spare.h"

namespace kstati::eligibility::feel {

Value Environment::Call(uint32_t, std::span<const Value>) { return Value::Null(); }

Value Evaluator::Run() {
  Frame frame(program_->frame_size);
  frame_ = frame.data();
  Value result = Eval(program_->root);
  return cut_short_ ? Value::Null() : result;
}

std::optional<std::span<const std::string>> Environment::ParametersOf(uint32_t) {
  return std::nullopt;
}

void Evaluator::Note(const Node& node, std::string text) {
  Diagnostics* diagnostics = environment_.diagnostics;
  if (diagnostics == nullptr || diagnostics->items.size() >= limits_.max_diagnostics) return;
  diagnostics->items.push_back({node.offset, std::move(text)});
}

Value Evaluator::CutShort(const Node& node, std::string_view limit) {
  if (!cut_short_) {
    cut_short_ = true;
    Note(node, "the evaluation was cut short: " + std::string(limit));
    if (environment_.diagnostics != nullptr) environment_.diagnostics->limit_exceeded = true;
  }
  return Value::Null();
}

bool Evaluator::MayGoOn(const Node& node) {
  const bool too_many = steps_ > limits_.max_steps;
  if (environment_.is_timed && !budget_.out_of_time && !too_many) {
    const auto now = std::chrono::steady_clock::now();
    if (!budget_.since) budget_.since = now;
    budget_.out_of_time = now - *budget_.since >= limits_.max_time;
  }
  if (budget_.out_of_time) {
    steps_ = limits_.max_steps + 1;  // ends whatever shares the budget at its next step
    CutShort(node, "it takes longer than " + std::to_string(limits_.max_time.count()) + " ms");
  } else if (too_many) {
    CutShort(node, "it takes too many steps");
  } else {
    pause_at_ = NextLook();
    return true;
  }
  return false;
}

Value Evaluator::Fail(std::string text) {
  Note(*calling_, std::move(text));
  return Value::Null();
}

bool Evaluator::MayMakeItems(size_t count) {
  if (count <= limits_.max_list_items) return true;
  CutShort(*calling_, "a list is too long");
  return false;
}

Value Evaluator::Bounded(const Node& node, Value value) {
  if (value.nesting() > limits_.max_value_nesting) {
    return CutShort(node, "a value is nested too deeply");
  }
  if (value.is(Kind::kString) && value.string().size() > limits_.max_string_bytes) {
    return CutShort(node, "a string is too long");
  }
  if (value.is(Kind::kList)) {
    // Every item made counts as a step, which bounds memory over the whole evaluation.
    steps_ += value.list().size();
    if (value.list().size() > limits_.max_list_items) {
      return CutShort(node, "a list is too long");
    }
  }
  if (value.is(Kind::kString)) steps_ += value.string().size() / 64;
  return value;
}

Value Evaluator::Run(NodeIndex root, std::span<Value> frame, PartValues& parts, Work& work) {
  frame_ = frame.data();
  parts_ = &parts;
  const uint64_t before = steps_;
  Value result = Eval(root);
  work.computed += steps_ - before - reused_;
  work.reused += reused_;
  return cut_short_ ? Value::Null() : result;
}

Value Evaluator::Eval(NodeIndex index) {
  Value storage;
  const Value& value = Read(index, storage);
  if (&value == &storage) return storage;
  return value;
}

// What was computed while the evaluation was cut short says nothing and is not kept.
const Value& Evaluator::Read(NodeIndex index, Value& storage) {
  const Node& node = program_->nodes[index];
  const bool traced = environment_.trace != nullptr;
  if (node.op == Op::kConstant && !traced) return program_->constants[node.a];
  if (node.op == Op::kLocal && !traced) return frame_[node.a];
  const uint32_t part = parts_ == nullptr || program_ != main_ ? 0 : program_->parts[index];
  if (part != 0) return ReadPart(index, part - 1, storage);
  storage = Compute(index);
  return storage;
}

// A part that is kept costs the steps that it took, so that a limit holds whatever was kept before.
const Value& Evaluator::ReadPart(NodeIndex index, uint32_t part, Value& storage) {
  if (const PartValues::Kept* kept = parts_->Find(part); kept != nullptr && !cut_short_) {
    steps_ += kept->steps;
    reused_ += kept->steps;
    if (steps_ <= pause_at_ || MayGoOn(program_->nodes[index])) return kept->value;
    storage = Value::Null();
    return storage;
  }
  const uint64_t before = steps_;
  const size_t begun = parts_->Begin();
  storage = Compute(index);
  if (cut_short_) return storage;
  return parts_->Keep(part, begun, {std::move(storage), steps_ - before});
}

Value Evaluator::Compute(NodeIndex index) {
  const Node& node = program_->nodes[index];
  if (cut_short_) return Value::Null();
  if (++steps_ > pause_at_ && !MayGoOn(node)) return Value::Null();
  if (depth_ >= limits_.max_evaluation_depth) return CutShort(node, "calls nest too deeply");
  ++depth_;
  Value value = Dispatch(node);
  --depth_;
  Trace* trace = environment_.trace;
  if (trace != nullptr && trace->record_steps && program_ == main_) {
    trace->steps.push_back({node.offset, node.length, value});
  }
  return value;
}

Value Evaluator::Dispatch(const Node& node) {
  switch (node.op) {
    case Op::kConstant: return program_->constants[node.a];
    case Op::kLoad: return EvalLoad(node);
    case Op::kLocal: return frame_[node.a];
    case Op::kNegate: {
      std::string_view problem;
      Value value = Negate(Eval(node.a), problem);
      if (!problem.empty()) Note(node, std::string(problem));
      return value;
    }
    case Op::kAdd:
    case Op::kSubtract:
    case Op::kMultiply:
    case Op::kDivide:
    case Op::kPower: return EvalArithmetic(node);
    case Op::kEqual:
    case Op::kNotEqual:
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kGreater:
    case Op::kGreaterEqual: return EvalCompare(node);
    case Op::kAnd: return EvalAnd(node);
    case Op::kOr: return EvalOrOp(node);
    case Op::kBetween: return EvalBetween(node);
    case Op::kIn: return EvalIn(node);
    case Op::kTest: return Value::Null();  // evaluated by kIn
    case Op::kIf: return EvalIf(node);
    case Op::kList: return EvalList(node);
    case Op::kContext: return EvalContext(node);
    case Op::kRange: return EvalRange(node);
    case Op::kPath: return EvalPath(node);
    case Op::kItemEntry: return EvalItemEntry(node);
    case Op::kFilter: return EvalFilter(node);
    case Op::kFor: return EvalFor(node);
    case Op::kSome:
    case Op::kEvery: return EvalQuantified(node);
    case Op::kLambda: return EvalLambda(node);
    case Op::kCallBuiltin: return EvalCallBuiltin(node);
    case Op::kCallNative: return EvalCallNative(node);
    case Op::kCallValue: return EvalCallValue(node);
    case Op::kConvert: return EvalConvert(node);
    case Op::kDecisionTable: return EvalTable(node);
    case Op::kInstanceOf: return InstanceOf(Eval(node.a), program_->type_references[node.b]);
  }
  return Value::Null();
}

void Evaluator::RecordSlot(uint32_t slot) {
  std::vector<uint32_t>& slots = environment_.trace->slots;
  if (std::find(slots.begin(), slots.end(), slot) == slots.end()) slots.push_back(slot);
}

Value Evaluator::EvalLoad(const Node& node) {
  if (environment_.trace != nullptr) RecordSlot(node.a);
  return environment_.Load(node.a);
}

Value Evaluator::EvalArithmetic(const Node& node) {
  Value of_a;
  Value of_b;
  const Value& a = Read(node.a, of_a);
  const Value& b = Read(node.b, of_b);
  std::string_view problem;
  Value result = Arithmetic(node.op, a, b, problem);
  if (!problem.empty()) Note(node, std::string(problem));
  return result.is(Kind::kString) ? Bounded(node, std::move(result)) : result;
}

Value Evaluator::EvalCompare(const Node& node) {
  Value of_a;
  Value of_b;
  const Value& a = Read(node.a, of_a);
  const Value& b = Read(node.b, of_b);
  Value result = Compare(node.op, a, b);
  if (result.is_null() && !a.is_null() && !b.is_null()) {
    Note(node, "the sides have no common order");
  }
  return result;
}

// Stops at the first false: no other operand could change the result.
Value Evaluator::EvalAnd(const Node& node) {
  Value all = Value::Boolean(true);
  Value storage;
  for (uint32_t i = 0; i < node.b && !all.is_false(); ++i) {
    all = And(all, Read(program_->children[node.a + i], storage));
  }
  return all;
}

Value Evaluator::EvalOrOp(const Node& node) {
  Value any = Value::Boolean(false);
  Value storage;
  for (uint32_t i = 0; i < node.b && !any.is_true(); ++i) {
    any = Or(any, Read(program_->children[node.a + i], storage));
  }
  return any;
}

Value Evaluator::EvalBetween(const Node& node) {
  Value of_value;
  Value of_bound;
  const Value& value = Read(node.a, of_value);
  const Value above = Compare(Op::kGreaterEqual, value, Read(node.b, of_bound));
  return And(above, Compare(Op::kLessEqual, value, Read(node.c, of_bound)));
}

Value Evaluator::EvalIn(const Node& node) {
  Value of_value;
  Value of_test;
  const Value& value = Read(node.c, of_value);
  Value found = Value::Boolean(false);
  for (uint32_t i = 0; i < node.b && !found.is_true(); ++i) {
    const NodeIndex child = program_->children[node.a + i];
    const Node& test = program_->nodes[child];
    if (test.op == Op::kTest) {
      found = Or(found, Compare(static_cast<Op>(test.flags), value, Read(test.a, of_test)));
    } else if (test.op == Op::kRange && !value.is(Kind::kRange)) {
      found = Or(found, InRange(test, value));
    } else {
      found = Or(found, IsIn(value, Read(child, of_test)));
    }
  }
  return found;
}

Value Evaluator::EvalIf(const Node& node) {
  const Value condition = Eval(node.a);
  if (condition.is_true()) return Eval(node.b);
  if (condition.is_false() || condition.is_null()) return Eval(node.c);
  if (!condition.is_unknown()) {
    Note(node, "the condition is neither true nor false");
    return Value::Null();
  }
  std::array<Value, 3> parts{condition, Eval(node.b), Eval(node.c)};
  if (Identical(parts[1], parts[2])) return parts[1];
  return UnionOfUnknowns(parts);
}

Value Evaluator::EvalList(const Node& node) {
  std::vector<Value> items = SpareItems();
  for (uint32_t i = 0; i < node.b; ++i) items.push_back(Eval(program_->children[node.a + i]));
  return Bounded(node, Value::List(std::move(items)));
}

Value Evaluator::EvalContext(const Node& node) {
  if (node.flags == kLastEntry) return EvalLastEntry(node);
  Value::Entries entries = SpareEntries(node.b / 2);
  for (uint32_t i = 0; i < node.b; i += 2) {
    Value value = Eval(program_->children[node.a + i]);
    frame_[program_->children[node.a + i + 1]] = value;
    entries[i / 2].name = program_->names[node.c + i / 2];
    entries[i / 2].value = std::move(value);
  }
  return Bounded(node, Value::Context(std::move(entries)));
}

Value Evaluator::EvalLastEntry(const Node& node) {
  for (uint32_t i = 0; i + 2 < node.b; i += 2) {
    frame_[program_->children[node.a + i + 1]] = Eval(program_->children[node.a + i]);
  }
  return Eval(program_->children[node.a + node.b - 2]);
}

Value Evaluator::EvalConvert(const Node& node) {
  const Value value = Eval(node.a);
  std::optional<Value> converted = Convert(value, program_->type_references[node.b]);
  if (converted) return *std::move(converted);
  Note(node, "the value is not of the type that is declared");
  return Value::Null();
}

// A range whose ends cannot be ordered, or whose start lies after its end, is null; so with an end
// unknown the range is unknown as a whole.
Value Evaluator::EvalRange(const Node& node) {
  Range range = RangeOf(node);
  if (range.start.has_unknown() || range.end.has_unknown()) {
    return UnionOfUnknowns(range.start, range.end);
  }
  if (!IsRange(range)) {
    Note(node, "the start of a range must not be after its end");
    return Value::Null();
  }
  return Bounded(node, Value::OfRange(std::move(range)));
}

Range Evaluator::RangeOf(const Node& node) {
  Range range;
  range.has_start = node.a != kNoNode;
  range.has_end = node.b != kNoNode;
  range.start_included = (node.flags & kStartIncluded) != 0;
  range.end_included = (node.flags & kEndIncluded) != 0;
  range.start = EvalOr(node.a, Value::Null());
  range.end = EvalOr(node.b, Value::Null());
  return range;
}

// value in [start..end] without making the range. Also with an end unknown a value that fails at
// the other end is outside, whether the range turns out to be a range or null.
Value Evaluator::InRange(const Node& node, const Value& value) {
  const Range range = RangeOf(node);
  if (!range.start.has_unknown() && !range.end.has_unknown()) {
    return IsRange(range) ? Contains(range, value) : IsIn(value, Value::Null());
  }
  const Value inside = Contains(range, value);
  if (inside.is_false() && !value.has_unknown()) return inside;
  const std::array<Value, 3> parts{value, range.start, range.end};
  return UnionOfUnknowns(parts);
}

Value Evaluator::EvalPath(const Node& node) {
  std::string_view problem;
  Value value = PathOf(Eval(node.a), program_->names[node.b], problem);
  if (!problem.empty()) Note(node, std::string(problem));
  return value;
}

Value Evaluator::EvalItemEntry(const Node& node) {
  const Value& item = frame_[node.a];
  if (item.is_unknown()) return item;
  if (item.is(Kind::kContext)) {
    if (const Value* entry = item.Find(program_->names[node.b])) return *entry;
  }
  return EvalOr(node.c, Value::Null());
}

Value Evaluator::EvalLambda(const Node& node) {
  const Lambda& lambda = program_->lambdas[node.a];
  FunctionData function;
  function.form = FunctionData::Form::kLambda;
  function.index = node.a;
  function.program = *owner_;
  for (const auto& [outer, own] : lambda.captures) function.captures.push_back(frame_[outer]);
  return Bounded(node, Value::OfFunction(std::move(function)));
}

}  // namespace kstati::eligibility::feel
