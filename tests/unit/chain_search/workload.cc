// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/chain_search/workload.h"

#include <fstream>
#include <iterator>
#include <utility>

namespace kstati::graph::search {

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Result<Workload> ReadWorkload(const std::filesystem::path& instance,
                              const std::filesystem::path& queries) {
  KSTATI_TRY(Instance read, ParseInstance(ReadAll(instance), instance.string()));
  KSTATI_TRY(std::vector<QueryForm> asked,
             ParseQueries(ReadAll(queries), queries.string(), read.problem));
  return Workload{std::move(read.problem), std::move(asked)};
}

}  // namespace kstati::graph::search
