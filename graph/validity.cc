// SPDX-License-Identifier: Apache-2.0
#include "graph/validity.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/yaml.h"
#include "graph/internal/reader.h"

namespace kstati::graph {
namespace {

bool IsGiven(const Catalogue& catalogue, const AttributeId& document) {
  return std::ranges::any_of(catalogue.services(), [&](const Service& service) {
    return std::ranges::any_of(service.regulations, [&](const Regulation& regulation) {
      return std::ranges::find(regulation.outputs, document) != regulation.outputs.end();
    });
  });
}

LegalSource ReadSource(const yaml::Node& node, const Catalogue& catalogue) {
  LegalSource source;
  const yaml::Node act = node.Require("act");
  source.act = ActId(act.Text().value_or(std::string()));
  if (catalogue.FindAct(source.act) == nullptr) {
    act.Problem("there is no act \"" + source.act.text() + "\"", "acts.yaml lists them");
  }
  source.article = node.Require("article").Text().value_or(std::string());
  const auto word = node.Require("verification").OneOf({"confirmed", "from_knowledge"});
  const yaml::Node sources = node.Get("sources");
  for (const yaml::Node& item : sources.Items()) {
    source.sources.push_back(item.Text().value_or(std::string()));
    if (catalogue.FindSource(source.sources.back()) == nullptr) {
      item.Problem("there is no source \"" + source.sources.back() + "\"",
                   "sources.yaml lists them");
    }
  }
  if (word == "confirmed") {
    source.verification = Verification::kConfirmed;
    if (source.sources.empty())
      node.Problem("what is confirmed needs a source",
                   "name one in `sources`, or write from_knowledge");
  }
  return source;
}

Period ReadPeriod(const yaml::Node& node) {
  Period period;
  const yaml::Node value = node.Require("value");
  const int64_t count = ReadCount(value, kLongestTerm);
  if (count == 0)
    value.Problem("a document is accepted for a day at least",
                  "state the period, or remove the entry: then it does not expire");
  const auto unit = node.Require("unit").OneOf({"calendar_days", "months"});
  (unit == "months" ? period.months : period.days) = count;
  return period;
}

}  // namespace

const Validity* Validities::Find(const AttributeId& document) const {
  const auto found = all_.find(document);
  return found == all_.end() ? nullptr : &found->second;
}

std::optional<Period> Validities::PeriodOf(const AttributeId& document) const {
  const Validity* validity = Find(document);
  return validity == nullptr ? std::nullopt : std::optional(validity->period);
}

Validities LoadValidities(const std::string& folder, const Catalogue& catalogue,
                          std::vector<Issue>& issues) {
  std::map<AttributeId, Validity> all;
  const std::string path = folder + "/validities.yaml";
  if (!std::filesystem::exists(path)) return {};
  Reader reader(issues);
  ReadListFile(reader, path, "validities", [&](const yaml::Node& node) {
    const yaml::Node document = node.Require("document");
    const AttributeId id(document.Text().value_or(std::string()));
    if (!IsGiven(catalogue, id)) {
      document.Problem("no service gives \"" + id.text() + "\"", "name an output of a service");
    }
    Validity validity{ReadPeriod(node), ReadSource(node, catalogue)};
    if (!all.emplace(id, std::move(validity)).second) {
      document.Problem("its validity is stated twice", "remove one of the two entries");
    }
    node.RejectUnknownKeys();
  });
  return Validities(std::move(all));
}

}  // namespace kstati::graph
