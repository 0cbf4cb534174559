// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "graph/picture/layered_layout.h"

namespace kstati::graph::picture {

enum class NodeKind { kService, kDocument };
enum class EdgeKind {
  kNeeds,  // from a document to a service
  kOneOf,  // likewise, where another document would do
  kGives,  // from a service to a document
};

std::string_view NameOf(NodeKind kind);  // "service"
std::string_view NameOf(EdgeKind kind);  // "needs", "one of", "gives"

struct Node {
  std::string id;
  NodeKind kind = NodeKind::kService;
  std::string name;     // for a person
  bool marked = false;  // what the picture is about: a goal, the service in the middle
};

struct Edge {
  uint32_t from = 0;
  uint32_t to = 0;
  EdgeKind kind = EdgeKind::kNeeds;
};

// Services and what they need and give, in the order of ids.
struct Picture {
  std::string title;
  std::string description;  // what is seen, for those who do not see it
  std::vector<Node> nodes;
  std::vector<Edge> edges;
  size_t left_out = 0;  // services for which there was no room
};

// The words of a picture, in the reader's language.
struct Words {
  std::string language;  // "ru"
  std::string needs;
  std::string one_of;
  std::string gives;
  std::string marked;    // what is marked: "goal"
  std::string critical;  // "sets the last day"
  std::string no_end;    // of a step whose last day is not known
};

// A picture with its places.
struct DrawnPicture {
  Picture picture;
  std::vector<std::vector<std::string>> labels;  // lines, by node
  std::vector<Box> boxes;                        // by node
  Layout layout;
};

DrawnPicture Draw(Picture picture);

}  // namespace kstati::graph::picture
