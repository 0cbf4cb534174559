// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/shared_rules.h"

namespace kstati::eligibility {

using feel::Node;
using feel::Op;

std::optional<feel::RuleSet> CompileTogether(Rulebook& book, const CatalogueScope& scope) {
  std::vector<feel::RuleText> texts;
  for (const auto* rules : {&book.derived, &book.rules}) {
    for (const Rule& rule : *rules) texts.push_back({rule.expression.text(), {}});
  }
  if (texts.empty()) return std::nullopt;
  std::vector<Issue> none;  // every rule has been compiled before
  std::optional<feel::RuleSet> together =
      feel::RuleSet::Compile(texts, scope, none, {}, {.loads = false, .native_calls = true});
  if (!together) return std::nullopt;
  uint32_t number = 0;
  for (auto* rules : {&book.derived, &book.rules}) {
    for (Rule& rule : *rules) rule.number = number++;
  }
  return together;
}

// Parameters depend on the applicant alone, whoever asks.
std::vector<uint8_t> NeedsOfParts(const Rulebook& book) {
  std::vector<uint8_t> needs;
  if (!book.together) return needs;
  for (const std::vector<uint32_t>& slots : book.together->program()->part_slots) {
    needs.push_back(0);
    for (const uint32_t slot : slots) needs.back() |= book.slots[slot].needs;
  }
  return needs;
}

}  // namespace kstati::eligibility
