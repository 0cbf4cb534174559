// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "graph/internal/reader.h"
#include "graph/internal/regulation_parts.h"

namespace kstati::graph {
namespace {

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
  regulation.criteria = ReadCriteria(reader, node.Require("criteria"), list);
  regulation.conditions = ReadConditions(reader, node.Get("conditions"), list);
  ReadVariants(reader, node, list, regulation);
  const yaml::Node of_authority = node.Get("authority_grounds");
  regulation.authority_grounds = reader.ReferIds<GroundId>(Kind::kGround, of_authority);
  CheckGrounds(grounds, of_authority, list);
}

// As changes of a regulation that has none yet.
Changes RequireDelivery(Reader& reader, const yaml::Node& node) {
  Changes delivery;
  if (!node.Get("scenarios")) {
    node.Require("visits");
    node.Require("channels");
  }
  ReadDelivery(reader, node, delivery);
  return delivery;
}

void ReadTermAndFee(Reader& reader, const yaml::Node& node, Regulation& regulation) {
  ReadTerm(node, regulation);
  regulation.fee = ReadFee(reader, node.Require("fee"));
  if (const yaml::Node amount = node.Get("amount")) {
    regulation.benefit = ReadBenefit(reader, amount);
  }
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

// What a region may have otherwise: whole keys, or a criterion by its id.
std::vector<std::string> ReadOpenToRegions(const yaml::Node& node, const Regulation& regulation) {
  std::vector<std::string> parts{"term",     "fee",       "amount",   "visits",
                                 "channels", "scenarios", "criteria", "conditions"};
  for (const Criterion& criterion : regulation.criteria)
    parts.push_back("criteria." + criterion.id);
  return ReadWords(node, parts);
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
  const Changes delivery = RequireDelivery(reader, node);
  regulation.after = reader.ReferIds<ServiceId>(Kind::kService, node.Get("after"));
  for (const yaml::Node& item : node.Get("accepted").Items()) {
    regulation.accepted.push_back(ReadAccepted(item));
  }
  if (const yaml::Node open_cases = node.Get("open_cases")) {
    regulation.helps_open_cases = open_cases.OneOf({"better", "unchanged"}) != "unchanged";
  }
  regulation.open_to_regions = ReadOpenToRegions(node.Get("open_to_regions"), regulation);
  node.Get("course");  // read by ReadCourse
  node.RejectUnknownKeys();
  return With(delivery, std::move(regulation));
}

}  // namespace kstati::graph
