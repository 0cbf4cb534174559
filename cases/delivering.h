// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/messages.h"
#include "base/result.h"
#include "cases/delivery_holds.h"
#include "cases/delivery_record.h"
#include "cases/notification.h"
#include "cases/set_aside.h"
#include "cases/world.h"
#include "delivery/channel.h"
#include "delivery/schedule.h"
#include "recommender/inference/inference_model.h"
#include "recommender/serving_ranker.h"

namespace kstati::cases {

struct DeliveryOptions {
  DeliveryRules rules;
  delivery::Retries retries;
  Language language = Language::kRussian;
  int64_t oldest_hours = 168;  // what is older when it is first seen is not sent any more
  size_t people_at_once = 8;
  // Tells which suggestions a person needs most, where the budget does not reach for all that wait;
  // outlives the delivery. Null: the catalogue's order tells.
  const recommender::ServingRanker* ranker = nullptr;
  // By what the ranker's estimates are made; outlives the delivery. Null: there are none.
  const recommender::inference::InferenceModel* inference = nullptr;
  size_t waiting_max = 100'000;  // messages held in memory; more stay in the outbox meanwhile
};

// The messages of the outbox on their way to people. Invariants:
// 1. A message is settled in one commit, after a channel answered for it, and is sent again with
//    the same key when that commit did not come about: at least once, never skipped.
// 2. A person's messages go in the order of the outbox, one at a time; only what waits for the
//    morning lets one pass that need not.
// 3. Where the budget does not reach for all suggestions that wait for a person, those are sent
//    whose expected value is highest (ValuesOf), whichever came first.
// 4. Channels are tried in order: the next one when one refused for good or was tried as often as
//    can be.
// One at a time for a store. But for Stop not thread-safe.
class Delivering {
 public:
  using Channels = std::vector<std::unique_ptr<delivery::Channel>>;

  // `world` and `messages` outlive it. `channels` is not empty.
  Delivering(const World& world, const Messages& messages, Channels channels,
             DeliveryOptions options);

  // Takes what is new in the outbox and tries what is due, one message of a person at a time;
  // whether it tried any. What fails in the store is tried again.
  bool Step();
  // From now on no attempt begins; one that has begun ends by its deadline. From any thread.
  void Stop() { stop_ = true; }
  // Messages that are known and not settled.
  size_t waiting() const;

 private:
  struct Waiting {
    size_t partition = 0;
    uint64_t sequence = 0;
    Notification notification;
    std::string key;
    Instant not_before;          // of the next attempt
    bool held_by_night = false;  // that is what `not_before` comes from
    bool too_old = false;        // to be sent: of before the time that options_ looks back
    bool settled = false;
  };
  using Person = std::deque<Waiting>;

  void TakeNew(size_t partition);
  // False when the store refuses for now, or too much is set aside.
  bool TakeEntry(size_t partition, const profile::LogRecord& entry);
  Result<void> Begin(size_t partition);
  // nullopt: there is nothing to send.
  Result<std::optional<Waiting>> Admit(size_t partition, const profile::LogRecord& entry);
  std::vector<Waiting*> Due();
  void TryAll(const std::vector<Waiting*>& due);
  void Try(Waiting& waiting);
  Result<void> TryOnce(Waiting& waiting);
  // Whether what is left of the budget goes to other suggestions that wait for the person, since
  // they are worth more.
  Result<bool> YieldsToOthers(const Waiting& waiting) const;
  Result<void> Send(Waiting& waiting);
  Result<void> Suppress(Waiting& waiting, const std::string& why);
  // The channel whose turn it is after these attempts; null: there is none left.
  const delivery::Channel* Next(const DeliveryRecord& record) const;
  Instant NextAttempt(const DeliveryRecord& record) const;
  delivery::Message MessageOf(const Waiting& waiting) const;
  Result<void> Keep(const Waiting& waiting, const DeliveryRecord& record);
  void Forget();
  void NoteProgress();

  const World& world_;
  const Messages& messages_;
  const Channels channels_;
  const DeliveryOptions options_;
  std::atomic<bool> stop_{false};
  std::map<CitizenId, Person> people_;
  SetAside set_aside_;  // entries that do not open; not settled
  // By partition: the last entry that was read, the mark that is stored, and what is not settled.
  std::vector<std::optional<uint64_t>> read_;
  std::vector<uint64_t> marked_;
  std::vector<std::set<uint64_t>> unsettled_;
};

// Delivers in one thread, and those it starts, from construction to destruction.
class DeliveryWatch {
 public:
  explicit DeliveryWatch(std::unique_ptr<Delivering> delivering);
  ~DeliveryWatch();

 private:
  void Run();

  std::unique_ptr<Delivering> delivering_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace kstati::cases
