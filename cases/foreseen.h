// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>

#include "base/result.h"
#include "cases/decided_chain.h"
#include "cases/draft.h"
#include "eligibility/decision.h"
#include "eligibility/program.h"

namespace kstati::cases {

// The viewpoint as what is recorded now foresees it for a later day: facts that end before are
// gone, and those that begin until then are there. What cannot be told of that day stays as it is.
Viewpoint ForeseenOn(const Viewpoint& today, Date day);

// By what is known now of the day of applying (`today.today`), where the person had the right on
// that day: how long the state takes costs them nothing. nullopt: they apply today, had no right
// then, or nobody has acted on what the state started.
Result<std::optional<eligibility::Decision>> DecideAsOfApplying(Draft& draft, const Case& c,
                                                                const Viewpoint& viewpoint,
                                                                const eligibility::Subject& today);

// Decisions as they are foreseen for later days. For one thread.
class Foresight {
 public:
  // Both outlive it.
  Foresight(const eligibility::Program& program, const Viewpoint& today)
      : program_(program), today_(today) {}

  const Viewpoint& ViewpointOn(Date day);
  // With explanation; on what is recorded alone.
  const eligibility::Decision& DecisionOn(const graph::Service& service, Date day);

 private:
  struct Day {
    Viewpoint viewpoint;
    std::unique_ptr<eligibility::Inquiry> inquiry;
    std::map<ServiceId, eligibility::Decision> decided;
  };

  Day& On(Date day);

  const eligibility::Program& program_;
  const Viewpoint& today_;
  std::map<Date, Day> days_;
};

}  // namespace kstati::cases
