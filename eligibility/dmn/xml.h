// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/issue.h"

namespace kstati::eligibility::dmn {

struct XmlLimits {
  size_t max_bytes = 16 * 1024 * 1024;  // the largest models seen are 2 MB, mostly layout
  int max_depth = 100;                  // boxed expressions nest a dozen deep; reading recurses
};

struct XmlAttribute {
  std::string name;  // without prefix
  std::string name_space;
  std::string value;
};

struct XmlElement {
  std::string name;  // without prefix
  std::string name_space;
  std::vector<XmlAttribute> attributes;
  std::vector<XmlElement> children;
  std::string text;  // its own characters, without those of its children
  std::string raw;   // everything between its tags, as the file has it
  Location where;    // of its "<"
  Location content;  // of the first byte of `raw`

  // nullptr when it has no such attribute.
  const std::string* Attribute(std::string_view attribute,
                               std::string_view attribute_name_space = {}) const;
};

// Reads a document: UTF-8, no document type, no entities but XML's own five, nothing fetched.
// nullopt exactly when an error was appended. `file` is named in places.
std::optional<XmlElement> ReadXml(std::string_view bytes, const std::string& file,
                                  std::vector<Issue>& issues, const XmlLimits& limits = {});

// The byte of `raw` where the character at byte `offset` of its decoded text starts.
size_t RawOffset(std::string_view raw, size_t offset);

}  // namespace kstati::eligibility::dmn
