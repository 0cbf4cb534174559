// SPDX-License-Identifier: Apache-2.0
#include "graph/search/core.h"

namespace kstati::graph::search {
namespace {

void CountRows(const Rows& rows, std::vector<uint32_t>& counts) {
  counts.resize(rows.size());
  for (size_t row = 0; row < rows.size(); ++row) {
    counts[row] = static_cast<uint32_t>(rows[row].size());
  }
}

}  // namespace

void Core::Clear() {
  needs.Clear();
  gives.Clear();
  cost.clear();
  service.clear();
  is_paid.clear();
  is_goal.clear();
  may_have_circles = false;
  paid_cost = 0;
  paid.clear();
}

void Core::Finish() {
  producers.Transpose(gives, fact_count());
  consumers.Transpose(needs, fact_count());
  service_gone.assign(service_count(), 0);
  fact_gone.assign(fact_count(), 0);
  CountRows(needs, need_count);
  CountRows(gives, give_count);
  CountRows(producers, producer_count);
  CountRows(consumers, consumer_count);
  goal_count = 0;
  for (const uint8_t goal : is_goal) goal_count += goal;
}

}  // namespace kstati::graph::search
