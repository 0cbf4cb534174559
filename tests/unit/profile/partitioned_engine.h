// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "profile/engines/engine.h"
#include "profile/ledger/partitions.h"

namespace kstati::profile {

// Several engines as the partitions of one store, each with the citizens of some numbers; or one
// engine, with the partitions that it has. Counts commits, and a test may step in before and after;
// it may also cut a partition off, or step in before each read.
class PartitionedEngine : public Engine {
 public:
  // The number of the commit, from 0; what it returns, when an error, is the commit's outcome.
  using StepIn = std::function<Result<void>(int commit, size_t partition)>;

  explicit PartitionedEngine(std::vector<std::unique_ptr<Engine>> parts)
      : parts_(std::move(parts)) {}

  // What it returns, when an error, is the outcome of a read.
  using StepIntoRead = std::function<Result<void>(size_t partition)>;

  StepIn before_commit;
  StepIn after_commit;
  StepIntoRead before_read;

  // As when its server is down: nothing of the partition is read or written; nullopt: all are up.
  void CutOff(std::optional<size_t> partition) {
    cut_off_ = partition ? static_cast<int64_t>(*partition) : -1;
  }

  Result<void> Commit(Change change) override {
    const size_t partition = PartitionOf(AnyOf(change));
    for (const CitizenChange& each : change.citizens) {
      if (PartitionOf(each.citizen) != partition) return Apart();
    }
    for (const Expectation& each : change.expectations) {
      if (PartitionOf(each.citizen) != partition) return Apart();
    }
    KSTATI_TRY_VOID(RequireUp(partition));
    const int commit = commits_++;
    if (before_commit) KSTATI_TRY_VOID(before_commit(commit, partition));
    KSTATI_TRY_VOID(Of(partition).Commit(std::move(change)));
    if (after_commit) KSTATI_TRY_VOID(after_commit(commit, partition));
    return {};
  }
  Result<void> AcceptsWrites(size_t partition) override {
    KSTATI_TRY_VOID(RequireUp(partition));
    return Of(partition).AcceptsWrites(Within(partition));
  }
  Result<std::optional<Row>> ReadRow(CitizenId citizen) const override {
    KSTATI_TRY(const Engine* part, Reading(PartitionOf(citizen)));
    return part->ReadRow(citizen);
  }
  Result<std::optional<Row>> ReadCitizen(CitizenId citizen, std::span<const std::string> prefixes,
                                         const VisitRecord& visit) const override {
    KSTATI_TRY(const Engine* part, Reading(PartitionOf(citizen)));
    return part->ReadCitizen(citizen, prefixes, visit);
  }
  Result<std::optional<std::string>> Get(CitizenId citizen, std::string_view key) const override {
    KSTATI_TRY(const Engine* part, Reading(PartitionOf(citizen)));
    return part->Get(citizen, key);
  }
  Result<void> Scan(CitizenId citizen, std::string_view prefix,
                    const VisitRecord& visit) const override {
    KSTATI_TRY(const Engine* part, Reading(PartitionOf(citizen)));
    return part->Scan(citizen, prefix, visit);
  }
  Result<void> Sweep(size_t partition, CitizenId after, CitizenId last,
                     const VisitRow& visit) const override {
    KSTATI_TRY(const Engine* part, Reading(partition));
    return part->Sweep(Within(partition), after, last, visit);
  }
  size_t Partitions() const override {
    return parts_.size() == 1 ? parts_.front()->Partitions() : parts_.size();
  }
  size_t PartitionOf(CitizenId citizen) const override {
    return parts_.size() == 1 ? parts_.front()->PartitionOf(citizen)
                              : citizen.number() % parts_.size();
  }
  Result<std::vector<LogEntry>> ReadLog(size_t partition, std::string_view log, uint64_t after,
                                        size_t limit) const override {
    KSTATI_TRY(const Engine* part, Reading(partition));
    return part->ReadLog(Within(partition), log, after, limit);
  }
  Result<std::vector<RecordedDeed>> ReadDeeds(CitizenId citizen, uint64_t after,
                                              size_t limit) const override {
    KSTATI_TRY(const Engine* part, Reading(PartitionOf(citizen)));
    return part->ReadDeeds(citizen, after, limit);
  }
  Result<std::vector<std::string>> ReadLedger(size_t partition, uint64_t index,
                                              size_t limit) const override {
    KSTATI_TRY(const Engine* part, Reading(partition));
    return part->ReadLedger(Within(partition), index, limit);
  }
  Result<ledger::Hash> ReadLedgerNode(size_t partition,
                                      ledger::NodeAddress address) const override {
    KSTATI_TRY(const Engine* part, Reading(partition));
    return part->ReadLedgerNode(Within(partition), address);
  }
  Result<std::string> ReadCheckpoint(size_t partition) const override {
    KSTATI_TRY(const Engine* part, Reading(partition));
    return part->ReadCheckpoint(Within(partition));
  }
  Result<std::vector<std::string>> LogNames(size_t partition) const override {
    KSTATI_TRY(const Engine* part, Reading(partition));
    return part->LogNames(Within(partition));
  }
  Result<void> Restore(const StoreCopy& copy) override { return Of(copy.partition).Restore(copy); }
  Result<void> Purge(CitizenId citizen) override { return With(citizen).Purge(citizen); }

 private:
  static tl::unexpected<Error> Apart() {
    return Fail(ErrorCode::kUnsupported, "the citizens of the change live in several partitions");
  }
  static CitizenId AnyOf(const Change& change) {
    if (!change.citizens.empty()) return change.citizens.front().citizen;
    if (!change.expectations.empty()) return change.expectations.front().citizen;
    return change.deeds.empty() ? CitizenId() : change.deeds.front().citizen;
  }
  Result<void> RequireUp(size_t partition) const {
    if (cut_off_ != static_cast<int64_t>(partition)) return {};
    return Fail(ErrorCode::kUnavailable, "the partition is down", {}, "wait");
  }
  Result<const Engine*> Reading(size_t partition) const {
    KSTATI_TRY_VOID(RequireUp(partition));
    if (before_read) KSTATI_TRY_VOID(before_read(partition));
    return &Of(partition);
  }
  Engine& Of(size_t partition) const { return *parts_[parts_.size() == 1 ? 0 : partition]; }
  size_t Within(size_t partition) const { return parts_.size() == 1 ? partition : 0; }
  Engine& With(CitizenId citizen) const { return Of(PartitionOf(citizen)); }

  const std::vector<std::unique_ptr<Engine>> parts_;
  std::atomic<int> commits_ = 0;
  std::atomic<int64_t> cut_off_ = -1;  // the partition; none: -1
};

// RocksDB stores in two folders below this one.
inline Result<std::unique_ptr<PartitionedEngine>> OpenTwoRocksDbs(const std::string& folder,
                                                                  const ledger::SigningKey& key) {
  constexpr size_t kCount = 2;
  static std::vector<std::unique_ptr<ledger::SigningKey>> keys;  // outlive all engines
  std::vector<std::unique_ptr<Engine>> parts;
  for (size_t number = 0; number < kCount; ++number) {
    KSTATI_TRY(ledger::SigningKey own, ledger::KeyOfPartition(key, number, kCount));
    keys.push_back(std::make_unique<ledger::SigningKey>(std::move(own)));
    RocksDbOptions options;
    options.folder = folder + "/part" + std::to_string(number);
    options.block_cache_bytes = 8u << 20;
    options.signer = keys.back().get();
    std::filesystem::create_directories(folder);
    KSTATI_TRY(parts.emplace_back(), OpenRocksDb(options));
  }
  return std::make_unique<PartitionedEngine>(std::move(parts));
}

}  // namespace kstati::profile
