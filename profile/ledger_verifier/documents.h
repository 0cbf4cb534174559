// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"
#include "profile/ledger_verifier/checkpoint.h"
#include "profile/ledger_verifier/entry.h"

namespace kstati::ledger_verifier {

// Both functions accept one spelling of a document and no other: canonical JSON as
// docs/internals/formats.md has it. Any bytes may be given. Their errors are kCorrupt and say what
// does not hold.

struct VerifiedReceipt {
  Entry entry;
  CitizenId citizen;
  std::string content;
  uint64_t index = 0;
  Checkpoint checkpoint;
};

// That the log's signed tree contains the receipt's entry, which is about this citizen and commits
// to this content.
Result<VerifiedReceipt> VerifyReceipt(std::string_view receipt, const LogKey& key);

struct VerifiedConsistency {
  Checkpoint first;
  Checkpoint second;
};

// That both checkpoints are the log's, and that the second tree begins with the first.
Result<VerifiedConsistency> VerifyConsistency(std::string_view document, const LogKey& key);

// Which of the two a document claims to be; its content may still be anything.
bool IsReceipt(std::string_view document);
bool IsConsistency(std::string_view document);

}  // namespace kstati::ledger_verifier
