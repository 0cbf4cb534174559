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
  // Undetermined on its day, though its action is not; by a Simulation.
  bool is_doubtful = false;
};

// That one action must not begin before another has begun, or has finished.
struct Precedence {
  uint32_t first = 0;
  uint32_t second = 0;
  bool finished = false;

  auto operator<=>(const Precedence&) const = default;
};

// Whether the action must not begin before the other is done, where a choice has both.
bool ComesAfter(const Action& action, const Action& other);

// A choice on real days: each action begins as soon as its inputs are there, but later where what
// it gives would have expired when it is used.
struct Dating {
  std::vector<DatedAction> steps;  // in sequence; only those that a goal uses
  std::vector<uint32_t> brought;   // facts that some step uses
  Moment finish;                   // of the last step
  bool was_put_off = false;        // some action begins later so that nothing expires
  // Some step falls under a later version of its regulation, whose term and fee were not counted;
  // by a Simulation.
  bool has_later_law = false;
  // On other days, too, every step stands when these hold; by a Simulation.
  std::vector<Precedence> order;
};

enum class Expiry { kCounts, kIgnored };

// nullopt: the choice does not lead to the reachable goals (but for those of `without`), or not in
// that order, or something expires before it is used on whatever known day its giver begins.
std::optional<Dating> DateOf(const Ways& ways, const Choice& choice,
                             const std::vector<Precedence>& order = {},
                             const std::vector<uint32_t>& without = {},
                             Expiry expiry = Expiry::kCounts);

// How many working days later a choice is done than the search takes for granted, since some of its
// actions come after others; nullopt: the calendar cannot tell it.
std::optional<int64_t> WaitOf(const Ways& ways, const Choice& choice,
                              const std::vector<uint32_t>& without);

// The places of the steps by start, then priority, then id; but never before a step whose outputs
// are used, or that `order` puts first.
std::vector<size_t> SequenceOf(const Ways& ways, const Dating& dating,
                               const std::vector<Precedence>& order);

}  // namespace kstati::graph::chains
