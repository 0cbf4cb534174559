// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/result.h"
#include "intake/amqp_connection.h"
#include "kstati_rpc/kstati_types.h"

namespace kstati::intake {

// Records the events of a broker's queue, each a message in the form of docs/reference/events.md.
// A message is acknowledged when its event is on stable storage, or once it lies with its reason in
// the queue of refused ones; whatever dies before, it comes again, and repeating is harmless.
// Events about one subject are recorded in the order of the queue. When the store refuses for now
// an event waits; when the broker goes away the connection is made again until the intake stops.
class AmqpIntake {
 public:
  enum class Recorded { kNow, kBefore };
  // Records the event that `sender` published; done when it is on stable storage. Called from
  // several threads.
  using RecordEvent =
      std::function<Result<Recorded>(const std::string& sender, const rpc::RegistryEvent& event)>;

  AmqpIntake(AmqpOptions options, RecordEvent record);
  // Finishes the events in work. Messages that were not begun go back to the queue.
  ~AmqpIntake();
  AmqpIntake(const AmqpIntake&) = delete;
  AmqpIntake& operator=(const AmqpIntake&) = delete;

 private:
  // First the workers end, then, when all that they did is answered, the connection.
  enum class Stage { kRunning, kStopping, kAnswering };

  struct Work {
    uint64_t connection;  // the count of connections when the message came
    Delivery delivery;
  };
  struct Answer {
    Work work;
    Result<void> outcome;
  };
  // Works its messages off one after the other.
  struct Worker {
    std::mutex mutex;
    std::condition_variable wake;
    std::deque<std::pair<Work, rpc::RegistryEvent>> works;  // guarded by mutex
    std::thread thread;
  };

  void Run();
  // Success: the intake stops, and what was done is answered.
  Result<void> Consume(AmqpConnection& connection);
  Result<void> SendAnswers(AmqpConnection& connection);
  void Hand(Delivery delivery);
  void RunWorker(Worker& worker);
  // nullopt: the intake stops and the event is not recorded.
  std::optional<Result<void>> Record(const Delivery& delivery, const rpc::RegistryEvent& event);
  void PutAnswer(Work work, Result<void> outcome);
  void Enter(Stage stage);
  // False when the intake stops meanwhile.
  bool Pause(std::chrono::milliseconds time);

  const AmqpOptions options_;
  const RecordEvent record_;
  std::atomic<Stage> stage_ = Stage::kRunning;

  std::mutex mutex_;
  std::condition_variable stop_;
  std::vector<Answer> answers_;  // guarded by mutex_

  // Of the consumer's thread only.
  uint64_t connections_ = 0;
  size_t unanswered_ = 0;  // messages of this connection

  std::vector<std::unique_ptr<Worker>> workers_;
  std::thread consumer_;  // last: starts when everything else is ready
};

}  // namespace kstati::intake
