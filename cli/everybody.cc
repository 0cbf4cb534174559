// SPDX-License-Identifier: Apache-2.0
#include "cli/everybody.h"

#include <string>
#include <vector>

#include "base/progress.h"
#include "cli/bulk_use.h"

namespace kstati::cli {

Result<void> LookAtEverybody(const System& system, std::string_view title,
                             const std::function<Result<void>(CitizenId)>& look) {
  std::vector<CitizenId> citizens;
  KSTATI_TRY_VOID(system.store().ForEachCitizen([&](CitizenId citizen) {
    citizens.push_back(citizen);
    return true;
  }));
  Progress progress(std::string(title), citizens.size());
  BulkUse use(system, "count_everybody");
  for (const CitizenId citizen : citizens) {
    KSTATI_TRY_VOID(use.Of(citizen));
    KSTATI_TRY_VOID(look(citizen));
    progress.Advance();
  }
  return {};
}

}  // namespace kstati::cli
