// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kstati {

// A place in authored text. Lines and columns count from 1; 0 means "the whole file".
struct Location {
  std::string file;
  int line = 0;
  int column = 0;
  auto operator<=>(const Location&) const = default;
};

enum class Severity { kWarning, kError };

// One problem in text that a person wrote: catalogue, expression, configuration.
struct Issue {
  Severity severity = Severity::kError;
  Location where;
  std::string text;  // what is wrong
  std::string hint;  // what to do; may be empty
};

bool HasErrors(std::span<const Issue> issues);

// "file:12:7: error: text", then the line of the file with a caret, then "hint: ...".
// `source_line` may be empty (the file is gone or the issue is about the whole file).
std::string Render(const Issue& issue, std::string_view source_line);

// Reads line `line` of `path`; empty when it cannot be read.
std::string ReadSourceLine(const std::string& path, int line);

}  // namespace kstati
