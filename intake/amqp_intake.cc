// SPDX-License-Identifier: Apache-2.0
#include "intake/amqp_intake.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/metrics.h"
#include "intake/event_form.h"

namespace kstati::intake {
namespace {

using std::chrono::milliseconds;

constexpr size_t kMessageBytesMax = 1u << 20;  // a thousand facts are a tenth of that
constexpr milliseconds kShortest{100};         // between attempts
constexpr milliseconds kLongest{5'000};
constexpr milliseconds kIdlePatience{100};  // how soon a stop is noticed
constexpr milliseconds kBusyPatience{1};    // how soon an answer is sent
constexpr int kLastWaitsMax = 2'000;        // of kBusyPatience, for the broker's last confirms

void Count(const char* outcome) {
  metrics::CounterOf("kstati_intake_amqp_messages_total", "Messages of the event queue by outcome",
                     "outcome", outcome)
      .Add();
}

Result<rpc::RegistryEvent> EventIn(const std::string& body) {
  if (body.size() <= kMessageBytesMax) return ParseEvent(body);
  return Fail(ErrorCode::kLimitExceeded, "the message is longer than a mebibyte", {},
              "split the event");
}

// Whether the same event may be recorded later, when the store is in order again.
bool IsPassing(const Error& error) {
  return error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kCorrupt;
}

}  // namespace

AmqpIntake::AmqpIntake(AmqpOptions options, RecordEvent record)
    : options_(std::move(options)), record_(std::move(record)) {
  for (int i = 0; i < std::max(options_.workers, 1); ++i) {
    Worker& worker = *workers_.emplace_back(std::make_unique<Worker>());
    worker.thread = std::thread([this, &worker] { RunWorker(worker); });
  }
  consumer_ = std::thread([this] { Run(); });
}

AmqpIntake::~AmqpIntake() {
  Enter(Stage::kStopping);
  for (const auto& worker : workers_) {
    {
      const std::lock_guard lock(worker->mutex);
    }  // it sleeps, or looks at the stage again
    worker->wake.notify_all();
    worker->thread.join();
  }
  Enter(Stage::kAnswering);
  consumer_.join();
}

void AmqpIntake::Enter(Stage stage) {
  {
    const std::lock_guard lock(mutex_);
    stage_ = stage;
  }
  stop_.notify_all();
}

bool AmqpIntake::Pause(milliseconds time) {
  std::unique_lock lock(mutex_);
  return !stop_.wait_for(lock, time, [this] { return stage_ != Stage::kRunning; });
}

void AmqpIntake::Run() {
  milliseconds pause = kShortest;
  do {
    ++connections_;
    unanswered_ = 0;
    Result<std::unique_ptr<AmqpConnection>> connection = AmqpConnection::Open(options_);
    if (connection) {
      log::Info("amqp_connected", {{"queue", options_.queue}});
      pause = kShortest;
    }
    const Result<void> outcome =
        connection ? Consume(**connection) : Result<void>(Fail(connection.error()));
    if (outcome) return;
    log::Warning("amqp_disconnected", {{"reason", outcome.error().message}});
    pause = std::min(2 * pause, kLongest);
  } while (Pause(pause));
}

Result<void> AmqpIntake::Consume(AmqpConnection& connection) {
  for (int last_waits = 0; last_waits < kLastWaitsMax;) {
    const Stage stage = stage_;
    KSTATI_TRY_VOID(SendAnswers(connection));
    const bool waits = connection.waits_for_confirms();
    if (stage == Stage::kAnswering) {
      if (!waits) return {};
      ++last_waits;
    }
    const bool busy = waits || unanswered_ > 0 || stage != Stage::kRunning;
    KSTATI_TRY(std::optional<Delivery> delivery,
               connection.Receive(busy ? kBusyPatience : kIdlePatience));
    if (delivery && stage == Stage::kRunning) Hand(std::move(*delivery));
  }
  return {};
}

Result<void> AmqpIntake::SendAnswers(AmqpConnection& connection) {
  std::vector<Answer> answers;
  {
    const std::lock_guard lock(mutex_);
    answers.swap(answers_);
  }
  for (const Answer& answer : answers) {
    // A message of a connection that broke comes again.
    if (answer.work.connection != connections_) continue;
    --unanswered_;
    const Delivery& delivery = answer.work.delivery;
    KSTATI_TRY_VOID(answer.outcome ? connection.Acknowledge(delivery.tag)
                                   : connection.Refuse(delivery, answer.outcome.error()));
  }
  return {};
}

void AmqpIntake::Hand(Delivery delivery) {
  ++unanswered_;
  Result<rpc::RegistryEvent> event = EventIn(delivery.body);
  Work work{connections_, std::move(delivery)};
  if (!event) {
    Count("refused");
    PutAnswer(std::move(work), Fail(std::move(event).error()));
    return;
  }
  Worker& worker = *workers_[std::hash<std::string>()(event->subject) % workers_.size()];
  {
    const std::lock_guard lock(worker.mutex);
    worker.works.emplace_back(std::move(work), std::move(*event));
  }
  worker.wake.notify_one();
}

void AmqpIntake::RunWorker(Worker& worker) {
  while (stage_ == Stage::kRunning) {
    std::unique_lock lock(worker.mutex);
    worker.wake.wait(lock, [&] { return stage_ != Stage::kRunning || !worker.works.empty(); });
    if (worker.works.empty()) continue;
    auto [work, event] = std::move(worker.works.front());
    worker.works.pop_front();
    lock.unlock();
    std::optional<Result<void>> outcome = Record(work.delivery, event);
    if (outcome) PutAnswer(std::move(work), std::move(*outcome));
  }
}

std::optional<Result<void>> AmqpIntake::Record(const Delivery& delivery,
                                               const rpc::RegistryEvent& event) {
  for (milliseconds pause = kShortest;; pause = std::min(2 * pause, kLongest)) {
    const Result<Recorded> recorded = record_(delivery.sender, event);
    if (recorded) {
      Count(*recorded == Recorded::kBefore ? "repeated" : "accepted");
      return Result<void>();
    }
    const bool later = IsPassing(recorded.error());
    Count(later ? "postponed" : "refused");
    if (!later) return Result<void>(Fail(recorded.error()));
    if (!Pause(pause)) return std::nullopt;
  }
}

void AmqpIntake::PutAnswer(Work work, Result<void> outcome) {
  const std::lock_guard lock(mutex_);
  answers_.push_back({std::move(work), std::move(outcome)});
}

}  // namespace kstati::intake
