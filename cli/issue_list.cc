// SPDX-License-Identifier: Apache-2.0
#include "cli/issue_list.h"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <vector>

namespace kstati::cli {

void PrintIssues(std::ostream& out, std::span<const Issue> issues) {
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
        Render(ordered[i], ReadSourceLine(ordered[i].where.file, ordered[i].where.line));
    if (!text.ends_with('\n')) text += '\n';
    out << text;
  }
  if (shown < ordered.size()) out << ordered.size() - shown << " more\n";
}

}  // namespace kstati::cli
