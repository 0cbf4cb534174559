// SPDX-License-Identifier: Apache-2.0
#include "recommender/internal/use_training.h"

#include <algorithm>
#include <map>
#include <utility>

#include "recommender/internal/digest.h"

namespace kstati::recommender::internal {
namespace {

constexpr uint64_t kFoldSalt = 0xf01d;

using Taken = std::map<CitizenId, std::set<ServiceId>>;

Taken TakenBy(const std::vector<const Interaction*>& interactions) {
  Taken taken;
  for (const Interaction* interaction : interactions) {
    std::set<ServiceId>& of = taken[interaction->citizen];
    for (const Interaction::Shown& shown : interaction->shown) {
      if (shown.taken) of.insert(shown.service);
    }
    for (const ServiceId& service : interaction->background.past.Taken()) of.insert(service);
  }
  return taken;
}

std::vector<ServiceId> ServicesOf(const Taken& taken) {
  std::set<ServiceId> services;
  for (const auto& [citizen, of] : taken) services.insert(of.begin(), of.end());
  return {services.begin(), services.end()};
}

std::vector<models::ItemIndex> HistoryOf(const std::set<ServiceId>& taken,
                                         const std::vector<ServiceId>& services) {
  std::vector<models::ItemIndex> history;
  for (const ServiceId& service : taken) {
    const auto place = std::ranges::lower_bound(services, service);
    history.push_back(static_cast<models::ItemIndex>(place - services.begin()));
  }
  return history;
}

}  // namespace

size_t UseTraining::FoldOf(CitizenId citizen) {
  return Spread(Spread(citizen.number()) ^ kFoldSalt) % kFolds;
}

UseTraining::UseTraining(const std::vector<const Interaction*>& interactions) {
  const Taken taken = TakenBy(interactions);
  const std::vector<ServiceId> services = ServicesOf(taken);
  if (services.empty()) return;
  models::ItemCounts all(services.size());
  std::array<std::vector<std::vector<models::ItemIndex>>, kFolds> folds;
  for (const auto& [citizen, of] : taken) {
    std::vector<models::ItemIndex> history = HistoryOf(of, services);
    all.Add(history);
    folds[FoldOf(citizen)].push_back(std::move(history));
  }
  for (size_t fold = 0; fold < kFolds; ++fold) {
    models::ItemCounts others = all;
    for (const auto& history : folds[fold]) others.Remove(history);
    if (others.both().trace() > 0) without_[fold].emplace(services, others);
  }
  whole_.emplace(services, all);
}

const UseModels* UseTraining::ForTraining(CitizenId citizen) const {
  const auto& without = without_[FoldOf(citizen)];
  return without ? &*without : nullptr;
}

}  // namespace kstati::recommender::internal
