// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "profile/engines/rocksdb_database.h"

namespace kstati::profile {
namespace {

constexpr std::string_view kNodeFamily{"\0n", 2};
constexpr char kDeedFamily = 'l';
constexpr size_t kNumberBytes = sizeof(uint64_t);

tl::unexpected<Error> CorruptLedger() {
  return Fail(ErrorCode::kCorrupt, "the ledger of the store has a gap", {},
              "restore the store from a backup");
}

}  // namespace

std::string LedgerEntryKey(uint64_t index) {
  return std::string(kLedgerEntryFamily) + EncodeSequence(index);
}

std::string LedgerNodeKey(ledger::NodeAddress address) {
  std::string key(kNodeFamily);
  key.push_back(static_cast<char>(address.level));
  return key + EncodeSequence(address.index);
}

std::string DeedPrefix(CitizenId citizen) {
  return std::string(1, kDeedFamily) + EncodeSequence(citizen.number());
}

std::string DeedStampKey(CitizenId citizen) {
  return std::string("n") + EncodeSequence(citizen.number());
}

Result<std::vector<RecordedDeed>> GetDeeds(rocksdb::DB& db, CitizenId citizen, uint64_t after,
                                           size_t limit) {
  std::vector<RecordedDeed> deeds;
  if (limit == 0 || after == UINT64_MAX) return deeds;
  const std::string prefix = DeedPrefix(citizen);
  bool sound = true;
  const auto take = [&](std::string_view key, std::string_view value) {
    sound = key.size() == prefix.size() + kNumberBytes && value.size() >= kNumberBytes;
    if (!sound) return false;
    deeds.push_back({DecodeSequence(key.substr(prefix.size())),
                     DecodeSequence(value.substr(0, kNumberBytes)),
                     std::string(value.substr(kNumberBytes))});
    return deeds.size() < limit;
  };
  KSTATI_TRY_VOID(ScanKeys(db, prefix, prefix + EncodeSequence(after + 1), take));
  if (!sound) return CorruptLedger();
  return deeds;
}

Result<std::vector<std::string>> GetLedger(rocksdb::DB& db, uint64_t index, size_t limit) {
  std::vector<std::string> entries;
  if (limit == 0) return entries;
  bool sound = true;
  const auto take = [&](std::string_view key, std::string_view value) {
    const uint64_t found = DecodeSequence(key.substr(kLedgerEntryFamily.size()));
    sound = found == index + entries.size();
    if (sound) entries.emplace_back(value);
    return sound && entries.size() < limit;
  };
  KSTATI_TRY_VOID(ScanKeys(db, kLedgerEntryFamily, LedgerEntryKey(index), take));
  if (!sound) return CorruptLedger();
  return entries;
}

Result<ledger::Hash> GetLedgerNode(rocksdb::DB& db, ledger::NodeAddress address) {
  const std::string key =
      address.level == 0 ? LedgerEntryKey(address.index) : LedgerNodeKey(address);
  KSTATI_TRY(const std::optional<std::string> stored, GetValue(db, key));
  if (!stored) return CorruptLedger();
  if (address.level == 0) return ledger::LeafHash(*stored);
  if (stored->size() != ledger::Hash::kSize) return CorruptLedger();
  ledger::Hash hash;
  std::copy(stored->begin(), stored->end(), hash.bytes.begin());
  return hash;
}

}  // namespace kstati::profile
