// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/result.h"
#include "intake/amqp_connection.h"
#include "intake/event_lines.h"
#include "kstati_rpc/kstati_types.h"

namespace kstati::intake {

// Records the events of a broker's queue, each a message in the form of docs/reference/events.md.
// A message is acknowledged when its event is on stable storage, or once it lies with its reason in
// the queue of refused ones; whatever dies before, it comes again, and repeating is harmless.
// Events that name the same person are recorded in the order of the queue. While the store refuses
// for now an event waits, and with it those behind it about the same people. One that it does not
// take for another reason that may pass lets them pass, and is tried again: for a minute when it
// names somebody who is not known yet, for ten when somebody's data do not open or a race was lost;
// then it is refused. When the broker goes away the connection is made again until the intake
// stops.
class AmqpIntake {
 public:
  enum class Recorded { kNow, kBefore };
  // What can be said of an event that `sender` published without asking the store: an error refuses
  // it for good. Called from several threads.
  using CheckEvent =
      std::function<Result<void>(const std::string& sender, const rpc::RegistryEvent& event)>;
  // Records it; done when it is on stable storage. Called from several threads.
  using RecordEvent =
      std::function<Result<Recorded>(const std::string& sender, const rpc::RegistryEvent& event)>;

  AmqpIntake(AmqpOptions options, CheckEvent check, RecordEvent record);
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
  using Clock = std::chrono::steady_clock;
  // An event until it is answered.
  struct Job {
    Work work;
    rpc::RegistryEvent event;
    // Of the first failure that was not the store's, since the store last refused.
    std::optional<Clock::time_point> since;
    std::chrono::milliseconds pause{0};  // before the next one
  };

  void Run();
  // Success: the intake stops, and what was done is answered.
  Result<void> Consume(AmqpConnection& connection);
  Result<void> SendAnswers(AmqpConnection& connection);
  void Hand(Delivery delivery);
  void RunWorker();
  // The next event that may be worked at; nullopt: the intake stops.
  std::optional<uint64_t> AwaitJob(std::unique_lock<std::mutex>& lock);
  // nullopt: it is to be tried again after the job's pause; where `since` is set, behind others.
  std::optional<Result<void>> Record(Job& job);
  // Both require jobs_mutex_.
  void Postpone(uint64_t number);
  void PutInLine(std::unique_ptr<Job> job);
  void PutAnswer(Work work, Result<void> outcome);
  void Enter(Stage stage);
  // False when the intake stops meanwhile.
  bool Pause(std::chrono::milliseconds time);

  const AmqpOptions options_;
  const CheckEvent check_;
  const RecordEvent record_;
  std::atomic<Stage> stage_ = Stage::kRunning;

  std::mutex mutex_;
  std::condition_variable stop_;
  std::vector<Answer> answers_;  // guarded by mutex_

  // Of the consumer's thread only.
  uint64_t connections_ = 0;
  size_t unanswered_ = 0;  // messages of this connection

  std::mutex jobs_mutex_;
  std::condition_variable jobs_changed_;
  EventLines lines_;                               // guarded by jobs_mutex_
  std::map<uint64_t, std::unique_ptr<Job>> jobs_;  // by number in lines_; guarded by jobs_mutex_
  // Jobs to try again: those that keep their place in line, and those that have none meanwhile.
  std::multimap<Clock::time_point, uint64_t> later_;               // guarded by jobs_mutex_
  std::multimap<Clock::time_point, std::unique_ptr<Job>> behind_;  // guarded by jobs_mutex_

  std::vector<std::thread> workers_;
  std::thread consumer_;  // last: starts when everything else is ready
};

}  // namespace kstati::intake
