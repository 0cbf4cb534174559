// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "graph/internal/reader.h"

namespace kstati::graph {
namespace {

constexpr int64_t kMostVisits = 100;

// What criteria and conditions share: their ids and the grounds that they answer for.
struct ClosedList {
  std::vector<std::string> grounds;
  std::set<std::string> ids;    // of criteria and conditions together
  std::set<std::string> cited;  // grounds
};

std::string ReadRequirementId(const yaml::Node& node, ClosedList& list) {
  std::string id = node.Text().value_or(std::string());
  if (!id.empty() && !list.ids.insert(id).second) {
    node.Problem("\"" + id + "\" is used twice in this regulation");
  }
  return id;
}

GroundId ReadCitedGround(const yaml::Node& node, ClosedList& list) {
  std::string ground = node.OneOf(list.grounds).value_or(std::string());
  list.cited.insert(ground);
  return GroundId(std::move(ground));
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

int64_t ReadCount(const yaml::Node& node, int64_t most) {
  const std::optional<int64_t> count = node.Integer();
  if (count && (*count < 0 || *count > most)) {
    node.Problem("the number must be from 0 to " + std::to_string(most));
  }
  return count.value_or(0);
}

Term ReadTerm(const yaml::Node& node) {
  Term term;
  term.value = ReadCount(node.Require("value"), kLongestTerm);
  const std::optional<std::string> unit =
      node.Require("unit").OneOf({"minutes", "working_days", "calendar_days", "months"});
  if (unit) term.unit = ParseTermUnit(*unit).value();
  return term;
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
  node.RejectUnknownKeys();
  const int given = (amount ? 1 : 0) + (parameter ? 1 : 0) + (text ? 1 : 0);
  if (node.is_map() && given != 1) {
    node.Problem("a fee has exactly one of amount, parameter and text", "no fee: {amount: 0}");
  }
  return fee;
}

Benefit ReadBenefit(Reader& reader, const yaml::Node& node) {
  Benefit benefit;
  benefit.parameters = reader.ReferIds<ParameterId>(Kind::kParameter, node.Require("parameters"));
  const std::optional<std::string> period = node.Require("period").OneOf({"once", "month", "year"});
  if (period == "month") benefit.period = AmountPeriod::kMonth;
  if (period == "year") benefit.period = AmountPeriod::kYear;
  benefit.text = node.Get("text").Texts();
  node.RejectUnknownKeys();
  return benefit;
}

ApplyWithin ReadApplyWithin(Reader& reader, const yaml::Node& node) {
  ApplyWithin within;
  const int64_t value = ReadCount(node.Require("value"), kLongestTerm);
  const std::optional<std::string> unit = node.Require("unit").OneOf({"calendar_days", "months"});
  (unit == "months" ? within.period.months : within.period.days) = value;
  within.event = EventTypeId(reader.Refer(Kind::kEventType, node.Require("event")));
  within.source.act = ActId(reader.Refer(Kind::kAct, node.Require("act")));
  within.source.article = node.Require("article").Text().value_or(std::string());
  if (node.Get("verification")) {
    Verified verified = ReadVerified(reader, node);
    within.source.verification = verified.verification;
    within.source.sources = std::move(verified.sources);
  }
  node.RejectUnknownKeys();
  return within;
}

// A state that acts without being asked must name the law that lets it.
void ReadMode(Reader& reader, const yaml::Node& node, Regulation& regulation) {
  const yaml::Node mode = node.Require("mode");
  const std::optional<std::string> word =
      mode.OneOf({"on-request", "proactive-inform", "proactive-prepare", "proactive-act"});
  if (word == "proactive-inform") regulation.mode = Mode::kProactiveInform;
  if (word == "proactive-prepare") regulation.mode = Mode::kProactivePrepare;
  if (word == "proactive-act") regulation.mode = Mode::kProactiveAct;
  if (const yaml::Node basis = node.Get("mode_basis")) {
    regulation.mode_basis = ReadLegalSource(reader, basis);
    basis.RejectUnknownKeys();
  }
  const bool acts = word == "proactive-prepare" || word == "proactive-act";
  if (acts && !regulation.mode_basis) {
    mode.Problem("the mode " + *word + " needs a mode_basis",
                 "name the act and article that allow it, or write proactive-inform");
  }
}

// Every ground is either cited, and then `kstati check` wants a person refused on it, or said to be
// the authority's.
void CheckGrounds(const yaml::Node& grounds, const yaml::Node& of_authority,
                  const ClosedList& list) {
  for (const yaml::Node& ground : grounds.Items()) {
    if (list.cited.contains(ground.Text().value_or(std::string()))) continue;
    ground.Problem("no criterion or condition cites this ground",
                   "when only the authority decides it, list it under authority_grounds");
  }
  for (const yaml::Node& ground : of_authority.Items()) {
    const std::string id = ground.Text().value_or(std::string());
    if (std::ranges::find(list.grounds, id) == list.grounds.end()) continue;
    ground.Problem("this ground is among `grounds` already", "list it in one of the two");
  }
}

void ReadRequirements(Reader& reader, const yaml::Node& node, Regulation& regulation) {
  ClosedList list;
  const yaml::Node grounds = node.Require("grounds");
  list.grounds = reader.ReferAll(Kind::kGround, grounds);
  for (const std::string& ground : list.grounds) regulation.grounds.emplace_back(ground);
  for (const yaml::Node& item : node.Require("criteria").Items()) {
    regulation.criteria.push_back(ReadCriterion(reader, item, list));
  }
  for (const yaml::Node& item : node.Get("conditions").Items()) {
    regulation.conditions.push_back(ReadCondition(reader, item, list));
  }
  const yaml::Node of_authority = node.Get("authority_grounds");
  regulation.authority_grounds = reader.ReferIds<GroundId>(Kind::kGround, of_authority);
  CheckGrounds(grounds, of_authority, list);
}

void ReadTermAndFee(Reader& reader, const yaml::Node& node, Regulation& regulation) {
  const yaml::Node term = node.Require("term");
  regulation.term = ReadTerm(term);
  const std::optional<std::string> from = term.Require("from").OneOf({"facts", "request"});
  if (from == "facts") regulation.term_from = TermStart::kFacts;
  term.RejectUnknownKeys();
  regulation.fee = ReadFee(reader, node.Require("fee"));
  if (const yaml::Node amount = node.Get("amount")) {
    regulation.benefit = ReadBenefit(reader, amount);
  }
  regulation.visits = static_cast<int>(ReadCount(node.Require("visits"), kMostVisits));
  regulation.channels = ReadAnyWords(node.Require("channels"));
  if (const yaml::Node within = node.Get("apply_within")) {
    regulation.apply_within = ReadApplyWithin(reader, within);
  }
}

AcceptedFinding ReadAccepted(const yaml::Node& node) {
  AcceptedFinding accepted;
  accepted.finding = node.Require("finding").Text().value_or(std::string());
  accepted.of = node.Require("of").Text().value_or(std::string());
  accepted.why = node.Require("why").Text().value_or(std::string());
  node.RejectUnknownKeys();
  return accepted;
}

}  // namespace

Regulation ReadRegulation(Reader& reader, const yaml::Node& node) {
  Regulation regulation;
  regulation.location = node.location();
  regulation.in_force = ReadInterval(node);
  Verified verified = ReadVerified(reader, node);
  regulation.verification = verified.verification;
  regulation.sources = std::move(verified.sources);
  regulation.as_of = node.Require("as_of").Text().value_or(std::string());
  ReadMode(reader, node, regulation);
  regulation.triggers = reader.ReferIds<EventTypeId>(Kind::kEventType, node.Require("triggers"));
  regulation.inputs = ReadInputs(reader, node.Require("inputs"));
  regulation.outputs = reader.ReferIds<AttributeId>(Kind::kAttribute, node.Require("outputs"));
  ReadRequirements(reader, node, regulation);
  ReadTermAndFee(reader, node, regulation);
  for (const yaml::Node& item : node.Get("accepted").Items()) {
    regulation.accepted.push_back(ReadAccepted(item));
  }
  node.RejectUnknownKeys();
  return regulation;
}

}  // namespace kstati::graph
