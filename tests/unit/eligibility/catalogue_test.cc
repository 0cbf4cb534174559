// SPDX-License-Identifier: Apache-2.0
// The catalogue that ships: its rules compile and its examples come out as written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/issue.h"
#include "eligibility/known_attributes.h"
#include "eligibility/program.h"

namespace kstati::eligibility {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Each;
using testing::HasSubstr;
using testing::StartsWith;

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

// The catalogue that ships with something else in one of its files.
class AlteredCatalogue : public testing::Test {
 protected:
  AlteredCatalogue() {
    fs::remove_all(folder_);
    fs::copy(KSTATI_DATA "/catalogue", folder_, fs::copy_options::recursive);
  }
  ~AlteredCatalogue() override { fs::remove_all(folder_); }

  // "events.yaml:9 text | hint" of every issue when the file has this in place of its first other.
  std::vector<std::string> ProblemsWith(const std::string& file, const std::string& in_place_of,
                                        const std::string& text) const {
    const fs::path path = folder_ / file;
    std::stringstream content;
    content << std::ifstream(path).rdbuf();
    std::string altered = content.str();
    const size_t at = altered.find(in_place_of);
    EXPECT_NE(at, std::string::npos);
    std::ofstream(path) << altered.replace(at, in_place_of.size(), text);
    std::vector<Issue> issues;
    const profile::Dictionary dictionary = profile::LoadDictionary(folder_, issues);
    const graph::Catalogue catalogue =
        graph::LoadCatalogue(folder_, KnownAttributesOf(dictionary), issues);
    const Program program(catalogue, dictionary, issues);
    std::vector<std::string> problems;
    for (const Issue& issue : issues) {
      problems.push_back(fs::path(issue.where.file).filename().string() + ":" +
                         std::to_string(issue.where.line) + " " + issue.text + " | " + issue.hint);
    }
    return problems;
  }

  const fs::path folder_ =
      fs::path(testing::TempDir()) / ("kstati-altered-" + std::to_string(getpid()));
};

TEST_F(AlteredCatalogue, NoEventImpliesATieThatItsRegistryMayNotReport) {
  const std::string registry = "    detect: registry\n    registry: egr_zags\n    roles: [child";
  const std::vector<std::string> problems = ProblemsWith(
      "events.yaml", registry, "    detect: registry\n    registry: fns_tax\n    roles: [child");
  EXPECT_EQ(problems.size(), 2u) << "the mother and the father";
  EXPECT_THAT(problems,
              Each(AllOf(StartsWith("events.yaml:23 "),
                         HasSubstr("the registry fns_tax may not report who is parent of whom, "
                                   "which \"event.child_born\" implies"),
                         HasSubstr("only these may: egr_zags"))));
}

TEST_F(AlteredCatalogue, NoEventImpliesATieThatNobodyAnnounces) {
  const std::vector<std::string> problems =
      ProblemsWith("events.yaml", "    after: P14Y\n    roles: [person]\n    subject: person\n",
                   "    after: P14Y\n    roles: [person]\n    subject: person\n"
                   "    relations:\n      - {from: person, kind: household, to: person}\n");
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_THAT(problems[0], AllOf(StartsWith("events.yaml:72 "),
                                 HasSubstr("no registry announces may not report who is household "
                                           "of whom, which \"event.person_age_14\" implies")));
}

}  // namespace
}  // namespace kstati::eligibility
