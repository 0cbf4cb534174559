// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "graph/search/problem.h"
#include "graph/search/relevance.h"

namespace kstati::graph::search {

// A query as it stands in a file, with what its cheapest chain is known to cost.
struct QueryForm {
  std::vector<uint32_t> initial;
  std::vector<uint32_t> goals;
  std::vector<uint32_t> forbidden;  // services of the problem
  std::optional<Cost> optimum;
  bool has_no_chain = false;  // as is known

  Query AsQuery() const { return {initial, goals, forbidden}; }
};

struct Instance {
  Problem problem;
  std::optional<QueryForm> query;  // the file's own
};

// The most facts an instance may have: memory is taken for each.
inline constexpr uint32_t kMaxFacts = 1U << 24;

// An instance in JSON: {"facts": count, "services": [{"id", "needs", "gives", "cost"; "days",
// "visits", "fee"}], "initial", "goals", "forbidden", "optimum"}. Facts are numbers from 0 to below
// the count, amounts whole numbers from 0, `forbidden` ids of services. What stands after the
// semicolon, and a query, may be absent; other keys are passed over. An error names the place in
// `file` and what to do.
Result<Instance> ParseInstance(const std::string& text, const std::string& file);

// Queries on a problem: a list of {"initial", "goals"; "forbidden", "optimum"}.
Result<std::vector<QueryForm>> ParseQueries(const std::string& text, const std::string& file,
                                            const Problem& problem);

}  // namespace kstati::graph::search
