// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace kstati::graph::chains {

// Goals of which some cannot be had together.
class GoalConflicts {
 public:
  // In the order of the situation.
  explicit GoalConflicts(std::vector<uint32_t> goals) : goals_(std::move(goals)) {}

  const std::vector<uint32_t>& goals() const { return goals_; }
  // All but these.
  std::vector<uint32_t> Without(const std::vector<uint32_t>& goals) const;
  // No chain reaches all of these, which are some of the goals.
  void Bar(const std::vector<uint32_t>& together);
  // What to give up so that of all that is barred together something is: as few goals as possible,
  // and of as few the last ones, from the last on.
  std::vector<uint32_t> FewestToGiveUp() const;

 private:
  bool GiveUp(size_t places, size_t count, std::vector<uint8_t>& is_given_up) const;

  std::vector<uint32_t> goals_;
  std::vector<std::vector<uint8_t>> barred_;  // each by goal: whether it is one of them
};

}  // namespace kstati::graph::chains
