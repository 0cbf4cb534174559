// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "cases/world.h"

namespace kstati::cases {

// Entries of a log that do not open now, since somebody's data are damaged or the key is not at
// hand: they keep nobody waiting behind them, are told of in the process's log, without naming
// anybody, and in a metric, and are tried again once in a minute. Only in memory: after a restart
// the log is read again. Not thread-safe.
class SetAside {
 public:
  // `world` outlives it. `name` says whose work it is: "erasure".
  SetAside(const World& world, std::string_view log, std::string_view name)
      : world_(world), log_(log), name_(name) {}

  // False when too many are set aside: then it is not they that are in trouble, and the partition
  // waits.
  bool Add(size_t partition, uint64_t sequence, const Error& why);
  // Once in a minute visits those that open by now; those that `visit` is done with are no longer
  // set aside.
  void TryAgain(size_t partition, const std::function<bool(const profile::LogRecord&)>& visit);
  // That the partition's log cannot be read; told of once in a minute.
  void NoteRefusal(size_t partition, const Error& why);

  size_t size() const;

 private:
  struct Partition {
    std::set<uint64_t> sequences;
    Instant tried_at;
    Instant told_at;
  };

  Partition& Of(size_t partition);

  const World& world_;
  const std::string log_;
  const std::string name_;
  std::vector<Partition> partitions_;
};

}  // namespace kstati::cases
