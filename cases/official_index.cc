// SPDX-License-Identifier: Apache-2.0
#include "cases/official_index.h"

#include <set>

#include "base/bytes.h"
#include "base/log.h"
#include "cases/consenting.h"

namespace kstati::cases {
namespace {

constexpr size_t kReadTogether = 1'000;

// Whose data do not open keeps nobody else's case from officials; theirs are found by the next
// start.
void TellOfUnreadable(std::string_view log, size_t partition, const profile::LogRecord& entry) {
  log::Failure("entry_set_aside", {{"work", "official"},
                                   {"log", std::string(log)},
                                   {"partition", static_cast<uint64_t>(partition)},
                                   {"entry", entry.sequence},
                                   {"code", std::string(KindOf(entry.unreadable->code).name)}});
}

// Visits what was added to a log since, partition by partition.
template <class Visit>
Result<void> ReadOn(const World& world, std::string_view log, std::vector<uint64_t>& cursors,
                    const Visit& visit) {
  cursors.resize(world.store->Partitions());
  for (size_t partition = 0; partition < cursors.size(); ++partition) {
    for (;;) {
      KSTATI_TRY(const auto entries,
                 world.store->ReadLog(partition, log, cursors[partition], kReadTogether));
      for (const profile::LogRecord& entry : entries) {
        if (entry.unreadable) TellOfUnreadable(log, partition, entry);
        if (entry.value) KSTATI_TRY_VOID(visit(partition, entry));
        cursors[partition] = entry.sequence;
      }
      if (entries.size() < kReadTogether) break;
    }
  }
  return {};
}

// The case as it is now; nullopt: erased meanwhile.
Result<std::optional<Case>> CaseNow(const World& world, CitizenId citizen, const CaseId& id) {
  Draft draft(world, world.Now());  // never committed
  draft.NeedNotWait();
  Result<Case> read = RequireCase(draft, citizen, id);
  if (read) return std::optional(*std::move(read));
  if (read.error().code == ErrorCode::kNotFound) return std::optional<Case>();
  return Fail(read.error());
}

}  // namespace

Result<void> OfficialIndex::ReadWaiting(const World& world) {
  return ReadOn(world, kOfficialLog, read_,
                [this](size_t partition, const profile::LogRecord& entry) -> Result<void> {
                  KSTATI_TRY(const QueuedCase queued, DecodeQueuedCase(*entry.value));
                  waiting_[{partition, entry.sequence}] = {queued.citizen, queued.id, {}, false};
                  return {};
                });
}

Result<std::vector<ForOfficial>> OfficialIndex::Queue(const World& world,
                                                      const std::string& authority, size_t limit) {
  const std::lock_guard lock(mutex_);
  KSTATI_TRY_VOID(ReadWaiting(world));
  std::vector<ForOfficial> queue;
  std::set<CaseId> seen;
  for (auto next = waiting_.begin(); next != waiting_.end() && queue.size() < limit;) {
    Waiting& waiting = next->second;
    const bool others = !authority.empty() && waiting.is_known && waiting.authority != authority;
    if (others) {
      ++next;
      continue;
    }
    KSTATI_TRY(std::optional<Case> c, CaseNow(world, waiting.citizen, waiting.id));
    // A case that comes again has another entry.
    if (!c || !IsForOfficial(c->status) || !seen.insert(waiting.id).second) {
      next = waiting_.erase(next);
      continue;
    }
    const graph::Service* service = world.catalogue().FindService(c->service);
    waiting.authority = service == nullptr ? std::string() : service->authority;
    waiting.is_known = true;
    if (authority.empty() || waiting.authority == authority) {
      const Instant since = c->history.back().at;
      queue.push_back({*std::move(c), since});
    }
    ++next;
  }
  return queue;
}

Result<void> OfficialIndex::ReadOverrides(const World& world) {
  return ReadOn(world, kOverrideLog, counted_,
                [this](size_t, const profile::LogRecord& entry) -> Result<void> {
                  ByteReader reader(*entry.value);
                  const ServiceId service(reader.Text());
                  const auto reason = static_cast<Override>(reader.Number());
                  const auto decided = static_cast<Decided>(reader.Number());
                  KSTATI_TRY_VOID(reader.Finish("override"));
                  ++counts_[{service, reason, decided}];
                  return {};
                });
}

Result<std::vector<OverrideCount>> OfficialIndex::Overrides(const World& world) {
  const std::lock_guard lock(mutex_);
  KSTATI_TRY_VOID(ReadOverrides(world));
  std::vector<OverrideCount> list;
  for (const auto& [key, count] : counts_) {
    list.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), count});
  }
  return list;
}

Result<std::vector<ForOfficial>> OfficialQueue(const World& world, const std::string& authority,
                                               size_t limit) {
  return OfficialIndex().Queue(world, authority, limit);
}

Result<std::vector<OverrideCount>> CountOverrides(const World& world) {
  return OfficialIndex().Overrides(world);
}

}  // namespace kstati::cases
