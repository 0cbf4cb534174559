// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "graph/catalogue.h"
#include "profile/household.h"
#include "recommender/background.h"
#include "recommender/candidate.h"
#include "recommender/use_models.h"

namespace kstati::recommender {

// Row-major, since a row is one candidate.
using FeatureMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Names of the columns, in order.
std::span<const std::string_view> FeatureNames();
// A digest of names, order and meaning; a model is pinned to it.
uint64_t FeatureSchema();

class Popularity;

// What was learned before the trees and what they read of it; each may be null.
struct Learned {
  const UseModels* uses = nullptr;
  const Popularity* popularity = nullptr;
};

// One row per candidate, one column per feature; missing values are NaN. The same code serves
// training and ranking. Only facts of the household as of its instants are read; nothing is counted
// twice. What was not learned is missing.
FeatureMatrix BuildFeatures(const profile::Household& household,
                            std::span<const Candidate> candidates, Date on,
                            const graph::Catalogue& catalogue, const Background& background = {},
                            const Learned& learned = {});

// Puts the shares of the person's segment, one for each row, and what is blended of them and of
// what the person took up before. BuildFeatures does the same.
void PutShares(std::span<const double> shares,
               Eigen::Ref<FeatureMatrix, 0, Eigen::OuterStride<>> rows);

}  // namespace kstati::recommender
