// SPDX-License-Identifier: Apache-2.0
//
// Registries are asked on a consent of the person's.
//
//   Anna consents ──> her facts are asked for ──> it waits behind Boris's ──> Anna revokes
//                                                                              └──> nobody is asked
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <vector>

#include "cases/inquiries.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

using cases::AskedSource;
using ::testing::ElementsAre;

const AttributeId kEmployed("person.employed");

// Answers that it has no record, about one person only when it is let go.
class SlowSource : public sources::FactSource {
 public:
  explicit SlowSource(CitizenId waits_for) : waits_for_(waits_for) {
    terms_.name = "mart";
    terms_.registry = RegistryId("sfr_ils");
    terms_.attributes = {kEmployed};
    terms_.latency = std::chrono::milliseconds(1);
  }

  const sources::SourceTerms& terms() const override { return terms_; }
  Result<sources::Answer> Ask(const sources::Question& question,
                              std::chrono::steady_clock::time_point) const override {
    std::unique_lock lock(mutex_);
    asked_.push_back(question.citizen);
    changed_.notify_all();
    changed_.wait(lock, [&] { return question.citizen != waits_for_ || let_go_; });
    return sources::Answer();
  }
  Result<void> Reach(std::chrono::milliseconds) const override { return {}; }

  void AwaitCall() const {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !asked_.empty(); });
  }
  void LetGo() {
    const std::lock_guard lock(mutex_);
    let_go_ = true;
    changed_.notify_all();
  }
  std::vector<CitizenId> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  const CitizenId waits_for_;
  sources::SourceTerms terms_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  mutable std::vector<CitizenId> asked_;
  bool let_go_ = false;
};

class AskingTest : public ::testing::Test {
 protected:
  AskingTest() {
    for (const char* name : {"anna", "boris", "vera"}) {
      town.Resident(name, "1990-05-20", "female", {{"person.citizenship_rf", "true"}});
    }
    auto source = std::make_unique<SlowSource>(town.Number("boris"));
    source_ = source.get();
    std::vector<std::unique_ptr<sources::FactSource>> all;
    all.push_back(std::move(source));
    gatherer_ = std::make_unique<sources::Gatherer>(std::move(all), *town.world().clock,
                                                    sources::Gatherer::Options());
    uses_ = std::make_unique<profile::AccessLog>(*town.world().store, *town.world().clock);
    inquiries_ = std::make_unique<cases::Inquiries>(
        town.world(), *uses_, *gatherer_,
        cases::Inquiries::Options{.workers = 1, .waiting_max = 10});
  }

  std::vector<AskedSource> Ask(const std::string& name, std::chrono::milliseconds wait) {
    return inquiries_->Ask({{town.Number(name), kEmployed}}, {}, wait);
  }

  // How often the ledger of the person says that a source was asked.
  size_t Entered(const std::string& name) {
    size_t count = 0;
    const auto deeds = town.world().store->Deeds(town.Number(name), 0, SIZE_MAX);
    for (const profile::DeedOfCitizen& deed : *deeds) {
      const auto call = deed.content.find("call");
      count += call != deed.content.end() && call->second == "source_asked" ? 1 : 0;
    }
    return count;
  }

  Town town{"2026-03-16"};
  SlowSource* source_ = nullptr;
  std::unique_ptr<sources::Gatherer> gatherer_;
  std::unique_ptr<profile::AccessLog> uses_;
  std::unique_ptr<cases::Inquiries> inquiries_;
};

TEST_F(AskingTest, NobodyIsAskedOnAConsentThatWasRevokedMeanwhile) {
  const ConsentId consent = town.Consents("anna");
  for (const char* name : {"boris", "vera"}) town.Consents(name);
  Ask("boris", std::chrono::milliseconds(0));
  source_->AwaitCall();  // and it keeps the only thread
  const std::vector<AskedSource> queued = Ask("anna", std::chrono::milliseconds(0));
  ASSERT_EQ(queued.size(), 1u);
  EXPECT_EQ(queued[0].state, AskedSource::State::kBeingAsked);
  EXPECT_TRUE(town.Revokes("anna", consent));
  source_->LetGo();
  Ask("vera", std::chrono::seconds(10));  // behind Anna
  EXPECT_THAT(source_->asked(), ElementsAre(town.Number("boris"), town.Number("vera")));
  EXPECT_EQ(Entered("anna"), 0u);
  EXPECT_EQ(Entered("vera"), 1u);
}

TEST_F(AskingTest, OnAConsentThatStandsTheSourceIsAskedAndTheLedgerSaysSo) {
  town.Consents("anna");
  source_->LetGo();
  const std::vector<AskedSource> asked = Ask("anna", std::chrono::seconds(5));
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].state, AskedSource::State::kNoRecord);
  EXPECT_EQ(Entered("anna"), 1u);
}

}  // namespace
}  // namespace kstati::scenarios
