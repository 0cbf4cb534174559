// SPDX-License-Identifier: Apache-2.0
#include "cli/bulk_use.h"

#include "cli/who_acts.h"
#include "profile/access_log.h"

namespace kstati::cli {

Result<void> BulkUse::Of(CitizenId citizen) {
  {
    const std::lock_guard lock(mutex_);
    if (!entered_.insert(citizen).second) return {};
  }
  return system_.uses().EnterSoon(
      {citizen,
       profile::ledger::EntryKind::kEvaluation,
       {{"call", call_}, {"caller", "loopback"}, {"actor", WhoActs()}}});
}

Result<void> BulkUse::Of(const profile::Household& household) {
  for (const profile::History& history : household.histories) {
    KSTATI_TRY_VOID(Of(history.citizen));
  }
  return {};
}

}  // namespace kstati::cli
