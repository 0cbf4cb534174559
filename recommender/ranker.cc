// SPDX-License-Identifier: Apache-2.0
#include "recommender/ranker.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "recommender/evaluation/calibration.h"
#include "recommender/features.h"
#include "recommender/internal/model_folder.h"
#include "recommender/stored_models.h"

namespace kstati::recommender {

struct Ranker::Implementation {
  std::optional<internal::TreeHeads> heads;
  std::optional<UseModels> uses;  // of the heads
  std::optional<Popularity> popularity;
  RankedBy ranked_by{"catalogue", ""};

  // What people took up since the model was loaded and `uses` counts, by citizen.
  mutable std::mutex followed_mutex;
  mutable std::map<CitizenId, std::vector<models::ItemIndex>> followed;

  Learned WhatWasLearned() const {
    return {uses ? &*uses : nullptr, popularity ? &*popularity : nullptr};
  }
};

namespace {

// People whose histories are kept in memory: about as many hundred megabytes as millions.
constexpr size_t kFollowedMax = 1'000'000;

std::vector<double> Probabilities(const internal::ProbabilityModel& model,
                                  const FeatureMatrix& rows) {
  std::vector<float> margins(static_cast<size_t>(rows.rows()));
  model.forest.Margins(rows.data(), margins.size(), margins.data());
  std::vector<double> probabilities;
  for (const float margin : margins) probabilities.push_back(model.calibration(margin));
  return probabilities;
}

std::vector<models::ItemIndex> Union(std::vector<models::ItemIndex> one,
                                     std::vector<models::ItemIndex> other) {
  std::ranges::sort(one);
  std::ranges::sort(other);
  std::vector<models::ItemIndex> both;
  std::ranges::set_union(one, other, std::back_inserter(both));
  return both;
}

}  // namespace

Ranker::Ranker() : implementation_(std::make_unique<Implementation>()) {}
Ranker::~Ranker() = default;
Ranker::Ranker(Ranker&&) noexcept = default;
Ranker& Ranker::operator=(Ranker&&) noexcept = default;

Result<Ranker> Ranker::Load(const std::string& folder) {
  Ranker ranker;
  KSTATI_TRY(const auto active, StoredModels::ActiveFolder(folder));
  if (!active) return ranker;
  KSTATI_TRY(internal::ModelFolder read, internal::ReadModelFolder(*active));
  Implementation& implementation = *ranker.implementation_;
  if (read.heads) {
    implementation.ranked_by = {"model", read.version};
  } else if (read.popularity && !read.popularity->empty()) {
    implementation.ranked_by = {"popularity", read.version};
  }
  implementation.heads = std::move(read.heads);
  implementation.uses = std::move(read.uses);
  implementation.popularity = std::move(read.popularity);
  return ranker;
}

Ratings Ranker::Rate(const profile::Household& household, std::span<const Candidate> candidates,
                     Date on, const graph::Catalogue& catalogue,
                     const Background& background) const {
  Ratings ratings;
  if (const auto& heads = implementation_->heads) {
    const FeatureMatrix rows = BuildFeatures(household, candidates, on, catalogue, background,
                                             implementation_->WhatWasLearned());
    ratings.needed = Probabilities(heads->needed, rows);
    if (!heads->by_order) {
      ratings.order = ratings.needed;
      return ratings;
    }
    std::vector<float> margins(candidates.size());
    heads->order.Margins(rows.data(), margins.size(), margins.data());
    ratings.order.assign(margins.begin(), margins.end());
    return ratings;
  }
  if (implementation_->ranked_by.stage == "popularity") {
    ratings.needed = implementation_->popularity->Scores(household, candidates, on);
  } else {
    for (const Candidate& candidate : candidates) {
      ratings.needed.push_back(candidate.service->priority / 100.0);
    }
  }
  ratings.order = ratings.needed;
  return ratings;
}

std::vector<double> Ranker::Completes(const profile::Household& household,
                                      std::span<const Candidate> candidates, Date on,
                                      const graph::Catalogue& catalogue,
                                      const Background& background) const {
  const auto& heads = implementation_->heads;
  if (!heads || !heads->completes) return {};
  return Probabilities(*heads->completes,
                       BuildFeatures(household, candidates, on, catalogue, background,
                                     implementation_->WhatWasLearned()));
}

std::vector<Topic> Ranker::Because(const profile::Household& household, const Candidate& candidate,
                                   Date on, const graph::Catalogue& catalogue,
                                   const Background& background) const {
  const auto& heads = implementation_->heads;
  if (!heads) return {};
  const Background own{background.past.About(household.person->citizen()), background.estimates};
  FeatureMatrix rows = BuildFeatures(household, std::span(&candidate, 1), on, catalogue, own,
                                     implementation_->WhatWasLearned());
  const std::span row(rows.data(), static_cast<size_t>(rows.cols()));
  HideRelatives(row);
  return Told(row, heads->attribution.Shares(row));
}

std::vector<ServiceId> Ranker::UsesBehind(CitizenId person, const Candidate& candidate,
                                          const Background& background) const {
  const auto& uses = implementation_->uses;
  if (!uses) return {};
  const auto taken = uses->IndicesOf(background.past.About(person).Taken());
  return uses->ReasonsFor(candidate.service->id, taken);
}

void Ranker::Follow(CitizenId citizen, const std::vector<ServiceId>& taken) const {
  const auto& uses = implementation_->uses;
  if (!uses) return;
  const std::vector<models::ItemIndex> now = uses->IndicesOf(taken);
  const std::lock_guard lock(implementation_->followed_mutex);
  auto& followed = implementation_->followed;
  const auto found = followed.find(citizen);
  const std::vector<models::ItemIndex> before =
      found == followed.end() ? std::vector<models::ItemIndex>() : found->second;
  const std::vector<models::ItemIndex> history =
      taken.empty() ? std::vector<models::ItemIndex>() : Union(before, now);
  if (history == before) return;
  if (found == followed.end() && followed.size() >= kFollowedMax) return;
  uses->Replace(before, history);
  if (history.empty()) {
    followed.erase(citizen);
  } else {
    followed[citizen] = history;
  }
}

void Ranker::Settle() const {
  if (implementation_->uses) implementation_->uses->Settle();
}

const RankedBy& Ranker::ranked_by() const { return implementation_->ranked_by; }

}  // namespace kstati::recommender
