// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cases/world.h"

namespace kstati::cases {

// Of a group of people: what the state could decide for them without being asked.
struct GroupReach {
  uint64_t people = 0;
  // Services that are started or offered unasked, over people and, of services about a child, over
  // their children and wards.
  uint64_t decisions = 0;
  uint64_t unseen = 0;                      // of these, left open because registries lack facts
  uint64_t blind = 0;                       // people for whom every one of them is
  std::map<AttributeId, uint64_t> missing;  // people whom the fact is missing of

  GroupReach& operator+=(const GroupReach& other);
};

// Finds the groups that the rules which act unasked cannot see for lack of data, as of now. Looks
// at people one by one and keeps sums alone. Services about a deceased count for nobody: only a
// life situation says whom they are about. Nothing is recorded as a use of anybody's data, so
// nobody but an operator of the store may run it. For one thread.
class ReachAudit {
 public:
  explicit ReachAudit(const World& world) : world_(world) {}

  Result<void> Look(CitizenId citizen);

  const GroupReach& all() const { return all_; }
  // By what people are grouped by ("age", "sex", "region", "portal") and by group; "?" where it is
  // not known.
  const std::map<std::string, std::map<std::string, GroupReach>>& groups() const { return groups_; }

 private:
  const World& world_;
  GroupReach all_;
  std::map<std::string, std::map<std::string, GroupReach>> groups_;
};

}  // namespace kstati::cases
