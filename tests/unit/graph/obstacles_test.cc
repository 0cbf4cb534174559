// SPDX-License-Identifier: Apache-2.0
#include "graph/obstacles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <set>
#include <string>

#include "tests/unit/graph/drawing.h"

namespace kstati::graph {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// "any of refused zags, missing paper".
std::string TextOf(const Obstacles& obstacles) {
  std::string text = obstacles.any_is_enough ? "any of" : "all of";
  for (const Obstacle& one : obstacles.obstacles) {
    text += one.missing.empty() ? " refused " + one.refused.text()
                                : " missing " + one.missing.text().substr(4);
  }
  return text;
}

std::vector<std::string> Texts(const std::vector<Obstacles>& all) {
  std::vector<std::string> texts;
  for (const Obstacles& one : all) texts.push_back(one.goal.text().substr(4) + ": " + TextOf(one));
  return texts;
}

TEST(ObstaclesTest, WhatCanBeReachedHasNone) {
  Drawing world("a -> office -> paper");
  EXPECT_THAT(world.Goals("paper").InTheWay(), IsEmpty());
}

TEST(ObstaclesTest, EachServiceThatRefusesAloneIsNamed) {
  Drawing world(R"(
    a -> first  -> paper [forbidden]
    a -> second -> paper [forbidden]
  )");
  EXPECT_THAT(Texts(world.Goals("paper").InTheWay()),
              ElementsAre("paper: any of refused first refused second"));
}

TEST(ObstaclesTest, ADocumentThatCannotBeHadOrItsGiver) {
  Drawing world(R"(
    a      -> zags  -> record [forbidden]
    record -> snils -> number
  )");
  EXPECT_THAT(Texts(world.Goals("number").InTheWay()),
              ElementsAre("number: any of missing record refused zags"));
}

TEST(ObstaclesTest, WhereSeveralHaveToGoTheFewestAreNamed) {
  Drawing world(R"(
    a     -> zags   -> record  [forbidden]
    a     -> clinic -> policy  [forbidden]
    a     -> court  -> verdict [forbidden]
    record + policy -> school -> place
    record + policy + verdict -> other -> place
  )");
  EXPECT_THAT(Texts(world.Goals("place").InTheWay()),
              ElementsAre("place: all of refused clinic refused zags"));
}

TEST(ObstaclesTest, ThatNoOtherAloneWouldDoIsNotProvenInAMoment) {
  constexpr int kGoals = 80;
  Drawing world("a -> zags -> place [forbidden]\n" + ManyWays(kGoals, 300, "forbidden") +
                ManyGoals(kGoals) + " -> school -> place\n");
  const auto found = world.Goals("place").Deadline(std::chrono::milliseconds{50}).InTheWay();
  EXPECT_THAT(Texts(found), ElementsAre("place: any of refused zags"));
  EXPECT_FALSE(found[0].proven);
}

TEST(ObstaclesTest, WhatNobodyGivesHasNoObstacleThatCouldGo) {
  Drawing world("a -> office -> paper");
  EXPECT_THAT(Texts(world.Goals("moon").InTheWay()), ElementsAre("moon: all of"));
}

constexpr int kDocuments = 6;

struct SmallService {
  uint32_t inputs = 0;  // documents, as bits; all of them
  uint32_t outputs = 0;
  bool forbidden = false;
};

class SmallWorld {
 public:
  explicit SmallWorld(uint32_t seed) : random_(seed) {
    services_.resize(3 + random_() % 4);
    for (SmallService& service : services_) {
      service = {Documents(random_() % 3), Documents(1), random_() % 3 != 0};
    }
    goal_ = static_cast<int>(random_() % kDocuments);
  }

  std::string Lines() const {
    std::string lines;
    for (size_t i = 0; i < services_.size(); ++i) {
      lines += Joined(services_[i].inputs) + " -> s" + std::to_string(i) + " -> " +
               Joined(services_[i].outputs) + (services_[i].forbidden ? " [forbidden]\n" : "\n");
    }
    return lines;
  }

  std::string goal() const { return Joined(1U << goal_); }

  // The smallest sets that open the way: refused services in the low bits, documents above.
  std::set<uint32_t> SmallestSets() const {
    std::set<uint32_t> smallest;
    int size = 99;
    for (uint32_t set = 0; set < 1U << (services_.size() + kDocuments); ++set) {
      const int count = __builtin_popcount(set);
      if (count > size || !IsSet(set) || !Opens(set)) continue;
      if (count < size) smallest.clear();
      size = count;
      smallest.insert(set);
    }
    return smallest;
  }

  uint32_t SetOf(const Obstacles& obstacles) const {
    uint32_t set = 0;
    for (const Obstacle& one : obstacles.obstacles) set |= BitOf(one);
    return set;
  }

  uint32_t BitOf(const Obstacle& one) const {
    if (one.missing.empty()) return 1U << std::stoi(one.refused.text().substr(1));
    return 1U << (services_.size() + static_cast<size_t>(std::stoi(one.missing.text().substr(5))));
  }

 private:
  uint32_t Documents(uint32_t count) {
    uint32_t documents = 0;
    for (uint32_t i = 0; i < count; ++i) documents |= 1U << random_() % kDocuments;
    return documents;
  }

  static std::string Joined(uint32_t documents) {
    std::string text;
    for (int document = 0; document < kDocuments; ++document) {
      if ((documents >> document & 1U) == 0) continue;
      text += (text.empty() ? "d" : " + d") + std::to_string(document);
    }
    return text;
  }

  uint32_t Given() const {
    uint32_t given = 0;
    for (const SmallService& service : services_) given |= service.outputs;
    return given;
  }

  // Only refused services, and documents that services give, can stand in the way.
  bool IsSet(uint32_t set) const {
    for (size_t i = 0; i < services_.size(); ++i) {
      if ((set >> i & 1U) != 0 && !services_[i].forbidden) return false;
    }
    const uint32_t documents = set >> services_.size();
    return (documents & ~Given()) == 0 && (documents >> goal_ & 1U) == 0;
  }

  bool Opens(uint32_t set) const {
    uint32_t there = (set >> services_.size()) | ~Given();
    if ((Given() >> goal_ & 1U) == 0) return false;
    for (size_t round = 0; round < services_.size(); ++round) {
      for (size_t i = 0; i < services_.size(); ++i) {
        const bool open = !services_[i].forbidden || (set >> i & 1U) != 0;
        if (open && (services_[i].inputs & ~there) == 0) there |= services_[i].outputs;
      }
    }
    return (there >> goal_ & 1U) != 0;
  }

  std::mt19937 random_;
  std::vector<SmallService> services_;
  int goal_ = 0;
};

TEST(ObstaclesTest, NoSmallerSetOpensTheWay) {
  const char* const scale = std::getenv("KSTATI_TEST_SCALE");
  const int worlds = 150 * (scale == nullptr ? 1 : std::max(1, std::atoi(scale)));
  int several = 0;
  for (int seed = 1; seed <= worlds; ++seed) {
    const SmallWorld world(static_cast<uint32_t>(seed));
    Drawing drawing(world.Lines());
    const std::vector<Obstacles> found = drawing.Goals(world.goal()).InTheWay();
    const std::set<uint32_t> smallest = world.SmallestSets();
    if (smallest.contains(0)) {
      ASSERT_THAT(found, IsEmpty()) << "seed " << seed << "\n" << world.Lines();
      continue;
    }
    ASSERT_EQ(found.size(), 1U) << "seed " << seed << "\n" << world.Lines();
    ASSERT_TRUE(found[0].proven);
    if (smallest.empty()) {
      ASSERT_THAT(found[0].obstacles, IsEmpty()) << "seed " << seed << "\n" << world.Lines();
    } else if (found[0].any_is_enough) {
      std::set<uint32_t> each;
      for (const Obstacle& one : found[0].obstacles) each.insert(world.BitOf(one));
      ASSERT_EQ(each, smallest) << "seed " << seed << "\n" << world.Lines();
    } else {
      ASSERT_TRUE(smallest.contains(world.SetOf(found[0]))) << "seed " << seed << "\n"
                                                            << world.Lines();
      several += found[0].obstacles.size() > 1 ? 1 : 0;
    }
  }
  EXPECT_GT(several, 3) << "the worlds are too small to tell anything";
}

TEST(ObstaclesTest, WhatIsUnderWayIsNoObstacleNorIsWhatItNeeded) {
  Drawing world(R"(
      -> nope -> x    [forbidden]
    x -> a    -> half
    half -> b -> paper [forbidden]
  )");
  world.Goals("paper");
  EXPECT_EQ(world.InTheWay().at(0).obstacles,
            (std::vector<Obstacle>{{ServiceId("b"), {}}, {ServiceId("nope"), {}}}));
  world.UnderWay("a", "2026-03-20");
  EXPECT_EQ(world.InTheWay().at(0).obstacles, (std::vector<Obstacle>{{ServiceId("b"), {}}}));
}

}  // namespace
}  // namespace kstati::graph
