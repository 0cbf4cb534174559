// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "graph/internal/regulation_parts.h"

namespace kstati::graph {
namespace {

// Criteria and conditions of different categories may have the same id: they never meet.
Variant ReadVariant(Reader& reader, const yaml::Node& node, const ClosedList& common,
                    ClosedList& regulation_list) {
  Variant variant;
  variant.location = node.location();
  variant.id = node.Require("id").Text().value_or(std::string());
  variant.name = node.Require("name").Texts().value_or(Bilingual());
  variant.category.id = variant.id;
  variant.category.text = variant.name;
  const yaml::Node applies = node.Require("applies");
  variant.category.rule = applies.Text().value_or(std::string());
  variant.category.rule_location = applies.text_location();
  variant.category.source = ReadLegalSource(reader, node);
  ClosedList list = common;
  variant.changes = ReadChanges(reader, node, list);
  regulation_list.cited.insert(list.cited.begin(), list.cited.end());
  node.RejectUnknownKeys();
  return variant;
}

Otherwise ReadOtherwise(Reader& reader, const yaml::Node& node, ClosedList& list) {
  Otherwise otherwise;
  otherwise.ground = ReadCitedGround(node.Require("ground"), list);
  otherwise.source = ReadLegalSource(reader, node);
  node.RejectUnknownKeys();
  return otherwise;
}

}  // namespace

void ReadVariants(Reader& reader, const yaml::Node& map, ClosedList& list, Regulation& regulation) {
  const yaml::Node variants = map.Get("variants");
  const ClosedList common = list;
  for (const yaml::Node& node : variants.Items()) {
    Variant variant = ReadVariant(reader, node, common, list);
    if (std::ranges::find(regulation.variants, variant.id, &Variant::id) !=
        regulation.variants.end()) {
      node.Problem("a second variant with the id \"" + variant.id + "\"");
    }
    regulation.variants.push_back(std::move(variant));
  }
  if (variants.is_list() && regulation.variants.size() == 1) {
    variants.Problem("a single variant is no choice", "put what it has into the regulation");
  }
  const yaml::Node otherwise = map.Get("otherwise");
  if (!otherwise) return;
  regulation.otherwise = ReadOtherwise(reader, otherwise, list);
  if (!variants) otherwise.Problem("there are no variants beside which there is an otherwise");
}

}  // namespace kstati::graph
