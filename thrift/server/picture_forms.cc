// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/picture_forms.h"

namespace kstati::thrift {
namespace {

namespace graph = kstati::graph;
using Json = nlohmann::ordered_json;
using graph::picture::DrawnPicture;
using graph::picture::DrawnTimeline;
using graph::picture::Edge;
using graph::picture::EdgeKind;
using graph::picture::Node;
using graph::picture::NodeKind;
using graph::picture::Picture;
using graph::picture::Point;
using graph::picture::TimelineStep;
using graph::picture::Words;

Json PointsOf(const std::vector<Point>& points) {
  Json all = Json::array();
  for (const Point& point : points) all.push_back({point.x, point.y});
  return all;
}

// What leads to a service, or what it leads to, by kind of edge.
std::vector<std::string> NamesAt(const Picture& picture, uint32_t service, EdgeKind kind) {
  std::vector<std::string> names;
  for (const Edge& edge : picture.edges) {
    const uint32_t own = kind == EdgeKind::kGives ? edge.from : edge.to;
    const uint32_t other = kind == EdgeKind::kGives ? edge.to : edge.from;
    if (own == service && edge.kind == kind) names.push_back(picture.nodes[other].name);
  }
  return names;
}

std::string Line(const std::string& word, const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? text : "  " + word + ": " + text + "\n";
}

Json RowsOf(const Picture& picture) {
  Json rows = Json::array();
  for (uint32_t i = 0; i < picture.nodes.size(); ++i) {
    const Node& node = picture.nodes[i];
    if (node.kind != NodeKind::kService) continue;
    rows.push_back({{"service", node.id},
                    {"name", node.name},
                    {"needs", NamesAt(picture, i, EdgeKind::kNeeds)},
                    {"one_of", NamesAt(picture, i, EdgeKind::kOneOf)},
                    {"gives", NamesAt(picture, i, EdgeKind::kGives)}});
  }
  return rows;
}

}  // namespace

Json ToJson(const DrawnPicture& drawn) {
  const Picture& picture = drawn.picture;
  Json nodes = Json::array();
  for (size_t i = 0; i < picture.nodes.size(); ++i) {
    const Node& node = picture.nodes[i];
    nodes.push_back({{"id", node.id},
                     {"kind", NameOf(node.kind)},
                     {"name", node.name},
                     {"marked", node.marked},
                     {"layer", drawn.layout.layers[i]},
                     {"x", drawn.layout.corners[i].x},
                     {"y", drawn.layout.corners[i].y},
                     {"width", drawn.boxes[i].width},
                     {"height", drawn.boxes[i].height},
                     {"lines", drawn.labels[i]}});
  }
  Json edges = Json::array();
  for (size_t i = 0; i < picture.edges.size(); ++i) {
    const Edge& edge = picture.edges[i];
    edges.push_back({{"from", picture.nodes[edge.from].id},
                     {"to", picture.nodes[edge.to].id},
                     {"kind", NameOf(edge.kind)},
                     {"backwards", drawn.layout.routes[i].backwards},
                     {"points", PointsOf(drawn.layout.routes[i].points)}});
  }
  return {{"title", picture.title},       {"description", picture.description},
          {"width", drawn.layout.width},  {"height", drawn.layout.height},
          {"left_out", picture.left_out}, {"nodes", std::move(nodes)},
          {"edges", std::move(edges)},    {"rows", RowsOf(picture)}};
}

Json ToJson(const DrawnTimeline& drawn) {
  Json steps = Json::array();
  for (size_t i = 0; i < drawn.timeline.steps.size(); ++i) {
    const TimelineStep& step = drawn.timeline.steps[i];
    steps.push_back({{"step", step.id},
                     {"name", step.name},
                     {"start", step.start.ToString()},
                     {"finish", step.finish ? Json(step.finish->ToString()) : Json()},
                     {"after", step.after},
                     {"critical", step.critical},
                     {"x", drawn.bars[i].x},
                     {"y", drawn.bars[i].y},
                     {"width", drawn.bars[i].width}});
  }
  return {{"title", drawn.timeline.title},
          {"description", drawn.timeline.description},
          {"width", drawn.width},
          {"height", drawn.height},
          {"rows", std::move(steps)}};
}

std::string ToText(const Picture& picture, const Words& words) {
  std::string text = picture.title + "\n" + picture.description + "\n";
  for (uint32_t i = 0; i < picture.nodes.size(); ++i) {
    const Node& node = picture.nodes[i];
    if (node.kind != NodeKind::kService) continue;
    text += node.name + " [" + node.id + "]\n" +
            Line(words.needs, NamesAt(picture, i, EdgeKind::kNeeds)) +
            Line(words.one_of, NamesAt(picture, i, EdgeKind::kOneOf)) +
            Line(words.gives, NamesAt(picture, i, EdgeKind::kGives));
  }
  return text;
}

std::string ToText(const DrawnTimeline& drawn, const Words& words) {
  std::string text = drawn.timeline.title + "\n" + drawn.timeline.description + "\n";
  for (const TimelineStep& step : drawn.timeline.steps) {
    text += step.start.ToString() + " - " + (step.finish ? step.finish->ToString() : words.no_end) +
            "  " + step.name + " [" + step.id + "]" + (step.critical ? ", " + words.critical : "") +
            "\n";
  }
  return text;
}

}  // namespace kstati::thrift
