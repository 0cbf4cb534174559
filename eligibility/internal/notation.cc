// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/notation.h"

#include <algorithm>
#include <array>
#include <utility>

#include "eligibility/feel/builtin.h"
#include "eligibility/internal/formula.h"

namespace kstati::eligibility {
namespace {

using feel::Node;
using feel::NodeIndex;
using feel::Op;
using nlohmann::json;

// Makes of a text what no other function can; where the text is known it is a literal.
constexpr std::string_view kRangeOfText = "range";

// Those that see of a list of relatives no more than its items, or what the rule names of them.
constexpr std::array<std::string_view, 9> kOfItems{"count",         "append",  "concatenate",
                                                   "remove",        "reverse", "sublist",
                                                   "insert before", "all",     "any"};

// The sign of an operation whose operands are a and b; empty for others.
std::string_view SignOf(Op op) {
  switch (op) {
    case Op::kAdd: return "+";
    case Op::kSubtract: return "-";
    case Op::kMultiply: return "*";
    case Op::kDivide: return "/";
    case Op::kPower: return "**";
    case Op::kEqual: return "=";
    case Op::kNotEqual: return "!=";
    case Op::kLess: return "<";
    case Op::kLessEqual: return "<=";
    case Op::kGreater: return ">";
    case Op::kGreaterEqual: return ">=";
    default: return {};
  }
}

std::string_view NameOf(feel::HitPolicy policy) {
  switch (policy) {
    case feel::HitPolicy::kUnique: return "unique";
    case feel::HitPolicy::kFirst: return "first";
    case feel::HitPolicy::kPriority: return "priority";
    case feel::HitPolicy::kAny: return "any";
    case feel::HitPolicy::kCollect: return "collect";
    case feel::HitPolicy::kRuleOrder: return "rule order";
    case feel::HitPolicy::kOutputOrder: return "output order";
  }
  return {};
}

std::string_view NameOf(feel::Aggregation aggregation) {
  switch (aggregation) {
    case feel::Aggregation::kNone: return {};
    case feel::Aggregation::kSum: return "sum";
    case feel::Aggregation::kCount: return "count";
    case feel::Aggregation::kMin: return "min";
    case feel::Aggregation::kMax: return "max";
  }
  return {};
}

std::string_view WordOf(feel::Kind kind) {
  switch (kind) {
    case feel::Kind::kBoolean: return "boolean";
    case feel::Kind::kNumber: return "number";
    case feel::Kind::kString: return "text";
    case feel::Kind::kDate: return "date";
    case feel::Kind::kTime: return "time";
    case feel::Kind::kDateTime: return "moment";
    case feel::Kind::kMonthsDuration: return "months";
    case feel::Kind::kTimeDuration: return "days";
    case feel::Kind::kContext: return "context";
    default: return {};
  }
}

std::string_view Least(bool included) { return included ? ">=" : ">"; }

std::string_view Most(bool included) { return included ? "<=" : "<"; }

Result<json> Literal(const feel::Value& value) {
  if (value.is(feel::Kind::kList)) {
    json list{"list"};
    for (const feel::Value& item : value.list()) {
      KSTATI_TRY(json form, Literal(item));
      list.push_back(std::move(form));
    }
    return list;
  }
  if (value.is(feel::Kind::kRange)) {
    const feel::Range& range = value.range();
    json form{"range", Least(range.start_included), nullptr, Most(range.end_included), nullptr};
    if (range.has_start) {
      KSTATI_TRY(form[2], Literal(range.start));
    }
    if (range.has_end) {
      KSTATI_TRY(form[4], Literal(range.end));
    }
    return form;
  }
  KSTATI_TRY(json form, ValueForm(value));
  return json{"literal", std::move(form)};
}

Result<json> ValueTest(const feel::Value& value) {
  const bool bounded =
      value.is(feel::Kind::kRange) && value.range().has_start && value.range().has_end;
  if (value.is(feel::Kind::kList) || (value.is(feel::Kind::kRange) && !bounded)) {
    KSTATI_TRY(json member, Literal(value));
    return json{"member", std::move(member)};
  }
  if (!bounded) return Literal(value);
  const feel::Range& range = value.range();
  KSTATI_TRY(json least, Literal(range.start));
  KSTATI_TRY(json most, Literal(range.end));
  return json{"within", Least(range.start_included), std::move(least), Most(range.end_included),
              std::move(most)};
}

// What the verifier reads of one formula; no rule of law comes near.
constexpr int kNestingMax = 400;
constexpr size_t kPartsMax = 100'000;

void Measure(const json& form, int depth, int& deepest, size_t& parts) {
  deepest = std::max(deepest, depth);
  ++parts;
  if (!form.is_structured() || deepest > kNestingMax || parts > kPartsMax) return;
  for (const json& part : form) Measure(part, depth + 1, deepest, parts);
}

}  // namespace

tl::unexpected<Error> NoNotation(std::string_view what) {
  return Fail(ErrorCode::kUnsupported, "a certificate cannot carry " + std::string(what), {},
              "express the rule without it");
}

Result<json> Notation::Of(NodeIndex index) const {
  const Node& node = program_.nodes[index];
  if (const std::string_view sign = SignOf(node.op); !sign.empty()) {
    if (!CanRelate(node)) return NoNotation(std::string(sign) + " between these types");
    return With({sign}, {node.a, node.b});
  }
  switch (node.op) {
    case Op::kConstant: return Literal(program_.constants[node.a]);
    case Op::kLoad: return Load(node.a);
    case Op::kLocal: return json{"local", LocalOf(node.a)};
    case Op::kNegate: return With({"negate"}, {node.a});
    case Op::kAnd: return With({"and"}, Children(node));
    case Op::kOr: return With({"or"}, Children(node));
    case Op::kBetween: return With({"between"}, {node.a, node.b, node.c});
    case Op::kIn: return In(node);
    case Op::kIf: return With({"if"}, {node.a, node.b, node.c});
    case Op::kContext: return Context(node);
    case Op::kPath: return Path(node);
    case Op::kItemEntry: return Entry(node);
    case Op::kFilter: return Filter(node);
    case Op::kFor: return For(node);
    case Op::kSome: return Quantified("some", node);
    case Op::kEvery: return Quantified("every", node);
    case Op::kRange: return RangeOf(node);
    case Op::kLambda: return Function(node);
    case Op::kInstanceOf: return InstanceOf(node);
    case Op::kCallBuiltin: return Call(node);
    case Op::kCallNative: return With({"parameter"}, Children(node));
    case Op::kCallValue: return CallValue(node);
    case Op::kList: return With({"list"}, Children(node));
    case Op::kConvert: return Convert(node);
    case Op::kDecisionTable: return Table(program_.tables[node.a]);
    default: return NoNotation("this operation: " + program_.text.substr(node.offset, node.length));
  }
}

Result<json> Notation::CallValue(const Node& node) const {
  if (node.flags != feel::kNamed) return With({"invoke"}, Children(node));
  std::vector<NodeIndex> children = Children(node);
  json names = json::array();
  for (size_t i = 0; i + 1 < children.size(); ++i) names.push_back(program_.names[node.c + i]);
  KSTATI_TRY(json function, Of(children.front()));
  children.erase(children.begin());
  return With({"invoke by name", std::move(function), std::move(names)}, children);
}

Result<json> Notation::With(json head, const std::vector<NodeIndex>& operands) const {
  for (const NodeIndex operand : operands) {
    KSTATI_TRY(json form, Of(operand));
    head.push_back(std::move(form));
  }
  return head;
}

feel::Kind Notation::KindOf(NodeIndex index) const {
  const feel::Type& type = program_.types[index];
  return type.is_any() ? feel::Kind::kNull : type.kind();
}

// Whether all of a value is told by what the rule names: of a relative that is not so.
bool Notation::IsWhole(NodeIndex index) const {
  if (!shows_relatives_) return true;
  feel::Type type = program_.types[index];
  while (!type.is_any() && type.is(feel::Kind::kList)) type = type.element();
  return !type.is_any() && !type.is(feel::Kind::kContext);
}

bool Notation::CanRelate(const Node& node) const {
  return std::ranges::all_of(std::array{node.a, node.b}, [&](NodeIndex operand) {
    return IsWhole(operand) && KindOf(operand) != feel::Kind::kFunction;
  });
}

Result<json> Notation::Path(const Node& node) const {
  return With({"path", program_.names[node.b]}, {node.a});
}

std::vector<NodeIndex> Notation::Children(const Node& node) const {
  const auto first = program_.children.begin() + node.a;
  return {first, first + node.b};
}

// A test is ["test", sign, operand] or ["within", sign, least, sign, most], with the value tested
// left out, or a formula for the value to equal.
Result<json> Notation::In(const Node& node) const {
  KSTATI_TRY(json form, With({"in"}, {node.c}));
  for (const NodeIndex child : Children(node)) {
    if (const feel::Value* list = ConstantList(child); list != nullptr && IsNoList(node.c)) {
      for (const feel::Value& item : list->list()) {
        KSTATI_TRY(json test, ValueTest(item));
        form.push_back(std::move(test));
      }
      continue;
    }
    KSTATI_TRY(json test, Test(child));
    form.push_back(std::move(test));
  }
  return form;
}

const feel::Value* Notation::ConstantList(NodeIndex index) const {
  const Node& node = program_.nodes[index];
  if (node.op != Op::kConstant) return nullptr;
  const feel::Value& value = program_.constants[node.a];
  return value.is(feel::Kind::kList) ? &value : nullptr;
}

bool Notation::IsNoList(NodeIndex index) const {
  return !program_.types[index].is_any() && KindOf(index) != feel::Kind::kList;
}

Result<json> Notation::Test(NodeIndex index) const {
  const Node& test = program_.nodes[index];
  if (test.op == Op::kTest) {
    return With({"test", SignOf(static_cast<Op>(test.flags))}, {test.a});
  }
  if (test.op == Op::kConstant) return ValueTest(program_.constants[test.a]);
  if (test.op == Op::kRange && test.a != feel::kNoNode && test.b != feel::kNoNode) {
    return Within(test);
  }
  if (!IsWhole(index)) return NoNotation("a search for a relative");
  if (!IsNoList(index) || KindOf(index) == feel::Kind::kRange) return With({"member"}, {index});
  return Of(index);
}

Result<json> Notation::Within(const Node& range) const {
  json form{"within", Least((range.flags & feel::kStartIncluded) != 0)};
  KSTATI_TRY(json least, Of(range.a));
  KSTATI_TRY(json most, Of(range.b));
  form.push_back(std::move(least));
  form.push_back(Most((range.flags & feel::kEndIncluded) != 0));
  form.push_back(std::move(most));
  return form;
}

Result<json> Notation::Context(const Node& node) const {
  if (node.flags == feel::kLastEntry) return LastEntry(node);
  json form{"context"};
  for (uint32_t i = 0; i < node.b; i += 2) {
    json entry =
        json::array({program_.names[node.c + i / 2], LocalOf(program_.children[node.a + i + 1])});
    KSTATI_TRY(json whole, With(std::move(entry), {program_.children[node.a + i]}));
    form.push_back(std::move(whole));
  }
  return form;
}

Result<json> Notation::LastEntry(const Node& node) const {
  json parts = json::array();
  for (uint32_t i = 0; i + 2 < node.b; i += 2) {
    KSTATI_TRY(json part, With(json::array({LocalOf(program_.children[node.a + i + 1])}),
                               {program_.children[node.a + i]}));
    parts.push_back(std::move(part));
  }
  return With({"let", std::move(parts)}, {program_.children[node.a + node.b - 2]});
}

Result<json> Notation::Convert(const Node& node) const {
  KSTATI_TRY(json type, TypeForm(program_.type_references[node.b]));
  return With({"convert", std::move(type)}, {node.a});
}

Result<void> Notation::AddPart(NodeIndex index, const char* name, json& form) const {
  if (index == feel::kNoNode) return {};
  KSTATI_TRY(form[name], Of(index));
  return {};
}

Result<json> Notation::Table(const feel::DecisionTable& table) const {
  json form{{"policy", NameOf(table.hit_policy)},
            {"inputs", json::array()},
            {"outputs", json::array()},
            {"rules", json::array()}};
  if (table.aggregation != feel::Aggregation::kNone) {
    form["aggregation"] = NameOf(table.aggregation);
  }
  for (const feel::DecisionTable::Input& input : table.inputs) {
    json column{{"local", LocalOf(input.local)}};
    KSTATI_TRY(column["value"], Of(input.value));
    KSTATI_TRY_VOID(AddPart(input.valid, "valid", column));
    form["inputs"].push_back(std::move(column));
  }
  for (const feel::DecisionTable::Output& output : table.outputs) {
    json column{{"name", output.name}};
    KSTATI_TRY_VOID(AddPart(output.default_value, "default", column));
    KSTATI_TRY_VOID(AddPart(output.priorities, "priorities", column));
    form["outputs"].push_back(std::move(column));
  }
  for (const feel::DecisionTable::Rule& rule : table.rules) {
    json row = json::object();
    KSTATI_TRY(row["tests"], With(json::array(), rule.tests));
    KSTATI_TRY(row["outputs"], With(json::array(), rule.outputs));
    form["rules"].push_back(std::move(row));
  }
  return json{"table", std::move(form)};
}

Result<json> Notation::Entry(const Node& node) const {
  json head{"entry", program_.names[node.b], LocalOf(node.a)};
  if (node.c != feel::kNoNode) return With(std::move(head), {node.c});
  head.push_back(json::array({"literal", nullptr}));
  return head;
}

Result<json> Notation::Filter(const Node& node) const {
  const auto* const word = node.flags == feel::kFilterByCondition ? "filter"
                           : node.flags == feel::kFilterByIndex   ? "position"
                                                                  : "select";
  if (node.flags == 0 && KindOf(node.b) == feel::Kind::kBoolean) {
    return NoNotation("a filter that is no condition");
  }
  return With({word, LocalOf(node.local)}, {node.a, node.b});
}

// [[i, list] or [i, from, to]...]
Result<json> Notation::Iterators(const Node& node) const {
  json iterators = json::array();
  for (uint32_t i = 0; i < node.b; i += 3) {
    const NodeIndex last = program_.children[node.a + i + 1];
    std::vector<NodeIndex> domain{program_.children[node.a + i]};
    if (last != feel::kNoNode) domain.push_back(last);
    json head = json::array({LocalOf(program_.children[node.a + i + 2])});
    KSTATI_TRY(json iterator, With(std::move(head), domain));
    iterators.push_back(std::move(iterator));
  }
  return iterators;
}

Result<json> Notation::Quantified(std::string_view word, const Node& node) const {
  if (node.b == 3 && program_.children[node.a + 1] == feel::kNoNode) {
    return With({word, LocalOf(program_.children[node.a + 2])},
                {program_.children[node.a], node.c});
  }
  KSTATI_TRY(json iterators, Iterators(node));
  return With({word, std::move(iterators)}, {node.c});
}

Result<json> Notation::For(const Node& node) const {
  KSTATI_TRY(json iterators, Iterators(node));
  KSTATI_TRY(json form, With({"for", std::move(iterators)}, {node.c}));
  if ((node.flags & feel::kUsesPartial) != 0) form.push_back(LocalOf(node.local));
  return form;
}

Result<json> Notation::RangeOf(const Node& node) const {
  json form{"range", Least((node.flags & feel::kStartIncluded) != 0), nullptr,
            Most((node.flags & feel::kEndIncluded) != 0), nullptr};
  if (node.a != feel::kNoNode) {
    KSTATI_TRY(form[2], Of(node.a));
  }
  if (node.b != feel::kNoNode) {
    KSTATI_TRY(form[4], Of(node.b));
  }
  return form;
}

// ["function", [[i, type, name]...], [captured local...], body]. The locals of functions are
// numbered after those of the program, so that all differ.
Result<json> Notation::Function(const Node& node) const {
  const feel::Lambda& lambda = program_.lambdas[node.a];
  const size_t outer = base_;
  const size_t own = first_local_ + kLocalsOfLambda * (node.a + 1);
  if (lambda.frame_size > kLocalsOfLambda) return NoNotation("a function of so many names");
  json parameters = json::array();
  for (size_t i = 0; i < lambda.parameters.size(); ++i) {
    KSTATI_TRY(json type, TypeForm(lambda.parameter_types[i]));
    parameters.push_back(json::array({own + i, std::move(type), lambda.parameters[i]}));
  }
  json captured = json::array();
  json copies = json::array();
  for (const auto& [from, to] : lambda.captures) {
    captured.push_back(outer + from);
    copies.push_back(json::array({own + to, json{"local", outer + from}}));
  }
  base_ = own;
  Result<json> body = Of(lambda.body);
  base_ = outer;
  KSTATI_TRY(json form, std::move(body));
  if (!copies.empty()) form = json{"let", std::move(copies), std::move(form)};
  return json{"function", std::move(parameters), std::move(captured), std::move(form)};
}

Result<json> Notation::InstanceOf(const Node& node) const {
  if (!IsWhole(node.a)) return NoNotation("the type of a relative");
  KSTATI_TRY(json type, TypeForm(program_.type_references[node.b]));
  return With({"instance of", std::move(type)}, {node.a});
}

// The names of the parameters, where those of another form of the function tell the two apart.
std::optional<json> Notation::TellingNames(const Node& node) {
  if (node.flags == 0) return std::nullopt;
  const auto& signatures = feel::Builtins()[node.c].signatures;
  const feel::Signature& own = signatures[node.flags - 1U];
  json names = json::array();
  for (size_t i = 0; i < node.b && i < own.size(); ++i) names.push_back(own[i].name);
  const bool alone = std::ranges::all_of(signatures, [&](const feel::Signature& other) {
    return other.size() != own.size() ||
           std::ranges::equal(other, own, {}, &feel::Parameter::name, &feel::Parameter::name);
  });
  return alone ? std::nullopt : std::optional(std::move(names));
}

Result<json> Notation::Call(const Node& node) const {
  const std::string_view name = feel::Builtins()[node.c].name;
  const std::vector<NodeIndex> arguments = Children(node);
  if (name == kRangeOfText) return NoNotation("a range made of a text that the rule computes");
  const bool names_entry = name == "get value" && KindOf(arguments[1]) == feel::Kind::kString;
  const bool of_items = names_entry || std::ranges::find(kOfItems, name) != kOfItems.end();
  for (const NodeIndex argument : arguments) {
    if (!of_items && !IsWhole(argument)) {
      return NoNotation("the call of " + std::string(name) + " with relatives");
    }
  }
  if (auto names = TellingNames(node)) {
    return With({"call by name", name, *std::move(names)}, arguments);
  }
  return With({"call", name}, arguments);
}

Result<json> TypeForm(const feel::Type& type) {
  if (type.is_any()) return json();
  if (type.is(feel::Kind::kList)) {
    KSTATI_TRY(json element, TypeForm(type.element()));
    return json{{"list", std::move(element)}};
  }
  if (type.is(feel::Kind::kRange)) {
    KSTATI_TRY(json element, TypeForm(type.element()));
    return json{{"range", std::move(element)}};
  }
  if (type.is(feel::Kind::kContext) && type.fields() != nullptr) {
    json fields = json::object();
    for (const feel::Type::Field& field : *type.fields()) {
      KSTATI_TRY(fields[field.name], TypeForm(field.type));
    }
    return json{{"context", std::move(fields)}};
  }
  const std::string_view word = WordOf(type.kind());
  if (word.empty()) return NoNotation("the type " + type.ToString());
  return json(word);
}

Result<json> Bounded(Result<json> formula) {
  if (!formula) return formula;
  int deepest = 0;
  size_t parts = 0;
  Measure(*formula, 0, deepest, parts);
  if (deepest > kNestingMax) return NoNotation("a rule that nests so deeply");
  if (parts > kPartsMax) return NoNotation("a rule that is so long");
  return formula;
}

}  // namespace kstati::eligibility
