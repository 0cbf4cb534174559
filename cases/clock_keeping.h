// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cases/clock.h"
#include "cases/draft.h"

namespace kstati::cases {

// The clock of a case, as the store and the draft have it; nullopt: it has not started.
Result<std::optional<CaseClock>> ClockOf(Draft& draft, CitizenId citizen, const CaseId& id);

// What the case's status says of its clock: it starts where the case has a term and no clock,
// stands while the case waits for what comes from outside of the authority (suspended, or asked of
// the person), stops when the case is no longer open, begins a new term when the case is open
// again, and goes when the case is emptied. The case then shows the clock's last day. The draft
// calls this for every change of a case.
Result<void> FollowCase(Draft& draft, Case& c);

// What became true by now of the clock that set the timer, and was not told: the journal and the
// outbox tell it, once for each last day that the term has had (of a breach alone when the risk was
// missed). The timer is stopped, or comes later. kNotFound when the citizen was erased.
Result<void> TellOfClock(Draft& draft, const profile::Timer& timer);
// Counts a running clock by its calendar as it is loaded; whether its last day moved.
Result<bool> RecountClock(Draft& draft, CitizenId citizen, const CaseId& id);

// A running clock whose last day is not the same by its calendar among others.
struct MovedDeadline {
  CitizenId citizen;
  CaseId case_id;
  std::optional<Date> from;  // absent: past the last day of that calendar
  std::optional<Date> to;
};
// Exactly those of all running clocks of the store, by citizen and case. Counts them all anew.
Result<std::vector<MovedDeadline>> DeadlinesMovedBy(const World& world, const TermCalendars& from,
                                                    const TermCalendars& to);

}  // namespace kstati::cases
