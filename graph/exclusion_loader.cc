// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include "graph/exclusion.h"
#include "graph/internal/reader.h"

namespace kstati::graph {
namespace {

constexpr int64_t kAtMost = 100;

Exclusion ReadExclusion(Reader& reader, const yaml::Node& node, const Catalogue& catalogue) {
  Exclusion exclusion;
  exclusion.location = node.location();
  exclusion.id = node.Require("id").Text().value_or(std::string());
  const yaml::Node services = node.Require("services");
  for (const yaml::Node& item : services.Items()) {
    const ServiceId id(item.Text().value_or(std::string()));
    if (!id.empty() && catalogue.FindService(id) == nullptr) {
      item.Problem("there is no service \"" + id.text() + "\"",
                   "the folder services has a file for each");
    }
    if (std::ranges::find(exclusion.services, id) != exclusion.services.end()) {
      item.Problem("\"" + id.text() + "\" is there twice", "remove one of the two");
    }
    exclusion.services.push_back(id);
  }
  const yaml::Node scope = node.Require("scope");
  const bool about = scope.OneOf({"applicant", "about"}).value_or("applicant") == "about";
  exclusion.scope = about ? ExclusionScope::kAbout : ExclusionScope::kApplicant;
  const yaml::Node at_most = node.Get("at_most");
  if (at_most) exclusion.at_most = static_cast<uint32_t>(ReadCount(at_most, kAtMost));
  if (exclusion.at_most == 0) at_most.Problem("nobody could get any of them", "state 1 or more");
  exclusion.text = node.Require("text").Texts().value_or(Bilingual());
  exclusion.source = ReadLegalSource(reader, node);
  const yaml::Node act = node.Require("act");
  if (!exclusion.source.act.empty() && catalogue.FindAct(exclusion.source.act) == nullptr) {
    act.Problem("there is no act \"" + exclusion.source.act.text() + "\"",
                "acts.yaml has the acts");
  }
  return exclusion;
}

}  // namespace

std::vector<Exclusion> LoadExclusions(const std::string& folder, const Catalogue& catalogue,
                                      std::vector<Issue>& issues) {
  std::vector<Exclusion> exclusions;
  const std::string path = folder + "/exclusions.yaml";
  if (!std::filesystem::exists(path)) return exclusions;
  Reader reader(issues);
  ReadListFile(reader, path, "exclusions", [&](const yaml::Node& node) {
    exclusions.push_back(ReadExclusion(reader, node, catalogue));
    const std::string& id = exclusions.back().id;
    if (std::ranges::count(exclusions, id, &Exclusion::id) > 1) {
      node.Problem("\"" + id + "\" is there twice", "give one of them another id");
    }
  });
  std::ranges::sort(exclusions, {}, &Exclusion::id);
  return exclusions;
}

}  // namespace kstati::graph
