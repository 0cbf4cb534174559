// SPDX-License-Identifier: Apache-2.0
#include "recommender/models/item_features.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

namespace kstati::recommender::models {
namespace {

enum Column : int {
  kEase,
  kEaseStrong,
  kAssociationMean,
  kAssociationMax,
  kAssociationMin,
  kAssociationEvidence,
  kAssociationHalfEvidence,
  kShareOfReverse,
  kAssociationLast,
  kAssociationFirst,
  kLogShare,
  kTakenCount,
  kNeighboursCosine,
  kNeighboursMissing,
  kNeighboursAll,
  kLogPeopleWithAll,
  kChoice,
  kChoicePlace,
  kChoiceLead,
  kHiddenChoice,
  kHiddenChoiceLead,
  kBothChoices,
  kColumnCount,
};

constexpr std::array<std::string_view, kColumnCount> kNames{
    "ease",
    "ease_strong",
    "association_mean",
    "association_max",
    "association_min",
    "association_evidence",
    "association_half_evidence",
    "share_of_reverse",
    "association_last",
    "association_first",
    "log_share",
    "taken_count",
    "neighbours_cosine",
    "neighbours_missing",
    "neighbours_all",
    "log_people_with_all",
    "choice",
    "choice_place",
    "choice_lead",
    "hidden_choice",
    "hidden_choice_lead",
    "both_choices",
};

// Keeps the evidence of what was never seen together finite.
constexpr float kShareMin = 1e-5f;
// The share of what is expected weighs as much as this many neighbours.
constexpr float kExpectedWeight = 2;

void FillAssociation(const Association& association, std::span<const ItemIndex> taken,
                     ItemFeatures& features) {
  const Eigen::VectorXf& shares = association.shares();
  const Eigen::ArrayXf log_shares = shares.array().log();
  features.col(kLogShare) = log_shares;
  features.col(kTakenCount).setConstant(static_cast<float>(taken.size()));
  features.col(kAssociationMean) = association.Scores(taken);
  features.col(kAssociationEvidence) = log_shares;
  features.col(kAssociationHalfEvidence) = log_shares;
  if (taken.empty()) return;
  features.col(kAssociationMin).setOnes();
  Eigen::ArrayXf evidence = Eigen::ArrayXf::Zero(shares.size());
  for (const ItemIndex item : taken) {
    const Eigen::ArrayXf given = association.Given(item).transpose().array();
    features.col(kAssociationMax) = features.col(kAssociationMax).array().max(given);
    features.col(kAssociationMin) = features.col(kAssociationMin).array().min(given);
    evidence += ((given + kShareMin) / (shares.array() + kShareMin)).log();
    for (Eigen::Index other = 0; other < shares.size(); ++other) {
      const float reverse = association.Probability(item, static_cast<ItemIndex>(other));
      features(other, kShareOfReverse) = std::max(features(other, kShareOfReverse), reverse);
    }
  }
  features.col(kAssociationLast) = association.Given(taken.back()).transpose();
  features.col(kAssociationFirst) = association.Given(taken.front()).transpose();
  features.col(kAssociationEvidence).array() += evidence / static_cast<float>(taken.size());
  features.col(kAssociationHalfEvidence).array() += evidence / 2;
}

void FillChoice(const ChoiceModel& choice, std::span<const ItemIndex> taken,
                ItemFeatures& features) {
  const Eigen::VectorXf scores = choice.LogProbabilities(taken);
  features.col(kChoice) = scores;
  std::vector<Eigen::Index> order(static_cast<size_t>(scores.size()));
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](Eigen::Index a, Eigen::Index b) { return scores(a) > scores(b); });
  const float best = scores(order.front());
  for (size_t place = 0; place < order.size(); ++place) {
    features(order[place], kChoicePlace) = static_cast<float>(place);
    features(order[place], kChoiceLead) = best - scores(order[place]);
  }
}

}  // namespace

Result<ItemModels> ItemModels::Fit(std::span<const std::vector<ItemIndex>> histories, size_t items,
                                   const ItemModelOptions& options) {
  if (histories.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "there is no history to learn from", "histories",
                "give histories of at least one person");
  }
  ItemCounts counts(items);
  for (const auto& history : histories) counts.Add(history);
  KSTATI_TRY(Ease ease, Ease::Fit(counts, options.ridge));
  KSTATI_TRY(Ease strong, Ease::Fit(counts, options.strong_ridge));
  return ItemModels(std::move(ease), std::move(strong), counts,
                    ChoiceModel::Fit(histories, items, options.choice),
                    HiddenChoiceModel::Fit(histories, items, options.hidden),
                    Neighbours(histories, items), options.prior_people);
}

std::span<const std::string_view> ItemModels::Columns() { return kNames; }

int ItemModels::StartColumn() { return kBothChoices; }

ItemFeatures ItemModels::Features(std::span<const ItemIndex> taken) const {
  ItemFeatures features =
      ItemFeatures::Zero(static_cast<Eigen::Index>(ease_.items()), kColumnCount);
  features.col(kEase) = ease_.Scores(taken);
  features.col(kEaseStrong) = strong_.Scores(taken);
  FillAssociation(association_, taken, features);
  const Neighbours::Shares shares = neighbours_.Of(taken);
  features.col(kNeighboursCosine) = shares.by_cosine;
  features.col(kNeighboursMissing) = shares.by_missing;
  features.col(kNeighboursAll) =
      (shares.of_all * shares.people_with_all + kExpectedWeight * features.col(kAssociationMean)) /
      (shares.people_with_all + kExpectedWeight);
  features.col(kLogPeopleWithAll).setConstant(std::log1p(shares.people_with_all));
  FillChoice(choice_, taken, features);
  const Eigen::VectorXf hidden = hidden_.LogProbabilities(taken);
  features.col(kHiddenChoice) = hidden;
  features.col(kHiddenChoiceLead) = hidden.maxCoeff() - hidden.array();
  features.col(kBothChoices) = (features.col(kChoice) + hidden) / 2;
  return features;
}

}  // namespace kstati::recommender::models
