// SPDX-License-Identifier: Apache-2.0
#include "cli/source_opening.h"

#include "sources/source_list.h"

namespace kstati::cli {

sources::Gatherer::Options GathererOptions(const Config& config) {
  sources::Gatherer::Options options;
  options.limit = std::chrono::milliseconds(config.Number("sources.limit_ms"));
  options.attempts_max = static_cast<int>(config.Number("sources.attempts"));
  options.rest = std::chrono::seconds(config.Number("sources.rest_seconds"));
  return options;
}

Result<std::vector<std::unique_ptr<sources::FactSource>>> OpenSources(
    const Config& config, const profile::Dictionary& dictionary) {
  const std::string& file = config.Text("sources.file");
  if (file.empty()) return {};
  std::vector<Issue> issues;
  auto sources = sources::LoadSources(file, dictionary, issues);
  if (!HasErrors(issues)) return sources;
  const Issue& first = issues.front();
  return Fail(ErrorCode::kInvalidArgument, "the list of sources has errors: " + first.text,
              file + ":" + std::to_string(first.where.line), first.hint);
}

}  // namespace kstati::cli
