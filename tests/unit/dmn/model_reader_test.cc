// SPDX-License-Identifier: Apache-2.0
// What is wrong with a model, and where.
#include <gtest/gtest.h>

#include "tests/unit/dmn/small_model.h"

namespace kstati::eligibility::dmn {
namespace {

TEST(ModelReader, EveryVersionFrom12To15IsRead) {
  for (const char* version : {"20180521", "20191111", "20211108", "20230324"}) {
    const SmallModel model(
        InModel("<decision name=\"d\"><variable name=\"d\" typeRef=\"number\"/>"
                "<literalExpression><text>1 + 1</text></literalExpression></decision>",
                version));
    EXPECT_EQ(model.Issues(), "") << version;
    EXPECT_EQ(model.Answer("d"), "2") << version;
  }
}

TEST(ModelReader, OtherFilesAreNoModels) {
  EXPECT_EQ(SmallModel("<html/>").Issues(),
            "m.dmn:1:1: error: this is no DMN model of version 1.2 to 1.5\n"
            "  hint: its first element must be <definitions> in one of the namespaces of the "
            "standard, for example https://www.omg.org/spec/DMN/20230324/MODEL/\n");
}

struct BadModel {
  const char* parts;
  const char* issues;
};

class BadModels : public testing::TestWithParam<BadModel> {};

TEST_P(BadModels, AreReportedWithTheirPlace) {
  EXPECT_EQ(SmallModel(InModel(GetParam().parts)).Issues(), GetParam().issues);
}

constexpr BadModel kBadModels[] = {
    {"<decision><literalExpression><text>1</text></literalExpression></decision>",
     "m.dmn:2:1: error: <decision> needs the attribute \"name\"\n"},
    {"<decision name='d'><literalExpression>\n<text>1 +\n  2 )</text></literalExpression>"
     "</decision>",
     "m.dmn:4:5: error: unexpected \")\"\n"},
    {"<decision name='d'><literalExpression><text>1 &lt; 2 )</text></literalExpression>"
     "</decision>",
     "m.dmn:2:54: error: unexpected \")\"\n"},
    {"<businessKnowledgeModel name='f'><encapsulatedLogic kind='Java'/></businessKnowledgeModel>",
     "m.dmn:2:34: error: f is an external function in Java, which is not accepted\n"
     "  hint: write it in FEEL\n"},
    {"<businessKnowledgeModel name='f'><encapsulatedLogic kind='PMML'/></businessKnowledgeModel>",
     "m.dmn:2:34: error: f is an external function in PMML, which is not accepted\n"
     "  hint: write it in FEEL\n"},
    {"<decision name='d'><informationRequirement><requiredInput href='#x'/>"
     "</informationRequirement></decision>",
     "m.dmn:2:44: error: the reference \"#x\" leads to nothing that can stand here\n"},
    {"<inputData name='a'><variable name='a' typeRef='nmber'/></inputData>",
     "m.dmn:2:21: error: unknown type \"nmber\"\n  hint: did you mean \"number\"?\n"},
    {"<itemDefinition name='t'><typeRef>u</typeRef></itemDefinition>\n"
     "<itemDefinition name='u'><typeRef>t</typeRef></itemDefinition>",
     "m.dmn:2:1: error: the type \"t\" contains itself\n"},
    {"<inputData name='a'/><inputData name='a'/>",
     "m.dmn:2:22: error: the model has two elements named \"a\"\n"},
    {"<decision name='a' id='a'><informationRequirement><requiredDecision href='#b'/>"
     "</informationRequirement></decision>\n"
     "<decision name='b' id='b'><informationRequirement><requiredDecision href='#a'/>"
     "</informationRequirement></decision>",
     "m.dmn:2:1: error: decisions require each other in a circle: \"a\" -> \"b\" -> \"a\"\n"},
    {"<decision name='d'><decisionTable hitPolicy='BEST'><output/></decisionTable></decision>",
     "m.dmn:2:20: error: there is no hit policy \"BEST\"\n"},
    {"<decision name='d'><decisionTable><input><inputExpression><text>1</text></inputExpression>"
     "</input><output/>\n<rule><outputEntry><text>1</text></outputEntry></rule></decisionTable>"
     "</decision>",
     "m.dmn:3:1: error: the rule has 0 input and 1 output entries, the table 1 inputs and 1 "
     "outputs\n"},
    {"<import name='x' namespace='urn:x' importType='http://www.w3.org/2001/XMLSchema'/>",
     "m.dmn:2:1: error: only DMN models can be imported, this is "
     "\"http://www.w3.org/2001/XMLSchema\"\n"},
    {"<import name='x' namespace='urn:x' "
     "importType='https://www.omg.org/spec/DMN/20230324/MODEL/'/>",
     "m.dmn:2:1: error: the model \"urn:x\" is not there\n"},
    {"<wizard/>", "m.dmn:2:1: error: <wizard> has no meaning in a model\n"},
};

INSTANTIATE_TEST_SUITE_P(Dmn, BadModels, testing::ValuesIn(kBadModels));

}  // namespace
}  // namespace kstati::eligibility::dmn
