// SPDX-License-Identifier: Apache-2.0
#include "profile/access_log.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <random>
#include <thread>

#include "base/metrics.h"
#include "tests/unit/profile/partitioned_engine.h"
#include "tests/unit/profile/profile_fixtures.h"

namespace kstati::profile {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr AccessLog::Options kNever{.delay = seconds(3'600)};

Use ReadOf(CitizenId citizen, std::string call) {
  return {citizen, ledger::EntryKind::kAccess, {{"call", std::move(call)}}};
}

class AccessLogTest : public testing::Test {
 protected:
  AccessLogTest() : store_(OpenStoreAt(folder_.path())) {
    EXPECT_THAT(RecordIn(*store_, Event("e1").Names("spouse", {kBoris}), At(1)), IsOk());
  }

  size_t EntriesOf(CitizenId citizen) const { return store_->Deeds(citizen, 0, 100'000)->size(); }
  // Of a citizen's entries as a reader of the store's ledger counts them.
  bool HasNoGap(CitizenId citizen) const {
    const auto deeds = store_->Deeds(citizen, 0, 100'000);
    uint64_t number = 0;
    return std::ranges::all_of(*deeds, [&](const auto& deed) { return deed.number == ++number; });
  }

  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
  FixedClock clock_{At(5)};
};

TEST_F(AccessLogTest, WhatIsEnteredAtOnceIsThereWhenTheCallReturns) {
  AccessLog log(*store_, clock_, kNever);
  ASSERT_THAT(log.Enter({ReadOf(kAnna, "profile"), ReadOf(kBoris, "kin")}), IsOk());
  EXPECT_EQ(EntriesOf(kAnna), 1u);
  EXPECT_EQ(EntriesOf(kBoris), 1u);
  EXPECT_EQ(store_->Deeds(kAnna, 0, 1)->front().at, At(5));
}

TEST_F(AccessLogTest, WhatIsEnteredSoonIsThereWithinASecond) {
  AccessLog log(*store_, clock_);
  ASSERT_THAT(log.EnterSoon(ReadOf(kAnna, "profile")), IsOk());
  const auto until = std::chrono::steady_clock::now() + seconds(1);
  while (EntriesOf(kAnna) == 0 && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(milliseconds(10));
  }
  EXPECT_EQ(EntriesOf(kAnna), 1u);
}

TEST_F(AccessLogTest, TheEndWritesWhatWaits) {
  {
    ASSERT_THAT(AccessLog(*store_, clock_, kNever).EnterSoon(ReadOf(kAnna, "cases")), IsOk());
  }
  EXPECT_EQ(EntriesOf(kAnna), 1u);
}

TEST_F(AccessLogTest, AFullQueueMakesWaitAndDropsNothing) {
  AccessLog log(*store_, clock_, {.waiting_max = 3, .group_max = 2, .delay = milliseconds(0)});
  for (int i = 0; i < 200; ++i) ASSERT_THAT(log.EnterSoon(ReadOf(kAnna, "cases")), IsOk());
  ASSERT_THAT(log.Flush(), IsOk());
  EXPECT_EQ(EntriesOf(kAnna), 200u);
}

TEST_F(AccessLogTest, AQueueThatStaysFullRefuses) {
  AccessLog log(
      *store_, clock_,
      {.waiting_max = 1, .group_max = 2, .delay = seconds(3'600), .patience = milliseconds(5)});
  ASSERT_THAT(log.EnterSoon(ReadOf(kAnna, "cases")), IsOk());
  EXPECT_THAT(log.EnterSoon(ReadOf(kAnna, "cases")), FailsWith(ErrorCode::kUnavailable));
}

TEST_F(AccessLogTest, SomebodyErasedMeanwhileTakesNobodyElseAlong) {
  AccessLog log(*store_, clock_, kNever);
  ASSERT_THAT(log.EnterSoon(ReadOf(kAnna, "cases")), IsOk());
  ASSERT_THAT(log.EnterSoon(ReadOf(kBoris, "cases")), IsOk());
  ASSERT_THAT(store_->Erase(kAnna, At(6)), IsOk());
  ASSERT_THAT(log.Flush(), IsOk());
  EXPECT_EQ(EntriesOf(kBoris), 1u);
}

TEST(AccessLogRefusal, WhileTheStoreRefusesNothingIsAccepted) {
  const TemporaryFolder folder;
  RocksDbOptions options = SmallStoreAt(folder.path());
  options.signer = nullptr;
  Store store(std::move(*OpenRocksDb(options)), KeysIn(folder.path()));
  ASSERT_THAT(RecordIn(store, Event("e1"), At(1)), IsOk());
  const FixedClock clock(At(5));
  AccessLog log(store, clock, kNever);
  EXPECT_THAT(log.Enter({ReadOf(kAnna, "profile")}), FailsWith(ErrorCode::kUnsupported));
  ASSERT_THAT(log.EnterSoon(ReadOf(kAnna, "profile")), IsOk());
  EXPECT_THAT(log.Flush(), FailsWith(ErrorCode::kUnsupported));
  EXPECT_THAT(log.EnterSoon(ReadOf(kAnna, "profile")), FailsWith(ErrorCode::kUnsupported));
}

// People of two partitions, one of which can be cut off.
class AccessLogOverPartitions : public testing::Test {
 protected:
  static std::unique_ptr<Store> OpenAt(const std::string& folder, PartitionedEngine*& engine) {
    auto opened = OpenTwoRocksDbs(folder, TestSigner());
    if (!opened) throw std::runtime_error(opened.error().ToString());
    engine = opened->get();
    return std::make_unique<Store>(std::move(*opened), KeysIn(folder));
  }

  void SetUp() override {
    for (const CitizenId citizen : {kAnna, kBoris}) {
      ASSERT_THAT(RecordIn(*store_, Event(citizen.ToString()).About(citizen), At(1)), IsOk());
    }
    ASSERT_NE(engine_->PartitionOf(kAnna), engine_->PartitionOf(kBoris));
  }
  size_t EntriesOf(CitizenId citizen) const { return store_->Deeds(citizen, 0, 100)->size(); }

  TemporaryFolder folder_;
  PartitionedEngine* engine_ = nullptr;
  std::unique_ptr<Store> store_ = OpenAt(folder_.path(), engine_);
  FixedClock clock_{At(5)};
};

TEST_F(AccessLogOverPartitions, APartitionThatIsDownKeepsNobodyElse) {
  AccessLog log(*store_, clock_, kNever);
  engine_->CutOff(engine_->PartitionOf(kAnna));
  ASSERT_THAT(log.EnterSoon(ReadOf(kAnna, "cases")), IsOk());
  EXPECT_THAT(log.Flush(kAnna), FailsWith(ErrorCode::kUnavailable));
  EXPECT_THAT(log.EnterSoon(ReadOf(kAnna, "cases")), FailsWith(ErrorCode::kUnavailable));
  for (int i = 0; i < 3; ++i) {
    ASSERT_THAT(log.EnterSoon(ReadOf(kBoris, "cases")), IsOk());
    ASSERT_THAT(log.Flush(kBoris), IsOk());
  }
  EXPECT_EQ(EntriesOf(kBoris), 3u);
  engine_->CutOff(std::nullopt);
  const auto until = std::chrono::steady_clock::now() + seconds(10);
  while (!log.Flush(kAnna) && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(milliseconds(10));
  }
  EXPECT_EQ(EntriesOf(kAnna), 1u) << "what was accepted is not lost";
}

// Somebody's key is not at hand; the others of the same partition go on, and nothing is lost.
TEST_F(AccessLogTest, WhoseDataDoNotOpenKeepsNobodyElse) {
  ASSERT_THAT(AddMasterKey(folder_ / "master.keys", "key-2"), IsOk());
  store_.reset();
  store_ = OpenStoreAt(folder_.path());
  ASSERT_THAT(RecordIn(*store_, Event("e2").About(kVera), At(2)), IsOk());
  store_.reset();
  auto engine = std::move(*EngineOfTests()(folder_.path()));
  store_ = std::make_unique<Store>(std::move(engine), KeysWithoutTheFirst(folder_.path()));
  {
    AccessLog log(*store_, clock_, kNever);
    for (const CitizenId citizen : {kVera, kAnna, kVera}) {
      ASSERT_THAT(log.EnterSoon(ReadOf(citizen, "cases")), IsOk());
    }
    EXPECT_THAT(log.Flush(kVera), IsOk());
    EXPECT_EQ(EntriesOf(kVera), 2u);
    EXPECT_THAT(log.Flush(kAnna), FailsWith(ErrorCode::kDenied));
    EXPECT_THAT(log.Flush(), IsOk());
    ASSERT_THAT(log.EnterSoon(ReadOf(kAnna, "cases")), IsOk());
    ASSERT_THAT(log.EnterSoon(ReadOf(kVera, "cases")), IsOk());
    EXPECT_THAT(log.Flush(kVera), IsOk());
    EXPECT_EQ(EntriesOf(kVera), 3u);
  }
}

// What keys a service gives, from now on.
class KeysThatComeBack final : public KeySealer {
 public:
  KeysThatComeBack(std::unique_ptr<KeySealer> keys, std::atomic<bool>& there)
      : keys_(std::move(keys)), there_(there) {}
  Result<std::string> SealKey(CitizenId citizen, const DataKey& key) const override {
    return keys_->SealKey(citizen, key);
  }
  Result<DataKey> UnsealKey(CitizenId citizen, std::string_view sealed) const override {
    if (there_) return keys_->UnsealKey(citizen, sealed);
    return Fail(ErrorCode::kDenied, "the master key is not at hand");
  }
  bool IsOutdated(std::string_view sealed) const override { return keys_->IsOutdated(sealed); }

 private:
  const std::unique_ptr<KeySealer> keys_;
  std::atomic<bool>& there_;
};

TEST_F(AccessLogTest, WhatWasSetAsideIsEnteredOnceTheKeyIsBack) {
  store_.reset();
  std::atomic<bool> there = false;
  store_ =
      std::make_unique<Store>(std::move(*EngineOfTests()(folder_.path())),
                              std::make_unique<KeysThatComeBack>(KeysIn(folder_.path()), there));
  AccessLog::Options options;
  options.delay = milliseconds(1);
  options.again = milliseconds(20);
  {
    AccessLog log(*store_, clock_, options);
    ASSERT_THAT(log.EnterSoon(ReadOf(kAnna, "cases")), IsOk());
    EXPECT_THAT(log.Flush(kAnna), FailsWith(ErrorCode::kDenied));
    there = true;
    const auto until = std::chrono::steady_clock::now() + seconds(10);
    while (!log.Flush(kAnna) && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(milliseconds(5));
    }
    EXPECT_EQ(EntriesOf(kAnna), 1u);
  }
  there = false;
  store_ = nullptr;
  store_ =
      std::make_unique<Store>(std::move(*EngineOfTests()(folder_.path())),
                              std::make_unique<KeysThatComeBack>(KeysIn(folder_.path()), there));
  {
    AccessLog log(*store_, clock_, kNever);
    ASSERT_THAT(log.EnterSoon(ReadOf(kAnna, "profile")), IsOk());
    EXPECT_THAT(log.Flush(kAnna), FailsWith(ErrorCode::kDenied));
    there = true;
  }
  EXPECT_EQ(EntriesOf(kAnna), 2u) << "the end tries once more";
}

TEST_F(AccessLogTest, AUseAboutNobodyIsCountedAndKeepsNobodyElse) {
  const auto counted = [] {
    const std::string line = "kstati_profile_uses_total{how=\"about_nobody\"} ";
    const std::string text = metrics::Exposition();
    const size_t at = text.find(line);
    return at == std::string::npos ? 0.0 : std::stod(text.substr(at + line.size()));
  };
  const double before = counted();
  AccessLog log(*store_, clock_, kNever);
  ASSERT_THAT(log.EnterSoon(ReadOf(CitizenId(404), "cases")), IsOk());
  ASSERT_THAT(log.EnterSoon(ReadOf(kAnna, "cases")), IsOk());
  EXPECT_THAT(log.Flush(), IsOk());
  EXPECT_EQ(EntriesOf(kAnna), 1u);
  EXPECT_EQ(counted(), before + 1);
}

// Every operation is one entry, from any thread and in any way, and the numbers have no gap.
TEST_F(AccessLogTest, ThereAreAsManyEntriesAsOperations) {
  constexpr int kThreads = 4;
  constexpr int kOperations = 150;
  std::atomic<size_t> of_anna = 0;
  std::atomic<size_t> of_boris = 0;
  {
    AccessLog log(*store_, clock_, {.waiting_max = 20, .group_max = 7, .delay = milliseconds(1)});
    std::vector<std::thread> threads;
    for (unsigned seed = 1; seed <= kThreads; ++seed) {
      threads.emplace_back([&, seed] {
        std::mt19937 random(seed);
        for (int i = 0; i < kOperations; ++i) {
          const CitizenId citizen = random() % 2 == 0 ? kAnna : kBoris;
          const bool at_once = random() % 8 == 0;
          const Result<void> entered = at_once ? log.Enter({ReadOf(citizen, "profile")})
                                               : log.EnterSoon(ReadOf(citizen, "profile"));
          EXPECT_THAT(entered, IsOk());
          ++(citizen == kAnna ? of_anna : of_boris);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT_EQ(EntriesOf(kAnna), of_anna);
  EXPECT_EQ(EntriesOf(kBoris), of_boris);
  EXPECT_TRUE(HasNoGap(kAnna) && HasNoGap(kBoris));
}

// A process that dies loses at most what was to be entered soon.
TEST(AccessLogCrash, AKilledProcessLosesNoEntryThatWasMadeAtOnce) {
  const TemporaryFolder folder;
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto store = OpenStoreAt(folder.path());
    const FixedClock clock(At(5));
    AccessLog log(*store, clock, kNever);
    const bool done = RecordIn(*store, Event("e1"), At(1)) && log.EnterSoon(ReadOf(kAnna, "own")) &&
                      log.Enter({ReadOf(kAnna, "foreign")});
    if (done) raise(SIGKILL);
    _exit(1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  const auto store = OpenStoreAt(folder.path());
  const auto deeds = store->Deeds(kAnna, 0, 10);
  ASSERT_THAT(deeds, IsOk());
  ASSERT_EQ(deeds->size(), 1u);
  EXPECT_EQ(deeds->front().content.at("call"), "foreign");
}

}  // namespace
}  // namespace kstati::profile
