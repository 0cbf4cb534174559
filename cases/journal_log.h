// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "cases/monitoring/event_log.h"
#include "cases/world.h"

namespace kstati::cases {

// The journal of a store as a log for the monitor: every case whose clock started, numbered in the
// order of starting in place of its id, so that the log names nobody; chains and people are
// numbered too. A chain is of one person in one situation while it stands open.
Result<monitoring::EventLog> JournalAsLog(const World& world);

}  // namespace kstati::cases
