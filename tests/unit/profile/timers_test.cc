// SPDX-License-Identifier: Apache-2.0
#include "profile/timers.h"

#include <ctime>
#include <random>
#include <thread>

#include "tests/unit/profile/profile_fixtures.h"

namespace kstati::profile {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class TimersTest : public testing::Test {
 protected:
  void Set(int64_t second, CitizenId citizen, const std::string& name) {
    Transaction transaction(At(0));
    transaction.SetTimer({At(second), citizen, name});
    ASSERT_THAT(store_->Commit(transaction), IsOk());
  }
  void Stop(int64_t second, CitizenId citizen, const std::string& name) {
    Transaction transaction(At(0));
    transaction.StopTimer({At(second), citizen, name});
    ASSERT_THAT(store_->Commit(transaction), IsOk());
  }
  std::vector<std::string> Due(int64_t second, size_t limit = 100) {
    const Result<DueTimers> timers = store_->ReadTimers(0, At(second), limit);
    EXPECT_THAT(timers, IsOk());
    next_ = timers->next;
    std::vector<std::string> names;
    for (const Timer& timer : timers->due) names.push_back(timer.name);
    return names;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Store> store_ = OpenStoreAt(folder_.path());
  std::optional<Instant> next_;
};

TEST_F(TimersTest, WhatIsDueIsFoundInOrderAndTheNextIsNamed) {
  Set(30, CitizenId(16), "c");
  Set(10, CitizenId(8), "a");
  Set(20, CitizenId(24), "b");
  EXPECT_THAT(Due(9), IsEmpty());
  EXPECT_EQ(next_, At(10));
  EXPECT_THAT(Due(20), ElementsAre("a", "b"));
  EXPECT_EQ(next_, At(30));
  EXPECT_THAT(Due(30), ElementsAre("a", "b", "c"));
  EXPECT_FALSE(next_);
}

TEST_F(TimersTest, SettingTwiceAndStoppingWhatIsNotSetChangeNothing) {
  Set(10, CitizenId(8), "a");
  Set(10, CitizenId(8), "a");
  Stop(11, CitizenId(8), "a");
  EXPECT_THAT(Due(20), ElementsAre("a"));
  Stop(10, CitizenId(8), "a");
  EXPECT_THAT(Due(20), IsEmpty());
}

TEST_F(TimersTest, TheLastOfSeveralChangesInOneCommitStands) {
  Transaction transaction(At(0));
  transaction.SetTimer({At(10), CitizenId(8), "a"});
  transaction.StopTimer({At(10), CitizenId(8), "a"});
  transaction.StopTimer({At(11), CitizenId(8), "b"});
  transaction.SetTimer({At(11), CitizenId(8), "b"});
  ASSERT_THAT(store_->Commit(transaction), IsOk());
  EXPECT_THAT(Due(20), ElementsAre("b"));
}

TEST_F(TimersTest, TheySurviveARestart) {
  Set(10, CitizenId(9), "a");
  store_.reset();
  store_ = OpenStoreAt(folder_.path());
  EXPECT_THAT(Due(20), ElementsAre("a"));
}

TEST_F(TimersTest, AThousandTimesMoreTimersCostNoMoreToAskFor) {
  constexpr uint64_t kTimers = 20'000;
  Transaction transaction(At(0));
  for (uint64_t i = 0; i < kTimers; ++i) {
    transaction.SetTimer({At(1'000 + static_cast<int64_t>(i)), CitizenId(1 + i), "t"});
  }
  ASSERT_THAT(store_->Commit(transaction), IsOk());
  timespec before{};
  timespec after{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
  EXPECT_THAT(Due(999), IsEmpty());
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
  const double spent = static_cast<double>(after.tv_sec - before.tv_sec) +
                       static_cast<double>(after.tv_nsec - before.tv_nsec) / 1e9;
  EXPECT_LT(spent, 0.005);
  EXPECT_EQ(next_, At(1'000));
}

TEST_F(TimersTest, TheBellWakesForAnEarlierTimerOnly) {
  TimerBell& bell = store_->timer_bell();
  const uint64_t rings = bell.rings();
  std::thread other([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    Set(5, CitizenId(9), "a");
  });
  const auto begun = std::chrono::steady_clock::now();
  bell.Await(rings, At(10), std::chrono::seconds(30));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(20));
  other.join();
  bell.Await(rings, At(10), std::chrono::seconds(30));  // it rang since: returns at once
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(20));
}

TEST(TimerKeyTest, KeysSortLikeTimersAndComeBack) {
  std::mt19937_64 random(1);
  const auto draw = [&random] {
    const int64_t micros = static_cast<int64_t>(random()) >> (random() % 60);
    return Timer{Instant{micros}, CitizenId(random() % 1'000), std::to_string(random() % 10)};
  };
  for (int i = 0; i < 10'000; ++i) {
    const Timer one = draw();
    const Timer other = draw();
    EXPECT_EQ(ParseTimerKey(TimerKey(one)), one);
    EXPECT_EQ(one < other, TimerKey(one) < TimerKey(other));
  }
  EXPECT_FALSE(ParseTimerKey("t123"));
  EXPECT_FALSE(ParseTimerKey("mname"));
}

}  // namespace
}  // namespace kstati::profile
