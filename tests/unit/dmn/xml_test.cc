// SPDX-License-Identifier: Apache-2.0
#include "eligibility/dmn/xml.h"

#include <gtest/gtest.h>

namespace kstati::eligibility::dmn {
namespace {

std::string Refusal(std::string_view bytes) {
  std::vector<Issue> issues;
  EXPECT_FALSE(ReadXml(bytes, "x.dmn", issues));
  EXPECT_EQ(issues.size(), 1U);
  return issues.empty() ? std::string() : Render(issues.front(), {});
}

TEST(Xml, ElementsKnowTheirPlaces) {
  std::vector<Issue> issues;
  const auto root = ReadXml("<a x='1'>\n  <b>t &lt; u</b>\n</a>", "x.dmn", issues);
  ASSERT_TRUE(root);
  EXPECT_EQ(root->where.line, 1);
  EXPECT_EQ(*root->Attribute("x"), "1");
  const XmlElement& b = root->children.front();
  EXPECT_EQ(b.where.line, 2);
  EXPECT_EQ(b.where.column, 3);
  EXPECT_EQ(b.content.column, 6);
  EXPECT_EQ(b.text, "t < u");
  EXPECT_EQ(b.raw, "t &lt; u");
}

TEST(Xml, ByteOrderMarkIsPassedOver) {
  std::vector<Issue> issues;
  EXPECT_TRUE(ReadXml("\xEF\xBB\xBF<a/>", "x.dmn", issues));
}

TEST(Xml, AttributesAreDecoded) {
  std::vector<Issue> issues;
  const auto root = ReadXml("<a x='1 &amp; 2'/>", "x.dmn", issues);
  ASSERT_TRUE(root);
  EXPECT_EQ(*root->Attribute("x"), "1 & 2");
}

TEST(Xml, DocumentTypesAreRefused) {
  EXPECT_EQ(Refusal("<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"
                    "<a>&e;</a>"),
            "x.dmn:2:1: error: document types and their entities are not accepted\n"
            "  hint: remove <!DOCTYPE ...>\n");
}

TEST(Xml, UnknownEntitiesAreRefused) {
  EXPECT_NE(Refusal("<a>&e;</a>").find("x.dmn:1:"), std::string::npos);
}

TEST(Xml, OtherEncodingsAreRefused) {
  EXPECT_EQ(Refusal("<?xml version='1.0' encoding='windows-1251'?><a/>"),
            "x.dmn:1:1: error: the file is not UTF-8\n  hint: save it as UTF-8\n");
}

TEST(Xml, BrokenMarkupHasItsPlace) {
  const std::string text = Refusal("<a>\n<b></a>");
  EXPECT_TRUE(text.starts_with("x.dmn:2:")) << text;
  EXPECT_NE(text.find("not well-formed"), std::string::npos) << text;
}

TEST(Xml, DepthAndSizeAreLimited) {
  std::string deep;
  for (int i = 0; i < 200; ++i) deep += "<a>";
  EXPECT_NE(Refusal(deep).find("nested too deeply"), std::string::npos);
  std::vector<Issue> issues;
  EXPECT_FALSE(ReadXml("<a>0123456789</a>", "x.dmn", issues, {.max_bytes = 10}));
  EXPECT_EQ(Refusal(""), "x.dmn:1:1: error: the file is empty\n");
}

TEST(RawOffset, SeesThroughReferencesAndSections) {
  EXPECT_EQ(RawOffset("a &lt; b", 4), 7U);
  EXPECT_EQ(RawOffset("<![CDATA[a < b]]> + c", 2), 11U);
  EXPECT_EQ(RawOffset("&#x444;x", 2), 7U);
  EXPECT_EQ(RawOffset("a<!-- b -->c", 1), 11U);
  EXPECT_EQ(RawOffset("abc", 9), 3U);
}

}  // namespace
}  // namespace kstati::eligibility::dmn
