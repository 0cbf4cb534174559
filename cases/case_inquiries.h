// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "cases/draft.h"
#include "cases/inquiries.h"
#include "cases/world.h"

namespace kstati::cases {

// Has sources asked for what cases under way wait for: as soon as they wait, and again with doubled
// pauses while they do. Asking goes on beside it (Inquiries), and an answer is an event like any
// other, which decides the case. What waits is only in memory: whoever reads the log of waits tells
// it again after a restart. Not thread-safe.
class CaseInquiries {
 public:
  // Both outlive it. `inquiries` null, or without sources: nobody is asked.
  CaseInquiries(const World& world, Inquiries* inquiries) : world_(world), inquiries_(inquiries) {}

  // The case waits for something.
  void Waits(CitizenId citizen, const CaseId& id);
  // Asks where it is time to; whether there is more to do at once.
  bool Run();
  size_t waiting() const { return due_.size(); }

 private:
  struct Waiting {
    CitizenId citizen;
    CaseId id;
    int64_t pause_seconds;
  };

  // Whether the case goes on waiting for a registry.
  bool AskFor(const Waiting& waiting);
  LackedFacts LackedBy(Draft& draft, Case& c) const;

  const World& world_;
  Inquiries* const inquiries_;
  std::multimap<Instant, Waiting> due_;
};

}  // namespace kstati::cases
