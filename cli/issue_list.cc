// SPDX-License-Identifier: Apache-2.0
#include "cli/issue_list.h"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <vector>

namespace kstati::cli {
namespace {

// Paints the word of severity behind the place, and the caret on its line.
std::string Painted(std::string text, const Issue& issue, const Palette& palette) {
  const bool error = issue.severity == Severity::kError;
  const std::string word = error ? "error" : "warning";
  const size_t start = text.find(word + ": ", issue.where.file.size());
  text.replace(start, word.size(), palette.Paint(error ? Style::kError : Style::kWarning, word));
  const size_t caret = text.find("^\n");
  if (caret != std::string::npos) text.replace(caret, 1, palette.Paint(Style::kCaret, "^"));
  return text;
}

}  // namespace

void PrintIssues(std::ostream& out, const Palette& palette, std::span<const Issue> issues,
                 const SourceLine& source_line) {
  std::vector<Issue> ordered(issues.begin(), issues.end());
  std::stable_sort(ordered.begin(), ordered.end(), [](const Issue& a, const Issue& b) {
    const auto key = [](const Issue& issue) {
      return std::tuple(issue.severity != Severity::kError, std::string_view(issue.where.file),
                        issue.where.line, issue.where.column);
    };
    return key(a) < key(b);
  });
  const size_t shown = std::min(ordered.size(), kIssuesShownMax);
  for (size_t i = 0; i < shown; ++i) {
    std::string text =
        Render(ordered[i], source_line(ordered[i].where.file, ordered[i].where.line));
    if (!text.ends_with('\n')) text += '\n';
    out << Painted(std::move(text), ordered[i], palette);
  }
  if (shown < ordered.size()) out << ordered.size() - shown << " more\n";
}

}  // namespace kstati::cli
