// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/issue.h"
#include "base/yaml.h"

namespace kstati::yaml {

enum class Form {
  kEmpty,  // "key:" with nothing after it
  kScalar,
  kList,
  kMap,
};

// What is read from a file, before a schema types it. Built by yaml_parser.cc, read by yaml.cc.
struct Node::State {
  struct Entry {
    std::string key;
    Location key_location;
    Node value;
    bool known = false;  // the schema asked for it
  };

  Form form = Form::kEmpty;
  std::string text;  // of a scalar
  Location location;
  Location text_location;  // where `text` starts in the file
  std::vector<Node> items;
  std::vector<Entry> entries;
  std::vector<std::string> asked;  // keys the schema asked for, present or not: the words for hints
  bool wrong_form_reported = false;
  std::vector<Issue>* issues = nullptr;  // outlives the document
};

// Parses one document into a tree of states. Null when there is a syntax error or no document; then
// `issues` has grown. Every problem carries `path` as its file.
std::shared_ptr<Node::State> Parse(const std::string& path, const std::string& text,
                                   std::vector<Issue>& issues);

}  // namespace kstati::yaml
