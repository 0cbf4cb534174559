// SPDX-License-Identifier: Apache-2.0
//
// A case that lacks what a registry knows has it asked, without anybody's command.
//
//   the mother applies ──> handed over ──> waits for the son's citizenship
//                                            └──> the passport register is asked ──> granted
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <thread>

#include "cases/case_inquiries.h"
#include "cases/consenting.h"
#include "cases/deciding.h"
#include "cases/due_steps.h"
#include "cases/erasure.h"
#include "cases/scheduler.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

const AttributeId kCitizenship("person.citizenship_rf");
constexpr const char* kAppliedFor = "snils_newborn";

// Knows that everybody is a citizen; is away until it is there.
class PassportRegister : public sources::FactSource {
 public:
  explicit PassportRegister(bool is_there) : is_there_(is_there) {
    terms_.name = "passports";
    terms_.registry = RegistryId("mvd_pass");
    terms_.attributes = {kCitizenship};
    terms_.latency = std::chrono::milliseconds(1);
  }

  const sources::SourceTerms& terms() const override { return terms_; }
  Result<sources::Answer> Ask(const sources::Question&,
                              std::chrono::steady_clock::time_point) const override {
    ++asked_;
    if (!is_there_) return Fail(ErrorCode::kUnavailable, "nobody is there", {}, "ask again");
    return sources::Answer{{kCitizenship, true, {Date::Of(2026, 3, 1), std::nullopt}}};
  }
  Result<void> Reach(std::chrono::milliseconds) const override { return {}; }

  void Come() { is_there_ = true; }
  int asked() const { return asked_; }

 private:
  sources::SourceTerms terms_;
  std::atomic<bool> is_there_;
  mutable std::atomic<int> asked_ = 0;
};

class CaseAskingTest : public ::testing::Test {
 protected:
  CaseAskingTest() {
    town.Resident("mother", "1995-05-20", "female",
                  {{"person.citizenship_rf", "true"},
                   {"person.lives_in_rf", "true"},
                   {"person.region_code", "77"}});
    town.Resident("father", "1993-02-11", "male", {{"person.citizenship_rf", "true"}});
    EXPECT_TRUE(town.Submit(town.BirthEvent("son", "mother", "father")));
  }

  void Open(bool is_there) {
    auto source = std::make_unique<PassportRegister>(is_there);
    register_ = source.get();
    std::vector<std::unique_ptr<sources::FactSource>> all;
    all.push_back(std::move(source));
    gatherer_ = std::make_unique<sources::Gatherer>(
        std::move(all), *town.world().clock,
        sources::Gatherer::Options{.attempts_max = 1, .rest = std::chrono::milliseconds(1)});
    uses_ = std::make_unique<profile::AccessLog>(*town.world().store, *town.world().clock);
    inquiries_ = std::make_unique<cases::Inquiries>(
        town.world(), *uses_, *gatherer_,
        cases::Inquiries::Options{.workers = 2, .waiting_max = 10});
  }

  CaseId Apply() {
    const auto applied =
        town.desk().Apply(town.Number("mother"), ServiceId(kAppliedFor), town.Number("son"));
    EXPECT_TRUE(applied) << (applied ? "" : applied.error().ToString());
    return applied->id;
  }

  // A case that waits for a registry; nobody was asked yet.
  CaseId Waiting() {
    const CaseId id = Apply();
    EXPECT_TRUE(town.desk().HandOver(town.Number("mother"), id));
    EXPECT_TRUE(cases::DecideCase(town.world(), town.Number("mother"), id, cases::Wait::kGoesOn));
    EXPECT_EQ(Status(), "inter_agency");
    return id;
  }

  std::string Status() { return town.StatusOf("mother", kAppliedFor); }

  // What threads of their own do is done within this time.
  static bool Becomes(const std::function<bool()>& holds) {
    for (int i = 0; i < 1'000 && !holds(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return holds();
  }

  Town town{"2026-03-16"};
  PassportRegister* register_ = nullptr;
  std::unique_ptr<sources::Gatherer> gatherer_;
  std::unique_ptr<profile::AccessLog> uses_;
  std::unique_ptr<cases::Inquiries> inquiries_;
};

TEST_F(CaseAskingTest, TheRunningServerAsksWithoutACommandAndTheAnswerDecides) {
  Open(true);
  Apply();
  const cases::Scheduler scheduler(town.world(), town.desk(), inquiries_.get(), 0);
  EXPECT_TRUE(Becomes([&] { return Status() == "granted"; })) << Status();
  EXPECT_EQ(register_->asked(), 1);
}

TEST_F(CaseAskingTest, WhoDidNotAnswerIsAskedAgainAfterAPauseWhileTheCaseWaits) {
  Open(false);
  const CaseId id = Waiting();
  cases::CaseInquiries asking(town.world(), inquiries_.get());
  asking.Waits(town.Number("mother"), id);
  EXPECT_FALSE(asking.Run());
  ASSERT_TRUE(Becomes([&] { return register_->asked() == 1; }));
  asking.Run();
  EXPECT_EQ(asking.waiting(), 1u);
  register_->Come();
  town.AdvanceTo("2026-03-17");
  std::this_thread::sleep_for(std::chrono::milliseconds(20));  // until the register rests no more
  asking.Run();
  EXPECT_TRUE(Becomes([&] { return Status() == "granted"; })) << Status();
  town.AdvanceTo("2026-03-18");
  asking.Run();
  EXPECT_EQ(asking.waiting(), 0u) << "it waits for nothing more";
  EXPECT_EQ(register_->asked(), 2);
}

TEST_F(CaseAskingTest, AfterARestartWhoStillWaitsIsAskedForAndNobodyElse) {
  Open(true);
  const CaseId id = Waiting();
  size_t told = 0;
  cases::CaseInquiries asking(town.world(), inquiries_.get());
  cases::DueSteps steps(town.world(), 0, [&](CitizenId citizen, const CaseId& of) {
    EXPECT_EQ(of, id);
    ++told;
    asking.Waits(citizen, of);
  });
  steps.Run();
  EXPECT_EQ(told, 1u) << "the log of waits tells it";
  asking.Run();
  EXPECT_TRUE(Becomes([&] { return Status() == "granted"; })) << Status();
  cases::CaseInquiries anew(town.world(), inquiries_.get());
  anew.Waits(town.Number("mother"), id);
  anew.Run();
  EXPECT_EQ(anew.waiting(), 0u);
  EXPECT_EQ(register_->asked(), 1);
}

TEST_F(CaseAskingTest, ACaseOnAConsentForItsSituationHasTheRegistryAskedOnIt) {
  Open(true);
  const CaseId id = Waiting();
  town.Report("son", {{"person.birth_date", "2026-03-14"}});
  const auto own = town.Consents("mother", "", "child_birth");
  const auto sons = cases::Retry(town.world(), [&](cases::Draft& draft) {
    profile::ConsentGrant grant;
    grant.citizen = town.Number("son");
    grant.by.who = town.Number("mother");
    grant.scope.situation = SituationId("child_birth");
    grant.valid.from = town.today();
    grant.evidence = {"1", "ru", "portal"};
    return cases::GrantConsent(draft, grant);
  });
  ASSERT_TRUE(sons) << sons.error().ToString();
  const auto rests = [&](const char* situation) {
    return cases::Retry(town.world(), [&](cases::Draft& draft) -> Result<cases::Case> {
      KSTATI_TRY(cases::Case c, cases::RequireCase(draft, town.Number("mother"), id));
      c.consent = own;
      c.situation = SituationId(situation);
      KSTATI_TRY_VOID(draft.Keep(c));
      return c;
    });
  };
  cases::CaseInquiries asking(town.world(), inquiries_.get());
  ASSERT_TRUE(rests("job_loss"));
  asking.Waits(town.Number("mother"), id);
  asking.Run();
  EXPECT_EQ(register_->asked(), 0) << "nobody consented to that";
  ASSERT_TRUE(rests("child_birth"));
  asking.Waits(town.Number("mother"), id);
  asking.Run();
  EXPECT_TRUE(Becomes([&] { return Status() == "granted"; })) << Status();
  EXPECT_EQ(register_->asked(), 1);
}

TEST_F(CaseAskingTest, NobodyIsAskedAboutWhomTheStoreForgot) {
  Open(false);
  const CaseId id = Waiting();
  cases::CaseInquiries asking(town.world(), inquiries_.get());
  asking.Waits(town.Number("mother"), id);
  ASSERT_TRUE(town.desk().EraseAll(town.Number("son")));
  asking.Run();
  EXPECT_EQ(asking.waiting(), 0u);
  EXPECT_EQ(register_->asked(), 0);
}

TEST_F(CaseAskingTest, WithoutSourcesNobodyIsAskedAndTheCaseWaitsAsBefore) {
  const CaseId id = Waiting();
  cases::CaseInquiries asking(town.world(), nullptr);
  asking.Waits(town.Number("mother"), id);
  EXPECT_FALSE(asking.Run());
  EXPECT_EQ(asking.waiting(), 0u);
  EXPECT_EQ(Status(), "inter_agency");
}

}  // namespace
}  // namespace kstati::scenarios
