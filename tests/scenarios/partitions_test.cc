// SPDX-License-Identifier: Apache-2.0
//
// A family lives in two partitions. The birth of a child is recorded with the child, its facts
// travel to the parents, and what follows is decided when all have arrived; whatever dies in
// between.
//
//   partition 0: mother (even number)      partition 1: father, son (odd numbers)
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <optional>
#include <set>

#include "cases/calendar_sweep.h"
#include "cases/consenting.h"
#include "cases/draft.h"
#include "tests/scenarios/town.h"
#include "tests/unit/profile/partitioned_engine.h"

namespace kstati::scenarios {
namespace {

using profile::PartitionedEngine;

// The engine that was opened last; a test steps in through it.
PartitionedEngine* engine_of_town = nullptr;
// What happens to commits of the engine that is opened next.
PartitionedEngine::StepIn next_before;
PartitionedEngine::StepIn next_after;

// The partition that the engine opened next does not reach.
std::optional<size_t> cut_off_at_start;

tl::unexpected<Error> Down() {
  return Fail(ErrorCode::kUnavailable, "the partition is down", {}, "wait");
}

class PartitionsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    before_ = Town::EngineOfTowns();
    Town::EngineOfTowns() =
        [](const std::string& folder,
           const profile::ledger::SigningKey& signer) -> Result<std::unique_ptr<profile::Engine>> {
      KSTATI_TRY(auto engine, profile::OpenTwoRocksDbs(folder, signer));
      engine->before_commit = next_before;
      engine->after_commit = next_after;
      engine->CutOff(cut_off_at_start);
      engine_of_town = engine.get();
      return engine;
    };
    folder_ = std::filesystem::temp_directory_path() /
              ("kstati-partitions-" + std::to_string(getpid()) + "-" +
               testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
  }
  void TearDown() override {
    Town::EngineOfTowns() = before_;
    next_before = next_after = nullptr;
    std::filesystem::remove_all(folder_);
  }

  static void Settle(Town& town) {
    town.Resident("mother", "1995-05-20", "female", {{"person.citizenship_rf", "true"}});
    town.Resident("father", "1993-02-11", "male", {{"person.citizenship_rf", "true"}});
    town.Knows("nobody");
    town.Knows("son");
    town.Relate("mother", "spouse", "father");
    town.Consents("mother");
  }
  // A town of which another process may know who lives there.
  static std::unique_ptr<Town> TownIn(const std::string& folder) {
    auto town = std::make_unique<Town>("2026-03-16", folder);
    for (const char* name : {"mother", "father", "nobody", "son"}) town->Knows(name);
    return town;
  }
  static profile::RegistryEvent Birth(Town& town) {
    profile::RegistryEvent event = town.BirthEvent("son", "mother", "father");
    event.key.id = EventId("birth");
    return event;
  }

  // The passport office tells what the mother's application for the son needs.
  static profile::RegistryEvent Citizenship(Town& town) {
    const CitizenId son = town.Number("son");
    profile::RegistryEvent event;
    event.key = {RegistryId("mvd_pass"), EventId("citizenship")};
    event.type = EventTypeId(std::string(profile::kFactsOnly));
    event.subject = son;
    event.occurred_on = town.today();
    event.facts = {{son, AttributeId("person.citizenship_rf"), true, {town.today(), std::nullopt}}};
    return event;
  }

  // What anyone can see of the family: each fact, relation, case and message once.
  static std::string Everything(Town& town) {
    std::string text;
    const profile::Store& store = *town.world().store;
    for (const char* name : {"mother", "father", "son"}) {
      const CitizenId citizen = town.Number(name);
      std::multiset<std::string> lines;
      const auto history = store.Load(citizen);
      if (!history) return history.error().ToString();
      for (const profile::Fact& each : history->facts) {
        lines.insert("fact " + each.attribute.text() + " " + each.reported_by->id.text());
      }
      for (const profile::Relation& each : history->relations) {
        lines.insert("relation " + each.from.ToString() + " " + std::string(NameOf(each.kind)) +
                     " " + each.to.ToString() + " " + each.reported_by->id.text());
      }
      const auto kept = store.Records(citizen, cases::kCaseRecord);
      for (const auto& [id, value] : *kept) {
        const auto c = cases::DecodeCase(value);
        lines.insert("case " + c->service.text() + " " + std::string(NameOf(c->status)) + " x" +
                     std::to_string(c->history.size()));
      }
      lines.insert("messages " +
                   std::to_string(store.Records(citizen, cases::kNotificationRecord)->size()));
      lines.insert("situations " +
                   std::to_string(store.Records(citizen, cases::kSituationRecord)->size()));
      for (const std::string& line : lines) text += std::string(name) + " " + line + "\n";
    }
    size_t outbox = 0;
    EXPECT_TRUE(store.ForEachEntry(cases::kOutboxLog, [&](const profile::LogRecord&) {
      ++outbox;
      return Result<bool>(true);
    }));
    return text + "outbox " + std::to_string(outbox) + "\n";
  }

  // How many entries of the ledger each of the family has.
  static std::vector<size_t> EntriesOf(Town& town) {
    std::vector<size_t> counts;
    for (const char* name : {"mother", "father", "son"}) {
      counts.push_back(town.world().store->Deeds(town.Number(name), 0, 1'000)->size());
    }
    return counts;
  }

  std::filesystem::path folder_;

 private:
  Town::OpenEngine before_;
};

// What a server does with what is due in the calendar, few people at a time; how many life events.
size_t SweepInSteps(cases::CalendarSweep& sweep, size_t citizens_at_once) {
  for (int steps = 0; steps < 1'000; ++steps) {
    const Result<cases::SweepState> state = sweep.Step(citizens_at_once);
    EXPECT_TRUE(state) << (state ? "" : state.error().ToString());
    if (!state || *state != cases::SweepState::kUnderWay) return sweep.life_events();
  }
  ADD_FAILURE() << "the sweep does not end";
  return 0;
}

// Whoever goes on after the last number seen, wherever that person lives, leaves out whole
// partitions: 200 of the first one were looked at, and of the second one only who comes after them.
TEST_F(PartitionsTest, TheCalendarLeavesOutNobody) {
  Town town("2026-03-16");
  constexpr size_t kGirls = 14;
  for (size_t i = 0; i < kGirls; ++i) {
    town.Resident("girl" + std::to_string(i), "2012-03-16", "female",
                  {{"person.citizenship_rf", "true"}});
  }
  cases::CalendarSweep sweep(town.world());
  EXPECT_EQ(SweepInSteps(sweep, 4), kGirls);
  for (size_t i = 0; i < kGirls; ++i) {
    EXPECT_EQ(town.StatusOf("girl" + std::to_string(i), "passport_first_14"), "offered") << i;
  }
  EXPECT_EQ(SweepInSteps(sweep, 4), 0u) << "nothing is due";
}

TEST_F(PartitionsTest, WhileAPartitionIsDownTheCalendarGoesOnInTheOthersAndIsMadeUpForThere) {
  Town town("2026-03-16");
  for (const char* girl : {"a", "b", "c", "d"}) {
    town.Resident(girl, "2012-03-17", "female", {{"person.citizenship_rf", "true"}});
  }
  town.Resident("mother", "1985-05-20", "female");
  town.Resident("son", "2012-03-17", "male", {{"person.citizenship_rf", "true"}});
  town.Relate("mother", "parent", "son");
  ASSERT_NE(engine_of_town->PartitionOf(town.Number("mother")),
            engine_of_town->PartitionOf(town.Number("son")));
  cases::CalendarSweep sweep(town.world());
  SweepInSteps(sweep, 2);
  town.AdvanceTo("2026-03-17");
  const size_t down = engine_of_town->PartitionOf(town.Number("mother"));
  engine_of_town->CutOff(down);
  while (sweep.Step(2).value_or(cases::SweepState::kFinished) == cases::SweepState::kUnderWay) {
  }
  engine_of_town->CutOff(std::nullopt);
  size_t offered = 0;
  for (const char* girl : {"a", "b", "c", "d"}) {
    const bool is_up = engine_of_town->PartitionOf(town.Number(girl)) != down;
    EXPECT_EQ(town.StatusOf(girl, "passport_first_14"), is_up ? "offered" : "none") << girl;
    offered += is_up;
  }
  EXPECT_EQ(offered, 2u);
  EXPECT_EQ(town.StatusOf("son", "passport_first_14"), "none") << "the household was not known";
  EXPECT_EQ(sweep.set_aside(), 1u);
  // The day is not over: a new start would try everybody again.
  EXPECT_EQ(*cases::SweptThrough(*town.world().store), Date::Of(2026, 3, 16));
  town.SetBack(-61);
  SweepInSteps(sweep, 2);
  EXPECT_EQ(sweep.set_aside(), 0u);
  for (const char* child : {"a", "b", "c", "d", "son"}) {
    EXPECT_EQ(town.StatusOf(child, "passport_first_14"), "offered") << child;
  }
  EXPECT_EQ(*cases::SweptThrough(*town.world().store), Date::Of(2026, 3, 17));
}

// Withdrawing a consent waits for nothing; giving one needs to know who may.
TEST_F(PartitionsTest, AConsentIsRevokedAndNarrowedWhileARelativesPartitionIsDown) {
  Town town("2026-03-16");
  Settle(town);
  ASSERT_TRUE(town.Submit(Birth(town)));
  ASSERT_TRUE(town.Submit(Citizenship(town)));
  ASSERT_EQ(town.StatusOf("mother", "snils_newborn"), "started");
  const CitizenId mother = town.Number("mother");
  const auto given = town.desk().Consents(mother);
  ASSERT_EQ(given->size(), 1u);
  const ConsentId other = town.Consents("mother", "snils_newborn");
  const size_t fathers = engine_of_town->PartitionOf(town.Number("father"));
  ASSERT_NE(fathers, engine_of_town->PartitionOf(mother));
  engine_of_town->CutOff(fathers);

  profile::ConsentGrant grant;
  grant.citizen = grant.by.who = mother;
  grant.valid = {town.today(), std::nullopt};
  grant.evidence = {"2026-01", "ru", "portal"};
  const auto refused = town.desk().Grant(grant);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(refused.error().remedy.find("withdrawing"), std::string::npos);

  EXPECT_TRUE(town.desk().Consents(mother)) << "who withdraws looks first";
  const cases::ConsentRequest request{mother, other, mother, {"2026-01", "ru", "portal"}};
  profile::ConsentScope scope;
  scope.service = ServiceId("snils_newborn");
  const auto narrowed = town.desk().Narrow(request, scope, town.today().AddMonths(1));
  EXPECT_TRUE(narrowed) << narrowed.error().ToString();
  const auto preview =
      town.desk().PreviewRevocation({mother, given->front().id, mother, {"", "ru", "portal"}});
  EXPECT_TRUE(preview) << preview.error().ToString();
  const auto revoked = town.Revokes("mother", given->front().id);
  ASSERT_TRUE(revoked) << revoked.error().ToString();
  EXPECT_EQ(revoked->stopped.size(), preview->stopped.size());
  EXPECT_FALSE(revoked->stopped.empty());
  engine_of_town->CutOff(std::nullopt);
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "stopped");
  EXPECT_TRUE((*town.desk().Consents(mother))[0].revoked());
}

// With one subject the correction finds the event, with another one it would find nothing.
TEST_F(PartitionsTest, ACorrectionKeepsTheSubjectOfWhatItCorrects) {
  Town town("2026-03-16");
  Settle(town);
  const CitizenId mother = town.Number("mother");
  const CitizenId father = town.Number("father");
  const auto income = [&](const char* id, CitizenId subject, CitizenId whose, int64_t sum) {
    profile::RegistryEvent event;
    event.key = {RegistryId("fns_erns"), EventId(id)};
    event.type = EventTypeId(std::string(profile::kFactsOnly));
    event.subject = subject;
    event.occurred_on = town.today();
    event.facts = {{whose,
                    AttributeId("person.birth_date"),
                    Date::Of(1990, 1, static_cast<int>(sum)),
                    {town.today(), std::nullopt}}};
    return event;
  };
  ASSERT_TRUE(town.Submit(income("wrong", mother, mother, 1)));
  profile::RegistryEvent correction = income("correction", father, mother, 2);
  correction.supersedes = EventId("wrong");
  const auto outcome = town.Submit(correction);
  ASSERT_FALSE(outcome) << "it was taken, and the mother keeps both";
  EXPECT_EQ(outcome.error().code, ErrorCode::kInvalidArgument);
  EXPECT_NE(outcome.error().place.find("supersedes"), std::string::npos);
  EXPECT_NE(outcome.error().remedy.find("subject"), std::string::npos);
  correction.subject = mother;
  EXPECT_TRUE(town.Submit(correction));
}

// A process starts while a partition is down, with an event under way from there: who lives
// elsewhere is served, and what was left is done when the partition is back.
TEST_F(PartitionsTest, AStartWithAPartitionDownServesTheOthersAndCatchesUp) {
  std::filesystem::create_directories(folder_);
  const std::string place = folder_ / "town";
  {
    Town town("2026-03-16", place);
    Settle(town);
    const size_t mothers = engine_of_town->PartitionOf(town.Number("mother"));
    engine_of_town->before_commit = [=](int, size_t partition) -> Result<void> {
      if (partition == mothers) return Down();
      return {};
    };
    ASSERT_TRUE(town.Submit(Birth(town))->under_way);
  }
  cut_off_at_start = 1;  // where the son lives, whose event is under way
  const auto town = TownIn(place);
  cut_off_at_start.reset();
  ASSERT_EQ(engine_of_town->PartitionOf(town->Number("son")), 1u);
  EXPECT_TRUE(town->desk().Consents(town->Number("mother")));
  EXPECT_FALSE(town->desk().Consents(town->Number("father")));
  engine_of_town->CutOff(std::nullopt);
  const auto early = town->desk().Explain(town->Number("father"), ServiceId("snils_newborn"), {});
  ASSERT_FALSE(early) << "what is under way from the partition is not known yet";
  EXPECT_EQ(early.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(cases::FollowEvents(town->world()), 0u);
  ASSERT_TRUE(town->Submit(Citizenship(*town)));
  EXPECT_EQ(town->StatusOf("mother", "snils_newborn"), "started");
}

TEST_F(PartitionsTest, AnEventReachesEveryoneAndWhatFollowsIsDecided) {
  Town town("2026-03-16");
  Settle(town);
  const auto outcome = town.Submit(Birth(town));
  ASSERT_TRUE(outcome) << outcome.error().ToString();
  EXPECT_FALSE(outcome->under_way);
  ASSERT_TRUE(town.Submit(Citizenship(town)));
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "started");
  EXPECT_TRUE(town.world().store->NotFollowed().empty());
  EXPECT_TRUE(town.Submit(Birth(town))->repeated);
}

// The same town on one partition shows the same, but for who has which entry.
TEST_F(PartitionsTest, SeveralPartitionsShowWhatOneShows) {
  Town apart("2026-03-16");
  Settle(apart);
  ASSERT_TRUE(apart.Submit(Birth(apart)));
  ASSERT_TRUE(apart.Submit(Citizenship(apart)));
  const std::string shown = Everything(apart);
  const std::vector<size_t> entries = EntriesOf(apart);
  Town::EngineOfTowns() = [](const std::string& folder, const profile::ledger::SigningKey& signer) {
    profile::RocksDbOptions options;
    options.folder = folder;
    options.signer = &signer;
    return profile::OpenRocksDb(options);
  };
  Town together("2026-03-16");
  Settle(together);
  ASSERT_TRUE(together.Submit(Birth(together)));
  ASSERT_TRUE(together.Submit(Citizenship(together)));
  EXPECT_EQ(shown, Everything(together));
  EXPECT_EQ(entries, EntriesOf(together));
}

TEST_F(PartitionsTest, WhileAPartitionIsDownTheEventIsKeptAndNothingIsDecided) {
  Town town("2026-03-16");
  Settle(town);
  const size_t cut_off = engine_of_town->PartitionOf(town.Number("mother"));
  engine_of_town->before_commit = [=](int, size_t partition) -> Result<void> {
    if (partition == cut_off) return Down();
    return {};
  };
  const auto outcome = town.Submit(Birth(town));
  ASSERT_TRUE(outcome) << outcome.error().ToString();
  EXPECT_TRUE(outcome->under_way);
  EXPECT_TRUE(outcome->cases.empty());
  EXPECT_TRUE(town.Submit(Birth(town))->repeated);
  // A decision about the father would need the son's facts, which have not reached everyone.
  const auto explained = town.desk().Explain(town.Number("father"), ServiceId("snils_newborn"), {});
  ASSERT_FALSE(explained);
  EXPECT_EQ(explained.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(explained.error().message, "facts about a person are still under way");
  EXPECT_FALSE(town.desk().Apply(town.Number("father"), ServiceId("snils_newborn"), {}));

  engine_of_town->before_commit = nullptr;
  EXPECT_EQ(cases::FollowEvents(town.world()), 0u);
  ASSERT_TRUE(town.Submit(Citizenship(town)));
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "started");
  EXPECT_TRUE(town.world().store->NotFollowed().empty());
}

// A decision that read before the event was recorded commits before it or not at all.
TEST_F(PartitionsTest, ADecisionThatReadBeforeTheEventIsRefused) {
  Town town("2026-03-16");
  Settle(town);
  cases::Draft draft(town.world(), town.world().Now());
  ASSERT_TRUE(draft.HouseholdOf(town.Number("mother")));
  draft.PutRecord(town.Number("mother"), "case", "C-early", "x");
  engine_of_town->before_commit = [&](int, size_t partition) -> Result<void> {
    if (partition == engine_of_town->PartitionOf(town.Number("mother"))) return Down();
    return {};
  };
  ASSERT_TRUE(town.Submit(Birth(town))->under_way);
  engine_of_town->before_commit = nullptr;
  const auto committed = draft.Commit();
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().code, ErrorCode::kUnavailable);
}

// kill -9 before and after each commit that the birth needs; the next process finishes it. What it
// works out again because of that is entered again.
TEST_F(PartitionsTest, KilledAtEveryPointNothingIsLostAndNothingIsTwice) {
  std::string whole;
  std::vector<size_t> entries;
  {
    Town town("2026-03-16");
    Settle(town);
    ASSERT_TRUE(town.Submit(Birth(town)));
    ASSERT_TRUE(town.Submit(Citizenship(town)));
    whole = Everything(town);
    entries = EntriesOf(town);
  }
  const std::string settled = folder_ / "settled";
  {
    Town town("2026-03-16", settled);
    Settle(town);
  }
  int points = 0;
  for (bool more = true; more; ++points) {
    const std::string place = folder_ / ("killed" + std::to_string(points));
    std::filesystem::copy(settled, place, std::filesystem::copy_options::recursive);
    const pid_t child = fork();
    if (child == 0) {
      const auto die_at = [](int commit, int wanted) -> Result<void> {
        if (commit == wanted) kill(getpid(), SIGKILL);
        return {};
      };
      if (points % 2 == 0) {
        next_before = [=](int commit, size_t) { return die_at(commit, points / 2); };
      } else {
        next_after = [=](int commit, size_t) { return die_at(commit, points / 2); };
      }
      const auto town = TownIn(place);
      static_cast<void>(town->Submit(Birth(*town)));
      static_cast<void>(town->Submit(Citizenship(*town)));
      _exit(0);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    more = WIFSIGNALED(status);
    const auto town = TownIn(place);  // finishes what is under way
    EXPECT_TRUE(town->world().store->NotFollowed().empty());
    // The registries did not hear, and repeat.
    ASSERT_TRUE(town->Submit(Birth(*town)));
    ASSERT_TRUE(town->Submit(Citizenship(*town)));
    EXPECT_EQ(Everything(*town), whole) << "killed at point " << points;
    const std::vector<size_t> entered = EntriesOf(*town);
    for (size_t i = 0; i < entries.size(); ++i) {
      EXPECT_GE(entered[i], entries[i]) << "of number " << i << " killed at point " << points;
      EXPECT_LE(entered[i], 2 * entries[i]) << "killed at point " << points;
    }
    if (HasFailure()) break;
  }
  EXPECT_GT(points, 12) << "fewer commits than there are deliveries";
}

// Somebody is erased between an event and what follows from it: of them nothing is known, and what
// follows for the others is decided.
TEST_F(PartitionsTest, WhatFollowsDoesNotWaitForWhoWasErased) {
  int erased_meanwhile = 0;
  for (const std::string gone : {"father", "mother", "son"}) {
    for (int before_down = 1; before_down <= 4; ++before_down) {
      SCOPED_TRACE(gone + " erased, " + std::to_string(before_down) + " commits went before");
      Town town("2026-03-16");
      Settle(town);
      const auto left = std::make_shared<int>(before_down);
      engine_of_town->before_commit = [left](int, size_t) -> Result<void> {
        if ((*left)-- > 0) return {};
        return Down();
      };
      const auto outcome = town.Submit(Birth(town));
      engine_of_town->before_commit = nullptr;
      if (!outcome || !outcome->under_way) continue;
      // While facts are under way the erasure waits for them.
      const bool erased =
          town.world().store->Erase(town.Number(gone), town.world().Now()).has_value();
      if (erased) ++erased_meanwhile;
      EXPECT_EQ(cases::FollowEvents(town.world()), 0u);
      EXPECT_TRUE(town.world().store->NotFollowed().empty());
      if (!erased) {
        ASSERT_TRUE(town.world().store->Erase(town.Number(gone), town.world().Now()));
      }
      if (gone != "mother") {
        EXPECT_TRUE(town.desk().Suggest(town.Number("mother"), 10));
      }
      if (gone == "father") {
        ASSERT_TRUE(town.Submit(Citizenship(town)));
        EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "started");
      }
    }
  }
  EXPECT_GT(erased_meanwhile, 3) << "nobody was erased between an event and what follows";
}

}  // namespace
}  // namespace kstati::scenarios
