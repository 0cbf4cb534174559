// SPDX-License-Identifier: Apache-2.0
//
// What the chain of a person asks: by the figures of the person's region, and for all whom a
// situation is about together.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "eligibility/known_attributes.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

namespace fs = std::filesystem;

// The catalogue as it ships, but that passports cost more in region 77.
class DearRegion {
 public:
  DearRegion()
      : folder_(fs::temp_directory_path() / ("kstati-dear-region-" + std::to_string(getpid()))) {
    fs::remove_all(folder_);
    fs::copy(std::string(KSTATI_SOURCE_DIR) + "/data/catalogue", folder_,
             fs::copy_options::recursive);
    RaiseFee();
    std::vector<Issue> issues;
    dictionary_ = profile::LoadDictionary(folder_.string(), issues);
    catalogue_ =
        graph::LoadCatalogue(folder_.string(), eligibility::KnownAttributesOf(dictionary_), issues);
    program_ = std::make_unique<eligibility::Program>(catalogue_, dictionary_, issues);
    EXPECT_FALSE(HasErrors(issues));
  }
  ~DearRegion() { fs::remove_all(folder_); }

  cases::World In(const cases::World& other) const {
    cases::World world = other;
    world.program = program_.get();
    world.graph_of_day = std::make_shared<cases::GraphOfDay>();
    return world;
  }

 private:
  void RaiseFee() const {
    const fs::path file = folder_ / "parameters/fees.yaml";
    std::stringstream text;
    text << std::ifstream(file).rdbuf();
    std::string fees = text.str();
    const size_t passport = fees.find("- id: fee_passport\n");
    ASSERT_NE(passport, std::string::npos);
    const size_t values = fees.find("values:\n", passport);
    ASSERT_NE(values, std::string::npos);
    fees.insert(values + std::string("values:\n").size(),
                "      - {from: 2015-01-01, region: \"77\", value: 1300, "
                "verification: from_knowledge}\n");
    std::ofstream(file) << fees;
  }

  fs::path folder_;
  profile::Dictionary dictionary_;
  graph::Catalogue catalogue_;
  std::unique_ptr<eligibility::Program> program_;
};

class DecidedChainTest : public ::testing::Test {
 protected:
  graph::Chain ChainOf(const cases::Desk& desk, const std::string& name,
                       const std::string& situation, const std::string& about = {}) {
    const CitizenId whom = about.empty() ? CitizenId() : town.Number(about);
    auto chain = desk.Chain(town.Number(name), SituationId(situation), whom);
    EXPECT_TRUE(chain) << (chain ? "" : chain.error().ToString());
    return chain ? std::move(chain->chain) : graph::Chain{};
  }

  Town town{"2026-03-16"};
};

TEST_F(DecidedChainTest, FeesAreThoseOfThePersonsRegion) {
  town.Settled("near", "2012-03-01", "77");
  town.Settled("far", "2012-03-01", "47");
  const DearRegion dear;
  const recommender::ServingRanker ranker;
  const cases::World world = dear.In(town.world());
  const cases::Desk desk(world, ranker);
  const graph::Chain near = ChainOf(desk, "near", "adulthood_14");
  const graph::Chain far = ChainOf(desk, "far", "adulthood_14");
  ASSERT_FALSE(near.steps.empty());
  EXPECT_EQ(near.steps.size(), far.steps.size());
  EXPECT_GT(near.burden, far.burden);
}

TEST_F(DecidedChainTest, TheBurdenOfAWholeChainIsThatOfAllWhomItIsAbout) {
  town.Settled("mother", "1990-02-01", "77");
  town.Settled("childless", "1990-02-01", "77");
  town.Child("infant", "2025-06-01", "mother");
  town.Child("pupil", "2015-06-01", "mother");
  const graph::Chain whole = ChainOf(town.desk(), "mother", "moving");
  const graph::Chain parts[] = {ChainOf(town.desk(), "childless", "moving"),
                                ChainOf(town.desk(), "mother", "moving", "infant"),
                                ChainOf(town.desk(), "mother", "moving", "pupil")};
  int64_t burden = 0;
  int64_t least_burden = 0;
  bool proven = true;
  for (const graph::Chain& part : parts) {
    EXPECT_GT(part.burden, 0);
    burden += part.burden;
    least_burden += part.least_burden;
    proven = proven && part.proven;
  }
  EXPECT_EQ(whole.burden, burden);
  EXPECT_EQ(whole.least_burden, least_burden);
  EXPECT_EQ(whole.proven, proven);
}

}  // namespace
}  // namespace kstati::scenarios
