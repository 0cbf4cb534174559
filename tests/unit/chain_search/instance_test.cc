// SPDX-License-Identifier: Apache-2.0
#include "graph/search/instance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kstati::graph::search {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kSmall = R"({"facts": 3, "initial": [0], "goals": [2], "optimum": 5,
  "name": "passed over", "services": [
    {"id": "b", "needs": [1], "gives": [2], "cost": 3, "days": 4, "visits": 1, "fee": 12},
    {"id": "a", "needs": [0], "gives": [1], "cost": 2}]})";

std::string Refusal(const std::string& text) {
  const auto instance = ParseInstance(text, "f.json");
  return instance ? "accepted" : instance.error().ToString();
}

// The small instance with one text in the place of another.
std::string RefusalWith(const std::string& old, const std::string& with) {
  std::string text = kSmall;
  text.replace(text.find(old), old.size(), with);
  return Refusal(text);
}

TEST(InstanceReader, ReadsServicesAndTheQuery) {
  const auto instance = ParseInstance(kSmall, "f.json");
  ASSERT_TRUE(instance) << instance.error().ToString();
  const Problem& problem = instance->problem;
  ASSERT_EQ(problem.service_count(), 2U);
  EXPECT_EQ(problem.id(1), "b");
  EXPECT_THAT(problem.needs(1), ElementsAre(1));
  EXPECT_THAT(problem.gives(1), ElementsAre(2));
  EXPECT_EQ(problem.cost(1), 3);
  EXPECT_EQ(problem.days(1), 4);
  EXPECT_EQ(problem.visits(1), 1);
  EXPECT_EQ(problem.fee(1), 12);
  ASSERT_TRUE(instance->query);
  EXPECT_THAT(instance->query->initial, ElementsAre(0));
  EXPECT_THAT(instance->query->goals, ElementsAre(2));
  EXPECT_EQ(instance->query->optimum, 5);
}

TEST(InstanceReader, RefusalsNameFilePlaceAndRemedy) {
  EXPECT_THAT(Refusal("{"), AllOf(HasSubstr("not JSON"), HasSubstr("line 1"), HasSubstr("f.json")));
  EXPECT_THAT(Refusal("[]"), HasSubstr("must be a JSON object (at f.json)"));
  EXPECT_THAT(RefusalWith("\"gives\": [2]", "\"gives\": [3]"),
              AllOf(HasSubstr("there is no fact 3"), HasSubstr("f.json: services[0].gives[0]"),
                    HasSubstr("from 0 to below \"facts\", 3")));
  EXPECT_THAT(RefusalWith("\"goals\": [2]", "\"goals\": [-1]"),
              AllOf(HasSubstr("there is no fact -1"), HasSubstr("f.json: goals[0]")));
  EXPECT_THAT(RefusalWith("\"cost\": 3", "\"cost\": -3"),
              AllOf(HasSubstr("cost is negative"), HasSubstr("service \"b\"")));
  EXPECT_THAT(RefusalWith("\"cost\": 3", "\"cost\": 2.5"), HasSubstr("f.json: services[0].cost"));
  EXPECT_THAT(RefusalWith("\"cost\": 3", "\"cost\": 18446744073709551615"), HasSubstr("2^63"));
  EXPECT_THAT(RefusalWith("\"cost\": 3", "\"cost\": 9223372036854775807"), HasSubstr("2^61"));
  EXPECT_THAT(RefusalWith("\"id\": \"b\"", "\"id\": \"a\""),
              HasSubstr("two services have the id \"a\""));
  EXPECT_THAT(RefusalWith("\"id\": \"b\", ", ""),
              AllOf(HasSubstr("\"id\" is missing"), HasSubstr("f.json: services[0]")));
  EXPECT_THAT(RefusalWith("\"facts\": 3", "\"facts\": 4000000000"), HasSubstr("so many facts"));
}

TEST(InstanceReader, AQueryMayBeKnownToHaveNoChain) {
  const auto instance = ParseInstance(kSmall, "f.json");
  const auto queries = ParseQueries(R"([{"initial": [], "goals": [1], "optimum": null}])", "q.json",
                                    instance->problem);
  ASSERT_TRUE(queries) << queries.error().ToString();
  EXPECT_TRUE((*queries)[0].has_no_chain);
  EXPECT_FALSE((*queries)[0].optimum);
}

TEST(InstanceReader, ReadsQueriesWithForbiddenServices) {
  const auto instance = ParseInstance(kSmall, "f.json");
  const auto queries = ParseQueries(
      R"([{"initial": [], "goals": [1]}, {"initial": [0], "goals": [], "forbidden": ["b"]}])",
      "q.json", instance->problem);
  ASSERT_TRUE(queries) << queries.error().ToString();
  ASSERT_EQ(queries->size(), 2U);
  EXPECT_FALSE((*queries)[0].optimum);
  EXPECT_THAT((*queries)[1].forbidden, ElementsAre(1));
  const auto wrong = ParseQueries(R"([{"initial": [], "goals": [], "forbidden": ["c"]}])", "q.json",
                                  instance->problem);
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().ToString(), HasSubstr("q.json: query[0].forbidden[0]"));
}

}  // namespace
}  // namespace kstati::graph::search
