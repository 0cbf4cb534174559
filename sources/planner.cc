// SPDX-License-Identifier: Apache-2.0
#include "sources/planner.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

namespace kstati::sources {
namespace {

using Candidates = std::vector<size_t>;  // sources that have an attribute, by index

// What plans are compared by: less is better.
struct Price {
  int64_t cost = 0;
  std::chrono::milliseconds slowest{0};
  std::vector<size_t> called;  // ascending
  auto Key() const { return std::tie(cost, slowest, called); }
};

// Depth first: some attribute that nothing chosen covers has to be covered by one of its sources.
class Search {
 public:
  Search(const std::vector<SourceTerms>& sources, std::vector<Candidates> needs)
      : sources_(sources), needs_(std::move(needs)) {
    // What few sources have leaves the fewest choices.
    std::ranges::stable_sort(needs_, {}, &Candidates::size);
  }

  Price Best() {
    Cover({});
    return best_.value_or(Price());
  }

 private:
  void Cover(const Price& so_far) {
    // Costs are not negative, and a plan that is not cheaper yet may still win by time.
    if (best_ && so_far.cost > best_->cost) return;
    const auto open = std::ranges::find_if(needs_, [&](const Candidates& need) {
      return std::ranges::none_of(need, [&](size_t source) { return Calls(so_far, source); });
    });
    if (open == needs_.end()) {
      if (!best_ || so_far.Key() < best_->Key()) best_ = so_far;
      return;
    }
    for (const size_t source : *open) {
      Price with = so_far;
      with.cost += sources_[source].cost;
      with.slowest = std::max(with.slowest, sources_[source].latency);
      with.called.insert(std::ranges::upper_bound(with.called, source), source);
      Cover(with);
    }
  }

  static bool Calls(const Price& price, size_t source) {
    return std::ranges::binary_search(price.called, source);
  }

  const std::vector<SourceTerms>& sources_;
  std::vector<Candidates> needs_;
  std::optional<Price> best_;
};

}  // namespace

CallPlan PlanCalls(const std::vector<SourceTerms>& sources, const std::set<AttributeId>& missing,
                   std::chrono::milliseconds limit) {
  CallPlan plan;
  std::map<AttributeId, Candidates> have;
  for (const AttributeId& attribute : missing) {
    Candidates& candidates = have[attribute];
    for (size_t i = 0; i < sources.size(); ++i) {
      const bool asks = sources[i].way != Way::kPush && sources[i].latency <= limit;
      if (asks && sources[i].attributes.contains(attribute)) candidates.push_back(i);
    }
    if (!candidates.empty()) continue;
    plan.out_of_reach.insert(attribute);
    have.erase(attribute);
  }
  // Attributes that the same sources have are one need.
  std::set<Candidates> needs;
  for (const auto& [attribute, candidates] : have) needs.insert(candidates);
  const Price best = Search(sources, {needs.begin(), needs.end()}).Best();
  std::map<size_t, std::vector<AttributeId>> asked;
  for (const auto& [attribute, candidates] : have) {
    std::optional<size_t> fastest;
    for (const size_t source : candidates) {
      if (!std::ranges::binary_search(best.called, source)) continue;
      if (!fastest || sources[source].latency < sources[*fastest].latency) fastest = source;
    }
    asked[*fastest].push_back(attribute);
  }
  for (auto& [source, attributes] : asked) {
    plan.cost += sources[source].cost;
    plan.calls.push_back({source, std::move(attributes)});
  }
  return plan;
}

}  // namespace kstati::sources
