// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "graph/internal/reader.h"
#include "graph/parameter.h"

namespace kstati::graph {
namespace {

std::optional<int64_t> WholeNumber(const std::string& text) {
  int64_t number = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number);
  return error == std::errc() && end == last ? std::optional(number) : std::nullopt;
}

// "male", 1959, or {from: 1959, to: 1960}.
DimensionMatch ReadMatch(const yaml::Node& node) {
  DimensionMatch match;
  if (!node.is_map()) {
    match.word = node.Text().value_or(std::string());
    match.from = match.to = WholeNumber(match.word);
    return match;
  }
  const yaml::Node to = node.Get("to");
  match.from = node.Get("from").Integer();
  match.to = to.Integer();
  node.RejectUnknownKeys();
  if (!match.from && !match.to) node.Problem("a range needs from or to");
  if (match.from && match.to && *match.to < *match.from) to.Problem("the range is empty");
  return match;
}

std::map<std::string, DimensionMatch> ReadWhen(const yaml::Node& when,
                                               const std::vector<std::string>& dimensions) {
  std::map<std::string, DimensionMatch> matches;
  for (const auto& [dimension, node] : when.Entries()) {
    if (std::find(dimensions.begin(), dimensions.end(), dimension) == dimensions.end()) {
      node.Problem("\"" + dimension + "\" is not among the dimensions of this parameter");
    }
    matches.emplace(dimension, ReadMatch(node));
  }
  return matches;
}

std::optional<ParameterScalar> ReadScalar(const yaml::Node& node, const std::string& type) {
  if (type == "date") {
    const std::optional<Date> date = node.Day();
    return date ? std::optional<ParameterScalar>(*date) : std::nullopt;
  }
  const std::optional<Decimal> number = node.Number();
  return number ? std::optional<ParameterScalar>(*number) : std::nullopt;
}

ParameterValue ReadValue(Reader& reader, const yaml::Node& node, const std::string& type,
                         const std::vector<std::string>& dimensions) {
  ParameterValue value;
  value.in_force = ReadInterval(node);
  const yaml::Node region = node.Require("region");
  value.region = region.Text().value_or(std::string());
  if (region.is_scalar() && value.region.empty()) region.Problem("the region is empty");
  value.value = ReadScalar(node.Require("value"), type).value_or(ParameterScalar());
  value.when = ReadWhen(node.Get("when"), dimensions);
  Verified verified = ReadVerified(reader, node);
  value.verification = verified.verification;
  value.sources = std::move(verified.sources);
  node.RejectUnknownKeys();
  return value;
}

// A value without an end is in force until one for the same region and dimensions replaces it.
void CloseReplaced(std::vector<ParameterValue>& values) {
  for (ParameterValue& value : values) {
    if (value.in_force.to) continue;
    for (const ParameterValue& other : values) {
      const bool replaces = other.region == value.region && other.when == value.when &&
                            other.in_force.from > value.in_force.from;
      const Date last = other.in_force.from.AddDays(-1);
      if (replaces && (!value.in_force.to || last < *value.in_force.to)) value.in_force.to = last;
    }
  }
}

void CheckAmbiguity(const std::vector<ParameterValue>& values,
                    const std::vector<yaml::Node>& nodes) {
  for (size_t later = 1; later < values.size(); ++later) {
    for (size_t earlier = 0; earlier < later; ++earlier) {
      if (!Ambiguous(values[earlier], values[later])) continue;
      nodes[later].Problem("this value and the one in line " +
                               std::to_string(nodes[earlier].location().line) +
                               " can be in force together",
                           "end one the day before the other starts, or tell them apart in when");
      break;
    }
  }
}

Parameter ReadParameter(Reader& reader, const yaml::Node& node) {
  Parameter parameter;
  parameter.location = node.location();
  parameter.id = ParameterId(reader.Declare(Kind::kParameter, node.Require("id")));
  parameter.name = node.Require("name").Texts().value_or(Bilingual());
  const std::string type =
      node.Require("type").OneOf({"number", "money", "date"}).value_or(std::string());
  const yaml::Node unit = type == "date" ? node.Get("unit") : node.Require("unit");
  parameter.unit = unit.Text().value_or(std::string());
  parameter.act = ActId(reader.Refer(Kind::kAct, node.Require("act")));
  parameter.dimensions = ReadAnyWords(node.Get("dimensions"));
  const yaml::Node values = node.Require("values");
  const std::vector<yaml::Node> items = values.Items();
  if (values.is_list() && items.empty()) values.Problem("a parameter needs a value");
  for (const yaml::Node& item : items) {
    parameter.values.push_back(ReadValue(reader, item, type, parameter.dimensions));
  }
  CloseReplaced(parameter.values);
  CheckAmbiguity(parameter.values, items);
  return parameter;
}

}  // namespace

std::vector<Parameter> ReadParameters(Reader& reader, const std::string& folder) {
  std::vector<Parameter> parameters;
  for (const std::string& path : yaml::FilesIn(folder + "/parameters")) {
    ReadListFile(reader, path, "parameters", [&](const yaml::Node& item) {
      parameters.push_back(ReadParameter(reader, item));
    });
  }
  return parameters;
}

}  // namespace kstati::graph
