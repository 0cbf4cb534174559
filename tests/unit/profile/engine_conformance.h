// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "profile/engines/engine.h"
#include "tests/unit/profile/profile_fixtures.h"

namespace kstati::profile {

// What every engine must do. A suite of an engine instantiates it with a way to open an empty
// store, and the same store again after it was closed.
struct EngineUnderTest {
  std::string name;
  std::function<std::unique_ptr<Engine>(const std::string& folder)> open;
};

class EngineConformance : public testing::TestWithParam<EngineUnderTest> {
 protected:
  void SetUp() override { Reopen(); }
  void Reopen() {
    engine_.reset();
    engine_ = GetParam().open(folder_.path());
    ASSERT_NE(engine_, nullptr);
  }
  Result<void> Put(const std::string& key, const std::string& value) {
    return engine_->Commit(Change{{}, {{key, value}}, {}});
  }
  Result<void> PutIf(std::optional<std::string> expected, const std::string& key,
                     const std::string& value) {
    return engine_->Commit(Change{{{key, std::move(expected)}}, {{key, value}}, {}});
  }
  Result<void> AppendTo(const std::string& log, const std::string& value) {
    return engine_->Commit(Change{{}, {}, {{log, value}}});
  }
  std::string Get(const std::string& key) {
    const Result<std::optional<std::string>> value = engine_->Read()->Get(key);
    EXPECT_THAT(value, IsOk());
    return value && *value ? **value : "-";
  }
  // "key=value" of every key with the prefix.
  std::vector<std::string> Scan(const std::string& prefix, const std::string& from = {}) {
    std::vector<std::string> found;
    EXPECT_THAT(
        engine_->Read()->ScanFrom(prefix, from,
                                  [&](std::string_view key, std::string_view value) {
                                    found.push_back(std::string(key) + "=" + std::string(value));
                                    return true;
                                  }),
        IsOk());
    return found;
  }
  std::vector<std::string> Log(const std::string& log, uint64_t after = 0, size_t limit = 100) {
    const Result<std::vector<LogEntry>> entries = engine_->ReadLog(log, after, limit);
    EXPECT_THAT(entries, IsOk());
    std::vector<std::string> texts;
    for (const LogEntry& entry : *entries) {
      texts.push_back(std::to_string(entry.sequence) + ":" + entry.value);
    }
    return texts;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Engine> engine_;
};

TEST_P(EngineConformance, ValuesComeBackAlsoAfterReopening) {
  ASSERT_THAT(Put("a", "1"), IsOk());
  ASSERT_THAT(Put("empty", ""), IsOk());
  ASSERT_THAT(Put(std::string("b\0c", 3), std::string("\0\xFF", 2)), IsOk());
  for (int pass = 0; pass < 2; ++pass) {
    EXPECT_EQ(Get("a"), "1");
    EXPECT_EQ(Get("empty"), "");
    EXPECT_EQ(Get(std::string("b\0c", 3)), std::string("\0\xFF", 2));
    EXPECT_EQ(Get("b"), "-");
    Reopen();
  }
}

TEST_P(EngineConformance, DeletedKeyIsAbsent) {
  ASSERT_THAT(Put("a", "1"), IsOk());
  ASSERT_THAT(engine_->Commit(Change{{}, {{"a", std::nullopt}}, {}}), IsOk());
  EXPECT_EQ(Get("a"), "-");
}

TEST_P(EngineConformance, ScanVisitsThePrefixInByteOrderAndStopsOnFalse) {
  for (const char* key : {"b2", "a1", "b1", "b", "c", "b\xFF"}) ASSERT_THAT(Put(key, "x"), IsOk());
  EXPECT_THAT(Scan("b"), testing::ElementsAre("b=x", "b1=x", "b2=x", "b\xFF=x"));
  EXPECT_THAT(Scan("b", "b2"), testing::ElementsAre("b2=x", "b\xFF=x"));
  EXPECT_THAT(Scan("b", "a"), testing::ElementsAre("b=x", "b1=x", "b2=x", "b\xFF=x"));
  EXPECT_THAT(Scan("b\xFF"), testing::ElementsAre("b\xFF=x"));
  EXPECT_THAT(Scan("z"), testing::IsEmpty());
  int visited = 0;
  EXPECT_THAT(engine_->Read()->Scan("b", [&](auto, auto) { return ++visited < 2; }), IsOk());
  EXPECT_EQ(visited, 2);
}

TEST_P(EngineConformance, ScanOfEverythingShowsOnlyTheCallersKeys) {
  ASSERT_THAT(AppendTo("outbox", "x"), IsOk());
  ASSERT_THAT(Put("a", "1"), IsOk());
  EXPECT_THAT(Scan(""), testing::ElementsAre("a=1"));
}

TEST_P(EngineConformance, LongPrefixesFindKeysThatWereFlushedByReopening) {
  for (int i = 0; i < 50; ++i) {
    ASSERT_THAT(Put("c1234567" + std::to_string(i) + "h", std::to_string(i)), IsOk());
  }
  Reopen();
  EXPECT_THAT(Scan("c12345677h"), testing::ElementsAre("c12345677h=7"));
  EXPECT_EQ(Scan("c1234567").size(), 50u);
}

TEST_P(EngineConformance, ExpectationOfAbsenceHoldsOnce) {
  EXPECT_THAT(PutIf(std::nullopt, "a", "1"), IsOk());
  EXPECT_THAT(PutIf(std::nullopt, "a", "2"), FailsWith(ErrorCode::kConflict));
  EXPECT_EQ(Get("a"), "1");
}

TEST_P(EngineConformance, ExpectationOfAValueIsCompared) {
  EXPECT_THAT(PutIf("1", "a", "2"), FailsWith(ErrorCode::kConflict));
  ASSERT_THAT(Put("a", "1"), IsOk());
  EXPECT_THAT(PutIf("0", "a", "2"), FailsWith(ErrorCode::kConflict));
  EXPECT_THAT(PutIf("1", "a", "2"), IsOk());
  ASSERT_THAT(Put("empty", ""), IsOk());
  EXPECT_THAT(PutIf(std::nullopt, "empty", "2"), FailsWith(ErrorCode::kConflict));
  EXPECT_THAT(PutIf("", "empty", "2"), IsOk());
}

TEST_P(EngineConformance, RefusedChangeLeavesNothing) {
  ASSERT_THAT(Put("a", "1"), IsOk());
  EXPECT_THAT(engine_->Commit(Change{{{"a", "0"}}, {{"b", "2"}}, {{"outbox", "x"}}}),
              FailsWith(ErrorCode::kConflict));
  EXPECT_EQ(Get("b"), "-");
  EXPECT_THAT(Log("outbox"), testing::IsEmpty());
}

TEST_P(EngineConformance, SnapshotDoesNotMove) {
  ASSERT_THAT(Put("a", "1"), IsOk());
  const std::unique_ptr<Snapshot> before = engine_->Read();
  ASSERT_THAT(Put("a", "2"), IsOk());
  ASSERT_THAT(Put("b", "2"), IsOk());
  EXPECT_EQ(**before->Get("a"), "1");
  EXPECT_FALSE(before->Get("b")->has_value());
  EXPECT_EQ(Get("a"), "2");
}

TEST_P(EngineConformance, LogsShareOneSequenceThatGoesOnAfterReopening) {
  ASSERT_THAT(AppendTo("outbox", "a"), IsOk());
  ASSERT_THAT(AppendTo("exposure", "b"), IsOk());
  ASSERT_THAT(engine_->Commit(Change{{}, {}, {{"outbox", "c"}, {"outbox", "d"}}}), IsOk());
  Reopen();
  ASSERT_THAT(AppendTo("outbox", "e"), IsOk());
  EXPECT_THAT(Log("outbox"), testing::ElementsAre("1:a", "3:c", "4:d", "5:e"));
  EXPECT_THAT(Log("exposure"), testing::ElementsAre("2:b"));
  EXPECT_THAT(Log("outbox", 3), testing::ElementsAre("4:d", "5:e"));
  EXPECT_THAT(Log("outbox", 1, 2), testing::ElementsAre("3:c", "4:d"));
  EXPECT_THAT(Log("outbox", 5), testing::IsEmpty());
  EXPECT_THAT(Log("outbox", UINT64_MAX), testing::IsEmpty());
  EXPECT_THAT(Log("outbox", 0, 0), testing::IsEmpty());
  EXPECT_THAT(Log("out"), testing::IsEmpty());
}

TEST_P(EngineConformance, CountersOfManyThreadsAddUp) {
  constexpr int kThreads = 8;
  constexpr int kRounds = 40;
  const auto increment = [this](const std::string& key) {
    for (;;) {
      const std::optional<std::string> old = *engine_->Read()->Get(key);
      const Result<void> outcome =
          PutIf(old, key, std::to_string(std::stoi(old.value_or("0")) + 1));
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
  EXPECT_EQ(std::stoi(Get("even")) + std::stoi(Get("odd")), kThreads * kRounds);
}

TEST_P(EngineConformance, LogOfManyThreadsHasEveryEntryOnceWithoutGaps) {
  constexpr int kThreads = 8;
  constexpr int kRounds = 40;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kRounds; ++i) {
        ASSERT_THAT(AppendTo("outbox", std::to_string(t * kRounds + i)), IsOk());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const Result<std::vector<LogEntry>> entries = engine_->ReadLog("outbox", 0, 10'000);
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
