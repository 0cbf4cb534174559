// SPDX-License-Identifier: Apache-2.0
#include "profile/ledger/witness.h"

#include <vector>

#include "profile/ledger/durable_file.h"
#include "profile/ledger_verifier/merkle.h"

namespace kstati::profile::ledger {
namespace {

constexpr const char* kLostEntries =
    "restore the newest backup, which must be at least as new as the witness; only to give up the "
    "missing entries for good, move the witness file away";

std::string Entries(uint64_t size) {
  return std::to_string(size) + (size == 1 ? " entry" : " entries");
}

}  // namespace

Result<std::optional<Checkpoint>> WitnessFile::Read(const PublicKey& key) const {
  KSTATI_TRY(const auto note, ReadSmallFile(path_, kNoteBytesMax));
  if (!note) return std::nullopt;
  Result<Checkpoint> checkpoint = ReadCheckpoint(*note, key);
  if (checkpoint) return *checkpoint;
  Error error = AtPlace(std::move(checkpoint).error(), path_);
  error.message = "the witness of the ledger cannot be used: " + error.message;
  error.remedy = "check that it is the file of this ledger and key, and restore it";
  return Fail(std::move(error));
}

Result<void> WitnessFile::Keep(std::string_view note) const { return ReplaceFile(path_, note); }

Result<void> CheckSigned(const Checkpoint& current, std::string_view note, const PublicKey& key) {
  const Result<Checkpoint> checkpoint = ReadCheckpoint(note, key);
  if (!checkpoint) {
    return Fail(ErrorCode::kCorrupt, "the ledger of the store is signed with another key", {},
                "give the store the key file that its ledger was begun with");
  }
  if (*checkpoint == current) return {};
  return Fail(ErrorCode::kCorrupt, "the ledger of the store is not in the state that was signed",
              {}, "restore the store from a backup");
}

Result<void> CheckAgainstWitness(const Checkpoint& current, const NodeReader& nodes,
                                 const Checkpoint& witness) {
  if (current.size < witness.size) {
    return Fail(ErrorCode::kCorrupt,
                "the ledger of the store has " + Entries(current.size) +
                    ", but its witness has seen " + Entries(witness.size),
                {}, kLostEntries);
  }
  KSTATI_TRY(const auto path, ConsistencyProof(witness.size, current.size, nodes));
  std::vector<ledger_verifier::Digest> digests;
  for (const Hash& hash : path) digests.push_back(hash.bytes);
  if (ledger_verifier::ProvesConsistency(witness.size, witness.root.bytes, current.size,
                                         current.root.bytes, digests)) {
    return {};
  }
  return Fail(ErrorCode::kCorrupt,
              "the ledger of the store has " + Entries(current.size) +
                  " that do not begin with the " + Entries(witness.size) + " its witness has seen",
              {}, kLostEntries);
}

}  // namespace kstati::profile::ledger
