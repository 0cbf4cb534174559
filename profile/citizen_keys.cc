// SPDX-License-Identifier: Apache-2.0
#include "profile/citizen_keys.h"

#include <utility>

#include "base/check.h"

namespace kstati::profile {

CitizenKeys::CitizenKeys(std::unique_ptr<KeySealer> sealer) : sealer_(std::move(sealer)) {
  KSTATI_CHECK(sealer_ != nullptr);
}

Result<std::optional<DataKey>> CitizenKeys::Find(const Engine& engine, CitizenId citizen) {
  Glance before = Before(citizen);
  if (before.key) return std::move(before.key);
  KSTATI_TRY(const std::optional<Row> row, engine.ReadRow(citizen));
  if (!row) return std::nullopt;
  KSTATI_TRY(DataKey key, Open(citizen, before, row->sealed_key));
  return std::optional<DataKey>(std::move(key));
}

CitizenKeys::Glance CitizenKeys::Before(CitizenId citizen) {
  Shard& shard = ShardOf(citizen);
  const std::lock_guard lock(shard.mutex);
  const Slot& slot = SlotOf(shard, citizen);
  if (slot.key && slot.citizen == citizen) return {slot.key, shard.forgotten};
  return {std::nullopt, shard.forgotten};
}

Result<DataKey> CitizenKeys::Open(CitizenId citizen, const Glance& before,
                                  std::string_view sealed_key) {
  if (before.key && !sealed_key.empty()) return *before.key;
  KSTATI_TRY(DataKey key, Unseal(citizen, sealed_key));
  Shard& shard = ShardOf(citizen);
  const std::lock_guard lock(shard.mutex);
  // Not when the row may have been read before its key was destroyed.
  if (shard.forgotten == before.forgotten) SlotOf(shard, citizen) = {citizen, key};
  return key;
}

Result<DataKey> CitizenKeys::Unseal(CitizenId citizen, std::string_view sealed_key) const {
  if (!sealed_key.empty()) return sealer_->UnsealKey(citizen, sealed_key);
  return Fail(ErrorCode::kNotFound, "the citizen's data were erased", {},
              "nothing can be read or added; the ledger still shows what was done");
}

Result<std::string> CitizenKeys::Seal(CitizenId citizen, const DataKey& key) const {
  return sealer_->SealKey(citizen, key);
}

void CitizenKeys::Forget(CitizenId citizen) {
  Shard& shard = ShardOf(citizen);
  const std::lock_guard lock(shard.mutex);
  ++shard.forgotten;
  Slot& slot = SlotOf(shard, citizen);
  if (slot.citizen == citizen) slot = {};
}

}  // namespace kstati::profile
