// SPDX-License-Identifier: Apache-2.0
#include "graph/internal/regulation_parts.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "graph/scenario.h"

namespace kstati::graph {
namespace {

std::string ReadRequirementId(const yaml::Node& node, ClosedList& list) {
  std::string id = node.Text().value_or(std::string());
  if (!id.empty() && !list.ids.insert(id).second) {
    node.Problem("\"" + id + "\" is used twice in this regulation");
  }
  return id;
}

Criterion ReadCriterion(Reader& reader, const yaml::Node& node, ClosedList& list) {
  Criterion criterion;
  criterion.id = ReadRequirementId(node.Require("id"), list);
  const yaml::Node rule = node.Require("rule");
  criterion.rule = rule.Text().value_or(std::string());
  criterion.rule_location = rule.text_location();
  criterion.text = node.Require("text").Texts().value_or(Bilingual());
  criterion.ground = ReadCitedGround(node.Require("ground"), list);
  criterion.source = ReadLegalSource(reader, node);
  node.RejectUnknownKeys();
  return criterion;
}

Condition ReadCondition(Reader& reader, const yaml::Node& node, ClosedList& list) {
  Condition condition;
  condition.id = ReadRequirementId(node.Require("id"), list);
  condition.text = node.Require("text").Texts().value_or(Bilingual());
  condition.ground = ReadCitedGround(node.Require("ground"), list);
  if (node.Get("act") || node.Get("article") || node.Get("verification")) {
    condition.source = ReadLegalSource(reader, node);
  }
  node.RejectUnknownKeys();
  return condition;
}

// "doc.birth_record" or {any_of: [doc.marriage_record, doc.name_change_record]}.
Input ReadInput(Reader& reader, const yaml::Node& node) {
  Input input;
  input.location = node.location();
  if (node.is_scalar()) {
    input.any_of.emplace_back(reader.Refer(Kind::kAttribute, node));
    return input;
  }
  const yaml::Node alternatives = node.Require("any_of");
  input.any_of = reader.ReferIds<AttributeId>(Kind::kAttribute, alternatives);
  if (alternatives.is_list() && input.any_of.empty()) alternatives.Problem("there is no choice");
  node.RejectUnknownKeys();
  return input;
}

std::map<Latency, Term> ReadLengthsByLatency(const yaml::Node& map) {
  std::map<Latency, Term> terms;
  for (const auto& [name, node] : map.Entries()) {
    const std::optional<Latency> latency = ParseLatency(name);
    if (!latency) {
      node.Problem("\"" + name + "\" is no class of latency",
                   "one of at_hand, data_mart, interagency, on_site");
      continue;
    }
    terms[*latency] = ReadLength(node);
    node.RejectUnknownKeys();
  }
  return terms;
}

Discount ReadDiscount(Reader& reader, const yaml::Node& node) {
  Discount discount;
  discount.factor = ParameterId(reader.Refer(Kind::kParameter, node.Require("factor")));
  discount.channel = node.Require("channel").OneOf(KnownChannels()).value_or(std::string());
  node.RejectUnknownKeys();
  return discount;
}

}  // namespace

Term ReadLength(const yaml::Node& node) {
  Term term;
  term.value = ReadCount(node.Require("value"), kLongestTerm);
  const std::optional<std::string> unit =
      node.Require("unit").OneOf({"minutes", "working_days", "calendar_days", "months"});
  if (unit) term.unit = ParseTermUnit(*unit).value();
  return term;
}

GroundId ReadCitedGround(const yaml::Node& node, ClosedList& list) {
  std::string ground = node.OneOf(list.grounds).value_or(std::string());
  list.cited.insert(ground);
  return GroundId(std::move(ground));
}

std::vector<Criterion> ReadCriteria(Reader& reader, const yaml::Node& nodes, ClosedList& list) {
  std::vector<Criterion> criteria;
  for (const yaml::Node& node : nodes.Items()) {
    criteria.push_back(ReadCriterion(reader, node, list));
  }
  return criteria;
}

std::vector<Condition> ReadConditions(Reader& reader, const yaml::Node& nodes, ClosedList& list) {
  std::vector<Condition> conditions;
  for (const yaml::Node& node : nodes.Items()) {
    conditions.push_back(ReadCondition(reader, node, list));
  }
  return conditions;
}

std::vector<Input> ReadInputs(Reader& reader, const yaml::Node& list) {
  std::vector<Input> inputs;
  for (const yaml::Node& node : list.Items()) {
    Input input = ReadInput(reader, node);
    if (input.any_of.empty()) continue;
    const bool repeated = std::any_of(inputs.begin(), inputs.end(), [&](const Input& other) {
      return other.any_of == input.any_of;
    });
    if (repeated) node.Problem("this input is listed twice");
    inputs.push_back(std::move(input));
  }
  return inputs;
}

void ReadTerm(const yaml::Node& map, Regulation& regulation) {
  const yaml::Node node = map.Require("term");
  regulation.term = ReadLength(node);
  regulation.term_by_latency = ReadLengthsByLatency(node.Get("by_latency"));
  const std::optional<std::string> from = node.Require("from").OneOf({"facts", "request"});
  if (from == "facts") regulation.term_from = TermStart::kFacts;
  node.RejectUnknownKeys();
}

Fee ReadFee(Reader& reader, const yaml::Node& node) {
  Fee fee;
  const yaml::Node amount = node.Get("amount");
  const yaml::Node parameter = node.Get("parameter");
  const yaml::Node text = node.Get("text");
  fee.amount = amount.Number();
  if (fee.amount && fee.amount->IsNegative()) amount.Problem("a fee is not negative");
  if (parameter) fee.parameter = ParameterId(reader.Refer(Kind::kParameter, parameter));
  fee.text = text.Texts();
  for (const yaml::Node& item : node.Get("discounts").Items()) {
    fee.discounts.push_back(ReadDiscount(reader, item));
  }
  node.RejectUnknownKeys();
  const int given = (amount ? 1 : 0) + (parameter ? 1 : 0) + (text ? 1 : 0);
  if (node.is_map() && given != 1) {
    node.Problem("a fee has exactly one of amount, parameter and text", "no fee: {amount: 0}");
  }
  return fee;
}

Benefit ReadBenefit(Reader& reader, const yaml::Node& node) {
  Benefit benefit;
  const yaml::Node rule = node.Get("rule");
  const yaml::Node parameters = rule ? node.Get("parameters") : node.Require("parameters");
  benefit.parameters = reader.ReferIds<ParameterId>(Kind::kParameter, parameters);
  benefit.rule = rule.Text().value_or(std::string());
  if (rule) benefit.rule_location = rule.text_location();
  const std::optional<std::string> period = node.Require("period").OneOf({"once", "month", "year"});
  if (period == "month") benefit.period = AmountPeriod::kMonth;
  if (period == "year") benefit.period = AmountPeriod::kYear;
  benefit.text = node.Get("text").Texts();
  node.RejectUnknownKeys();
  return benefit;
}

void ReadDelivery(Reader& reader, const yaml::Node& map, Changes& changes) {
  const yaml::Node visits = map.Get("visits");
  const yaml::Node channels = map.Get("channels");
  if (visits) changes.visits = static_cast<int>(ReadCount(visits, kMostVisits));
  if (channels) changes.channels = ReadChannels(channels);
  const yaml::Node scenarios = map.Get("scenarios");
  if (!scenarios) return;
  changes.scenarios = ReadScenarios(reader, scenarios);
  (visits ? visits : channels)
      .Problem("each scenario states its own visits and channels",
               "leave this out, or leave out scenarios");
}

Changes ReadChanges(Reader& reader, const yaml::Node& map, ClosedList& list) {
  Changes changes;
  changes.criteria = ReadCriteria(reader, map.Get("criteria"), list);
  changes.conditions = ReadConditions(reader, map.Get("conditions"), list);
  changes.inputs = ReadInputs(reader, map.Get("inputs"));
  if (const yaml::Node term = map.Get("term")) {
    changes.term = ReadLength(term);
    changes.term_by_latency = ReadLengthsByLatency(term.Get("by_latency"));
    term.RejectUnknownKeys();
  }
  if (const yaml::Node fee = map.Get("fee")) changes.fee = ReadFee(reader, fee);
  if (const yaml::Node amount = map.Get("amount")) changes.benefit = ReadBenefit(reader, amount);
  ReadDelivery(reader, map, changes);
  return changes;
}

}  // namespace kstati::graph
