// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "recommender/models/ease.h"
#include "recommender/models/item_counts.h"

namespace kstati::recommender {

// What the services that people took up say of the next one: EASE and P(j | i), fitted on the
// histories that a ranker is trained on and stored beside its trees. Nothing but Replace changes
// them; safe from any thread.
class UseModels {
 public:
  // `services` are what the counts' indices stand for, by name, each once; at least one.
  UseModels(std::vector<ServiceId> services, const models::ItemCounts& counts);

  // What the models make of a service for somebody; nothing of a service that nobody took.
  struct Opinion {
    float ease = 0;
    float association = 0;
    float share = 0;  // of people who took it up
  };
  std::optional<Opinion> Of(const ServiceId& service,
                            std::span<const models::ItemIndex> taken) const;
  // Those of the services that somebody took.
  std::vector<models::ItemIndex> IndicesOf(const std::vector<ServiceId>& services) const;
  // Which of what was taken speaks for the service: by what each adds to its score by EASE, the
  // strongest first; what adds less than kReasonMin is left out.
  std::vector<ServiceId> ReasonsFor(const ServiceId& service,
                                    std::span<const models::ItemIndex> taken) const;
  static constexpr float kReasonMin = 0.02f;

  // From now on `after` is counted in place of `before`, neither of which is stored; `before` must
  // have come by Replace, empty: none. P(j | i) and the shares are those of all counts at every
  // moment; so is EASE once its first fit in the background is done, and until then the stored one.
  void Replace(std::span<const models::ItemIndex> before,
               std::span<const models::ItemIndex> after) const;
  // Returns when no fit is wanted or under way.
  void Settle() const;

  const std::vector<ServiceId>& services() const { return services_; }

  // Counts and weights; Decode refuses what cannot have been stored (kCorrupt, kUnsupported).
  std::string Encode() const;
  static Result<UseModels> Decode(std::string_view bytes);

 private:
  UseModels(std::vector<ServiceId> services, models::ItemCounts counts, models::Ease ease);

  std::optional<models::ItemIndex> IndexOf(const ServiceId& service) const;
  // What each taken service adds to the score of the item by EASE.
  std::vector<float> WeightsOf(std::span<const models::ItemIndex> taken,
                               models::ItemIndex item) const;

  // What was counted since.
  struct Following;

  std::vector<ServiceId> services_;
  models::ItemCounts counts_;
  models::Ease ease_;
  std::shared_ptr<Following> following_;  // shared by copies
};

}  // namespace kstati::recommender
