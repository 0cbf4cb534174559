// SPDX-License-Identifier: Apache-2.0
#include "profile/engines/postgres_ledger.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/log.h"
#include "profile/engines/postgres_calls.h"
#include "profile/ledger/partitions.h"
#include "profile/ledger/witness.h"

namespace kstati::profile {
namespace {

constexpr int64_t kPageEntries = 10'000;

tl::unexpected<Error> CorruptLedger() {
  return Fail(ErrorCode::kCorrupt, "the ledger of the store has a gap", {},
              "restore the store from a backup");
}

// Nodes that the database does not have yet, above those it has.
class NodesWithNew final : public ledger::NodeReader {
 public:
  NodesWithNew(PostgresConnection& connection, int64_t home, const std::vector<ledger::Node>& added)
      : connection_(connection), home_(home) {
    for (const ledger::Node& node : added) added_.emplace(node.address, node.hash);
  }
  Result<ledger::Hash> Read(ledger::NodeAddress address) const override {
    const auto found = added_.find(address);
    if (found != added_.end()) return found->second;
    return ReadStoredNode(connection_, home_, address);
  }

 private:
  PostgresConnection& connection_;
  const int64_t home_;
  std::map<ledger::NodeAddress, ledger::Hash> added_;
};

}  // namespace

Result<std::unique_ptr<PostgresLedger>> PostgresLedger::Open(PostgresPool& pool, int64_t home,
                                                             size_t number, size_t count) {
  const PostgresOptions& options = pool.options();
  KSTATI_TRY(ledger::SigningKey key, ledger::KeyOfPartition(*options.signer, number, count));
  std::string witness = options.witness_file;
  if (count > 1 && !witness.empty()) witness += "." + std::to_string(number);
  std::unique_ptr<PostgresLedger> made(
      new PostgresLedger(pool, home, std::move(key), std::move(witness)));
  KSTATI_TRY(const auto connection, pool.Borrow());
  const Result<void> taken = made->TakeUp(*connection);
  if (!taken) return Fail(AtPlace(taken.error(), connection->place()));
  return made;
}

// Nothing is signed before the witness was asked: two checkpoints that contradict each other would
// be evidence against the ledger's owner for ever.
Result<void> PostgresLedger::TakeUp(PostgresConnection& connection) {
  KSTATI_TRY(const LedgerHead head, CallReadLedgerHead(connection, home_));
  if (!head.state.empty()) {
    KSTATI_TRY(appender_, ledger::Appender::Resume(head.state));
    KSTATI_TRY_VOID(ledger::CheckSigned(appender_.Current(), head.checkpoint, key_.public_key()));
  }
  KSTATI_TRY(const Grown grown, ReadOn(connection));
  KSTATI_TRY_VOID(CheckWitness(connection, grown));
  sealed_ = appender_.size();
  const Result<void> sealed = SealWaiting(connection);
  // A server that is read only serves reads; the first deed is sealed with what is left here.
  if (!sealed && sealed.error().code != ErrorCode::kUnavailable) return sealed;
  return {};
}

Result<void> PostgresLedger::CheckWitness(PostgresConnection& connection, const Grown& grown) {
  if (witness_.empty()) return {};
  KSTATI_TRY(const std::optional<ledger::Checkpoint> seen,
             ledger::WitnessFile(witness_).Read(key_.public_key()));
  if (!seen) return {};
  kept_ = seen->size;
  return ledger::CheckAgainstWitness(grown.appender.Current(),
                                     NodesWithNew(connection, home_, grown.nodes), *seen);
}

Result<void> PostgresLedger::Seal() {
  const uint64_t call = ++calls_;
  const std::lock_guard lock(mutex_);
  if (covered_ >= call) return {};
  const uint64_t calls = calls_;  // they began before what follows reads
  {
    KSTATI_TRY(const auto connection, pool_.Borrow());
    KSTATI_TRY_VOID(SealWaiting(*connection));
  }
  KSTATI_TRY_VOID(Keep());
  covered_ = calls;
  return {};
}

Result<void> PostgresLedger::SealWaiting(PostgresConnection& connection) {
  KSTATI_TRY(const uint64_t size, CallOrderEntries(connection, home_));
  KSTATI_TRY(const Grown grown, ReadOn(connection));
  if (grown.appender.size() < size) return CorruptLedger();
  if (grown.nodes.empty()) return {};
  return Note(connection, grown);
}

Result<PostgresLedger::Grown> PostgresLedger::ReadOn(PostgresConnection& connection) const {
  Grown grown{appender_, {}};
  for (;;) {
    const uint64_t first = grown.appender.size();
    KSTATI_TRY(const PostgresRows rows,
               CallReadEntered(connection, home_, static_cast<int64_t>(first), kPageEntries));
    std::vector<ledger::Hash> leaves;
    for (int row = 0; row < rows.size(); ++row) {
      if (rows.Bigint(row, 0) != static_cast<int64_t>(first) + row) return CorruptLedger();
      leaves.push_back(ledger::LeafHash(rows.Bytes(row, 1)));
    }
    const std::vector<ledger::Node> made = grown.appender.Append(leaves);
    grown.nodes.insert(grown.nodes.end(), made.begin(), made.end());
    if (rows.size() < kPageEntries) return grown;
  }
}

Result<void> PostgresLedger::Note(PostgresConnection& connection, const Grown& grown) {
  const LedgerHead head{grown.appender.State(), grown.appender.SignedBy(key_)};
  KSTATI_TRY_VOID(CallSealLedger(connection, home_, grown.appender.size(), head, grown.nodes));
  appender_ = grown.appender;
  sealed_ = appender_.size();
  return {};
}

// When the witness cannot be written the entries are there, but nobody is told so: what they tell
// of may have to be repeated.
Result<void> PostgresLedger::Keep() {
  if (kept_ >= appender_.size()) return {};
  if (!witness_.empty()) {
    const Result<void> kept = ledger::WitnessFile(witness_).Keep(appender_.SignedBy(key_));
    if (!kept) {
      log::Failure("ledger_witness_refused", {{"reason", kept.error().message}});
      return kept;
    }
  }
  kept_ = appender_.size();
  return {};
}

Result<ledger::Hash> ReadStoredNode(PostgresConnection& connection, int64_t home,
                                    ledger::NodeAddress address) {
  KSTATI_TRY(const PostgresRows rows, CallReadLedgerNode(connection, home, address));
  if (rows.IsNull(0, 0)) return CorruptLedger();
  const std::string_view bytes = rows.Bytes(0, 0);
  if (address.level == 0) return ledger::LeafHash(bytes);
  if (bytes.size() != ledger::Hash::kSize) return CorruptLedger();
  ledger::Hash hash;
  std::copy(bytes.begin(), bytes.end(), hash.bytes.begin());
  return hash;
}

}  // namespace kstati::profile
