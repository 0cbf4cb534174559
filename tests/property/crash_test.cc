// SPDX-License-Identifier: Apache-2.0
// A child process commits and reports what was acknowledged through a pipe; it is killed at a
// random moment while several threads commit, or before and after each step that changes the disk.
// The parent opens the store beside its witness and checks that every acknowledged change is there
// and none by half, and that all of them once more apply none twice. KSTATI_TEST_SCALE multiplies
// the ten rounds of random moments, and the write points up to all of them.
#include <sys/wait.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "profile/engines/rocksdb_settings.h"
#include "profile/ledger/appender.h"
#include "profile/ledger/checkpoint.h"
#include "tests/unit/profile/faulty_file_system.h"
#include "tests/unit/profile/profile_fixtures.h"

namespace kstati::profile {
namespace {

constexpr int kThreads = 8;
constexpr uint64_t kCitizens = 20;
constexpr char kUntilKilled[] = "--commit-until-killed";
constexpr char kUntilWrite[] = "--commit-until-write";
constexpr uint64_t kOpened = 0;  // what a child says before it commits; works have numbers from 1
constexpr uint64_t kWorksOfAStory = 9;

int Scale() {
  const char* const scale = std::getenv("KSTATI_TEST_SCALE");
  return scale == nullptr ? 1 : std::max(1, std::atoi(scale));
}

int Rounds() { return 10 * Scale(); }

// Every how many write points a child is killed: at each one from scale 16 on.
int64_t Stride() { return std::max(1, 16 / Scale()); }

// A change that touches everything a change can touch: two histories, a record and a log.
struct Work {
  uint64_t number;
  CitizenId first() const { return CitizenId(1 + number % kCitizens); }
  CitizenId second() const { return CitizenId(101 + number * 7 % kCitizens); }
  std::string id() const { return "event-" + std::to_string(number); }

  RegistryEvent event() const {
    return Event(id())
        .About(first())
        .Fact(first(), "person.income", Decimal(static_cast<int64_t>(number)))
        .Fact(second(), "person.income", Decimal(static_cast<int64_t>(number)))
        .Relation(first(), RelationKind::kHousehold, second());
  }
  Transaction transaction() const {
    Transaction change(At(static_cast<int64_t>(number)));
    change.Record(event());
    change.PutRecord(first(), "case", id(), id());
    change.AppendLog(first(), "outbox", id());
    change.Enter(first(), ledger::EntryKind::kDecision, {{"id", id()}});
    return change;
  }
};

RocksDbOptions WitnessedStoreAt(const std::string& folder) {
  RocksDbOptions options = SmallStoreAt(folder);
  options.witness_file = folder + "/witness";
  return options;
}

bool Acknowledge(uint64_t number) {
  return write(STDOUT_FILENO, &number, sizeof number) == sizeof number;
}

// Runs in the child: commits until it is killed. Every acknowledged number goes to standard output
// in one write.
int CommitUntilKilled(const std::string& folder, uint64_t first_number) {
  Result<std::unique_ptr<Engine>> engine = OpenRocksDb(WitnessedStoreAt(folder));
  if (!engine || !Acknowledge(kOpened)) return 1;
  Store store(std::move(*engine), KeysIn(folder));
  std::atomic<uint64_t> next = first_number;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (;;) {
        const Work work{next.fetch_add(1)};
        if (!store.Commit(work.transaction())) continue;
        if (!Acknowledge(work.number)) return;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return 0;
}

// Runs in the child: works 1 to kWorksOfAStory, a third of them on a store that was just opened,
// which writes its log into tables. Is killed at the write point of this number, counted from 0.
int CommitUntilWrite(const std::string& folder, int64_t last_point) {
  FaultyFileSystem files;
  const std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(
      std::shared_ptr<rocksdb::FileSystem>(&files, [](rocksdb::FileSystem*) {}));
  std::atomic<int64_t> point = 0;
  files.AtWritePoints([&] {
    if (point++ == last_point) kill(getpid(), SIGKILL);
  });
  uint64_t number = 0;
  while (number < kWorksOfAStory) {
    Result<std::unique_ptr<Engine>> engine = OpenRocksDbOn(WitnessedStoreAt(folder), env.get());
    if (!engine) return 1;
    Store store(std::move(*engine), KeysIn(folder));
    for (int i = 0; i < 3; ++i) {
      if (!store.Commit(Work{++number}.transaction()) || !Acknowledge(number)) return 1;
    }
  }
  return 0;
}

// This program as a child that writes what it acknowledges to a pipe.
class Child {
 public:
  Child(const char* option, const std::string& folder, uint64_t number) {
    std::array<int, 2> ends{};
    EXPECT_EQ(pipe(ends.data()), 0);
    const std::string argument = std::to_string(number);
    process_ = fork();
    if (process_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      close(ends[0]);
      close(ends[1]);
      execl("/proc/self/exe", "crash_test", option, folder.c_str(), argument.c_str(), nullptr);
      _exit(127);
    }
    close(ends[1]);
    output_ = ends[0];
  }

  void Kill() const { kill(process_, SIGKILL); }

  void AwaitOpening() const {
    uint64_t number = 1;
    EXPECT_EQ(read(output_, &number, sizeof number), static_cast<ssize_t>(sizeof number));
    EXPECT_EQ(number, kOpened);
  }
  // What it acknowledged until it ended.
  std::vector<uint64_t> Await() {
    std::vector<uint64_t> acknowledged;
    uint64_t number = 0;
    while (read(output_, &number, sizeof number) == sizeof number) {
      if (number != kOpened) acknowledged.push_back(number);
    }
    close(output_);
    waitpid(process_, &status_, 0);
    return acknowledged;
  }
  bool was_killed() const { return WIFSIGNALED(status_) && WTERMSIG(status_) == SIGKILL; }
  bool did_all() const { return WIFEXITED(status_) && WEXITSTATUS(status_) == 0; }

 private:
  pid_t process_;
  int output_ = -1;
  int status_ = 0;
};

enum class CountedFrom { kStart, kOpening };

// Returns what the child acknowledged before it was killed.
std::vector<uint64_t> RunChildFor(std::chrono::microseconds time, CountedFrom from,
                                  const std::string& folder, uint64_t first_number) {
  Child child(kUntilKilled, folder, first_number);
  if (from == CountedFrom::kOpening) child.AwaitOpening();
  std::thread killer([&] {
    std::this_thread::sleep_for(time);
    child.Kill();
  });
  std::vector<uint64_t> acknowledged = child.Await();
  killer.join();
  EXPECT_TRUE(child.was_killed()) << "the child failed by itself";
  return acknowledged;
}

std::unique_ptr<Store> OpenWitnessed(const std::string& folder) {
  Result<std::unique_ptr<Engine>> engine = OpenRocksDb(WitnessedStoreAt(folder));
  if (!engine) throw std::runtime_error(engine.error().ToString());
  return std::make_unique<Store>(std::move(*engine), KeysIn(folder));
}

// What the store shows of each change, read once.
struct Shown {
  std::map<std::string, int> facts;      // two for each change
  std::map<std::string, int> relations;  // in two histories each
  std::map<std::string, int> records;
  std::map<std::string, int> log;
  std::map<std::string, int> deeds;
};

Shown ReadEverything(const Store& store) {
  Shown shown;
  const auto note = [&](const History& history) {
    for (const Fact& fact : history.facts) ++shown.facts[fact.reported_by->id.text()];
    for (const Relation& each : history.relations) ++shown.relations[each.reported_by->id.text()];
    return true;
  };
  EXPECT_THAT(store.ForEachHistory(CitizenId(), kLastCitizen, note), IsOk());
  for (uint64_t number = 1; number <= kCitizens; ++number) {
    const auto records = store.Records(CitizenId(number), "case");
    EXPECT_THAT(records, IsOk());
    for (const auto& [id, value] : *records) ++shown.records[id];
    const auto deeds = store.Deeds(CitizenId(number), 0, SIZE_MAX);
    EXPECT_THAT(deeds, IsOk());
    for (size_t i = 0; i < deeds->size(); ++i) {
      EXPECT_EQ((*deeds)[i].number, i + 1) << "the citizen's entries have a gap";
      ++shown.deeds[(*deeds)[i].content.at("id")];
    }
  }
  const auto entries = store.ReadLog(0, "outbox", 0, SIZE_MAX);
  EXPECT_THAT(entries, IsOk());
  for (size_t i = 0; i < entries->size(); ++i) {
    EXPECT_EQ((*entries)[i].sequence, i + 1) << "the log has a gap";
    ++shown.log[*(*entries)[i].value];
  }
  return shown;
}

// The subject of the change with this id.
CitizenId SubjectOf(const std::string& id) {
  return Work{std::stoull(id.substr(std::string_view("event-").size()))}.first();
}

// The tree over all entries is the one that the last checkpoint was signed for.
void CheckLedger(const Store& store, size_t size) {
  const auto entries = store.engine().ReadLedger(0, 0, SIZE_MAX);
  ASSERT_THAT(entries, IsOk());
  EXPECT_EQ(entries->size(), size);
  if (entries->empty()) return;
  ledger::Appender again;
  std::vector<ledger::Hash> leaves;
  for (const std::string& entry : *entries) leaves.push_back(ledger::LeafHash(entry));
  again.Append(leaves);
  const auto checkpoint =
      ledger::ReadCheckpoint(*store.engine().ReadCheckpoint(0), TestSigner().public_key());
  ASSERT_THAT(checkpoint, IsOk());
  EXPECT_EQ(*checkpoint, again.Current());
}

void CheckNothingIsHalf(const Store& store, const Shown& shown) {
  for (const auto& [id, count] : shown.facts) {
    EXPECT_EQ(count, 2) << id;
    EXPECT_EQ(shown.relations.count(id) ? shown.relations.at(id) : 0, 2) << id;
    EXPECT_EQ(shown.records.count(id), 1u) << id;
    EXPECT_EQ(shown.log.count(id) ? shown.log.at(id) : 0, 1) << id;
    EXPECT_EQ(shown.deeds.count(id) ? shown.deeds.at(id) : 0, 1) << id;
    EXPECT_TRUE(store.FindEvent(SubjectOf(id), {RegistryId("fns_erns"), EventId(id)})->has_value())
        << id;
  }
  EXPECT_EQ(shown.facts.size(), shown.relations.size());
  EXPECT_EQ(shown.facts.size(), shown.records.size());
  EXPECT_EQ(shown.facts.size(), shown.log.size());
  EXPECT_EQ(shown.facts.size(), shown.deeds.size());
  CheckLedger(store, shown.deeds.size());
}

// All works of these numbers once more, as somebody does who does not know which went through.
void RepeatAll(Store& store, uint64_t last_number) {
  for (uint64_t number = 1; number <= last_number; ++number) {
    const Work work{number};
    const auto there = store.FindEvent(work.first(), work.event().key);
    ASSERT_THAT(there, IsOk());
    const Result<void> outcome = store.Commit(work.transaction());
    EXPECT_EQ(outcome.has_value(), !there->has_value()) << number;
  }
}

void CheckAllOnce(const Store& store, uint64_t last_number) {
  const Shown shown = ReadEverything(store);
  EXPECT_EQ(shown.facts.size(), last_number);
  CheckNothingIsHalf(store, shown);
}

// Kills a process that commits to a new store, and looks at all of it, again and again.
void CrashRepeatedly(int rounds, std::mt19937& random) {
  TemporaryFolder folder;
  std::vector<uint64_t> acknowledged;
  uint64_t first_number = 1;
  for (int round = 0; round < rounds && !testing::Test::HasFailure(); ++round) {
    const std::chrono::microseconds time(std::uniform_int_distribution<>(20'000, 400'000)(random));
    const CountedFrom from = round % 2 == 0 ? CountedFrom::kOpening : CountedFrom::kStart;
    for (const uint64_t number : RunChildFor(time, from, folder.path(), first_number)) {
      acknowledged.push_back(number);
      first_number = std::max(first_number, number + 1);
    }
    first_number += kThreads;  // those that were under way have numbers of their own
    const std::unique_ptr<Store> store = OpenWitnessed(folder.path());
    const Shown shown = ReadEverything(*store);
    for (const uint64_t number : acknowledged) {
      EXPECT_EQ(shown.facts.count(Work{number}.id()), 1u)
          << "round " << round << " lost " << number;
    }
    CheckNothingIsHalf(*store, shown);
  }
  EXPECT_FALSE(acknowledged.empty()) << "the child never got so far as to commit";
  const std::unique_ptr<Store> store = OpenWitnessed(folder.path());
  RepeatAll(*store, first_number);
  CheckAllOnce(*store, first_number);
}

// Stores are looked at as a whole after each kill, so that many rounds need several stores.
TEST(Crash, EveryAcknowledgedChangeIsThereAndNoneByHalf) {
  constexpr int kRoundsOfAStore = 10;
  std::mt19937 random(20260315);
  for (int done = 0; done < Rounds() && !HasFailure(); done += kRoundsOfAStore) {
    CrashRepeatedly(kRoundsOfAStore, random);
  }
}

TEST(Crash, AtEachWritePointNothingAcknowledgedIsLostAndNothingAppliedTwice) {
  int64_t points = 0;
  for (bool did_all = false; !did_all && !HasFailure(); points += Stride()) {
    SCOPED_TRACE("write point " + std::to_string(points));
    TemporaryFolder folder;
    Child child(kUntilWrite, folder.path(), static_cast<uint64_t>(points));
    const std::vector<uint64_t> acknowledged = child.Await();
    did_all = child.did_all();
    ASSERT_TRUE(did_all || child.was_killed());
    const std::unique_ptr<Store> store = OpenWitnessed(folder.path());
    const Shown shown = ReadEverything(*store);
    for (const uint64_t number : acknowledged) {
      EXPECT_EQ(shown.facts.count(Work{number}.id()), 1u) << "lost " << number;
    }
    CheckNothingIsHalf(*store, shown);
    RepeatAll(*store, kWorksOfAStory);
    CheckAllOnce(*store, kWorksOfAStory);
  }
  EXPECT_GT(points, 50);
  std::printf("%lld write points, a child killed at each %lldth\n", static_cast<long long>(points),
              static_cast<long long>(Stride()));
}

}  // namespace
}  // namespace kstati::profile

int main(int argc, char** argv) {
  namespace profile = kstati::profile;
  if (argc == 4 && std::strcmp(argv[1], profile::kUntilKilled) == 0) {
    return profile::CommitUntilKilled(argv[2], std::strtoull(argv[3], nullptr, 10));
  }
  if (argc == 4 && std::strcmp(argv[1], profile::kUntilWrite) == 0) {
    return profile::CommitUntilWrite(argv[2], std::strtoll(argv[3], nullptr, 10));
  }
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
