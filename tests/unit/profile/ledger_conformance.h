// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <set>

#include "profile/ledger/merkle_tree.h"
#include "profile/ledger/partitions.h"
#include "profile/ledger/witness.h"
#include "tests/unit/profile/engine_conformance.h"

namespace kstati::profile {

// What every engine must do with deeds. Belongs to the suite of engine_conformance.h.

class LedgerConformance : public EngineConformance {
 protected:
  class Nodes final : public ledger::NodeReader {
   public:
    Nodes(const Engine& engine, size_t partition) : engine_(engine), partition_(partition) {}
    Result<ledger::Hash> Read(ledger::NodeAddress address) const override {
      return engine_.ReadLedgerNode(partition_, address);
    }

   private:
    const Engine& engine_;
    const size_t partition_;
  };

  size_t Partition() const { return engine_->PartitionOf(kAnna); }
  ledger::SigningKey Key() const {
    return std::move(*ledger::KeyOfPartition(TestSigner(), Partition(), engine_->Partitions()));
  }
  std::string Witness() const {
    const std::string one = folder_ / "witness";
    return engine_->Partitions() == 1 ? one : one + "." + std::to_string(Partition());
  }
  ledger::Checkpoint SignedHead() const {
    const Result<std::string> note = engine_->ReadCheckpoint(Partition());
    EXPECT_THAT(note, IsOk());
    if (note->empty()) return {0, ledger::EmptyRoot()};
    const auto checkpoint = ledger::ReadCheckpoint(*note, Key().public_key());
    EXPECT_THAT(checkpoint, IsOk());
    return checkpoint.value_or(ledger::Checkpoint{});
  }
  std::vector<std::string> Entries() const {
    const auto entries = engine_->ReadLedger(Partition(), 0, SIZE_MAX);
    EXPECT_THAT(entries, IsOk());
    return entries.value_or(std::vector<std::string>{});
  }
  // "number:index" of each deed.
  std::vector<std::string> Deeds(CitizenId citizen, uint64_t after = 0, size_t limit = 100) const {
    const auto deeds = engine_->ReadDeeds(citizen, after, limit);
    EXPECT_THAT(deeds, IsOk());
    std::vector<std::string> texts;
    for (const RecordedDeed& deed : *deeds) {
      EXPECT_EQ(deed.opening, "opening of " + citizen.ToString());
      texts.push_back(std::to_string(deed.number) + ":" + std::to_string(deed.index));
    }
    return texts;
  }
  // That entries, nodes, checkpoint and witness say the same; how many entries there are.
  uint64_t SizeOfSoundLedger() const {
    const std::vector<std::string> entries = Entries();
    const ledger::Checkpoint head = SignedHead();
    EXPECT_EQ(head.size, entries.size());
    EXPECT_EQ(head.root, RootOf(entries));
    for (uint64_t size = 1; size <= entries.size(); size = 2 * size + 1) {
      const std::vector<std::string> first(entries.begin(),
                                           entries.begin() + static_cast<std::ptrdiff_t>(size));
      EXPECT_EQ(ledger::RootAt(size, Nodes(*engine_, Partition())), RootOf(first)) << size;
    }
    const auto seen = ledger::WitnessFile(Witness()).Read(Key().public_key());
    EXPECT_THAT(seen, IsOk());
    EXPECT_EQ(seen->value_or(ledger::Checkpoint{0, ledger::EmptyRoot()}), head);
    return entries.size();
  }
  Result<void> TryReopen() {
    engine_.reset();
    Result<std::unique_ptr<Engine>> opened =
        GetParam().open(folder_ / "store", folder_ / "witness");
    if (!opened) return Fail(opened.error());
    engine_ = std::move(*opened);
    return {};
  }
};

TEST_P(LedgerConformance, DeedsAreNumberedByCitizenAndEntriesByPartition) {
  EXPECT_EQ(SizeOfSoundLedger(), 0u);
  EXPECT_THAT(Deeds(kAnna), testing::IsEmpty());
  const CitizenId other = Neighbour();
  ASSERT_THAT(Commit(Doing({kAnna, other, kAnna}, At(5))), IsOk());
  ASSERT_THAT(TryReopen(), IsOk());
  ASSERT_THAT(Commit(Doing({other}, At(3))), IsOk());
  ASSERT_THAT(Commit(Doing({kAnna}, At(2))), IsOk());
  // The entries of one change may have any order but that of a citizen's own.
  std::vector<uint64_t> indexes;
  for (const CitizenId citizen : {kAnna, other}) {
    const auto deeds = engine_->ReadDeeds(citizen, 0, 100);
    ASSERT_THAT(deeds, IsOk());
    for (size_t i = 0; i < deeds->size(); ++i) {
      EXPECT_EQ((*deeds)[i].number, i + 1);
      if (i > 0) {
        EXPECT_GT((*deeds)[i].index, (*deeds)[i - 1].index);
      }
      indexes.push_back((*deeds)[i].index);
    }
  }
  EXPECT_EQ(indexes[2], 4u) << "Anna's last one";
  EXPECT_EQ(indexes[4], 3u) << "the other's last one";
  EXPECT_THAT(indexes, testing::UnorderedElementsAre(0, 1, 2, 3, 4));
  EXPECT_EQ(Deeds(kAnna, 1, 1).size(), 1u);
  EXPECT_THAT(Deeds(kAnna, 3), testing::IsEmpty());
  EXPECT_THAT(Deeds(kAnna, UINT64_MAX), testing::IsEmpty());
  EXPECT_THAT(Deeds(kAnna, 0, 0), testing::IsEmpty());
  EXPECT_EQ(SizeOfSoundLedger(), 5u);
}

TEST_P(LedgerConformance, EntryHoldsWhatTheDeedSaidAndItsMomentNeverGoesBack) {
  ASSERT_THAT(Commit(Doing({kAnna}, At(5))), IsOk());
  ASSERT_THAT(Commit(Doing({kAnna}, At(5))), IsOk());
  ASSERT_THAT(Commit(Doing({kAnna}, At(2))), IsOk());
  std::vector<Instant> moments;
  for (const std::string& bytes : Entries()) {
    const auto entry = ledger::DecodeEntry(bytes);
    ASSERT_THAT(entry, IsOk());
    EXPECT_EQ(*entry, (ledger::Entry{ledger::EntryKind::kAccess, entry->at,
                                     ledger::Sha256(kAnna.ToString()), moments.size() + 1,
                                     ledger::Sha256("content")}));
    moments.push_back(entry->at);
  }
  EXPECT_THAT(moments, testing::ElementsAre(At(5), At(5), Instant{At(5).micros + 1}));
}

TEST_P(LedgerConformance, DeedIsNotBeforeTheChangeThatItComesWith) {
  ASSERT_THAT(Commit(Changing(kAnna, At(9)).Adds("x")), IsOk());
  Change change = Doing({kAnna}, At(4));
  change.citizens.emplace_back().citizen = kAnna;
  ASSERT_THAT(Commit(change), IsOk());
  const auto entry = ledger::DecodeEntry(Entries().at(0));
  EXPECT_EQ(entry->at, engine_->ReadRow(kAnna)->value().stamp.recorded_at);
}

TEST_P(LedgerConformance, DeedChangesNobody) {
  ASSERT_THAT(Commit(Changing(kAnna, At(1)).Adds("p")), IsOk());
  const std::string before = RowOf(kAnna);
  ASSERT_THAT(Commit(Doing({kAnna, Neighbour()}, At(7))), IsOk());
  EXPECT_EQ(RowOf(kAnna), before);
  EXPECT_EQ(RowOf(Neighbour()), "-");
}

TEST_P(LedgerConformance, DeedOfARefusedChangeIsNotEntered) {
  Change change = Doing({kAnna});
  change.expectations.push_back({Neighbour(), 3});
  EXPECT_THAT(Commit(change), FailsWith(ErrorCode::kConflict));
  change = Doing({kAnna});
  change.citizens.push_back({kAnna, 4, {}, {}, {}, {}, {}});
  EXPECT_THAT(Commit(change), FailsWith(ErrorCode::kConflict));
  EXPECT_THAT(Deeds(kAnna), testing::IsEmpty());
  EXPECT_EQ(SizeOfSoundLedger(), 0u);
  ASSERT_THAT(Commit(Doing({kAnna})), IsOk());
  EXPECT_THAT(Deeds(kAnna), testing::ElementsAre("1:0"));
}

TEST_P(LedgerConformance, EntriesAreReadFromAnyIndexOn) {
  for (int i = 0; i < 7; ++i) ASSERT_THAT(Commit(Doing({kAnna, kAnna})), IsOk());
  const std::vector<std::string> all = Entries();
  ASSERT_EQ(all.size(), 14u);
  EXPECT_EQ(*engine_->ReadLedger(Partition(), 3, 2), (std::vector{all[3], all[4]}));
  EXPECT_EQ(*engine_->ReadLedger(Partition(), 13, 9), std::vector{all[13]});
  EXPECT_THAT(*engine_->ReadLedger(Partition(), 14, 9), testing::IsEmpty());
  EXPECT_THAT(*engine_->ReadLedger(Partition(), 0, 0), testing::IsEmpty());
  EXPECT_THAT(engine_->ReadLedgerNode(Partition(), {4, 0}), FailsWith(ErrorCode::kCorrupt));
  EXPECT_EQ(SizeOfSoundLedger(), 14u);
}

// After each acknowledgement the checkpoint and the witness cover the entry.
TEST_P(LedgerConformance, DeedsOfManyThreadsAreEachInTheLedgerOnceAndCovered) {
  constexpr int kThreads = 8;
  constexpr int kRounds = 20;
  const std::vector<CitizenId> people{kAnna, Neighbour()};
  std::atomic<uint64_t> acknowledged = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kRounds; ++i) {
        Change change = Doing({people[static_cast<size_t>(t + i) % 2]}, At(100 - i));
        if (i % 3 == 0) change.citizens.emplace_back().citizen = people[0];
        ASSERT_THAT(Commit(change), IsOk());
        const uint64_t least = ++acknowledged;
        ASSERT_GE(SignedHead().size, least);
        ASSERT_GE(ledger::WitnessFile(Witness()).Read(Key().public_key())->value().size, least);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(SizeOfSoundLedger(), static_cast<uint64_t>(kThreads * kRounds));
  std::map<ledger::Hash, ledger::Entry> latest;
  for (const std::string& bytes : Entries()) {
    const auto entry = ledger::DecodeEntry(bytes);
    ASSERT_THAT(entry, IsOk());
    ledger::Entry& before = latest[entry->citizen];
    EXPECT_EQ(entry->number, before.number == 1 && before.at == Instant{} ? 1 : before.number + 1);
    EXPECT_GE(entry->at, before.at);
    before = *entry;
  }
  ASSERT_THAT(TryReopen(), IsOk());
  EXPECT_EQ(SizeOfSoundLedger(), static_cast<uint64_t>(kThreads * kRounds));
}

TEST_P(LedgerConformance, StoreWithFewerEntriesThanItsWitnessHasSeenDoesNotOpen) {
  ASSERT_THAT(Commit(Doing({kAnna})), IsOk());
  const std::string path = Witness();
  const std::string note = ledger::SignCheckpoint({2, ledger::Sha256("x")}, Key());
  ASSERT_THAT(ledger::WitnessFile(path).Keep(note), IsOk());
  const Result<void> opened = TryReopen();
  ASSERT_THAT(opened, FailsWith(ErrorCode::kCorrupt));
  EXPECT_THAT(opened.error().message,
              testing::HasSubstr("has 1 entry, but its witness has seen 2 entries"));
  EXPECT_FALSE(opened.error().remedy.empty());
}

TEST_P(LedgerConformance, StoreWithOtherEntriesThanItsWitnessHasSeenDoesNotOpen) {
  ASSERT_THAT(Commit(Doing({kAnna, kAnna, kAnna})), IsOk());
  const std::string note = ledger::SignCheckpoint({2, ledger::Sha256("x")}, Key());
  ASSERT_THAT(ledger::WitnessFile(Witness()).Keep(note), IsOk());
  const Result<void> opened = TryReopen();
  ASSERT_THAT(opened, FailsWith(ErrorCode::kCorrupt));
  EXPECT_THAT(opened.error().message, testing::HasSubstr("do not begin with"));
}

TEST_P(LedgerConformance, DeedIsNotAcknowledgedWhileTheWitnessCannotBeWritten) {
  std::filesystem::create_directory(Witness());
  EXPECT_THAT(Commit(Doing({kAnna})), FailsWith(ErrorCode::kUnavailable));
  EXPECT_THAT(Commit(Changing(kAnna).Puts("a", "1")), IsOk()) << "no deed, no witness";
  std::filesystem::remove(Witness());
  EXPECT_THAT(Commit(Doing({kAnna})), IsOk());
  EXPECT_EQ(SizeOfSoundLedger(), 2u);
}

}  // namespace kstati::profile
