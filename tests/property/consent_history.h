// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

namespace kstati::property {

// What a client did about one citizen's consents, and when: `invoked` before the call, `returned`
// after it, by one counter for all clients.
struct Operation {
  enum class Kind { kGrant, kRevoke, kAct };
  Kind kind = Kind::kAct;
  int consent = 0;     // of a grant and its revocation, 0 to 31
  bool acted = false;  // of an act: whether the state acted by itself
  int64_t invoked = 0;
  int64_t returned = 0;
};

// Whether the operations happened in some order in which none comes before one that had returned
// before it was invoked, and each act was done exactly when a consent stood. (Wing and Gong's
// search; at most 63 operations.)
class Linearizer {
 public:
  explicit Linearizer(std::vector<Operation> operations) : operations_(std::move(operations)) {}

  bool HasOrder() { return Search(0, 0); }

 private:
  bool Search(uint64_t done, uint32_t standing) {
    const uint64_t all = (uint64_t{1} << operations_.size()) - 1;
    if (done == all) return true;
    if (!seen_.insert({done, standing}).second) return false;
    int64_t first_return = INT64_MAX;
    for (size_t i = 0; i < operations_.size(); ++i) {
      if (!IsDone(done, i)) first_return = std::min(first_return, operations_[i].returned);
    }
    for (size_t i = 0; i < operations_.size(); ++i) {
      if (IsDone(done, i) || operations_[i].invoked > first_return) continue;
      uint32_t then = standing;
      if (Applies(operations_[i], then) && Search(done | uint64_t{1} << i, then)) return true;
    }
    return false;
  }

  static bool IsDone(uint64_t done, size_t i) { return (done >> i & 1u) != 0; }

  static bool Applies(const Operation& operation, uint32_t& standing) {
    const uint32_t bit = uint32_t{1} << operation.consent;
    if (operation.kind == Operation::Kind::kGrant) standing |= bit;
    if (operation.kind == Operation::Kind::kRevoke) standing &= ~bit;
    return operation.kind != Operation::Kind::kAct || operation.acted == (standing != 0);
  }

  const std::vector<Operation> operations_;
  std::set<std::pair<uint64_t, uint32_t>> seen_;
};

}  // namespace kstati::property
