// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <limits>

#include "recommender/inference/inferred_event.h"
#include "recommender/past.h"

namespace kstati::recommender {

// How probable it is that something happened of which no registry told, by inference::EventKind;
// NaN where it was not estimated, and for sensitive kinds always. No more than numbers for an
// order: nothing decides by them.
struct EventEstimates {
  static constexpr size_t kKinds = inference::kEventKinds.size();

  EventEstimates() { of.fill(std::numeric_limits<float>::quiet_NaN()); }

  std::array<float, kKinds> of;
};

// What is known beside facts when services are put in order for a person.
struct Background {
  Past past;
  EventEstimates estimates;
};

}  // namespace kstati::recommender
