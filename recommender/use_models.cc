// SPDX-License-Identifier: Apache-2.0
#include "recommender/use_models.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <mutex>
#include <shared_mutex>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "recommender/models/association.h"
#include "recommender/models/following_ease.h"

namespace kstati::recommender {
namespace {

using models::Ease;
using models::ItemCounts;
using models::ItemIndex;

constexpr uint64_t kUsesFormat = 1;

// People that the share of everybody weighs as much as, in P(j | i).
constexpr double kAssociationPrior = 20;
// As many people as this took up everything and nothing, so that weights stay small until there is
// more to go by.
constexpr double kEaseRidge = 20;

// Counts are exact up to here.
constexpr uint64_t kPeopleMax = uint64_t{1} << 24;

Ease FitEase(const ItemCounts& counts) {
  auto ease = Ease::Fit(counts, kEaseRidge);
  KSTATI_CHECK(ease.has_value());  // there are services, and the ridge is above zero
  return *std::move(ease);
}

void WriteCounts(const ItemCounts& counts, ByteWriter& writer) {
  writer.Number(static_cast<uint64_t>(counts.people()));
  for (ItemIndex one = 0; one < counts.items(); ++one) {
    for (ItemIndex other = 0; other <= one; ++other) {
      writer.Number(static_cast<uint64_t>(counts.OfBoth(one, other)));
    }
  }
}

// False where they are no counts.
bool ReadCounts(ByteReader& reader, Eigen::MatrixXf& both, double& people) {
  const uint64_t all = reader.Number();
  bool valid = all <= kPeopleMax;
  for (Eigen::Index one = 0; one < both.rows() && reader.ok(); ++one) {
    for (Eigen::Index other = 0; other <= one; ++other) {
      const uint64_t count = reader.Number();
      valid = valid && count <= all;
      both(one, other) = both(other, one) = static_cast<float>(count);
    }
  }
  people = static_cast<double>(all);
  return valid;
}

// False where they are no weights.
bool ReadWeights(ByteReader& reader, Ease::Weights& weights) {
  bool valid = true;
  for (Eigen::Index taken = 0; taken < weights.rows() && reader.ok(); ++taken) {
    for (Eigen::Index item = 0; item < weights.cols(); ++item) {
      const uint64_t bits = reader.Number();
      const float weight = std::bit_cast<float>(static_cast<uint32_t>(bits));
      valid = valid && bits <= UINT32_MAX && std::isfinite(weight);
      valid = valid && (taken != item || weight == 0);
      weights(taken, item) = weight;
    }
  }
  return valid;
}

}  // namespace

struct UseModels::Following {
  explicit Following(const ItemCounts& trained)
      : ease(trained, {.ridge = kEaseRidge}), counts(trained) {}

  models::FollowingEase ease;
  mutable std::shared_mutex mutex;  // of the counts
  ItemCounts counts;
};

UseModels::UseModels(std::vector<ServiceId> services, const ItemCounts& counts)
    : UseModels(std::move(services), counts, FitEase(counts)) {}

UseModels::UseModels(std::vector<ServiceId> services, ItemCounts counts, Ease ease)
    : services_(std::move(services)),
      counts_(std::move(counts)),
      ease_(std::move(ease)),
      following_(std::make_shared<Following>(counts_)) {
  KSTATI_CHECK(!services_.empty() && services_.size() == counts_.items());
  KSTATI_CHECK(std::ranges::is_sorted(services_));
}

std::optional<ItemIndex> UseModels::IndexOf(const ServiceId& service) const {
  const auto found = std::ranges::lower_bound(services_, service);
  if (found == services_.end() || *found != service) return std::nullopt;
  return static_cast<ItemIndex>(found - services_.begin());
}

std::vector<float> UseModels::WeightsOf(std::span<const ItemIndex> taken, ItemIndex item) const {
  std::vector<float> weights = following_->ease.Weights(taken, item);
  if (!weights.empty() || taken.empty()) return weights;
  for (const ItemIndex each : taken) weights.push_back(ease_.Weight(each, item));
  return weights;
}

std::vector<ItemIndex> UseModels::IndicesOf(const std::vector<ServiceId>& services) const {
  std::vector<ItemIndex> indices;
  for (const ServiceId& service : services) {
    if (const auto index = IndexOf(service)) indices.push_back(*index);
  }
  return indices;
}

std::optional<UseModels::Opinion> UseModels::Of(const ServiceId& service,
                                                std::span<const ItemIndex> taken) const {
  const auto index = IndexOf(service);
  if (!index) return std::nullopt;
  Opinion opinion;
  for (const float weight : WeightsOf(taken, *index)) opinion.ease += weight;
  const std::shared_lock lock(following_->mutex);
  opinion.share = models::ShareOf(following_->counts, *index);
  for (const ItemIndex each : taken) {
    opinion.association +=
        models::ProbabilityOf(following_->counts, kAssociationPrior, *index, each);
  }
  opinion.association =
      taken.empty() ? opinion.share : opinion.association / static_cast<float>(taken.size());
  return opinion;
}

void UseModels::Replace(std::span<const ItemIndex> before, std::span<const ItemIndex> after) const {
  following_->ease.Replace(before, after);
  const std::unique_lock lock(following_->mutex);
  if (!before.empty()) following_->counts.Remove(before);
  if (!after.empty()) following_->counts.Add(after);
}

void UseModels::Settle() const { following_->ease.Settle(); }

std::vector<ServiceId> UseModels::ReasonsFor(const ServiceId& service,
                                             std::span<const ItemIndex> taken) const {
  std::vector<ServiceId> reasons;
  const auto index = IndexOf(service);
  if (!index) return reasons;
  const std::vector<float> weights = WeightsOf(taken, *index);
  std::vector<models::ItemReason> found;
  for (size_t i = 0; i < taken.size(); ++i) found.push_back({taken[i], weights[i]});
  std::ranges::stable_sort(found, std::greater(), &models::ItemReason::share);
  for (const models::ItemReason& reason : found) {
    if (reason.share >= kReasonMin) reasons.push_back(services_[reason.item]);
  }
  return reasons;
}

std::string UseModels::Encode() const {
  ByteWriter writer;
  writer.Number(kUsesFormat).Number(services_.size());
  for (const ServiceId& service : services_) writer.Text(service.text());
  WriteCounts(counts_, writer);
  for (ItemIndex taken = 0; taken < services_.size(); ++taken) {
    for (ItemIndex item = 0; item < services_.size(); ++item) {
      writer.Number(std::bit_cast<uint32_t>(ease_.Weight(taken, item)));
    }
  }
  return writer.Take();
}

Result<UseModels> UseModels::Decode(std::string_view bytes) {
  ByteReader reader(bytes);
  if (reader.Number() != kUsesFormat) {
    return Fail(ErrorCode::kUnsupported, "the models of uses have an unknown format", {},
                "train a model with this version of kstati");
  }
  std::vector<ServiceId> services(reader.Count());
  for (ServiceId& service : services) service = ServiceId(reader.Text());
  // Each number takes a byte, so that a count that is too large is found before there is room.
  const size_t items = services.size();
  bool valid = reader.ok() && items > 0 && items * items <= reader.rest().size();
  valid = valid && std::ranges::adjacent_find(services, std::greater_equal()) == services.end();
  if (valid) {
    const auto size = static_cast<Eigen::Index>(items);
    Eigen::MatrixXf both(size, size);
    double people = 0;
    Ease::Weights weights(size, size);
    valid = ReadCounts(reader, both, people) && ReadWeights(reader, weights);
    KSTATI_TRY_VOID(reader.Finish("the models of uses"));
    if (valid) {
      return UseModels(std::move(services), ItemCounts(std::move(both), people),
                       Ease(std::move(weights)));
    }
  }
  return Fail(ErrorCode::kCorrupt, "the models of uses cannot be read", {},
              "train again, or restore the model folder from a copy");
}

}  // namespace kstati::recommender
