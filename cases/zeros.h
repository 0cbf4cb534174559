// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/calendar.h"
#include "cases/case.h"
#include "eligibility/decision.h"
#include "profile/dictionary.h"

namespace kstati::cases {

// The aim of every service: nothing to fill in, nothing to wait for, no papers and no visits.
enum class Zero { kInput, kWaiting, kPaper };

inline constexpr int kZeroCount = 3;

std::string_view NameOf(Zero zero);  // "input", "waiting", "paper"

// One thing that keeps a zero from being reached. Exactly one of the fields is set.
struct ZeroBlocker {
  Zero zero = Zero::kInput;
  std::vector<AttributeId> any_of = {};  // a fact to tell, or a document to bring: one of these
  std::optional<Term> term = {};         // that the law allows
  int64_t days = 0;                      // that were waited
  int64_t visits = 0;
};

// No blocker can be left out of the list and none stands there twice: all of them have to go.
struct Zeros {
  std::vector<ZeroBlocker> blockers;

  bool IsZero(Zero zero) const;
  int score() const;  // how many of the three are zero
};

// What an application would ask, by the regulation for this person. Needs an explained decision
// with a regulation.
Zeros ZerosOf(const eligibility::Decision& decision, const profile::Dictionary& dictionary);

// What an application asked of the person until `now`: what it had the person tell, the days until
// it was decided, and the papers and visits of its regulation. `decision`: the one it was opened
// with; null when it cannot be made again. Absent for what was never applied for.
std::optional<Zeros> ZerosOf(const Case& c, const eligibility::Decision* decision,
                             const profile::Dictionary& dictionary, Instant now,
                             const std::string& zone);

}  // namespace kstati::cases
