// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "profile/citizen_keys.h"
#include "profile/engines/engine.h"
#include "profile/registry_event.h"
#include "profile/sealing.h"
#include "profile/store.h"
#include "profile/under_way.h"

namespace kstati::profile {

// What is kept of events about citizens of several partitions until everything that they cause is
// done: the event, sealed with its subject's key, and a row for each citizen of another partition,
// both with nobody in the subject's partition. Safe from any thread.

// Who keeps what is under way from the event's subject; one of a few in the subject's partition.
CitizenId HomeOfSpread(const Engine& engine, const EventPlace& event);
// Where events may be under way.
std::vector<CitizenId> HomesOfSpread(const Engine& engine);
// The events that a home keeps.
Result<std::vector<EventPlace>> SpreadEventsAt(const Engine& engine, CitizenId home);

std::string SealSpreadEvent(const DataKey& key, const SpreadEvent& event);
// nullopt when nothing is kept of it; kNotFound when the subject's data were erased.
Result<std::optional<SpreadEvent>> ReadSpreadEvent(const Engine& engine, CitizenKeys& keys,
                                                   const EventPlace& event);
// The citizens of other partitions, by number as text.
Result<std::vector<CitizenId>> ReceiversOf(const Engine& engine, const EventPlace& event);

// What the event adds to what is recorded of the citizen, for the store to stamp.
std::string EncodeShareOf(const SpreadEvent& event, CitizenId citizen, const DataKey& key);

// Records the citizen's share of the event with the citizen, once however often it is called. What
// was erased meanwhile stays erased.
Result<void> DeliverTo(CitizenId receiver, const SpreadEvent& event, Engine& engine,
                       CitizenKeys& keys, Instant now);

}  // namespace kstati::profile
