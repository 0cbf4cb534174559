// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "profile/engines/engine.h"
#include "profile/ledger/documents.h"
#include "profile/sealing.h"

namespace kstati::profile {

// All that there is to say of a deed, by name: {"call", "profile"}, {"reason", "request 17"}.
// UTF-8.
using DeedContent = std::map<std::string, std::string>;

// Several ids as one text of a content, with blanks between.
template <class Id>
std::string Joined(const std::set<Id>& ids) {
  std::string text;
  for (const Id& id : ids) text += (text.empty() ? "" : " ") + id.text();
  return text;
}

// What was done about a citizen, as the citizen sees it.
struct DeedOfCitizen {
  uint64_t number = 0;  // among the citizen's, from 1
  ledger::EntryKind kind = ledger::EntryKind::kAccess;
  Instant at;
  DeedContent content;
};

// As Store::LedgerConsistency.
Result<std::string> ConsistencyBetween(const Engine& engine, size_t partition,
                                       const std::string& first, const std::string& second);

// The deed as it goes to the ledger: commitments to the citizen and the content, and their opening
// sealed with the citizen's key.
Deed MakeDeed(const DataKey& key, CitizenId citizen, ledger::EntryKind kind,
              const DeedContent& content);

// Opens a recorded deed; `entry` holds the bytes of its entry. kCorrupt when they do not belong
// together.
Result<DeedOfCitizen> OpenDeed(const DataKey& key, CitizenId citizen, const RecordedDeed& recorded,
                               std::string_view entry);

// The receipt of a recorded deed under the partition's last checkpoint.
Result<ledger::Receipt> MakeReceipt(const Engine& engine, const DataKey& key, CitizenId citizen,
                                    const RecordedDeed& recorded);

// The number of entries that an own checkpoint speaks of; none when it is empty.
Result<uint64_t> SizeOfCheckpoint(std::string_view checkpoint);

}  // namespace kstati::profile
