// SPDX-License-Identifier: Apache-2.0
#include "profile/key_rotation.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kstati::profile {
namespace {

constexpr size_t kListedMax = 16u << 20;  // 128 MiB of numbers; a larger store is swept again
constexpr int kAttemptsMax = 1'000;       // each means that another change of the citizen succeeded

struct Listed {
  std::vector<CitizenId> outdated;
  uint64_t current = 0;
};

// Listed first: commits do not like a sweep that is open.
Result<Listed> List(const Engine& engine, const CitizenKeys& keys) {
  Listed listed;
  KSTATI_TRY_VOID(engine.SweepAll(CitizenId(), kLastCitizen, [&](const RowView& row) {
    if (row.sealed_key.empty()) return true;  // erased
    if (keys.IsOutdated(row.sealed_key)) {
      listed.outdated.push_back(row.citizen);
    } else {
      ++listed.current;
    }
    return listed.outdated.size() < kListedMax;
  }));
  return listed;
}

// False when the citizen was erased, or somebody sealed the key anew.
Result<bool> SealAgain(Engine& engine, const CitizenKeys& keys, CitizenId citizen, Instant now) {
  for (int attempt = 1;; ++attempt) {
    KSTATI_TRY(const std::optional<Row> row, engine.ReadRow(citizen));
    if (!row || row->sealed_key.empty() || !keys.IsOutdated(row->sealed_key)) return false;
    KSTATI_TRY(const DataKey key, keys.Unseal(citizen, row->sealed_key));
    Change change;
    change.now = now;
    CitizenChange& sealed = change.citizens.emplace_back();
    sealed.citizen = citizen;
    sealed.expected_version = row->stamp.version;
    KSTATI_TRY(sealed.sealed_key, keys.Seal(citizen, key));
    const Result<void> outcome = engine.Commit(std::move(change));
    if (outcome) return true;
    const bool moved = outcome.error().code == ErrorCode::kConflict && attempt < kAttemptsMax;
    if (!moved) return Fail(outcome.error());
  }
}

}  // namespace

Result<RotatedKeys> RotateKeys(Engine& engine, const CitizenKeys& keys, Instant now,
                               const std::function<void()>& progress) {
  RotatedKeys rotated;
  for (;;) {
    KSTATI_TRY(const Listed listed, List(engine, keys));
    if (listed.outdated.empty()) {
      rotated.citizens = listed.current;
      return rotated;
    }
    for (const CitizenId citizen : listed.outdated) {
      KSTATI_TRY(const bool sealed, SealAgain(engine, keys, citizen, now));
      if (sealed) ++rotated.sealed;
      if (progress) progress();
    }
  }
}

}  // namespace kstati::profile
