// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "profile/ledger_verifier/checkpoint.h"
#include "profile/ledger_verifier/log_verification.h"

namespace kstati::cli {

// Files of the ledger as `kstati ledger verify` takes them. kNotFound where there is none,
// kUnavailable where it cannot be read; kCorrupt, with the place, where it does not verify.

// What is seen from the beginning of a file; a folder is an exported log in parts, and a file that
// claims to be nothing else is one too.
enum class LedgerFile { kReceipt, kConsistency, kCheckpoint, kLog };
Result<LedgerFile> KindOfLedgerFile(const std::string& path, const ledger_verifier::LogKey& key);

// A receipt or proof, without the line end that an editor may have added.
Result<std::string> ReadDocument(const std::string& path);

// A checkpoint that was kept.
Result<ledger_verifier::Checkpoint> ReadCheckpoint(const std::string& path,
                                                   const ledger_verifier::LogKey& key);

// From the key's text, or from a file whose only line it is.
Result<ledger_verifier::LogKey> ReadLogKey(const std::string& text_or_file);

// Reads the log line by line, the files of a folder (*.jsonl) one after the other by their names.
// `witness`: file with a checkpoint that was kept; may be empty.
Result<ledger_verifier::LogVerification::Summary> VerifyLog(const std::string& path,
                                                            const ledger_verifier::LogKey& key,
                                                            const std::string& witness);

// Where an export of several partitions has one of them: "0-of-2". Beside these folders lies
// `heads`, the note that names them all.
std::string PartitionFolder(size_t partition, size_t partitions);
bool HasPartitions(const std::string& folder);

struct VerifiedPartitions {
  size_t partitions = 0;
  uint64_t entries = 0;
};
// That every partition which the note names is there, whole, and in the state that it names. `key`:
// of the store.
Result<VerifiedPartitions> VerifyPartitions(const std::string& folder,
                                            const ledger_verifier::LogKey& key);

}  // namespace kstati::cli
