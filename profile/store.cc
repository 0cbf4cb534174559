// SPDX-License-Identifier: Apache-2.0
#include "profile/store.h"

#include <sodium.h>

#include <atomic>
#include <charconv>
#include <set>
#include <span>
#include <vector>

#include "base/check.h"
#include "base/log.h"
#include "profile/citizen_keys.h"
#include "profile/commit_plan.h"
#include "profile/formats/consent_codec.h"
#include "profile/formats/fact_codec.h"
#include "profile/formats/keys.h"
#include "profile/formats/profile_codec.h"
#include "profile/formats/record_codec.h"
#include "profile/sealed_records.h"

namespace kstati::profile {
namespace {

// A commit repeats while others touch the same citizens without contradicting it. Each repetition
// means that another commit succeeded; this many in a row means that somebody floods one citizen.
constexpr int kCommitAttemptsMax = 1'000;

constexpr size_t kLogPage = 1'000;

// How many lines of the list of erasures were honoured; it comes back with a backup.
constexpr std::string_view kErasuresMark = "erasures";

// A digest of 32 bytes needs no key and no state; sodium_init picks the fastest code of the
// machine.
std::string DigestOfBytes(std::string_view bytes) {
  static const bool kReady = sodium_init() >= 0;
  KSTATI_CHECK(kReady);
  std::string digest(crypto_generichash_BYTES, '\0');
  const int failed = crypto_generichash(
      reinterpret_cast<unsigned char*>(digest.data()), digest.size(),
      reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), nullptr, 0);
  KSTATI_CHECK(failed == 0);
  return digest;
}

}  // namespace

// When the citizens of each slot changed last, by a count of changes.
struct Store::Changes {
  static constexpr size_t kSlots = 1 << 16;  // half a MiB; a thousand hot citizens rarely meet

  std::atomic<uint64_t> count{0};
  std::vector<std::atomic<uint64_t>> latest = std::vector<std::atomic<uint64_t>>(kSlots);

  std::atomic<uint64_t>& SlotOf(CitizenId citizen) { return latest[citizen.number() % kSlots]; }

  void Note(const std::vector<CitizenId>& citizens) {
    const uint64_t number = ++count;
    for (const CitizenId citizen : citizens) {
      std::atomic<uint64_t>& slot = SlotOf(citizen);
      uint64_t seen = slot.load();
      while (seen < number && !slot.compare_exchange_weak(seen, number)) {
      }
    }
  }
};

std::string DigestOf(const RegistryEvent& event) { return DigestOfBytes(CanonicalBytes(event)); }

void Transaction::DependOn(const History& history) {
  depends_.push_back({history.citizen, history.version, history.parts});
}

void Transaction::Record(const RegistryEvent& event) {
  KSTATI_CHECK(!event_);
  event_.emplace();
  event_->event = event;
  event_->digest = DigestOf(event);
}

void Transaction::PutConsent(const Consent& consent) {
  puts_.push_back({consent.citizen, ConsentKey(consent.id), Encode(consent)});
}

void Transaction::PutRecord(CitizenId citizen, std::string_view kind, std::string_view id,
                            std::string value) {
  KSTATI_CHECK(!kind.empty() && kind.find('\0') == std::string_view::npos);
  puts_.push_back({citizen, ModuleRecordKey(kind, id), std::move(value)});
}

void Transaction::RemoveRecord(CitizenId citizen, std::string_view kind, std::string_view id) {
  puts_.push_back({citizen, ModuleRecordKey(kind, id), std::nullopt});
}

void Transaction::AppendLog(CitizenId citizen, std::string_view log, std::string value) {
  entries_.push_back({citizen, std::string(log), std::move(value)});
}

void Transaction::Enter(CitizenId citizen, ledger::EntryKind kind, DeedContent content) {
  deeds_.push_back({citizen, kind, std::move(content)});
}

void Transaction::SetTimer(Timer timer) {
  const CitizenId citizen = timer.citizen;
  timers_.push_back({citizen, std::move(timer), true});
}

void Transaction::StopTimer(Timer timer) {
  const CitizenId citizen = timer.citizen;
  timers_.push_back({citizen, std::move(timer), false});
}

void Transaction::PutMark(std::string_view name, std::string value) {
  puts_.push_back({CitizenId(), MarkKey(name), std::move(value)});
}

Store::Store(std::unique_ptr<Engine> engine, std::unique_ptr<KeySealer> sealer)
    : engine_(std::move(engine)),
      keys_(std::make_unique<CitizenKeys>(std::move(sealer))),
      changes_(std::make_unique<Changes>()) {
  KSTATI_CHECK(engine_ != nullptr);
}

Store::~Store() = default;

void Store::NoteChanged(const std::vector<CitizenId>& citizens) { changes_->Note(citizens); }

uint64_t Store::LatestChange() const { return changes_->count; }

uint64_t Store::LatestChangeOf(CitizenId citizen) const { return changes_->SlotOf(citizen); }

namespace {

Result<History> OpenHistory(CitizenId citizen, const Row& row, const DataKey& key) {
  History history;
  history.citizen = citizen;
  history.version = row.stamp.version;
  history.last_known_at = row.stamp.recorded_at;
  KSTATI_TRY_VOID(DecodeProfile(row.profile, key, history));
  return history;
}

}  // namespace

Result<History> Store::Load(CitizenId citizen) const {
  const CitizenKeys::Glance before = keys_->Before(citizen);
  KSTATI_TRY(const std::optional<Row> row, engine_->ReadRow(citizen));
  if (!row) {
    History none;
    none.citizen = citizen;
    return none;
  }
  KSTATI_TRY(const DataKey key, keys_->Open(citizen, before, row->sealed_key));
  return OpenHistory(citizen, *row, key);
}

Result<CitizenReading> Store::Read(CitizenId citizen,
                                   std::span<const std::string_view> kinds) const {
  CitizenReading reading;
  reading.history.citizen = citizen;
  reading.records.resize(kinds.size());
  std::vector<std::string> prefixes;
  for (const std::string_view kind : kinds) prefixes.push_back(ModuleRecordPrefix(kind));
  KSTATI_CHECK(std::set(prefixes.begin(), prefixes.end()).size() == kinds.size());
  prefixes.emplace_back(kConsentPrefix);
  NamedRecords sealed;
  const auto note = [&sealed](std::string_view key, std::string_view bytes) {
    sealed.emplace_back(key, bytes);
    return true;
  };
  const CitizenKeys::Glance before = keys_->Before(citizen);
  KSTATI_TRY(const std::optional<Row> row, engine_->ReadCitizen(citizen, prefixes, note));
  if (!row) return reading;
  KSTATI_TRY(const DataKey data_key, keys_->Open(citizen, before, row->sealed_key));
  KSTATI_TRY(reading.history, OpenHistory(citizen, *row, data_key));
  size_t at = 0;  // records come in the order of the prefixes
  for (const auto& [key, bytes] : sealed) {
    KSTATI_TRY(std::string value, Unseal(data_key, PlaceOfRecord(citizen, key), bytes));
    while (!key.starts_with(prefixes[at])) ++at;
    if (at < kinds.size()) {
      reading.records[at].emplace_back(key.substr(prefixes[at].size()), std::move(value));
    } else {
      KSTATI_TRY(Consent consent, DecodeConsent(value));
      reading.consents.push_back(std::move(consent));
    }
  }
  return reading;
}

Result<std::optional<std::string>> Store::FindEvent(CitizenId subject, const EventKey& key) const {
  KSTATI_TRY(const std::optional<EventNote> note, FindRecorded(subject, key));
  if (!note) return std::nullopt;
  KSTATI_TRY(EventRecord record, OpenEventRecord(*engine_, *keys_, key, *note));
  return std::optional<std::string>(std::move(record.digest));
}

Result<std::optional<RegistryEvent>> Store::ReadEventHead(CitizenId subject,
                                                          const EventKey& key) const {
  KSTATI_TRY(const std::optional<EventNote> note, FindRecorded(subject, key));
  if (!note) return std::nullopt;
  const Result<EventRecord> record = OpenEventRecord(*engine_, *keys_, key, *note);
  if (!record && record.error().code == ErrorCode::kNotFound) return std::nullopt;  // erased
  if (!record) return Fail(record.error());
  KSTATI_TRY(RegistryEvent event, DecodeEvent(record->head));
  return std::optional<RegistryEvent>(std::move(event));
}

Result<std::optional<Instant>> Store::RecordedAt(CitizenId subject, const EventKey& key) const {
  KSTATI_TRY(const std::optional<EventNote> note, FindRecorded(subject, key));
  if (!note) return std::nullopt;
  return std::optional<Instant>(note->stamp.recorded_at);
}

Result<bool> Store::IsSupersededBeforeArrival(CitizenId subject, const EventKey& key) const {
  KSTATI_TRY(const std::optional<EventNote> note, ReadEventNote(*engine_, subject, key));
  return note && !note->recorded;
}

Result<std::optional<EventNote>> Store::FindRecorded(CitizenId subject, const EventKey& key) const {
  KSTATI_TRY(std::optional<EventNote> note, ReadEventNote(*engine_, subject, key));
  if (note && !note->recorded) return std::nullopt;
  return note;
}

Result<std::vector<Consent>> Store::Consents(CitizenId citizen) const {
  std::vector<Consent> consents;
  KSTATI_TRY_VOID(ScanRecords(*engine_, *keys_, citizen, kConsentPrefix,
                              [&](std::string_view, const std::string& value) -> Result<void> {
                                KSTATI_TRY(Consent consent, DecodeConsent(value));
                                consents.push_back(std::move(consent));
                                return {};
                              }));
  return consents;
}

Result<std::optional<std::string>> Store::GetRecord(CitizenId citizen, std::string_view kind,
                                                    std::string_view id) const {
  return ReadRecord(*engine_, *keys_, citizen, ModuleRecordKey(kind, id));
}

Result<NamedRecords> Store::Records(CitizenId citizen, std::string_view kind) const {
  NamedRecords records;
  const std::string prefix = ModuleRecordPrefix(kind);
  KSTATI_TRY_VOID(ScanRecords(*engine_, *keys_, citizen, prefix,
                              [&](std::string_view key, std::string value) -> Result<void> {
                                records.emplace_back(key.substr(prefix.size()), std::move(value));
                                return {};
                              }));
  return records;
}

Result<std::vector<LogRecord>> Store::ReadLog(size_t partition, std::string_view log,
                                              uint64_t after, size_t limit) const {
  std::vector<LogRecord> records;
  KSTATI_TRY(const std::vector<LogEntry> entries, engine_->ReadLog(partition, log, after, limit));
  for (const LogEntry& entry : entries) {
    Result<LogRecord> record = DecodeLogEntry(*engine_, *keys_, log, entry);
    if (record) {
      records.push_back(std::move(*record));
      continue;
    }
    Error& error = record.error();
    const bool of_one = error.code == ErrorCode::kCorrupt || error.code == ErrorCode::kDenied;
    if (!of_one) return Fail(std::move(error));
    records.push_back({entry.sequence, CitizenId(), std::nullopt, std::move(error)});
  }
  return records;
}

Result<void> Store::ForEachEntry(std::string_view log,
                                 const std::function<Result<bool>(const LogRecord&)>& visit) const {
  for (size_t partition = 0; partition < Partitions(); ++partition) {
    for (uint64_t after = 0;;) {
      KSTATI_TRY(const std::vector<LogRecord> page, ReadLog(partition, log, after, kLogPage));
      if (page.empty()) break;
      for (const LogRecord& record : page) {
        if (record.unreadable) {
          return Fail(AtPlace(*record.unreadable, "entry " + std::to_string(record.sequence) +
                                                      " of the log " + std::string(log)));
        }
        if (!record.value) continue;
        KSTATI_TRY(const bool more, visit(record));
        if (!more) return {};
      }
      after = page.back().sequence;
    }
  }
  return {};
}

Result<std::optional<std::string>> Store::GetMark(std::string_view name) const {
  return engine_->Get(CitizenId(), MarkKey(name));
}

Result<DueTimers> Store::ReadTimers(size_t partition, Instant now, size_t limit) const {
  return ReadDueTimers(*engine_, partition, now, limit);
}

Result<std::vector<Timer>> Store::AllTimers(size_t partition) const {
  return ReadAllTimers(*engine_, partition);
}

Result<void> Store::ForEachCitizen(const std::function<bool(CitizenId)>& visit) const {
  return engine_->SweepAll(CitizenId(), kLastCitizen, [&](const RowView& row) {
    return row.sealed_key.empty() || visit(row.citizen);
  });
}

Result<void> Store::ForEachCitizen(size_t partition, CitizenId after,
                                   const std::function<bool(CitizenId)>& visit) const {
  return engine_->Sweep(partition, after, kLastCitizen, [&](const RowView& row) {
    return row.sealed_key.empty() || visit(row.citizen);
  });
}

Result<void> Store::ForEachHistory(CitizenId after, CitizenId last,
                                   const std::function<bool(const History&)>& visit) const {
  Result<void> outcome;
  History history;  // one for all: its memory is used again
  const auto decode = [&](const RowView& row) -> Result<bool> {
    history.citizen = row.citizen;
    history.version = row.stamp.version;
    history.last_known_at = row.stamp.recorded_at;
    KSTATI_TRY(const DataKey key, keys_->Unseal(row.citizen, row.sealed_key));
    KSTATI_TRY_VOID(DecodeProfile(row.profile, key, history));
    return visit(history);
  };
  KSTATI_TRY_VOID(engine_->SweepAll(after, last, [&](const RowView& row) {
    if (row.sealed_key.empty()) return true;  // erased
    const Result<bool> more = decode(row);
    if (!more) outcome = Fail(more.error());
    return more.value_or(false);
  }));
  return outcome;
}

Result<std::vector<DeedOfCitizen>> Store::Deeds(CitizenId citizen, uint64_t after,
                                                size_t limit) const {
  std::vector<DeedOfCitizen> deeds;
  KSTATI_TRY(const std::optional<DataKey> key, keys_->Find(*engine_, citizen));
  if (!key) return deeds;
  KSTATI_TRY(const std::vector<RecordedDeed> recorded, engine_->ReadDeeds(citizen, after, limit));
  for (const RecordedDeed& each : recorded) {
    KSTATI_TRY(const std::vector<std::string> entry,
               engine_->ReadLedger(engine_->PartitionOf(citizen), each.index, 1));
    KSTATI_TRY(DeedOfCitizen deed,
               OpenDeed(*key, citizen, each, entry.empty() ? std::string() : entry.front()));
    deeds.push_back(std::move(deed));
  }
  return deeds;
}

Result<std::string> Store::DeedReceipt(CitizenId citizen, uint64_t number) const {
  KSTATI_TRY(const std::optional<DataKey> key, keys_->Find(*engine_, citizen));
  std::vector<RecordedDeed> recorded;
  if (key && number > 0) {
    KSTATI_TRY(recorded, engine_->ReadDeeds(citizen, number - 1, 1));
  }
  if (recorded.empty() || recorded.front().number != number) {
    return Fail(ErrorCode::kNotFound, "the citizen has no ledger entry of this number", "number",
                "the citizen's entries are numbered from 1 without gaps");
  }
  KSTATI_TRY(const ledger::Receipt receipt, MakeReceipt(*engine_, *key, citizen, recorded.front()));
  return ledger::ToJson(receipt);
}

Result<std::string> Store::LedgerConsistency(size_t partition, const std::string& first,
                                             const std::string& second) const {
  return ConsistencyBetween(*engine_, partition, first, second);
}

Result<void> Store::Erase(CitizenId citizen, Instant now) {
  KSTATI_TRY_VOID(RequireTakenUp(citizen));
  return Erase(citizen, now, erasures_.get());
}

Result<void> Store::Erase(CitizenId citizen, Instant now, ErasureList* note) {
  // What is under way from the citizen could not be read any more.
  KSTATI_TRY(const UnderWay::Acting acting, under_way_.Act({citizen}));
  for (int attempt = 1;; ++attempt) {
    KSTATI_TRY(const std::optional<Row> row, engine_->ReadRow(citizen));
    if (!row) {
      return Fail(ErrorCode::kNotFound, "the citizen has no profile", {}, "check the number");
    }
    KSTATI_TRY(const DataKey key, keys_->Unseal(citizen, row->sealed_key));
    if (note != nullptr && attempt == 1) KSTATI_TRY_VOID(note->Add(citizen));
    Change change;
    change.now = now;
    change.deeds.push_back(MakeDeed(key, citizen, ledger::EntryKind::kErasure, {}));
    CitizenChange& erased = change.citizens.emplace_back();
    erased.citizen = citizen;
    erased.expected_version = row->stamp.version;
    erased.sealed_key = "";
    erased.profile = "";
    KSTATI_TRY_VOID(engine_->Scan(citizen, "", [&](std::string_view name, std::string_view) {
      erased.writes.push_back({std::string(name), std::nullopt, false});
      return true;
    }));
    const Result<void> outcome = engine_->Commit(std::move(change));
    keys_->Forget(citizen);
    changes_->Note({citizen});
    const bool moved = !outcome && outcome.error().code == ErrorCode::kConflict;
    if (moved && attempt < kCommitAttemptsMax) continue;
    if (!outcome) return outcome;
    return engine_->Purge(citizen);
  }
}

Result<void> Store::Purge(CitizenId citizen) { return engine_->Purge(citizen); }

// False: the data were erased already, or never there. A kill may have come before the purge.
Result<bool> Store::EraseAgain(CitizenId citizen, Instant now) {
  const Result<void> outcome = Erase(citizen, now, nullptr);
  if (outcome) return true;
  if (outcome.error().code != ErrorCode::kNotFound) return Fail(outcome.error());
  KSTATI_TRY(const std::optional<Row> row, engine_->ReadRow(citizen));
  if (row) KSTATI_TRY_VOID(engine_->Purge(citizen));
  return false;
}

// Adds those whom the store knows to be erased and the list lacks: a backup older than their
// erasure must not bring them back.
Result<size_t> Store::CompleteErasures(const std::vector<CitizenId>& listed) {
  const std::set<CitizenId> known(listed.begin(), listed.end());
  std::vector<CitizenId> lacking;
  KSTATI_TRY_VOID(engine_->SweepAll(CitizenId(), kLastCitizen, [&](const RowView& row) {
    if (row.sealed_key.empty() && !known.contains(row.citizen)) lacking.push_back(row.citizen);
    return true;
  }));
  for (const CitizenId citizen : lacking) KSTATI_TRY_VOID(erasures_->Add(citizen));
  log::Warning("erasures.list_was_short", {{"added", static_cast<uint64_t>(lacking.size())}});
  return lacking.size();
}

Result<size_t> Store::HonourErasures(std::unique_ptr<ErasureList> list, Instant now) {
  KSTATI_TRY(const std::vector<CitizenId> listed, list->Read());
  const Result<std::optional<std::string>> mark = GetMark(kErasuresMark);
  if (mark && !*mark && !listed.empty()) {
    bool inhabited = false;
    const Result<void> visited = ForEachCitizen([&](CitizenId) {
      inhabited = true;
      return false;
    });
    if (visited && !inhabited) {
      return Fail(ErrorCode::kConflict, "the list of erased persons is of another store",
                  list->path(), "move it away when this store begins anew");
    }
  }
  erasures_ = std::move(list);
  const Result<size_t> erased_again = HonourListed(now);
  if (erased_again || Partitions() == 1 || erased_again.error().code != ErrorCode::kUnavailable) {
    return erased_again;
  }
  const std::lock_guard lock(left_mutex_);
  erasures_are_left_ = true;
  return 0;
}

Result<size_t> Store::HonourListed(Instant now) {
  KSTATI_TRY(const std::vector<CitizenId> listed, erasures_->Read());
  const Result<std::optional<std::string>> mark = GetMark(kErasuresMark);
  size_t honoured = 0;
  if (mark && *mark) {
    std::from_chars((*mark)->data(), (*mark)->data() + (*mark)->size(), honoured);
  }
  size_t count_of_all = listed.size();
  if (honoured > listed.size()) {  // it was lost, or replaced by an older one
    KSTATI_TRY(const size_t added, CompleteErasures(listed));
    count_of_all += added;
    honoured = 0;
  }
  size_t erased_again = 0;
  Result<void> left;
  for (const CitizenId citizen : std::span(listed).subspan(honoured)) {
    const Result<bool> again = EraseAgain(citizen, now);
    if (again && *again) ++erased_again;
    if (again) continue;
    if (again.error().code != ErrorCode::kUnavailable) return Fail(again.error());
    left = Fail(again.error());  // whose partition is down keeps nobody else
  }
  if (!mark) return Fail(mark.error());
  KSTATI_TRY_VOID(left);
  const std::string count = std::to_string(count_of_all);
  if (*mark == count) return erased_again;
  Transaction transaction(now);
  transaction.PutMark(kErasuresMark, count);
  KSTATI_TRY_VOID(Commit(transaction));
  return erased_again;
}

Result<void> Store::AcceptsWrites(size_t partition) const {
  return engine_->AcceptsWrites(partition);
}

Result<void> Store::Commit(const Transaction& transaction) {
  if (Partitions() == 1) return CommitInPartition(transaction);
  return transaction.spread_ ? CommitSpread(transaction) : CommitOverPartitions(transaction);
}

void Store::RingFor(const Transaction& transaction) const {
  for (const Transaction::TimerChange& each : transaction.timers_) {
    if (each.set) bell_->Ring(each.timer.at);
  }
}

Result<void> Store::CommitInPartition(const Transaction& transaction) {
  for (int attempt = 1;; ++attempt) {
    CommitPlan plan(transaction, *engine_, *keys_, attempt == 1);
    KSTATI_TRY(Change change, plan.Make());
    const std::vector<CitizenId> touched = plan.Touched();
    Result<void> outcome = engine_->Commit(std::move(change));
    // Before anybody is told of the change; also after a failure, which may have come too late.
    changes_->Note(touched);
    if (outcome) RingFor(transaction);
    const bool moved = !outcome && outcome.error().code == ErrorCode::kConflict;
    if (!moved || attempt == kCommitAttemptsMax) return outcome;
    // Another attempt helps only when nothing moved of what the transaction was based on.
    KSTATI_TRY_VOID(CheckElsewhere(transaction, {}));
  }
}

}  // namespace kstati::profile
