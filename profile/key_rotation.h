// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include "base/result.h"
#include "base/time.h"
#include "profile/citizen_keys.h"
#include "profile/engines/engine.h"

namespace kstati::profile {

struct RotatedKeys {
  uint64_t citizens = 0;  // whose keys are sealed with the current master key now
  uint64_t sealed = 0;    // of these, now
};

// Seals the key of every citizen with the current master key, where an earlier one did; what is
// sealed with the citizens' keys stays as it is. Afterwards earlier master keys open nothing in the
// store. May be interrupted and called again: it goes on with those who are left. Citizens may
// change meanwhile. `progress` is called for each key that is sealed.
Result<RotatedKeys> RotateKeys(Engine& engine, const CitizenKeys& keys, Instant now,
                               const std::function<void()>& progress);

}  // namespace kstati::profile
