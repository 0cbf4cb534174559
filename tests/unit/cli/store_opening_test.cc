// SPDX-License-Identifier: Apache-2.0
#include "cli/store_opening.h"

#include <gtest/gtest.h>

namespace kstati::cli {
namespace {

TEST(StorePlace, SaysEngineAndPlace) {
  const auto folder = StorePlace::Parse("rocksdb:var/store");
  ASSERT_TRUE(folder.has_value());
  EXPECT_EQ(folder->kind, StorePlace::Kind::kRocksDb);
  EXPECT_EQ(folder->where, "var/store");
  EXPECT_EQ(StorePlace::Parse("postgres:host=db1 dbname=kstati")->kind,
            StorePlace::Kind::kPostgres);
  EXPECT_EQ(StorePlace::Parse("plproxy:dbname=x")->ToString(), "plproxy:dbname=x");
  for (const char* text : {"", "rocksdb:", "rocksdb", "var/store", "mysql:x"}) {
    const auto refused = StorePlace::Parse(text);
    ASSERT_FALSE(refused.has_value()) << text;
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
    EXPECT_FALSE(refused.error().remedy.empty());
  }
}

TEST(StorePlace, IsTheConfiguredOne) {
  Config config;
  config.Set("store.folder", "here", "test");
  EXPECT_EQ(StorePlace::Configured(config)->ToString(), "rocksdb:here");
  config.Set("store.engine", "postgresql", "test");
  EXPECT_EQ(StorePlace::Configured(config).error().code, ErrorCode::kInvalidArgument);
  config.Set("store.postgresql", "dbname=x", "test");
  EXPECT_EQ(StorePlace::Configured(config)->ToString(), "postgres:dbname=x");
  config.Set("store.postgresql_mode", "plproxy", "test");
  EXPECT_EQ(StorePlace::Configured(config)->ToString(), "plproxy:dbname=x");
}

TEST(StorePlace, PasswordInItIsRefusedAndNotRepeated) {
  for (const char* place : {"dbname=x password=oyster", "postgresql://me:oyster@db/x",
                            "dbname=x sslpassword=oyster", "dbname=x passwort=oyster"}) {
    const auto options = PostgresAt(Config(), {StorePlace::Kind::kPostgres, place});
    ASSERT_FALSE(options.has_value()) << place;
    EXPECT_EQ(options.error().ToString().find("oyster"), std::string::npos);
  }
  EXPECT_TRUE(PostgresAt(Config(), {StorePlace::Kind::kPostgres, "dbname=x user=me"}));
}

TEST(FilesOfAStore, LieBesideItsFolder) {
  Config config;
  config.Set("store.folder", "var/store/", "test");
  EXPECT_EQ(MasterKeyFile(config), "var/store.keys");
  EXPECT_EQ(ErasuresFile(config), "var/store.erased");
  config.Set("ledger.witness_file", "/elsewhere/seen", "test");
  EXPECT_EQ(WitnessFile(config), "/elsewhere/seen");
}

}  // namespace
}  // namespace kstati::cli
