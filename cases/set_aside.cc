// SPDX-License-Identifier: Apache-2.0
#include "cases/set_aside.h"

#include <cstdlib>
#include <utility>

#include "base/log.h"
#include "base/metrics.h"
#include "base/micros.h"

namespace kstati::cases {
namespace {

constexpr size_t kSetAsideMax = 10'000;  // of a partition
constexpr int64_t kEvery = kMicrosPerMinute;

// Also when the clock jumped back.
bool IsLongAgo(Instant then, Instant now) { return std::abs(now.micros - then.micros) >= kEvery; }

}  // namespace

SetAside::Partition& SetAside::Of(size_t partition) {
  if (partition >= partitions_.size()) partitions_.resize(partition + 1);
  return partitions_[partition];
}

size_t SetAside::size() const {
  size_t count = 0;
  for (const Partition& each : partitions_) count += each.sequences.size();
  return count;
}

bool SetAside::Add(size_t partition, uint64_t sequence, const Error& why) {
  Partition& of = Of(partition);
  if (of.sequences.size() >= kSetAsideMax) return false;
  if (of.sequences.empty()) of.tried_at = world_.Now();
  if (!of.sequences.insert(sequence).second) return true;
  metrics::CounterOf("kstati_cases_entries_set_aside_total",
                     "Entries of logs that did not open when it was their turn", "work", name_)
      .Add();
  log::Failure("entry_set_aside", {{"work", name_},
                                   {"log", log_},
                                   {"partition", static_cast<uint64_t>(partition)},
                                   {"entry", sequence},
                                   {"code", std::string(KindOf(why.code).name)}});
  return true;
}

void SetAside::TryAgain(size_t partition,
                        const std::function<bool(const profile::LogRecord&)>& visit) {
  Partition& of = Of(partition);
  const Instant now = world_.Now();
  if (of.sequences.empty() || !IsLongAgo(of.tried_at, now)) return;
  of.tried_at = now;
  std::erase_if(of.sequences, [&](uint64_t sequence) {
    const auto entries = world_.store->ReadLog(partition, log_, sequence - 1, 1);
    if (!entries || entries->empty() || entries->front().unreadable) return false;
    return visit(entries->front());
  });
}

void SetAside::NoteRefusal(size_t partition, const Error& why) {
  Partition& of = Of(partition);
  const Instant now = world_.Now();
  if (!IsLongAgo(of.told_at, now)) return;
  of.told_at = now;
  log::Failure("log_not_read", {{"work", name_},
                                {"log", log_},
                                {"partition", static_cast<uint64_t>(partition)},
                                {"code", std::string(KindOf(why.code).name)}});
}

}  // namespace kstati::cases
