// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "profile/store.h"

namespace kstati::profile {

// Somebody asked to see a person's facts and said why. Kept for ever in the log "access".
struct Access {
  Instant at;
  CitizenId citizen;
  std::string caller;  // the name of the token, or "loopback"
  std::string actor;   // who the caller says is looking; may be empty
  std::string call;    // "profile"
  std::string reason;
  bool operator==(const Access&) const = default;
};

inline constexpr std::string_view kAccessLog = "access";

std::string Encode(const Access& access);
Result<Access> DecodeAccess(std::string_view bytes);

// Returns when the record is on stable storage: nothing may be shown before.
Result<void> Record(Store& store, const Access& access);

}  // namespace kstati::profile
