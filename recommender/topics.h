// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "recommender/features.h"

namespace kstati::recommender {

// What a place in a list may be said to come from. Its text is the message
// "suggestion.because." + NameOf(topic).
enum class Topic {
  kNone,        // nothing that is told
  kSituation,   // what happened in the person's life
  kDeadline,    // the time left to apply
  kBenefit,     // what it pays
  kEffort,      // visits, fee, days, who acts
  kAge,         // of the person
  kOccupation,  // work, study, pension
  kRegion,
  kDemand,  // how often the service is taken up at all
  kUses,    // what the person took up before: whoever did usually needs this next
  kFresh,   // stands before others since it belongs to what happened just now
};

std::string_view NameOf(Topic topic);  // "situation", "deadline", ...

// Takes out of a row what it has from facts of relatives, so that no word told of it depends on
// them.
void HideRelatives(std::span<float> row);

// The topics that raise the score of a row most, strongest first, at most kTopicsTold: by the
// shares of its columns. Shares below kShareTold and columns of topic kNone are not told, nor is
// what the row does not bear out: that it pays of what pays nothing.
std::vector<Topic> Told(std::span<const float> row, std::span<const float> shares);
inline constexpr size_t kTopicsTold = 2;
inline constexpr float kShareTold = 0.1f;  // of a margin: a tenth more in the odds

}  // namespace kstati::recommender
