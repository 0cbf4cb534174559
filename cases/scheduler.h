// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "cases/calendar_sweep.h"
#include "cases/case_inquiries.h"
#include "cases/desk.h"
#include "cases/due_steps.h"
#include "cases/work_queue.h"

namespace kstati::cases {

// The work nobody asks for: goes on with events under way between partitions, hands started cases
// over, decides them as far as the rules can, has sources asked for what they wait for, erases what
// revoked consents left, and sweeps every day of the calendar once, also those on which nothing
// ran. Runs in one thread from construction to destruction; after a restart it goes on where the
// store stands.
class Scheduler {
 public:
  // All outlive it. `inquiries` null: no source is asked.
  Scheduler(const World& world, const Desk& desk, Inquiries* inquiries, int64_t step_seconds);
  ~Scheduler();

 private:
  void Run();
  // Whether there is more to do at once.
  bool StepOnce();
  WorkQueue::Outcome HandOver(std::string_view entry) const;
  WorkQueue::Outcome Erase(std::string_view entry) const;
  bool Sweep();

  const World& world_;
  const Desk& desk_;
  int64_t step_seconds_;
  WorkQueue hand_overs_;
  WorkQueue erasures_;
  CaseInquiries inquiries_;
  DueSteps steps_;
  CalendarSweep sweep_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace kstati::cases
