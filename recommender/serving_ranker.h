// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

#include "recommender/ranker.h"

namespace kstati::recommender {

// The ranker that orders suggestions now. Another one may take its place at any time; whoever asked
// before goes on with the one that was there. Safe from any thread.
class ServingRanker {
 public:
  // Orders by the catalogue's priority only.
  ServingRanker() : ServingRanker(Ranker()) {}
  explicit ServingRanker(Ranker ranker)
      : ranker_(std::make_shared<const Ranker>(std::move(ranker))) {}

  std::shared_ptr<const Ranker> Get() const;
  void Put(Ranker ranker);
  // How often another one took the place.
  uint64_t changes() const;

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Ranker> ranker_;
  uint64_t changes_ = 0;
};

}  // namespace kstati::recommender
