// SPDX-License-Identifier: Apache-2.0
#include "profile/commit_plan.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/check.h"
#include "profile/formats/fact_codec.h"
#include "profile/formats/keys.h"

namespace kstati::profile {

Result<Change> CommitPlan::Make() {
  change_.writes = transaction_.writes_;
  change_.appends = transaction_.appends_;
  touched_ = transaction_.touched_;
  KSTATI_TRY_VOID(CheckDependencies());
  if (transaction_.event_) {
    KSTATI_TRY_VOID(ExamineEvent());
    KSTATI_TRY_VOID(ExamineSuperseded());
  }
  KSTATI_TRY_VOID(WriteVersions());
  if (transaction_.event_) WriteEvent();
  return std::move(change_);
}

Result<void> CommitPlan::CheckDependencies() {
  for (const auto& [citizen, version] : transaction_.depends_) {
    KSTATI_TRY(const VersionRecord stored, ReadVersion(citizen));
    if (stored.version != version) {
      return Fail(ErrorCode::kConflict, "a profile changed since it was read", {},
                  "read again and repeat");
    }
  }
  return {};
}

Result<void> CommitPlan::ExamineEvent() {
  std::string key = EventRecordKey(transaction_.event_->key);
  if (expect_new_event_) {
    change_.expectations.push_back({std::move(key), std::nullopt});
    return {};
  }
  KSTATI_TRY(const std::optional<std::string> stored, ReadExpected(std::move(key)));
  if (!stored) return {};
  KSTATI_TRY(const EventRecord record, DecodeEventRecord(*stored));
  superseded_on_arrival_ = !record.recorded;
  if (!record.recorded) return {};
  return Fail(ErrorCode::kConflict, "the event is recorded already",
              "event " + transaction_.event_->key.ToString(), "compare the digests and go on");
}

Result<void> CommitPlan::ExamineSuperseded() {
  const std::optional<EventKey>& superseded = transaction_.event_->supersedes;
  if (!superseded) return {};
  std::string key = EventRecordKey(*superseded);
  KSTATI_TRY(const std::optional<std::string> stored, ReadExpected(key));
  if (!stored) {
    change_.writes.push_back({std::move(key), Encode(EventRecord{})});
    return {};
  }
  KSTATI_TRY(const EventRecord record, DecodeEventRecord(*stored));
  if (!record.recorded) return {};
  KSTATI_TRY(notified_, NamedOnlyBy(record));
  touched_.insert(touched_.end(), notified_.begin(), notified_.end());
  return {};
}

Result<std::vector<CitizenId>> CommitPlan::NamedOnlyBy(const EventRecord& superseded) {
  KSTATI_TRY(const std::optional<std::string> stored,
             snapshot_.Get(HistoryKey(superseded.subject, superseded.version)));
  if (!stored) {
    return Fail(ErrorCode::kCorrupt, "a recorded event is missing from the store",
                "event " + transaction_.event_->supersedes->ToString(),
                "restore the store from a backup");
  }
  KSTATI_TRY(const HistoryEntry entry, DecodeHistoryEntry(*stored));
  KSTATI_TRY(const RegistryEvent event, DecodeEvent(entry.event));
  std::vector<CitizenId> concerned{transaction_.event_->subject};
  for (const auto& [citizen, slice] : transaction_.event_->slices) concerned.push_back(citizen);
  std::sort(concerned.begin(), concerned.end());
  const std::vector<CitizenId> named = NamedByRecords(event);
  std::vector<CitizenId> others;
  std::set_difference(named.begin(), named.end(), concerned.begin(), concerned.end(),
                      std::back_inserter(others));
  return others;
}

Result<VersionRecord> CommitPlan::ReadVersion(CitizenId citizen) {
  for (const Standing& standing : standings_) {
    if (standing.citizen == citizen) return standing.record;
  }
  KSTATI_TRY(const std::optional<std::string> stored, ReadExpected(VersionKey(citizen)));
  VersionRecord record;
  if (stored) {
    KSTATI_TRY(record, DecodeVersion(*stored));
  }
  standings_.push_back({citizen, record});
  return record;
}

Result<std::optional<std::string>> CommitPlan::ReadExpected(std::string key) {
  KSTATI_TRY(std::optional<std::string> stored, snapshot_.Get(key));
  change_.expectations.push_back({std::move(key), stored});
  return stored;
}

Result<void> CommitPlan::WriteVersions() {
  std::sort(touched_.begin(), touched_.end());
  touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
  known_at_ = transaction_.now_;
  for (const CitizenId citizen : touched_) {
    KSTATI_TRY(const VersionRecord record, ReadVersion(citizen));
    known_at_ = RecordingTime(record.last_known_at, known_at_);
  }
  for (const CitizenId citizen : touched_) {
    change_.writes.push_back(
        {VersionKey(citizen), Encode(VersionRecord{NextVersion(citizen), known_at_})});
  }
  return {};
}

void CommitPlan::WriteEvent() {
  const Transaction::Recorded& event = *transaction_.event_;
  WriteEntry(event.subject, event.bytes);
  for (const auto& [citizen, slice] : event.slices) WriteEntry(citizen, slice);
  for (const CitizenId citizen : notified_) WriteEntry(citizen, event.notice);
  const EventRecord record{true, event.digest, event.subject, NextVersion(event.subject)};
  change_.writes.push_back({EventRecordKey(event.key), Encode(record)});
}

void CommitPlan::WriteEntry(CitizenId citizen, const std::string& event_bytes) {
  const HistoryEntry entry{known_at_, superseded_on_arrival_, event_bytes};
  change_.writes.push_back({HistoryKey(citizen, NextVersion(citizen)), Encode(entry)});
}

uint64_t CommitPlan::NextVersion(CitizenId citizen) const {
  const auto found =
      std::find_if(standings_.begin(), standings_.end(),
                   [citizen](const Standing& standing) { return standing.citizen == citizen; });
  KSTATI_CHECK(found != standings_.end());
  return found->record.version + 1;
}

}  // namespace kstati::profile
