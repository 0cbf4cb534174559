// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "base/check.h"

namespace kstati {

// How soon a fact can be there. In order: a later one is slower.
enum class Latency {
  kAtHand,       // recorded already
  kDataMart,     // a registry answers at once
  kInteragency,  // a registry answers an inter-agency request
  kOnSite,       // somebody inspects, or issues a document
};

inline std::string_view NameOf(Latency latency) {
  switch (latency) {
    case Latency::kAtHand: return "at_hand";
    case Latency::kDataMart: return "data_mart";
    case Latency::kInteragency: return "interagency";
    case Latency::kOnSite: return "on_site";
  }
  KSTATI_CHECK(false);
  return {};
}

inline std::optional<Latency> ParseLatency(std::string_view name) {
  for (const Latency latency :
       {Latency::kAtHand, Latency::kDataMart, Latency::kInteragency, Latency::kOnSite}) {
    if (NameOf(latency) == name) return latency;
  }
  return std::nullopt;
}

}  // namespace kstati
