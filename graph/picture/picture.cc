// SPDX-License-Identifier: Apache-2.0
#include "graph/picture/picture.h"

#include <algorithm>
#include <utility>

#include "graph/picture/label.h"

namespace kstati::graph::picture {
namespace {

constexpr size_t kColumns = 26;  // of a label
constexpr size_t kLines = 3;
constexpr int kColumnWidth = 9;  // of text of 13 pixels, rather too wide than too narrow
constexpr int kLineHeight = 17;
constexpr int kPadding = 10;

}  // namespace

std::string_view NameOf(NodeKind kind) {
  return kind == NodeKind::kService ? "service" : "document";
}

std::string_view NameOf(EdgeKind kind) {
  switch (kind) {
    case EdgeKind::kNeeds: return "needs";
    case EdgeKind::kOneOf: return "one of";
    case EdgeKind::kGives: break;
  }
  return "gives";
}

DrawnPicture Draw(Picture picture) {
  DrawnPicture drawn;
  for (const Node& node : picture.nodes) {
    std::vector<std::string> lines = WrapLabel(node.name, kColumns, kLines);
    size_t columns = 1;
    for (const std::string& line : lines) columns = std::max(columns, CountCodePoints(line));
    Box box;
    box.key = std::string(NameOf(node.kind)) + " " + node.id;
    box.width = static_cast<int>(columns) * kColumnWidth + 2 * kPadding;
    box.height = static_cast<int>(lines.size()) * kLineHeight + kPadding;
    drawn.boxes.push_back(std::move(box));
    drawn.labels.push_back(std::move(lines));
  }
  std::vector<LayoutEdge> edges;
  for (const Edge& edge : picture.edges) edges.push_back({edge.from, edge.to});
  drawn.layout = LayOut(drawn.boxes, edges);
  drawn.picture = std::move(picture);
  return drawn;
}

}  // namespace kstati::graph::picture
