// SPDX-License-Identifier: Apache-2.0
#include "profile/store.h"

#include <functional>
#include <memory>
#include <thread>
#include <utility>

#include "tests/unit/profile/profile_fixtures.h"

namespace kstati::profile {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class StoreTest : public testing::Test {
 protected:
  void SetUp() override { Reopen(); }
  void Reopen() {
    store_.reset();
    store_ = OpenStoreAt(folder_.path());
  }
  Result<void> Record(const RegistryEvent& event, int64_t second) {
    return RecordIn(*store_, event, At(second));
  }
  History Load(CitizenId citizen) { return LoadFrom(*store_, citizen); }
  std::string Shows(CitizenId citizen, const std::string& attribute, int64_t second) {
    return Holding(Load(citizen), attribute, {Day(0), At(second)});
  }
  static Transaction With(int64_t second, CitizenId citizen, const std::string& id) {
    Transaction transaction(At(second));
    transaction.PutRecord(citizen, "case", id, "state of " + id);
    return transaction;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

// Lets something happen between the reading of a sealed key and its opening.
class SlowSealer final : public KeySealer {
 public:
  SlowSealer(std::unique_ptr<KeySealer> sealer, const std::function<void()>& meanwhile)
      : sealer_(std::move(sealer)), meanwhile_(meanwhile) {}

  Result<std::string> SealKey(CitizenId citizen, const DataKey& key) const override {
    return sealer_->SealKey(citizen, key);
  }
  Result<DataKey> UnsealKey(CitizenId citizen, std::string_view sealed) const override {
    if (meanwhile_) meanwhile_();
    return sealer_->UnsealKey(citizen, sealed);
  }
  bool IsOutdated(std::string_view sealed) const override { return sealer_->IsOutdated(sealed); }

 private:
  const std::unique_ptr<KeySealer> sealer_;
  const std::function<void()>& meanwhile_;
};

TEST_F(StoreTest, KeyThatWasReadBeforeItsErasureIsNotKept) {
  ASSERT_THAT(Record(Event("e1").Fact(kAnna, "person.income", Decimal(1)), 1), IsOk());
  ASSERT_THAT(store_->Commit(With(2, kAnna, "C-1")), IsOk());
  store_.reset();
  std::function<void()> meanwhile;
  Result<std::unique_ptr<Engine>> engine = EngineOfTests()(folder_.path());
  ASSERT_THAT(engine, IsOk());
  store_ = std::make_unique<Store>(std::move(*engine),
                                   std::make_unique<SlowSealer>(KeysIn(folder_.path()), meanwhile));
  bool erased = false;
  meanwhile = [&] {
    if (std::exchange(erased, true)) return;
    ASSERT_THAT(store_->Erase(kAnna, At(3)), IsOk());
  };
  (void)store_->GetRecord(kAnna, "case", "C-1");  // found or not: the two happened at once
  EXPECT_THAT(store_->GetRecord(kAnna, "case", "C-1"), FailsWith(ErrorCode::kNotFound));
  store_.reset();  // before what its sealer refers to
}

TEST_F(StoreTest, CitizenWithoutProfileHasAnEmptyHistoryOfVersionZero) {
  const History history = Load(kAnna);
  EXPECT_EQ(history.citizen, kAnna);
  EXPECT_EQ(history.version, 0u);
  EXPECT_TRUE(history.facts.empty());
}

TEST_F(StoreTest, EventReachesTheHistoriesOfEveryoneConcernedAndSurvivesReopening) {
  ASSERT_THAT(Record(Event("e1")
                         .Names("witness", {CitizenId(50)})
                         .Fact(kAnna, "person.income", *Decimal::Parse("12.50"))
                         .Fact(kBoris, "person.name", std::string("Борис"))
                         .Relation(kAnna, RelationKind::kParent, kVera),
                     5),
              IsOk());
  Reopen();
  const History anna = Load(kAnna);
  EXPECT_EQ(anna.version, 1u);
  EXPECT_EQ(anna.last_known_at, At(5));
  ASSERT_EQ(anna.facts.size(), 1u);
  EXPECT_EQ(anna.facts[0].known_at, At(5));
  EXPECT_EQ(anna.facts[0].reported_by->ToString(), "fns_erns/e1");
  EXPECT_EQ(anna.relations.size(), 1u);
  EXPECT_EQ(Shows(kBoris, "person.name", 5), "Борис");
  EXPECT_EQ(Load(kVera).relations.size(), 1u);
  EXPECT_EQ(Load(CitizenId(50)).version, 1u);
}

TEST_F(StoreTest, RecordedEventIsFoundWithTheDigestOfItsBytes) {
  Event event = Event("e1").Fact(kAnna, "person.income", Decimal(1)).Names("mother", {kBoris});
  EXPECT_FALSE(store_->FindEvent(kAnna, event.event().key)->has_value());
  ASSERT_THAT(Record(event, 1), IsOk());
  EXPECT_EQ(**store_->FindEvent(kAnna, event.event().key), DigestOf(event));
  EXPECT_NE(DigestOf(event), DigestOf(Event("e1").Fact(kAnna, "person.income", Decimal(2))));
  const auto head = store_->ReadEventHead(kAnna, event.event().key);
  ASSERT_TRUE(head && *head);
  EXPECT_EQ(CanonicalBytes(**head), CanonicalBytes(Event("e1").Names("mother", {kBoris})));
  EXPECT_FALSE(store_->ReadEventHead(kAnna, {RegistryId("fns_erns"), EventId("e2")})->has_value());
}

TEST_F(StoreTest, RepeatedEventIsAConflictAndChangesNothing) {
  ASSERT_THAT(Record(Event("e1").Fact(kAnna, "person.income", Decimal(1)), 1), IsOk());
  const Result<void> again = Record(Event("e1").Fact(kAnna, "person.income", Decimal(2)), 2);
  ASSERT_THAT(again, FailsWith(ErrorCode::kConflict));
  EXPECT_EQ(again.error().message, "the event is recorded already");
  EXPECT_EQ(Load(kAnna).version, 1u);
  EXPECT_EQ(Load(kAnna).facts.size(), 1u);
}

TEST_F(StoreTest, EventsOfDifferentSourcesDoNotCollide) {
  ASSERT_THAT(Record(Event("e1", "a"), 1), IsOk());
  EXPECT_THAT(Record(Event("e1", "b"), 1), IsOk());
  EXPECT_FALSE(store_->IsSupersededBeforeArrival(kAnna, {RegistryId("a"), EventId("e1")}).value());
}

TEST_F(StoreTest, CorrectionReachesCitizensWhomOnlyTheOriginalNamed) {
  ASSERT_THAT(Record(Event("e1").Fact(kBoris, "person.income", Decimal(1)), 1), IsOk());
  ASSERT_THAT(Record(Event("e2").Supersedes("e1").Fact(kAnna, "person.income", Decimal(1)), 2),
              IsOk());
  EXPECT_EQ(Shows(kBoris, "person.income", 1), "1");
  EXPECT_EQ(Shows(kBoris, "person.income", 2), "-");
  EXPECT_EQ(Shows(kAnna, "person.income", 2), "1");
}

TEST_F(StoreTest, OriginalThatArrivesAfterItsCorrectionNeverCounts) {
  ASSERT_THAT(Record(Event("e2").Supersedes("e1").Fact(kAnna, "person.income", Decimal(2)), 1),
              IsOk());
  const EventKey original{RegistryId("fns_erns"), EventId("e1")};
  EXPECT_TRUE(store_->IsSupersededBeforeArrival(kAnna, original).value());
  EXPECT_FALSE(store_->FindEvent(kAnna, original)->has_value());
  ASSERT_THAT(Record(Event("e1")
                         .Fact(kAnna, "person.income", Decimal(1))
                         .Fact(kBoris, "person.income", Decimal(1)),
                     2),
              IsOk());
  EXPECT_EQ(Shows(kAnna, "person.income", 2), "2");
  EXPECT_EQ(Shows(kBoris, "person.income", 2), "-");
  EXPECT_TRUE(store_->FindEvent(kAnna, original)->has_value());
  EXPECT_THAT(Record(Event("e1"), 3), FailsWith(ErrorCode::kConflict));
  for (const CitizenId citizen : {kAnna, kBoris}) {
    ASSERT_EQ(Load(citizen).supersessions.size(), 1u);
    EXPECT_EQ(Load(citizen).supersessions[0].by, EventId("e2"));
  }
}

TEST_F(StoreTest, EvidenceStaysWithWhatRestsOnItThroughAllForms) {
  const Evidence act{EvidenceKind::kElectronicDuplicate, Assurance::kDocumentary, "act 7", "court",
                     "mfc"};
  ASSERT_THAT(Record(Event("e1")
                         .Rests(act)
                         .Fact(kAnna, "person.income", Decimal(1))
                         .Relation(kAnna, RelationKind::kGuardian, kBoris),
                     1),
              IsOk());
  // So many commits put the parts of the profile into one.
  for (int i = 2; i < 40; ++i) {
    const History anna = Load(kAnna);
    Transaction transaction(At(i));
    transaction.DependOn(anna);
    transaction.Record(
        Event("e" + std::to_string(i)).Fact(kAnna, "person.income", Decimal(i), Since(i)));
    ASSERT_THAT(store_->Commit(transaction), IsOk());
  }
  const History anna = Load(kAnna);
  EXPECT_LT(anna.parts, 20u);
  ASSERT_NE(anna.facts.front().evidence, nullptr);
  EXPECT_EQ(*anna.facts.front().evidence, act);
  EXPECT_EQ(anna.facts.back().evidence, nullptr);
  const History boris = Load(kBoris);
  ASSERT_NE(boris.relations.front().evidence, nullptr);
  EXPECT_EQ(*boris.relations.front().evidence, act);
  const auto head = store_->ReadEventHead(kAnna, {RegistryId("fns_erns"), EventId("e1")});
  ASSERT_THAT(head, IsOk());
  EXPECT_EQ(*(*head)->evidence, act);
}

TEST_F(StoreTest, ClockThatJumpsBackDoesNotTurnTheOrderOfRecordingRound) {
  ASSERT_THAT(Record(Event("e1").Fact(kAnna, "person.income", Decimal(1)), 100), IsOk());
  ASSERT_THAT(Record(Event("e2")
                         .Fact(kAnna, "person.income", Decimal(2))
                         .Fact(kBoris, "person.income", Decimal(2)),
                     50),
              IsOk());
  const Instant just_after{At(100).micros + 1};
  EXPECT_EQ(Load(kAnna).facts[1].known_at, just_after);
  EXPECT_EQ(Load(kBoris).facts[0].known_at, just_after);
  ASSERT_THAT(Record(Event("e3").Fact(kAnna, "person.income", Decimal(3)), 100), IsOk());
  EXPECT_EQ(Shows(kAnna, "person.income", 101), "3");
}

TEST_F(StoreTest, ConsentsComeBackInOrderAndRevocationStays) {
  ConsentGrant grant;
  grant.citizen = grant.by.who = kAnna;
  grant.valid = Since(0);
  std::vector<Consent> consents;
  for (int i = 0; i < 2; ++i) {
    consents.push_back(MakeConsent(grant, consents, At(i)));
    Transaction transaction(At(i));
    transaction.PutConsent(consents.back());
    ASSERT_THAT(store_->Commit(transaction), IsOk());
  }
  Revoke(consents[0], "enough", {{kAnna}, {}, At(9), Day(0)});
  Transaction revocation(At(9));
  revocation.PutConsent(consents[0]);
  ASSERT_THAT(store_->Commit(revocation), IsOk());
  const auto read = store_->Consents(kAnna);
  ASSERT_THAT(read, IsOk());
  ASSERT_EQ(read->size(), 2u);
  EXPECT_TRUE((*read)[0].revoked());
  EXPECT_EQ((*read)[0].latest().at, At(9));
  EXPECT_FALSE((*read)[1].revoked());
  EXPECT_THAT(*store_->Consents(kBoris), IsEmpty());
}

TEST_F(StoreTest, ARemovedRecordIsGoneAndOthersStay) {
  ASSERT_THAT(store_->Commit(With(1, kAnna, "C-1")), IsOk());
  ASSERT_THAT(store_->Commit(With(2, kAnna, "C-2")), IsOk());
  Transaction removal(At(3));
  removal.RemoveRecord(kAnna, "case", "C-1");
  removal.RemoveRecord(kAnna, "case", "C-9");
  ASSERT_THAT(store_->Commit(removal), IsOk());
  ASSERT_THAT(store_->Purge(kAnna), IsOk());
  EXPECT_THAT(*store_->Records(kAnna, "case"), ElementsAre(Pair("C-2", "state of C-2")));
}

TEST_F(StoreTest, RecordsAreKeptByKindAndOrderedById) {
  ASSERT_THAT(store_->Commit(With(1, kAnna, "C-2")), IsOk());
  ASSERT_THAT(store_->Commit(With(2, kAnna, "C-1")), IsOk());
  ASSERT_THAT(store_->Commit(With(3, kBoris, "C-3")), IsOk());
  EXPECT_THAT(*store_->Records(kAnna, "case"),
              ElementsAre(Pair("C-1", "state of C-1"), Pair("C-2", "state of C-2")));
  EXPECT_THAT(*store_->Records(kAnna, "cas"), IsEmpty());
  EXPECT_EQ(**store_->GetRecord(kAnna, "case", "C-1"), "state of C-1");
  EXPECT_FALSE(store_->GetRecord(kAnna, "case", "C-3")->has_value());
  EXPECT_TRUE(Load(kAnna).facts.empty());
  EXPECT_EQ(Load(kAnna).version, 2u);
}

TEST_F(StoreTest, LogEntriesCommitWithTheirTransaction) {
  Transaction transaction = With(1, kAnna, "C-1");
  transaction.AppendLog(kAnna, "outbox", "send");
  ASSERT_THAT(store_->Commit(transaction), IsOk());
  const auto entries = store_->ReadLog(0, "outbox", 0, 10);
  ASSERT_EQ(entries->size(), 1u);
  EXPECT_EQ((*entries)[0].citizen, kAnna);
  EXPECT_EQ((*entries)[0].value, "send");
}

TEST_F(StoreTest, LogEntryAboutACitizenIsNotAChangeOfTheCitizen) {
  ASSERT_THAT(Record(Event("e1"), 1), IsOk());
  Transaction transaction(At(2));
  transaction.AppendLog(kAnna, "access", "looked");
  ASSERT_THAT(store_->Commit(transaction), IsOk());
  EXPECT_EQ(Load(kAnna).version, 1u);
}

TEST_F(StoreTest, ProfileOfManyPartsReadsTheSameOnceTheyArePutIntoOne) {
  for (int i = 1; i <= 40; ++i) {
    const std::string id = "e" + std::to_string(i);
    const History before = Load(kAnna);
    Transaction transaction(At(i));
    transaction.DependOn(before);
    Event event(id);
    event.Fact(kAnna, "person.income", Decimal(i));
    event.Relation(kAnna, RelationKind::kParent, CitizenId(100 + static_cast<uint64_t>(i)));
    if (i > 1 && i % 3 == 0) event.Supersedes("e" + std::to_string(i - 1));
    transaction.Record(event);
    ASSERT_THAT(store_->Commit(transaction), IsOk());
    const History after = Load(kAnna);
    EXPECT_LE(after.parts, 17u);
    ASSERT_EQ(after.facts.size(), static_cast<size_t>(i));
    ASSERT_EQ(after.relations.size(), static_cast<size_t>(i));
    EXPECT_EQ(after.supersessions.size(), static_cast<size_t>(i / 3));
    for (int k = 0; k < i; ++k) {
      const Fact& fact = after.facts[static_cast<size_t>(k)];
      EXPECT_EQ(ToText(fact.value), std::to_string(k + 1));
      EXPECT_EQ(fact.known_at, At(k + 1));
      EXPECT_EQ(fact.reported_by->id.text(), "e" + std::to_string(k + 1));
    }
  }
}

TEST_F(StoreTest, ErasedCitizenCannotBeReadOrAddedTo) {
  ASSERT_THAT(Record(Event("e1").Fact(kAnna, "person.name", std::string("Anna-secret")), 1),
              IsOk());
  ASSERT_THAT(Record(Event("e2").About(kBoris).Fact(kBoris, "person.name", std::string("B")), 1),
              IsOk());
  Transaction more = With(2, kAnna, "C-1");
  more.AppendLog(kAnna, "outbox", "to Anna");
  more.AppendLog(kBoris, "outbox", "to Boris");
  ASSERT_THAT(store_->Commit(more), IsOk());
  ASSERT_THAT(store_->Erase(kAnna, At(3)), IsOk());
  EXPECT_THAT(store_->Load(kAnna), FailsWith(ErrorCode::kNotFound));
  EXPECT_THAT(store_->Records(kAnna, "case"), FailsWith(ErrorCode::kNotFound));
  EXPECT_THAT(store_->Erase(kAnna, At(4)), FailsWith(ErrorCode::kNotFound));
  EXPECT_THAT(Record(Event("e3").Fact(kAnna, "person.name", std::string("A")), 5),
              FailsWith(ErrorCode::kNotFound));
  std::vector<CitizenId> left;
  const auto note = [&](const History& history) {
    left.push_back(history.citizen);
    return true;
  };
  EXPECT_THAT(store_->ForEachHistory(CitizenId(), kLastCitizen, note), IsOk());
  EXPECT_THAT(left, testing::ElementsAre(kBoris));
  std::vector<std::string> logged;
  const auto take = [&](const LogRecord& record) -> Result<bool> {
    logged.push_back(*record.value);
    return true;
  };
  EXPECT_THAT(store_->ForEachEntry("outbox", take), IsOk());
  EXPECT_THAT(logged, testing::ElementsAre("to Boris"));
  EXPECT_EQ(Shows(kBoris, "person.name", 5), "B");
}

TEST_F(StoreTest, CommitFailsWhenACitizenItDependsOnChanged) {
  const History anna = Load(kAnna);
  ASSERT_THAT(store_->Commit(With(1, kAnna, "C-1")), IsOk());
  Transaction transaction = With(2, kBoris, "C-2");
  transaction.DependOn(anna);
  EXPECT_THAT(store_->Commit(transaction), FailsWith(ErrorCode::kConflict));
  EXPECT_FALSE(store_->GetRecord(kBoris, "case", "C-2")->has_value());

  Transaction fresh = With(2, kBoris, "C-2");
  fresh.DependOn(Load(kAnna));
  fresh.DependOn(Load(kBoris));
  EXPECT_THAT(store_->Commit(fresh), IsOk());
  EXPECT_EQ(Load(kAnna).version, 1u) << "depending on a citizen does not touch it";
}

TEST_F(StoreTest, ChangeThatRestsOnNoReadIsNotDisturbedByOthers) {
  constexpr int kThreads = 8;
  constexpr int kRounds = 25;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kRounds; ++i) {
        const std::string id = std::to_string(t) + "-" + std::to_string(i);
        ASSERT_THAT(Record(Event(id).Fact(kAnna, "person.income", Decimal(i)), i), IsOk());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const History anna = Load(kAnna);
  EXPECT_EQ(anna.version, static_cast<uint64_t>(kThreads * kRounds));
  ASSERT_EQ(anna.facts.size(), static_cast<size_t>(kThreads * kRounds));
  for (size_t i = 1; i < anna.facts.size(); ++i) {
    EXPECT_LE(anna.facts[i - 1].known_at, anna.facts[i].known_at);
  }
}

TEST_F(StoreTest, ReadModifyWriteOfManyThreadsOnTheSameCitizensAddsUp) {
  constexpr int kThreads = 8;
  constexpr int kRounds = 25;
  // Moves one from a citizen's purse to the other's: the sum stays, and each thread's moves all
  // count.
  const auto purse = [this](CitizenId citizen) {
    const auto text = store_->GetRecord(citizen, "purse", "p");
    return *text ? std::stoi(**text) : 0;
  };
  const auto move_one = [&](CitizenId from, CitizenId to) {
    for (;;) {
      Transaction transaction(At(0));
      transaction.DependOn(Load(from));
      transaction.DependOn(Load(to));
      transaction.PutRecord(from, "purse", "p", std::to_string(purse(from) - 1));
      transaction.PutRecord(to, "purse", "p", std::to_string(purse(to) + 1));
      const Result<void> outcome = store_->Commit(transaction);
      if (outcome) return;
      ASSERT_THAT(outcome, FailsWith(ErrorCode::kConflict));
    }
  };
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kRounds; ++i) {
        t < kThreads / 4 ? move_one(kBoris, kAnna) : move_one(kAnna, kBoris);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(purse(kAnna) + purse(kBoris), 0);
  EXPECT_EQ(purse(kBoris), kRounds * kThreads / 2);
}

TEST_F(StoreTest, SameEventFromManyThreadsIsRecordedOnce) {
  std::atomic<int> recorded = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      const Result<void> outcome = Record(Event("e1").Fact(kAnna, "person.income", Decimal(1)), 1);
      if (outcome) {
        ++recorded;
      } else {
        EXPECT_THAT(outcome, FailsWith(ErrorCode::kConflict));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(recorded, 1);
  EXPECT_EQ(Load(kAnna).facts.size(), 1u);
}

TEST_F(StoreTest, AMarkHoldsWhatWasNotedLastAndSurvivesReopening) {
  EXPECT_EQ(*store_->GetMark("swept"), std::nullopt);
  for (const char* value : {"Monday", "Tuesday"}) {
    Transaction transaction(At(1));
    transaction.PutMark("swept", value);
    ASSERT_THAT(store_->Commit(transaction), IsOk());
  }
  Reopen();
  EXPECT_EQ(*store_->GetMark("swept"), "Tuesday");
  EXPECT_EQ(*store_->GetMark("swept.other"), std::nullopt);
}

// Somebody's key is not at hand: the others' entries are read, and that one says why it is not.
TEST_F(StoreTest, AnEntryThatDoesNotOpenKeepsNobodyFromTheOthers) {
  const auto append = [this](CitizenId citizen, const std::string& value) {
    Transaction transaction(At(3));
    transaction.AppendLog(citizen, "outbox", value);
    return store_->Commit(transaction);
  };
  ASSERT_THAT(Record(Event("anna").About(kAnna), 1), IsOk());
  ASSERT_THAT(append(kAnna, "first"), IsOk());
  ASSERT_THAT(AddMasterKey(folder_.path() + "/master.keys", "key-2"), IsOk());
  Reopen();
  ASSERT_THAT(Record(Event("boris").About(kBoris), 2), IsOk());
  ASSERT_THAT(append(kBoris, "second"), IsOk());
  store_.reset();
  store_ = std::make_unique<Store>(std::move(*EngineOfTests()(folder_.path())),
                                   KeysWithoutTheFirst(folder_.path()));
  const size_t partition = store_->engine().PartitionOf(kAnna);
  const auto entries = store_->ReadLog(partition, "outbox", 0, 10);
  ASSERT_THAT(entries, IsOk());
  ASSERT_EQ(entries->size(), 2u);
  EXPECT_EQ(entries->front().value, std::nullopt);
  ASSERT_TRUE(entries->front().unreadable);
  EXPECT_EQ(entries->front().unreadable->code, ErrorCode::kDenied);
  EXPECT_EQ(entries->back().value, "second");
  EXPECT_FALSE(entries->back().unreadable);
  const auto take = [](const LogRecord&) { return Result<bool>(true); };
  const auto all = store_->ForEachEntry("outbox", take);
  ASSERT_THAT(all, FailsWith(ErrorCode::kDenied)) << "a sum over all must not leave one out";
  EXPECT_THAT(all.error().place, testing::HasSubstr("entry 1 of the log outbox"));
}

TEST_F(StoreTest, CitizensAreVisitedInOrderOfNumber) {
  for (const uint64_t number : {300u, 2u, 17u}) {
    const CitizenId citizen(number);
    ASSERT_THAT(Record(Event(citizen.ToString()).About(citizen).Fact(citizen, "a.x", true), 1),
                IsOk());
    ASSERT_THAT(store_->Commit(With(2, citizen, "C")), IsOk());
  }
  const auto visited = [this](CitizenId after, size_t limit) {
    std::vector<uint64_t> numbers;
    EXPECT_THAT(store_->ForEachCitizen(0, after,
                                       [&](CitizenId citizen) {
                                         numbers.push_back(citizen.number());
                                         return numbers.size() < limit;
                                       }),
                IsOk());
    return numbers;
  };
  EXPECT_THAT(visited(CitizenId(), 10), ElementsAre(2, 17, 300));
  EXPECT_THAT(visited(CitizenId(2), 10), ElementsAre(17, 300));
  EXPECT_THAT(visited(CitizenId(), 2), ElementsAre(2, 17));
  EXPECT_THAT(visited(kLastCitizen, 10), IsEmpty());

  std::vector<std::pair<uint64_t, size_t>> histories;
  const auto note = [&](const History& history) {
    EXPECT_EQ(history.version, 2u);
    histories.emplace_back(history.citizen.number(), history.facts.size());
    return histories.size() < 2;
  };
  EXPECT_THAT(store_->ForEachHistory(CitizenId(2), kLastCitizen, note), IsOk());
  EXPECT_THAT(histories, ElementsAre(Pair(17, 1), Pair(300, 1)));
  histories.clear();
  EXPECT_THAT(store_->ForEachHistory(CitizenId(), kLastCitizen, note), IsOk());
  EXPECT_THAT(histories, ElementsAre(Pair(2, 1), Pair(17, 1)));
}

}  // namespace
}  // namespace kstati::profile
