// SPDX-License-Identifier: Apache-2.0
#include "profile/engines/postgres_migrations.h"

#include <algorithm>
#include <span>
#include <thread>

#include "tests/unit/profile/postgres_store.h"
#include "tests/unit/profile/profile_fixtures.h"

namespace kstati::profile {
namespace {

constexpr PostgresMigration kFirst{"0001_first.sql", "CREATE TABLE kstati.first (n integer);"};
constexpr PostgresMigration kSecond{"0002_second.sql", "ALTER TABLE kstati.first ADD m integer;"};

class PostgresMigrations : public testing::Test {
 protected:
  PostgresMigrations() {
    static int made = 0;
    name_ = "migrated" + std::to_string(++made);
    MakeDatabase(SharedServer(), name_);
  }
  Result<std::vector<std::string>> Apply(const std::vector<PostgresMigration>& migrations) {
    const auto connection = PostgresConnection::Open(PostgresAt(SharedServer(), name_));
    EXPECT_THAT(connection, IsOk());
    return ApplyMigrations(**connection, migrations);
  }

  std::string name_;
};

TEST_F(PostgresMigrations, ApplyOnceInOrder) {
  EXPECT_THAT(Apply({kFirst}).value(), testing::ElementsAre("0001_first.sql"));
  EXPECT_THAT(Apply({kFirst}).value(), testing::IsEmpty());
  EXPECT_THAT(Apply({kFirst, kSecond}).value(), testing::ElementsAre("0002_second.sql"));
  EXPECT_THAT(Apply({kFirst, kSecond}).value(), testing::IsEmpty());
  SharedServer().Run(name_, "INSERT INTO kstati.first VALUES (1, 2)");
}

// What orders entries without a number changed once; those of before come first.
TEST_F(PostgresMigrations, EntriesThatWaitAreNumberedBeforeTheirOrderChanges) {
  const std::span<const PostgresMigration> all = PartitionMigrations();
  const auto change = std::ranges::find_if(
      all, [](const PostgresMigration& each) { return each.name == "0009_one_moment.sql"; });
  ASSERT_NE(change, all.end());
  ASSERT_THAT(Apply({all.begin(), change}), IsOk());
  const auto append = [this](const std::string& entries) {
    SharedServer().Run(name_, "SELECT kstati.append(7, ARRAY['a', 'a'], ARRAY[" + entries + "])");
  };
  append("'1'::bytea, '2'");
  append("'3'::bytea, '4'");
  ASSERT_THAT(Apply({all.begin(), all.end()}), IsOk());
  append("'5'::bytea, '6'");
  append("'7'::bytea, '8'");
  SharedServer().Run(name_, "SELECT kstati.order_logs(7)");
  SharedServer().Run(name_,
                     "DO $$ BEGIN ASSERT (SELECT string_agg(value, '' ORDER BY sequence)"
                     " FROM kstati.log WHERE home = 7) = '12345678'::bytea; END $$");
}

TEST_F(PostgresMigrations, ChangedFileIsRefused) {
  ASSERT_THAT(Apply({kFirst}), IsOk());
  const auto outcome = Apply({{"0001_first.sql", "CREATE TABLE kstati.other (n integer);"}});
  ASSERT_THAT(outcome, FailsWith(ErrorCode::kUnsupported));
  EXPECT_THAT(outcome.error().message, testing::HasSubstr("0001_first.sql"));
}

TEST_F(PostgresMigrations, NewerSchemaIsRefusedAndLeftAlone) {
  ASSERT_THAT(Apply({kFirst, kSecond}), IsOk());
  const auto outcome = Apply({kFirst});
  ASSERT_THAT(outcome, FailsWith(ErrorCode::kUnsupported));
  EXPECT_THAT(outcome.error().remedy, testing::HasSubstr("newer version"));
}

TEST_F(PostgresMigrations, FailedOneLeavesNothingAndIsNamed) {
  const PostgresMigration broken{"0002_broken.sql", "CREATE TABLE kstati.half (n integer); oops;"};
  const auto outcome = Apply({kFirst, broken});
  ASSERT_FALSE(outcome.has_value());
  EXPECT_THAT(outcome.error().place, testing::HasSubstr("0002_broken.sql"));
  EXPECT_THAT(Apply({kFirst, {"0002_whole.sql", "CREATE TABLE kstati.half (n integer);"}}).value(),
              testing::ElementsAre("0002_whole.sql"));
}

TEST_F(PostgresMigrations, SeveralAtATimeApplyEachOnce) {
  constexpr int kThreads = 4;
  std::atomic<size_t> applied = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      const auto names = Apply({kFirst, kSecond});
      ASSERT_THAT(names, IsOk());
      applied += names->size();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(applied, 2u);
}

TEST_F(PostgresMigrations, EngineRefusesAnOlderSchema) {
  ASSERT_THAT(MigratePostgres(PostgresAt(SharedServer(), name_)), IsOk());
  SharedServer().Run(name_, "DELETE FROM kstati.schema_migration WHERE name > '0002'");
  const auto engine = OpenPostgres(PostgresAt(SharedServer(), name_));
  ASSERT_THAT(engine, FailsWith(ErrorCode::kUnsupported));
  EXPECT_THAT(engine.error().remedy, testing::HasSubstr("kstati store migrate"));
}

TEST_F(PostgresMigrations, ProxyWithoutItsExtensionSaysSo) {
  const auto outcome = MigratePostgres(PostgresAt(SharedServer(), name_, PostgresMode::kPlProxy));
  ASSERT_THAT(outcome, FailsWith(ErrorCode::kUnsupported));
  EXPECT_THAT(outcome.error().remedy, testing::HasSubstr("CREATE EXTENSION plproxy"));
}

}  // namespace
}  // namespace kstati::profile
