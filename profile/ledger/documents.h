// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "profile/ledger/entry.h"
#include "profile/ledger/hash.h"

namespace kstati::profile::ledger {

// What a person takes home of one entry: what was done, and the proof that it is in the ledger.
struct Receipt {
  std::string entry;  // its bytes
  CitizenId citizen;
  Salt citizen_salt{};
  std::string content;
  Salt content_salt{};
  uint64_t index = 0;      // of the entry in the ledger, from 0
  std::vector<Hash> path;  // InclusionProof(index, size of the checkpoint)
  std::string checkpoint;  // a signed note
};

// The documents of the ledger that outsiders check, each as canonical JSON: UTF-8, members sorted
// by name, no blanks, numbers as texts, bytes in lower-case hexadecimal
// (docs/internals/formats.md).

// kInvalidArgument when the content is not UTF-8.
Result<std::string> ToJson(const Receipt& receipt);

// That the ledger of checkpoint `second` begins with that of `first`.
std::string ConsistencyJson(std::string_view first, std::string_view second,
                            const std::vector<Hash>& path);

// Lines of an exported ledger: each entry in order, and behind the last entry that a checkpoint
// covers the checkpoint. No line holds data about a person.
std::string EntryLine(uint64_t index, std::string_view entry);
std::string CheckpointLine(std::string_view checkpoint);

}  // namespace kstati::profile::ledger
