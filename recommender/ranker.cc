// SPDX-License-Identifier: Apache-2.0
#include "recommender/ranker.h"

#include <optional>
#include <utility>

#include "recommender/evaluation/calibration.h"
#include "recommender/features.h"
#include "recommender/internal/model_folder.h"
#include "recommender/stored_models.h"

namespace kstati::recommender {

struct Ranker::Implementation {
  std::optional<trees::Forest> forest;
  std::optional<trees::Attribution> attribution;   // of the forest
  evaluation::PlattCalibration calibration{1, 0};  // of the forest's margins
  std::optional<UseModels> uses;                   // of the forest
  std::optional<internal::CompletionModel> completes;
  std::optional<Popularity> popularity;
  RankedBy ranked_by{"catalogue", ""};

  const UseModels* Uses() const { return uses ? &*uses : nullptr; }
};

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
  if (read.forest) {
    implementation.ranked_by = {"model", read.version};
  } else if (read.popularity && !read.popularity->empty()) {
    implementation.ranked_by = {"popularity", read.version};
  }
  implementation.forest = std::move(read.forest);
  if (read.calibration) implementation.calibration = *read.calibration;
  implementation.attribution = std::move(read.attribution);
  implementation.uses = std::move(read.uses);
  implementation.completes = std::move(read.completes);
  implementation.popularity = std::move(read.popularity);
  return ranker;
}

std::vector<double> Ranker::Score(const profile::Household& household,
                                  std::span<const Candidate> candidates, Date on,
                                  const graph::Catalogue& catalogue,
                                  const Background& background) const {
  if (const auto& forest = implementation_->forest) {
    const FeatureMatrix rows =
        BuildFeatures(household, candidates, on, catalogue, background, implementation_->Uses());
    std::vector<float> margins(candidates.size());
    forest->Margins(rows.data(), margins.size(), margins.data());
    std::vector<double> scores;
    for (const float margin : margins) {
      scores.push_back(implementation_->calibration(margin));
    }
    return scores;
  }
  if (implementation_->ranked_by.stage == "popularity") {
    return implementation_->popularity->Scores(household, candidates, on);
  }
  std::vector<double> scores;
  scores.reserve(candidates.size());
  for (const Candidate& candidate : candidates) {
    scores.push_back(candidate.service->priority / 100.0);
  }
  return scores;
}

std::vector<double> Ranker::Completes(const profile::Household& household,
                                      std::span<const Candidate> candidates, Date on,
                                      const graph::Catalogue& catalogue,
                                      const Background& background) const {
  const auto& completes = implementation_->completes;
  if (!completes) return {};
  const FeatureMatrix rows =
      BuildFeatures(household, candidates, on, catalogue, background, implementation_->Uses());
  std::vector<float> margins(candidates.size());
  completes->forest.Margins(rows.data(), margins.size(), margins.data());
  std::vector<double> probabilities;
  for (const float margin : margins) probabilities.push_back(completes->calibration(margin));
  return probabilities;
}

std::vector<Topic> Ranker::Because(const profile::Household& household, const Candidate& candidate,
                                   Date on, const graph::Catalogue& catalogue,
                                   const Background& background) const {
  if (!implementation_->attribution) return {};
  const Background own{background.past.About(household.person->citizen()), background.estimates};
  FeatureMatrix rows = BuildFeatures(household, std::span(&candidate, 1), on, catalogue, own,
                                     implementation_->Uses());
  const std::span row(rows.data(), static_cast<size_t>(rows.cols()));
  HideRelatives(row);
  return Told(row, implementation_->attribution->Shares(row));
}

std::vector<ServiceId> Ranker::UsesBehind(CitizenId person, const Candidate& candidate,
                                          const Background& background) const {
  const UseModels* uses = implementation_->Uses();
  if (uses == nullptr) return {};
  const auto taken = uses->IndicesOf(background.past.About(person).Taken());
  return uses->ReasonsFor(candidate.service->id, taken);
}

const RankedBy& Ranker::ranked_by() const { return implementation_->ranked_by; }

}  // namespace kstati::recommender
