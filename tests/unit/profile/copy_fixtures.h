// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "profile/citizen_keys.h"
#include "profile/store_copy.h"
#include "profile/store_verification.h"
#include "tests/unit/profile/profile_fixtures.h"

namespace kstati::profile {

// An engine whose owner is the test and which a store works on.
class BorrowedEngine final : public Engine {
 public:
  explicit BorrowedEngine(Engine& engine) : engine_(engine) {}
  Result<void> Commit(Change change) override { return engine_.Commit(std::move(change)); }
  Result<void> AcceptsWrites(size_t partition) override { return engine_.AcceptsWrites(partition); }
  Result<std::optional<Row>> ReadRow(CitizenId citizen) const override {
    return engine_.ReadRow(citizen);
  }
  Result<std::optional<Row>> ReadCitizen(CitizenId citizen, std::span<const std::string> prefixes,
                                         const VisitRecord& visit) const override {
    return engine_.ReadCitizen(citizen, prefixes, visit);
  }
  Result<std::optional<std::string>> Get(CitizenId citizen, std::string_view key) const override {
    return engine_.Get(citizen, key);
  }
  Result<void> Scan(CitizenId citizen, std::string_view prefix,
                    const VisitRecord& visit) const override {
    return engine_.Scan(citizen, prefix, visit);
  }
  Result<void> Sweep(size_t partition, CitizenId after, CitizenId last,
                     const VisitRow& visit) const override {
    return engine_.Sweep(partition, after, last, visit);
  }
  size_t Partitions() const override { return engine_.Partitions(); }
  size_t PartitionOf(CitizenId citizen) const override { return engine_.PartitionOf(citizen); }
  Result<std::vector<LogEntry>> ReadLog(size_t partition, std::string_view log, uint64_t after,
                                        size_t limit) const override {
    return engine_.ReadLog(partition, log, after, limit);
  }
  Result<std::vector<RecordedDeed>> ReadDeeds(CitizenId citizen, uint64_t after,
                                              size_t limit) const override {
    return engine_.ReadDeeds(citizen, after, limit);
  }
  Result<std::vector<std::string>> ReadLedger(size_t partition, uint64_t index,
                                              size_t limit) const override {
    return engine_.ReadLedger(partition, index, limit);
  }
  Result<ledger::Hash> ReadLedgerNode(size_t partition,
                                      ledger::NodeAddress address) const override {
    return engine_.ReadLedgerNode(partition, address);
  }
  Result<std::string> ReadCheckpoint(size_t partition) const override {
    return engine_.ReadCheckpoint(partition);
  }
  Result<std::vector<std::string>> LogNames(size_t partition) const override {
    return engine_.LogNames(partition);
  }
  Result<void> Restore(const StoreCopy& copy) override {
    if (restores_left_ == 0) return Fail(ErrorCode::kUnavailable, "the copy is interrupted");
    if (restores_left_ > 0) --restores_left_;
    return engine_.Restore(copy);
  }
  Result<void> Purge(CitizenId citizen) override { return engine_.Purge(citizen); }

  // Restore fails after so many more times; negative: never.
  void InterruptAfter(int restores) { restores_left_ = restores; }

 private:
  Engine& engine_;
  int restores_left_ = -1;
};

// Some hundred people with events, consents, records, logs and deeds; the first one was erased.
inline void Inhabit(Engine& engine, const std::string& keys_folder, uint64_t people = 300) {
  Store store(std::make_unique<BorrowedEngine>(engine), KeysIn(keys_folder));
  for (uint64_t number = 1; number <= people; ++number) {
    const CitizenId citizen(number);
    ASSERT_THAT(RecordIn(store,
                         Event("e" + std::to_string(number))
                             .About(citizen)
                             .Fact(citizen, "person.sex", FactValue(std::string("female"))),
                         At(static_cast<int64_t>(number))),
                IsOk());
    Transaction transaction(At(static_cast<int64_t>(1'000 + number)));
    transaction.PutRecord(citizen, "case", "c" + std::to_string(number), "value");
    transaction.AppendLog(citizen, number % 3 == 0 ? "exposure" : "outbox", "entry");
    transaction.Enter(citizen, ledger::EntryKind::kAccess, {{"call", "profile"}});
    if (number % 5 == 0) transaction.Enter(citizen, ledger::EntryKind::kDecision, {});
    ASSERT_THAT(store.Commit(transaction), IsOk());
  }
  Transaction transaction(At(5'000));
  transaction.PutMark("swept", "2026-03-01");
  ASSERT_THAT(store.Commit(transaction), IsOk());
  ASSERT_THAT(store.Erase(CitizenId(1), At(6'000)), IsOk());
}

// What a reading of all of the store finds.
inline StoreVerification Verified(const Engine& engine, const std::string& keys_folder) {
  CitizenKeys keys(KeysIn(keys_folder));
  const auto found = VerifyStore(engine, keys, TestSigner().public_key(), {});
  EXPECT_THAT(found, IsOk());
  return found.value_or(StoreVerification{});
}

}  // namespace kstati::profile
