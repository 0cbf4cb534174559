// SPDX-License-Identifier: Apache-2.0
#include "recommender/serving_ranker.h"

#include <utility>

namespace kstati::recommender {

std::shared_ptr<const Ranker> ServingRanker::Get() const {
  const std::lock_guard lock(mutex_);
  return ranker_;
}

void ServingRanker::Put(Ranker ranker) {
  auto next = std::make_shared<const Ranker>(std::move(ranker));
  const std::lock_guard lock(mutex_);
  ranker_.swap(next);
  changes_ += 1;
}

uint64_t ServingRanker::changes() const {
  const std::lock_guard lock(mutex_);
  return changes_;
}

}  // namespace kstati::recommender
