// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "eligibility/feel/evaluator.h"
#include "eligibility/feel/operators.h"

namespace kstati::eligibility::feel {

struct Evaluator::TableMatches {
  std::vector<Value> sure;       // outputs of the rules that match, in their order
  std::vector<Value> possible;   // outputs of the rules that may match
  std::vector<InputId> missing;  // what decides about those
  bool open() const { return !missing.empty(); }
};

Value Evaluator::EvalTable(const Node& node) {
  const DecisionTable& table = program_->tables[node.a];
  if (!LoadInputs(node, table)) return Value::Null();
  TableMatches matches;
  if (table.hit_policy == HitPolicy::kFirst) return FirstMatch(table, matches);
  for (const DecisionTable::Rule& rule : table.rules) {
    const Value match = MatchOf(table, rule);
    if (cut_short_) return Value::Null();
    if (match.is_true()) matches.sure.push_back(OutputOf(table, rule));
    if (!match.is_unknown()) continue;
    CollectMissing(match, matches.missing);
    matches.possible.push_back(OutputOf(table, rule));
  }
  return Outcome(node, table, std::move(matches));
}

// A value outside of those the input admits makes the table's result null.
bool Evaluator::LoadInputs(const Node& node, const DecisionTable& table) {
  for (const DecisionTable::Input& input : table.inputs) {
    Value& value = frame_[input.local];
    value = Eval(input.value);
    if (input.valid == kNoNode || value.is_null()) continue;
    if (!Eval(input.valid).is_false()) continue;
    Note(node, "an input has a value that the table does not admit");
    return false;
  }
  return !cut_short_;
}

// A cell that is neither true nor unknown does not match.
Value Evaluator::MatchOf(const DecisionTable& table, const DecisionTable::Rule& rule) {
  Value all = Value::Boolean(true);
  for (const NodeIndex test : rule.tests) {
    const Value cell = Eval(test);
    if (!cell.is_true() && !cell.is_unknown()) return Value::Boolean(false);
    all = And(all, cell);
  }
  if (all.is_true() && environment_.trace != nullptr) {
    const auto position = static_cast<uint32_t>(&rule - table.rules.data());
    environment_.trace->matches.push_back({{}, position + 1});
  }
  return all;
}

Value Evaluator::OutputOf(const DecisionTable& table, const DecisionTable::Rule& rule) {
  if (rule.outputs.size() == 1) return Eval(rule.outputs.front());
  Value::Entries entries;
  for (size_t i = 0; i < rule.outputs.size(); ++i) {
    entries.push_back({table.outputs[i].name, Eval(rule.outputs[i])});
  }
  return Value::Context(std::move(entries));
}

Value Evaluator::DefaultOf(const DecisionTable& table) {
  const bool given = std::any_of(table.outputs.begin(), table.outputs.end(),
                                 [](const auto& each) { return each.default_value != kNoNode; });
  if (!given) return Value::Null();
  if (table.outputs.size() == 1) return Eval(table.outputs.front().default_value);
  Value::Entries entries;
  for (const DecisionTable::Output& output : table.outputs) {
    entries.push_back({output.name, EvalOr(output.default_value, Value::Null())});
  }
  return Value::Context(std::move(entries));
}

// With rules before it that may match, the first sure one is only one of the possible results.
Value Evaluator::FirstMatch(const DecisionTable& table, TableMatches& matches) {
  for (const DecisionTable::Rule& rule : table.rules) {
    const Value match = MatchOf(table, rule);
    if (cut_short_) return Value::Null();
    if (match.is_true()) {
      matches.sure.push_back(OutputOf(table, rule));
      break;
    }
    if (!match.is_unknown()) continue;
    CollectMissing(match, matches.missing);
    matches.possible.push_back(OutputOf(table, rule));
  }
  if (matches.sure.empty()) matches.sure.push_back(DefaultOf(table));
  return OneOf(std::move(matches));
}

// The one sure output when the possible ones are the same, otherwise unknown.
Value Evaluator::OneOf(TableMatches matches) {
  const Value& sure = matches.sure.front();
  const bool same = std::all_of(matches.possible.begin(), matches.possible.end(),
                                [&](const Value& each) { return Identical(each, sure); });
  if (same) return sure;
  for (const Value& each : matches.possible) CollectMissing(each, matches.missing);
  CollectMissing(sure, matches.missing);
  return Value::Unknown(matches.missing);
}

Value Evaluator::Outcome(const Node& node, const DecisionTable& table, TableMatches matches) {
  if (matches.open()) {
    if (table.hit_policy == HitPolicy::kAny && !matches.sure.empty()) {
      // Rules that match with different outputs make it null, whichever others match.
      const Value only = OnlyOutput(node, matches.sure);
      if (!only.is_unknown()) {
        return Identical(only, matches.sure.front()) ? OneOf(std::move(matches)) : Value::Null();
      }
    }
    for (const Value& each : matches.sure) CollectMissing(each, matches.missing);
    for (const Value& each : matches.possible) CollectMissing(each, matches.missing);
    return Value::Unknown(matches.missing);
  }
  if (table.aggregation != Aggregation::kNone) {
    const bool absent = matches.sure.empty() && table.aggregation != Aggregation::kCount;
    return absent ? DefaultOf(table) : Aggregated(node, table, std::move(matches.sure));
  }
  if (matches.sure.empty()) return DefaultOf(table);
  switch (table.hit_policy) {
    case HitPolicy::kFirst:
    case HitPolicy::kUnique:
      if (matches.sure.size() == 1) return matches.sure.front();
      Note(node, "several rules match, the table admits one");
      return Value::Null();
    case HitPolicy::kAny: return OnlyOutput(node, matches.sure);
    case HitPolicy::kPriority:
    case HitPolicy::kOutputOrder: return ByPriority(table, std::move(matches.sure));
    case HitPolicy::kCollect:
    case HitPolicy::kRuleOrder: break;
  }
  return Bounded(node, Value::List(std::move(matches.sure)));
}

Value Evaluator::OnlyOutput(const Node& node, const std::vector<Value>& outputs) {
  Value same = Value::Boolean(true);
  for (const Value& each : outputs) same = And(same, Compare(Op::kEqual, each, outputs.front()));
  if (same.is_true()) return outputs.front();
  if (same.is_unknown()) return same;
  Note(node, "several rules match with different outputs, the table admits one");
  return Value::Null();
}

// Ranks are compared column by column; what no list of priorities has comes last.
Value Evaluator::ByPriority(const DecisionTable& table, std::vector<Value> outputs) {
  std::vector<Value> priorities;
  for (const DecisionTable::Output& output : table.outputs) {
    priorities.push_back(EvalOr(output.priorities, Value::List({})));
  }
  for (const Value& output : outputs) {
    if (output.has_unknown()) return UnionOfUnknowns(outputs);
  }
  const auto rank = [&](const Value& value, const Value& order) {
    if (!order.is(Kind::kList)) return size_t{0};
    const std::vector<Value>& items = order.list();
    const auto at = std::find_if(items.begin(), items.end(), [&](const Value& item) {
      return Equals(value, item) == Truth::kTrue;
    });
    return static_cast<size_t>(at - items.begin());
  };
  const auto ranks = [&](const Value& output) {
    if (table.outputs.size() == 1) return std::vector<size_t>{rank(output, priorities.front())};
    std::vector<size_t> each;
    for (size_t i = 0; i < priorities.size(); ++i) {
      each.push_back(rank(output.context()[i].value, priorities[i]));
    }
    return each;
  };
  std::stable_sort(outputs.begin(), outputs.end(),
                   [&](const Value& a, const Value& b) { return ranks(a) < ranks(b); });
  if (table.hit_policy == HitPolicy::kPriority) return outputs.front();
  return Value::List(std::move(outputs));
}

Value Evaluator::Aggregated(const Node& node, const DecisionTable& table,
                            std::vector<Value> outputs) {
  if (table.outputs.size() > 1 && table.aggregation != Aggregation::kCount) {
    Note(node, "only a table of one output aggregates");
    return Value::Null();
  }
  std::string_view name = "count";
  if (table.aggregation == Aggregation::kSum) name = "sum";
  if (table.aggregation == Aggregation::kMin) name = "min";
  if (table.aggregation == Aggregation::kMax) name = "max";
  std::vector<Value> arguments{Value::List(std::move(outputs))};
  const Node* const outer = std::exchange(calling_, &node);
  Value result = RunBuiltin(Builtins()[*FindBuiltin(name)], arguments, *this);
  calling_ = outer;
  return result;
}

}  // namespace kstati::eligibility::feel
