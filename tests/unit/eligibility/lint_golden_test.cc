// SPDX-License-Identifier: Apache-2.0
// How findings are shown, word for word: those of a catalogue of seeded flaws, each with the person
// who shows it. KSTATI_REFRESH_GOLDEN=1 writes the file anew; review the difference.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/issue.h"
#include "eligibility/known_attributes.h"
#include "eligibility/lint.h"
#include "eligibility/program.h"
#include "graph/catalogue.h"
#include "profile/dictionary.h"

namespace kstati::eligibility {
namespace {

const std::string kHere = KSTATI_SOURCE "/tests/unit/eligibility/";

std::string Shown(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    const Issue issue = ToIssue(finding);
    std::string one = Render(issue, ReadSourceLine(issue.where.file, issue.where.line));
    for (size_t at = one.find(kHere); at != std::string::npos; at = one.find(kHere)) {
      one.erase(at, kHere.size());
    }
    text += one;
  }
  return text;
}

TEST(LintGolden, FindingsAreShownAsInTheFile) {
  const std::string folder = kHere + "flawed_catalogue";
  std::vector<Issue> issues;
  const profile::Dictionary dictionary = profile::LoadDictionary(folder, issues);
  const graph::Catalogue catalogue =
      graph::LoadCatalogue(folder, KnownAttributesOf(dictionary), issues);
  const Program program(catalogue, dictionary, issues);
  for (const Issue& issue : issues) ADD_FAILURE() << issue.text;
  const std::string shown = Shown(Lint(program, Date::Of(2026, 3, 15)).findings);
  const std::string golden = kHere + "flawed_catalogue.txt";
  if (std::getenv("KSTATI_REFRESH_GOLDEN") != nullptr) {
    std::ofstream(golden) << shown;
    return;
  }
  std::ifstream file(golden);
  const std::string expected{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(shown, expected);
}

}  // namespace
}  // namespace kstati::eligibility
