// SPDX-License-Identifier: Apache-2.0
#include "base/issue.h"

#include <algorithm>
#include <fstream>

namespace kstati {

bool HasErrors(std::span<const Issue> issues) {
  return std::any_of(issues.begin(), issues.end(),
                     [](const Issue& issue) { return issue.severity == Severity::kError; });
}

std::string Render(const Issue& issue, std::string_view source_line) {
  std::string out = issue.where.file;
  if (issue.where.line > 0) {
    out += ":" + std::to_string(issue.where.line) + ":" + std::to_string(issue.where.column);
  }
  out += issue.severity == Severity::kError ? ": error: " : ": warning: ";
  out += issue.text + "\n";
  if (issue.where.line > 0 && !source_line.empty()) {
    out += "  " + std::string(source_line) + "\n  ";
    // Columns count bytes; a caret stands under a character, so continuation bytes take no room.
    for (int i = 0; i + 1 < issue.where.column && i < static_cast<int>(source_line.size()); ++i) {
      const auto byte = static_cast<unsigned char>(source_line[static_cast<size_t>(i)]);
      if ((byte & 0xC0) != 0x80) out += byte == '\t' ? '\t' : ' ';
    }
    out += "^\n";
  }
  if (!issue.hint.empty()) out += "  hint: " + issue.hint + "\n";
  return out;
}

std::string ReadSourceLine(const std::string& path, int line) {
  std::ifstream file(path);
  std::string text;
  for (int i = 0; i < line; ++i) {
    if (!std::getline(file, text)) return {};
  }
  return text;
}

}  // namespace kstati
