// SPDX-License-Identifier: Apache-2.0
#include "profile/access.h"

namespace kstati::profile {

Result<void> Record(Store& store, const Access& access) {
  Transaction transaction(access.at);
  transaction.Enter(access.citizen, ledger::EntryKind::kAccess,
                    {{"caller", access.caller},
                     {"actor", access.actor},
                     {"call", access.call},
                     {"reason", access.reason}});
  return store.Commit(transaction);
}

}  // namespace kstati::profile
