// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "profile/ledger/durable_file.h"

namespace kstati::profile {

// What was written to a store from one opening of it to the next. A store keeps its runs, oldest
// first, and the first one tells it from all other stores.
struct StoreRun {
  uint64_t id = 0;       // random
  uint64_t after = 0;    // so many writes the store had before it
  bool is_copy = false;  // the store was filled from another one

  static StoreRun New(uint64_t after, bool is_copy);
};

// How far a store had come when somebody was last told of a change.
struct SeenEnd {
  uint64_t store = 0;  // the id of its first run
  uint64_t run = 0;    // of the run that made the change
  uint64_t writes = 0;
  bool operator==(const SeenEnd&) const = default;
};

// The last end that was seen, kept beside the witness of the store's ledger. A log whose end was
// cut or damaged looks to every way of recovery like one that a crash cut short, and what the
// ledger has no entry of would be gone unseen.
class StoreEnd {
 public:
  // Beside the witness of this name.
  explicit StoreEnd(const std::string& witness_file);

  // nullopt when nothing was kept yet; kCorrupt when the file is something else.
  Result<std::optional<SeenEnd>> Read() const;
  // On stable storage when this returns. Of one thread at a time.
  Result<void> Keep(const SeenEnd& end);

 private:
  const std::string path_;
  ledger::OverwrittenFile file_;
};

// That a store with these runs and so many writes has all that its end tells of. kCorrupt when it
// lost some, also when others took their place since, or when the end is of another store; then it
// must not be used. Of a store that was filled from another one since, the end says nothing.
Result<void> CheckEnd(const StoreEnd& end, const std::vector<StoreRun>& runs, uint64_t writes);

}  // namespace kstati::profile
