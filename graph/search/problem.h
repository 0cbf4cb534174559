// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "graph/search/core.h"
#include "graph/search/rows.h"

namespace kstati::graph::search {

// A service as it is described: all of `needs` before, then all of `gives`.
struct ServiceForm {
  std::string id;
  std::vector<uint32_t> needs;  // facts
  std::vector<uint32_t> gives;
  Cost cost = 0;
  int64_t days = 0;
  int64_t visits = 0;
  Cost fee = 0;
  bool counts = true;  // where a chain with fewer services is better
};

// What services there are, prepared once for many queries. Services are numbered by id, so that
// the order in which they came does not matter. Immutable; safe to share.
//
// Invariants: costs add up to less than kInfiniteCost, and so do days; no service gives what it
// needs (that it could not give it first), nor anything twice.
class Problem {
 public:
  // An error names the service and says what to do.
  static Result<Problem> Make(uint32_t fact_count, std::vector<ServiceForm> services);

  uint32_t fact_count() const { return fact_count_; }
  uint32_t service_count() const { return static_cast<uint32_t>(id_.size()); }
  std::span<const uint32_t> needs(uint32_t service) const { return needs_[service]; }
  std::span<const uint32_t> gives(uint32_t service) const { return gives_[service]; }
  std::span<const uint32_t> producers(uint32_t fact) const { return producers_[fact]; }
  bool is_on_circle(uint32_t fact) const { return is_on_circle_[fact] != 0; }
  Cost cost(uint32_t service) const { return cost_[service]; }
  int64_t days(uint32_t service) const { return days_[service]; }
  int64_t visits(uint32_t service) const { return visits_[service]; }
  Cost fee(uint32_t service) const { return fee_[service]; }
  bool counts(uint32_t service) const { return counts_[service] != 0; }
  const std::string& id(uint32_t service) const { return id_[service]; }
  std::optional<uint32_t> Find(const std::string& id) const;

 private:
  Problem() = default;

  uint32_t fact_count_ = 0;
  Rows needs_;
  Rows gives_;
  Rows producers_;
  std::vector<uint8_t> is_on_circle_;
  std::vector<Cost> cost_;
  std::vector<int64_t> days_;
  std::vector<int64_t> visits_;
  std::vector<Cost> fee_;
  std::vector<uint8_t> counts_;
  std::vector<std::string> id_;
};

}  // namespace kstati::graph::search
