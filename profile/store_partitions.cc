// SPDX-License-Identifier: Apache-2.0
// What the store does where citizens live in several partitions.
#include <algorithm>
#include <set>
#include <utility>

#include "profile/citizen_keys.h"
#include "profile/commit_plan.h"
#include "profile/spread_events.h"
#include "profile/store.h"

namespace kstati::profile {
namespace {

tl::unexpected<Error> Moved() {
  return Fail(ErrorCode::kConflict, "the store changed meanwhile", {}, "read again and repeat");
}

}  // namespace

void Transaction::RecordSpread(const RegistryEvent& event) {
  Record(event);
  spread_ = true;
}

void Transaction::Followed(const EventPlace& event) { followed_ = event; }

std::vector<CitizenId> Transaction::Changed() const {
  std::vector<CitizenId> changed;
  if (event_) changed = ConcernedBy(event_->event);
  if (followed_) changed.push_back(followed_->subject);
  for (const Put& each : puts_) changed.push_back(each.citizen);
  for (const Entry& each : entries_) changed.push_back(each.citizen);
  for (const EnteredDeed& each : deeds_) changed.push_back(each.citizen);
  for (const TimerChange& each : timers_) changed.push_back(each.citizen);
  return changed;
}

Transaction Transaction::PartIn(const Engine& engine, size_t partition) const {
  const auto here = [&](const auto& each) { return engine.PartitionOf(each.citizen) == partition; };
  Transaction part(now_);
  std::ranges::copy_if(depends_, std::back_inserter(part.depends_), here);
  std::ranges::copy_if(puts_, std::back_inserter(part.puts_), here);
  std::ranges::copy_if(entries_, std::back_inserter(part.entries_), here);
  std::ranges::copy_if(deeds_, std::back_inserter(part.deeds_), here);
  std::ranges::copy_if(timers_, std::back_inserter(part.timers_), here);
  return part;
}

bool Store::IsSpread(const Transaction& transaction) const {
  if (Partitions() == 1) return false;
  // Whom the superseded event named is not known yet.
  if (transaction.event_ && transaction.event_->event.supersedes) return true;
  std::set<size_t> partitions;
  for (const CitizenId each : transaction.Changed()) partitions.insert(engine_->PartitionOf(each));
  return partitions.size() > 1;
}

Result<void> Store::AwaitFacts(CitizenId citizen) const {
  if (Partitions() == 1) return {};
  KSTATI_TRY_VOID(RequireTakenUp(citizen));
  KSTATI_TRY_VOID(under_way_.Act({citizen}));
  return {};
}

Result<void> Store::RequireTakenUp(CitizenId citizen) const {
  const std::lock_guard lock(left_mutex_);
  if (!left_.contains(engine_->PartitionOf(citizen))) return {};
  return Fail(ErrorCode::kUnavailable, "the partition was down and is being taken up", {},
              "ask again later");
}

// What was read in other partitions cannot be expected by the commit, so it is compared just
// before. Whoever changes it later decides again about everyone around (see decision 022).
Result<void> Store::CheckElsewhere(const Transaction& transaction,
                                   const std::set<size_t>& written) const {
  for (const Transaction::Dependency& each : transaction.depends_) {
    if (written.contains(engine_->PartitionOf(each.citizen))) continue;
    KSTATI_TRY(const std::optional<Row> row, engine_->ReadRow(each.citizen));
    if ((row ? row->stamp.version : 0) != each.version) return Moved();
  }
  return {};
}

Result<void> Store::CommitSpread(const Transaction& transaction) {
  const RegistryEvent& event = transaction.event_->event;
  const EventPlace place{event.subject, event.key};
  const size_t partition = engine_->PartitionOf(event.subject);
  KSTATI_TRY_VOID(CheckElsewhere(transaction, {partition}));
  Transaction part = transaction.PartIn(*engine_, partition);
  part.event_ = transaction.event_;
  part.spread_ = true;
  for (const bool expect_new_event : {true, false}) {
    CommitPlan plan(part, *engine_, *keys_, expect_new_event);
    KSTATI_TRY(Change change, plan.Make());
    KSTATI_TRY_VOID(under_way_.Begin(place, plan.Concerned()));
    const Result<void> outcome = engine_->Commit(std::move(change));
    NoteChanged(plan.Touched());
    if (outcome) break;
    if (outcome.error().code != ErrorCode::kConflict) {
      under_way_.Leave(place);  // it may be recorded: whoever takes it will see
      return outcome;
    }
    under_way_.End(place);
    if (!expect_new_event) return outcome;
  }
  return {};
}

// Whose rights were worked out, and who is not told, is entered before anything that follows: a
// crash between two partitions must not lose it, since what was done is not worked out again.
Result<void> Store::EnterReasoning(Transaction& transaction) {
  Transaction reasoning(transaction.now());
  std::set<size_t> partitions;
  std::erase_if(transaction.deeds_, [&](const Transaction::EnteredDeed& each) {
    const bool is_reasoning = each.kind == ledger::EntryKind::kEvaluation ||
                              each.kind == ledger::EntryKind::kMessageSuppressed;
    if (!is_reasoning) return false;
    partitions.insert(engine_->PartitionOf(each.citizen));
    reasoning.deeds_.push_back(each);
    return true;
  });
  for (const size_t partition : partitions) {
    KSTATI_TRY_VOID(CommitInPartition(reasoning.PartIn(*engine_, partition)));
  }
  return {};
}

Result<void> Store::CommitOverPartitions(Transaction transaction) {
  std::set<size_t> partitions;
  for (const CitizenId each : transaction.Changed()) partitions.insert(engine_->PartitionOf(each));
  if (partitions.size() > 1 && !transaction.followed_) {
    return Fail(ErrorCode::kUnsupported, "the citizens of the change live in several partitions",
                {}, "make one change for each partition");
  }
  UnderWay::Acting acting;
  if (transaction.waits_) {
    std::vector<CitizenId> rests_on;
    for (const Transaction::Dependency& each : transaction.depends_) {
      KSTATI_TRY_VOID(RequireTakenUp(each.citizen));
      rests_on.push_back(each.citizen);
    }
    KSTATI_TRY(acting, under_way_.Act(std::move(rests_on)));
  }
  const bool several = partitions.size() > 1;
  // A race that is lost already enters nothing. What rests on no facts asks no other partition.
  if (transaction.waits_) {
    KSTATI_TRY_VOID(CheckElsewhere(transaction, several ? std::set<size_t>() : partitions));
  }
  if (several) KSTATI_TRY_VOID(EnterReasoning(transaction));
  std::optional<size_t> last;
  if (transaction.followed_) last = engine_->PartitionOf(transaction.followed_->subject);
  for (const size_t partition : partitions) {
    if (partition == last) continue;
    Transaction part = transaction.PartIn(*engine_, partition);
    part.event_ = transaction.event_;
    KSTATI_TRY_VOID(CommitInPartition(part));
  }
  if (!last) return {};
  Transaction part = transaction.PartIn(*engine_, *last);
  part.followed_ = transaction.followed_;
  KSTATI_TRY_VOID(CommitInPartition(part));
  under_way_.End(*transaction.followed_);
  return {};
}

Result<void> Store::TakeUpSpread(Instant now) {
  if (Partitions() == 1) return {};
  for (size_t partition = 0; partition < Partitions(); ++partition) {
    const Result<void> taken_up = TakeUpSpreadOf(partition, now);
    if (taken_up) continue;
    if (taken_up.error().code != ErrorCode::kUnavailable) return taken_up;
    const std::lock_guard lock(left_mutex_);
    left_.insert(partition);
  }
  return {};
}

Result<void> Store::CatchUp(Instant now) {
  std::set<size_t> left;
  {
    const std::lock_guard lock(left_mutex_);
    left = left_;
  }
  for (const size_t partition : left) {
    if (!engine_->AcceptsWrites(partition)) continue;
    // Erased first: nobody is to see what a copy brought back.
    KSTATI_TRY_VOID(HonourLeft(now));
    KSTATI_TRY_VOID(TakeUpSpreadOf(partition, now));
    const std::lock_guard lock(left_mutex_);
    left_.erase(partition);
  }
  return {};
}

Result<void> Store::HonourLeft(Instant now) {
  {
    const std::lock_guard lock(left_mutex_);
    if (!erasures_are_left_) return {};
  }
  const Result<size_t> honoured = HonourListed(now);
  // Of another partition that is still down: before that one is taken up.
  if (!honoured && honoured.error().code == ErrorCode::kUnavailable) return {};
  KSTATI_TRY_VOID(honoured);
  const std::lock_guard lock(left_mutex_);
  erasures_are_left_ = false;
  return {};
}

Result<void> Store::TakeUpSpreadOf(size_t partition, Instant now) {
  for (const CitizenId home : HomesOfSpread(*engine_)) {
    if (engine_->PartitionOf(home) != partition) continue;
    KSTATI_TRY(const std::vector<EventPlace> events, SpreadEventsAt(*engine_, home));
    for (const EventPlace& place : events) {
      KSTATI_TRY(std::vector<CitizenId> citizens, ReceiversOf(*engine_, place));
      const Result<std::optional<SpreadEvent>> event = ReadSpreadEvent(*engine_, *keys_, place);
      if (event && *event) {
        const std::vector<CitizenId> concerned = ConcernedBy((*event)->event);
        citizens.insert(citizens.end(), concerned.begin(), concerned.end());
      } else if (!event && event.error().code == ErrorCode::kUnavailable) {
        return Fail(event.error());
      }
      const Result<void> begun = under_way_.Begin(place, citizens);
      if (!begun && begun.error().code == ErrorCode::kConflict) continue;  // of this process
      KSTATI_TRY_VOID(begun);
      static_cast<void>(Deliver(place, now));  // what fails is tried again by whoever takes it
      under_way_.Leave(place);
    }
  }
  return {};
}

Result<std::optional<SpreadEvent>> Store::Deliver(const EventPlace& place, Instant now) {
  Result<std::optional<SpreadEvent>> event = ReadSpreadEvent(*engine_, *keys_, place);
  if (!event && event.error().code == ErrorCode::kNotFound) {
    // The subject was erased since, which waits for deliveries.
    Transaction nothing(now);
    nothing.Followed(place);
    KSTATI_TRY_VOID(CommitOverPartitions(nothing));
    return std::nullopt;
  }
  if (!event) return event;
  if (!*event) {
    under_way_.End(place);
    return std::nullopt;
  }
  KSTATI_TRY(const std::vector<CitizenId> receivers, ReceiversOf(*engine_, place));
  for (const CitizenId receiver : receivers) {
    const Result<void> delivered = DeliverTo(receiver, **event, *engine_, *keys_, now);
    NoteChanged({receiver});
    if (!delivered) return Fail(delivered.error());
  }
  under_way_.Arrive(place);
  return event;
}

}  // namespace kstati::profile
