// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/ids.h"
#include "profile/consent.h"
#include "profile/dictionary.h"
#include "profile/fact.h"
#include "recommender/inference/inferred_event.h"

namespace kstati::recommender::inference {

// What a kind of event is told by. Everything reads facts and relations recorded about the person
// alone: nobody else's profile is at hand here, so what a relative keeps to themselves cannot show
// in a question.

// Attributes that tend to appear or be renewed after the event: a change of clinic, services used.
std::span<const std::string_view> SignalsOf(EventKind kind);

// Names of the columns of a row, in order.
std::vector<std::string> ColumnsOf(EventKind kind);

// Whether the event can have happened without anybody's knowing: false for children, the dead, and
// those of whom a registry has told it already or nothing is known that it could change.
bool IsAtRisk(EventKind kind, const profile::FactView& person, Date on);

// One value a column. Only signals later than what a registry told of the same kind, and not soon
// after it, count: those before are explained. Requires IsAtRisk.
std::vector<double> RowOf(EventKind kind, const profile::FactView& person, Date on);

// The data categories of all that RowOf and IsAtRisk read: what a consent must cover. Attributes
// that the dictionary lacks are never there and need none.
std::set<profile::CategoryId> CategoriesOf(EventKind kind, const profile::Dictionary& dictionary);

}  // namespace kstati::recommender::inference
