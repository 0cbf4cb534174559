// SPDX-License-Identifier: Apache-2.0
#include "profile/engines/rocksdb_database.h"

namespace kstati::profile {
namespace {

// Behind it the writes before the run, so that runs lie in their order.
constexpr std::string_view kRunFamily{"\0r", 2};
constexpr size_t kIdBytes = sizeof(uint64_t);
constexpr char kIsCopy = 1;

}  // namespace

void PutRun(const StoreRun& run, rocksdb::WriteBatch& batch) {
  std::string value = EncodeSequence(run.id);
  value.push_back(run.is_copy ? kIsCopy : '\0');
  batch.Put(std::string(kRunFamily) + EncodeSequence(run.after), value);
}

Result<std::vector<StoreRun>> GetRuns(rocksdb::DB& db) {
  std::vector<StoreRun> runs;
  bool sound = true;
  const auto take = [&](std::string_view key, std::string_view value) {
    key.remove_prefix(kRunFamily.size());
    sound = key.size() == kIdBytes && value.size() == kIdBytes + 1;
    if (!sound) return false;
    runs.push_back(
        {DecodeSequence(value.substr(0, kIdBytes)), DecodeSequence(key), value.back() == kIsCopy});
    return true;
  };
  KSTATI_TRY_VOID(ScanKeys(db, kRunFamily, {}, take));
  if (sound) return runs;
  return Fail(ErrorCode::kCorrupt, "a run of the store has an unknown form", {},
              "restore the store from a backup");
}

}  // namespace kstati::profile
