// SPDX-License-Identifier: Apache-2.0
// Decision tables: one line per table, its rows as "tests -> output", and what it gives.
#include <gtest/gtest.h>

#include <sstream>

#include "tests/unit/dmn/small_model.h"

namespace kstati::eligibility::dmn {
namespace {

std::string Escaped(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  return out;
}

// A table over the inputs x and y. Rows are "x tests ; y tests ; output", one per line.
std::string Table(const std::string& policy, const std::string& rows,
                  const std::string& output = "<output/>") {
  std::string rules;
  std::istringstream lines(rows);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream cells(line);
    std::string x;
    std::string y;
    std::string value;
    std::getline(cells, x, ';');
    std::getline(cells, y, ';');
    std::getline(cells, value);
    rules += "<rule><inputEntry><text>" + Escaped(x) + "</text></inputEntry><inputEntry><text>" +
             Escaped(y) + "</text></inputEntry><outputEntry><text>" + Escaped(value) +
             "</text></outputEntry></rule>";
  }
  const auto column = [](const std::string& name) {
    return "<input><inputExpression typeRef='number'><text>" + name +
           "</text></inputExpression></input>";
  };
  return InModel(
      "<inputData name='x' id='x'><variable name='x' typeRef='number'/></inputData>"
      "<inputData name='y' id='y'><variable name='y' typeRef='number'/></inputData>"
      "<decision name='d'><informationRequirement><requiredInput href='#x'/>"
      "</informationRequirement><informationRequirement><requiredInput href='#y'/>"
      "</informationRequirement><decisionTable " +
      policy + ">" + column("x") + column("y") + output + rules + "</decisionTable></decision>");
}

struct TableCase {
  const char* policy;
  const char* rows;
  const char* x;
  const char* y;
  const char* printed;
};

class Tables : public testing::TestWithParam<TableCase> {};

TEST_P(Tables, Give) {
  const TableCase& one = GetParam();
  const SmallModel model(Table(one.policy, one.rows));
  EXPECT_EQ(model.Issues(), "");
  EXPECT_EQ(model.Answer("d", {{"x", one.x}, {"y", one.y}}), one.printed) << one.policy << "\n"
                                                                          << one.rows;
}

constexpr const char* kSteps = "< 18;-;\"child\"\n[18..64];-;\"adult\"\n>= 65;> 1;\"elder\"";
constexpr const char* kOverlap = "> 0;-;1\n> 1;-;2\n> 2;> 0;3";

constexpr TableCase kTables[] = {
    {"", kSteps, "17", "0", "\"child\""},
    {"", kSteps, "18", "0", "\"adult\""},
    {"", kSteps, "70", "0", "null"},
    {"", kSteps, "70", "2", "\"elder\""},
    {"", kSteps, "null", "2", "null"},
    {"", kOverlap, "2", "0", "null"},
    {"hitPolicy='FIRST'", kOverlap, "3", "1", "1"},
    {"hitPolicy='ANY'", kOverlap, "3", "1", "null"},
    {"hitPolicy='ANY'", "> 0;-;1\n> 1;-;1", "3", "1", "1"},
    {"hitPolicy='COLLECT'", kOverlap, "3", "1", "[1, 2, 3]"},
    {"hitPolicy='RULE ORDER'", kOverlap, "2", "1", "[1, 2]"},
    {"hitPolicy='COLLECT' aggregation='SUM'", kOverlap, "3", "1", "6"},
    {"hitPolicy='COLLECT' aggregation='MAX'", kOverlap, "2", "1", "2"},
    {"hitPolicy='COLLECT' aggregation='MIN'", kOverlap, "2", "1", "1"},
    {"hitPolicy='COLLECT' aggregation='COUNT'", kOverlap, "2", "1", "2"},
    {"hitPolicy='COLLECT' aggregation='COUNT'", kOverlap, "0", "1", "0"},
    {"hitPolicy='COLLECT' aggregation='SUM'", kOverlap, "0", "1", "null"},
    // Cells.
    {"", "not(1, 2);-;\"other\"", "3", "0", "\"other\""},
    {"", "not(1, 2);-;\"other\"", "2", "0", "null"},
    {"", "1, 2, > 10;-;\"yes\"", "11", "0", "\"yes\""},
    {"", "? > 1 and ? < 4;-;\"yes\"", "3", "0", "\"yes\""},
    {"", "> y;-;\"more\"", "3", "2", "\"more\""},
    {"", "null;-;\"none\"", "null", "2", "\"none\""},
    {"", "[1, 5, 7];-;\"listed\"", "5", "2", "\"listed\""},
    {"", "]1..3[;-;\"between\"", "3", "2", "null"},
    {"", "-1;-;\"minus\"", "-1", "2", "\"minus\""},
    {"", ";;\"always\"", "5", "2", "\"always\""},
    // With an unknown input, an answer only where every value of it gives the same.
    {"", kSteps, "?", "2", "unknown(0)"},
    {"", kSteps, "17", "?", "\"child\""},
    {"", kSteps, "70", "?", "unknown(1)"},
    {"hitPolicy='FIRST'", "> 0;-;1\n-;-;1", "?", "0", "1"},
    {"hitPolicy='FIRST'", "> 0;-;1\n-;-;2", "?", "0", "unknown(0)"},
    {"hitPolicy='FIRST'", "-;-;1\n> 0;-;2", "?", "0", "1"},
    {"hitPolicy='ANY'", "-;-;1\n> 0;-;1", "?", "0", "1"},
    {"hitPolicy='ANY'", "-;-;1\n> 0;-;2", "?", "0", "unknown(0)"},
    {"hitPolicy='ANY'", "-;-;1\n-;-;2\n> 0;-;1", "?", "0", "null"},
    {"hitPolicy='COLLECT'", "-;-;1\n-;> 0;2", "?", "1", "[1, 2]"},
    {"hitPolicy='COLLECT'", "-;-;1\n-;> 0;2", "1", "?", "unknown(1)"},
};

INSTANTIATE_TEST_SUITE_P(Dmn, Tables, testing::ValuesIn(kTables));

constexpr const char* kRanked =
    "<output><outputValues><text>\"high\", \"middle\", \"low\"</text></outputValues></output>";

TEST(DecisionTable, PriorityTakesTheHighestOutput) {
  const char* rows = "> 0;-;\"low\"\n> 1;-;\"high\"\n> 0;-;\"middle\"";
  EXPECT_EQ(SmallModel(Table("hitPolicy='PRIORITY'", rows, kRanked))
                .Answer("d", {{"x", "2"}, {"y", "0"}}),
            "\"high\"");
  EXPECT_EQ(SmallModel(Table("hitPolicy='OUTPUT ORDER'", rows, kRanked))
                .Answer("d", {{"x", "2"}, {"y", "0"}}),
            "[\"high\", \"middle\", \"low\"]");
}

TEST(DecisionTable, DefaultStandsWhereNoRuleMatches) {
  const char* output =
      "<output><defaultOutputEntry><text>\"none\"</text></defaultOutputEntry>"
      "</output>";
  const SmallModel model(Table("", "> 0;-;\"some\"", output));
  EXPECT_EQ(model.Answer("d", {{"x", "0"}, {"y", "0"}}), "\"none\"");
  EXPECT_EQ(model.Answer("d", {{"x", "1"}, {"y", "0"}}), "\"some\"");
}

}  // namespace
}  // namespace kstati::eligibility::dmn
