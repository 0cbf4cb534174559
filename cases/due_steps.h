// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "cases/draft.h"
#include "cases/work_queue.h"
#include "cases/world.h"

namespace kstati::cases {

// Goes on with cases that were handed over, and with those whose wait is over. Each entry of the
// logs is read once; what waits is held by its day, so that waiting costs nothing. What is held is
// only in memory: after a restart the logs are read again from their start, and cases that have
// moved on refuse the step. Not thread-safe.
class DueSteps {
 public:
  // Told of each wait that is read.
  using OnWait = std::function<void(CitizenId citizen, const CaseId& id)>;

  // `world` outlives it. A case is decided no earlier than `step_seconds` after its last step.
  DueSteps(const World& world, int64_t step_seconds, OnWait on_wait = {});

  // Takes every step that is due.
  void Run();
  // How many cases wait for a day.
  size_t waiting() const { return waiting_.size(); }

 private:
  WorkQueue::Outcome Decide(std::string_view entry) const;
  void ReadWaits(size_t partition);
  void Hold(const profile::LogRecord& entry);
  void EndWaits();

  const World& world_;
  int64_t step_seconds_;
  OnWait on_wait_;
  WorkQueue decisions_;
  SetAside set_aside_;          // waits that do not open
  std::vector<uint64_t> read_;  // by partition, the last wait that was read
  std::multimap<Date, std::pair<CitizenId, CaseId>> waiting_;
};

}  // namespace kstati::cases
