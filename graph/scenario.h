// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/latency.h"
#include "graph/service.h"

namespace kstati::graph {

// All channels that a catalogue may name.
const std::vector<std::string>& KnownChannels();

// Whether one applies through the channel without going anywhere.
bool IsRemote(std::string_view channel);

// No term like the first takes longer than one like the second, whenever they begin. False also
// where that depends on the days.
bool IsNoLonger(const Term& a, const Term& b);

// A scenario of a regulation as one person can use it.
struct PersonalScenario {
  const Scenario* scenario = nullptr;  // of the regulation, as long as it; null: it lists none
  std::vector<std::string> channels;   // that the person has; none: all of the scenario's
  int visits = 0;
};

// The scenarios that a person can use who has these channels; empty: all. Who has none of the
// remote channels of a scenario that asks for no visit comes once to apply. What the state does
// without being asked needs no channel.
std::vector<PersonalScenario> ScenariosFor(const Regulation& regulation,
                                           const std::set<std::string>& channels);

// What the scenario has of its own, or else the regulation.
const Term& TermOf(const Regulation& regulation, const PersonalScenario& own, Latency slowest);
const Fee& FeeOf(const Regulation& regulation, const PersonalScenario& own);

// Through which the person applies.
std::vector<std::string> AppliesThrough(const Regulation& regulation, const PersonalScenario& own);

// The place that many authorities share.
inline constexpr const char* kSharedOffice = "mfc";

// Where a visit may be, sorted: the shared office when it is one of the channels, and the
// authority's own when "office" is, or no other place is named.
std::vector<std::string> PlacesOf(const Service& service, const Regulation& regulation,
                                  const PersonalScenario& own);

}  // namespace kstati::graph
