// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/set_aside.h"
#include "cases/world.h"

namespace kstati::cases {

// Works through a log of the store, partition by partition, in its order. An entry that fails is
// tried again at each run and keeps nobody waiting behind it; when too many fail, it is not they
// that are in trouble, and the partition waits. One that does not open is set aside. What was dealt
// with is only in memory: after a restart the log is read again from its start, and what is done
// stays done. Not thread-safe.
class WorkQueue {
 public:
  enum class Outcome {
    kDone,
    kNotYet,  // it has time, and so have all behind it
    kFailed,
  };
  using Act = std::function<Outcome(std::string_view entry)>;

  // `world` outlives it. `name` says in the process's log what failed: "erasure".
  WorkQueue(const World& world, std::string_view log, std::string_view name)
      : world_(world), log_(log), name_(name), set_aside_(world, log, name) {}

  void Run(const Act& act);
  size_t failed() const;
  size_t set_aside() const { return set_aside_.size(); }

 private:
  struct Partition {
    uint64_t cursor = 0;  // the last entry that was looked at
    std::vector<std::string> failed;
  };

  void Run(size_t number, Partition& partition, const Act& act);
  // False: it has time.
  bool Work(Partition& partition, const profile::LogRecord& entry, const Act& act);

  const World& world_;
  const std::string log_;
  const std::string name_;
  SetAside set_aside_;
  std::vector<Partition> partitions_;
};

}  // namespace kstati::cases
