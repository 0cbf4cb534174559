// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "cases/desk.h"
#include "cases/pipeline.h"

namespace kstati::cases {

// The work nobody asks for: hands started cases over and sweeps the calendar once a day. Runs in
// one thread from construction to destruction; after a restart it goes on where the store stands.
class Scheduler {
 public:
  Scheduler(const World& world, const Desk& desk, int64_t step_seconds);
  ~Scheduler();

 private:
  void Run();
  void StepOnce();
  void HandOverDue();

  const World& world_;
  const Desk& desk_;
  int64_t step_seconds_;
  Date swept_;
  uint64_t cursor_ = 0;  // last entry of the hand-over queue that was dealt with
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace kstati::cases
