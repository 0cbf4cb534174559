// SPDX-License-Identifier: Apache-2.0
// Deeds from the transaction that enters them to the receipt that an outsider verifies.
#include "profile/deeds.h"

#include <filesystem>

#include "profile/ledger_verifier/documents.h"
#include "profile/ledger_verifier/log_verification.h"
#include "tests/unit/profile/profile_fixtures.h"

namespace kstati::profile {
namespace {

namespace fs = std::filesystem;
using ledger::EntryKind;
using testing::HasSubstr;

ledger_verifier::LogKey KeyOfVerifier() {
  return *ledger_verifier::ParseLogKey(TestSigner().public_key().ToString());
}

Result<void> EnterIn(Store& store, CitizenId citizen, EntryKind kind, DeedContent content,
                     Instant now) {
  Transaction transaction(now);
  transaction.Enter(citizen, kind, std::move(content));
  return store.Commit(transaction);
}

class DeedsTest : public testing::Test {
 protected:
  DeedsTest() {
    Open();
    EXPECT_THAT(RecordIn(*store_, Event("e1").Names("spouse", {kBoris}), At(1)), IsOk());
  }
  void Open() {
    store_.reset();
    store_ = OpenStoreAt(folder_.path());
  }
  Result<void> Enter(CitizenId citizen, EntryKind kind, DeedContent content, int64_t second) {
    return EnterIn(*store_, citizen, kind, std::move(content), At(second));
  }

  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

TEST_F(DeedsTest, EachCitizenSeesTheOwnDeedsNumberedWithoutGaps) {
  ASSERT_THAT(Enter(kAnna, EntryKind::kAccess, {{"call", "profile"}, {"reason", "Ж"}}, 2), IsOk());
  ASSERT_THAT(Enter(kBoris, EntryKind::kAccess, {{"call", "cases"}}, 3), IsOk());
  ASSERT_THAT(Enter(kAnna, EntryKind::kDecision, {{"service", "s"}}, 4), IsOk());
  Open();
  ASSERT_THAT(Enter(kAnna, EntryKind::kDisclosure, {}, 3), IsOk());
  const auto deeds = store_->Deeds(kAnna, 0, 10);
  ASSERT_THAT(deeds, IsOk());
  ASSERT_EQ(deeds->size(), 3u);
  EXPECT_EQ((*deeds)[0].number, 1u);
  EXPECT_EQ((*deeds)[0].kind, EntryKind::kAccess);
  EXPECT_EQ((*deeds)[0].at, At(2));
  EXPECT_EQ((*deeds)[0].content, (DeedContent{{"call", "profile"}, {"reason", "Ж"}}));
  EXPECT_EQ((*deeds)[1].number, 2u);
  EXPECT_EQ((*deeds)[2].number, 3u);
  EXPECT_GT((*deeds)[2].at, At(4)) << "moments of a citizen's entries never go back";
  EXPECT_EQ(store_->Deeds(kAnna, 2, 10)->size(), 1u);
  EXPECT_EQ(store_->Deeds(kAnna, 0, 2)->size(), 2u);
  EXPECT_EQ(store_->Deeds(kBoris, 0, 10)->size(), 1u);
  EXPECT_EQ(store_->Deeds(CitizenId(99), 0, 10)->size(), 0u);
}

TEST_F(DeedsTest, DeedIsNotAChangeOfTheCitizen) {
  const uint64_t before = LoadFrom(*store_, kAnna).version;
  ASSERT_THAT(Enter(kAnna, EntryKind::kAccess, {}, 2), IsOk());
  EXPECT_EQ(LoadFrom(*store_, kAnna).version, before);
}

TEST_F(DeedsTest, DeedAboutNobodyIsRefused) {
  EXPECT_THAT(Enter(CitizenId(99), EntryKind::kAccess, {}, 2), FailsWith(ErrorCode::kNotFound));
  EXPECT_EQ(LoadFrom(*store_, CitizenId(99)).version, 0u);
}

TEST_F(DeedsTest, DeedOfARefusedCommitIsNotEntered) {
  const History anna = LoadFrom(*store_, kAnna);
  ASSERT_THAT(RecordIn(*store_, Event("e2"), At(2)), IsOk());
  Transaction transaction(At(3));
  transaction.DependOn(anna);
  transaction.Enter(kAnna, EntryKind::kDecision, {});
  EXPECT_THAT(store_->Commit(transaction), FailsWith(ErrorCode::kConflict));
  EXPECT_EQ(store_->Deeds(kAnna, 0, 10)->size(), 0u);
  EXPECT_EQ(*SizeOfCheckpoint(*store_->engine().ReadCheckpoint(0)), 0u);
}

TEST_F(DeedsTest, ReceiptsVerifyWithoutTheStore) {
  for (int i = 1; i <= 11; ++i) {
    ASSERT_THAT(Enter(i % 2 == 0 ? kBoris : kAnna, EntryKind::kAccess,
                      {{"turn", std::to_string(i)}}, 1 + i),
                IsOk());
  }
  for (uint64_t number = 1; number <= 6; ++number) {
    const Result<std::string> receipt = store_->DeedReceipt(kAnna, number);
    ASSERT_THAT(receipt, IsOk());
    const auto verified = ledger_verifier::VerifyReceipt(*receipt, KeyOfVerifier());
    ASSERT_THAT(verified, IsOk());
    EXPECT_EQ(verified->citizen, kAnna);
    EXPECT_EQ(verified->entry.number, number);
    EXPECT_EQ(verified->content, "{\"turn\":\"" + std::to_string(2 * number - 1) + "\"}");
    EXPECT_EQ(verified->checkpoint.size, 11u);
  }
  EXPECT_THAT(store_->DeedReceipt(kAnna, 7), FailsWith(ErrorCode::kNotFound));
  EXPECT_THAT(store_->DeedReceipt(kAnna, 0), FailsWith(ErrorCode::kNotFound));
}

// The ledger as `kstati ledger export` writes it, verified by what shares no code with it.
Result<ledger_verifier::LogVerification::Summary> VerifyWhole(const Store& store) {
  ledger_verifier::LogVerification log(KeyOfVerifier());
  KSTATI_TRY(const std::vector<std::string> entries, store.engine().ReadLedger(0, 0, SIZE_MAX));
  uint64_t index = 0;
  const auto add = [&log](std::string line) {
    line.pop_back();  // the end of the line
    return log.Add(line);
  };
  for (const std::string& entry : entries) {
    KSTATI_TRY_VOID(add(ledger::EntryLine(index++, entry)));
  }
  KSTATI_TRY(const std::string checkpoint, store.engine().ReadCheckpoint(0));
  KSTATI_TRY_VOID(add(ledger::CheckpointLine(checkpoint)));
  return log.Finish();
}

TEST_F(DeedsTest, ErasureLeavesTheLedgerVerifiableAndTheDeedsUnreadable) {
  ASSERT_THAT(Enter(kAnna, EntryKind::kAccess, {{"reason", "why"}}, 2), IsOk());
  ASSERT_THAT(Enter(kBoris, EntryKind::kAccess, {}, 3), IsOk());
  const std::string receipt = *store_->DeedReceipt(kBoris, 1);
  ASSERT_THAT(store_->Erase(kAnna, At(4)), IsOk());
  EXPECT_THAT(store_->Deeds(kAnna, 0, 10), FailsWith(ErrorCode::kNotFound));
  EXPECT_THAT(store_->DeedReceipt(kAnna, 1), FailsWith(ErrorCode::kNotFound));
  EXPECT_THAT(ledger_verifier::VerifyReceipt(receipt, KeyOfVerifier()), IsOk());
  const auto whole = VerifyWhole(*store_);
  ASSERT_THAT(whole, IsOk());
  EXPECT_EQ(whole->last.size, 3u) << "the erasure is an entry itself";
}

// A store with a witness, whose folder can be put back as it was.
class WitnessedStore : public testing::Test {
 protected:
  std::unique_ptr<Store> Open() {
    RocksDbOptions options = SmallStoreAt(folder_ / "store");
    options.witness_file = folder_ / "witness";
    opened_ = OpenRocksDb(options);
    if (!opened_) return nullptr;
    return std::make_unique<Store>(std::move(*opened_), KeysIn(folder_.path()));
  }
  void Deed(Store& store, int64_t second) {
    ASSERT_THAT(EnterIn(store, kAnna, EntryKind::kAccess, {}, At(second)), IsOk());
  }

  TemporaryFolder folder_;
  Result<std::unique_ptr<Engine>> opened_;
};

TEST_F(WitnessedStore, OldBackupInPlaceOfTheStoreRefusesToStart) {
  {
    const auto store = Open();
    ASSERT_NE(store, nullptr);
    ASSERT_THAT(RecordIn(*store, Event("e1"), At(1)), IsOk());
    Deed(*store, 2);
  }
  fs::copy(folder_ / "store", folder_ / "backup", fs::copy_options::recursive);
  {
    const auto store = Open();
    ASSERT_NE(store, nullptr) << opened_.error().ToString();
    Deed(*store, 3);
  }
  fs::remove_all(folder_ / "store");
  fs::copy(folder_ / "backup", folder_ / "store", fs::copy_options::recursive);
  ASSERT_EQ(Open(), nullptr);
  EXPECT_EQ(opened_.error().code, ErrorCode::kCorrupt);
  EXPECT_THAT(opened_.error().message,
              HasSubstr("has 1 entry, but its witness has seen 2 entries"));
  EXPECT_FALSE(opened_.error().remedy.empty());
}

TEST_F(WitnessedStore, AnotherHistoryOfTheSameSizeRefusesToStart) {
  {
    const auto store = Open();
    ASSERT_THAT(RecordIn(*store, Event("e1"), At(1)), IsOk());
  }
  fs::copy(folder_ / "store", folder_ / "fork", fs::copy_options::recursive);
  Deed(*Open(), 2);
  fs::rename(folder_ / "witness", folder_ / "seen");
  fs::remove_all(folder_ / "store");
  fs::rename(folder_ / "fork", folder_ / "store");
  Deed(*Open(), 3);
  fs::rename(folder_ / "seen", folder_ / "witness");
  ASSERT_EQ(Open(), nullptr);
  EXPECT_THAT(opened_.error().message, HasSubstr("do not begin with"));
}

TEST_F(WitnessedStore, AnotherKeyRefusesToStart) {
  {
    const auto store = Open();
    ASSERT_THAT(RecordIn(*store, Event("e1"), At(1)), IsOk());
    Deed(*store, 2);
  }
  const auto other = ledger::SigningKey::FromSeed("test/ledger", {9});
  RocksDbOptions options = SmallStoreAt(folder_ / "store");
  options.signer = &*other;
  const auto engine = OpenRocksDb(options);
  ASSERT_THAT(engine, FailsWith(ErrorCode::kCorrupt));
  EXPECT_THAT(engine.error().message, HasSubstr("signed with another key"));
}

TEST_F(WitnessedStore, DeedIsNotAcknowledgedWhileTheWitnessCannotBeWritten) {
  const auto store = Open();
  ASSERT_THAT(RecordIn(*store, Event("e1"), At(1)), IsOk());
  fs::create_directory(folder_ / "witness");
  EXPECT_THAT(EnterIn(*store, kAnna, EntryKind::kAccess, {}, At(2)),
              FailsWith(ErrorCode::kUnavailable));
  fs::remove(folder_ / "witness");
  EXPECT_THAT(EnterIn(*store, kAnna, EntryKind::kAccess, {}, At(3)), IsOk());
  EXPECT_THAT(VerifyWhole(*store), IsOk());
}

TEST(Deeds, StoreWithoutAKeyRefusesThem) {
  const TemporaryFolder folder;
  RocksDbOptions options = SmallStoreAt(folder.path());
  options.signer = nullptr;
  Store store(std::move(*OpenRocksDb(options)), KeysIn(folder.path()));
  ASSERT_THAT(RecordIn(store, Event("e1"), At(1)), IsOk());
  const Result<void> refused = EnterIn(store, kAnna, EntryKind::kAccess, {}, At(2));
  ASSERT_THAT(refused, FailsWith(ErrorCode::kUnsupported));
  EXPECT_FALSE(refused.error().remedy.empty());
}

}  // namespace
}  // namespace kstati::profile
