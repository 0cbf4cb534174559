// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "graph/search/instance.h"
#include "graph/search/problem.h"

namespace kstati::graph::search {

std::string ReadAll(const std::filesystem::path& path);

// A graph with the queries that are asked of it.
struct Workload {
  Problem problem;
  std::vector<QueryForm> queries;
};

Result<Workload> ReadWorkload(const std::filesystem::path& instance,
                              const std::filesystem::path& queries);

}  // namespace kstati::graph::search
