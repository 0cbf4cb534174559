// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace kstati::eligibility::feel {

// Bounds on what an author may write and on what an evaluation may spend.
struct Limits {
  // Text of one expression in bytes: a page of text; a longer rule should be split into tables.
  size_t max_text_bytes = 64 * 1024;
  // Nested expressions: parsing recurses, this keeps its stack below 1 MB.
  int max_depth = 200;
  // Height of the compiled tree: a chain a + b + c + ... grows it by one each time.
  int max_tree_depth = 1000;
  // Height of the evaluation's stack, calls of user functions included: below 2 MB.
  int max_evaluation_depth = 2000;
  // Lists and contexts inside each other in one value: freeing them recurses.
  int max_value_nesting = 200;
  // Issues of one expression: further ones are mostly echoes of the first.
  size_t max_issues = 20;
  // Nodes visited by one evaluation: about a second, far above any rule of law.
  uint64_t max_steps = 10'000'000;
  // Time of what is tried for an author, who may write anything; a rule of law takes microseconds.
  // Holds only where Environment::is_timed: a decision must not depend on how fast a machine is.
  std::chrono::milliseconds max_time{2000};
  // Items of one list made by an evaluation: keeps memory bounded when a range is expanded.
  size_t max_list_items = 1'000'000;
  // Bytes of one string made by an evaluation.
  size_t max_string_bytes = 16 * 1024 * 1024;
  // Diagnostics kept per evaluation: the first ones tell the cause.
  size_t max_diagnostics = 100;
};

}  // namespace kstati::eligibility::feel
