// SPDX-License-Identifier: Apache-2.0
// The catalogue that ships: its rules compile and its examples come out as written.
#include <gtest/gtest.h>

#include "base/issue.h"
#include "eligibility/known_attributes.h"
#include "eligibility/program.h"

namespace kstati::eligibility {
namespace {

std::string Shown(const std::vector<Issue>& issues) {
  std::string text;
  for (const Issue& issue : issues) {
    text += Render(issue, ReadSourceLine(issue.where.file, issue.where.line)) + "\n";
  }
  return text;
}

class RealCatalogue : public testing::Test {
 protected:
  RealCatalogue() {
    const std::string folder = KSTATI_DATA "/catalogue";
    dictionary_ = profile::LoadDictionary(folder, issues_);
    catalogue_ = graph::LoadCatalogue(folder, KnownAttributesOf(dictionary_), issues_);
  }

  std::vector<Issue> issues_;
  profile::Dictionary dictionary_;
  graph::Catalogue catalogue_;
};

TEST_F(RealCatalogue, CompilesWithoutIssues) {
  const Program program(catalogue_, dictionary_, issues_);
  EXPECT_TRUE(issues_.empty()) << Shown(issues_);
  EXPECT_FALSE(catalogue_.services().empty());
}

TEST_F(RealCatalogue, ItsExamplesComeOutAsWritten) {
  const Program program(catalogue_, dictionary_, issues_);
  ASSERT_FALSE(HasErrors(issues_)) << Shown(issues_);
  const std::vector<Issue> wrong = RunExamples(program);
  EXPECT_TRUE(wrong.empty()) << Shown(wrong);
}

}  // namespace
}  // namespace kstati::eligibility
