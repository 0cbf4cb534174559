// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "profile/engines/engine.h"
#include "tests/unit/profile/change_fixtures.h"

namespace kstati::profile {

// What every engine must do. A suite of an engine instantiates it with a way to open an empty
// store that the folder names, and the same store again after it was closed; its ledger is signed
// by TestSigner().
struct EngineUnderTest {
  std::string name;
  std::function<Result<std::unique_ptr<Engine>>(const std::string& folder,
                                                const std::string& witness)>
      open;
};

class EngineConformance : public testing::TestWithParam<EngineUnderTest> {
 protected:
  void SetUp() override { Reopen(); }
  void Reopen() {
    engine_.reset();
    Result<std::unique_ptr<Engine>> opened =
        GetParam().open(folder_ / "store", folder_ / "witness");
    ASSERT_THAT(opened, IsOk());
    engine_ = std::move(*opened);
  }
  Result<void> Commit(const Change& change) { return engine_->Commit(change); }
  std::string Get(CitizenId citizen, const std::string& key) {
    const Result<std::optional<std::string>> value = engine_->Get(citizen, key);
    EXPECT_THAT(value, IsOk());
    return value && *value ? **value : "-";
  }
  // "version @second key profile", each stamp within the profile as [version]; "-" without a row.
  std::string RowOf(CitizenId citizen) {
    const Result<std::optional<Row>> row = engine_->ReadRow(citizen);
    EXPECT_THAT(row, IsOk());
    if (!row || !*row) return "-";
    return Text({citizen, (*row)->stamp, (*row)->sealed_key, (*row)->profile});
  }
  static std::string Text(const RowView& row) {
    const int64_t second = (row.stamp.recorded_at.micros - At(0).micros) / 1'000'000;
    return std::to_string(row.stamp.version) + " @" + std::to_string(second) + " " +
           std::string(row.sealed_key) + " " + std::string(row.profile);
  }
  // "key=value" of every record with the prefix.
  std::vector<std::string> Scan(CitizenId citizen, const std::string& prefix) {
    std::vector<std::string> found;
    const auto note = [&](std::string_view key, std::string_view value) {
      found.push_back(std::string(key) + "=" + std::string(value));
      return true;
    };
    EXPECT_THAT(engine_->Scan(citizen, prefix, note), IsOk());
    return found;
  }
  // "number: row" of every row, ordered by number.
  std::vector<std::string> Sweep(uint64_t after = 0, uint64_t last = UINT64_MAX) {
    std::vector<std::string> found;
    const auto note = [&](const RowView& row) {
      found.push_back(std::to_string(row.citizen.number()) + ": " + Text(row));
      return true;
    };
    EXPECT_THAT(engine_->SweepAll(CitizenId(after), CitizenId(last), note), IsOk());
    std::sort(found.begin(), found.end());
    return found;
  }
  std::vector<std::string> Log(const std::string& log, uint64_t after = 0, size_t limit = 100) {
    const size_t partition = engine_->PartitionOf(kAnna);
    const Result<std::vector<LogEntry>> entries = engine_->ReadLog(partition, log, after, limit);
    EXPECT_THAT(entries, IsOk());
    std::vector<std::string> texts;
    for (const LogEntry& entry : *entries) {
      texts.push_back(std::to_string(entry.sequence) + ":" + entry.value);
    }
    return texts;
  }
  // A citizen of Anna's partition.
  CitizenId Neighbour() {
    for (uint64_t number = kAnna.number() + 1;; ++number) {
      const CitizenId citizen(number);
      if (engine_->PartitionOf(citizen) == engine_->PartitionOf(kAnna)) return citizen;
    }
  }

  TemporaryFolder folder_;
  std::unique_ptr<Engine> engine_;
};

inline std::string Stamped(uint64_t version, int64_t second, const std::string& value) {
  return EncodeStamp({version, At(second)}) + value;
}

TEST_P(EngineConformance, RecordsComeBackAlsoAfterReopening) {
  const std::string binary("b\0c", 3);
  ASSERT_THAT(Commit(Changing(kAnna).Puts("a", "1").Puts("empty", "")), IsOk());
  ASSERT_THAT(Commit(Changing(kAnna).Puts(binary, std::string("\0\xFF", 2))), IsOk());
  for (int pass = 0; pass < 2; ++pass) {
    EXPECT_EQ(Get(kAnna, "a"), "1");
    EXPECT_EQ(Get(kAnna, "empty"), "");
    EXPECT_EQ(Get(kAnna, binary), std::string("\0\xFF", 2));
    EXPECT_EQ(Get(kAnna, "b"), "-");
    EXPECT_EQ(Get(kBoris, "a"), "-");
    Reopen();
  }
}

TEST_P(EngineConformance, DeletedRecordIsAbsent) {
  ASSERT_THAT(Commit(Changing(kAnna).Puts("a", "1")), IsOk());
  ASSERT_THAT(Commit(Changing(kAnna).Deletes("a").Deletes("never there")), IsOk());
  EXPECT_EQ(Get(kAnna, "a"), "-");
}

TEST_P(EngineConformance, LaterWriteOfOneChangeCounts) {
  ASSERT_THAT(Commit(Changing(kAnna).Puts("a", "1").Puts("a", "2").Puts("b", "1").Deletes("b")),
              IsOk());
  EXPECT_EQ(Get(kAnna, "a"), "2");
  EXPECT_EQ(Get(kAnna, "b"), "-");
}

TEST_P(EngineConformance, ScanVisitsThePrefixInByteOrderAndStopsOnFalse) {
  for (const char* key : {"b2", "a1", "b1", "b", "c", "b\xFF"}) {
    ASSERT_THAT(Commit(Changing(kAnna).Puts(key, "x").And(Neighbour()).Puts(key, "y")), IsOk());
  }
  EXPECT_THAT(Scan(kAnna, "b"), testing::ElementsAre("b=x", "b1=x", "b2=x", "b\xFF=x"));
  EXPECT_THAT(Scan(kAnna, "b\xFF"), testing::ElementsAre("b\xFF=x"));
  EXPECT_THAT(Scan(kAnna, "z"), testing::IsEmpty());
  EXPECT_EQ(Scan(kAnna, "").size(), 6u);
  int visited = 0;
  EXPECT_THAT(engine_->Scan(kAnna, "b", [&](auto, auto) { return ++visited < 2; }), IsOk());
  EXPECT_EQ(visited, 2);
}

TEST_P(EngineConformance, ReadsRowAndRecordsOfPrefixesPrefixByPrefix) {
  const auto read = [this](CitizenId citizen, std::vector<std::string> prefixes) {
    std::vector<std::string> found;
    const auto note = [&](std::string_view key, std::string_view value) {
      found.push_back(std::string(key) + "=" + std::string(value));
      return key != "b2";
    };
    const Result<std::optional<Row>> row = engine_->ReadCitizen(citizen, prefixes, note);
    EXPECT_THAT(row, IsOk());
    if (!row || !*row) return found;
    found.insert(found.begin(),
                 Text({citizen, (*row)->stamp, (*row)->sealed_key, (*row)->profile}));
    return found;
  };
  EXPECT_THAT(read(kAnna, {"a", ""}), testing::IsEmpty()) << "no row, and so no records";
  for (const char* key : {"c\xFF", "a1", "b1", "b", "a\xFF", "c"}) {
    ASSERT_THAT(Commit(Changing(kAnna).Puts(key, "x").And(Neighbour()).Puts(key, "y")), IsOk());
  }
  ASSERT_THAT(Commit(Changing(kAnna, At(9)).Profile("P")), IsOk());
  EXPECT_THAT(read(kAnna, {}), testing::ElementsAre("7 @9  P"));
  EXPECT_THAT(read(kAnna, {"c", "z", "a"}),
              testing::ElementsAre("7 @9  P", "c=x", "c\xFF=x", "a1=x", "a\xFF=x"));
  EXPECT_EQ(read(kAnna, {""}).size(), 7u);
  ASSERT_THAT(Commit(Changing(kAnna, At(9)).Puts("b2", "last").Puts("b3", "behind")), IsOk());
  EXPECT_THAT(read(kAnna, {"b", "c"}), testing::ElementsAre(testing::_, "b=x", "b1=x", "b2=last"))
      << "the visitor had seen enough";
  Reopen();
  EXPECT_THAT(read(kAnna, {"a", "b1"}),
              testing::ElementsAre(testing::_, "a1=x", "a\xFF=x", "b1=x"));
  EXPECT_EQ(read(Neighbour(), {"b"}).size(), 3u);
}

TEST_P(EngineConformance, EachChangeOfACitizenCountsOnce) {
  EXPECT_EQ(RowOf(kAnna), "-");
  ASSERT_THAT(Commit(Changing(kAnna, At(1)).Puts("a", "1")), IsOk());
  EXPECT_EQ(RowOf(kAnna), "1 @1  ");
  ASSERT_THAT(Commit(Changing(kAnna, At(2)).And(Neighbour())), IsOk());
  EXPECT_EQ(RowOf(kAnna), "2 @2  ");
  EXPECT_EQ(RowOf(Neighbour()), "1 @2  ");
  Reopen();
  EXPECT_EQ(RowOf(kAnna), "2 @2  ");
}

TEST_P(EngineConformance, RecordedTimeNeverGoesBack) {
  ASSERT_THAT(Commit(Changing(kAnna, At(100))), IsOk());
  ASSERT_THAT(Commit(Changing(Neighbour(), At(50)).And(kAnna).PutsStamped("a", "")), IsOk());
  const Instant expected{At(100).micros + 1};
  EXPECT_EQ(engine_->ReadRow(kAnna)->value().stamp, (Stamp{2, expected}));
  EXPECT_EQ(engine_->ReadRow(Neighbour())->value().stamp, (Stamp{1, expected}));
  EXPECT_EQ(Get(kAnna, "a"), EncodeStamp({2, expected}));
}

TEST_P(EngineConformance, ExpectedVersionIsCompared) {
  EXPECT_THAT(Commit(Changing(kAnna).AtVersion(1)), FailsWith(ErrorCode::kConflict));
  EXPECT_THAT(Commit(Changing(kAnna).AtVersion(0)), IsOk());
  EXPECT_THAT(Commit(Changing(kAnna).AtVersion(0)), FailsWith(ErrorCode::kConflict));
  EXPECT_THAT(Commit(Changing(kAnna).AtVersion(1)), IsOk());
  EXPECT_EQ(RowOf(kAnna), "2 @0  ");
}

TEST_P(EngineConformance, CitizenWhoIsOnlyExpectedIsNotChanged) {
  EXPECT_THAT(Commit(Changing(kAnna).While(Neighbour(), 0)), IsOk());
  EXPECT_EQ(RowOf(Neighbour()), "-");
  ASSERT_THAT(Commit(Changing(Neighbour())), IsOk());
  EXPECT_THAT(Commit(Changing(kAnna).While(Neighbour(), 0)), FailsWith(ErrorCode::kConflict));
  EXPECT_THAT(Commit(Changing(kAnna).While(Neighbour(), 1)), IsOk());
  EXPECT_EQ(RowOf(kAnna), "2 @0  ");
  EXPECT_EQ(RowOf(Neighbour()), "1 @0  ");
}

TEST_P(EngineConformance, ProfileIsReplacedAndAddedToWithTheStampOfEachChange) {
  ASSERT_THAT(Commit(Changing(kAnna, At(1)).SealedKey("key").Adds("one")), IsOk());
  ASSERT_THAT(Commit(Changing(kAnna, At(2)).Adds("two")), IsOk());
  EXPECT_EQ(RowOf(kAnna), "2 @2 key " + Stamped(1, 1, "one") + Stamped(2, 2, "two"));
  ASSERT_THAT(Commit(Changing(kAnna, At(3)).Profile("base").Adds("three")), IsOk());
  EXPECT_EQ(RowOf(kAnna), "3 @3 key base" + Stamped(3, 3, "three"));
  Reopen();
  EXPECT_EQ(RowOf(kAnna), "3 @3 key base" + Stamped(3, 3, "three"));
  ASSERT_THAT(Commit(Changing(kAnna, At(4)).SealedKey("").Profile("")), IsOk());
  EXPECT_EQ(RowOf(kAnna), "4 @4  ");
}

TEST_P(EngineConformance, StampStandsBeforeTheValuesThatAskForIt) {
  ASSERT_THAT(Commit(Changing(kAnna, At(5)).PutsStamped("a", "x").Puts("b", "x")), IsOk());
  EXPECT_EQ(Get(kAnna, "a"), Stamped(1, 5, "x"));
  EXPECT_EQ(Get(kAnna, "b"), "x");
}

TEST_P(EngineConformance, ConditionOfAbsenceHoldsOnce) {
  const Changing change = Changing(kAnna).Where("a", std::nullopt).Puts("a", "1");
  EXPECT_THAT(Commit(change), IsOk());
  EXPECT_THAT(Commit(change), FailsWith(ErrorCode::kConflict));
  EXPECT_EQ(Get(kAnna, "a"), "1");
}

TEST_P(EngineConformance, ConditionOfAValueIsCompared) {
  EXPECT_THAT(Commit(Changing(kAnna).Where("a", "1").Puts("a", "2")),
              FailsWith(ErrorCode::kConflict));
  ASSERT_THAT(Commit(Changing(kAnna).Puts("a", "1").Puts("empty", "")), IsOk());
  EXPECT_THAT(Commit(Changing(kAnna).Where("a", "0").Puts("a", "2")),
              FailsWith(ErrorCode::kConflict));
  EXPECT_THAT(Commit(Changing(kAnna).Where("a", "1").Puts("a", "2")), IsOk());
  EXPECT_THAT(Commit(Changing(kAnna).Where("empty", std::nullopt)),
              FailsWith(ErrorCode::kConflict));
  EXPECT_THAT(Commit(Changing(kAnna).Where("empty", "")), IsOk());
}

TEST_P(EngineConformance, RefusedChangeLeavesNothing) {
  ASSERT_THAT(Commit(Changing(kAnna).Adds("p").Puts("a", "1")), IsOk());
  const std::string before = RowOf(kAnna);
  EXPECT_THAT(Commit(Changing(Neighbour())
                         .Puts("b", "2")
                         .Logs("outbox", "x")
                         .And(kAnna)
                         .Where("a", "0")
                         .Adds("q")),
              FailsWith(ErrorCode::kConflict));
  EXPECT_EQ(Get(Neighbour(), "b"), "-");
  EXPECT_EQ(RowOf(Neighbour()), "-");
  EXPECT_EQ(RowOf(kAnna), before);
  EXPECT_THAT(Log("outbox"), testing::IsEmpty());
}

TEST_P(EngineConformance, SweepVisitsTheRowsOfARangeWithoutRecords) {
  for (const uint64_t number : {1u, 255u, 256u, 1000u}) {
    const CitizenId citizen(number);
    ASSERT_THAT(Commit(Changing(citizen, At(1)).SealedKey("k").Puts("a", "1")), IsOk());
    ASSERT_THAT(Commit(Changing(citizen, At(2)).Profile(std::to_string(number))), IsOk());
  }
  ASSERT_THAT(Commit(Changing(CitizenId(300), At(3)).Puts("a", "1")), IsOk());
  ASSERT_THAT(Commit(Changing(CitizenId(), At(3)).Puts("mark", "1")), IsOk());
  EXPECT_THAT(Sweep(), testing::ElementsAre("1000: 2 @2 k 1000", "1: 2 @2 k 1", "255: 2 @2 k 255",
                                            "256: 2 @2 k 256", "300: 1 @3  "));
  EXPECT_THAT(Sweep(1, 256), testing::ElementsAre("255: 2 @2 k 255", "256: 2 @2 k 256"));
  EXPECT_THAT(Sweep(256, 256), testing::IsEmpty());
  EXPECT_THAT(Sweep(1000), testing::IsEmpty());
  int visited = 0;
  EXPECT_THAT(engine_->SweepAll(CitizenId(), CitizenId(UINT64_MAX),
                                [&](const RowView&) { return ++visited < 2; }),
              IsOk());
  EXPECT_EQ(visited, 2);
}

// As whoever works through everybody in steps does it: nobody is left out, and nobody comes twice.
TEST_P(EngineConformance, ASweepGoesOnInEachPartitionWhereItStopped) {
  constexpr uint64_t kPeople = 60;
  constexpr size_t kAtOnce = 7;
  for (uint64_t number = 1; number <= kPeople; ++number) {
    ASSERT_THAT(Commit(Changing(CitizenId(number)).Puts("a", "1")), IsOk());
  }
  std::vector<uint64_t> seen;
  for (size_t partition = 0; partition < engine_->Partitions(); ++partition) {
    CitizenId after;
    for (bool more = true; more;) {
      size_t visited = 0;
      const CitizenId before = after;
      const auto visit = [&](const RowView& row) {
        EXPECT_GT(row.citizen, after);
        EXPECT_EQ(engine_->PartitionOf(row.citizen), partition);
        after = row.citizen;
        seen.push_back(row.citizen.number());
        return ++visited < kAtOnce;
      };
      ASSERT_THAT(engine_->Sweep(partition, before, kLastCitizen, visit), IsOk());
      more = visited == kAtOnce;
    }
  }
  std::ranges::sort(seen);
  std::vector<uint64_t> everybody(kPeople);
  std::iota(everybody.begin(), everybody.end(), 1);
  EXPECT_EQ(seen, everybody);
}

TEST_P(EngineConformance, LogsOfAPartitionShareOneSequenceThatGoesOnAfterReopening) {
  ASSERT_THAT(Commit(Changing(kAnna).Logs("outbox", "a")), IsOk());
  ASSERT_THAT(Commit(Changing(Neighbour()).Logs("exposure", "b")), IsOk());
  ASSERT_THAT(Commit(Changing(kAnna).Logs("outbox", "c").Logs("outbox", "d")), IsOk());
  Reopen();
  ASSERT_THAT(Commit(Changing(kAnna).Logs("outbox", "e")), IsOk());
  EXPECT_THAT(Log("outbox"), testing::ElementsAre("1:a", "3:c", "4:d", "5:e"));
  EXPECT_THAT(Log("exposure"), testing::ElementsAre("2:b"));
  EXPECT_THAT(Log("outbox", 3), testing::ElementsAre("4:d", "5:e"));
  EXPECT_THAT(Log("outbox", 1, 2), testing::ElementsAre("3:c", "4:d"));
  EXPECT_THAT(Log("outbox", 5), testing::IsEmpty());
  EXPECT_THAT(Log("outbox", UINT64_MAX), testing::IsEmpty());
  EXPECT_THAT(Log("outbox", 0, 0), testing::IsEmpty());
  EXPECT_THAT(Log("out"), testing::IsEmpty());
}

TEST_P(EngineConformance, PurgedCitizenKeepsWhatWasNotDeleted) {
  ASSERT_THAT(Commit(Changing(kAnna, At(1)).SealedKey("k").Adds("p").Puts("a", "1")), IsOk());
  ASSERT_THAT(Commit(Changing(kAnna, At(2)).SealedKey("").Deletes("a").Puts("b", "2")), IsOk());
  ASSERT_THAT(engine_->Purge(kAnna), IsOk());
  EXPECT_EQ(RowOf(kAnna), "2 @2  " + Stamped(1, 1, "p"));
  EXPECT_THAT(Scan(kAnna, ""), testing::ElementsAre("b=2"));
}

TEST_P(EngineConformance, CountersOfManyThreadsAddUp) {
  constexpr int kThreads = 8;
  constexpr int kRounds = 40;
  const auto increment = [this](const std::string& key) {
    for (;;) {
      const std::optional<std::string> old = *engine_->Get(kAnna, key);
      const std::string next = std::to_string(std::stoi(old.value_or("0")) + 1);
      const Result<void> outcome = Commit(Changing(kAnna).Where(key, old).Puts(key, next));
      if (outcome) return;
      ASSERT_THAT(outcome, FailsWith(ErrorCode::kConflict));
    }
  };
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kRounds; ++i) increment((t + i) % 2 == 0 ? "even" : "odd");
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::stoi(Get(kAnna, "even")) + std::stoi(Get(kAnna, "odd")), kThreads * kRounds);
  EXPECT_EQ(engine_->ReadRow(kAnna)->value().stamp.version,
            static_cast<uint64_t>(kThreads * kRounds));
}

TEST_P(EngineConformance, OfManyThreadsThatExpectOneVersionOneGoesThrough) {
  constexpr int kThreads = 8;
  for (uint64_t version = 0; version < 20; ++version) {
    std::atomic<int> accepted = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&] {
        if (Commit(Changing(kAnna).AtVersion(version).Adds("x"))) ++accepted;
      });
    }
    for (std::thread& thread : threads) thread.join();
    ASSERT_EQ(accepted, 1);
  }
  EXPECT_EQ(engine_->ReadRow(kAnna)->value().profile.size(), 20 * (kStampBytes + 1));
}

TEST_P(EngineConformance, LogOfManyThreadsHasEveryEntryOnceWithoutGaps) {
  constexpr int kThreads = 8;
  constexpr int kRounds = 40;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kRounds; ++i) {
        const std::string value = std::to_string(t * kRounds + i);
        ASSERT_THAT(Commit(Changing(kAnna).Logs("outbox", value)), IsOk());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const Result<std::vector<LogEntry>> entries =
      engine_->ReadLog(engine_->PartitionOf(kAnna), "outbox", 0, 10'000);
  ASSERT_THAT(entries, IsOk());
  std::map<std::string, int> seen;
  for (size_t i = 0; i < entries->size(); ++i) {
    EXPECT_EQ((*entries)[i].sequence, i + 1);
    ++seen[(*entries)[i].value];
  }
  EXPECT_EQ(entries->size(), static_cast<size_t>(kThreads * kRounds));
  EXPECT_EQ(seen.size(), static_cast<size_t>(kThreads * kRounds));
}

}  // namespace kstati::profile
