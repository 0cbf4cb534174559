// SPDX-License-Identifier: Apache-2.0
#include "eligibility/questions/possible_answers.h"

#include <algorithm>
#include <array>
#include <memory>
#include <set>

#include "eligibility/feel/program.h"
#include "eligibility/internal/evaluation.h"
#include "eligibility/internal/rulebook.h"

namespace kstati::eligibility::questions {

using feel::Node;
using feel::NodeIndex;
using feel::Op;
using profile::FactValue;
using profile::ValueType;

// What rules compare one attribute with.
class ComparedValues {
 public:
  ComparedValues(const Program& program, const Subject& subject, const profile::Attribute& asked)
      : book_(*program.book_), evaluation_(book_, subject, false) {
    for (uint32_t slot = 0; slot < book_.slots.size(); ++slot) {
      uint32_t target = slot;
      while (book_.slots[target].origin == Origin::kAlias) target = book_.slots[target].target;
      if (target == asked.index) slots_.insert(slot);
    }
    for (const Rule& rule : book_.derived) Read(rule);
    for (const Rule& rule : book_.rules) Read(rule);
  }

  const std::vector<feel::Value>& values() const { return values_; }
  bool exact() const { return exact_; }

 private:
  bool IsAsked(const Node& node) const { return node.op == Op::kLoad && slots_.contains(node.a); }

  void Read(const Rule& rule) {
    const auto asked = [&](uint32_t slot) { return slots_.contains(slot); };
    if (std::ranges::any_of(rule.member_slots, asked)) exact_ = false;
    const feel::Program& program = rule.expression.program();
    if (std::ranges::none_of(program.slots, asked)) return;
    std::vector<bool> captured(program.nodes.size());
    for (const Node& node : program.nodes) Compare(program, node, captured);
    for (NodeIndex i = 0; i < program.nodes.size(); ++i) {
      const bool shared = !program.shared.empty() && program.shared[i] != 0;
      if (IsAsked(program.nodes[i]) && (shared || !captured[i])) exact_ = false;
    }
  }

  void Compare(const feel::Program& program, const Node& node, std::vector<bool>& captured) {
    switch (node.op) {
      case Op::kEqual:
      case Op::kNotEqual:
      case Op::kLess:
      case Op::kLessEqual:
      case Op::kGreater:
      case Op::kGreaterEqual:
        Compare(program, node.a, std::array{node.b}, captured);
        Compare(program, node.b, std::array{node.a}, captured);
        break;
      case Op::kBetween: Compare(program, node.a, std::array{node.b, node.c}, captured); break;
      case Op::kIn: Compare(program, node.c, Tests(program, node), captured); break;
      default: break;
    }
  }

  static std::vector<NodeIndex> Tests(const feel::Program& program, const Node& node) {
    std::vector<NodeIndex> operands;
    for (uint32_t i = 0; i < node.b; ++i) {
      const NodeIndex child = program.children[node.a + i];
      const Node& test = program.nodes[child];
      if (test.op == Op::kTest) {
        operands.push_back(test.a);
      } else if (test.op == Op::kRange) {
        for (const NodeIndex end : {test.a, test.b}) {
          if (end != feel::kNoNode) operands.push_back(end);
        }
      } else {
        operands.push_back(child);
      }
    }
    return operands;
  }

  void Compare(const feel::Program& program, NodeIndex load, std::span<const NodeIndex> others,
               std::vector<bool>& captured) {
    if (!IsAsked(program.nodes[load])) return;
    captured[load] = true;
    for (const NodeIndex other : others) {
      if (!Note(ValueOf(program, other))) captured[load] = false;
    }
  }

  // Whether the value can be told now; an unknown cannot.
  bool Note(const feel::Value& value) {
    if (value.has_unknown()) return false;
    if (value.is(feel::Kind::kList)) {
      return std::ranges::all_of(value.list(), [&](const feel::Value& each) { return Note(each); });
    }
    if (!value.is_null()) values_.push_back(value);
    return !value.is(feel::Kind::kRange) && !value.is(feel::Kind::kFunction);
  }

  feel::Value ValueOf(const feel::Program& program, NodeIndex node) {
    if (program.nodes[node].op == Op::kConstant) return program.constants[program.nodes[node].a];
    if (!IsGround(program, node)) return feel::Value::Unknown(feel::InputId{0});
    auto part = std::make_shared<feel::Program>(program);
    part->root = node;
    const Rule rule{feel::Expression(std::move(part)), 0, {}};
    return evaluation_.ValueOf(rule, kApplicantFrame).value_or(feel::Value::Null());
  }

  // Made of constants and figures of law.
  static bool IsGround(const feel::Program& program, NodeIndex index) {
    const Node& node = program.nodes[index];
    switch (node.op) {
      case Op::kConstant: return true;
      case Op::kNegate: return IsGround(program, node.a);
      case Op::kAdd:
      case Op::kSubtract:
      case Op::kMultiply:
      case Op::kDivide: return IsGround(program, node.a) && IsGround(program, node.b);
      case Op::kList:
      case Op::kCallBuiltin:
      case Op::kCallNative:
        return std::all_of(program.children.begin() + node.a,
                           program.children.begin() + node.a + node.b,
                           [&](NodeIndex child) { return IsGround(program, child); });
      default: return false;
    }
  }

  const Rulebook& book_;
  Evaluation evaluation_;
  std::set<uint32_t> slots_;  // the attribute's, under all its names
  std::vector<feel::Value> values_;
  bool exact_ = true;
};

namespace {

template <class T>
std::vector<T> Sorted(std::vector<T> values) {
  std::ranges::sort(values);
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

std::vector<PossibleAnswer> Listed(const std::vector<std::string>& texts) {
  std::vector<PossibleAnswer> answers;
  for (const std::string& text : texts) answers.push_back({text});
  return answers;
}

std::vector<PossibleAnswer> Texts(const std::vector<feel::Value>& compared) {
  std::vector<std::string> texts;
  for (const feel::Value& value : compared) {
    if (value.is(feel::Kind::kString)) texts.push_back(value.string());
  }
  std::vector<PossibleAnswer> answers = Listed(Sorted(std::move(texts)));
  answers.push_back({std::string()});
  return answers;
}

Decimal Before(Decimal value) {
  const Decimal less = value.Subtract(1).value_or(value);
  return less < Decimal(0) && Decimal(0) < value ? value.Divide(2).value_or(less) : less;
}
Decimal After(Decimal value) { return value.Add(1).value_or(value); }
std::optional<Decimal> Middle(Decimal low, Decimal high) {
  const auto sum = low.Add(high);
  const auto half = sum ? sum->Divide(2) : sum;
  return half ? std::optional(*half) : std::nullopt;
}
Date Before(Date value) { return value.AddDays(-1); }
Date After(Date value) { return value.AddDays(1); }
std::optional<Date> Middle(Date low, Date high) {
  const Date middle{low.days + (high.days - low.days) / 2};
  return middle == low ? std::nullopt : std::optional(middle);
}

// At each point, between neighbours, and beyond both ends.
template <class T>
std::vector<PossibleAnswer> Cells(const std::vector<T>& points, T without_points) {
  if (points.empty()) return {{without_points}};
  std::vector<PossibleAnswer> answers{{Before(points.front()), {}, points.front()}};
  for (size_t i = 0; i < points.size(); ++i) {
    answers.push_back({points[i]});
    if (i + 1 == points.size()) break;
    if (const auto middle = Middle(points[i], points[i + 1])) {
      answers.push_back({*middle, points[i], points[i + 1]});
    }
  }
  answers.push_back({After(points.back()), points.back(), {}});
  return answers;
}

std::vector<PossibleAnswer> Numbers(const std::vector<feel::Value>& compared,
                                    bool may_be_negative) {
  std::vector<Decimal> points;
  for (const feel::Value& value : compared) {
    if (value.is(feel::Kind::kNumber)) points.push_back(value.number());
  }
  std::vector<PossibleAnswer> answers = Cells(Sorted(std::move(points)), Decimal(0));
  const auto negative = [&](const PossibleAnswer& answer) {
    return std::get<Decimal>(answer.value) < Decimal(0);
  };
  if (!may_be_negative) std::erase_if(answers, negative);
  return answers;
}

std::vector<PossibleAnswer> Dates(const std::vector<feel::Value>& compared, Date today) {
  std::vector<Date> points;
  for (const feel::Value& value : compared) {
    if (value.is(feel::Kind::kDate)) points.push_back(value.date());
  }
  return Cells(Sorted(std::move(points)), today);
}

}  // namespace

PossibleAnswers PossibleAnswersOf(const Program& program, const Subject& subject,
                                  const profile::Attribute& attribute) {
  switch (attribute.type) {
    case ValueType::kBoolean:
    case ValueType::kDocument:
    case ValueType::kEvent: return {{{true}, {false}}, true};
    case ValueType::kCode:
      if (!attribute.codes.empty()) return {Listed(attribute.CodesOn(subject.day())), true};
      break;
    default: break;
  }
  const ComparedValues compared(program, subject, attribute);
  PossibleAnswers possible{{}, compared.exact()};
  switch (attribute.type) {
    case ValueType::kNumber: possible.answers = Numbers(compared.values(), true); break;
    case ValueType::kMoney:
    case ValueType::kPayment: possible.answers = Numbers(compared.values(), false); break;
    case ValueType::kDate: possible.answers = Dates(compared.values(), subject.day()); break;
    default: possible.answers = Texts(compared.values()); break;
  }
  return possible;
}

}  // namespace kstati::eligibility::questions
