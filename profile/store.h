// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "profile/consent.h"
#include "profile/deeds.h"
#include "profile/engines/engine.h"
#include "profile/erasures.h"
#include "profile/fact.h"
#include "profile/registry_event.h"
#include "profile/sealing.h"
#include "profile/timers.h"
#include "profile/under_way.h"

namespace kstati::profile {

class CitizenKeys;
struct EventNote;

// The digest of an event's canonical bytes (BLAKE2b-256): tells a repetition from another event
// under the same key.
std::string DigestOf(const RegistryEvent& event);

// One change of the store, built up step by step and committed at once: registry facts, consents,
// and the opaque records of other modules (cases, outbox). Collects the versions it was based on,
// so that a concurrent change of any citizen it depends on makes the commit fail with kConflict.
class Transaction {
 public:
  explicit Transaction(Instant now) : now_(now) {}

  // Every read that the change rests on: the commit fails when the citizen changed since.
  void DependOn(const History& history);

  // Records the event: its deduplication key, facts and relations in the histories of everyone
  // concerned; and when it supersedes another event, that fact in the histories of everyone whom
  // the other named, also when the other arrives only later. The event was validated before. Call
  // at most once.
  void Record(const RegistryEvent& event);
  // The same for an event about citizens of several partitions: it is recorded with its subject,
  // and is under way to the others until Store::Deliver; then Store::NotFollowed names it until a
  // transaction that has Followed it. Nothing but the event can be in the transaction.
  void RecordSpread(const RegistryEvent& event);
  // Everything that a spread event causes is in this transaction. It may change citizens of several
  // partitions, and then commits partition by partition, that of the event's subject last: repeated
  // after a failure it must come to what is missing.
  void Followed(const EventPlace& event);
  // Commits although facts about those whom it depends on are under way: it rests on none of them.
  void NeedNotWait() { waits_ = false; }

  void PutConsent(const Consent& consent);
  // A record of another module kept with the citizen, for example kind "case", id "C-...-0003".
  // `kind` is a name without zero bytes.
  void PutRecord(CitizenId citizen, std::string_view kind, std::string_view id, std::string value);
  // Removes such a record, if there is one. Its bytes are gone from the files after Store::Purge.
  void RemoveRecord(CitizenId citizen, std::string_view kind, std::string_view id);
  // An entry about the citizen at the end of a log. `log` is a name without zero bytes.
  void AppendLog(CitizenId citizen, std::string_view log, std::string value);
  // Something that was done about the citizen, for the ledger, with all that there is to say of it.
  // Not a change of the citizen.
  void Enter(CitizenId citizen, ledger::EntryKind kind, DeedContent content);
  // From the commit on, Store::ReadTimers finds the timer once its moment has come. Setting it
  // again, and stopping one that is not set, change nothing.
  void SetTimer(Timer timer);
  void StopTimer(Timer timer);
  // Notes how far work over the whole store has come, in place of what was noted before.
  void PutMark(std::string_view name, std::string value);

  Instant now() const { return now_; }

 private:
  friend class CommitPlan;
  friend class Store;

  struct Dependency {
    CitizenId citizen;
    uint64_t version;
    size_t parts;  // of the stored profile
  };
  struct Recorded {
    RegistryEvent event;
    std::string digest;
  };
  struct Put {
    CitizenId citizen;
    std::string key;
    std::optional<std::string> value;  // nullopt removes
  };
  struct EnteredDeed {
    CitizenId citizen;
    ledger::EntryKind kind;
    DeedContent content;
  };
  struct Entry {
    CitizenId citizen;
    std::string log;
    std::string value;
  };
  struct TimerChange {
    CitizenId citizen;
    Timer timer;
    bool set;
  };

  // What of it lies in the partition, without the event and what is followed.
  Transaction PartIn(const Engine& engine, size_t partition) const;
  std::vector<CitizenId> Changed() const;

  Instant now_;
  bool spread_ = false;
  bool waits_ = true;
  std::optional<EventPlace> followed_;
  std::vector<Dependency> depends_;
  std::optional<Recorded> event_;
  std::vector<Put> puts_;
  std::vector<Entry> entries_;
  std::vector<EnteredDeed> deeds_;
  std::vector<TimerChange> timers_;
};

// A recorded event about citizens of several partitions.
struct SpreadEvent {
  // Which event superseded it before it came: it never counted, and nothing follows from it. Empty
  // inside where nobody noted which.
  std::optional<EventId> superseded_on_arrival;
  RegistryEvent event;  // with its implied relations
};

// An entry of a log.
struct LogRecord {
  uint64_t sequence;
  CitizenId citizen;
  std::optional<std::string> value;      // nullopt: the citizen's data were erased
  std::optional<Error> unreadable = {};  // why it does not open now; then there is no value
};

// Ids and values of one citizen's records of one kind, ordered by id.
using NamedRecords = std::vector<std::pair<std::string, std::string>>;

// What is kept of a citizen at one moment.
struct CitizenReading {
  History history;
  std::vector<Consent> consents;      // ordered by id
  std::vector<NamedRecords> records;  // of each kind that was asked for
};

// The profiles of all citizens: facts in time, relations, consents, and records kept with a
// citizen, all sealed with the citizen's key. Safe to use from any thread. What Commit acknowledged
// survives kill -9 and power loss.
class Store {
 public:
  Store(std::unique_ptr<Engine> engine, std::unique_ptr<KeySealer> sealer);
  ~Store();

  // A history without facts and with version 0 when the citizen has no profile; kNotFound when the
  // citizen's data were erased.
  Result<History> Load(CitizenId citizen) const;
  // The same with consents and records; without a profile there are none.
  Result<CitizenReading> Read(CitizenId citizen, std::span<const std::string_view> kinds) const;
  // Whether the event about this subject was recorded, and then the digest of its canonical bytes.
  Result<std::optional<std::string>> FindEvent(CitizenId subject, const EventKey& key) const;
  // The recorded event about this subject without its facts and relations, which stand in the
  // profiles of those whom they name; nullopt when it was not recorded, or erased with its subject.
  Result<std::optional<RegistryEvent>> ReadEventHead(CitizenId subject, const EventKey& key) const;
  // The moment the event about this subject was recorded at; nullopt when it was not.
  Result<std::optional<Instant>> RecordedAt(CitizenId subject, const EventKey& key) const;
  // Whether a later event about the subject that supersedes this one arrived before it did: then
  // its facts will not count once it is recorded, and nothing should follow from it.
  Result<bool> IsSupersededBeforeArrival(CitizenId subject, const EventKey& key) const;
  // Ordered by id.
  Result<std::vector<Consent>> Consents(CitizenId citizen) const;
  Result<std::optional<std::string>> GetRecord(CitizenId citizen, std::string_view kind,
                                               std::string_view id) const;
  // Records of one kind of one citizen, ordered by id.
  Result<NamedRecords> Records(CitizenId citizen, std::string_view kind) const;
  // Entries with sequence > `after` of a partition's log, oldest first, at most `limit`. One that
  // is damaged, or whose key is not at hand, says so (kCorrupt, kDenied) and keeps nobody from the
  // others; it can be read again when it is due.
  Result<std::vector<LogRecord>> ReadLog(size_t partition, std::string_view log, uint64_t after,
                                         size_t limit) const;
  size_t Partitions() const { return engine_->Partitions(); }
  // Visits what a log holds now, oldest first within a partition, without entries about citizens
  // whose data were erased; stops on false or a failure, also that of an entry that does not open.
  Result<void> ForEachEntry(std::string_view log,
                            const std::function<Result<bool>(const LogRecord&)>& visit) const;
  // What PutMark noted last; nullopt when nothing was.
  Result<std::optional<std::string>> GetMark(std::string_view name) const;

  // As profile/timers.h says of each.
  Result<DueTimers> ReadTimers(size_t partition, Instant now, size_t limit) const;
  Result<std::vector<Timer>> AllTimers(size_t partition) const;
  // Rings for every timer that this process sets.
  TimerBell& timer_bell() const { return *bell_; }

  // Visits the citizens with a profile, partition by partition; stops on false.
  Result<void> ForEachCitizen(const std::function<bool(CitizenId)>& visit) const;
  // The same for those of one partition with numbers > `after`, in order of number.
  Result<void> ForEachCitizen(size_t partition, CitizenId after,
                              const std::function<bool(CitizenId)>& visit) const;
  // Visits the histories of all with `after` < number <= `last`, partition by partition. Several
  // threads may visit ranges beside each other.
  Result<void> ForEachHistory(CitizenId after, CitizenId last,
                              const std::function<bool(const History&)>& visit) const;

  // Everything is recorded at the transaction's `now`, or just after the latest change of the
  // citizens it touches when the clock jumped back. kConflict when a citizen the transaction
  // depends on changed, or the event is recorded already. Nothing is written then; read again and
  // repeat.
  Result<void> Commit(const Transaction& transaction);

  // Whether what is in the transaction, and its event, changes citizens of several partitions.
  bool IsSpread(const Transaction& transaction) const;
  // Returns once no facts about the citizen are under way; kUnavailable after a second.
  Result<void> AwaitFacts(CitizenId citizen) const;
  // Finds the spread events that an earlier process left, and delivers what can be. Before anybody
  // else uses the store; partitions that are down then are left to CatchUp.
  Result<void> TakeUpSpread(Instant now);
  // Does for partitions that were down at the start, and are not any more, what a start does:
  // TakeUpSpread, and erasing again whom HonourErasures could not. Costs nothing when none is left.
  Result<void> CatchUp(Instant now);
  // Spread events at which nobody works.
  std::vector<EventPlace> NotFollowed() const { return under_way_.Waiting(); }
  // Takes the event to work at it, until LetGo or the commit of what Followed it; false when
  // somebody does or it needs nothing more. Recording it takes it too.
  bool Take(const EventPlace& event) { return under_way_.Take(event); }
  void LetGo(const EventPlace& event) { under_way_.Leave(event); }
  // Brings the facts of an event that was taken to all of whom it reports; each gets them once,
  // however often this is repeated. nullopt: nothing is left to do for it, and it is let go.
  Result<std::optional<SpreadEvent>> Deliver(const EventPlace& event, Instant now);

  // What was done about the citizen with numbers > `after`, oldest first, at most `limit`.
  Result<std::vector<DeedOfCitizen>> Deeds(CitizenId citizen, uint64_t after, size_t limit) const;
  // The proof, as canonical JSON, that the citizen's deed of this number is in the ledger;
  // kNotFound when there is none.
  Result<std::string> DeedReceipt(CitizenId citizen, uint64_t number) const;

  // The proof, as canonical JSON, that the partition's ledger only grew from one of its checkpoints
  // to another; whether they are its own is for whoever verifies it. kInvalidArgument, with the
  // place, when one is no checkpoint, or the second is not the later one; kNotFound when the ledger
  // is smaller than that.
  Result<std::string> LedgerConsistency(size_t partition, const std::string& first,
                                        const std::string& second) const;

  // Destroys the citizen's key and removes all that was kept of the citizen: from then on nothing
  // can be read or added. A backup made before still has both, sealed; whoever comes back by one is
  // erased again (HonourErasures). kNotFound without a profile or when it was erased before.
  Result<void> Erase(CitizenId citizen, Instant now);

  // As Engine::Purge.
  Result<void> Purge(CitizenId citizen);

  // From now on Erase notes whom it erases. Then erases again whom the list has and the store still
  // knows, as one from a backup does, and ends what a crash cut short; how many the former are. A
  // list that lost entries is completed by what the store knows. kConflict when the list is of
  // another store. Before anybody else uses this one; whose partition is down then is left to
  // CatchUp.
  Result<size_t> HonourErasures(std::unique_ptr<ErasureList> list, Instant now);

  // As Engine::AcceptsWrites.
  Result<void> AcceptsWrites(size_t partition) const;

  // Counts the commits of this process. What was read of some citizens after LatestChange() gave n
  // still stands while LatestChangeOf() gives at most n for each of them. Costs no read of the
  // engine. The number of a citizen may also move when another's data change.
  uint64_t LatestChange() const;
  uint64_t LatestChangeOf(CitizenId citizen) const;

  const Engine& engine() const { return *engine_; }

 private:
  struct Changes;

  Result<void> TakeUpSpreadOf(size_t partition, Instant now);
  // kUnavailable while it is not known what is under way from the citizen's partition.
  Result<void> RequireTakenUp(CitizenId citizen) const;
  // Erases, and notes whom first; null: nobody notes it.
  Result<void> Erase(CitizenId citizen, Instant now, ErasureList* note);
  // Erases whom the list has behind those honoured before; how many the store still knew.
  Result<size_t> HonourListed(Instant now);
  Result<void> HonourLeft(Instant now);
  // Whom the list has; false: the data were erased already, or never there.
  Result<bool> EraseAgain(CitizenId citizen, Instant now);
  // Adds those whom the store knows to be erased and the list lacks; how many these are.
  Result<size_t> CompleteErasures(const std::vector<CitizenId>& listed);
  Result<void> CommitInPartition(const Transaction& transaction);
  void RingFor(const Transaction& transaction) const;
  Result<void> CommitSpread(const Transaction& transaction);
  Result<void> CommitOverPartitions(Transaction transaction);
  Result<void> EnterReasoning(Transaction& transaction);
  // kConflict when a citizen of another partition than those written changed.
  Result<void> CheckElsewhere(const Transaction& transaction,
                              const std::set<size_t>& written) const;
  void NoteChanged(const std::vector<CitizenId>& citizens);

  // nullopt when the event about the subject was not recorded.
  Result<std::optional<EventNote>> FindRecorded(CitizenId subject, const EventKey& key) const;

  std::unique_ptr<Engine> engine_;
  std::unique_ptr<CitizenKeys> keys_;      // shared by all threads
  std::unique_ptr<ErasureList> erasures_;  // null: nothing is noted
  std::unique_ptr<Changes> changes_;
  std::unique_ptr<TimerBell> bell_ = std::make_unique<TimerBell>();
  mutable UnderWay under_way_;  // of one partition nothing ever is
  mutable std::mutex left_mutex_;
  std::set<size_t> left_;           // partitions to take up; guarded by left_mutex_
  bool erasures_are_left_ = false;  // guarded by left_mutex_
};

}  // namespace kstati::profile
