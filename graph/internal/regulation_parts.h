// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/yaml.h"
#include "graph/internal/reader.h"
#include "graph/service.h"

namespace kstati::graph {

// What the criteria and conditions of a regulation share: their ids and the grounds that they
// answer for.
struct ClosedList {
  std::vector<std::string> grounds;
  std::set<std::string> ids;    // of criteria and conditions together
  std::set<std::string> cited;  // grounds
};

// Those of a list, none of whose ids is in `list` yet.
std::vector<Criterion> ReadCriteria(Reader& reader, const yaml::Node& nodes, ClosedList& list);
std::vector<Condition> ReadConditions(Reader& reader, const yaml::Node& nodes, ClosedList& list);
GroundId ReadCitedGround(const yaml::Node& node, ClosedList& list);
std::vector<Input> ReadInputs(Reader& reader, const yaml::Node& list);
// The keys of a map that a category of applicants and a region may have otherwise; all optional.
// Keys that are not there change nothing.
Changes ReadChanges(Reader& reader, const yaml::Node& map, ClosedList& list);
// `scenarios`, or `visits` and `channels` of the only way; all optional.
void ReadDelivery(Reader& reader, const yaml::Node& map, Changes& changes);
// `term` of a map that must have one.
void ReadTerm(const yaml::Node& map, Regulation& regulation);
// `value` and `unit` of a map.
Term ReadLength(const yaml::Node& node);
Fee ReadFee(Reader& reader, const yaml::Node& node);
Benefit ReadBenefit(Reader& reader, const yaml::Node& node);

// A list of channels, each known and named once.
std::vector<std::string> ReadChannels(const yaml::Node& list);
std::vector<Scenario> ReadScenarios(Reader& reader, const yaml::Node& list);
// What is wrong with the scenarios of regulations and of their variants.
void CheckScenarios(const Catalogue& catalogue, std::vector<Issue>& issues);
// Circles of services that have to wait for each other.
void CheckAfter(const Catalogue& catalogue, std::vector<Issue>& issues);

// `variants` and `otherwise`, when they are there.
void ReadVariants(Reader& reader, const yaml::Node& map, ClosedList& list, Regulation& regulation);
// What regions have otherwise than typical regulations: regional/REGION/SERVICE.yaml.
void ReadRegionalRegulations(Reader& reader, const std::string& folder,
                             std::vector<Service>& services);

}  // namespace kstati::graph
