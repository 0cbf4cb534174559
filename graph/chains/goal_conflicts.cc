// SPDX-License-Identifier: Apache-2.0
#include "graph/chains/goal_conflicts.h"

#include <algorithm>

#include "base/check.h"

namespace kstati::graph::chains {

std::vector<uint32_t> GoalConflicts::Without(const std::vector<uint32_t>& goals) const {
  std::vector<uint32_t> others;
  for (const uint32_t goal : goals_) {
    if (std::ranges::find(goals, goal) == goals.end()) others.push_back(goal);
  }
  return others;
}

void GoalConflicts::Bar(const std::vector<uint32_t>& together) {
  KSTATI_CHECK(!together.empty());
  std::vector<uint8_t>& barred = barred_.emplace_back();
  for (const uint32_t goal : goals_) {
    barred.push_back(std::ranges::find(together, goal) != together.end() ? 1 : 0);
  }
}

std::vector<uint32_t> GoalConflicts::FewestToGiveUp() const {
  std::vector<uint8_t> is_given_up(goals_.size(), 0);
  size_t count = 0;
  while (!GiveUp(goals_.size(), count, is_given_up)) ++count;
  std::vector<uint32_t> given_up;
  for (size_t goal = 0; goal < goals_.size(); ++goal) {
    if (is_given_up[goal] != 0) given_up.push_back(goals_[goal]);
  }
  return given_up;
}

// Of the first `places` goals `count` more; the others are settled. False: it cannot be done.
bool GoalConflicts::GiveUp(size_t places, size_t count, std::vector<uint8_t>& is_given_up) const {
  bool is_open = false;  // something is barred yet
  for (const std::vector<uint8_t>& barred : barred_) {
    bool is_broken = false;
    for (size_t goal = places; goal < goals_.size(); ++goal) {
      is_broken = is_broken || (barred[goal] != 0 && is_given_up[goal] != 0);
    }
    if (is_broken) continue;
    is_open = true;
    const auto end = barred.begin() + static_cast<std::ptrdiff_t>(places);
    if (std::find(barred.begin(), end, uint8_t{1}) == end) return false;
  }
  if (!is_open && count == 0) return true;
  if (count == 0 || places < count) return false;
  is_given_up[places - 1] = 1;
  if (GiveUp(places - 1, count - 1, is_given_up)) return true;
  is_given_up[places - 1] = 0;
  return GiveUp(places - 1, count, is_given_up);
}

}  // namespace kstati::graph::chains
