// SPDX-License-Identifier: Apache-2.0
#include "sources/source_list.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/unit/sources/small_dictionary.h"

namespace kstati::sources {
namespace {

class SourceListTest : public testing::Test {
 protected:
  SourceListTest()
      : path_(std::filesystem::temp_directory_path() /
              ("kstati-sources-" + std::to_string(getpid()) + ".yaml")) {}
  ~SourceListTest() override { std::filesystem::remove(path_); }

  std::vector<std::unique_ptr<FactSource>> Read(const std::string& text) {
    std::ofstream(path_) << text;
    issues_.clear();
    return LoadSources(path_.string(), SmallDictionary(), issues_);
  }

  std::filesystem::path path_;
  std::vector<Issue> issues_;
};

TEST_F(SourceListTest, ASourceAnswersForWhatItsRegistryReports) {
  const auto sources = Read(
      "sources:\n  - name: mart\n    registry: sfr\n    way: data_mart\n"
      "    url: https://registry.example:8443/facts\n    latency_ms: 50\n    cache_seconds: 60\n"
      "    cost: 2\n");
  ASSERT_TRUE(issues_.empty()) << issues_.front().text;
  ASSERT_EQ(sources.size(), 1u);
  const SourceTerms& terms = sources.front()->terms();
  EXPECT_EQ(terms.attributes.size(), 3u);
  EXPECT_EQ(terms.way, Way::kDataMart);
  EXPECT_EQ(terms.latency.count(), 50);
  EXPECT_EQ(terms.cache_life.count(), 60);
  EXPECT_EQ(terms.cost, 2);
}

TEST_F(SourceListTest, WhatIsWrongIsNamedWithItsPlace) {
  for (const char* wrong :
       {"    registry: none\n    url: https://a/b\n", "    registry: sfr\n    url: elsewhere\n",
        "    registry: sfr\n    url: https://a/b\n    cost: -1\n",
        "    registry: sfr\n    url: https://a/b\n    attributes: [no.such]\n",
        "    registry: sfr\n    url: https://a/b\n    token_file: no-such\n",
        "    registry: sfr\n    url: https://a/b\n    speed: 1\n", "    registry: sfr\n"}) {
    Read("sources:\n  - name: mart\n" + std::string(wrong));
    ASSERT_FALSE(issues_.empty()) << wrong;
    EXPECT_GT(issues_.front().where.line, 0) << wrong;
  }
}

}  // namespace
}  // namespace kstati::sources
