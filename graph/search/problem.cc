// SPDX-License-Identifier: Apache-2.0
#include "graph/search/problem.h"

#include <algorithm>
#include <utility>

#include "graph/search/service_circles.h"

namespace kstati::graph::search {
namespace {

void SortUnique(std::vector<uint32_t>& facts) {
  std::ranges::sort(facts);
  facts.erase(std::unique(facts.begin(), facts.end()), facts.end());
}

Result<void> CheckFacts(const std::vector<uint32_t>& facts, uint32_t fact_count,
                        const std::string& place) {
  for (const uint32_t fact : facts) {
    if (fact < fact_count) continue;
    return Fail(ErrorCode::kInvalidArgument, "there is no fact " + std::to_string(fact), place,
                "facts are numbered from 0 to below " + std::to_string(fact_count));
  }
  return {};
}

// Adds a value of a service to a sum that has to stay small enough for every bound.
Result<void> AddTo(int64_t& sum, int64_t value, const char* what, const std::string& place) {
  if (value < 0) {
    return Fail(ErrorCode::kInvalidArgument, std::string(what) + " is negative", place,
                "write 0 or more");
  }
  if (value >= kInfiniteCost - sum) {
    return Fail(ErrorCode::kLimitExceeded,
                std::string(what) + " of all services add up to 2^61 or more", place,
                "use a larger unit");
  }
  sum += value;
  return {};
}

struct Sums {
  int64_t cost = 0;
  int64_t days = 0;
  int64_t visits = 0;
  int64_t fee = 0;
};

Result<void> CheckService(const ServiceForm& service, uint32_t fact_count, Sums& sums) {
  const std::string place = "service \"" + service.id + "\"";
  KSTATI_TRY_VOID(CheckFacts(service.needs, fact_count, place + ", needs"));
  KSTATI_TRY_VOID(CheckFacts(service.gives, fact_count, place + ", gives"));
  KSTATI_TRY_VOID(AddTo(sums.cost, service.cost, "cost", place));
  KSTATI_TRY_VOID(AddTo(sums.days, service.days, "days", place));
  KSTATI_TRY_VOID(AddTo(sums.visits, service.visits, "visits", place));
  return AddTo(sums.fee, service.fee, "fee", place);
}

}  // namespace

Result<Problem> Problem::Make(uint32_t fact_count, std::vector<ServiceForm> services) {
  std::ranges::sort(services, {}, &ServiceForm::id);
  const auto twice = std::ranges::adjacent_find(services, {}, &ServiceForm::id);
  if (twice != services.end()) {
    return Fail(ErrorCode::kInvalidArgument, "two services have the id \"" + twice->id + "\"",
                "service \"" + twice->id + "\"", "give each an id of its own");
  }
  Problem made;
  made.fact_count_ = fact_count;
  Sums sums;
  for (ServiceForm& service : services) {
    KSTATI_TRY_VOID(CheckService(service, fact_count, sums));
    SortUnique(service.needs);
    SortUnique(service.gives);
    for (const uint32_t fact : service.needs) made.needs_.Add(fact);
    made.needs_.EndRow();
    for (const uint32_t fact : service.gives) {
      if (!std::ranges::binary_search(service.needs, fact)) made.gives_.Add(fact);
    }
    made.gives_.EndRow();
    made.cost_.push_back(service.cost);
    made.days_.push_back(service.days);
    made.visits_.push_back(service.visits);
    made.fee_.push_back(service.fee);
    made.counts_.push_back(service.counts ? 1 : 0);
    made.id_.push_back(std::move(service.id));
  }
  made.producers_.Transpose(made.gives_, fact_count);
  made.is_on_circle_ = FactsOnCircles(made.needs_, made.gives_, fact_count);
  return made;
}

std::optional<uint32_t> Problem::Find(const std::string& id) const {
  const auto found = std::ranges::lower_bound(id_, id);
  if (found == id_.end() || *found != id) return std::nullopt;
  return static_cast<uint32_t>(found - id_.begin());
}

}  // namespace kstati::graph::search
