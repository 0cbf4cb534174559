// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/possible_values.h"

#include <algorithm>
#include <utility>

#include "eligibility/feel/builtin.h"
#include "eligibility/feel/operators.h"
#include "eligibility/internal/catalogue_scope.h"
#include "eligibility/internal/service_rules.h"

namespace kstati::eligibility {
namespace {

using feel::Kind;
using feel::Node;
using feel::NodeIndex;
using feel::Op;
using feel::Value;

// Thresholds of one comparison; a sum of two values of law with hundreds of regions would have
// more, and is left to be asked.
constexpr size_t kMaxConstants = 400;

std::span<const NodeIndex> ListOf(const feel::Program& program, const Node& node) {
  return std::span(program.children).subspan(node.a, node.b);
}

bool IsArithmetic(Op op) { return op >= Op::kAdd && op <= Op::kDivide; }
bool IsComparison(Op op) { return op >= Op::kEqual && op <= Op::kGreaterEqual; }

// Parts whose value follows from their text and the day alone.
bool IsClosed(const feel::Program& program, NodeIndex index) {
  const Node& node = program.nodes[index];
  const auto closed = [&](NodeIndex child) { return IsClosed(program, child); };
  if (IsArithmetic(node.op)) return closed(node.a) && closed(node.b);
  if (node.op == Op::kNegate || node.op == Op::kPath) return closed(node.a);
  if (node.op == Op::kCallBuiltin) return std::ranges::all_of(ListOf(program, node), closed);
  return node.op == Op::kConstant;
}

class OnDay final : public feel::Environment {
 public:
  explicit OnDay(Date day) {
    today = day;
    now.date = day;
  }
  Value Load(uint32_t slot) override { return Value::Unknown(slot); }
};

// Whether a value is one of finitely many whatever rules do with it.
bool IsListed(const feel::Type& type, const profile::Attribute* attribute) {
  return type.is(Kind::kBoolean) || (attribute != nullptr && !attribute->codes.empty());
}

// `cuts` and one number between each two and beyond the ends; the negative ones last, since few
// facts can be negative.
std::vector<Value> AroundNumbers(const std::set<Decimal>& cuts) {
  std::vector<Decimal> numbers;
  if (cuts.empty()) numbers.emplace_back(1);
  std::optional<Decimal> last;
  for (const Decimal& cut : cuts) {
    if (!last) {
      numbers.push_back(cut.Subtract(1).value_or(cut));
    } else {
      const Decimal next = last->Add(1).value_or(*last);
      const Decimal middle = last->Add(cut).value_or(cut).Divide(2).value_or(cut);
      numbers.push_back(next < cut ? next : middle);
    }
    numbers.push_back(cut);
    last = cut;
  }
  if (last) numbers.push_back(last->Add(1).value_or(*last));
  std::ranges::stable_partition(numbers, [](const Decimal& one) { return !one.IsNegative(); });
  std::vector<Value> values;
  for (const Decimal& number : numbers) values.push_back(Value::Number(number));
  return values;
}

}  // namespace

bool ReadsRelatives(const Rule& rule, const Rulebook& book) {
  return std::ranges::any_of(rule.expression.slots(), [&](uint32_t slot) {
    const Slot& described = book.slots[slot];
    return described.origin == Origin::kBuiltin &&
           IsMemberList(static_cast<Builtin>(described.target));
  });
}

ValueAnalysis::ValueAnalysis(const Rulebook& book, DateSteps* steps, Date day, std::string region,
                             People people)
    : book_(book), steps_(steps), day_(day), region_(std::move(region)), people_(people) {}

void ValueAnalysis::Add(const Rule& rule) {
  Walk(rule.expression.program(), rule.expression.program().root);
}

bool ValueAnalysis::IsStated(const Slot& slot) const {
  return people_ == People::kMadeUp && slot.origin == Origin::kDerived &&
         ReadsRelatives(book_.derived[slot.target], book_);
}

// The leaf that a slot is; null when it follows from others.
ValueAnalysis::Leaf* ValueAnalysis::Reach(uint32_t slot) {
  const Slot& described = book_.slots[slot];
  const bool is_leaf = described.origin == Origin::kReported ||
                       described.origin == Origin::kBuiltin ||
                       described.origin == Origin::kBroken || IsStated(described);
  return is_leaf ? &leaves_[slot] : nullptr;
}

// What a node of truth values tells apart.
void ValueAnalysis::Walk(const Program& program, NodeIndex index) {
  const Node& node = program.nodes[index];
  if (IsComparison(node.op)) return Compare(program, index, node.a, node.b);
  switch (node.op) {
    case Op::kConstant: return;
    case Op::kLoad: return WalkSlot(node.a);
    case Op::kAnd:
    case Op::kOr:
      for (const NodeIndex child : ListOf(program, node)) Walk(program, child);
      return;
    case Op::kIf:
      Walk(program, node.a);
      Walk(program, node.b);
      return Walk(program, node.c);
    case Op::kBetween:
      Compare(program, index, node.a, node.b);
      return Compare(program, index, node.a, node.c);
    case Op::kIn: return WalkIn(program, node);
    case Op::kCallBuiltin:
      if (feel::Builtins()[node.c].name == "not") {
        return Walk(program, program.children[node.a]);
      }
      [[fallthrough]];
    default: return BlurPart(program, index);
  }
}

void ValueAnalysis::WalkSlot(uint32_t slot) {
  const Slot& described = book_.slots[slot];
  if (described.origin == Origin::kAlias) return WalkSlot(described.target);
  if (Reach(slot) != nullptr) {
    const bool attribute = described.origin != Origin::kBuiltin;
    const bool boolean = attribute && TypeOf(book_.dictionary.at(slot)).is(Kind::kBoolean);
    if (attribute && !boolean) BlurSlot(slot);
    return;
  }
  if (described.origin != Origin::kDerived) return WalkOther(slot);
  if (!walked_.insert(slot).second) return;
  const Rule& rule = book_.derived[described.target];
  Walk(rule.expression.program(), rule.expression.program().root);
}

void ValueAnalysis::WalkOther(uint32_t slot) {
  if (!walked_.insert(slot).second) return;
  const Slot& described = book_.slots[slot];
  if (described.origin == Origin::kModel) return BlurSlot(slot);
  const graph::Service& service = book_.catalogue.services()[described.target];
  for (const uint32_t rule : RulesOf(service, book_, day_, region_)) Add(book_.rules[rule]);
}

void ValueAnalysis::WalkIn(const Program& program, const Node& node) {
  for (const NodeIndex child : ListOf(program, node)) {
    const Node& test = program.nodes[child];
    if (test.op == Op::kRange) {
      for (const NodeIndex end : {test.a, test.b}) {
        if (end != feel::kNoNode) Compare(program, child, node.c, end);
      }
    } else {
      Compare(program, child, node.c, test.op == Op::kTest ? test.a : child);
    }
  }
}

void ValueAnalysis::Compare(const Program& program, NodeIndex whole, NodeIndex a, NodeIndex b) {
  if (const auto constants = ConstantsOf(program, b)) return Push(program, a, *constants);
  if (const auto constants = ConstantsOf(program, a)) return Push(program, b, *constants);
  if (program.types[a].is(Kind::kBoolean) && program.types[b].is(Kind::kBoolean)) {
    Walk(program, a);
    Walk(program, b);
  } else if (IsComparison(program.nodes[whole].op) && PushSteps(program, whole, {})) {
    return;
  } else {
    BlurPart(program, a);
    BlurPart(program, b);
  }
}

// What is told apart when the node's value is compared with the constants.
void ValueAnalysis::Push(const Program& program, NodeIndex index, const Values& constants) {
  if (constants.empty()) return BlurPart(program, index);  // the law has no value that day
  const Node& node = program.nodes[index];
  if (node.op == Op::kLoad) return PushSlot(node.a, constants);
  if (program.types[index].is(Kind::kBoolean)) return Walk(program, index);
  if (PushSteps(program, index, constants)) return;
  if (node.op == Op::kNegate || IsArithmetic(node.op)) {
    return PushArithmetic(program, index, constants);
  }
  if (node.op == Op::kIf) {
    Walk(program, node.a);
    for (const NodeIndex branch : {node.b, node.c}) {
      if (!ConstantsOf(program, branch)) Push(program, branch, constants);
    }
    return;
  }
  BlurPart(program, index);
}

// Solves "part sign known = constant" for the part.
void ValueAnalysis::PushArithmetic(const Program& program, NodeIndex index,
                                   const Values& constants) {
  const Node& node = program.nodes[index];
  const auto solve = [&](NodeIndex part, const Values& known, Op sign, bool known_first) {
    Values solved;
    for (const Value& constant : constants) {
      for (const Value& one : known) {
        std::string_view problem;
        solved.push_back(known_first ? feel::Arithmetic(sign, one, constant, problem)
                                     : feel::Arithmetic(sign, constant, one, problem));
      }
    }
    const bool solvable = std::ranges::all_of(solved, [](const Value& v) { return !v.is_null(); });
    if (!solvable || solved.size() > kMaxConstants) return BlurPart(program, index);
    Push(program, part, solved);
  };
  if (node.op == Op::kNegate) return solve(node.a, {Value::Number(0)}, Op::kSubtract, true);
  const auto right = ConstantsOf(program, node.b);
  const auto left = right ? std::nullopt : ConstantsOf(program, node.a);
  if (right) {
    switch (node.op) {
      case Op::kAdd: return solve(node.a, *right, Op::kSubtract, false);
      case Op::kSubtract: return solve(node.a, *right, Op::kAdd, false);
      case Op::kMultiply: return solve(node.a, *right, Op::kDivide, false);
      default: return solve(node.a, *right, Op::kMultiply, false);
    }
  }
  if (left && node.op == Op::kAdd) return solve(node.b, *left, Op::kSubtract, false);
  if (left && node.op == Op::kSubtract) return solve(node.b, *left, Op::kSubtract, true);
  if (left && node.op == Op::kMultiply) return solve(node.b, *left, Op::kDivide, false);
  BlurPart(program, index);
}

void ValueAnalysis::PushSlot(uint32_t slot, const Values& constants) {
  const Slot& described = book_.slots[slot];
  if (described.origin == Origin::kAlias) return PushSlot(described.target, constants);
  Leaf* leaf = Reach(slot);
  if (leaf == nullptr && described.origin != Origin::kDerived) return WalkOther(slot);
  if (leaf == nullptr) {
    const Program& program = book_.derived[described.target].expression.program();
    if (program.types[program.root].is(Kind::kBoolean)) return WalkSlot(slot);
    return Push(program, program.root, constants);
  }
  for (const Value& constant : constants) {
    switch (constant.kind()) {
      case Kind::kNull: leaf->null_is_told = true; break;
      case Kind::kNumber: leaf->numbers.insert(constant.number()); break;
      case Kind::kString: leaf->words.insert(constant.string()); break;
      case Kind::kDate:
        leaf->days.insert(constant.date());
        leaf->days.insert(constant.date().AddDays(1));
        break;
      case Kind::kBoolean: break;
      default: leaf->blurred = true;
    }
  }
}

bool ValueAnalysis::PushSteps(const Program& program, NodeIndex index, const Values& constants) {
  const std::optional<uint32_t> slot = DateBehind(program, index, book_);
  if (!slot) return false;
  Leaf& leaf = leaves_[*slot];
  if (steps_ == nullptr) {
    leaf.blurred = true;
    return true;
  }
  for (const Date day : steps_->Of(program, index, constants)) leaf.days.insert(day);
  return true;
}

void ValueAnalysis::Blur(const Program& program) {
  for (const uint32_t slot : program.slots) BlurSlot(slot);
}

// The node is used in a way that is not understood, and so is everything it reads.
void ValueAnalysis::BlurPart(const Program& program, NodeIndex index) {
  const Node& node = program.nodes[index];
  const auto all = [&](std::initializer_list<NodeIndex> parts) {
    for (const NodeIndex part : parts) BlurPart(program, part);
  };
  if (IsArithmetic(node.op) || IsComparison(node.op)) return all({node.a, node.b});
  switch (node.op) {
    case Op::kConstant: return;
    case Op::kLoad: return BlurSlot(node.a);
    case Op::kNegate:
    case Op::kTest:
    case Op::kPath: return all({node.a});
    case Op::kIf:
    case Op::kBetween: return all({node.a, node.b, node.c});
    case Op::kAnd:
    case Op::kOr:
    case Op::kCallBuiltin:
      for (const NodeIndex part : ListOf(program, node)) BlurPart(program, part);
      return;
    default: return Blur(program);
  }
}

void ValueAnalysis::BlurSlot(uint32_t slot) {
  const Slot& described = book_.slots[slot];
  if (described.origin == Origin::kAlias) return BlurSlot(described.target);
  if (Leaf* leaf = Reach(slot)) {
    leaf->blurred = true;
    if (described.origin != Origin::kBuiltin) return;
    if (!IsMemberList(static_cast<Builtin>(described.target))) return;
    for (const uint32_t member : book_.member_slots) {
      if (member != slot && blurred_.insert(member).second) BlurSlot(member);
    }
    return;
  }
  if (!blurred_.insert(slot).second) return;
  if (described.origin == Origin::kDecision) return WalkOther(slot);  // one of four words
  if (described.origin == Origin::kModel) {
    for (const ModelDecision::Input& input : book_.model_decisions[described.target].inputs) {
      BlurSlot(input.slot);
    }
    return;
  }
  Blur(book_.derived[described.target].expression.program());
}

std::optional<ValueAnalysis::Values> ValueAnalysis::ConstantsOf(const Program& program,
                                                                NodeIndex index) {
  const Node& node = program.nodes[index];
  if (IsClosed(program, index)) {
    OnDay environment(day_);
    return Values{feel::Evaluate(PartOfRule(program, index), environment)};
  }
  if (node.op == Op::kCallNative) return LawValues(program, node);
  if (!IsArithmetic(node.op)) return std::nullopt;
  const auto left = ConstantsOf(program, node.a);
  if (!left) return std::nullopt;
  const auto right = ConstantsOf(program, node.b);
  if (!right || left->size() * right->size() > kMaxConstants) return std::nullopt;
  Values values;
  for (const Value& a : *left) {
    for (const Value& b : *right) {
      std::string_view problem;
      values.push_back(feel::Arithmetic(node.op, a, b, problem));
    }
  }
  return values;
}

// Every value that parameter() may give that day in the region.
std::optional<ValueAnalysis::Values> ValueAnalysis::LawValues(const Program& program,
                                                              const Node& call) {
  if (call.c != kParameterFunction) return std::nullopt;
  const std::string& id = program.constants[program.nodes[program.children[call.a]].a].string();
  const uint32_t index = book_.parameter_index.at(id);
  const graph::Parameter& parameter = book_.catalogue.parameters()[index];
  const bool regional = book_.parameter_regional[index];
  if (regional && region_.empty()) return std::nullopt;
  PushDimensions(program, call, parameter);
  Values values;
  for (const graph::ParameterValue& row : parameter.values) {
    if (row.region != (regional ? region_ : graph::kFederal)) continue;
    if (!row.in_force.Contains(day_)) continue;
    const auto* number = std::get_if<Decimal>(&row.value);
    values.push_back(number ? Value::Number(*number) : Value::OfDate(std::get<Date>(row.value)));
  }
  return values;
}

// The rows of a value of law tell dimensions apart too.
void ValueAnalysis::PushDimensions(const Program& program, const Node& call,
                                   const graph::Parameter& parameter) {
  if (call.b < 2) return;
  const Node& given = program.nodes[program.children[call.a + 1]];
  if (given.op != Op::kContext) return BlurPart(program, program.children[call.a + 1]);
  for (uint32_t i = 0; i < given.b; i += 2) {
    const std::string& name = program.names[given.c + i / 2];
    Values bounds;
    for (const graph::ParameterValue& row : parameter.values) {
      const auto match = row.when.find(name);
      if (match == row.when.end()) continue;
      if (!match->second.word.empty()) bounds.push_back(Value::String(match->second.word));
      if (match->second.from) bounds.push_back(Value::Number(*match->second.from));
      if (match->second.to) bounds.push_back(Value::Number(*match->second.to));
    }
    const NodeIndex dimension = program.children[given.a + i];
    if (!IsClosed(program, dimension)) Push(program, dimension, bounds);
  }
}

std::map<uint32_t, PossibleValues> ValueAnalysis::Result() const {
  std::map<uint32_t, PossibleValues> result;
  for (const auto& [slot, leaf] : leaves_) result.emplace(slot, Describe(slot, leaf));
  return result;
}

PossibleValues ValueAnalysis::Describe(uint32_t slot, const Leaf& leaf) const {
  PossibleValues possible;
  possible.null_is_told = leaf.null_is_told;
  possible.numbers.assign(leaf.numbers.begin(), leaf.numbers.end());
  possible.days.assign(leaf.days.begin(), leaf.days.end());
  possible.words.assign(leaf.words.begin(), leaf.words.end());
  const Slot& described = book_.slots[slot];
  const bool builtin = described.origin == Origin::kBuiltin;
  const profile::Attribute* attribute = builtin ? nullptr : &book_.dictionary.at(slot);
  const auto which = static_cast<Builtin>(described.target);
  if (described.origin == Origin::kBroken || (builtin && IsMemberList(which))) {
    possible.exhaustive = false;
    return possible;
  }
  const feel::Type type = attribute != nullptr           ? TypeOf(*attribute)
                          : which == Builtin::kEventDate ? feel::Type::Date()
                                                         : feel::Type::Boolean();
  possible.exhaustive = !leaf.blurred || IsListed(type, attribute);
  if (type.is(Kind::kBoolean)) {
    possible.values = {Value::Boolean(true), Value::Boolean(false)};
  } else if (type.is(Kind::kNumber)) {
    possible.values = AroundNumbers(leaf.numbers);
  } else if (type.is(Kind::kDate)) {
    const Date first =
        leaf.days.empty() ? day_.AddMonths(-12 * 30) : leaf.days.begin()->AddDays(-1);
    possible.values.push_back(Value::OfDate(first));
    for (const Date day : leaf.days) possible.values.push_back(Value::OfDate(day));
  } else if (attribute != nullptr && !attribute->codes.empty()) {
    for (const std::string& code : attribute->CodesUntil(day_)) {
      possible.values.push_back(Value::String(code));
    }
  } else {
    for (const std::string& word : leaf.words) possible.values.push_back(Value::String(word));
    std::string other = "other";
    while (leaf.words.contains(other)) other += "-other";
    possible.values.push_back(Value::String(std::move(other)));
  }
  return possible;
}

}  // namespace kstati::eligibility
