// SPDX-License-Identifier: Apache-2.0
// Instances with proven optima, in the folder "chains" of $KSTATI_ACCEPTANCE_DIR: an instance is a
// file with services, its queries stand beside it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "graph/search/solver.h"
#include "tests/unit/chain_search/workload.h"

namespace kstati::graph::search {
namespace {

namespace fs = std::filesystem;

// "svc100.queries.json" belongs to "gen-svc100.json".
fs::path QueriesOf(const fs::path& instance) {
  std::string stem = instance.stem().string();
  if (stem.starts_with("gen-")) stem.erase(0, 4);
  return instance.parent_path() / (stem + ".queries.json");
}

void ExpectOptima(const Problem& problem, const std::vector<QueryForm>& queries) {
  Solver solver(problem);
  for (size_t number = 0; number < queries.size(); ++number) {
    SCOPED_TRACE(number);
    const Answer& answer = solver.Solve(queries[number].AsQuery(), std::nullopt);
    EXPECT_TRUE(answer.proven());
    ASSERT_TRUE(queries[number].optimum);
    EXPECT_EQ(answer.cost, *queries[number].optimum);
  }
}

TEST(Acceptance, EveryInstanceAndQueryIsExact) {
  const char* const folder = std::getenv("KSTATI_ACCEPTANCE_DIR");
  if (folder == nullptr) GTEST_SKIP() << "KSTATI_ACCEPTANCE_DIR is not set";
  size_t instances = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(folder) / "chains")) {
    const fs::path& path = entry.path();
    if (path.extension() != ".json" || path.string().ends_with(".queries.json")) continue;
    SCOPED_TRACE(path.filename().string());
    const auto instance = ParseInstance(ReadAll(path), path.string());
    ASSERT_TRUE(instance) << instance.error().ToString();
    ASSERT_TRUE(instance->query);
    ++instances;
    ExpectOptima(instance->problem, {*instance->query});
    if (!fs::exists(QueriesOf(path))) continue;
    const auto queries =
        ParseQueries(ReadAll(QueriesOf(path)), QueriesOf(path).string(), instance->problem);
    ASSERT_TRUE(queries) << queries.error().ToString();
    ExpectOptima(instance->problem, *queries);
  }
  EXPECT_GT(instances, 0U);
}

}  // namespace
}  // namespace kstati::graph::search
