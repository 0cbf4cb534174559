// SPDX-License-Identifier: Apache-2.0
#include "graph/picture/svg.h"

#include <algorithm>

#include "graph/picture/label.h"

namespace kstati::graph::picture {
namespace {

constexpr int kLineHeight = 17;
constexpr int kFirstLine = 18;  // the baseline of a box's first line, from its top
constexpr int kPadding = 10;
constexpr int kLegend = 44;  // its height
constexpr int kLegendStep = 210;
constexpr int kBar = 18;
constexpr int kColumnWidth = 9;   // of text, rather too wide
constexpr int kLeastWidth = 840;  // so that the legend has room

constexpr std::string_view kStyle = R"(<style>
svg{--paper:#fff;--ink:#1a1d21;--soft:#5b6470;--line:#66707c;--service:#e3edf9;
--service-line:#2b5fa8;--document:#f4f1e6;--document-line:#8a7a3d;--mark:#a4262c;
--critical:#f7dfe0}
@media (prefers-color-scheme:dark){svg{--paper:#16181b;--ink:#eceef0;--soft:#a9b2bc;
--line:#98a2ad;--service:#1d3350;--service-line:#7fb0f0;--document:#37331f;
--document-line:#cdbb72;--mark:#ff9aa0;--critical:#4d2628}}
.paper{fill:var(--paper)}
text{font:13px system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif;fill:var(--ink)}
.soft{fill:var(--soft);font-size:12px}
.name{paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}
.service{fill:var(--service);stroke:var(--service-line)}
.document{fill:var(--document);stroke:var(--document-line)}
.marked,.critical{stroke:var(--mark);stroke-width:2.5}
.critical{fill:var(--critical)}
.edge{fill:none;stroke:var(--line);stroke-width:1.2}
.one-of{stroke-dasharray:5 4}
.gives{stroke:var(--service-line)}
.on-path{stroke:var(--mark);stroke-width:2.2}
.open{stroke-dasharray:6 4}
.grid{stroke:var(--soft);stroke-width:.6;opacity:.5}
.head{fill:var(--line)}
.gives-head{fill:var(--service-line)}
.path-head{fill:var(--mark)}
</style>)";

// The head of an arrow.
std::string HeadNamed(const std::string& id) {
  return "<marker id=\"" + id +
         "\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" "
         "orient=\"auto\"><path class=\"" +
         id + "\" d=\"M0 0L8 4L0 8z\"/></marker>\n";
}

std::string At(std::string_view x, std::string_view y, const Point& point) {
  return " " + std::string(x) + "=\"" + std::to_string(point.x) + "\" " + std::string(y) + "=\"" +
         std::to_string(point.y) + "\"";
}

std::string Pair(const Point& point) {
  return std::to_string(point.x) + " " + std::to_string(point.y);
}

std::string TextAt(const Point& point, std::string_view text, std::string_view more = {}) {
  return "<text" + At("x", "y", point) + std::string(more) + ">" + EscapeXml(text) + "</text>\n";
}

std::string RectAt(const Point& corner, int width, int height, std::string_view classes,
                   int radius) {
  return "<rect class=\"" + std::string(classes) + "\"" + At("x", "y", corner) + " width=\"" +
         std::to_string(width) + "\" height=\"" + std::to_string(height) + "\" rx=\"" +
         std::to_string(radius) + "\"/>\n";
}

std::string Begin(int width, int height, const std::string& language, const std::string& title,
                  const std::string& description) {
  const std::string size = std::to_string(width) + " " + std::to_string(height);
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + size + "\" width=\"" +
         std::to_string(width) + "\" height=\"" + std::to_string(height) + "\" lang=\"" +
         EscapeXml(language) + "\" role=\"img\" aria-labelledby=\"title description\">\n" +
         "<title id=\"title\">" + EscapeXml(title) + "</title>\n<desc id=\"description\">" +
         EscapeXml(description) + "</desc>\n" + std::string(kStyle) + "\n<defs>\n" +
         HeadNamed("head") + HeadNamed("gives-head") + HeadNamed("path-head") +
         "</defs>\n<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n";
}

std::string_view ClassOf(EdgeKind kind) {
  switch (kind) {
    case EdgeKind::kNeeds: return "edge";
    case EdgeKind::kOneOf: return "edge one-of";
    case EdgeKind::kGives: break;
  }
  return "edge gives";
}

std::string_view HeadOf(EdgeKind kind) { return kind == EdgeKind::kGives ? "gives-head" : "head"; }

std::string PathOf(const std::string& way, std::string_view classes, std::string_view head) {
  return "<path class=\"" + std::string(classes) + "\" d=\"" + way + "\" marker-end=\"url(#" +
         std::string(head) + ")\"/>\n";
}

// Bends between layers, straight through them.
std::string CurveOf(const Route& route) {
  std::string way = "M" + Pair(route.points.front());
  for (size_t i = 1; i < route.points.size(); ++i) {
    const Point& from = route.points[i - 1];
    const Point& to = route.points[i];
    const bool straight = (i % 2 == 1) != route.backwards;
    if (straight) {
      way += "L" + Pair(to);
      continue;
    }
    const int middle = (from.x + to.x) / 2;
    way += "C" + Pair({middle, from.y}) + " " + Pair({middle, to.y}) + " " + Pair(to);
  }
  return way;
}

std::string BoxOf(const DrawnPicture& drawn, size_t number) {
  const Node& node = drawn.picture.nodes[number];
  const Point corner{drawn.layout.corners[number].x, drawn.layout.corners[number].y + kLegend};
  const Box& box = drawn.boxes[number];
  std::string classes(NameOf(node.kind));
  if (node.marked) classes += " marked";
  std::string text =
      "<g id=\"" + EscapeXml(box.key) + "\"><title>" + EscapeXml(node.name) + "</title>\n" +
      RectAt(corner, box.width, box.height, classes, node.kind == NodeKind::kService ? 8 : 0);
  for (size_t line = 0; line < drawn.labels[number].size(); ++line) {
    const int y = corner.y + kFirstLine + static_cast<int>(line) * kLineHeight;
    text += TextAt({corner.x + kPadding, y}, drawn.labels[number][line]);
  }
  return text + "</g>\n";
}

std::string LegendOf(const Words& words) {
  std::string text;
  int x = 16;
  for (const auto& [kind, word] :
       {std::pair(EdgeKind::kNeeds, &words.needs), std::pair(EdgeKind::kOneOf, &words.one_of),
        std::pair(EdgeKind::kGives, &words.gives)}) {
    text += PathOf("M" + Pair({x, 22}) + "L" + Pair({x + 36, 22}), ClassOf(kind), HeadOf(kind)) +
            TextAt({x + 44, 26}, *word, " class=\"soft\"");
    x += kLegendStep;
  }
  if (words.marked.empty()) return text;
  return text + RectAt({x, 14}, 24, 16, "document marked", 0) +
         TextAt({x + 32, 26}, words.marked, " class=\"soft\"");
}

std::string DotQuoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char byte : text) {
    if (byte == '"' || byte == '\\') quoted += '\\';
    quoted += static_cast<unsigned char>(byte) < 0x20 ? ' ' : byte;
  }
  return quoted + "\"";
}

}  // namespace

std::string ToSvg(const DrawnPicture& drawn, const Words& words) {
  std::string text = Begin(std::max(drawn.layout.width, kLeastWidth), drawn.layout.height + kLegend,
                           words.language, drawn.picture.title, drawn.picture.description) +
                     LegendOf(words);
  for (size_t i = 0; i < drawn.picture.edges.size(); ++i) {
    Route route = drawn.layout.routes[i];
    for (Point& point : route.points) point.y += kLegend;
    const EdgeKind kind = drawn.picture.edges[i].kind;
    text += PathOf(CurveOf(route), ClassOf(kind), HeadOf(kind));
  }
  for (size_t i = 0; i < drawn.picture.nodes.size(); ++i) text += BoxOf(drawn, i);
  return text + "</svg>\n";
}

std::string ToSvg(const DrawnTimeline& drawn, const Words& words) {
  const Timeline& timeline = drawn.timeline;
  std::string text =
      Begin(drawn.width, drawn.height, words.language, timeline.title, timeline.description);
  for (const Tick& tick : drawn.ticks) {
    const bool last = tick.x + 60 > drawn.width;
    text += "<path class=\"grid\" d=\"M" + Pair({tick.x, 30}) + "V" +
            std::to_string(drawn.height - 12) + "\"/>\n" +
            TextAt({tick.x, 22}, tick.day.ToString(),
                   last ? " class=\"soft\" text-anchor=\"end\"" : " class=\"soft\"");
  }
  for (size_t i = 0; i < drawn.arrows.size(); ++i) {
    const bool critical = drawn.arrow_is_critical[i];
    text += PathOf("M" + Pair(drawn.arrows[i].front()) + "L" + Pair(drawn.arrows[i].back()),
                   critical ? "edge on-path" : "edge", critical ? "path-head" : "head");
  }
  for (size_t i = 0; i < drawn.bars.size(); ++i) {
    const TimelineStep& step = timeline.steps[i];
    const Bar& bar = drawn.bars[i];
    const std::string end = step.finish ? step.finish->ToString() : words.no_end;
    std::string name = step.name + " · " + step.start.ToString() + " – " + end;
    if (step.critical) name += " · " + words.critical;
    const std::string classes =
        std::string(step.critical ? "service critical" : "service") + (bar.open ? " open" : "");
    // A name that would leave the picture ends at its edge instead.
    const int end_of_name = bar.x + static_cast<int>(CountCodePoints(name)) * kColumnWidth;
    const bool late = end_of_name > drawn.width - kPadding;
    text += "<g id=\"" + EscapeXml(step.id) + "\"><title>" + EscapeXml(name) + "</title>\n" +
            RectAt({bar.x, bar.y}, bar.width, kBar, classes, 4) +
            TextAt({late ? drawn.width - kPadding : bar.x, bar.y - 7}, name,
                   late ? " class=\"name\" text-anchor=\"end\"" : " class=\"name\"") +
            "</g>\n";
  }
  return text + "</svg>\n";
}

std::string ToDot(const Picture& picture) {
  std::string text = "digraph kstati {\n  rankdir=LR;\n  label=" + DotQuoted(picture.title) + ";\n";
  for (size_t i = 0; i < picture.nodes.size(); ++i) {
    const Node& node = picture.nodes[i];
    text += "  n" + std::to_string(i) + " [label=" + DotQuoted(node.name) +
            ", shape=" + (node.kind == NodeKind::kService ? "box, style=rounded" : "note") +
            (node.marked ? ", penwidth=2" : "") + ", tooltip=" + DotQuoted(node.id) + "];\n";
  }
  for (const Edge& edge : picture.edges) {
    text += "  n" + std::to_string(edge.from) + " -> n" + std::to_string(edge.to) +
            (edge.kind == EdgeKind::kOneOf ? " [style=dashed]" : "") + ";\n";
  }
  return text + "}\n";
}

}  // namespace kstati::graph::picture
