// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "eligibility/internal/rulebook.h"

namespace kstati::eligibility {

class DateSteps;

// The facts that the rules of one service may miss, on one day in one region.
struct CompletionDomains {
  // See Entangled: without one of them among those that are missing, completion decides nothing.
  std::set<uint32_t> entangled;
  // The values that a fact may turn out to have as far as the rules tell them apart, "not
  // applicable" among them; by slot, and only of facts for which they are all.
  std::map<uint32_t, std::vector<feel::Value>> values;
};

// The domains that somebody asked for. Shared by threads.
class DomainCache {
 public:
  DomainCache();
  ~DomainCache();

  // `region` is "" when nobody knows it. Without `dates`, which take their time on a new day, dates
  // have no domain.
  std::shared_ptr<const CompletionDomains> Of(const Rulebook& book, const graph::Service& service,
                                              Date day, const std::string& region, bool dates);

 private:
  using Key = std::tuple<const graph::Service*, Date, std::string, bool>;
  // Enough for a year of days of all services in one region; then it begins anew.
  static constexpr size_t kMaxEntries = 20'000;

  std::mutex mutex_;
  std::map<Key, std::shared_ptr<const CompletionDomains>> domains_;
  std::unique_ptr<DateSteps> steps_;  // of the day asked for last
  Date steps_day_;
};

}  // namespace kstati::eligibility
