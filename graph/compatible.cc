// SPDX-License-Identifier: Apache-2.0
#include "graph/compatible.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <optional>
#include <set>
#include <tuple>

#include "base/check.h"
#include "graph/chains/working_time.h"

namespace kstati::graph {
namespace {

using Items = std::vector<uint32_t>;

bool Has(const Items& items, uint32_t item) { return std::ranges::binary_search(items, item); }

Items With(const Items& items, uint32_t item) {
  Items more = items;
  more.insert(std::ranges::lower_bound(more, item), item);
  return more;
}

class CompatibleSearch {
 public:
  explicit CompatibleSearch(const CompatibleQuestion& question)
      : question_(question), time_(question.deadline) {}

  Compatible Run() {
    Visit({}, std::numeric_limits<size_t>::max());
    KSTATI_CHECK(best_.has_value());
    return {std::move(best_->left_out), proven_};
  }

 private:
  struct Best {
    Items left_out;
    Worth worth;
    size_t reached = 0;
    int64_t burden = 0;
  };

  // `reached`: no more goals than these.
  void Visit(const Items& left_out, size_t reached) {
    if (!seen_.insert(left_out).second) return;
    if (best_ && IsNoBetter(left_out, reached)) return;
    if (best_ && (builds_ >= question_.builds_max || time_.is_over())) {
      proven_ = false;
      return;
    }
    ++builds_;
    const Attempt attempt = question_.build(left_out);
    proven_ = proven_ && attempt.proven;
    const Items in_the_way = InTheWay(attempt);
    if (in_the_way.empty()) Keep(left_out, attempt);
    for (const uint32_t item : in_the_way) Visit(With(left_out, item), attempt.reached);
  }

  bool IsNoBetter(const Items& left_out, size_t reached) const {
    std::vector<Worth> most = question_.most;
    for (const uint32_t item : left_out) most[item] = Worth();
    const Worth worth = BestBundle(most, question_.limits).worth;
    return std::tie(worth, reached) < std::tie(best_->worth, best_->reached);
  }

  // The items of broken limits; those first that the best bundle of what is there does without.
  Items InTheWay(const Attempt& attempt) const {
    std::vector<Worth> worths(question_.most.size());
    Items there;
    for (const Attempt::Item& item : attempt.items) {
      worths[item.number] = item.worth;
      there.push_back(item.number);
    }
    std::set<uint32_t> broken;
    for (const Limit& limit : question_.limits) {
      Items together;
      std::ranges::copy_if(limit.items, std::back_inserter(together),
                           [&there](uint32_t item) { return Has(there, item); });
      if (together.size() > limit.at_most) broken.insert(together.begin(), together.end());
    }
    Items in_the_way(broken.begin(), broken.end());
    if (in_the_way.empty()) return in_the_way;
    const Items best = BestBundle(worths, question_.limits).items;
    std::ranges::stable_partition(in_the_way, [&best](uint32_t item) { return !Has(best, item); });
    return in_the_way;
  }

  void Keep(const Items& left_out, const Attempt& attempt) {
    Best other{left_out, {}, attempt.reached, attempt.burden};
    for (const Attempt::Item& item : attempt.items) other.worth += item.worth;
    const bool is_better = !best_ || std::tie(best_->worth, best_->reached, other.burden) <
                                         std::tie(other.worth, other.reached, best_->burden);
    if (is_better) best_ = std::move(other);
  }

  const CompatibleQuestion& question_;
  chains::WorkingTime time_;
  std::set<Items> seen_;
  std::optional<Best> best_;
  size_t builds_ = 0;
  bool proven_ = true;
};

}  // namespace

Compatible FindCompatible(const CompatibleQuestion& question) {
  return CompatibleSearch(question).Run();
}

}  // namespace kstati::graph
