// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <set>
#include <string>

#include "base/ids.h"
#include "base/result.h"
#include "cli/system.h"
#include "profile/household.h"

namespace kstati::cli {

// Enters that data of many people were used for something that shows nobody in particular, once for
// each of them, so that each sees it among the uses. Safe from any thread.
class BulkUse {
 public:
  // `call` names the use, as the keys of the messages use.what.* do. `system` outlives it.
  BulkUse(const System& system, std::string call) : system_(system), call_(std::move(call)) {}

  // On stable storage within a second, and not later than the command ends. The store's errors.
  Result<void> Of(CitizenId citizen);
  // Of everybody in the household.
  Result<void> Of(const profile::Household& household);

 private:
  const System& system_;
  const std::string call_;
  std::mutex mutex_;
  std::set<CitizenId> entered_;
};

}  // namespace kstati::cli
