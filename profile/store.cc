// SPDX-License-Identifier: Apache-2.0
#include "profile/store.h"

#include <sodium.h>

#include <atomic>
#include <vector>

#include "base/check.h"
#include "profile/commit_plan.h"
#include "profile/formats/fact_codec.h"
#include "profile/formats/keys.h"
#include "profile/formats/record_codec.h"

namespace kstati::profile {
namespace {

// A commit repeats while others touch the same citizens without contradicting it. Each repetition
// means that another commit succeeded; this many in a row means that somebody floods one citizen.
constexpr int kAttemptsMax = 1'000;

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

// Adds one key of the citizen's to the history being read.
Result<void> AddTo(History& history, const CitizenKey& key, std::string_view value) {
  if (key.part == Part::kVersion) {
    KSTATI_TRY(const VersionRecord record, DecodeVersion(value));
    history.version = record.version;
    history.last_known_at = record.last_known_at;
  } else if (key.part == Part::kHistory) {
    KSTATI_TRY(const HistoryEntry entry, DecodeHistoryEntry(value));
    KSTATI_TRY(const RegistryEvent event, DecodeEvent(entry.event));
    AppendRecords(event, entry.known_at, history);
    if (entry.superseded_on_arrival) AppendSupersession(event.key, entry.known_at, history);
  }
  return {};
}

Result<CitizenKey> Parsed(std::string_view key) {
  if (const std::optional<CitizenKey> parsed = ParseCitizenKey(key)) return *parsed;
  return Fail(ErrorCode::kCorrupt, "a key of the store has an unknown form", {},
              "restore the store from a backup");
}

// The first key of the citizens after this one; empty when there can be none.
std::string AfterCitizen(CitizenId citizen) {
  return citizen.number() == UINT64_MAX ? std::string()
                                        : CitizenPrefix(CitizenId(citizen.number() + 1));
}

Result<std::optional<EventRecord>> ReadEventRecord(const Snapshot& snapshot, const EventKey& key) {
  KSTATI_TRY(const std::optional<std::string> stored, snapshot.Get(EventRecordKey(key)));
  if (!stored) return std::nullopt;
  KSTATI_TRY(EventRecord record, DecodeEventRecord(*stored));
  return std::optional<EventRecord>(std::move(record));
}

// The whole event as its subject keeps it; nullopt when it was not recorded.
Result<std::optional<HistoryEntry>> ReadSubjectsEntry(const Snapshot& snapshot,
                                                      const EventKey& key) {
  KSTATI_TRY(const std::optional<EventRecord> record, ReadEventRecord(snapshot, key));
  if (!record || !record->recorded) return std::nullopt;
  KSTATI_TRY(const std::optional<std::string> stored,
             snapshot.Get(HistoryKey(record->subject, record->version)));
  if (!stored) {
    return Fail(ErrorCode::kCorrupt, "a recorded event is missing from the store",
                "event " + key.ToString(), "restore the store from a backup");
  }
  KSTATI_TRY(HistoryEntry entry, DecodeHistoryEntry(*stored));
  return std::optional<HistoryEntry>(std::move(entry));
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
  depends_.emplace_back(history.citizen, history.version);
}

void Transaction::Record(const RegistryEvent& event) {
  KSTATI_CHECK(!event_);
  event_.emplace();
  event_->key = event.key;
  event_->subject = event.subject;
  event_->bytes = CanonicalBytes(event);
  event_->digest = DigestOfBytes(event_->bytes);
  if (!event.implied_relations.empty()) {
    RegistryEvent complete = event;
    complete.relations = AllRelations(event);
    event_->bytes = CanonicalBytes(complete);
  }
  if (event.supersedes) {
    event_->supersedes = EventKey{event.key.source, *event.supersedes};
    event_->notice = EncodeEventNotice(event);
  }
  for (const CitizenId citizen : ConcernedBy(event)) {
    touched_.push_back(citizen);
    if (citizen == event.subject) continue;
    event_->slices.emplace_back(citizen, EncodeEventSlice(event, citizen));
  }
}

void Transaction::Put(const Consent& consent) {
  writes_.push_back({ConsentKey(consent.citizen, consent.id), Encode(consent)});
  touched_.push_back(consent.citizen);
}

void Transaction::PutRecord(CitizenId citizen, std::string_view kind, std::string_view id,
                            std::string value) {
  KSTATI_CHECK(!kind.empty() && kind.find('\0') == std::string_view::npos);
  writes_.push_back({RecordKey(citizen, kind, id), std::move(value)});
  touched_.push_back(citizen);
}

void Transaction::AppendLog(std::string_view log, std::string value) {
  appends_.push_back({std::string(log), std::move(value)});
}

void Transaction::PutMark(std::string_view name, std::string value) {
  writes_.push_back({MarkKey(name), std::move(value)});
}

Store::Store(std::unique_ptr<Engine> engine)
    : engine_(std::move(engine)), changes_(std::make_unique<Changes>()) {
  KSTATI_CHECK(engine_ != nullptr);
}

Store::~Store() = default;

uint64_t Store::LatestChange() const { return changes_->count; }

uint64_t Store::LatestChangeOf(CitizenId citizen) const { return changes_->SlotOf(citizen); }

Result<History> Store::Load(CitizenId citizen) const {
  History history;
  history.citizen = citizen;
  Result<void> outcome;
  KSTATI_TRY_VOID(engine_->Read()->Scan(
      CitizenPrefix(citizen), [&](std::string_view key, std::string_view value) {
        const Result<CitizenKey> parsed = Parsed(key);
        if (parsed && parsed->part > Part::kHistory) return false;
        outcome = parsed ? AddTo(history, *parsed, value) : Fail(parsed.error());
        return outcome.has_value();
      }));
  KSTATI_TRY_VOID(std::move(outcome));
  return history;
}

Result<std::optional<std::string>> Store::FindEvent(const EventKey& key) const {
  KSTATI_TRY(std::optional<EventRecord> record, ReadEventRecord(*engine_->Read(), key));
  if (!record || !record->recorded) return std::nullopt;
  return std::optional<std::string>(std::move(record->digest));
}

Result<std::optional<RegistryEvent>> Store::ReadEvent(const EventKey& key) const {
  KSTATI_TRY(const std::optional<HistoryEntry> entry, ReadSubjectsEntry(*engine_->Read(), key));
  if (!entry) return std::nullopt;
  KSTATI_TRY(RegistryEvent event, DecodeEvent(entry->event));
  return std::optional<RegistryEvent>(std::move(event));
}

Result<std::optional<Instant>> Store::RecordedAt(const EventKey& key) const {
  KSTATI_TRY(const std::optional<HistoryEntry> entry, ReadSubjectsEntry(*engine_->Read(), key));
  if (!entry) return std::nullopt;
  return std::optional<Instant>(entry->known_at);
}

Result<bool> Store::IsSupersededBeforeArrival(const EventKey& key) const {
  KSTATI_TRY(const std::optional<EventRecord> record, ReadEventRecord(*engine_->Read(), key));
  return record && !record->recorded;
}

Result<std::vector<Consent>> Store::Consents(CitizenId citizen) const {
  std::vector<Consent> consents;
  Result<void> outcome;
  KSTATI_TRY_VOID(engine_->Read()->Scan(PartPrefix(citizen, Part::kConsent),
                                        [&](std::string_view, std::string_view value) {
                                          Result<Consent> consent = DecodeConsent(value);
                                          if (!consent) {
                                            outcome = Fail(consent.error());
                                            return false;
                                          }
                                          consents.push_back(std::move(*consent));
                                          return true;
                                        }));
  KSTATI_TRY_VOID(std::move(outcome));
  return consents;
}

Result<std::optional<std::string>> Store::GetRecord(CitizenId citizen, std::string_view kind,
                                                    std::string_view id) const {
  return engine_->Read()->Get(RecordKey(citizen, kind, id));
}

Result<std::vector<std::pair<std::string, std::string>>> Store::Records(
    CitizenId citizen, std::string_view kind) const {
  std::vector<std::pair<std::string, std::string>> records;
  const std::string prefix = RecordPrefix(citizen, kind);
  KSTATI_TRY_VOID(engine_->Read()->Scan(prefix, [&](std::string_view key, std::string_view value) {
    records.emplace_back(key.substr(prefix.size()), value);
    return true;
  }));
  return records;
}

Result<std::vector<LogEntry>> Store::ReadLog(std::string_view log, uint64_t after,
                                             size_t limit) const {
  return engine_->ReadLog(log, after, limit);
}

Result<std::optional<std::string>> Store::GetMark(std::string_view name) const {
  return engine_->Read()->Get(MarkKey(name));
}

Result<void> Store::ForEachCitizen(CitizenId after,
                                   const std::function<bool(CitizenId)>& visit) const {
  const std::string from = AfterCitizen(after);
  if (from.empty()) return {};
  Result<void> outcome;
  KSTATI_TRY_VOID(
      engine_->Read()->ScanFrom(kCitizenFamily, from, [&](std::string_view key, std::string_view) {
        const Result<CitizenKey> parsed = Parsed(key);
        if (!parsed) outcome = Fail(parsed.error());
        return parsed && (parsed->part != Part::kVersion || visit(parsed->citizen));
      }));
  return outcome;
}

Result<void> Store::ForEachHistory(CitizenId after,
                                   const std::function<bool(const History&)>& visit) const {
  const std::string from = AfterCitizen(after);
  if (from.empty()) return {};
  History history;
  bool go_on = true;
  Result<void> outcome;
  KSTATI_TRY_VOID(engine_->Read()->ScanFrom(
      kCitizenFamily, from, [&](std::string_view key, std::string_view value) {
        const Result<CitizenKey> parsed = Parsed(key);
        if (parsed && parsed->citizen != history.citizen) {
          if (history.version > 0) go_on = visit(history);
          history = {};
          history.citizen = parsed->citizen;
        }
        if (go_on) outcome = parsed ? AddTo(history, *parsed, value) : Fail(parsed.error());
        return go_on && outcome.has_value();
      }));
  KSTATI_TRY_VOID(std::move(outcome));
  if (go_on && history.version > 0) visit(history);
  return {};
}

Result<void> Store::AcceptsWrites() const { return engine_->AcceptsWrites(); }

Result<void> Store::Commit(const Transaction& transaction) {
  for (int attempt = 1;; ++attempt) {
    const std::unique_ptr<Snapshot> snapshot = engine_->Read();
    CommitPlan plan(transaction, *snapshot, attempt == 1);
    KSTATI_TRY(Change change, plan.Make());
    Result<void> outcome = engine_->Commit(std::move(change));
    // Before anybody is told of the change; also after a failure, which may have come too late.
    changes_->Note(plan.touched());
    const bool moved = !outcome && outcome.error().code == ErrorCode::kConflict;
    if (!moved || attempt == kAttemptsMax) return outcome;
  }
}

}  // namespace kstati::profile
