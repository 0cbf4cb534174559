// SPDX-License-Identifier: Apache-2.0
// Boxed expressions, knowledge and services: what they give, also with something unknown.
#include <gtest/gtest.h>

#include "tests/unit/dmn/small_model.h"

namespace kstati::eligibility::dmn {
namespace {

std::string Literal(const std::string& text) {
  return "<literalExpression><text>" + text + "</text></literalExpression>";
}

struct BoxedCase {
  const char* logic;
  const char* printed;
};

class Boxed : public testing::TestWithParam<BoxedCase> {};

TEST_P(Boxed, Gives) {
  const SmallModel model(Deciding(GetParam().logic));
  EXPECT_EQ(model.Answer("d"), GetParam().printed) << model.Issues();
}

constexpr BoxedCase kBoxed[] = {
    {"<context><contextEntry><variable name='a'/><literalExpression><text>1</text>"
     "</literalExpression></contextEntry><contextEntry><variable name='b'/><literalExpression>"
     "<text>a + 1</text></literalExpression></contextEntry></context>",
     "{a: 1, b: 2}"},
    {"<context><contextEntry><variable name='a'/><literalExpression><text>1</text>"
     "</literalExpression></contextEntry><contextEntry><literalExpression>"
     "<text>a + 1</text></literalExpression></contextEntry></context>",
     "2"},
    {"<context><contextEntry><variable name='a' typeRef='string'/><literalExpression>"
     "<text>1</text></literalExpression></contextEntry></context>",
     "{a: null}"},
    {"<list><literalExpression><text>1</text></literalExpression><literalExpression>"
     "<text>2</text></literalExpression></list>",
     "[1, 2]"},
    {"<relation><column name='x'/><column name='y z'/><row><literalExpression><text>1</text>"
     "</literalExpression><literalExpression><text>2</text></literalExpression></row></relation>",
     "[{x: 1, y z: 2}]"},
    {"<conditional><if><literalExpression><text>1 &lt; 2</text></literalExpression></if>"
     "<then><literalExpression><text>\"yes\"</text></literalExpression></then>"
     "<else><literalExpression><text>\"no\"</text></literalExpression></else></conditional>",
     "\"yes\""},
    {"<filter><in><literalExpression><text>[1, 2, 3]</text></literalExpression></in>"
     "<match><literalExpression><text>item &gt; 1</text></literalExpression></match></filter>",
     "[2, 3]"},
    {"<for iteratorVariable='i'><in><literalExpression><text>1..3</text></literalExpression></in>"
     "<return><literalExpression><text>i * i</text></literalExpression></return></for>",
     "null"},
    {"<for iteratorVariable='i'><in><literalExpression><text>[1..3]</text></literalExpression>"
     "</in><return><literalExpression><text>i * i + count(partial)</text></literalExpression>"
     "</return></for>",
     "[1, 5, 11]"},
    {"<every iteratorVariable='i'><in><literalExpression><text>[1, 2]</text></literalExpression>"
     "</in><satisfies><literalExpression><text>i &gt; 1</text></literalExpression></satisfies>"
     "</every>",
     "false"},
    {"<some iteratorVariable='i'><in><literalExpression><text>[1, 2]</text></literalExpression>"
     "</in><satisfies><literalExpression><text>i &gt; 1</text></literalExpression></satisfies>"
     "</some>",
     "true"},
    {"<invocation><literalExpression><text>substring</text></literalExpression>"
     "<binding><parameter name='start position'/><literalExpression><text>2</text>"
     "</literalExpression></binding><binding><parameter name='string'/><literalExpression>"
     "<text>\"abc\"</text></literalExpression></binding></invocation>",
     "\"bc\""},
};

INSTANTIATE_TEST_SUITE_P(Dmn, Boxed, testing::ValuesIn(kBoxed));

TEST(Knowledge, IsAFunctionThatConvertsItsArgumentsAndItsResult) {
  const SmallModel model(InModel(
      "<businessKnowledgeModel name='half' id='half'><variable name='half' typeRef='number'/>"
      "<encapsulatedLogic><formalParameter name='n' typeRef='number'/>" +
      Literal("n / 2") +
      "</encapsulatedLogic></businessKnowledgeModel>"
      "<decision name='d'><knowledgeRequirement><requiredKnowledge href='#half'/>"
      "</knowledgeRequirement>" +
      Literal("[half(3), half([4]), half(\"x\"), half(n: 10)]") + "</decision>"));
  EXPECT_EQ(model.Issues(), "");
  EXPECT_EQ(model.Answer("d"), "[1.5, 2, null, 5]");
}

TEST(Knowledge, MayCallItself) {
  const SmallModel model(InModel(
      "<businessKnowledgeModel name='f' id='f'><knowledgeRequirement><requiredKnowledge href='#f'/>"
      "</knowledgeRequirement><encapsulatedLogic><formalParameter name='n'/>" +
      Literal("if n = 0 then 1 else n * f(n - 1)") +
      "</encapsulatedLogic></businessKnowledgeModel>"
      "<decision name='d'><knowledgeRequirement><requiredKnowledge href='#f'/>"
      "</knowledgeRequirement>" +
      Literal("f(5)") + "</decision>"));
  EXPECT_EQ(model.Answer("d"), "120");
}

TEST(Types, AllowedValuesAreCheckedWhereAValueIsGiven) {
  const SmallModel model(InModel(
      "<itemDefinition name='age'><typeRef>number</typeRef><allowedValues><text>[0..150]</text>"
      "</allowedValues></itemDefinition>"
      "<inputData name='a' id='a'><variable name='a' typeRef='age'/></inputData>"
      "<decision name='d'><informationRequirement><requiredInput href='#a'/>"
      "</informationRequirement>" +
      Literal("a") + "</decision>"));
  EXPECT_EQ(model.Answer("d", {{"a", "150"}}), "150");
  EXPECT_EQ(model.Answer("d", {{"a", "151"}}), "null");
  EXPECT_EQ(model.Answer("d", {{"a", "\"x\""}}), "null");
  EXPECT_EQ(model.Answer("d", {{"a", "?"}}), "unknown(0)");
}

TEST(Types, AConstraintIsOnTheWholeCollection) {
  const SmallModel model(
      InModel("<itemDefinition name='pair' isCollection='true'><typeRef>number</typeRef>"
              "<typeConstraint><text>count(?) = 2</text></typeConstraint></itemDefinition>"
              "<inputData name='a' id='a'><variable name='a' typeRef='pair'/></inputData>"
              "<decision name='d'><informationRequirement><requiredInput href='#a'/>"
              "</informationRequirement>" +
              Literal("a") + "</decision>"));
  EXPECT_EQ(model.Answer("d", {{"a", "[1, 2]"}}), "[1, 2]");
  EXPECT_EQ(model.Answer("d", {{"a", "[1]"}}), "null");
}

TEST(Decisions, SeeOnlyWhatTheyRequire) {
  const SmallModel model(
      InModel("<inputData name='a' id='a'><variable name='a' typeRef='number'/></inputData>"
              "<decision name='d'>" +
              Literal("a + 1") + "</decision>"));
  EXPECT_EQ(model.Answer("d", {{"a", "1"}}), "null");
  EXPECT_NE(model.Issues().find("unknown name \"a\""), std::string::npos);
}

TEST(Decisions, StayUnknownWithTheInputThatDecides) {
  const SmallModel model(
      InModel("<inputData name='a' id='a'><variable name='a' typeRef='number'/></inputData>"
              "<inputData name='b' id='b'><variable name='b' typeRef='number'/></inputData>"
              "<decision name='sum' id='s'><informationRequirement><requiredInput href='#a'/>"
              "</informationRequirement>" +
              Literal("a + 1") +
              "</decision>"
              "<decision name='d'><informationRequirement><requiredDecision href='#s'/>"
              "</informationRequirement><informationRequirement><requiredInput href='#b'/>"
              "</informationRequirement>" +
              Literal("sum &gt; 10 and b &gt; 1") + "</decision>"));
  EXPECT_EQ(model.Answer("d", {{"a", "?"}, {"b", "0"}}), "false");
  EXPECT_EQ(model.Answer("d", {{"a", "?"}, {"b", "2"}}), "unknown(0)");
  EXPECT_EQ(model.Answer("d"), "unknown(0, 1)");
}

TEST(Services, TakeInputsFirstAndGiveTheirOutputs) {
  const SmallModel model(InModel(
      "<inputData name='a' id='a'><variable name='a' typeRef='number'/></inputData>"
      "<decision name='b' id='b'><variable name='b' typeRef='number'/>" +
      Literal("7") +
      "</decision>"
      "<decision name='c' id='c'><informationRequirement><requiredDecision href='#b'/>"
      "</informationRequirement><informationRequirement><requiredInput href='#a'/>"
      "</informationRequirement>" +
      Literal("a * 10 + b") +
      "</decision>"
      "<decisionService name='s' id='s'><outputDecision href='#c'/><inputDecision href='#b'/>"
      "<inputData href='#a'/></decisionService>"
      "<decision name='d'><knowledgeRequirement><requiredKnowledge href='#s'/>"
      "</knowledgeRequirement>" +
      Literal("[s(1, 2), s(b: 1, a: 2), s(\"x\", 2), s(1)]") + "</decision>"));
  EXPECT_EQ(model.Issues(), "");
  EXPECT_EQ(model.Answer("d"), "[12, 21, null, null]");
}

TEST(Services, ShareTheStepsOfTheirCaller) {
  const SmallModel model(
      InModel("<inputData name='a' id='a'/>"
              "<decision name='c' id='c'><informationRequirement><requiredInput href='#a'/>"
              "</informationRequirement>" +
              Literal("count(for j in 1..100000 return j + a)") +
              "</decision>"
              "<decisionService name='s' id='s'><outputDecision href='#c'/><inputData href='#a'/>"
              "</decisionService>"
              "<decision name='few'><knowledgeRequirement><requiredKnowledge href='#s'/>"
              "</knowledgeRequirement>" +
              Literal("sum(for i in 1..3 return s(i))") +
              "</decision>"
              "<decision name='many'><knowledgeRequirement><requiredKnowledge href='#s'/>"
              "</knowledgeRequirement>" +
              Literal("sum(for i in 1..10000 return s(i))") + "</decision>"));
  EXPECT_EQ(model.Issues(), "");
  EXPECT_EQ(model.Answer("few"), "300000");
  EXPECT_EQ(model.Answer("many"), "null");
}

}  // namespace
}  // namespace kstati::eligibility::dmn
