// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "recommender/arms.h"
#include "recommender/ranker.h"

namespace kstati::recommender {

// A trial all of whose models are loaded; one for each arm, and one alone where arms name one
// version.
struct LoadedTrial {
  Trial trial;
  std::vector<std::shared_ptr<const Ranker>> rankers;
};

// What orders somebody's suggestions, and as whose arm.
struct Serving {
  std::shared_ptr<const Ranker> ranker;  // never null
  ServedArm arm;
};

// The rankers that order suggestions now: the active one, and those of arms of trials. Others may
// take their places at any time; whoever asked before goes on with the one that was there. Safe
// from any thread.
class ServingRanker {
 public:
  // Orders by the catalogue's priority only.
  ServingRanker() : ServingRanker(Ranker()) {}
  explicit ServingRanker(Ranker ranker)
      : ranker_(std::make_shared<const Ranker>(std::move(ranker))) {}

  // The active one.
  std::shared_ptr<const Ranker> Get() const;
  void Put(Ranker ranker);

  // That of the first trial that is on this day and has an arm for the citizen; else the active
  // one.
  Serving For(CitizenId citizen, Date on) const;
  // In the place of all trials before.
  void PutTrials(std::vector<LoadedTrial> trials);

  // As Ranker::Follow, by every ranker that serves anybody.
  void Follow(CitizenId citizen, const std::vector<ServiceId>& taken) const;

  // How often others took a place.
  uint64_t changes() const;

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Ranker> ranker_;
  std::shared_ptr<const std::vector<LoadedTrial>> trials_ =
      std::make_shared<const std::vector<LoadedTrial>>();
  uint64_t changes_ = 0;
};

}  // namespace kstati::recommender
