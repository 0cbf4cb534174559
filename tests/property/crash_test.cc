// SPDX-License-Identifier: Apache-2.0
// A child process commits in several threads and reports what was acknowledged through a pipe; the
// parent kills it at a random moment, opens the store and checks that every acknowledged change is
// there and none by half. KSTATI_TEST_SCALE multiplies the ten rounds.
#include <sys/wait.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "profile/ledger/appender.h"
#include "profile/ledger/checkpoint.h"
#include "tests/unit/profile/profile_fixtures.h"

namespace kstati::profile {
namespace {

constexpr int kThreads = 8;
constexpr uint64_t kCitizens = 20;
constexpr char kChildOption[] = "--commit-until-killed";

int Rounds() {
  const char* const scale = std::getenv("KSTATI_TEST_SCALE");
  return 10 * (scale == nullptr ? 1 : std::max(1, std::atoi(scale)));
}

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

// Runs in the child: commits until it is killed. Every acknowledged number goes to standard output
// in one write.
int CommitUntilKilled(const std::string& folder, uint64_t first_number) {
  Result<std::unique_ptr<Engine>> engine = OpenRocksDb(SmallStoreAt(folder));
  if (!engine) return 1;
  Store store(std::move(*engine), KeysIn(folder));
  std::atomic<uint64_t> next = first_number;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (;;) {
        const Work work{next.fetch_add(1)};
        if (!store.Commit(work.transaction())) continue;
        const uint64_t number = work.number;
        if (write(STDOUT_FILENO, &number, sizeof number) != sizeof number) return;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return 0;
}

// Starts this program again as the child; returns what it acknowledged before it was killed.
std::vector<uint64_t> RunChildFor(std::chrono::microseconds time, const std::string& folder,
                                  uint64_t first_number) {
  std::array<int, 2> ends{};
  EXPECT_EQ(pipe(ends.data()), 0);
  const std::string first = std::to_string(first_number);
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
    execl("/proc/self/exe", "crash_test", kChildOption, folder.c_str(), first.c_str(), nullptr);
    _exit(127);
  }
  close(ends[1]);
  std::thread killer([&] {
    std::this_thread::sleep_for(time);
    kill(child, SIGKILL);
  });
  std::vector<uint64_t> acknowledged;
  uint64_t number = 0;
  while (read(ends[0], &number, sizeof number) == sizeof number) acknowledged.push_back(number);
  close(ends[0]);
  killer.join();
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "the child failed by itself";
  return acknowledged;
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
    for (const Fact& fact : history.facts) ++shown.facts[fact.reported_by.id.text()];
    for (const Relation& each : history.relations) ++shown.relations[each.reported_by.id.text()];
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

// Kills a process that commits to a new store, and looks at all of it, again and again.
void CrashRepeatedly(int rounds, std::mt19937& random) {
  TemporaryFolder folder;
  std::vector<uint64_t> acknowledged;
  uint64_t first_number = 1;
  for (int round = 0; round < rounds && !testing::Test::HasFailure(); ++round) {
    const std::chrono::microseconds time(std::uniform_int_distribution<>(20'000, 400'000)(random));
    for (const uint64_t number : RunChildFor(time, folder.path(), first_number)) {
      acknowledged.push_back(number);
      first_number = std::max(first_number, number + 1);
    }
    first_number += kThreads;  // those that were under way have numbers of their own
    const std::unique_ptr<Store> store = OpenStoreAt(folder.path());
    const Shown shown = ReadEverything(*store);
    for (const uint64_t number : acknowledged) {
      EXPECT_EQ(shown.facts.count(Work{number}.id()), 1u)
          << "round " << round << " lost " << number;
    }
    CheckNothingIsHalf(*store, shown);
  }
  EXPECT_FALSE(acknowledged.empty()) << "the child never got so far as to commit";
}

// Stores are looked at as a whole after each kill, so that many rounds need several stores.
TEST(Crash, EveryAcknowledgedChangeIsThereAndNoneByHalf) {
  constexpr int kRoundsOfAStore = 10;
  std::mt19937 random(20260315);
  for (int done = 0; done < Rounds() && !HasFailure(); done += kRoundsOfAStore) {
    CrashRepeatedly(kRoundsOfAStore, random);
  }
}

}  // namespace
}  // namespace kstati::profile

int main(int argc, char** argv) {
  using kstati::profile::CommitUntilKilled;
  if (argc == 4 && std::strcmp(argv[1], kstati::profile::kChildOption) == 0) {
    return CommitUntilKilled(argv[2], std::strtoull(argv[3], nullptr, 10));
  }
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
