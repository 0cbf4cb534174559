// SPDX-License-Identifier: Apache-2.0
#include "profile/commit_plan.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "profile/formats/fact_codec.h"
#include "profile/formats/keys.h"
#include "profile/formats/profile_codec.h"
#include "profile/sealed_records.h"
#include "profile/spread_events.h"

namespace kstati::profile {
namespace {

// A profile of so many parts is put into one by the next commit that rests on it: reading stays
// fast, and few commits pay for it.
constexpr size_t kPartsMax = 16;

}  // namespace

Result<Change> CommitPlan::Make() {
  change_.now = transaction_.now_;
  if (transaction_.event_) {
    KSTATI_TRY_VOID(ExamineEvent());
    KSTATI_TRY_VOID(ExamineSuperseded());
    KSTATI_TRY_VOID(WriteEvent());
    if (transaction_.spread_) KSTATI_TRY_VOID(KeepUntilFollowed());
  }
  if (transaction_.followed_) KSTATI_TRY_VOID(ForgetFollowed());
  KSTATI_TRY_VOID(WriteRecords());
  KSTATI_TRY_VOID(WriteLogs());
  KSTATI_TRY_VOID(WriteTimers());
  KSTATI_TRY_VOID(ExpectVersions());
  for (auto& [citizen, part] : parts_) change_.citizens.push_back(std::move(part.change));
  return std::move(change_);
}

std::vector<CitizenId> CommitPlan::Touched() const {
  std::vector<CitizenId> touched;
  for (const auto& [citizen, part] : parts_) touched.push_back(citizen);
  return touched;
}

std::vector<CitizenId> CommitPlan::Concerned() const {
  std::vector<CitizenId> concerned = ConcernedBy(transaction_.event_->event);
  concerned.insert(concerned.end(), notified_.begin(), notified_.end());
  return concerned;
}

Result<CommitPlan::Part*> CommitPlan::PartOf(CitizenId citizen) {
  const auto [found, first] = parts_.try_emplace(citizen);
  Part& part = found->second;
  if (!first) return &part;
  part.change.citizen = citizen;
  // What belongs to nobody is not sealed.
  if (IsNobody(citizen)) return &part;
  KSTATI_TRY(part.key, keys_.Find(engine_, citizen));
  if (!part.key) {
    part.key = DataKey::Random();
    KSTATI_TRY(part.change.sealed_key, keys_.Seal(citizen, *part.key));
    part.change.expected_version = 0;
  }
  return &part;
}

Result<void> CommitPlan::ExpectVersions() {
  for (const Transaction::Dependency& each : transaction_.depends_) {
    const auto touched = parts_.find(each.citizen);
    if (touched == parts_.end()) {
      change_.expectations.push_back({each.citizen, each.version});
      continue;
    }
    touched->second.change.expected_version = each.version;
    if (each.parts >= kPartsMax) KSTATI_TRY_VOID(FoldProfile(each.citizen, touched->second));
  }
  return {};
}

Result<void> CommitPlan::FoldProfile(CitizenId citizen, Part& part) {
  KSTATI_TRY(const std::optional<Row> row, engine_.ReadRow(citizen));
  // Another version: the engine will refuse the change.
  if (!row || row->stamp.version != part.change.expected_version) return {};
  History history;
  history.citizen = citizen;
  history.version = row->stamp.version;
  history.last_known_at = row->stamp.recorded_at;
  KSTATI_TRY_VOID(DecodeProfile(row->profile, *part.key, history));
  part.change.profile = EncodeWholeProfile(history, *part.key);
  return {};
}

// Of several puts of one record the last one stands.
Result<void> CommitPlan::WriteRecords() {
  std::map<std::pair<CitizenId, std::string_view>, const std::optional<std::string>*> last;
  for (const Transaction::Put& each : transaction_.puts_) {
    last[{each.citizen, each.key}] = &each.value;
  }
  for (const auto& [place, put] : last) {
    const auto& [citizen, key] = place;
    KSTATI_TRY(Part* const part, PartOf(citizen));
    std::optional<std::string> value = *put;
    if (value && part->key) value = Seal(*part->key, PlaceOfRecord(citizen, key), *value);
    part->change.writes.push_back({std::string(key), std::move(value), false});
  }
  return {};
}

Result<void> CommitPlan::WriteLogs() {
  for (const Transaction::Entry& each : transaction_.entries_) {
    KSTATI_TRY(const DataKey key, KeyOfEntry(each.citizen));
    change_.appends.push_back({each.log, EncodeLogEntry(key, each.citizen, each.log, each.value)});
  }
  for (const Transaction::EnteredDeed& each : transaction_.deeds_) {
    KSTATI_TRY(const DataKey key, KeyOfEntry(each.citizen));
    change_.deeds.push_back(MakeDeed(key, each.citizen, each.kind, each.content));
  }
  return {};
}

// Of several changes of one timer the last one stands.
Result<void> CommitPlan::WriteTimers() {
  std::map<std::string, const Transaction::TimerChange*> last;
  for (const Transaction::TimerChange& each : transaction_.timers_) {
    last[TimerKey(each.timer)] = &each;
  }
  for (const auto& [key, each] : last) {
    KSTATI_TRY(Part* const home, PartOf(HomeOfTimers(engine_, each->citizen)));
    home->change.writes.push_back(
        {key, each->set ? std::optional<std::string>("") : std::nullopt, false});
  }
  return {};
}

// An entry about a citizen does not count as a change of the citizen, so it cannot make the row.
Result<DataKey> CommitPlan::KeyOfEntry(CitizenId citizen) {
  const auto changed = parts_.find(citizen);
  if (changed != parts_.end() && changed->second.key) return *changed->second.key;
  KSTATI_TRY(const std::optional<DataKey> key, keys_.Find(engine_, citizen));
  if (key) return *key;
  return Fail(ErrorCode::kNotFound, "an entry is about a citizen who has no profile", {},
              "report the person first");
}

Result<void> CommitPlan::ExamineEvent() {
  const RegistryEvent& event = transaction_.event_->event;
  if (!expect_new_event_) {
    KSTATI_TRY(const std::optional<EventNote> note,
               ReadEventNote(engine_, event.subject, event.key));
    if (note && note->recorded) {
      return Fail(ErrorCode::kConflict, "the event is recorded already",
                  "event " + event.key.ToString(), "compare the digests and go on");
    }
    if (note) superseded_on_arrival_ = note->superseded_by;
  }
  KSTATI_TRY(Part* const part, PartOf(event.subject));
  const EventRecord record{superseded_on_arrival_.has_value(), transaction_.event_->digest,
                           NamedByRecords(event), EncodeEventHead(event)};
  const std::string sealed = SealEventRecord(*part->key, event.subject, event.key, record);
  return Note(event.key, superseded_on_arrival_,
              {EventNoteKey(event.key), EncodeRecordedEvent(event.subject, sealed), true});
}

Result<void> CommitPlan::ExamineSuperseded() {
  const RegistryEvent& event = transaction_.event_->event;
  if (!event.supersedes) return {};
  const EventKey superseded{event.key.source, *event.supersedes};
  KSTATI_TRY(const std::optional<EventNote> note,
             ReadEventNote(engine_, event.subject, superseded));
  if (!note) {
    return Note(superseded, std::nullopt,
                {EventNoteKey(superseded), EncodeEventNotRecorded(event.key.id)});
  }
  if (!note->recorded) return {};
  const Result<EventRecord> earlier = OpenEventRecord(engine_, keys_, superseded, *note);
  // Whom it named is erased with its subject's data: those whom the correction names learn of it.
  if (!earlier && earlier.error().code == ErrorCode::kNotFound) return {};
  if (!earlier) return Fail(earlier.error());
  for (const CitizenId citizen : NotConcerned(earlier->named)) {
    KSTATI_TRY(const bool erased, IsErased(citizen));
    if (!erased) notified_.push_back(citizen);
  }
  return {};
}

// Who was erased has nothing left to correct. In another partition that is seen when it is
// delivered.
Result<bool> CommitPlan::IsErased(CitizenId citizen) const {
  const CitizenId subject = transaction_.event_->event.subject;
  if (engine_.PartitionOf(citizen) != engine_.PartitionOf(subject)) return false;
  const Result<std::optional<DataKey>> key = keys_.Find(engine_, citizen);
  if (key) return false;
  if (key.error().code == ErrorCode::kNotFound) return true;
  return Fail(key.error());
}

Result<void> CommitPlan::Note(const EventKey& event,
                              const std::optional<EventId>& superseded_before, Write note) {
  const CitizenId home = HomeOf(engine_, transaction_.event_->event.subject, event);
  KSTATI_TRY(Part* const part, PartOf(home));
  part->change.conditions.push_back(
      {note.key, superseded_before ? std::optional(EncodeEventNotRecorded(*superseded_before))
                                   : std::nullopt});
  part->change.writes.push_back(std::move(note));
  return {};
}

std::vector<CitizenId> CommitPlan::NotConcerned(const std::vector<CitizenId>& named) const {
  const std::vector<CitizenId> concerned = ConcernedBy(transaction_.event_->event);
  std::vector<CitizenId> others;
  std::set_difference(named.begin(), named.end(), concerned.begin(), concerned.end(),
                      std::back_inserter(others));
  return others;
}

Result<void> CommitPlan::WriteEvent() {
  const RegistryEvent& event = transaction_.event_->event;
  for (const CitizenId citizen : ConcernedBy(event)) KSTATI_TRY_VOID(AddToProfile(citizen));
  for (const CitizenId citizen : notified_) KSTATI_TRY_VOID(AddToProfile(citizen));
  return {};
}

Result<void> CommitPlan::AddToProfile(CitizenId citizen) {
  const RegistryEvent& event = transaction_.event_->event;
  if (transaction_.spread_ && engine_.PartitionOf(citizen) != engine_.PartitionOf(event.subject)) {
    KSTATI_TRY(Part* const home, PartOf(HomeOfSpread(engine_, {event.subject, event.key})));
    home->change.writes.push_back({DeliveryKey(event.subject, event.key, citizen), "", false});
    return {};
  }
  KSTATI_TRY(Part* const part, PartOf(citizen));
  part->change.addition = EncodeShareOf({superseded_on_arrival_, event}, citizen, *part->key);
  return {};
}

Result<void> CommitPlan::KeepUntilFollowed() {
  const RegistryEvent& event = transaction_.event_->event;
  KSTATI_TRY(const Part* const subject, PartOf(event.subject));
  std::string sealed = SealSpreadEvent(*subject->key, {superseded_on_arrival_, event});
  KSTATI_TRY(Part* const home, PartOf(HomeOfSpread(engine_, {event.subject, event.key})));
  home->change.writes.push_back(
      {SpreadEventKey(event.subject, event.key), std::move(sealed), false});
  return {};
}

Result<void> CommitPlan::ForgetFollowed() {
  const EventPlace& event = *transaction_.followed_;
  KSTATI_TRY(const std::vector<CitizenId> receivers, ReceiversOf(engine_, event));
  KSTATI_TRY(Part* const home, PartOf(HomeOfSpread(engine_, event)));
  std::vector<Write>& writes = home->change.writes;
  writes.push_back({SpreadEventKey(event.subject, event.key), std::nullopt, false});
  for (const CitizenId receiver : receivers) {
    writes.push_back({DeliveryKey(event.subject, event.key, receiver), std::nullopt, false});
  }
  return {};
}

}  // namespace kstati::profile
