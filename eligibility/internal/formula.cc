// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/formula.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "eligibility/feel/builtin.h"
#include "eligibility/internal/catalogue_scope.h"

namespace kstati::eligibility {
namespace {

using feel::Node;
using feel::NodeIndex;
using feel::Op;
using nlohmann::json;

constexpr std::array<std::string_view, 9> kFunctions{
    "not", "count", "sum", "min", "max", "all", "any", "today", "years and months duration"};

// Kinds that certificates compare and add.
constexpr std::array<feel::Kind, 7> kKinds{
    feel::Kind::kNull, feel::Kind::kBoolean,        feel::Kind::kNumber,      feel::Kind::kString,
    feel::Kind::kDate, feel::Kind::kMonthsDuration, feel::Kind::kTimeDuration};

tl::unexpected<Error> NoNotation(std::string_view what) {
  return Fail(ErrorCode::kUnsupported, "a certificate cannot carry " + std::string(what), {},
              "express the rule without it");
}

// The sign of an operation whose operands are a and b; empty for others.
std::string_view SignOf(Op op) {
  switch (op) {
    case Op::kAdd: return "+";
    case Op::kSubtract: return "-";
    case Op::kMultiply: return "*";
    case Op::kDivide: return "/";
    case Op::kEqual: return "=";
    case Op::kNotEqual: return "!=";
    case Op::kLess: return "<";
    case Op::kLessEqual: return "<=";
    case Op::kGreater: return ">";
    case Op::kGreaterEqual: return ">=";
    default: return {};
  }
}

class Notation {
 public:
  Notation(const feel::Program& program, const Rulebook& book) : program_(program), book_(book) {}

  Result<json> Of(NodeIndex index) const {
    const Node& node = program_.nodes[index];
    if (const std::string_view sign = SignOf(node.op); !sign.empty()) {
      if (!CanRelate(node)) return NoNotation(std::string(sign) + " between these types");
      return With({sign}, {node.a, node.b});
    }
    switch (node.op) {
      case Op::kConstant: return Literal(program_.constants[node.a]);
      case Op::kLoad: return json{"name", book_.IdOf(node.a).text()};
      case Op::kLocal: return json{"local", node.a};
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
      case Op::kSome: return Quantified("some", node);
      case Op::kEvery: return Quantified("every", node);
      case Op::kCallBuiltin: return Call(node);
      case Op::kCallNative: return With({"parameter"}, Children(node));
      default:
        return NoNotation("this operation: " + program_.text.substr(node.offset, node.length));
    }
  }

 private:
  Result<json> With(json head, const std::vector<NodeIndex>& operands) const {
    for (const NodeIndex operand : operands) {
      KSTATI_TRY(json form, Of(operand));
      head.push_back(std::move(form));
    }
    return head;
  }

  feel::Kind KindOf(NodeIndex index) const {
    const feel::Type& type = program_.types[index];
    return type.is_any() ? feel::Kind::kNull : type.kind();
  }

  bool CanRelate(const Node& node) const {
    const bool scales = node.op == Op::kMultiply || node.op == Op::kDivide;
    return std::ranges::all_of(std::array{node.a, node.b}, [&](NodeIndex operand) {
      const feel::Type& type = program_.types[operand];
      if (type.is_any()) return false;
      return scales ? type.is(feel::Kind::kNumber) || type.is(feel::Kind::kNull)
                    : std::ranges::find(kKinds, type.kind()) != kKinds.end();
    });
  }

  Result<json> Path(const Node& node) const {
    const std::string& name = program_.names[node.b];
    const feel::Kind base = KindOf(node.a);
    const bool moment = base == feel::Kind::kTime || base == feel::Kind::kDateTime;
    const bool fraction = base == feel::Kind::kTimeDuration && name == "seconds";
    if (moment || fraction || base == feel::Kind::kRange) return NoNotation("the property " + name);
    return With({"path", name}, {node.a});
  }

  std::vector<NodeIndex> Children(const Node& node) const {
    const auto first = program_.children.begin() + node.a;
    return {first, first + node.b};
  }

  static Result<json> Literal(const feel::Value& value) {
    KSTATI_TRY(json form, ValueForm(value));
    return json{"literal", std::move(form)};
  }

  // A test is ["<", operand], with the value tested left out, or a formula for the value to equal.
  Result<json> In(const Node& node) const {
    KSTATI_TRY(json form, With({"in"}, {node.c}));
    for (const NodeIndex child : Children(node)) {
      const Node& test = program_.nodes[child];
      if (test.op == Op::kTest) {
        KSTATI_TRY(json compared, With({"test", SignOf(static_cast<Op>(test.flags))}, {test.a}));
        form.push_back(std::move(compared));
        continue;
      }
      if (program_.types[child].is_any() || KindOf(child) == feel::Kind::kList) {
        return NoNotation("a list to look for a value in");
      }
      KSTATI_TRY(json equal, Of(child));
      form.push_back(std::move(equal));
    }
    return form;
  }

  Result<json> Context(const Node& node) const {
    if (node.flags != 0) return NoNotation("a context that gives its last entry");
    json form{"context"};
    for (uint32_t i = 0; i < node.b; i += 2) {
      json entry = json::array({program_.names[node.c + i / 2], program_.children[node.a + i + 1]});
      KSTATI_TRY(json whole, With(std::move(entry), {program_.children[node.a + i]}));
      form.push_back(std::move(whole));
    }
    return form;
  }

  Result<json> Entry(const Node& node) const {
    json head{"entry", program_.names[node.b], node.a};
    if (node.c != feel::kNoNode) return With(std::move(head), {node.c});
    head.push_back(json::array({"literal", nullptr}));
    return head;
  }

  Result<json> Filter(const Node& node) const {
    if (node.flags != feel::kFilterByCondition) return NoNotation("a position in a list");
    return With({"filter", node.local}, {node.a, node.b});
  }

  Result<json> Quantified(std::string_view word, const Node& node) const {
    if (node.b != 3 || program_.children[node.a + 1] != feel::kNoNode) {
      return NoNotation("an iteration over a range or several lists");
    }
    return With({word, program_.children[node.a + 2]}, {program_.children[node.a], node.c});
  }

  Result<json> Call(const Node& node) const {
    const std::string_view name = feel::Builtins()[node.c].name;
    if (std::ranges::find(kFunctions, name) == kFunctions.end() || node.flags != 0) {
      return NoNotation("the call of " + std::string(name));
    }
    return With({"call", name}, Children(node));
  }

  const feel::Program& program_;
  const Rulebook& book_;
};

}  // namespace

Result<json> FormulaOf(const Rule& rule, const Rulebook& book) {
  const feel::Program& program = rule.expression.program();
  return Notation(program, book).Of(program.root);
}

Result<json> ValueForm(const feel::Value& value) {
  switch (value.kind()) {
    case feel::Kind::kNull: return json();
    case feel::Kind::kBoolean: return json(value.boolean());
    case feel::Kind::kNumber: return json{{"number", value.number().ToString()}};
    case feel::Kind::kString: return json{{"text", value.string()}};
    case feel::Kind::kDate: return json{{"date", value.date().ToString()}};
    case feel::Kind::kMonthsDuration:
      return json{{"months", std::to_string(value.months().months)}};
    default: return NoNotation("a value of the kind " + std::string(feel::NameOf(value.kind())));
  }
}

}  // namespace kstati::eligibility
