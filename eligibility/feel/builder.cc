// SPDX-License-Identifier: Apache-2.0
#include "eligibility/feel/builder.h"

#include <algorithm>

#include "base/text_distance.h"
#include "eligibility/feel/operators.h"
#include "eligibility/feel/type_rules.h"

namespace kstati::eligibility::feel {
namespace {

bool IsEquality(Op op) { return op == Op::kEqual || op == Op::kNotEqual; }

std::string Quote(std::string_view text) { return "\"" + std::string(text) + "\""; }

}  // namespace

void IssueSink::Add(Severity severity, size_t offset, std::string text, std::string hint) {
  if (closed_) return;
  // The first error is kept even after many warnings: failing without a reason helps nobody.
  const bool first_error = severity == Severity::kError && !failed_;
  if (severity == Severity::kError) failed_ = true;
  if (count_++ >= options_.limits.max_issues && !first_error) return;
  issues_.push_back({severity, places_(offset), std::move(text), std::move(hint)});
}

void IssueSink::Error(size_t offset, std::string text, std::string hint) {
  Add(Severity::kError, offset, std::move(text), std::move(hint));
}

void IssueSink::Mismatch(size_t offset, std::string text, std::string hint) {
  Add(options_.strict ? Severity::kError : Severity::kWarning, offset, std::move(text),
      std::move(hint));
}

NodeIndex Builder::Add(Node node, Type type, Extent at, int depth) {
  node.offset = static_cast<uint32_t>(text_begin_ + at.begin);
  node.length = static_cast<uint32_t>(at.end - at.begin);
  if (depth == options_.limits.max_tree_depth + 1) {
    issues_.Error(at.begin, "the expression is nested too deeply", "split it into named parts");
  }
  program_.nodes.push_back(node);
  program_.types.push_back(std::move(type));
  depths_.push_back(depth);
  return static_cast<NodeIndex>(program_.nodes.size() - 1);
}

uint32_t Builder::AddChildren(const std::vector<NodeIndex>& children) {
  const auto first = static_cast<uint32_t>(program_.children.size());
  program_.children.insert(program_.children.end(), children.begin(), children.end());
  return first;
}

uint32_t Builder::AddName(std::string name) {
  program_.names.push_back(std::move(name));
  return static_cast<uint32_t>(program_.names.size() - 1);
}

int Builder::DeepestOf(const std::vector<NodeIndex>& nodes) const {
  int deepest = 0;
  for (const NodeIndex node : nodes) deepest = std::max(deepest, Depth(node));
  return deepest;
}

Extent Builder::extent(NodeIndex node) const {
  const Node& it = program_.nodes[node];
  if (it.offset < text_begin_) return {};  // of an earlier text
  return {it.offset - text_begin_, it.offset - text_begin_ + it.length};
}

Extent Builder::Cover(NodeIndex a, NodeIndex b) const { return {extent(a).begin, extent(b).end}; }

const Value* Builder::constant(NodeIndex node) const {
  const Node& it = program_.nodes[node];
  return it.op == Op::kConstant ? &program_.constants[it.a] : nullptr;
}

Type Builder::ElementType(NodeIndex list) const {
  const Type& of = type(list);
  return of.is(Kind::kList) || of.is(Kind::kRange) ? of.element() : of;
}

NodeIndex Builder::Constant(Value value, Type type, Extent at) {
  program_.constants.push_back(std::move(value));
  Node node{.op = Op::kConstant, .a = static_cast<uint32_t>(program_.constants.size() - 1)};
  return Add(node, std::move(type), at, 1);
}

NodeIndex Builder::Load(uint32_t slot, Type type, Extent at) {
  program_.slots.push_back(slot);
  return Add({.op = Op::kLoad, .a = slot}, std::move(type), at, 1);
}

NodeIndex Builder::Local(uint16_t local, Type type, Extent at) {
  return Add({.op = Op::kLocal, .a = local}, std::move(type), at, 1);
}

NodeIndex Builder::ItemEntry(uint16_t item, std::string name, NodeIndex found, Extent at) {
  const uint32_t index = AddName(std::move(name));
  return Add({.op = Op::kItemEntry, .a = item, .b = index, .c = found}, Type::Any(), at,
             Depth(found) + 1);
}

NodeIndex Builder::Negate(NodeIndex operand, Extent at) {
  const Value* value = constant(operand);
  if (value != nullptr && value->is(Kind::kNumber)) {
    return Constant(Value::Number(value->number().Negate()), Type::Number(), at);
  }
  const Type& of = type(operand);
  if (!of.MayBe(Kind::kNumber) && !of.is(Kind::kMonthsDuration) && !of.is(Kind::kTimeDuration)) {
    issues_.Mismatch(at.begin, "a minus sign before a " + of.ToString(),
                     "only numbers and durations have a negative");
  }
  return Add({.op = Op::kNegate, .a = operand}, of, at, Depth(operand) + 1);
}

NodeIndex Builder::Arithmetic(Op op, NodeIndex a, NodeIndex b, size_t operator_offset) {
  const std::optional<Type> result = ArithmeticType(op, type(a), type(b));
  if (!result) {
    issues_.Mismatch(operator_offset,
                     "\"" + std::string(NameOf(op)) + "\" has no meaning between " +
                         type(a).ToString() + " and " + type(b).ToString(),
                     "the result would always be null");
  }
  if (constant(a) != nullptr && constant(b) != nullptr) {
    std::string_view problem;
    Value value = feel::Arithmetic(op, *constant(a), *constant(b), problem);
    if (problem.empty()) {
      return Constant(std::move(value), result.value_or(Type::Null()), Cover(a, b));
    }
  }
  return Add({.op = op, .a = a, .b = b}, result.value_or(Type::Null()), Cover(a, b),
             std::max(Depth(a), Depth(b)) + 1);
}

// A code attribute compared with a word that its closed list does not have never holds.
void Builder::CheckCode(NodeIndex code, NodeIndex literal) {
  const std::vector<std::string>* codes = type(code).codes();
  const Value* value = constant(literal);
  if (codes == nullptr || codes->empty() || value == nullptr || !value->is(Kind::kString)) return;
  if (std::find(codes->begin(), codes->end(), value->string()) != codes->end()) return;
  std::string all;
  for (const std::string& known : *codes) all += (all.empty() ? "" : ", ") + Quote(known);
  const std::string nearest = Nearest(value->string(), *codes);
  issues_.Mismatch(extent(literal).begin, "the code list has no " + Quote(value->string()),
                   (nearest.empty() ? std::string() : "did you mean " + Quote(nearest) + "? ") +
                       "the codes are " + all);
}

NodeIndex Builder::Compare(Op op, NodeIndex a, NodeIndex b, size_t operator_offset) {
  const bool fits = IsEquality(op) ? Comparable(type(a), type(b)) : Orderable(type(a), type(b));
  if (!fits) {
    issues_.Mismatch(operator_offset,
                     "\"" + std::string(NameOf(op)) + "\" compares a " + type(a).ToString() +
                         " with a " + type(b).ToString(),
                     "the result would always be null; make both sides the same type");
  }
  if (IsEquality(op)) {
    CheckCode(a, b);
    CheckCode(b, a);
  }
  return Add({.op = op, .a = a, .b = b}, Type::Boolean(), Cover(a, b),
             std::max(Depth(a), Depth(b)) + 1);
}

NodeIndex Builder::Between(NodeIndex value, NodeIndex low, NodeIndex high) {
  for (const NodeIndex bound : {low, high}) {
    if (Orderable(type(value), type(bound))) continue;
    issues_.Mismatch(extent(bound).begin,
                     "a " + type(value).ToString() + " cannot be between a " +
                         type(bound).ToString() + " and something",
                     "the result would always be null or false");
  }
  return Add({.op = Op::kBetween, .a = value, .b = low, .c = high}, Type::Boolean(),
             Cover(value, high), std::max({Depth(value), Depth(low), Depth(high)}) + 1);
}

NodeIndex Builder::Test(Op op, NodeIndex operand, Extent at) {
  return Add({.op = Op::kTest, .flags = static_cast<uint8_t>(op), .a = operand}, type(operand), at,
             Depth(operand) + 1);
}

NodeIndex Builder::In(NodeIndex value, const std::vector<NodeIndex>& tests, Extent at) {
  for (const NodeIndex test : tests) {
    const Node& it = program_.nodes[test];
    if (it.op == Op::kTest) {
      CheckCode(value, it.a);
      continue;
    }
    CheckCode(value, test);
    const Value* list = constant(test);
    if (list != nullptr && list->is(Kind::kList) && type(value).codes() != nullptr) {
      for (const Value& item : std::vector<Value>(list->list())) {
        CheckCode(value, Constant(item, Type::Any(), extent(test)));
      }
    }
    const Type& of = type(test);
    const bool ranged = of.is(Kind::kRange) || of.is(Kind::kList);
    const Type element = ranged ? of.element() : of;
    if (!Comparable(type(value), element) && !Comparable(type(value), of) &&
        !element.is(Kind::kRange) && !element.is(Kind::kList)) {
      issues_.Mismatch(extent(test).begin,
                       "a " + type(value).ToString() + " is never in a " + of.ToString());
    }
  }
  const uint32_t first = AddChildren(tests);
  return Add({.op = Op::kIn, .a = first, .b = static_cast<uint32_t>(tests.size()), .c = value},
             Type::Boolean(), at, std::max(Depth(value), DeepestOf(tests)) + 1);
}

void Builder::RequireBoolean(NodeIndex node, std::string_view what) {
  if (type(node).MayBe(Kind::kBoolean)) return;
  issues_.Mismatch(extent(node).begin, std::string(what) + " must be true or false, this is a " +
                                           type(node).ToString());
}

NodeIndex Builder::Logic(Op op, const std::vector<NodeIndex>& operands) {
  for (const NodeIndex operand : operands) {
    RequireBoolean(operand, "an operand of \"" + std::string(NameOf(op)) + "\"");
  }
  const uint32_t first = AddChildren(operands);
  return Add({.op = op, .a = first, .b = static_cast<uint32_t>(operands.size())}, Type::Boolean(),
             Cover(operands.front(), operands.back()), DeepestOf(operands) + 1);
}

NodeIndex Builder::If(NodeIndex condition, NodeIndex yes, NodeIndex no, Extent at) {
  RequireBoolean(condition, "the condition of an \"if\"");
  return Add({.op = Op::kIf, .a = condition, .b = yes, .c = no}, Join(type(yes), type(no)), at,
             std::max({Depth(condition), Depth(yes), Depth(no)}) + 1);
}

NodeIndex Builder::List(const std::vector<NodeIndex>& items, Extent at) {
  Type element = items.empty() ? Type::Null() : type(items.front());
  bool constants = true;
  for (const NodeIndex item : items) {
    element = Join(element, type(item));
    constants = constants && constant(item) != nullptr;
  }
  Type list = Type::ListOf(std::move(element));
  if (constants) {
    std::vector<Value> values;
    for (const NodeIndex item : items) values.push_back(*constant(item));
    return Constant(Value::List(std::move(values)), std::move(list), at);
  }
  const uint32_t first = AddChildren(items);
  return Add({.op = Op::kList, .a = first, .b = static_cast<uint32_t>(items.size())},
             std::move(list), at, DeepestOf(items) + 1);
}

NodeIndex Builder::Context(const std::vector<ContextEntry>& entries, Extent at) {
  std::vector<NodeIndex> pairs;
  std::vector<Type::Field> fields;
  int depth = 0;
  const auto first_name = static_cast<uint32_t>(program_.names.size());
  for (const ContextEntry& entry : entries) {
    pairs.push_back(entry.node);
    pairs.push_back(entry.local);
    fields.push_back({entry.name, type(entry.node)});
    depth = std::max(depth, Depth(entry.node));
    AddName(entry.name);
  }
  const uint32_t first = AddChildren(pairs);
  return Add(
      {.op = Op::kContext, .a = first, .b = static_cast<uint32_t>(pairs.size()), .c = first_name},
      Type::ContextOf(std::move(fields)), at, depth + 1);
}

NodeIndex Builder::LastOf(const std::vector<ContextEntry>& entries, Extent at) {
  const NodeIndex context = Context(entries, at);
  program_.nodes[context].flags = kLastEntry;
  program_.types[context] = type(entries.back().node);
  return context;
}

NodeIndex Builder::Convert(NodeIndex value, Type to) {
  if (to.is_any()) return value;
  program_.type_references.push_back(to);
  const auto index = static_cast<uint32_t>(program_.type_references.size() - 1);
  const Extent at = extent(value);
  return Add({.op = Op::kConvert, .a = value, .b = index}, std::move(to), at, Depth(value) + 1);
}

NodeIndex Builder::Table(DecisionTable table, Extent at) {
  int depth = 0;
  const auto note = [&](NodeIndex node) { depth = std::max(depth, Depth(node)); };
  for (const DecisionTable::Input& input : table.inputs) {
    note(input.value);
    note(input.valid);
  }
  std::vector<Type> types(table.outputs.size(), Type::Null());
  for (const DecisionTable::Rule& rule : table.rules) {
    for (const NodeIndex test : rule.tests) note(test);
    for (size_t i = 0; i < rule.outputs.size(); ++i) {
      note(rule.outputs[i]);
      types[i] = Join(types[i], type(rule.outputs[i]));
    }
  }
  std::vector<Type::Field> fields;
  for (size_t i = 0; i < table.outputs.size(); ++i) {
    const DecisionTable::Output& output = table.outputs[i];
    note(output.priorities);
    note(output.default_value);
    if (output.default_value != kNoNode) types[i] = Join(types[i], type(output.default_value));
    fields.push_back({output.name, types[i]});
  }
  Type one = fields.size() == 1 ? types.front() : Type::ContextOf(std::move(fields));
  // Where rules are collected, a list, a number or the default value.
  if (table.hit_policy >= HitPolicy::kCollect) one = Type::Any();
  program_.tables.push_back(std::move(table));
  return Add({.op = Op::kDecisionTable, .a = static_cast<uint32_t>(program_.tables.size() - 1)},
             std::move(one), at, depth + 1);
}

NodeIndex Builder::Range(NodeIndex start, NodeIndex end, uint8_t flags, Extent at) {
  const Type of = start == kNoNode ? type(end)
                  : end == kNoNode ? type(start)
                                   : Join(type(start), type(end));
  if (start != kNoNode && end != kNoNode && !type(start).is(Kind::kNull) &&
      !type(end).is(Kind::kNull) && !Orderable(type(start), type(end))) {
    issues_.Mismatch(at.begin,
                     "a range from a " + type(start).ToString() + " to a " + type(end).ToString());
  }
  const Value* first = start == kNoNode ? nullptr : constant(start);
  const Value* last = end == kNoNode ? nullptr : constant(end);
  if (first != nullptr && last != nullptr) {
    feel::Range range{
        *first, *last, true, true, (flags & kStartIncluded) != 0, (flags & kEndIncluded) != 0};
    if (IsRange(range)) return Constant(Value::OfRange(std::move(range)), Type::RangeOf(of), at);
    const auto order = feel::Order(*first, *last);
    if (order && *order > 0) {
      issues_.Mismatch(at.begin, "the range starts after its end", "the result is always null");
    }
    return Null(at);
  }
  const int depth = std::max(Depth(start), Depth(end)) + 1;
  return Add({.op = Op::kRange, .flags = flags, .a = start, .b = end}, Type::RangeOf(of), at,
             depth);
}

Type Builder::PathType(const Type& base, const std::string& name, Extent at) {
  if (base.is_any() || base.is(Kind::kNull)) return Type::Any();
  if (base.is(Kind::kList)) return Type::ListOf(PathType(base.element(), name, at));
  std::vector<std::string> known;
  if (base.is(Kind::kContext)) {
    if (base.fields() == nullptr) return Type::Any();
    if (const Type* field = base.FindField(name)) return *field;
    for (const Type::Field& field : *base.fields()) known.push_back(field.name);
  }
  for (const Property& property : PropertiesOf(base.kind())) {
    if (property.name == name) {
      return property.result == Kind::kUnknown ? base.element() : Type::Of(property.result);
    }
    known.emplace_back(property.name);
  }
  const std::string nearest = Nearest(name, known);
  std::string all;
  for (const std::string& each : known) all += (all.empty() ? "it has " : ", ") + each;
  issues_.Mismatch(at.begin, "a " + base.ToString() + " has no " + Quote(name),
                   nearest.empty() ? all : "did you mean " + Quote(nearest) + "?");
  return Type::Any();
}

NodeIndex Builder::Path(NodeIndex base, std::string name, Extent name_at) {
  Type result = PathType(type(base), name, name_at);
  const uint32_t index = AddName(std::move(name));
  return Add({.op = Op::kPath, .a = base, .b = index}, std::move(result),
             {extent(base).begin, name_at.end}, Depth(base) + 1);
}

NodeIndex Builder::Filter(NodeIndex base, NodeIndex condition, uint16_t item, Extent at) {
  const Type& by = type(condition);
  uint8_t flags = 0;
  Type result;
  if (by.is(Kind::kNumber)) {
    flags = kFilterByIndex;
    result = ElementType(base);
  } else if (by.is(Kind::kBoolean)) {
    flags = kFilterByCondition;
    result = Type::ListOf(ElementType(base));
  } else if (!by.is_any() && !by.is(Kind::kNull)) {
    issues_.Mismatch(extent(condition).begin,
                     "a filter must be a condition or a position, this is a " + by.ToString());
  }
  return Add({.op = Op::kFilter, .flags = flags, .local = item, .a = base, .b = condition},
             std::move(result), at, std::max(Depth(base), Depth(condition)) + 1);
}

NodeIndex Builder::Iterate(Op op, const std::vector<Iterator>& iterators, NodeIndex body, Node node,
                           Type type, Extent at) {
  std::vector<NodeIndex> triples;
  int depth = Depth(body);
  for (const Iterator& iterator : iterators) {
    triples.push_back(iterator.domain);
    triples.push_back(iterator.last);
    triples.push_back(iterator.local);
    depth = std::max({depth, Depth(iterator.domain), Depth(iterator.last)});
  }
  node.op = op;
  node.a = AddChildren(triples);
  node.b = static_cast<uint32_t>(triples.size());
  node.c = body;
  return Add(node, std::move(type), at, depth + 1);
}

NodeIndex Builder::For(const std::vector<Iterator>& iterators, NodeIndex body,
                       std::optional<uint16_t> partial, Extent at) {
  Node node;
  if (partial) {
    node.flags = kUsesPartial;
    node.local = *partial;
  }
  return Iterate(Op::kFor, iterators, body, node, Type::ListOf(type(body)), at);
}

NodeIndex Builder::Quantified(Op op, const std::vector<Iterator>& iterators, NodeIndex condition,
                              Extent at) {
  RequireBoolean(condition, "what is to be satisfied");
  return Iterate(op, iterators, condition, {}, Type::Boolean(), at);
}

NodeIndex Builder::Lambda(feel::Lambda lambda, Extent at) {
  const int depth = Depth(lambda.body) + 1;
  program_.lambdas.push_back(std::move(lambda));
  return Add({.op = Op::kLambda, .a = static_cast<uint32_t>(program_.lambdas.size() - 1)},
             Type::Of(Kind::kFunction), at, depth);
}

NodeIndex Builder::InstanceOf(NodeIndex value, Type of, Extent at) {
  program_.type_references.push_back(std::move(of));
  const auto index = static_cast<uint32_t>(program_.type_references.size() - 1);
  return Add({.op = Op::kInstanceOf, .a = value, .b = index}, Type::Boolean(), at,
             Depth(value) + 1);
}

Program Builder::Finish(NodeIndex root, uint16_t frame_size, std::string_view text) {
  const Type& expected = options_.expected;
  if (!expected.is_any() && !type(root).MayBe(expected.kind())) {
    issues_.Error(extent(root).begin, "this gives a " + type(root).ToString() + ", a " +
                                          expected.ToString() + " is needed here");
  }
  program_.text = std::string(text);
  program_.root = root;
  program_.frame_size = frame_size;
  std::sort(program_.slots.begin(), program_.slots.end());
  program_.slots.erase(std::unique(program_.slots.begin(), program_.slots.end()),
                       program_.slots.end());
  return std::move(program_);
}

}  // namespace kstati::eligibility::feel
