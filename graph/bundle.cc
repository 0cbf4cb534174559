// SPDX-License-Identifier: Apache-2.0
#include "graph/bundle.h"

#include <algorithm>
#include <numeric>

#include "base/check.h"

namespace kstati::graph {
namespace {

// Items that limits tie together, found by joining those of each limit.
class Parts {
 public:
  explicit Parts(size_t count) : root_(count) { std::iota(root_.begin(), root_.end(), 0U); }

  void Join(const Limit& limit) {
    for (const uint32_t item : limit.items) {
      root_[RootOf(item)] = RootOf(limit.items.front());
    }
  }

  std::vector<std::vector<uint32_t>> Get() {
    std::vector<std::vector<uint32_t>> by_root(root_.size());
    for (uint32_t item = 0; item < root_.size(); ++item) by_root[RootOf(item)].push_back(item);
    return by_root;
  }

 private:
  uint32_t RootOf(uint32_t item) {
    while (root_[item] != item) item = root_[item] = root_[root_[item]];
    return item;
  }

  std::vector<uint32_t> root_;
};

// Branch and bound over one part: takes or leaves one item after the other; a branch ends where
// even all items that are left would not make it better.
class PartSearch {
 public:
  PartSearch(const std::vector<Worth>& items, const std::vector<Limit>& limits,
             std::vector<uint32_t> part)
      : items_(items), part_(std::move(part)), room_(limits.size()), limits_of_(items.size()) {
    for (uint32_t limit = 0; limit < limits.size(); ++limit) {
      room_[limit] = limits[limit].at_most;
      for (const uint32_t item : limits[limit].items) limits_of_[item].push_back(limit);
    }
    // What is worth most first, so that good bundles are found soon.
    std::ranges::stable_sort(part_, [&](uint32_t a, uint32_t b) { return items[b] < items[a]; });
    rest_.resize(part_.size() + 1);
    for (size_t i = part_.size(); i-- > 0;) {
      rest_[i] = rest_[i + 1];
      rest_[i] += items[part_[i]];
    }
  }

  std::vector<uint32_t> Run() {
    Branch(0, {});
    return best_;
  }

 private:
  void Branch(size_t place, const Worth& worth) {
    Worth most = worth;
    most += rest_[place];
    if (found_ && most < best_worth_) return;
    if (place == part_.size()) {
      if (found_ && worth == best_worth_ && !IsEarlier()) return;
      best_ = taken_;
      std::ranges::sort(best_);
      best_worth_ = worth;
      found_ = true;
      return;
    }
    const uint32_t item = part_[place];
    const std::vector<uint32_t>& limits = limits_of_[item];
    if (std::ranges::all_of(limits, [this](uint32_t limit) { return room_[limit] > 0; })) {
      for (const uint32_t limit : limits) --room_[limit];
      taken_.push_back(item);
      Worth with = worth;
      with += items_[item];
      Branch(place + 1, with);
      taken_.pop_back();
      for (const uint32_t limit : limits) ++room_[limit];
    }
    Branch(place + 1, worth);
  }

  bool IsEarlier() const {
    std::vector<uint32_t> taken = taken_;
    std::ranges::sort(taken);
    return taken < best_;
  }

  const std::vector<Worth>& items_;
  std::vector<uint32_t> part_;
  std::vector<uint32_t> room_;                    // by limit
  std::vector<std::vector<uint32_t>> limits_of_;  // by item
  std::vector<Worth> rest_;                       // of the items from a place on
  std::vector<uint32_t> taken_;
  std::vector<uint32_t> best_;
  Worth best_worth_;
  bool found_ = false;
};

}  // namespace

Worth& Worth::operator+=(const Worth& other) {
  amount += other.amount;
  weight += other.weight;
  return *this;
}

Bundle BestBundle(const std::vector<Worth>& items, const std::vector<Limit>& limits) {
  Parts parts(items.size());
  for (const Limit& limit : limits) {
    for (const uint32_t item : limit.items) KSTATI_CHECK(item < items.size());
    if (!limit.items.empty()) parts.Join(limit);
  }
  Bundle bundle;
  for (std::vector<uint32_t>& part : parts.Get()) {
    if (part.empty()) continue;
    for (const uint32_t item : PartSearch(items, limits, std::move(part)).Run()) {
      bundle.items.push_back(item);
      bundle.worth += items[item];
    }
  }
  std::ranges::sort(bundle.items);
  return bundle;
}

}  // namespace kstati::graph
