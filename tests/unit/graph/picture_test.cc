// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "graph/picture/catalogue_picture.h"
#include "graph/picture/label.h"
#include "graph/picture/svg.h"
#include "tests/unit/graph/small_catalogue.h"

namespace kstati::graph::picture {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const Words kWords{"en", "is needed", "one of", "gives", "goal", "sets the last day", "not known"};

Naming ById() {
  return {Language::kEnglish, [](const AttributeId& id) { return "<" + id.text() + ">"; }};
}

std::vector<std::string> IdsOf(const Picture& picture) {
  std::vector<std::string> ids;
  for (const Node& node : picture.nodes) ids.push_back(node.id + (node.marked ? "*" : ""));
  return ids;
}

TEST(Picture, OfASituationHasItsServicesAndMarksItsGoals) {
  SmallCatalogue files;
  const Catalogue catalogue = files.Load();
  const ServiceGraph graph(catalogue, Date::Of(2026, 3, 15));
  const Picture picture = PictureOf(graph, catalogue.situations().front(), ById());
  EXPECT_EQ(picture.title, "Birth");
  EXPECT_THAT(IdsOf(picture), ElementsAre("doc.birth_record", "doc.passport",
                                          "doc.residence_permit", "doc.snils*", "snils_newborn"));
  std::vector<std::string> edges;
  for (const Edge& edge : picture.edges) {
    edges.push_back(picture.nodes[edge.from].id + " " + std::string(NameOf(edge.kind)));
  }
  EXPECT_THAT(edges, ElementsAre("doc.birth_record needs", "doc.passport one of",
                                 "doc.residence_permit one of", "snils_newborn gives"));
}

TEST(Picture, OfAServiceThatIsNotThereIsNone) {
  SmallCatalogue files;
  const Catalogue catalogue = files.Load();
  const ServiceGraph graph(catalogue, Date::Of(2026, 3, 15));
  EXPECT_FALSE(NeighbourhoodOf(graph, ServiceId("nothing"), 1, ById()));
  EXPECT_TRUE(NeighbourhoodOf(graph, ServiceId("snils_newborn"), 2, ById()));
  EXPECT_FALSE(NeighbourhoodOf(ServiceGraph(catalogue, Date::Of(2020, 1, 1)),
                               ServiceId("snils_newborn"), 1, ById()));
}

TEST(Picture, SvgIsAsInTheFile) {
  SmallCatalogue files;
  const Catalogue catalogue = files.Load();
  const ServiceGraph graph(catalogue, Date::Of(2026, 3, 15));
  Picture picture = PictureOf(graph, catalogue.situations().front(), ById());
  picture.description = "A service \"& more\"";
  const std::string svg = ToSvg(Draw(std::move(picture)), kWords);
  EXPECT_THAT(svg, HasSubstr("&lt;doc.snils&gt;"));
  EXPECT_THAT(svg, Not(HasSubstr("<doc.snils>")));
  const std::string golden = KSTATI_SOURCE "/tests/unit/graph/picture.svg";
  if (std::getenv("KSTATI_REFRESH_GOLDEN") != nullptr) {
    std::ofstream(golden) << svg;
    return;
  }
  std::ifstream file(golden);
  const std::string expected{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(svg, expected);
}

TEST(Label, BreaksBetweenWordsAndCountsCodePoints) {
  EXPECT_THAT(WrapLabel("Запись о рождении", 9, 3), ElementsAre("Запись о", "рождении"));
  EXPECT_THAT(WrapLabel("abcdefgh", 3, 3), ElementsAre("abc", "def", "gh"));
  EXPECT_THAT(WrapLabel("one two three", 5, 2), ElementsAre("one", "two…"));
  EXPECT_THAT(WrapLabel("", 5, 2), ElementsAre());
  EXPECT_EQ(CountCodePoints("ёж"), 2U);
  EXPECT_EQ(EscapeXml("a<b>&\"'\n"), "a&lt;b&gt;&amp;&quot;&#39; ");
}

TimelineStep Step(const std::string& id, const char* start, const char* finish,
                  std::vector<std::string> after = {}) {
  TimelineStep step{id, id, *Date::Parse(start), {}, std::move(after), false};
  if (finish != nullptr) step.finish = *Date::Parse(finish);
  return step;
}

TEST(Timeline, WhatIsCriticalIsMarkedWithTheWaysBetween) {
  std::vector<TimelineStep> steps{Step("a", "2026-03-02", "2026-03-04"),
                                  Step("b", "2026-03-02", "2026-03-10"),
                                  Step("c", "2026-03-10", "2026-03-12", {"a", "b"})};
  steps[1].critical = steps[2].critical = true;
  const DrawnTimeline drawn = Draw(Timeline{"Life", "Steps", steps});
  EXPECT_THAT(drawn.arrow_is_critical, ElementsAre(false, true));
  const std::string svg = ToSvg(drawn, kWords);
  EXPECT_THAT(svg, HasSubstr("b · 2026-03-02 – 2026-03-10 · sets the last day"));
  EXPECT_THAT(svg, Not(HasSubstr("a · 2026-03-02 – 2026-03-04 · sets the last day")));
}

TEST(Timeline, AStepWithoutAnEndIsOpen) {
  std::vector<TimelineStep> steps{Step("a", "2026-03-02", "2026-03-04"),
                                  Step("b", "2026-03-04", nullptr, {"a"}),
                                  Step("c", "2026-03-02", "2026-05-12")};
  steps[1].critical = true;
  const DrawnTimeline drawn = Draw(Timeline{"Life", "Steps", steps});
  EXPECT_TRUE(drawn.bars[1].open);
  const std::string svg = ToSvg(drawn, kWords);
  EXPECT_THAT(svg, HasSubstr("2026-03-04 – not known · sets the last day"));
  EXPECT_THAT(svg, HasSubstr("<title id=\"title\">Life</title>"));
}

TEST(Timeline, StepsOfOneDayHaveABarAndNoStepsHaveAPicture) {
  const DrawnTimeline day = Draw(Timeline{"Life", "", {Step("a", "2026-03-02", "2026-03-02")}});
  EXPECT_GT(day.bars[0].width, 0);
  EXPECT_EQ(day.ticks.size(), 2U);
  EXPECT_THAT(ToSvg(Draw(Timeline{"Life", "", {}}), kWords), HasSubstr("</svg>"));
}

}  // namespace
}  // namespace kstati::graph::picture
