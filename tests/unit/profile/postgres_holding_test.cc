// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <thread>

#include "tests/unit/profile/change_fixtures.h"
#include "tests/unit/profile/postgres_store.h"
#include "tests/unit/profile/profile_fixtures.h"

namespace kstati::profile {
namespace {

using std::chrono::milliseconds;

const std::string kEndOthers =
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND "
    "datname = current_database()";

PostgresOptions Alone(PostgresOptions options) {
  options.alone = true;
  return options;
}

class PostgresHoldingTest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    static int made = 0;
    name_ = "held" + std::to_string(++made) + (GetParam() ? "_proxied" : "");
    options_ =
        Alone(GetParam() ? MakePartitionedStore(name_) : MakePlainStore(SharedServer(), name_));
  }
  // Ends the connections of everyone to where the store is.
  void CutOff() {
    if (GetParam()) {
      SharedServer().Run(name_ + "_0", kEndOthers);
      SecondServer().Run(name_ + "_1", kEndOthers);
    } else {
      SharedServer().Run(name_, kEndOthers);
    }
  }
  // What of the holder's lost partition is seen within a second.
  static void WaitUntilSeen() { std::this_thread::sleep_for(milliseconds(1'100)); }
  static Result<void> CommitSoon(Engine& engine) {
    Result<void> outcome = engine.Commit(Changing(kAnna).Puts("a", "1"));
    // The first call on a connection that was ended fails.
    for (int i = 0;
         i < 20 && !outcome && outcome.error().message.find("another") == std::string::npos; ++i) {
      outcome = engine.Commit(Changing(kAnna).Puts("a", "1"));
    }
    return outcome;
  }

  std::string name_;
  PostgresOptions options_;
};
INSTANTIATE_TEST_SUITE_P(Postgres, PostgresHoldingTest, testing::Bool(),
                         [](const auto& each) { return each.param ? "BehindPlProxy" : "Plain"; });

TEST_P(PostgresHoldingTest, TheSecondProgramIsRefusedUntilTheFirstEnds) {
  auto first = OpenedPostgres(options_);
  const auto second = OpenPostgres(options_);
  ASSERT_THAT(second, FailsWith(ErrorCode::kUnavailable));
  EXPECT_EQ(second.error().message, "another program acts on the store");
  EXPECT_THAT(second.error().remedy, testing::HasSubstr("stop it"));
  EXPECT_THAT(first->Commit(Changing(kAnna).Puts("a", "1")), IsOk());
  first.reset();
  // The server may take a moment to see that the connection ended.
  Result<std::unique_ptr<Engine>> next = OpenPostgres(options_);
  for (int i = 0; i < 100 && !next; ++i) {
    std::this_thread::sleep_for(milliseconds(20));
    next = OpenPostgres(options_);
  }
  ASSERT_THAT(next, IsOk());
  EXPECT_THAT((*next)->Commit(Changing(kAnna).Puts("a", "2")), IsOk());
}

TEST_P(PostgresHoldingTest, OneThatOnlyReadsIsLetIn) {
  const auto first = OpenedPostgres(options_);
  PostgresOptions reading = options_;
  reading.alone = false;
  EXPECT_THAT(OpenPostgres(reading), IsOk());
}

TEST_P(PostgresHoldingTest, ABrokenConnectionIsMadeAgainAndTheWorkGoesOn) {
  const auto engine = OpenedPostgres(options_);
  CutOff();
  WaitUntilSeen();
  EXPECT_THAT(CommitSoon(*engine), IsOk());
  EXPECT_THAT(OpenPostgres(options_), FailsWith(ErrorCode::kUnavailable));
}

TEST_P(PostgresHoldingTest, APartitionThatIsDownStopsOnlyWhoLivesThere) {
  if (!GetParam()) GTEST_SKIP() << "one partition is the whole store";
  const auto engine = OpenedPostgres(options_);
  const size_t number = 1 - engine->PartitionOf(kAnna);
  const std::string other = name_ + "_" + std::to_string(number);
  const PostgresServer& server = number == 0 ? SharedServer() : SecondServer();
  server.Run("postgres", "ALTER DATABASE " + other + " ALLOW_CONNECTIONS false");
  server.Run(
      "postgres",
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + other + "'");
  WaitUntilSeen();
  EXPECT_THAT(CommitSoon(*engine), IsOk());
  WaitUntilSeen();
  EXPECT_THAT(CommitSoon(*engine), IsOk());
  server.Run("postgres", "ALTER DATABASE " + other + " ALLOW_CONNECTIONS true");
}

TEST_P(PostgresHoldingTest, WhoWasOvertakenNeverActsAgain) {
  const auto first = OpenedPostgres(options_);
  CutOff();
  {
    Result<std::unique_ptr<Engine>> second = OpenPostgres(options_);
    for (int i = 0; i < 50 && !second; ++i) second = OpenPostgres(options_);
    ASSERT_THAT(second, IsOk());
    WaitUntilSeen();
    const Result<void> refused = CommitSoon(*first);
    ASSERT_THAT(refused, FailsWith(ErrorCode::kUnavailable));
    EXPECT_EQ(refused.error().message, "another program acts on the store");
    EXPECT_THAT((*second)->Commit(Changing(kAnna).Puts("a", "2")), IsOk());
  }
  std::this_thread::sleep_for(milliseconds(200));
  for (int i = 0; i < 2; ++i) {
    const Result<void> refused = CommitSoon(*first);
    ASSERT_THAT(refused, FailsWith(ErrorCode::kUnavailable));
    EXPECT_EQ(refused.error().message, "another program acted on the store meanwhile");
  }
  EXPECT_THAT(first->AcceptsWrites(0), FailsWith(ErrorCode::kUnavailable));
}

}  // namespace
}  // namespace kstati::profile
