// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "profile/engines/engine.h"

namespace kstati::profile {

// What a copy or a comparison went over, and what of it had to be written or differs.
struct CopyCounts {
  uint64_t citizens = 0;  // also what belongs to nobody
  uint64_t log_entries = 0;
  uint64_t ledger_entries = 0;
  uint64_t written = 0;
};

// Told of each citizen and entry.
using CopyProgress = std::function<void()>;

// Makes `to` hold what `from` holds, byte by byte and stamp by stamp, the ledger with its
// checkpoint. What is the same there already is read only, so an interrupted copy goes on where it
// was. Both must have as many partitions (else kUnsupported: a ledger cannot be divided), sign with
// one key, and be used by nobody else. kConflict when `to` holds what `from` does not.
Result<CopyCounts> CopyStore(const Engine& from, Engine& to, const CopyProgress& progress);

// That `to` holds exactly what `from` holds. kCorrupt with the first difference; it names numbers
// and no values.
Result<CopyCounts> CompareStores(const Engine& from, const Engine& to,
                                 const CopyProgress& progress);

// How many entries of a partition's ledger can be read.
Result<uint64_t> LedgerSizeOf(const Engine& engine, size_t partition);

}  // namespace kstati::profile
