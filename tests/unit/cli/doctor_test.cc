// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "cli/store_opening.h"
#include "profile/store.h"
#include "tests/unit/profile/profile_fixtures.h"

namespace kstati::cli {
namespace {

class DoctorTest : public ::testing::Test {
 protected:
  DoctorTest() {
    config_.Set("store.folder", folder_ / "store", "test");
    config_.Set("catalogue.folder", folder_ / "none", "test");
  }

  // A store whose only entry of the ledger was made then.
  void MakeStore(Instant made_at) {
    const auto key = OpenLedgerKey(config_);
    ASSERT_TRUE(key) << key.error().ToString();
    auto engine = Open(&*key);
    ASSERT_TRUE(engine) << engine.error().ToString();
    auto keys = OpenKeys(config_, **engine);
    ASSERT_TRUE(keys) << keys.error().ToString();
    profile::Store store(std::move(*engine), std::move(*keys));
    profile::Transaction transaction(made_at);
    profile::RegistryEvent event;
    event.key = {RegistryId("fns_erns"), EventId("1")};
    event.type = EventTypeId(std::string(profile::kFactsOnly));
    event.subject = CitizenId(1);
    event.occurred_on = Date::Of(2026, 3, 16);
    transaction.Record(event);
    transaction.Enter(CitizenId(1), profile::ledger::EntryKind::kAccess, {{"call", "profile"}});
    const auto committed = store.Commit(transaction);
    ASSERT_TRUE(committed) << committed.error().ToString();
  }

  Result<std::unique_ptr<profile::Engine>> Open(const profile::ledger::SigningKey* key) const {
    return OpenEngine(config_, *StorePlace::Configured(config_), key, WitnessFile(config_));
  }

  Finding Found(const std::string& item) const {
    const std::vector<Finding> findings = Examine(config_);
    const auto found = std::ranges::find(findings, item, &Finding::item);
    EXPECT_NE(found, findings.end()) << item;
    return found == findings.end() ? Finding() : *found;
  }

  profile::TemporaryFolder folder_;
  Config config_;
};

TEST_F(DoctorTest, AClockBehindTheLedgerIsAProblem) {
  MakeStore(*Instant::Parse("2099-01-01T00:00:00Z"));
  const Finding clock = Found("clock");
  EXPECT_EQ(clock.health, Health::kProblem);
  EXPECT_NE(clock.state.find("2099-01-01T00:00:00"), std::string::npos) << clock.state;
  EXPECT_EQ(Found("store").health, Health::kOk);
}

TEST_F(DoctorTest, AClockAheadOfTheLedgerIsFine) {
  MakeStore(*Instant::Parse("2026-03-16T09:00:00Z"));
  EXPECT_EQ(Found("clock").health, Health::kOk);
}

// The bytes that acknowledged changes were in are gone, as after damage to the log.
TEST_F(DoctorTest, AStoreThatLostItsLastChangesIsNamed) {
  MakeStore(*Instant::Parse("2026-03-16T09:00:00Z"));
  std::filesystem::remove_all(folder_ / "store");
  const Finding store = Found("store");
  EXPECT_EQ(store.health, Health::kProblem);
  EXPECT_NE(store.state.find("witness has seen"), std::string::npos) << store.state;
}

TEST_F(DoctorTest, AStoreThatAnotherProgramHasOpenIsNamed) {
  MakeStore(*Instant::Parse("2026-03-16T09:00:00Z"));
  const auto opened = Open(nullptr);
  ASSERT_TRUE(opened) << opened.error().ToString();
  EXPECT_EQ(Found("store").health, Health::kProblem);
}

}  // namespace
}  // namespace kstati::cli
