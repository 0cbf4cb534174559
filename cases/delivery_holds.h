// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "cases/case.h"
#include "cases/delivery_record.h"
#include "cases/notification.h"
#include "cases/world.h"
#include "delivery/schedule.h"

namespace kstati::cases {

// What keeps a message from being sent at once, or at all.
struct DeliveryRules {
  delivery::QuietHours quiet;
  // Whether a message about a case whose legal term ends in the quiet hours is sent within them.
  bool deadlines_break_quiet = true;
  // Suggestions are sent while fewer messages than so many were delivered to the person in the
  // window; 0: always.
  int budget_messages = 0;
  int budget_days = 7;
};

// Whether the message offers what the person did not ask for: only such are under the budget.
bool IsSuggestion(const Notification& notification);

// The case that the message is about, as it is now; nullopt: none is kept.
Result<std::optional<Case>> CaseOf(const profile::Store& store, const Notification& notification);

// Why the message is never to be sent: "erased" when it no longer stands among the person's
// messages, "declined" when the person declined what it is about (of a suggestion that is not a
// case, for recommender::kTurnedDownDays; of a case the service about the same person, after its
// life event), "overtaken" when the case of a suggestion went on, or its offer ended for that of a
// later life event, "budget". Empty: it is to be sent. kNotFound when the person's data were
// erased.
Result<std::string> WhySuppressed(const World& world, const DeliveryRules& rules,
                                  const Notification& notification);

// How many more suggestions may be sent to the person now; nullopt: as many as there are.
Result<std::optional<size_t>> BudgetLeft(const World& world, const DeliveryRules& rules,
                                         CitizenId citizen);

// Until when the message waits for the morning; nullopt: it need not.
Result<std::optional<Instant>> HeldUntil(const World& world, const DeliveryRules& rules,
                                         const Notification& notification);

}  // namespace kstati::cases
