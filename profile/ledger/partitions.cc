// SPDX-License-Identifier: Apache-2.0
#include "profile/ledger/partitions.h"

#include "profile/ledger/encoding.h"

namespace kstati::profile::ledger {

std::string LedgerName(std::string_view name, size_t partition, size_t partitions) {
  if (partitions == 1) return std::string(name);
  return std::string(name) + "/" + std::to_string(partition) + "-of-" + std::to_string(partitions);
}

PublicKey KeyOfPartition(const PublicKey& key, size_t partition, size_t partitions) {
  return key.Named(LedgerName(key.name(), partition, partitions));
}

Result<SigningKey> KeyOfPartition(const SigningKey& key, size_t partition, size_t partitions) {
  return key.Named(LedgerName(key.public_key().name(), partition, partitions));
}

std::string SignHeads(const std::vector<Checkpoint>& heads, const SigningKey& key) {
  const std::string& name = key.public_key().name();
  std::string text = name + "/partitions\n" + std::to_string(heads.size()) + "\n";
  for (const Checkpoint& head : heads) {
    text += std::to_string(head.size) + " " + ToBase64(BytesOf(head.root)) + "\n";
  }
  return SignedNote(text, key);
}

}  // namespace kstati::profile::ledger
