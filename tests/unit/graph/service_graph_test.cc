// SPDX-License-Identifier: Apache-2.0
#include "graph/service_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/graph/drawing.h"

namespace kstati::graph {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> Texts(const std::vector<ServiceId>& ids) {
  std::vector<std::string> texts;
  for (const ServiceId& id : ids) texts.push_back(id.text());
  return texts;
}

bool Nothing(const AttributeId&) { return false; }

TEST(ServiceGraphTest, KnowsProducersAndConsumersById) {
  Drawing world(R"(
    birth_record        -> zebra -> snils
    birth_record + inn  -> alpha -> snils + card
    snils|card          -> bank  -> account
  )");
  EXPECT_THAT(Texts(world.graph().ProducersOf(Document("snils"))), ElementsAre("alpha", "zebra"));
  EXPECT_THAT(Texts(world.graph().ConsumersOf(Document("snils"))), ElementsAre("bank"));
  EXPECT_THAT(Texts(world.graph().ConsumersOf(Document("birth_record"))),
              ElementsAre("alpha", "zebra"));
  EXPECT_THAT(world.graph().ProducersOf(Document("birth_record")), IsEmpty());
  EXPECT_THAT(world.graph().ProducersOf(Document("nowhere")), IsEmpty());
  EXPECT_THAT(world.graph().ConsumersOf(Document("nowhere")), IsEmpty());
}

TEST(ServiceGraphTest, OnlyServicesInForceOnTheDayCount) {
  Drawing world("-> alpha -> snils");
  const ServiceGraph before(world.graph().catalogue(), Date::Of(2023, 12, 31));
  EXPECT_THAT(before.ProducersOf(Document("snils")), IsEmpty());
}

TEST(ServiceGraphTest, ACircleNobodyCanEnterIsDeadAndShownAlongItsInputs) {
  Drawing world(R"(
    b -> first  -> a
    c -> second -> b
    a -> third  -> c + d
    d -> fourth -> e
  )");
  const std::vector<Issue> dead = world.graph().DeadCircles(Nothing);
  ASSERT_EQ(dead.size(), 1u) << "what only waits for the circle is not in it";
  EXPECT_THAT(dead[0].text, HasSubstr("first gives doc.a to third, third gives doc.c to second, "
                                      "second gives doc.b to first"));
  EXPECT_THAT(dead[0].where.file, HasSubstr("first.yaml"));
  EXPECT_GT(dead[0].where.line, 1);
  EXPECT_GT(dead[0].where.column, 1);
}

TEST(ServiceGraphTest, ACircleWithAWayInFromOutsideIsNoProblem) {
  Drawing renewal(R"(
    passport + photo -> replace  -> passport
    passport         -> register -> residence
    residence        -> passport_first -> passport
  )");
  const auto supplied = [](const AttributeId& id) {
    return id == Document("passport") || id == Document("photo");
  };
  EXPECT_THAT(renewal.graph().DeadCircles(supplied), IsEmpty());

  Drawing alternative(R"(
    b|outside -> first  -> a
    a         -> second -> b
  )");
  const auto outside = [](const AttributeId& id) { return id == Document("outside"); };
  EXPECT_THAT(alternative.graph().DeadCircles(outside), IsEmpty());
}

TEST(ServiceGraphTest, ServicesOutsideTheCircleThatGiveTheSameAreAWayIn) {
  Drawing world(R"(
    b  -> first  -> a
    a  -> second -> b
       -> other  -> a
  )");
  EXPECT_THAT(world.graph().DeadCircles(Nothing), IsEmpty());
}

TEST(ServiceGraphTest, DeadInputsDoNotMakeACircle) {
  Drawing world(R"(
    nowhere + b -> first  -> a
    c           -> second -> b
  )");
  EXPECT_THAT(world.graph().DeadCircles(Nothing), IsEmpty());
  EXPECT_EQ(world.graph().DeadInputs(Nothing).size(), 2u);
}

TEST(ServiceGraphTest, AnInputThatNothingSuppliesIsDead) {
  Drawing world(R"(
    a + b|c -> first -> d
    d       -> second -> e
  )");
  const auto supplied = [](const AttributeId& id) { return id == Document("c"); };
  const std::vector<Issue> dead = world.graph().DeadInputs(supplied);
  ASSERT_EQ(dead.size(), 1u);
  EXPECT_THAT(dead[0].text, HasSubstr("\"first\" can never start: nothing supplies doc.a"));
  EXPECT_GT(dead[0].where.line, 0);
}

TEST(ServiceGraphTest, AServiceDoesNotSupplyItself) {
  Drawing world(R"(
    passport|old_passport -> replace -> passport
  )");
  const std::vector<Issue> dead = world.graph().DeadInputs(Nothing);
  ASSERT_EQ(dead.size(), 1u);
  EXPECT_THAT(dead[0].text, HasSubstr("nothing supplies doc.passport or doc.old_passport"));
}

}  // namespace
}  // namespace kstati::graph
