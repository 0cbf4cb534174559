// SPDX-License-Identifier: Apache-2.0
// Seeded flaws: each is found, with a person who shows it; a catalogue without flaws gives none.
#include "eligibility/lint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "small_world.h"

namespace kstati::eligibility {
namespace {

using testing::IsEmpty;

TEST(LintOfTheShippedCatalogue, FindsNothing) {
  const std::string folder = KSTATI_DATA "/catalogue";
  std::vector<Issue> issues;
  const profile::Dictionary dictionary = profile::LoadDictionary(folder, issues);
  const graph::KnownAttributes known{
      [&](const AttributeId& id) { return dictionary.Find(id) != nullptr; },
      [&](std::string_view id) { return dictionary.NearestAttribute(id); },
      [&](std::string_view id) {
        return dictionary.FindRegistry(RegistryId(std::string(id))) != nullptr;
      }};
  const graph::Catalogue catalogue = graph::LoadCatalogue(folder, known, issues);
  const Program program(catalogue, dictionary, issues);
  for (const Finding& finding : Lint(program, Day("2026-03-15"))) {
    ADD_FAILURE() << Render(ToIssue(finding), "");
  }
}

}  // namespace
}  // namespace kstati::eligibility
