// SPDX-License-Identifier: Apache-2.0
#include "graph/validity.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/graph/small_catalogue.h"

namespace kstati::graph {
namespace {

class ValidityTest : public ::testing::Test {
 protected:
  Validities Read(const std::string& entries) {
    files_.Write("validities.yaml", "validities:\n" + entries);
    const Catalogue catalogue = files_.Load();
    issues_.clear();
    return LoadValidities(files_.folder(), catalogue, issues_);
  }

  SmallCatalogue files_;
  std::vector<Issue> issues_;
};

TEST_F(ValidityTest, WithoutAFileNothingExpires) {
  const Catalogue catalogue = files_.Load();
  EXPECT_FALSE(LoadValidities(files_.folder(), catalogue, issues_)
                   .PeriodOf(AttributeId("doc.snils"))
                   .has_value());
  EXPECT_TRUE(issues_.empty());
}

TEST_F(ValidityTest, ADocumentHasItsPeriod) {
  const Validities validities = Read(
      "  - {document: doc.snils, value: 2, unit: months, act: fz_81, article: a,\n"
      "     verification: from_knowledge}\n");
  EXPECT_TRUE(issues_.empty());
  EXPECT_EQ(validities.PeriodOf(AttributeId("doc.snils")), (Period{2, 0}));
  EXPECT_EQ(validities.Find(AttributeId("doc.snils"))->source.act, ActId("fz_81"));
  EXPECT_EQ(validities.Find(AttributeId("doc.other")), nullptr);
}

TEST_F(ValidityTest, WhatMakesNoSenseIsAnIssueWithItsPlace) {
  Read(
      "  - {document: doc.nothing, value: 0, unit: months, act: no_act, article: a,\n"
      "     verification: confirmed}\n");
  EXPECT_EQ(issues_.size(), 4U);
  for (const Issue& issue : issues_) EXPECT_GT(issue.where.line, 0) << issue.text;
}

}  // namespace
}  // namespace kstati::graph
