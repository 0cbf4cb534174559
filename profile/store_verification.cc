// SPDX-License-Identifier: Apache-2.0
#include "profile/store_verification.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "profile/deeds.h"
#include "profile/formats/consent_codec.h"
#include "profile/formats/fact_codec.h"
#include "profile/formats/keys.h"
#include "profile/formats/profile_codec.h"
#include "profile/formats/record_codec.h"
#include "profile/ledger/appender.h"
#include "profile/ledger/documents.h"
#include "profile/ledger/partitions.h"
#include "profile/ledger_verifier/log_verification.h"
#include "profile/sealed_records.h"
#include "profile/spread_events.h"

namespace kstati::profile {
namespace {

constexpr size_t kProblemsKept = 20;
constexpr size_t kEntriesAtOnce = 2'000;

tl::unexpected<Error> Damaged(std::string message) {
  return Fail(ErrorCode::kCorrupt, std::move(message), {}, "restore the store from a backup");
}

std::string NameOfRecord(std::string_view key) {
  std::string name;
  for (const char c : key) name.push_back(c < ' ' || c > '~' ? '|' : c);
  return name;
}

class Reading {
 public:
  Reading(const Engine& engine, CitizenKeys& keys, const ledger::PublicKey& ledger_key,
          const std::function<void()>& progress)
      : engine_(engine), keys_(keys), ledger_key_(ledger_key), progress_(progress) {}

  Result<StoreVerification> Run() {
    deeds_.resize(engine_.Partitions());
    KSTATI_TRY_VOID(ReadRows());
    for (size_t partition = 0; partition < engine_.Partitions(); ++partition) {
      const std::string place = "partition " + std::to_string(partition);
      KSTATI_TRY_VOID(Note(ReadLogs(partition), place + ", logs"));
      KSTATI_TRY_VOID(Note(ReadLedger(partition), place + ", ledger"));
    }
    return std::move(found_);
  }

 private:
  // Damage, and a key that is not at hand, are what is looked for; another failure ends it.
  Result<void> Note(const Result<void>& outcome, const std::string& place) {
    if (outcome) return {};
    const Error& error = outcome.error();
    if (error.code != ErrorCode::kCorrupt && error.code != ErrorCode::kDenied) return outcome;
    if (++found_.problems_found <= kProblemsKept) found_.problems.push_back(AtPlace(error, place));
    return {};
  }

  void Advance() const {
    if (progress_) progress_();
  }

  Result<void> ReadRows() {
    KSTATI_TRY_VOID(Note(ReadRecordsOfNobody(CitizenId()), "marks"));
    Result<void> outcome;
    const auto visit = [&](const RowView& row) {
      Advance();
      const std::string place = "citizen " + row.citizen.ToString();
      outcome =
          Note(row.citizen > kLastCitizen ? ReadRecordsOfNobody(row.citizen) : ReadRow(row), place);
      return outcome.has_value();
    };
    const Result<void> swept = engine_.SweepAll(CitizenId(), CitizenId(INT64_MAX), visit);
    KSTATI_TRY_VOID(outcome);
    return Note(swept, "rows");
  }

  Result<void> ReadRow(const RowView& row) {
    ++found_.citizens;
    if (row.stamp.version == 0) return Damaged("a row was never changed");
    KSTATI_TRY(const std::vector<RecordedDeed> deeds, ReadDeeds(row.citizen));
    if (row.sealed_key.empty()) return ReadErased(row);
    KSTATI_TRY(const DataKey key, keys_.Unseal(row.citizen, row.sealed_key));
    History history;
    history.citizen = row.citizen;
    history.version = row.stamp.version;
    history.last_known_at = row.stamp.recorded_at;
    KSTATI_TRY_VOID(DecodeProfile(row.profile, key, history));
    for (const RecordedDeed& each : deeds) KSTATI_TRY_VOID(OpenEntry(key, row.citizen, each));
    return ReadRecords(row.citizen, [&](std::string_view name, std::string_view value) {
      return Open(key, row.citizen, name, value);
    });
  }

  Result<void> ReadErased(const RowView& row) {
    ++found_.erased;
    if (!row.profile.empty()) return Damaged("an erased person's profile is still there");
    return ReadRecords(row.citizen, [](std::string_view, std::string_view) -> Result<void> {
      return Damaged("an erased person's record is still there");
    });
  }

  Result<void> ReadRecordsOfNobody(CitizenId home) {
    return ReadRecords(home, [&](std::string_view name, std::string_view value) -> Result<void> {
      if (name.starts_with(kEventNotePrefix)) return OpenNote(name, value);
      if (home != CitizenId() && name.starts_with(kSpreadEventPrefix)) return OpenSpread(name);
      return {};
    });
  }

  Result<void> OpenSpread(std::string_view name) {
    const auto place = ParseSpreadEventKey(name);
    if (!place) return Damaged("an event under way has a wrong name");
    const auto event = ReadSpreadEvent(engine_, keys_, {place->first, place->second});
    if (!event && event.error().code != ErrorCode::kNotFound) return Fail(event.error());
    return {};
  }

  template <class Check>
  Result<void> ReadRecords(CitizenId citizen, const Check& check) {
    Result<void> outcome;
    KSTATI_TRY_VOID(engine_.Scan(citizen, "", [&](std::string_view name, std::string_view value) {
      ++found_.records;
      const Result<void> good = check(name, value);
      if (!good) outcome = Fail(AtPlace(good.error(), "record " + NameOfRecord(name)));
      return good.has_value();
    }));
    return outcome;
  }

  Result<void> OpenNote(std::string_view name, std::string_view value) {
    KSTATI_TRY(const EventNote note, DecodeEventNote(value));
    if (!note.recorded) return {};
    const Result<std::optional<DataKey>> key = keys_.Find(engine_, note.subject);
    if (!key && key.error().code == ErrorCode::kNotFound) return {};  // erased
    if (!key) return Fail(key.error());
    if (!*key) return Damaged("an event is about a person who has no row");
    KSTATI_TRY(const std::string bytes,
               Unseal(**key, PlaceOfRecord(note.subject, name), note.sealed_record));
    KSTATI_TRY(const EventRecord record, DecodeEventRecord(bytes));
    KSTATI_TRY_VOID(DecodeEvent(record.head));
    return {};
  }

  Result<void> Open(const DataKey& key, CitizenId citizen, std::string_view name,
                    std::string_view value) {
    if (name.starts_with(kEventNotePrefix)) return OpenNote(name, value);
    KSTATI_TRY(const std::string bytes, Unseal(key, PlaceOfRecord(citizen, name), value));
    if (name.starts_with(kConsentPrefix)) KSTATI_TRY_VOID(DecodeConsent(bytes));
    return {};
  }

  Result<std::vector<RecordedDeed>> ReadDeeds(CitizenId citizen) {
    KSTATI_TRY(std::vector<RecordedDeed> deeds, engine_.ReadDeeds(citizen, 0, SIZE_MAX));
    for (size_t i = 0; i < deeds.size(); ++i) {
      if (deeds[i].number != i + 1) return Damaged("the person's deeds have a gap");
    }
    deeds_[engine_.PartitionOf(citizen)] += deeds.size();
    return deeds;
  }

  Result<void> OpenEntry(const DataKey& key, CitizenId citizen, const RecordedDeed& deed) const {
    KSTATI_TRY(const std::vector<std::string> entry,
               engine_.ReadLedger(engine_.PartitionOf(citizen), deed.index, 1));
    KSTATI_TRY_VOID(
        OpenDeed(key, citizen, deed, entry.empty() ? std::string_view() : entry.front()));
    return {};
  }

  // The logs of a partition share one sequence.
  Result<void> ReadLogs(size_t partition) {
    std::vector<uint64_t> sequences;
    KSTATI_TRY(const std::vector<std::string> names, engine_.LogNames(partition));
    for (const std::string& name : names) {
      for (uint64_t after = 0;;) {
        KSTATI_TRY(const std::vector<LogEntry> page,
                   engine_.ReadLog(partition, name, after, kEntriesAtOnce));
        if (page.empty()) break;
        for (const LogEntry& entry : page) {
          Advance();
          sequences.push_back(entry.sequence);
          const Result<LogRecord> record = DecodeLogEntry(engine_, keys_, name, entry);
          if (record) continue;
          KSTATI_TRY_VOID(Note(Fail(record.error()),
                               "log " + name + ", entry " + std::to_string(entry.sequence)));
        }
        after = page.back().sequence;
      }
    }
    found_.log_entries += sequences.size();
    std::ranges::sort(sequences);
    for (size_t i = 0; i < sequences.size(); ++i) {
      if (sequences[i] == i + 1) continue;
      return Damaged("entry " + std::to_string(i + 1) + " of the logs is missing");
    }
    return {};
  }

  Result<void> ReadLedger(size_t partition) {
    const ledger::PublicKey key =
        ledger::KeyOfPartition(ledger_key_, partition, engine_.Partitions());
    KSTATI_TRY(const auto verifier_key, ledger_verifier::ParseLogKey(key.ToString()));
    KSTATI_TRY(const std::string checkpoint, engine_.ReadCheckpoint(partition));
    ledger_verifier::LogVerification log(verifier_key);
    ledger::Appender tree;
    for (;;) {
      KSTATI_TRY(const std::vector<std::string> page,
                 engine_.ReadLedger(partition, tree.size(), kEntriesAtOnce));
      if (page.empty()) break;
      for (const std::string& entry : page) {
        Advance();
        KSTATI_TRY_VOID(Add(log, ledger::EntryLine(tree.size(), entry)));
        KSTATI_TRY_VOID(CheckNodes(partition, tree.Append(std::array{ledger::LeafHash(entry)})));
      }
    }
    found_.ledger_entries += tree.size();
    if (tree.size() != deeds_[partition]) {
      return Damaged("the ledger has " + std::to_string(tree.size()) + " entries, the persons' " +
                     std::to_string(deeds_[partition]));
    }
    if (tree.size() == 0 && checkpoint.empty()) return {};
    KSTATI_TRY_VOID(Add(log, ledger::CheckpointLine(checkpoint)));
    KSTATI_TRY_VOID(log.Finish());
    return {};
  }

  static Result<void> Add(ledger_verifier::LogVerification& log, std::string line) {
    line.pop_back();  // its end
    return log.Add(line);
  }

  // What proofs are made of.
  Result<void> CheckNodes(size_t partition, const std::vector<ledger::Node>& nodes) const {
    for (const ledger::Node& node : nodes) {
      KSTATI_TRY(const ledger::Hash stored, engine_.ReadLedgerNode(partition, node.address));
      if (stored != node.hash) return Damaged("a node of the ledger does not fit its entries");
    }
    return {};
  }

  const Engine& engine_;
  CitizenKeys& keys_;
  const ledger::PublicKey& ledger_key_;
  const std::function<void()>& progress_;
  std::vector<uint64_t> deeds_;  // of each partition
  StoreVerification found_;
};

}  // namespace

Result<StoreVerification> VerifyStore(const Engine& engine, CitizenKeys& keys,
                                      const ledger::PublicKey& ledger_key,
                                      const std::function<void()>& progress) {
  return Reading(engine, keys, ledger_key, progress).Run();
}

}  // namespace kstati::profile
