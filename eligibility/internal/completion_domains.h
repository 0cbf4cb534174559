// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

#include "eligibility/internal/rulebook.h"

namespace kstati::eligibility {

// The values that a missing fact may turn out to have as far as the rules of one regulation tell
// them apart, "not applicable" among them; by slot, and only of facts for which they are all.
using CompletionDomains = std::map<uint32_t, std::vector<feel::Value>>;

// The domains of every regulation, day and region that somebody asked for. Shared by threads.
class DomainCache {
 public:
  // `region` is "" when nobody knows it.
  std::shared_ptr<const CompletionDomains> Of(const Rulebook& book, const Plan& plan, Date day,
                                              const std::string& region);

 private:
  using Key = std::tuple<const Plan*, Date, std::string>;
  // Enough for a year of days of one region, or a day of all; then it begins anew.
  static constexpr size_t kMaxEntries = 20'000;

  std::mutex mutex_;
  std::map<Key, std::shared_ptr<const CompletionDomains>> domains_;
};

}  // namespace kstati::eligibility
