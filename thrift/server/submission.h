// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "cases/pipeline.h"
#include "kstati_rpc/kstati_types.h"
#include "thrift/server/access.h"

namespace kstati::thrift {

// Records an event as it came through a door. kDenied when its source is none of the caller's, or
// the service itself; else as cases::ProcessRegistryEvent. Safe from any thread.
Result<kstati::cases::Outcome> RecordSubmitted(const kstati::cases::World& world,
                                               const Caller& caller,
                                               const rpc::RegistryEvent& submitted);

}  // namespace kstati::thrift
