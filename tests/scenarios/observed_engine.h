// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "profile/engines/engine.h"

namespace kstati::scenarios {

// An engine that does what another one does, counts what is read and shows what is committed.
class ObservedEngine : public profile::Engine {
 public:
  // Called with each change before it is committed, from the committing thread.
  using Observe = std::function<void(const profile::Change& change)>;

  ObservedEngine(std::unique_ptr<Engine> engine, Observe observe)
      : engine_(std::move(engine)), observe_(std::move(observe)) {}

  size_t reads() const { return reads_; }

  Result<void> Commit(profile::Change change) override {
    observe_(change);
    return engine_->Commit(std::move(change));
  }
  Result<void> AcceptsWrites(size_t partition) override {
    return engine_->AcceptsWrites(partition);
  }
  Result<std::optional<profile::Row>> ReadRow(CitizenId citizen) const override {
    return Read().ReadRow(citizen);
  }
  Result<std::optional<profile::Row>> ReadCitizen(CitizenId citizen,
                                                  std::span<const std::string> prefixes,
                                                  const VisitRecord& visit) const override {
    return Read().ReadCitizen(citizen, prefixes, visit);
  }
  Result<std::optional<std::string>> Get(CitizenId citizen, std::string_view key) const override {
    return Read().Get(citizen, key);
  }
  Result<void> Scan(CitizenId citizen, std::string_view prefix,
                    const VisitRecord& visit) const override {
    return Read().Scan(citizen, prefix, visit);
  }
  Result<void> Sweep(size_t partition, CitizenId after, CitizenId last,
                     const VisitRow& visit) const override {
    return Read().Sweep(partition, after, last, visit);
  }
  size_t Partitions() const override { return engine_->Partitions(); }
  size_t PartitionOf(CitizenId citizen) const override { return engine_->PartitionOf(citizen); }
  Result<std::vector<profile::LogEntry>> ReadLog(size_t partition, std::string_view log,
                                                 uint64_t after, size_t limit) const override {
    return Read().ReadLog(partition, log, after, limit);
  }
  Result<std::vector<profile::RecordedDeed>> ReadDeeds(CitizenId citizen, uint64_t after,
                                                       size_t limit) const override {
    return Read().ReadDeeds(citizen, after, limit);
  }
  Result<std::vector<std::string>> ReadLedger(size_t partition, uint64_t index,
                                              size_t limit) const override {
    return Read().ReadLedger(partition, index, limit);
  }
  Result<profile::ledger::Hash> ReadLedgerNode(
      size_t partition, profile::ledger::NodeAddress address) const override {
    return Read().ReadLedgerNode(partition, address);
  }
  Result<std::string> ReadCheckpoint(size_t partition) const override {
    return Read().ReadCheckpoint(partition);
  }
  Result<std::vector<std::string>> LogNames(size_t partition) const override {
    return Read().LogNames(partition);
  }
  Result<void> Restore(const profile::StoreCopy& copy) override { return engine_->Restore(copy); }
  Result<void> Purge(CitizenId citizen) override { return engine_->Purge(citizen); }

 private:
  const Engine& Read() const {
    ++reads_;
    return *engine_;
  }

  const std::unique_ptr<Engine> engine_;
  const Observe observe_;
  mutable std::atomic<size_t> reads_{0};
};

}  // namespace kstati::scenarios
