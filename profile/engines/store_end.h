// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "profile/ledger/durable_file.h"

namespace kstati::profile {

// How many writes a store had when somebody was last told of a change, kept beside the witness of
// its ledger. A log whose end was cut or damaged looks to every way of recovery like one that a
// crash cut short, and what the ledger has no entry of would be gone unseen.
class StoreEnd {
 public:
  // Beside the witness of this name.
  explicit StoreEnd(const std::string& witness_file);

  // nullopt when nothing was kept yet; kCorrupt when the file is something else.
  Result<std::optional<uint64_t>> Read() const;
  // On stable storage when this returns. Of one thread at a time.
  Result<void> Keep(uint64_t writes);

 private:
  const std::string path_;
  ledger::OverwrittenFile file_;
};

// That a store with so many writes has all that its end tells of; kCorrupt when it lost some, and
// then it must not be used.
Result<void> CheckEnd(const StoreEnd& end, uint64_t writes);

}  // namespace kstati::profile
