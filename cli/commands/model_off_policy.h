// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "cli/connection.h"
#include "cli/output.h"
#include "recommender/evaluation/bootstrap.h"

namespace kstati::cli {

// What `kstati model evaluate --off-policy` is asked.
struct OffPolicyQuestion {
  std::string source;   // a CSV file, or "store"
  std::string folder;   // of the models; empty: the configured one
  std::string version;  // the stored model that is judged; of a store alone
  recommender::evaluation::BootstrapOptions bootstrap;
};

// Judges an order by what another one showed, and prints what it would have earned.
Result<int> JudgeOffPolicy(const OffPolicyQuestion& question, Connection& connection,
                           const Output& output, const Terminal& terminal);

}  // namespace kstati::cli
