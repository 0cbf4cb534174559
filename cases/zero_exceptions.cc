// SPDX-License-Identifier: Apache-2.0
#include "cases/zero_exceptions.h"

#include <optional>
#include <utility>

#include "base/yaml.h"

namespace kstati::cases {
namespace {

template <class Id>
std::set<Id> IdsIn(const yaml::Node& list) {
  std::set<Id> ids;
  for (std::string& text : list.TextItems()) ids.insert(Id(std::move(text)));
  return ids;
}

Term TermIn(const yaml::Node& node) {
  Term term;
  const yaml::Node value = node.Require("value");
  term.value = value.Integer().value_or(0);
  if (term.value < 0 || term.value > kLongestTerm) value.Problem("this is no term");
  const auto unit =
      node.Require("unit").OneOf({"minutes", "working_days", "calendar_days", "months"});
  if (unit) term.unit = ParseTermUnit(*unit).value();
  node.RejectUnknownKeys();
  return term;
}

std::map<Latency, Term> TermsIn(const yaml::Node& map) {
  std::map<Latency, Term> terms;
  if (!map) return terms;
  for (const auto& [name, node] : map.Entries()) {
    const std::optional<Latency> latency = ParseLatency(name);
    if (latency) {
      terms.emplace(*latency, TermIn(node));
    } else {
      node.Problem("\"" + name + "\" is no class of sources",
                   "write at_hand, data_mart, interagency or on_site");
    }
  }
  return terms;
}

}  // namespace

ZeroExceptions LoadZeroExceptions(const std::string& path, std::vector<Issue>& issues) {
  ZeroExceptions exceptions;
  const yaml::Document document(path, issues);
  const yaml::Node root = document.root();
  if (!root) return exceptions;
  exceptions.version = root.Require("version").Text().value_or("");
  exceptions.input = IdsIn<AttributeId>(root.Get("input"));
  exceptions.waiting = TermsIn(root.Get("waiting"));
  exceptions.paper = IdsIn<AttributeId>(root.Get("paper"));
  exceptions.visits = IdsIn<ServiceId>(root.Get("visits"));
  root.RejectUnknownKeys();
  return exceptions;
}

}  // namespace kstati::cases
