// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "profile/fact.h"
#include "profile/sealing.h"
#include "profile/stamp.h"

namespace kstati::profile {

// The profile of a row, described in docs/internals/formats.md: sealed parts one after another.
// Each commit that reports something of a citizen adds a part; when there are many, a commit puts
// one in place of all.

// A part with everything of the history's facts, relations and supersessions, its stamp included.
std::string EncodeWholeProfile(const History& history, const DataKey& key);
// A part for the store to stamp: the moment it is recorded at is that of its stamp, whatever the
// records in `added` say.
std::string EncodeAddition(const History& added, const DataKey& key);

// Puts the facts, relations and supersessions of all parts, and how many parts there are, in place
// of those of the history of `history.citizen`, in their memory: whoever reads many profiles keeps
// one history. kCorrupt when the bytes have another form; the history is of no use then.
Result<void> DecodeProfile(std::string_view profile, const DataKey& key, History& history);

}  // namespace kstati::profile
