// SPDX-License-Identifier: Apache-2.0
#include "graph/parameter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/catalogue.h"
#include "tests/unit/graph/small_catalogue.h"

namespace kstati::graph {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ParameterTest : public ::testing::Test {
 protected:
  // Reads a parameter with these values; `values` are lines of the list.
  void Read(const std::string& values, const std::string& type = "number",
            const std::string& dimensions = "[sex, birth_year]") {
    files_.Write("parameters/extra.yaml",
                 "parameters:\n  - id: extra\n    name: {ru: a, en: b}\n    unit: years\n"
                 "    type: " +
                     type + "\n    act: fz_81\n    dimensions: " + dimensions + "\n    values:\n" +
                     values);
    catalogue_ = files_.Load();
  }

  // The value in force, or "none".
  std::string On(std::string_view date, const std::string& region = "77",
                 const std::map<std::string, DimensionValue>& dimensions = {}) {
    const Parameter* const parameter = catalogue_.FindParameter(ParameterId("extra"));
    const ParameterValue* const value =
        parameter->On(Date::Parse(date).value(), region, dimensions);
    if (value == nullptr) return "none";
    const auto* const scalar = std::get_if<Decimal>(&value->value);
    return scalar != nullptr ? scalar->ToString() : std::get<Date>(value->value).ToString();
  }

  SmallCatalogue files_;
  Catalogue catalogue_;
};

// "{from: 2026-01-01, region: RU, value: 1, ...}" with what the test cares about.
std::string Row(const std::string& text) {
  return "      - {" + text + ", verification: from_knowledge}\n";
}

TEST_F(ParameterTest, TheValueOfTheDayIsFound) {
  Read(Row("from: 2025-01-01, to: 2025-12-31, region: RU, value: 1.50") +
       Row("from: 2026-01-01, to: 2026-12-31, region: RU, value: 2"));
  ASSERT_THAT(files_.Problems(), IsEmpty());
  EXPECT_EQ(On("2025-12-31"), "1.5");
  EXPECT_EQ(On("2026-01-01"), "2");
  EXPECT_EQ(On("2024-12-31"), "none");
  EXPECT_EQ(On("2027-01-01"), "none") << "never guessed past the last value";
}

TEST_F(ParameterTest, AValueWithoutEndIsInForceUntilReplaced) {
  Read(Row("from: 2025-01-01, region: RU, value: 1") +
       Row("from: 2026-01-01, region: RU, value: 2"));
  ASSERT_THAT(files_.Problems(), IsEmpty());
  EXPECT_EQ(On("2025-12-31"), "1");
  EXPECT_EQ(On("2036-01-01"), "2");
}

TEST_F(ParameterTest, AFederalFigureHoldsInEveryRegion) {
  Read(Row("from: 2025-01-01, region: RU, value: 1"));
  EXPECT_EQ(On("2026-03-15", "77"), "1");
  EXPECT_EQ(On("2026-03-15", "RU"), "1");
}

TEST_F(ParameterTest, WhereRegionsSetTheFigureTheFederalOneDoesNotStandIn) {
  Read(Row("from: 2025-01-01, region: RU, value: 1") +
       Row("from: 2026-01-01, to: 2026-12-31, region: \"77\", value: 2"));
  ASSERT_THAT(files_.Problems(), IsEmpty());
  EXPECT_EQ(On("2026-03-15", "77"), "2");
  EXPECT_EQ(On("2026-03-15", "RU"), "1");
  EXPECT_EQ(On("2026-03-15", "78"), "none") << "the figure of this region is not loaded";
  EXPECT_EQ(On("2025-03-15", "77"), "none") << "nor is that of the year before";
}

TEST_F(ParameterTest, DimensionsMatchByWordAndByRange) {
  Read(Row("from: 2019-01-01, region: RU, value: 60, when: {sex: male, birth_year: {to: 1958}}") +
       Row("from: 2019-01-01, region: RU, value: 60.5, when: {sex: male, birth_year: 1959}") +
       Row("from: 2019-01-01, region: RU, value: 65, when: {sex: male, birth_year: {from: 1960}}"));
  ASSERT_THAT(files_.Problems(), IsEmpty());
  EXPECT_EQ(On("2026-01-01", "77", {{"sex", "male"}, {"birth_year", 1958}}), "60");
  EXPECT_EQ(On("2026-01-01", "77", {{"sex", "male"}, {"birth_year", 1959}}), "60.5");
  EXPECT_EQ(On("2026-01-01", "77", {{"sex", "male"}, {"birth_year", 1960}}), "65");
  EXPECT_EQ(On("2026-01-01", "77", {{"sex", "female"}, {"birth_year", 1960}}), "none");
  EXPECT_EQ(On("2026-01-01", "77", {{"sex", "male"}}), "none") << "a dimension was not given";
}

TEST_F(ParameterTest, TheMoreSpecificValueWins) {
  Read(Row("from: 2019-01-01, region: RU, value: 1") +
       Row("from: 2019-01-01, region: RU, value: 2, when: {sex: female}"));
  ASSERT_THAT(files_.Problems(), IsEmpty());
  EXPECT_EQ(On("2026-01-01", "77", {{"sex", "female"}}), "2");
  EXPECT_EQ(On("2026-01-01", "77", {{"sex", "male"}}), "1");
  EXPECT_EQ(On("2026-01-01", "77"), "1");
}

TEST_F(ParameterTest, ValuesMayBeDates) {
  Read(Row("from: 2024-01-01, region: RU, value: 2030-12-31"), "date");
  EXPECT_EQ(On("2026-01-01"), "2030-12-31");
}

TEST_F(ParameterTest, TwoValuesThatCanBeInForceTogetherAreAnIssue) {
  Read(Row("from: 2025-01-01, to: 2026-01-31, region: RU, value: 1") +
       Row("from: 2026-01-01, region: RU, value: 2"));
  EXPECT_THAT(files_.Problems(),
              ElementsAre("extra.yaml:10 this value and the one in line 9 can be "
                          "in force together"));
  Read(Row("from: 2025-01-01, region: RU, value: 1, when: {birth_year: {to: 1960}}") +
       Row("from: 2025-01-01, region: RU, value: 2, when: {birth_year: {from: 1960}}"));
  EXPECT_THAT(files_.Problems(), ElementsAre(HasSubstr("extra.yaml:10 this value and the one")));
  Read(Row("from: 2025-01-01, region: RU, value: 1, when: {sex: male}") +
       Row("from: 2025-01-01, region: RU, value: 2, when: {birth_year: 1960}"));
  EXPECT_THAT(files_.Problems(), ElementsAre(HasSubstr("extra.yaml:10 this value and the one")));
}

TEST_F(ParameterTest, ValuesOfOtherRegionsOrDimensionsDoNotCollide) {
  Read(Row("from: 2025-01-01, region: RU, value: 1, when: {birth_year: {to: 1959}}") +
       Row("from: 2025-01-01, region: RU, value: 2, when: {birth_year: {from: 1960}}") +
       Row("from: 2025-01-01, region: \"77\", value: 3, when: {birth_year: {from: 1950}}"));
  EXPECT_THAT(files_.Problems(), IsEmpty());
}

TEST_F(ParameterTest, ADimensionMustBeDeclared) {
  Read(Row("from: 2025-01-01, region: RU, value: 1, when: {children: 1}"));
  EXPECT_THAT(files_.Problems(),
              ElementsAre("extra.yaml:9 \"children\" is not among the dimensions "
                          "of this parameter"));
}

TEST_F(ParameterTest, ARangeHasAnEndAndIsNotEmpty) {
  Read(Row("from: 2025-01-01, region: RU, value: 1, when: {birth_year: {}}") +
       Row("from: 2025-01-01, region: \"77\", value: 1, when: {birth_year: {from: 3, to: 2}}"));
  EXPECT_THAT(files_.Problems(), ElementsAre("extra.yaml:9 a range needs from or to",
                                             "extra.yaml:10 the range is empty"));
}

}  // namespace
}  // namespace kstati::graph
