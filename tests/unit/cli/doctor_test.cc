// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "cli/doctor_drift.h"
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

using recommender::evaluation::ModelMonth;

ModelMonth MonthOf(int month, bool settled = true) {
  ModelMonth made;
  made.first = Date::Of(2026, month, 1);
  made.people = 500;
  made.judged = true;
  made.settled = settled;
  made.stability = 0.04;
  made.forecast = 0.1;
  made.taken = {0.11, 0.08, 0.14};
  return made;
}

TEST(DoctorDriftTest, AModelThatIsAsItWasIsFine) {
  const Finding finding = DriftIn({MonthOf(1), MonthOf(2), MonthOf(3, false)});
  EXPECT_EQ(finding.health, Health::kOk);
  EXPECT_NE(finding.state.find("2026-03: stability index 0.04"), std::string::npos);
  EXPECT_NE(finding.state.find("2026-02: forecast 0.1000"), std::string::npos) << finding.state;
}

TEST(DoctorDriftTest, ScoresThatMovedAreNamed) {
  ModelMonth moved = MonthOf(2, false);
  moved.stability = 0.6;
  moved.drifted = true;
  const Finding finding = DriftIn({MonthOf(1), moved});
  EXPECT_EQ(finding.health, Health::kWarning);
  EXPECT_TRUE(finding.state.starts_with("its scores have moved")) << finding.state;
  EXPECT_NE(finding.advice.find("kstati model drift"), std::string::npos);
}

TEST(DoctorDriftTest, AForecastThatDoesNotHoldIsNamedAlsoWhileALaterMonthIsNotSettled) {
  ModelMonth wrong = MonthOf(1);
  wrong.miscalibrated = true;
  const Finding finding = DriftIn({wrong, MonthOf(2, false)});
  EXPECT_EQ(finding.health, Health::kWarning);
  EXPECT_TRUE(finding.state.starts_with("its forecast does not hold")) << finding.state;
}

TEST(DoctorDriftTest, AThinMonthIsPassedOverAndNothingIsSaidOfThinOnesAlone) {
  ModelMonth thin = MonthOf(3, false);
  thin.judged = false;
  thin.stability = 0.45;
  EXPECT_NE(DriftIn({MonthOf(2), thin}).state.find("2026-02: stability"), std::string::npos);
  const Finding alone = DriftIn({thin});
  EXPECT_EQ(alone.health, Health::kOk);
  EXPECT_NE(alone.state.find("too few people"), std::string::npos);
}

}  // namespace
}  // namespace kstati::cli
