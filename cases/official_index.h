// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "cases/official.h"
#include "cases/world.h"

namespace kstati::cases {

// What officials ask for again and again, so that each entry of the logs is read once: cases that
// came to an official and may still be there, and overrides counted so far. Kept in memory alone;
// after a restart the first question reads the logs from their start. Safe from any thread.
class OfficialIndex {
 public:
  // As OfficialQueue. Reads the cases that wait, however many ever did.
  Result<std::vector<ForOfficial>> Queue(const World& world, const std::string& authority,
                                         size_t limit);
  // As CountOverrides.
  Result<std::vector<OverrideCount>> Overrides(const World& world);

 private:
  struct Waiting {
    CitizenId citizen;
    CaseId id;
    std::string authority;  // of the case
    bool is_known = false;  // whether its authority is
  };

  Result<void> ReadWaiting(const World& world);
  Result<void> ReadOverrides(const World& world);

  std::mutex mutex_;
  std::vector<uint64_t> read_;                              // by partition, the last entry
  std::map<std::pair<size_t, uint64_t>, Waiting> waiting_;  // by partition and entry
  std::vector<uint64_t> counted_;                           // the same of overrides
  std::map<std::tuple<ServiceId, Override, Decided>, uint64_t> counts_;
};

// Rulings of officials against the rules, to be counted.
inline constexpr std::string_view kOverrideLog = "override";

}  // namespace kstati::cases
