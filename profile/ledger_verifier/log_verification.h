// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "profile/ledger_verifier/checkpoint.h"
#include "profile/ledger_verifier/entry.h"
#include "profile/ledger_verifier/merkle.h"

namespace kstati::ledger_verifier {

// Checks an exported log, line by line: that every entry is the one that was signed, in its place,
// and that nobody's entries have a gap. Errors are kCorrupt and name the first entry that is
// altered, missing or out of order; where a forger made the lines fit each other, the entries
// between the last checkpoint that holds and the first that does not.
class LogVerification {
 public:
  explicit LogVerification(LogKey key) : key_(std::move(key)) {}

  // A checkpoint that was kept elsewhere: the log must begin with its tree. Before the first line.
  void Expect(const Checkpoint& seen) { seen_ = seen; }

  // A line without its end. No line may follow one that was refused.
  Result<void> Add(std::string_view line);

  struct Summary {
    Checkpoint last;
    uint64_t checkpoints = 0;
    uint64_t citizens = 0;
  };
  // That the log ends with a checkpoint, and not before what was expected.
  Result<Summary> Finish() const;

 private:
  struct LastOfCitizen {
    uint64_t number = 0;
    Instant at;
  };

  Result<void> AddEntry(std::string_view line);
  Result<void> AddCheckpoint(std::string_view line);
  Result<void> CheckPlace(uint64_t index) const;
  Result<void> CheckCitizen(const Entry& entry);
  Result<void> CheckSeen() const;
  std::string Next() const;  // "entry 17"

  LogKey key_;
  std::optional<Checkpoint> seen_;
  RootBuilder tree_;
  std::optional<Checkpoint> last_;
  uint64_t checkpoints_ = 0;
  std::map<Digest, LastOfCitizen> citizens_;
};

}  // namespace kstati::ledger_verifier
