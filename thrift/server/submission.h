// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "cases/pipeline.h"
#include "kstati_rpc/kstati_types.h"
#include "thrift/server/access.h"

namespace kstati::thrift {

// What can be said of an event that came through a door without asking the store; the errors that
// RecordSubmitted has for it.
Result<void> CheckSubmitted(const kstati::cases::World& world, const Caller& caller,
                            const rpc::RegistryEvent& submitted);

// Records an event as it came through a door. kDenied when its source is none of the caller's, or
// the service itself; else as cases::ProcessRegistryEvent. Safe from any thread.
Result<kstati::cases::Outcome> RecordSubmitted(const kstati::cases::World& world,
                                               const Caller& caller,
                                               const rpc::RegistryEvent& submitted);

}  // namespace kstati::thrift
