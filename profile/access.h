// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "profile/store.h"

namespace kstati::profile {

// Somebody asked to see a person's facts and said why: an entry of the ledger.
struct Access {
  Instant at;
  CitizenId citizen;
  std::string caller;  // the name of the token, or "loopback"
  std::string actor;   // who the caller says is looking; may be empty
  std::string call;    // "profile"
  std::string reason;
};

// Returns when the record is on stable storage: nothing may be shown before.
Result<void> Record(Store& store, const Access& access);

}  // namespace kstati::profile
