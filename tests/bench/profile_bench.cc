// SPDX-License-Identifier: Apache-2.0
// A population of citizens with forty facts each: loading it, reading one profile (warm and cold)
// and reading all in order, each beside RocksDB doing the same bytes in the same run.
//   profile_bench [--check] [--citizens N] [--rounds N] [FOLDER]
// --check: a small population; no figure of it means anything. FOLDER is emptied first. Loading
// writes batches of 1,000 citizens, each synced, on both sides. Times of one read are CPU times of
// the thread.
#include <rocksdb/db.h>
#include <rocksdb/perf_context.h>
#include <rocksdb/perf_level.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "base/check.h"
#include "profile/engines/rocksdb_settings.h"
#include "profile/formats/profile_codec.h"
#include "profile/master_key_file.h"
#include "profile/store.h"
#include "tests/bench/figures.h"

namespace kstati::profile {
namespace {

constexpr size_t kFacts = 40;
constexpr size_t kFactsOfAnEvent = 5;
constexpr std::array<std::string_view, 1> kKinds{"case"};
constexpr size_t kCitizensOfABatch = 1'000;
constexpr size_t kReadsOfARound = 20'000;
constexpr int kScanners = 2;

struct Settings {
  uint64_t citizens = 200'000;
  int rounds = 3;
  std::string folder = "profile_bench.data";
};

double SecondsOf(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// Names as long as those of a real dictionary, in the order in which registries report them.
const std::vector<std::string>& AttributeNames() {
  static const std::vector<std::string> kNames = [] {
    const std::vector<std::string> groups{"person.", "family.", "income.", "housing.",
                                          "work.",   "health.", "school.", "documents."};
    const std::vector<std::string> words{"status_code", "birth_date", "amount", "confirmed",
                                         "registered_region"};
    std::vector<std::string> names;
    for (const std::string& group : groups) {
      for (const std::string& word : words) names.push_back(group + word);
    }
    return names;
  }();
  return kNames;
}

FactValue ValueOf(size_t index, std::mt19937_64& random) {
  switch (index % kFactsOfAnEvent) {
    case 0: return "code_" + std::to_string(random() % 20);
    case 1: return Date::Of(1940, 1, 1).AddDays(static_cast<int64_t>(random() % 30'000));
    case 2: return *Decimal(static_cast<int64_t>(random() % 10'000'000)).Divide(Decimal(100));
    case 3: return random() % 2 == 0;
    default: return std::to_string(10 + random() % 89);
  }
}

History MakeHistory(CitizenId citizen) {
  std::mt19937_64 random(citizen.number());
  History history;
  history.citizen = citizen;
  history.version = 1;
  history.last_known_at = Instant{1'770'000'000'000'000};
  for (size_t i = 0; i < kFacts; ++i) {
    const size_t event = i / kFactsOfAnEvent;
    const std::string id = "2026-" + std::to_string(citizen.number() * 8 + event);
    const Date from = Date::Of(2010, 1, 1).AddDays(static_cast<int64_t>(random() % 5'000));
    const DateInterval valid{from, i % 4 == 0 ? std::optional(from.AddDays(365)) : std::nullopt};
    history.facts.push_back(
        {AttributeId(AttributeNames()[i]), ValueOf(i, random), valid,
         Instant{1'769'000'000'000'000 + static_cast<int64_t>(event) * 86'400'000'000},
         EventKey{RegistryId("registry_" + std::to_string(event)), EventId(id)}});
  }
  const CitizenId spouse(citizen.number() ^ 1);
  history.relations.push_back({citizen,
                               RelationKind::kSpouse,
                               spouse,
                               {Date::Of(2015, 1, 1), {}},
                               history.facts.front().known_at,
                               history.facts.front().reported_by});
  return history;
}

struct Loaded {
  double rate = 0;                // citizens per second
  double raw_rate = 0;            // of bare RocksDB with the profiles alone
  double bytes_of_a_profile = 0;  // sealed, stamp and frame included
};

Loaded Load(const Settings& settings, Engine& engine, const KeySealer& keys, rocksdb::DB& raw) {
  double seconds = 0;
  double raw_seconds = 0;
  uint64_t bytes = 0;
  for (uint64_t first = 1; first <= settings.citizens; first += kCitizensOfABatch) {
    Change change;
    rocksdb::WriteBatch batch;
    change.now = Instant{1'770'000'000'000'000};
    for (uint64_t number = first;
         number < std::min(first + kCitizensOfABatch, settings.citizens + 1); ++number) {
      const CitizenId citizen(number);
      const DataKey key = DataKey::Random();
      CitizenChange& each = change.citizens.emplace_back();
      each.citizen = citizen;
      each.sealed_key = *keys.SealKey(citizen, key);
      each.profile = EncodeWholeProfile(MakeHistory(citizen), key);
      bytes += each.profile->size();
      batch.Put(EncodeStamp({number, {}}).substr(0, 8), *each.profile);
    }
    const double raw_start = SecondsOf(CLOCK_MONOTONIC);
    KSTATI_CHECK(raw.Write(DurableWrite(), &batch).ok());
    const double start = SecondsOf(CLOCK_MONOTONIC);
    raw_seconds += start - raw_start;
    KSTATI_CHECK(engine.Commit(std::move(change)).has_value());
    seconds += SecondsOf(CLOCK_MONOTONIC) - start;
    if (first % 100'000 == 1 && first > 1) {
      std::fprintf(stderr, "loaded %llu of %llu citizens\n",
                   static_cast<unsigned long long>(first - 1),
                   static_cast<unsigned long long>(settings.citizens));
    }
  }
  const auto count = static_cast<double>(settings.citizens);
  return {count / seconds, count / raw_seconds, static_cast<double>(bytes) / count};
}

// Microseconds of CPU of one `read` of a citizen, in random order.
template <class Read>
double TimeReads(const Settings& settings, uint64_t seed, Read read) {
  std::mt19937_64 random(seed);
  const size_t reads = std::min<size_t>(kReadsOfARound, settings.citizens);
  const double start = SecondsOf(CLOCK_THREAD_CPUTIME_ID);
  for (size_t i = 0; i < reads; ++i) read(CitizenId(1 + random() % settings.citizens));
  return (SecondsOf(CLOCK_THREAD_CPUTIME_ID) - start) / static_cast<double>(reads) * 1e6;
}

void ReadOnes(const Settings& settings, const Store& store, rocksdb::DB& raw) {
  const auto load = [&](CitizenId citizen) {
    const Result<History> history = store.Load(citizen);
    KSTATI_CHECK(history && history->facts.size() == kFacts);
  };
  std::string value;
  const auto get = [&](CitizenId citizen) {
    KSTATI_CHECK(raw.Get({}, EncodeStamp({citizen.number(), {}}).substr(0, 8), &value).ok());
  };
  // The hot part of a population: the same few thousand people.
  Settings hot = settings;
  hot.citizens = std::min<uint64_t>(settings.citizens, 20'000);
  std::vector<double> ours;
  std::vector<double> theirs;
  TimeReads(hot, 1, load);
  TimeReads(hot, 1, get);
  for (int round = 0; round < settings.rounds; ++round) {
    ours.push_back(TimeReads(hot, 1, load));
    theirs.push_back(TimeReads(hot, 1, get));
  }
  std::printf("one profile, warm: %.1f us of CPU (bar: <= 15); bare RocksDB read %.1f us\n",
              Median(ours), Median(theirs));
}

std::unique_ptr<rocksdb::DB> OpenRaw(const std::string& folder) {
  std::filesystem::create_directories(folder);
  rocksdb::DB* opened = nullptr;
  RocksDbOptions options;
  options.folder = folder;
  KSTATI_CHECK(rocksdb::DB::Open(RocksDbSettings(options), folder, &opened).ok());
  return std::unique_ptr<rocksdb::DB>(opened);
}

// Blocks of data read for one citizen of a thousand that nobody read before.
template <class Read>
double BlocksOf(const Settings& settings, Read read) {
  rocksdb::SetPerfLevel(rocksdb::PerfLevel::kEnableCount);
  rocksdb::PerfContext& context = *rocksdb::get_perf_context();
  context.Reset();
  std::mt19937_64 random(7);
  const uint64_t reads = std::min<uint64_t>(1'000, settings.citizens / 100 + 1);
  for (uint64_t i = 0; i < reads; ++i) read(CitizenId(1 + random() % settings.citizens));
  const uint64_t data =
      context.block_read_count - context.index_block_read_count - context.filter_block_read_count;
  rocksdb::SetPerfLevel(rocksdb::PerfLevel::kDisable);
  return static_cast<double>(data) / static_cast<double>(reads);
}

void ReadCold(const Settings& settings, const Store& store, rocksdb::DB& raw) {
  const double ours =
      BlocksOf(settings, [&](CitizenId citizen) { KSTATI_CHECK(store.Load(citizen).has_value()); });
  std::string value;
  const double theirs = BlocksOf(settings, [&](CitizenId citizen) {
    KSTATI_CHECK(raw.Get({}, EncodeStamp({citizen.number(), {}}).substr(0, 8), &value).ok());
  });
  std::printf("one profile, cold: %.2f blocks of data read (bar: <= 1); bare RocksDB read %.2f\n",
              ours, theirs);
}

// With a consent and two open cases, sealed records of a usual size: what a suggestion reads.
void ReadWithCases(const Settings& settings, Store& store) {
  Settings hot = settings;
  hot.citizens = std::min<uint64_t>(settings.citizens, 2'000);
  for (uint64_t number = 1; number <= hot.citizens; ++number) {
    Transaction transaction(Instant{1'770'000'000'000'000});
    ConsentGrant grant;
    grant.citizen = CitizenId(number);
    grant.by = {CitizenId(number)};
    grant.valid = {Date::Of(2026, 1, 1), std::nullopt};
    transaction.PutConsent(MakeConsent(grant, {}, transaction.now()));
    for (const char* id : {"1", "2"}) {
      transaction.PutRecord(CitizenId(number), "case", id, std::string(300, 'o'));
    }
    KSTATI_CHECK(store.Commit(transaction).has_value());
  }
  const auto read = [&](CitizenId citizen) {
    const Result<CitizenReading> reading = store.Read(citizen, kKinds);
    KSTATI_CHECK(reading && reading->history.facts.size() == kFacts);
    KSTATI_CHECK(reading->consents.size() == 1 && reading->records.front().size() == 2);
  };
  std::vector<double> times;
  TimeReads(hot, 1, read);
  for (int round = 0; round < settings.rounds; ++round) times.push_back(TimeReads(hot, 1, read));
  std::printf("one profile with a consent and two open cases, warm: %.1f us of CPU (bar: <= 15)\n",
              Median(times));
}

// A snapshot of the files by hard links, as a copy for a backup is begun.
void MakeCheckpoint(const std::string& folder) {
  const std::unique_ptr<rocksdb::DB> db = OpenRaw(folder + "/store");
  rocksdb::Checkpoint* made = nullptr;
  KSTATI_CHECK(rocksdb::Checkpoint::Create(db.get(), &made).ok());
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  const double start = SecondsOf(CLOCK_MONOTONIC);
  KSTATI_CHECK(checkpoint->CreateCheckpoint(folder + "/checkpoint").ok());
  std::printf("a checkpoint of the store: %.2f s (bar: < 1)\n", SecondsOf(CLOCK_MONOTONIC) - start);
}

// Citizens per second when each thread takes a part of the population.
template <class Scan>
double TimeScan(const Settings& settings, Scan scan) {
  const double start = SecondsOf(CLOCK_MONOTONIC);
  std::vector<std::thread> threads;
  std::atomic<uint64_t> seen = 0;
  for (int i = 0; i < kScanners; ++i) {
    const uint64_t after = settings.citizens * static_cast<uint64_t>(i) / kScanners;
    const uint64_t last = settings.citizens * static_cast<uint64_t>(i + 1) / kScanners;
    threads.emplace_back([&, after, last] { seen += scan(CitizenId(after), CitizenId(last)); });
  }
  for (std::thread& thread : threads) thread.join();
  KSTATI_CHECK(seen == settings.citizens);
  return static_cast<double>(settings.citizens) / (SecondsOf(CLOCK_MONOTONIC) - start);
}

// Makes the system read the files from the disk again, as far as it keeps them.
void ForgetFiles(const std::string& folder) {
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (!file.is_regular_file()) continue;
    const int opened = open(file.path().c_str(), O_RDONLY | O_CLOEXEC);
    KSTATI_CHECK(opened >= 0);
    fdatasync(opened);
    posix_fadvise(opened, 0, 0, POSIX_FADV_DONTNEED);
    close(opened);
  }
}

void ScanAll(const Settings& settings, const Store& store, rocksdb::DB& raw) {
  const auto decode = [&](CitizenId after, CitizenId last) {
    uint64_t seen = 0;
    const auto visit = [&](const History& history) {
      seen += history.facts.size() == kFacts ? 1 : 0;
      return true;
    };
    KSTATI_CHECK(store.ForEachHistory(after, last, visit).has_value());
    return seen;
  };
  const auto pass = [&](CitizenId after, CitizenId last) {
    uint64_t seen = 0;
    rocksdb::ReadOptions read;
    read.readahead_size = 2 << 20;
    read.fill_cache = false;
    read.total_order_seek = true;
    const std::unique_ptr<rocksdb::Iterator> at(raw.NewIterator(read));
    const std::string end = EncodeStamp({last.number() + 1, {}}).substr(0, 8);
    for (at->Seek(EncodeStamp({after.number() + 1, {}}).substr(0, 8));
         at->Valid() && at->key().compare(end) < 0; at->Next()) {
      ++seen;
    }
    return seen;
  };
  for (const bool from_disk : {false, true}) {
    std::vector<double> ours;
    std::vector<double> theirs;
    for (int round = 0; round < settings.rounds; ++round) {
      if (from_disk) ForgetFiles(settings.folder);
      ours.push_back(TimeScan(settings, decode));
      if (from_disk) ForgetFiles(settings.folder);
      theirs.push_back(TimeScan(settings, pass));
    }
    std::printf(
        "all profiles, %d threads, unsealed and decoded, files %s: %.0f citizens/s (bar: >= "
        "250000), %.2f of the bare RocksDB scan of the same bytes at %.0f (bar: >= 0.60)\n",
        kScanners, from_disk ? "on disk" : "in memory", Median(ours), Median(ours) / Median(theirs),
        Median(theirs));
  }
}

std::unique_ptr<KeySealer> Keys(const Settings& settings) {
  Result<std::unique_ptr<KeySealer>> keys = OpenOrMakeMasterKeyFile(settings.folder + "/keys");
  KSTATI_CHECK(keys.has_value());
  return std::move(*keys);
}

std::unique_ptr<Engine> OpenEngine(const Settings& settings) {
  RocksDbOptions options;
  options.folder = settings.folder + "/store";
  Result<std::unique_ptr<Engine>> engine = OpenRocksDb(options);
  KSTATI_CHECK(engine.has_value());
  return std::move(*engine);
}

double SizeOf(const std::string& folder) {
  double bytes = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (file.path().extension() == ".sst") bytes += static_cast<double>(file.file_size());
  }
  return bytes;
}

int Run(const Settings& settings) {
  std::filesystem::remove_all(settings.folder);
  std::filesystem::create_directories(settings.folder);
  const std::unique_ptr<rocksdb::DB> raw = OpenRaw(settings.folder + "/raw");
  {
    const std::unique_ptr<Engine> engine = OpenEngine(settings);
    const Loaded loaded = Load(settings, *engine, *Keys(settings), *raw);
    std::printf(
        "%llu citizens with %zu facts, synced by 1,000: loaded at %.0f citizens/s, %.2f of bare "
        "RocksDB with the profiles alone; a sealed profile takes %.0f bytes (bar: <= 1536)\n",
        static_cast<unsigned long long>(settings.citizens), kFacts, loaded.rate,
        loaded.rate / loaded.raw_rate, loaded.bytes_of_a_profile);
  }
  KSTATI_CHECK(raw->Flush({}).ok());
  {
    Store store(OpenEngine(settings), Keys(settings));
    ReadCold(settings, store, *raw);
    ReadOnes(settings, store, *raw);
    ScanAll(settings, store, *raw);
    ReadWithCases(settings, store);
  }
  MakeCheckpoint(settings.folder);
  std::printf("tables on disk: %.2f GB\n", SizeOf(settings.folder + "/store") / 1e9);
  return 0;
}

}  // namespace
}  // namespace kstati::profile

int main(int argc, char** argv) {
  kstati::profile::Settings settings;
  const auto check = [&] {
    settings.citizens = 2'000;
    settings.rounds = 1;
  };
  const auto citizens = [&](const char* value) {
    settings.citizens = static_cast<uint64_t>(kstati::AtLeastOne(value));
  };
  const auto rounds = [&](const char* value) { settings.rounds = kstati::AtLeastOne(value); };
  if (!kstati::ReadOptions(
          argc, argv, {{"--check", nullptr, check}, {"--citizens", citizens}, {"--rounds", rounds}},
          &settings.folder)) {
    return 2;
  }
  return kstati::profile::Run(settings);
}
