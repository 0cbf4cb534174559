// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace kstati::profile {

// What a key must hold for a commit to go through; nullopt: the key must be absent.
struct Expectation {
  std::string key;
  std::optional<std::string> value;
};

struct Write {
  std::string key;
  std::optional<std::string> value;  // nullopt deletes
};

// Added to the end of a log under the next sequence number of the whole store.
struct Append {
  std::string log;  // "outbox", "exposure"; no slash
  std::string value;
};

// What is written at once: all of it or none.
struct Change {
  std::vector<Expectation> expectations;
  std::vector<Write> writes;
  std::vector<Append> appends;
};

struct LogEntry {
  uint64_t sequence;
  std::string value;
};

// A consistent picture of the store at one moment. Reads on it are safe from any thread. It must
// not outlive its engine.
class Snapshot {
 public:
  using Visit = std::function<bool(std::string_view key, std::string_view value)>;

  virtual ~Snapshot() = default;
  virtual Result<std::optional<std::string>> Get(std::string_view key) const = 0;
  // Calls `visit(key, value)` for every key with the prefix in byte order; stops when it returns
  // false. The views live until `visit` returns.
  virtual Result<void> Scan(std::string_view prefix, const Visit& visit) const = 0;
  // The same, starting at the first key >= `from`.
  virtual Result<void> ScanFrom(std::string_view prefix, std::string_view from,
                                const Visit& visit) const = 0;
};

// A store of ordered keys and of append-only logs. Keys are not empty and do not begin with a zero
// byte: those are the engine's own. Implementations are safe to use from any thread.
class Engine {
 public:
  virtual ~Engine() = default;

  // Returns when the change is on stable storage. kConflict when an expectation does not hold
  // (nothing was written), kUnavailable when the disk refuses (then, as after a crash, the change
  // may turn out to be there as a whole or not at all). Changes commit in one order for everyone:
  // what a Read shows includes everything acknowledged before. Once the disk is good, commits go on
  // by themselves. Hold no Snapshot meanwhile: the engine may have to wait for it.
  virtual Result<void> Commit(Change change) = 0;
  // kUnavailable while commits are refused, after a disk that failed. Asking makes the engine look
  // whether the disk is good again, so that it recovers also when nobody commits.
  virtual Result<void> AcceptsWrites() = 0;
  virtual std::unique_ptr<Snapshot> Read() const = 0;
  // Entries of a log with sequence > `after`, oldest first, at most `limit`.
  virtual Result<std::vector<LogEntry>> ReadLog(std::string_view log, uint64_t after,
                                                size_t limit) const = 0;
};

struct RocksDbOptions {
  std::string folder;
  size_t block_cache_bytes = 256u << 20;  // the hot part of a million citizens
  size_t group_commits_max = 256;         // commits joined into one synced batch
};

// Opens (or makes) a RocksDB store. kUnavailable when another process has it open, the disk is full
// or read-only; kUnsupported when the store's schema version is newer than this program; kCorrupt
// when its files are damaged or another program made them.
Result<std::unique_ptr<Engine>> OpenRocksDb(const RocksDbOptions& options);

inline constexpr int kSchemaVersion = 1;

}  // namespace kstati::profile
