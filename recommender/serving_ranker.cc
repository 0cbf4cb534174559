// SPDX-License-Identifier: Apache-2.0
#include "recommender/serving_ranker.h"

#include <set>
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

Serving ServingRanker::For(CitizenId citizen, Date on) const {
  std::unique_lock lock(mutex_);
  const auto active = ranker_;
  const auto trials = trials_;
  lock.unlock();
  for (const LoadedTrial& each : *trials) {
    const Arm* arm = each.trial.IsOn(on) ? each.trial.ArmOf(citizen) : nullptr;
    if (arm == nullptr) continue;
    const auto index = static_cast<size_t>(arm - each.trial.arms.data());
    return {each.rankers[index], {each.trial.name, arm->name, each.trial.Split()}};
  }
  return {active, {}};
}

void ServingRanker::PutTrials(std::vector<LoadedTrial> trials) {
  auto next = std::make_shared<const std::vector<LoadedTrial>>(std::move(trials));
  const std::lock_guard lock(mutex_);
  trials_.swap(next);
  changes_ += 1;
}

void ServingRanker::Follow(CitizenId citizen, const std::vector<ServiceId>& taken) const {
  std::unique_lock lock(mutex_);
  std::set<std::shared_ptr<const Ranker>> all{ranker_};
  for (const LoadedTrial& trial : *trials_) all.insert(trial.rankers.begin(), trial.rankers.end());
  lock.unlock();
  for (const auto& ranker : all) ranker->Follow(citizen, taken);
}

uint64_t ServingRanker::changes() const {
  const std::lock_guard lock(mutex_);
  return changes_;
}

}  // namespace kstati::recommender
