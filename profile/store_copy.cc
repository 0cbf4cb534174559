// SPDX-License-Identifier: Apache-2.0
#include "profile/store_copy.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/check.h"
#include "profile/ledger/entry.h"

namespace kstati::profile {
namespace {

constexpr size_t kCitizensAtOnce = 200;
constexpr size_t kBytesAtOnce = 4 << 20;
constexpr size_t kEntriesAtOnce = 2'000;

bool Same(const Row& one, const Row& other) {
  return one.stamp == other.stamp && one.sealed_key == other.sealed_key &&
         one.profile == other.profile;
}

bool Same(const DeedCopy& one, const DeedCopy& other) {
  return one.deed.number == other.deed.number && one.deed.index == other.deed.index &&
         one.deed.opening == other.deed.opening && one.at == other.at;
}

bool Same(const CitizenCopy& one, const CitizenCopy& other) {
  return Same(one.row, other.row) && one.records == other.records &&
         std::ranges::equal(one.deeds, other.deeds,
                            [](const auto& a, const auto& b) { return Same(a, b); });
}

size_t SizeOf(const CitizenCopy& copy) {
  size_t bytes = copy.row.profile.size() + copy.row.sealed_key.size();
  for (const auto& [key, value] : copy.records) bytes += key.size() + value.size();
  for (const DeedCopy& each : copy.deeds) bytes += each.deed.opening.size();
  return bytes;
}

// A citizen without a row has nothing else.
Result<CitizenCopy> ReadCitizen(const Engine& engine, CitizenId citizen) {
  CitizenCopy copy{citizen, {}, {}, {}};
  KSTATI_TRY(std::optional<Row> row, engine.ReadRow(citizen));
  if (!row) return copy;
  copy.row = std::move(*row);
  KSTATI_TRY_VOID(engine.Scan(citizen, "", [&](std::string_view key, std::string_view value) {
    copy.records.emplace_back(key, value);
    return true;
  }));
  KSTATI_TRY(const std::vector<RecordedDeed> deeds, engine.ReadDeeds(citizen, 0, SIZE_MAX));
  const size_t partition = engine.PartitionOf(citizen);
  for (const RecordedDeed& each : deeds) {
    KSTATI_TRY(const std::vector<std::string> entry, engine.ReadLedger(partition, each.index, 1));
    KSTATI_TRY(const ledger::Entry decoded,
               ledger::DecodeEntry(entry.empty() ? std::string() : entry.front()));
    copy.deeds.push_back({each, decoded.at});
  }
  return copy;
}

std::string Named(CitizenId citizen) { return "citizen " + citizen.ToString(); }

std::string Named(const LogEntryCopy& entry) {
  return "log " + entry.log + ", entry " + std::to_string(entry.entry.sequence);
}

// Goes over everything of `from` in order and compares it with `to`. What differs is either
// gathered and written (`writer` given) or a difference to tell of.
class Comparison {
 public:
  Comparison(const Engine& from, const Engine& to, Engine* writer, const CopyProgress& progress)
      : from_(from), to_(to), writer_(writer), progress_(progress) {}

  Result<CopyCounts> Run() {
    if (from_.Partitions() != to_.Partitions()) {
      return Fail(ErrorCode::kUnsupported,
                  "the stores have " + std::to_string(from_.Partitions()) + " and " +
                      std::to_string(to_.Partitions()) + " partitions",
                  {}, "copy into as many partitions; a signed ledger cannot be divided");
    }
    // The ledger first: deeds are shown with their entries only.
    for (size_t partition = 0; partition < from_.Partitions(); ++partition) {
      KSTATI_TRY_VOID(GoOverLedger(partition));
    }
    KSTATI_TRY_VOID(GoOverCitizens());
    for (size_t partition = 0; partition < from_.Partitions(); ++partition) {
      KSTATI_TRY_VOID(GoOverLogs(partition));
    }
    return counts_;
  }

 private:
  static tl::unexpected<Error> Differs(const std::string& place) {
    return Fail(ErrorCode::kCorrupt, "the stores differ", place,
                "copy again while nobody uses either store");
  }
  static tl::unexpected<Error> HasMore(const std::string& place) {
    return Fail(ErrorCode::kConflict, "the target holds what the source does not", place,
                "copy into an empty store");
  }

  void Count(uint64_t& count) {
    ++count;
    if (progress_) progress_();
  }

  Result<void> GoOverLedger(size_t partition) {
    KSTATI_TRY(const uint64_t size, LedgerSizeOf(from_, partition));
    KSTATI_TRY(const uint64_t there, LedgerSizeOf(to_, partition));
    const std::string place = "ledger of partition " + std::to_string(partition);
    if (there > size) return HasMore(place);
    for (uint64_t index = 0; index < size;) {
      KSTATI_TRY(std::vector<std::string> page,
                 from_.ReadLedger(partition, index, PageOf(index, there, size)));
      if (page.empty()) return Differs(place);
      const uint64_t next = index + page.size();
      if (index < there) {
        KSTATI_TRY(const std::vector<std::string> other,
                   to_.ReadLedger(partition, index, page.size()));
        if (other != page) return Differs(place);
      } else {
        if (writer_ == nullptr) return Differs(place);
        counts_.written += page.size();
        KSTATI_TRY_VOID(writer_->Restore({partition, {}, {}, index, std::move(page)}));
      }
      for (; index < next; ++index) Count(counts_.ledger_entries);
    }
    KSTATI_TRY(const std::string note, from_.ReadCheckpoint(partition));
    KSTATI_TRY(const std::string copied, to_.ReadCheckpoint(partition));
    if (note != copied) return Differs("checkpoint of partition " + std::to_string(partition));
    return {};
  }

  // A page lies wholly before or behind what is there already.
  static size_t PageOf(uint64_t index, uint64_t there, uint64_t size) {
    return std::min<uint64_t>(kEntriesAtOnce, (index < there ? there : size) - index);
  }

  Result<void> GoOverCitizens() {
    KSTATI_TRY_VOID(GoOverCitizen(CitizenId()));
    Result<void> outcome;
    std::vector<CitizenId> known;  // since a sweep of all partitions is not in one order
    const auto visit = [&](const RowView& row) {
      outcome = GoOverCitizen(row.citizen);
      known.push_back(row.citizen);
      return outcome.has_value();
    };
    KSTATI_TRY_VOID(from_.SweepAll(CitizenId(), CitizenId(INT64_MAX), visit));
    if (!outcome) return outcome;
    KSTATI_TRY_VOID(Flush());
    std::ranges::sort(known);
    std::optional<CitizenId> extra;
    KSTATI_TRY_VOID(to_.SweepAll(CitizenId(), CitizenId(INT64_MAX), [&](const RowView& row) {
      if (!std::ranges::binary_search(known, row.citizen)) extra = row.citizen;
      return !extra;
    }));
    if (extra) return HasMore(Named(*extra));
    return {};
  }

  Result<void> GoOverCitizen(CitizenId citizen) {
    KSTATI_TRY(CitizenCopy copy, ReadCitizen(from_, citizen));
    KSTATI_TRY(const CitizenCopy other, ReadCitizen(to_, citizen));
    Count(counts_.citizens);
    if (Same(copy, other)) return {};
    if (writer_ == nullptr) return Differs(Named(citizen));
    const size_t partition = from_.PartitionOf(citizen);
    if (to_.PartitionOf(citizen) != partition) return Differs(Named(citizen));
    Gathered& gathered = gathered_[partition];
    gathered.bytes += SizeOf(copy);
    gathered.citizens.push_back(std::move(copy));
    if (gathered.citizens.size() < kCitizensAtOnce && gathered.bytes < kBytesAtOnce) return {};
    return Write(partition, gathered);
  }

  struct Gathered {
    std::vector<CitizenCopy> citizens;
    size_t bytes = 0;
  };

  Result<void> Write(size_t partition, Gathered& gathered) {
    counts_.written += gathered.citizens.size();
    return writer_->Restore({partition, std::exchange(gathered, {}).citizens, {}, 0, {}});
  }

  Result<void> Flush() {
    for (auto& [partition, gathered] : gathered_) {
      if (!gathered.citizens.empty()) KSTATI_TRY_VOID(Write(partition, gathered));
    }
    return {};
  }

  Result<void> GoOverLogs(size_t partition) {
    KSTATI_TRY(const std::vector<std::string> names, from_.LogNames(partition));
    KSTATI_TRY(const std::vector<std::string> others, to_.LogNames(partition));
    for (const std::string& name : others) {
      if (!std::ranges::binary_search(names, name)) return HasMore("log " + name);
    }
    for (const std::string& name : names) KSTATI_TRY_VOID(GoOverLog(partition, name));
    return {};
  }

  Result<void> GoOverLog(size_t partition, const std::string& name) {
    for (uint64_t after = 0;;) {
      KSTATI_TRY(const std::vector<LogEntry> page,
                 from_.ReadLog(partition, name, after, kEntriesAtOnce));
      KSTATI_TRY(const std::vector<LogEntry> other,
                 to_.ReadLog(partition, name, after, kEntriesAtOnce));
      if (page.empty()) return other.empty() ? Result<void>{} : HasMore("log " + name);
      StoreCopy copy;
      copy.partition = partition;
      for (size_t i = 0; i < page.size(); ++i) {
        Count(counts_.log_entries);
        const LogEntryCopy entry{name, page[i]};
        if (i >= other.size()) {
          copy.log_entries.push_back(entry);
        } else if (other[i].sequence != page[i].sequence || other[i].value != page[i].value) {
          return Differs(Named(entry));
        }
      }
      after = page.back().sequence;
      if (copy.log_entries.empty()) continue;
      if (writer_ == nullptr) return Differs(Named(copy.log_entries.front()));
      counts_.written += copy.log_entries.size();
      KSTATI_TRY_VOID(writer_->Restore(copy));
    }
  }

  const Engine& from_;
  const Engine& to_;
  Engine* const writer_;
  const CopyProgress& progress_;
  CopyCounts counts_;
  std::map<size_t, Gathered> gathered_;
};

}  // namespace

Result<CopyCounts> CopyStore(const Engine& from, Engine& to, const CopyProgress& progress) {
  return Comparison(from, to, &to, progress).Run();
}

Result<CopyCounts> CompareStores(const Engine& from, const Engine& to,
                                 const CopyProgress& progress) {
  return Comparison(from, to, nullptr, progress).Run();
}

// The entries have no gaps, so the first that is missing can be searched for.
Result<uint64_t> LedgerSizeOf(const Engine& engine, size_t partition) {
  const auto has = [&](uint64_t index) -> Result<bool> {
    KSTATI_TRY(const std::vector<std::string> entry, engine.ReadLedger(partition, index, 1));
    return !entry.empty();
  };
  uint64_t least = 0;  // there are at least so many
  uint64_t step = 1;
  for (;; step *= 2) {
    KSTATI_TRY(const bool found, has(least + step - 1));
    if (!found) break;
    least += step;
  }
  while (step > 1) {
    step /= 2;
    KSTATI_TRY(const bool found, has(least + step - 1));
    if (found) least += step;
  }
  return least;
}

}  // namespace kstati::profile
