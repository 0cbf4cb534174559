// SPDX-License-Identifier: Apache-2.0
#include "cli/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "cli/output.h"

namespace kstati::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

class ConfigTest : public testing::Test {
 protected:
  ~ConfigTest() override { std::filesystem::remove(path_); }

  Config Read(const std::string& text) {
    std::ofstream(path_) << text;
    return Config::Load(path_, issues_);
  }

  std::string folder_ = testing::TempDir();
  std::string path_ =
      (std::filesystem::path(folder_) / ("kstati-" + std::to_string(getpid()) + ".toml")).string();
  std::vector<Issue> issues_;
};

TEST_F(ConfigTest, EmptyFileMeansDefaults) {
  const Config config = Read("");
  EXPECT_TRUE(issues_.empty());
  EXPECT_EQ(config.Number("thrift.port"), 9090);
  EXPECT_EQ(config.source("thrift.port"), "default");
}

TEST_F(ConfigTest, ValuesRememberTheirLine) {
  const Config config = Read("[http]\nport = 8181\n");
  EXPECT_EQ(config.Number("http.port"), 8181);
  EXPECT_EQ(config.source("http.port"), path_ + ":2");
}

TEST_F(ConfigTest, PathsAreRelativeToTheFile) {
  const Config config = Read("[store]\nfolder = \"data/store\"\n");
  EXPECT_EQ(config.Text("store.folder"),
            (std::filesystem::path(folder_) / "data/store").lexically_normal());
}

TEST_F(ConfigTest, AbsolutePathsAndEmptyOnesStay) {
  const Config config = Read("[store]\nfolder = \"/srv/store\"\n[console]\nfolder = \"\"\n");
  EXPECT_EQ(config.Text("store.folder"), "/srv/store");
  EXPECT_EQ(config.Text("console.folder"), "");
}

// The TOML library reads past the end of such bytes.
TEST_F(ConfigTest, ForeignBytesAreNamedWithTheirPlace) {
  const Config config = Read("[http]\n'\xFF\xFF'\xFF\xFF");
  ASSERT_EQ(issues_.size(), 1U);
  EXPECT_EQ(issues_[0].where, (Location{path_, 2, 2}));
  EXPECT_THAT(issues_[0].text, HasSubstr("UTF-8"));
  EXPECT_FALSE(issues_[0].hint.empty());
  EXPECT_EQ(config.Number("http.port"), 8080);
}

TEST_F(ConfigTest, MisspeltKeyHasItsLineAndTheNearestName) {
  Read("[thrift]\nprot = 1\n");
  ASSERT_EQ(issues_.size(), 1U);
  EXPECT_EQ(issues_[0].where.line, 2);
  EXPECT_THAT(issues_[0].hint, HasSubstr("thrift.port"));
}

TEST_F(ConfigTest, AllProblemsAreReportedAtOnce) {
  Read("[thrift]\nport = \"x\"\nclients_max = 0\n[nonsense]\na = 1\n[log]\nlevel = \"loud\"\n");
  EXPECT_EQ(issues_.size(), 4U);
}

TEST_F(ConfigTest, BrokenTomlIsOneIssueWithItsLine) {
  Read("[thrift]\nport = \n");
  ASSERT_EQ(issues_.size(), 1U);
  EXPECT_EQ(issues_[0].where.line, 2);
}

TEST_F(ConfigTest, NamedFileThatIsMissingIsAnError) {
  const auto config = Config::Find("/no/such/kstati.toml", issues_);
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().code, ErrorCode::kNotFound);
}

TEST_F(ConfigTest, PrintedConfigurationMasksSecrets) {
  const Config config = Read("[security]\ntls_key = \"/etc/secret.key\"\n");
  const std::string text = Print(config);
  EXPECT_THAT(text, Not(HasSubstr("secret.key")));
  EXPECT_THAT(text, HasSubstr("tls_key = \"(hidden)\"  # " + path_ + ":2"));
}

TEST_F(ConfigTest, ShippedFileIsValidAndSaysTheDefaults) {
  const Config config = Read(DefaultFile());
  EXPECT_TRUE(issues_.empty());
  const Config defaults;
  for (const Setting& setting : Settings()) {
    if (setting.kind == Setting::Kind::kNumber) {
      EXPECT_EQ(config.Number(setting.key), defaults.Number(setting.key)) << setting.key;
    }
    EXPECT_NE(config.source(setting.key), "default") << setting.key;
  }
}

TEST_F(ConfigTest, EveryDefaultIsWithinItsOwnRange) {
  const Config defaults;
  for (const Setting& setting : Settings()) {
    if (setting.kind != Setting::Kind::kNumber) continue;
    EXPECT_LE(setting.least, defaults.Number(setting.key)) << setting.key;
    EXPECT_GE(setting.most, defaults.Number(setting.key)) << setting.key;
  }
}

TEST(ConfigurationSchemaTest, KnowsEverySettingAndNothingElse) {
  const Json schema = Json::parse(ConfigurationSchema());
  EXPECT_EQ(schema["additionalProperties"], false);
  size_t known = 0;
  for (const auto& [name, section] : schema["properties"].items()) {
    EXPECT_EQ(section["additionalProperties"], false) << name;
    known += section["properties"].size();
  }
  EXPECT_EQ(known, Settings().size());
  const Json& port = schema["properties"]["thrift"]["properties"]["port"];
  EXPECT_EQ(port["type"], "integer");
  EXPECT_EQ(port["maximum"], 65535);
  EXPECT_EQ(port["default"], 9090);
  EXPECT_EQ(schema["properties"]["log"]["properties"]["level"]["enum"].size(), 4U);
}

}  // namespace
}  // namespace kstati::cli
