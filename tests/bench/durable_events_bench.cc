// SPDX-License-Identifier: Apache-2.0
// Durable events that cause nothing: Store::Commit of one registry event against raw synced RocksDB
// batches of the same canonical bytes, 64 writers each, in alternating rounds of one run.
// Every event that the store acknowledged must be found in it with its digest.
//   durable_events_bench [--check] [--seconds N] [--rounds N] [--writers N] [FOLDER]
// --check: one short round, no figure of which means anything. FOLDER is emptied first.
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "profile/engines/rocksdb_settings.h"
#include "profile/master_key_file.h"
#include "profile/registry_event.h"
#include "profile/store.h"
#include "tests/bench/figures.h"

namespace kstati::profile {
namespace {

constexpr uint64_t kCitizens = 100'000;
constexpr size_t kFactsPerEvent = 6;
constexpr size_t kTextBytes = 130;  // six facts of this length make an event of about 1 KB
constexpr double kBar = 0.80;

struct Settings {
  WriterSettings writing;
  std::string folder = "durable_events_bench.data";
};

struct Outcome {
  Throughput throughput;
  double amplification = 0;  // bytes given to the disk per canonical byte
};

// The event of one writer's n-th turn: the same for the raw batch and for the store.
RegistryEvent MakeEvent(uint64_t number) {
  RegistryEvent event;
  event.key = {RegistryId("fns_erns"), EventId("event-" + std::to_string(number))};
  event.type = EventTypeId(std::string(kFactsOnly));
  event.subject = CitizenId(1 + (number * 2'654'435'761u) % kCitizens);
  event.occurred_on = Date::Of(2026, 3, 15);
  for (size_t i = 0; i < kFactsPerEvent; ++i) {
    std::string text(kTextBytes, ' ');
    for (size_t k = 0; k < text.size(); ++k) {
      text[k] = static_cast<char>('a' + (number * 31 + i * 17 + k * k) % 26);
    }
    event.facts.push_back({event.subject,
                           AttributeId("person.bench_text_" + std::to_string(i)),
                           std::move(text),
                           {event.occurred_on, std::nullopt}});
  }
  return event;
}

uint64_t BytesGivenToDisk() {
  std::ifstream counters("/proc/self/io");
  std::string name;
  uint64_t value = 0;
  while (counters >> name >> value) {
    if (name == "write_bytes:") return value;
  }
  return 0;
}

// Runs `write` in every writer; `write` gives the number of canonical bytes.
Outcome Measure(const Settings& settings, std::atomic<uint64_t>& next,
                const std::function<size_t(const RegistryEvent&)>& write) {
  std::atomic<uint64_t> payload = 0;
  const uint64_t disk_before = BytesGivenToDisk();
  const Throughput throughput =
      MeasureWriters(settings.writing, next, MakeEvent,
                     [&](const RegistryEvent& event) { payload += write(event); });
  const auto disk = static_cast<double>(BytesGivenToDisk() - disk_before);
  return {throughput, disk / static_cast<double>(std::max<uint64_t>(payload, 1))};
}

Outcome MeasureRaw(const Settings& settings, rocksdb::DB& db, std::atomic<uint64_t>& next) {
  return Measure(settings, next, [&db](const RegistryEvent& event) {
    const std::string bytes = CanonicalBytes(event);
    rocksdb::WriteBatch batch;
    batch.Put(event.key.ToString(), bytes);
    KSTATI_CHECK(db.Write(DurableWrite(), &batch).ok());
    return bytes.size();
  });
}

Outcome MeasureStore(const Settings& settings, Store& store, std::atomic<uint64_t>& next) {
  const size_t bytes = CanonicalBytes(MakeEvent(next)).size();
  return Measure(settings, next, [&store, bytes](const RegistryEvent& event) {
    Transaction transaction(Instant{1'770'000'000'000'000});
    transaction.Record(event);
    KSTATI_CHECK(store.Commit(transaction).has_value());
    return bytes;
  });
}

// Whether the store holds every event of the ranges [first, end).
bool HoldsEvents(const Store& store, const std::vector<std::pair<uint64_t, uint64_t>>& ranges) {
  for (const auto& [first, end] : ranges) {
    for (uint64_t number = first; number < end; ++number) {
      const RegistryEvent event = MakeEvent(number);
      const Result<std::optional<std::string>> digest = store.FindEvent(event.subject, event.key);
      if (!digest || *digest != DigestOf(event)) return false;
    }
  }
  return true;
}

void Print(const char* what, int round, const Outcome& outcome) {
  std::printf("%-6s %5d %12.0f %9.2f %9.2f %14.2f\n", what, round, outcome.throughput.rate,
              outcome.throughput.p50_ms, outcome.throughput.p99_ms, outcome.amplification);
}

int Run(const Settings& settings) {
  std::filesystem::remove_all(settings.folder);
  const std::string raw_folder = settings.folder + "/raw";
  std::filesystem::create_directories(raw_folder);
  rocksdb::DB* opened = nullptr;
  RocksDbOptions raw_options;
  raw_options.folder = raw_folder;
  KSTATI_CHECK(rocksdb::DB::Open(RocksDbSettings(raw_options), raw_folder, &opened).ok());
  const std::unique_ptr<rocksdb::DB> raw(opened);
  RocksDbOptions options;
  options.folder = settings.folder + "/store";
  Result<std::unique_ptr<Engine>> engine = OpenRocksDb(options);
  KSTATI_CHECK(engine.has_value());
  Result<std::unique_ptr<KeySealer>> keys = OpenOrMakeMasterKeyFile(settings.folder + "/keys");
  KSTATI_CHECK(keys.has_value());
  Store store(std::move(*engine), std::move(*keys));

  std::printf("%d writers, events of %zu canonical bytes, %.1f s a round\n",
              settings.writing.writers, CanonicalBytes(MakeEvent(1)).size(),
              settings.writing.seconds);
  std::printf("%-6s %5s %12s %9s %9s %14s\n", "", "round", "events/s", "p50 ms", "p99 ms",
              "amplification");
  std::atomic<uint64_t> next = 1;
  std::vector<double> ratios;
  std::vector<std::pair<uint64_t, uint64_t>> acknowledged;
  for (int round = 1; round <= settings.writing.rounds; ++round) {
    const Outcome raw_outcome = MeasureRaw(settings, *raw, next);
    const uint64_t first = next;
    const Outcome store_outcome = MeasureStore(settings, store, next);
    acknowledged.emplace_back(first, next);
    Print("raw", round, raw_outcome);
    Print("store", round, store_outcome);
    ratios.push_back(store_outcome.throughput.rate / raw_outcome.throughput.rate);
  }
  std::printf("ratio store/raw, median of %d rounds: %.2f (bar: >= %.2f)\n",
              settings.writing.rounds, Median(ratios), kBar);
  const bool whole = HoldsEvents(store, acknowledged);
  if (!whole) std::fprintf(stderr, "an acknowledged event is not in the store\n");
  return whole ? 0 : 1;
}

}  // namespace
}  // namespace kstati::profile

int main(int argc, char** argv) {
  kstati::profile::Settings settings;
  if (!kstati::ReadWriterSettings(argc, argv, settings.writing, &settings.folder)) return 2;
  return kstati::profile::Run(settings);
}
