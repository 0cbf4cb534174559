// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "profile/engines/engine.h"
#include "profile/sealing.h"

namespace kstati::profile {

// The keys of citizens, those used lately at hand. Safe to use from any thread.
class CitizenKeys {
 public:
  explicit CitizenKeys(std::unique_ptr<KeySealer> sealer);

  // nullopt when the citizen has no row yet; kNotFound when the citizen's data were erased.
  Result<std::optional<DataKey>> Find(const Engine& engine, CitizenId citizen);
  // The key of a row that was read; kNotFound when it was erased.
  Result<DataKey> Unseal(CitizenId citizen, std::string_view sealed_key) const;

  // What is at hand before a row is read.
  struct Glance {
    std::optional<DataKey> key;
    uint64_t forgotten = 0;
  };
  Glance Before(CitizenId citizen);
  // The same as Unseal, for a row that was read after the glance; keeps the key at hand.
  Result<DataKey> Open(CitizenId citizen, const Glance& before, std::string_view sealed_key);
  Result<std::string> Seal(CitizenId citizen, const DataKey& key) const;
  bool IsOutdated(std::string_view sealed_key) const { return sealer_->IsOutdated(sealed_key); }
  void Forget(CitizenId citizen);

 private:
  static constexpr size_t kShards = 64;
  static constexpr size_t kSlotsOfAShard = 1'024;  // with all shards, 3 MB of keys

  struct Slot {
    CitizenId citizen;
    std::optional<DataKey> key;
  };
  struct Shard {
    std::mutex mutex;
    std::vector<Slot> slots = std::vector<Slot>(kSlotsOfAShard);
    uint64_t forgotten = 0;  // how often a key was
  };

  Shard& ShardOf(CitizenId citizen) { return shards_[citizen.number() % kShards]; }
  static Slot& SlotOf(Shard& shard, CitizenId citizen) {
    return shard.slots[citizen.number() / kShards % kSlotsOfAShard];
  }

  std::unique_ptr<KeySealer> sealer_;
  std::array<Shard, kShards> shards_;
};

}  // namespace kstati::profile
