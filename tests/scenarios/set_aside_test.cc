// SPDX-License-Identifier: Apache-2.0
//
// The master key of some people is not at hand. The work for all the others goes on, and theirs is
// done when the key is back.
//
//   key-1: girl, mother      key-2: neighbour, boy
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <mutex>
#include <set>

#include "cases/calendar_sweep.h"
#include "cases/clock_keeping.h"
#include "cases/clock_watch.h"
#include "cases/consenting.h"
#include "cases/delivering.h"
#include "cases/due_steps.h"
#include "cases/work_queue.h"
#include "profile/master_key_file.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

using cases::WorkQueue;

constexpr const char* kLog = "errands";
constexpr int64_t kMinute = 60;

class SetAsideTest : public ::testing::Test {
 protected:
  SetAsideTest() {
    std::filesystem::remove_all(folder_);
    town_ = std::make_unique<Town>("2026-03-16", folder_.string());
    Settle("girl");
    Settle("mother");
    EXPECT_TRUE(profile::AddMasterKey(KeyFile(), "key-2"));
    town_->Restart();
    Settle("neighbour");
    Settle("boy");
  }
  ~SetAsideTest() override {
    town_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::string KeyFile() const { return folder_ / "master.keys"; }
  void Settle(const std::string& name) {
    town_->Resident(name, "2012-03-17", "female", {{"person.citizenship_rf", "true"}});
    profile::Transaction transaction(town_->world().Now());
    transaction.AppendLog(town_->Number(name), kLog, name);
    EXPECT_TRUE(town_->world().store->Commit(transaction));
  }
  void LoseTheFirstKey() {
    std::ifstream file(KeyFile());
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    whole_file_ = lines;
    std::erase_if(lines, [](const std::string& line) { return line.starts_with("key-1"); });
    ASSERT_LT(lines.size(), whole_file_.size());
    Write(lines);
    town_->Restart();
  }
  void FindTheFirstKey() {
    Write(whole_file_);
    town_->Restart();
  }
  void Write(const std::vector<std::string>& lines) const {
    std::ofstream file(KeyFile());
    for (const std::string& line : lines) file << line << "\n";
  }
  cases::World& world() { return town_->world(); }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("kstati-set-aside-" + std::to_string(getpid()));
  std::unique_ptr<Town> town_;
  std::vector<std::string> whole_file_;
};

TEST_F(SetAsideTest, AnEntryThatDoesNotOpenKeepsNobodyWaitingBehindIt) {
  LoseTheFirstKey();
  std::vector<std::string> done;
  const auto act = [&](std::string_view entry) {
    done.emplace_back(entry);
    return WorkQueue::Outcome::kDone;
  };
  WorkQueue queue(world(), kLog, "errand");
  queue.Run(act);
  EXPECT_EQ(done, (std::vector<std::string>{"neighbour", "boy"}));
  EXPECT_EQ(queue.set_aside(), 2u);
  town_->SetBack(-2 * kMinute);
  queue.Run(act);
  EXPECT_EQ(queue.set_aside(), 2u) << "the key is still not there";
  EXPECT_EQ(done.size(), 2u) << "what was done is not done again";
  FindTheFirstKey();
  WorkQueue after_restart(world(), kLog, "errand");
  done.clear();
  after_restart.Run(act);
  EXPECT_EQ(done, (std::vector<std::string>{"girl", "mother", "neighbour", "boy"}));
}

// The keys come back while the process runs, as from a service that keeps them.
TEST_F(SetAsideTest, WhatWasSetAsideIsDoneOnceTheKeyIsBack) {
  LoseTheFirstKey();
  std::vector<std::string> done;
  const auto act = [&](std::string_view entry) {
    done.emplace_back(entry);
    return entry == "mother" ? WorkQueue::Outcome::kNotYet : WorkQueue::Outcome::kDone;
  };
  WorkQueue queue(world(), kLog, "errand");
  queue.Run(act);
  ASSERT_EQ(queue.set_aside(), 2u);
  FindTheFirstKey();  // the queue's world has another store now
  done.clear();
  queue.Run(act);
  EXPECT_TRUE(done.empty()) << "not before a minute has passed";
  town_->SetBack(-2 * kMinute);
  queue.Run(act);
  EXPECT_EQ(done, (std::vector<std::string>{"girl", "mother"}));
  EXPECT_EQ(queue.set_aside(), 1u) << "what has time stays";
}

TEST_F(SetAsideTest, TheCalendarGoesOnWithoutThem) {
  {
    cases::CalendarSweep sweep(world());
    while (*sweep.Step(1) == cases::SweepState::kUnderWay) {
    }
  }
  LoseTheFirstKey();
  town_->AdvanceTo("2026-03-17");
  cases::CalendarSweep sweep(world());
  for (int steps = 0; steps < 10; ++steps) ASSERT_TRUE(sweep.Step(1));
  EXPECT_EQ(sweep.set_aside(), 2u);
  for (const char* name : {"neighbour", "boy"}) {
    EXPECT_EQ(town_->StatusOf(name, "passport_first_14"), "offered") << name;
  }
  town_->AdvanceTo("2026-03-18");
  for (int steps = 0; steps < 10; ++steps) ASSERT_TRUE(sweep.Step(1)) << "the next day too";
  FindTheFirstKey();
  cases::CalendarSweep after_restart(world());
  for (int steps = 0; steps < 10; ++steps) ASSERT_TRUE(after_restart.Step(1));
  EXPECT_EQ(after_restart.set_aside(), 0u);
  for (const char* name : {"girl", "mother", "neighbour", "boy"}) {
    EXPECT_EQ(town_->StatusOf(name, "passport_first_14"), "offered") << name;
  }
}

// Each has a case whose term of two working days began on the 16th.
class ClocksSetAsideTest : public SetAsideTest {
 protected:
  ClocksSetAsideTest() {
    world().calendars = KeptBySocialFund({"2026-03-19"});
    for (const char* name : kAll) Start(name);
    LoseTheFirstKey();
  }

  void Start(const char* name) {
    const auto opened = cases::Retry(world(), [&](cases::Draft& draft) -> Result<cases::Case> {
      cases::Case c;
      c.citizen = c.about = town_->Number(name);
      c.service = ServiceId("snils_newborn");
      c.status = cases::Status::kStarted;
      c.clock_started_at = draft.now();
      c.term = Term{2, TermUnit::kWorkingDays};
      c.calendar = "social_fund";
      return draft.Open(std::move(c), "case.reason.applied");
    });
    ASSERT_TRUE(opened) << opened.error().ToString();
  }

  static std::shared_ptr<const graph::Calendars> KeptBySocialFund(
      const std::vector<const char*>& closed) {
    WorkingCalendar::Year year;
    year.year = 2026;
    for (const char* day : closed) year.days_off.insert(*Date::Parse(day));
    graph::OtherCalendar other;
    other.id = "social_fund";
    other.authorities = {"sfr"};
    other.region = "77";
    other.calendar = WorkingCalendar({year});
    return std::make_shared<const graph::Calendars>(std::vector<graph::OtherCalendar>{other});
  }

  std::string LastMarkOf(const char* name) {
    cases::Draft draft(world(), world().Now());
    const auto cases = draft.Cases(town_->Number(name));
    const auto clock = cases::ClockOf(draft, town_->Number(name), cases->front().id);
    return std::string(NameOf((*clock)->entries.back().mark));
  }

  static constexpr const char* kAll[] = {"girl", "mother", "neighbour", "boy"};
};

TEST_F(ClocksSetAsideTest, TheOthersAreToldOfTheirs) {
  town_->AdvanceTo("2026-03-25");
  cases::Telling telling(world());
  const auto next = telling.Step();
  ASSERT_TRUE(next) << next.error().ToString();
  EXPECT_EQ(telling.set_aside(), 2u);
  EXPECT_EQ(LastMarkOf("neighbour"), "breach_told");
  EXPECT_EQ(LastMarkOf("boy"), "breach_told");
  FindTheFirstKey();
  ASSERT_TRUE(telling.Step());
  EXPECT_EQ(telling.set_aside(), 2u) << "not before a minute has passed";
  town_->SetBack(-2 * kMinute);
  ASSERT_TRUE(telling.Step());
  EXPECT_EQ(telling.set_aside(), 0u);
  for (const char* name : kAll) EXPECT_EQ(LastMarkOf(name), "breach_told") << name;
}

TEST_F(ClocksSetAsideTest, TheOthersAreCountedByTheNewCalendar) {
  const auto count = [](cases::Recounting& recounting) {
    for (int steps = 0; steps < 10; ++steps) {
      const auto more = recounting.Step();
      ASSERT_TRUE(more) << more.error().ToString();
      if (!*more) return;
    }
    FAIL() << "it has no end";
  };
  world().calendars = KeptBySocialFund({"2026-03-17"});
  cases::Recounting recounting(world());
  count(recounting);
  EXPECT_EQ(recounting.set_aside(), 2u);
  EXPECT_EQ(LastMarkOf("neighbour"), "recounted");
  EXPECT_EQ(LastMarkOf("boy"), "recounted");
  EXPECT_FALSE(*world().store->GetMark("clock_calendar")) << "it is not done";
  FindTheFirstKey();
  cases::Recounting after_restart(world());
  count(after_restart);
  for (const char* name : kAll) EXPECT_EQ(LastMarkOf(name), "recounted") << name;
  EXPECT_TRUE(*world().store->GetMark("clock_calendar"));
}

// Takes every message and notes whose it was.
class OpenChannel final : public delivery::Channel {
 public:
  explicit OpenChannel(std::multiset<CitizenId>& reached) : reached_(reached) {}

  std::string_view name() const override { return "open"; }
  delivery::Reply Deliver(const delivery::Message& message) const override {
    const std::lock_guard lock(mutex_);
    reached_.insert(message.citizen);
    return {delivery::Reception::kAccepted, ""};
  }
  Result<void> Reach(std::chrono::milliseconds) const override { return {}; }

 private:
  std::multiset<CitizenId>& reached_;
  mutable std::mutex mutex_;
};

TEST_F(SetAsideTest, MessagesOfTheOthersGoOutAndTheirsOnceTheKeyIsBack) {
  town_->AdvanceTo("2026-03-17");
  {
    cases::CalendarSweep sweep(world());
    while (*sweep.Step(10) == cases::SweepState::kUnderWay) {
    }
  }
  std::vector<Issue> issues;
  const Messages messages =
      Messages::Load(std::string(KSTATI_SOURCE_DIR) + "/data/messages", issues);
  std::multiset<CitizenId> reached;
  const auto deliver = [&] {
    cases::Delivering::Channels channels;
    channels.push_back(std::make_unique<OpenChannel>(reached));
    cases::Delivering delivering(world(), messages, std::move(channels), {});
    while (delivering.Step()) {
    }
    return delivering.waiting();
  };
  LoseTheFirstKey();
  EXPECT_EQ(deliver(), 2u);
  EXPECT_EQ(reached.count(town_->Number("boy")), 1u);
  EXPECT_EQ(reached.count(town_->Number("neighbour")), 1u);
  EXPECT_EQ(reached.size(), 2u);
  EXPECT_EQ(deliver(), 2u) << "after a restart they are not forgotten";
  FindTheFirstKey();
  EXPECT_EQ(deliver(), 0u);
  for (const char* name : {"girl", "mother", "neighbour", "boy"}) {
    EXPECT_EQ(reached.count(town_->Number(name)), 1u) << name;
  }
}

}  // namespace
}  // namespace kstati::scenarios
