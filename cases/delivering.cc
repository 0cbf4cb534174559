// SPDX-License-Identifier: Apache-2.0
#include "cases/delivering.h"

#include <algorithm>
#include <chrono>

#include "base/bytes.h"
#include "base/check.h"
#include "base/gauge.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/micros.h"
#include "cases/message_text.h"
#include "cases/message_values.h"

namespace kstati::cases {
namespace {

using delivery::Reception;

constexpr size_t kMessagesOfRound = 256;  // messages of a round, each to another person
constexpr size_t kEntriesAtOnce = 1'000;

// Not that of another division of the citizens into partitions.
std::string MarkOf(const profile::Store& store, size_t partition) {
  return "delivery." + std::to_string(partition) + "of" + std::to_string(store.Partitions());
}

metrics::Counter& CountMessages(std::string_view outcome) {
  return metrics::CounterOf("kstati_delivery_messages_total",
                            "Attempts to deliver messages, and messages that are not sent",
                            "outcome", outcome);
}

metrics::Gauge& WaitingGauge() {
  return metrics::GaugeOf("kstati_delivery_waiting_messages",
                          "Messages that were not delivered yet and are to be");
}

// Attempts of one channel since it was its turn.
int AttemptsOf(const DeliveryRecord& record, std::string_view channel) {
  return static_cast<int>(std::ranges::count_if(
      record.attempts, [&](const DeliveryAttempt& each) { return each.channel == channel; }));
}

bool Refused(const DeliveryRecord& record, std::string_view channel) {
  return std::ranges::any_of(record.attempts, [&](const DeliveryAttempt& each) {
    return each.channel == channel && each.reception == Reception::kRefused;
  });
}

// Who was refused by every channel need not be looked after by an operator of a channel.
DeliveryState StateWithoutChannel(const DeliveryRecord& record) {
  return record.attempts.back().reception == Reception::kRefused ? DeliveryState::kRefused
                                                                 : DeliveryState::kUndeliverable;
}

}  // namespace

Delivering::Delivering(const World& world, const Messages& messages, Channels channels,
                       DeliveryOptions options)
    : world_(world),
      messages_(messages),
      channels_(std::move(channels)),
      options_(std::move(options)),
      set_aside_(world, kOutboxLog, "delivery"),
      read_(world.store->Partitions()),
      marked_(world.store->Partitions()),
      unsettled_(world.store->Partitions()) {
  KSTATI_CHECK(!channels_.empty());
  for (const char* outcome :
       {"delivered", "later", "refused", "undeliverable", "suppressed", "too_old"}) {
    CountMessages(outcome);
  }
}

size_t Delivering::waiting() const {
  size_t count = 0;
  for (const auto& partition : unsettled_) count += partition.size();
  return count;
}

bool Delivering::Step() {
  for (size_t partition = 0; partition < read_.size(); ++partition) TakeNew(partition);
  const std::vector<Waiting*> due = Due();
  TryAll(due);
  Forget();
  if (due.empty()) NoteProgress();
  WaitingGauge().Set(static_cast<double>(waiting()));
  return !due.empty();
}

Result<void> Delivering::Begin(size_t partition) {
  KSTATI_TRY(const std::optional<std::string> mark,
             world_.store->GetMark(MarkOf(*world_.store, partition)));
  uint64_t settled = 0;
  if (mark) {
    ByteReader reader(*mark);
    settled = reader.Number();
    KSTATI_TRY_VOID(reader.Finish("how far messages were delivered"));
  }
  read_[partition] = settled;
  marked_[partition] = settled;
  return {};
}

void Delivering::TakeNew(size_t partition) {
  if (!read_[partition]) {
    if (const Result<void> begun = Begin(partition); !begun) {
      return set_aside_.NoteRefusal(partition, begun.error());
    }
  }
  set_aside_.TryAgain(partition, [&](const profile::LogRecord& entry) {
    const Result<std::optional<Waiting>> admitted = Admit(partition, entry);
    if (!admitted && admitted.error().code != ErrorCode::kNotFound) return false;
    if (admitted && *admitted) {
      people_[(*admitted)->notification.citizen].push_front(**admitted);
    } else {
      unsettled_[partition].erase(entry.sequence);
    }
    return true;
  });
  while (waiting() < options_.waiting_max) {
    const Result<std::vector<profile::LogRecord>> entries =
        world_.store->ReadLog(partition, kOutboxLog, *read_[partition],
                              std::min(kEntriesAtOnce, options_.waiting_max - waiting()));
    if (!entries) return set_aside_.NoteRefusal(partition, entries.error());
    if (entries->empty()) return;
    for (const profile::LogRecord& entry : *entries) {
      if (!TakeEntry(partition, entry)) return;
      read_[partition] = entry.sequence;
    }
  }
}

bool Delivering::TakeEntry(size_t partition, const profile::LogRecord& entry) {
  Result<std::optional<Waiting>> admitted =
      entry.unreadable ? Result<std::optional<Waiting>>(Fail(*entry.unreadable))
                       : Admit(partition, entry);
  if (admitted) {
    if (!*admitted) return true;
    unsettled_[partition].insert(entry.sequence);
    people_[(*admitted)->notification.citizen].push_back(std::move(**admitted));
    return true;
  }
  const Error& why = admitted.error();
  if (why.code == ErrorCode::kNotFound) return true;  // erased
  const bool of_one = why.code == ErrorCode::kCorrupt || why.code == ErrorCode::kDenied;
  if (!of_one || !set_aside_.Add(partition, entry.sequence, why)) return false;
  unsettled_[partition].insert(entry.sequence);  // the mark does not pass it
  return true;
}

Result<std::optional<Delivering::Waiting>> Delivering::Admit(size_t partition,
                                                             const profile::LogRecord& entry) {
  if (!entry.value) return std::nullopt;  // erased since
  Waiting waiting{partition, entry.sequence, {}, MessageKey(*entry.value), {}};
  KSTATI_TRY(waiting.notification, DecodeNotification(*entry.value));
  KSTATI_TRY(const std::optional<std::string> bytes,
             world_.store->GetRecord(waiting.notification.citizen, kDeliveryRecord, waiting.key));
  if (bytes) {
    KSTATI_TRY(const DeliveryRecord record, DecodeDeliveryRecord(*bytes));
    if (record.state != DeliveryState::kWaiting) return std::nullopt;
    waiting.not_before = NextAttempt(record);
    return waiting;
  }
  const int64_t age = world_.Now().micros - waiting.notification.at.micros;
  waiting.too_old = age > options_.oldest_hours * kMicrosPerHour;
  return waiting;
}

// The first message of each person that is not held; see invariant 2.
std::vector<Delivering::Waiting*> Delivering::Due() {
  const Instant now = world_.Now();
  std::vector<Waiting*> due;
  for (auto& [citizen, person] : people_) {
    for (Waiting& waiting : person) {
      if (waiting.not_before <= now) {
        due.push_back(&waiting);
        break;
      }
      if (!waiting.held_by_night) break;
    }
    if (due.size() == kMessagesOfRound) break;
  }
  return due;
}

void Delivering::TryAll(const std::vector<Waiting*>& due) {
  std::atomic<size_t> next{0};
  const auto work = [&] {
    for (size_t i = next++; i < due.size() && !stop_; i = next++) Try(*due[i]);
  };
  std::vector<std::thread> threads;
  for (size_t i = 1; i < std::min(options_.people_at_once, due.size()); ++i) {
    threads.emplace_back(work);
  }
  work();
  for (std::thread& thread : threads) thread.join();
}

void Delivering::Try(Waiting& waiting) {
  const Result<void> tried = TryOnce(waiting);
  if (tried) return;
  if (tried.error().code == ErrorCode::kNotFound) {  // the person's data were erased
    waiting.settled = true;
    return;
  }
  log::Failure("delivery_not_recorded", {{"code", std::string(KindOf(tried.error().code).name)}});
  waiting.not_before = Instant{world_.Now().micros + kMicrosPerSecond};
}

Result<void> Delivering::TryOnce(Waiting& waiting) {
  waiting.held_by_night = false;
  if (waiting.too_old) return Suppress(waiting, "too_old");
  KSTATI_TRY(const std::string why, WhySuppressed(world_, options_.rules, waiting.notification));
  if (!why.empty()) return Suppress(waiting, why);
  KSTATI_TRY(const bool yields, YieldsToOthers(waiting));
  if (yields) return Suppress(waiting, "budget");
  KSTATI_TRY(const std::optional<Instant> morning,
             HeldUntil(world_, options_.rules, waiting.notification));
  if (!morning) return Send(waiting);
  waiting.not_before = *morning;
  waiting.held_by_night = true;
  return {};
}

Result<bool> Delivering::YieldsToOthers(const Waiting& waiting) const {
  if (!IsSuggestion(waiting.notification)) return false;
  const CitizenId citizen = waiting.notification.citizen;
  KSTATI_TRY(const auto left, BudgetLeft(world_, options_.rules, citizen));
  // Only this thread has to do with the person's messages now.
  const Person& person = people_.at(citizen);
  if (!left || person.size() <= *left) return false;
  std::vector<Notification> suggestions{waiting.notification};
  for (const Waiting& other : person) {
    if (&other == &waiting || other.settled || !IsSuggestion(other.notification)) continue;
    KSTATI_TRY(const std::string why, WhySuppressed(world_, options_.rules, other.notification));
    if (why.empty()) suggestions.push_back(other.notification);
  }
  if (suggestions.size() <= *left) return false;
  const recommender::ServingRanker by_catalogue;
  const recommender::ServingRanker& rankers =
      options_.ranker == nullptr ? by_catalogue : *options_.ranker;
  const auto ranker = rankers.For(citizen, world_.Today()).ranker;
  KSTATI_TRY(const auto values,
             ValuesOf(world_, *ranker, options_.inference, citizen, suggestions));
  const auto better =
      std::ranges::count_if(values, [&](const double value) { return value > values.front(); });
  return static_cast<size_t>(better) >= *left;
}

Result<void> Delivering::Send(Waiting& waiting) {
  DeliveryRecord record;
  KSTATI_TRY(const std::optional<std::string> bytes,
             world_.store->GetRecord(waiting.notification.citizen, kDeliveryRecord, waiting.key));
  if (bytes) {
    KSTATI_TRY(record, DecodeDeliveryRecord(*bytes));
  }
  const delivery::Channel* channel = Next(record);
  if (channel != nullptr) {
    delivery::Reply reply = channel->Deliver(MessageOf(waiting));
    record.attempts.push_back(
        {world_.Now(), std::string(channel->name()), reply.reception, std::move(reply.reason)});
    if (reply.reception == Reception::kAccepted) record.state = DeliveryState::kDelivered;
    if (reply.reception != Reception::kAccepted) {
      CountMessages(reply.reception == Reception::kLater ? "later" : "refused").Add();
    }
  }
  const bool over = record.state == DeliveryState::kWaiting && Next(record) == nullptr;
  if (over) record.state = StateWithoutChannel(record);
  record.changed_at = world_.Now();
  KSTATI_TRY_VOID(Keep(waiting, record));
  waiting.settled = record.state != DeliveryState::kWaiting;
  if (!waiting.settled) {
    waiting.not_before = NextAttempt(record);
    return {};
  }
  if (record.state == DeliveryState::kDelivered) CountMessages("delivered").Add();
  if (record.state == DeliveryState::kUndeliverable) CountMessages("undeliverable").Add();
  return {};
}

// What was erased has nothing left to keep a note with.
Result<void> Delivering::Suppress(Waiting& waiting, const std::string& why) {
  if (why != "erased") {
    DeliveryRecord record;
    record.state = DeliveryState::kSuppressed;
    record.changed_at = world_.Now();
    record.why = why;
    KSTATI_TRY_VOID(Keep(waiting, record));
  }
  CountMessages(waiting.too_old ? "too_old" : "suppressed").Add();
  waiting.settled = true;
  return {};
}

const delivery::Channel* Delivering::Next(const DeliveryRecord& record) const {
  for (const auto& channel : channels_) {
    if (Refused(record, channel->name())) continue;
    if (AttemptsOf(record, channel->name()) < options_.retries.attempts_max) return channel.get();
  }
  return nullptr;
}

// A channel that was not tried yet is tried at once.
Instant Delivering::NextAttempt(const DeliveryRecord& record) const {
  const delivery::Channel* channel = Next(record);
  if (channel == nullptr || record.attempts.empty()) return Instant();
  const int failed = AttemptsOf(record, channel->name());
  if (failed == 0) return Instant();
  const int64_t pause = options_.retries.After(failed).count();
  return Instant{record.attempts.back().at.micros + pause * kMicrosPerSecond};
}

delivery::Message Delivering::MessageOf(const Waiting& waiting) const {
  const Notification& notification = waiting.notification;
  const graph::Service* service = world_.catalogue().FindService(notification.service);
  const std::string name =
      service == nullptr ? notification.service.text() : service->name.in(options_.language);
  const Result<std::optional<Case>> c = CaseOf(*world_.store, notification);
  const Case* kept = c && *c ? &**c : nullptr;
  const MessageWords words{messages_, world_.program->dictionary(), options_.language};
  return {.key = waiting.key,
          .citizen = notification.citizen,
          .at = notification.at,
          .sent_at = world_.Now(),
          .kind = notification.message,
          .case_id = notification.case_id.text(),
          .service = notification.service.text(),
          .language = std::string(CodeOf(options_.language)),
          .title = messages_.Format(options_.language, notification.message + ".title",
                                    {{"service", name}}),
          .text = TextOfMessage(words, notification, name, kept)};
}

Result<void> Delivering::Keep(const Waiting& waiting, const DeliveryRecord& record) {
  profile::Transaction transaction(world_.Now());
  const CitizenId citizen = waiting.notification.citizen;
  transaction.NeedNotWait();
  transaction.PutRecord(citizen, kDeliveryRecord, waiting.key, Encode(record));
  if (record.state == DeliveryState::kSuppressed) {
    transaction.Enter(citizen, profile::ledger::EntryKind::kMessageSuppressed,
                      {{"why", record.why}, {"service", waiting.notification.service.text()}});
  }
  return world_.store->Commit(transaction);
}

void Delivering::Forget() {
  for (auto person = people_.begin(); person != people_.end();) {
    std::erase_if(person->second, [this](const Waiting& waiting) {
      if (waiting.settled) unsettled_[waiting.partition].erase(waiting.sequence);
      return waiting.settled;
    });
    person = person->second.empty() ? people_.erase(person) : std::next(person);
  }
}

// Everything up to the mark is settled. It spares reading the outbox again and nothing else.
void Delivering::NoteProgress() {
  for (size_t partition = 0; partition < read_.size(); ++partition) {
    if (!read_[partition]) continue;
    const auto& unsettled = unsettled_[partition];
    const uint64_t settled = unsettled.empty() ? *read_[partition] : *unsettled.begin() - 1;
    if (settled == marked_[partition]) continue;
    profile::Transaction transaction(world_.Now());
    transaction.PutMark(MarkOf(*world_.store, partition), ByteWriter().Number(settled).Take());
    if (world_.store->Commit(transaction)) marked_[partition] = settled;
  }
}

DeliveryWatch::DeliveryWatch(std::unique_ptr<Delivering> delivering)
    : delivering_(std::move(delivering)), thread_([this] { Run(); }) {}

DeliveryWatch::~DeliveryWatch() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    delivering_->Stop();
  }
  wake_.notify_all();
  thread_.join();
}

void DeliveryWatch::Run() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    lock.unlock();
    const bool more = delivering_->Step();
    lock.lock();
    if (!more) wake_.wait_for(lock, std::chrono::seconds(1), [this] { return stop_; });
  }
}

}  // namespace kstati::cases
