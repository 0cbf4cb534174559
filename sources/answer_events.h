// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "profile/fact.h"
#include "profile/registry_event.h"
#include "sources/gatherer.h"

namespace kstati::sources {

// What the ids of these events begin with.
inline constexpr std::string_view kAnswerPrefix = "answer-";

// A reply as events of its registry, one for each attribute that it tells something new of: to be
// submitted as all events are. An event supersedes what the same source answered about the
// attribute before, as far as `history`, the citizen's, has it, and its id counts these answers:
// the same answer upon the same history is the same event, however often it arrives, and another
// answer at the same time is a conflict. `today` is the day of the events.
std::vector<profile::RegistryEvent> EventsOf(const Reply& reply, const profile::History& history,
                                             Date today);

// Whether the fact is an answer of this source.
bool IsAnswerOf(const profile::Fact& fact, const SourceTerms& terms);

}  // namespace kstati::sources
