// SPDX-License-Identifier: Apache-2.0
#include "intake/amqp_intake.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/metrics.h"
#include "cases/intake.h"
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
constexpr milliseconds kPatienceForUnknown = std::chrono::minutes(1);
constexpr milliseconds kPatienceForDamage = std::chrono::minutes(10);

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

// For how long the event is tried again, as it may be recorded later, where the store took it and
// refused it; nullopt: it is refused for good. What the event itself says was checked before.
std::optional<milliseconds> PatienceFor(const Error& error) {
  switch (error.code) {
    case ErrorCode::kNotFound: return kPatienceForUnknown;
    case ErrorCode::kConflict:
      if (error.place.ends_with(cases::kContentConflict)) return std::nullopt;
      return kPatienceForDamage;
    case ErrorCode::kCorrupt:
    case ErrorCode::kDenied:  // the key that opens somebody's data is not at hand
    case ErrorCode::kInternal: return kPatienceForDamage;
    default: return std::nullopt;
  }
}

// All whom the event names, each in one spelling.
std::vector<std::string> PeopleOf(const rpc::RegistryEvent& event) {
  std::vector<std::string> people;
  const auto add = [&people](const std::string& text) {
    const Result<CitizenId> citizen = CitizenId::Parse(text);
    people.push_back(citizen ? citizen->ToString() : text);
  };
  add(event.subject);
  for (const auto& [role, citizens] : event.participants) std::ranges::for_each(citizens, add);
  for (const rpc::ReportedFact& fact : event.facts) add(fact.citizen);
  for (const rpc::ReportedRelation& relation : event.relations) {
    add(relation.from_citizen);
    add(relation.to_citizen);
  }
  return people;
}

}  // namespace

AmqpIntake::AmqpIntake(AmqpOptions options, CheckEvent check, RecordEvent record)
    : options_(std::move(options)), check_(std::move(check)), record_(std::move(record)) {
  for (int i = 0; i < std::max(options_.workers, 1); ++i) {
    workers_.emplace_back([this] { RunWorker(); });
  }
  consumer_ = std::thread([this] { Run(); });
}

AmqpIntake::~AmqpIntake() {
  Enter(Stage::kStopping);
  {
    const std::lock_guard lock(jobs_mutex_);
  }  // workers wait, or look at the stage again
  jobs_changed_.notify_all();
  for (std::thread& worker : workers_) worker.join();
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
  {
    const std::lock_guard lock(jobs_mutex_);
    PutInLine(
        std::make_unique<Job>(Job{std::move(work), std::move(*event), std::nullopt, kShortest}));
  }
  jobs_changed_.notify_one();
}

void AmqpIntake::RunWorker() {
  std::unique_lock lock(jobs_mutex_);
  while (const std::optional<uint64_t> number = AwaitJob(lock)) {
    Job& job = *jobs_.at(*number);
    lock.unlock();
    std::optional<Result<void>> outcome = Record(job);
    if (outcome) PutAnswer(std::move(job.work), std::move(*outcome));
    lock.lock();
    if (outcome) {
      jobs_.erase(*number);
      lines_.Done(*number);
    } else {
      Postpone(*number);
    }
    jobs_changed_.notify_all();
  }
}

void AmqpIntake::PutInLine(std::unique_ptr<Job> job) {
  const uint64_t number = lines_.Add(PeopleOf(job->event));
  jobs_.emplace(number, std::move(job));
}

// Of the same people others may be waited for, and wait.
void AmqpIntake::Postpone(uint64_t number) {
  Job& job = *jobs_.at(number);
  const Clock::time_point until = Clock::now() + job.pause;
  job.pause = std::min(2 * job.pause, kLongest);
  if (!job.since) {
    later_.emplace(until, number);
    return;
  }
  behind_.emplace(until, std::move(jobs_.at(number)));
  jobs_.erase(number);
  lines_.Done(number);
}

std::optional<uint64_t> AmqpIntake::AwaitJob(std::unique_lock<std::mutex>& lock) {
  while (stage_ == Stage::kRunning) {
    const Clock::time_point now = Clock::now();
    while (!behind_.empty() && behind_.begin()->first <= now) {
      PutInLine(std::move(behind_.extract(behind_.begin()).mapped()));
    }
    if (!later_.empty() && later_.begin()->first <= now) {
      return later_.extract(later_.begin()).mapped();
    }
    if (const std::optional<uint64_t> number = lines_.Next()) return number;
    Clock::time_point next = Clock::time_point::max();
    if (!later_.empty()) next = later_.begin()->first;
    if (!behind_.empty()) next = std::min(next, behind_.begin()->first);
    if (next == Clock::time_point::max()) {
      jobs_changed_.wait(lock);
    } else {
      jobs_changed_.wait_until(lock, next);
    }
  }
  return std::nullopt;
}

std::optional<Result<void>> AmqpIntake::Record(Job& job) {
  const std::string& sender = job.work.delivery.sender;
  if (Result<void> checked = check_(sender, job.event); !checked) {
    Count("refused");
    return checked;
  }
  const Result<Recorded> recorded = record_(sender, job.event);
  if (recorded) {
    Count(*recorded == Recorded::kBefore ? "repeated" : "accepted");
    return Result<void>();
  }
  const Error& why = recorded.error();
  if (why.code == ErrorCode::kUnavailable) {
    job.since.reset();
    Count("postponed");
    return std::nullopt;
  }
  if (!job.since) job.since = Clock::now();
  const std::optional<milliseconds> patience = PatienceFor(why);
  if (patience && Clock::now() - *job.since < *patience) {
    Count("postponed");
    return std::nullopt;
  }
  Count("refused");
  log::Warning("amqp_event_refused",
               {{"code", std::string(KindOf(why.code).name)}, {"postponed", patience ? 1 : 0}});
  return Result<void>(Fail(why));
}

void AmqpIntake::PutAnswer(Work work, Result<void> outcome) {
  const std::lock_guard lock(mutex_);
  answers_.push_back({std::move(work), std::move(outcome)});
}

}  // namespace kstati::intake
