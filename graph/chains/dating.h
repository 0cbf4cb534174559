// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <vector>

#include "graph/chains/personal_problem.h"
#include "graph/chains/ways.h"

namespace kstati::graph::chains {

// A day; or, when the calendar cannot tell it, "not before this day", which is after every known
// one.
struct Moment {
  bool unknown = false;
  Date day;

  auto operator<=>(const Moment&) const = default;
};

Moment EndOf(const Moment& start, const Term& term, const WorkingCalendar& calendar);

inline constexpr uint32_t kNobody = std::numeric_limits<uint32_t>::max();

// A step as it was dated.
struct DatedAction {
  uint32_t action = 0;
  Moment start;   // when all inputs are there
  Moment finish;  // when the term has run
  // Of each input: the fact that is there first, and which step (by its place) gives it: kNobody
  // when none has to.
  std::vector<uint32_t> satisfied_by;
  std::vector<uint32_t> given_by;
};

// A choice on real days: each action begins as soon as its inputs are there.
struct Dating {
  std::vector<DatedAction> steps;  // only those that a goal uses; each after those it uses
  std::vector<uint32_t> brought;   // facts that some step uses
  Moment finish;                   // of the last step
};

// nullopt: the choice does not lead to the reachable goals.
std::optional<Dating> DateOf(const Ways& ways, const Choice& choice);

}  // namespace kstati::graph::chains
