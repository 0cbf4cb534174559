// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "graph/internal/reader.h"
#include "graph/internal/regulation_parts.h"

namespace kstati::graph {
namespace {

constexpr int64_t kHighestPriority = 100;

// Puts the versions into order; one without an end is in force until the next starts.
void OrderRegulations(std::vector<Regulation>& regulations, const std::vector<yaml::Node>& nodes) {
  for (size_t i = 1; i < regulations.size(); ++i) {
    DateInterval& before = regulations[i - 1].in_force;
    const DateInterval& after = regulations[i].in_force;
    if (after.from <= before.from) {
      nodes[i].Problem("this version does not start after the one before it",
                       "order the versions by from, the newest last");
    } else if (before.to && *before.to >= after.from) {
      nodes[i].Problem("this version starts on " + after.from.ToString() +
                       ", while the one before it ends on " + before.to->ToString());
    } else if (!before.to) {
      before.to = after.from.AddDays(-1);
    }
  }
  std::stable_sort(regulations.begin(), regulations.end(),
                   [](const auto& a, const auto& b) { return a.in_force.from < b.in_force.from; });
}

void ReadExampleGrounds(const yaml::Node& node, const Service& service, Example& example) {
  const Regulation* const regulation = service.RegulationOn(example.on);
  if (regulation == nullptr) return;  // reported at the date
  std::vector<std::string> closed_list;
  for (const GroundId& ground : regulation->grounds) closed_list.push_back(ground.text());
  for (std::string& ground : ReadWords(node, closed_list)) {
    example.grounds.emplace_back(std::move(ground));
  }
  if (!example.grounds.empty() && example.expect != "not eligible") {
    node.Problem("only a \"not eligible\" has grounds");
  }
}

Example ReadExample(Reader& reader, const yaml::Node& node, const Service& service) {
  Example example;
  example.location = node.location();
  example.name = node.Require("name").Text().value_or(std::string());
  const yaml::Node on = node.Require("on");
  const std::optional<Date> day = on.Day();
  example.on = day.value_or(Date());
  if (day && service.RegulationOn(*day) == nullptr) {
    on.Problem("no version of the service is in force on " + day->ToString());
  }
  example.region = node.Require("region").Text().value_or(std::string());
  for (const auto& [attribute, value] : node.Require("facts").Entries()) {
    reader.ReferText(Kind::kAttribute, attribute, value);
    example.facts.emplace_back(AttributeId(attribute), value.Text().value_or(std::string()));
  }
  example.expect = node.Require("expect")
                       .OneOf({"eligible", "not eligible", "undetermined", "likely"})
                       .value_or(std::string());
  ReadExampleGrounds(node.Get("grounds"), service, example);
  node.RejectUnknownKeys();
  return example;
}

void ReadExamples(Reader& reader, const yaml::Node& list, Service& service) {
  std::set<std::string> names;
  for (const yaml::Node& item : list.Items()) {
    Example example = ReadExample(reader, item, service);
    if (!names.insert(example.name).second) {
      item.Problem("a second example with the name \"" + example.name + "\"");
    }
    service.examples.push_back(std::move(example));
  }
}

// What exists everywhere names no territory, so that an empty list is a mistake.
std::vector<std::string> ReadTerritory(const yaml::Node& node, std::string_view level) {
  std::vector<std::string> regions;
  if (!node) return regions;
  if (level == "federal") {
    node.Problem("a federal service exists everywhere", "leave the territory out");
  }
  const std::vector<yaml::Node> items = node.Items();
  if (node.is_list() && items.empty()) node.Problem("a territory names at least one region");
  for (const yaml::Node& item : items) {
    std::string region = item.Text().value_or(std::string());
    if (std::ranges::find(regions, region) != regions.end()) {
      item.Problem("the region \"" + region + "\" is named twice");
    }
    regions.push_back(std::move(region));
  }
  std::ranges::sort(regions);
  return regions;
}

Service ReadService(Reader& reader, const yaml::Node& node) {
  Service service;
  service.location = node.location();
  const yaml::Node id = node.Require("service");
  service.id = ServiceId(reader.Declare(Kind::kService, id));
  CheckFileName(id, service.id.text());
  service.name = node.Require("name").Texts().value_or(Bilingual());
  service.summary = node.Require("summary").Texts().value_or(Bilingual());
  service.authority = reader.Refer(Kind::kAuthority, node.Require("authority"));
  service.level = node.Require("level")
                      .OneOf({"federal", "regional", "municipal", "other"})
                      .value_or(std::string());
  service.territory = ReadTerritory(node.Get("territory"), service.level);
  const std::optional<std::string> about =
      node.Require("about").OneOf({"person", "child", "deceased"});
  if (about == "child") service.about = About::kChild;
  if (about == "deceased") service.about = About::kDeceased;
  const yaml::Node priority = node.Require("priority");
  const int64_t number = priority.Integer().value_or(0);
  if (number < 0 || number > kHighestPriority) priority.Problem("a priority is from 0 to 100");
  service.priority = static_cast<int>(std::clamp<int64_t>(number, 0, kHighestPriority));
  const yaml::Node regulations = node.Require("regulations");
  const std::vector<yaml::Node> items = regulations.Items();
  if (regulations.is_list() && items.empty()) regulations.Problem("a service needs a regulation");
  for (const yaml::Node& item : items) {
    service.regulations.push_back(ReadRegulation(reader, item));
    ReadCourse(reader, item, service.id, service.regulations.back());
  }
  OrderRegulations(service.regulations, items);
  ReadExamples(reader, node.Get("examples"), service);
  node.RejectUnknownKeys();
  return service;
}

}  // namespace

std::vector<Service> ReadServices(Reader& reader, const std::string& folder) {
  std::vector<Service> services;
  for (const std::string& path : yaml::FilesIn(folder + "/services")) {
    const yaml::Document document(path, reader.issues());
    if (document.root()) services.push_back(ReadService(reader, document.root()));
  }
  ReadRegionalRegulations(reader, folder, services);
  reader.Later([&reader](const Catalogue& catalogue) {
    CheckScenarios(catalogue, reader.issues());
    CheckAfter(catalogue, reader.issues());
  });
  return services;
}

}  // namespace kstati::graph
