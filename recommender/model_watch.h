// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "base/time.h"
#include "recommender/serving_ranker.h"
#include "recommender/stored_models.h"

namespace kstati::recommender {

// Takes up what is activated in a folder of models, and what a rollback leaves active. Not
// thread-safe.
class ModelTakeUp {
 public:
  // `serving` outlives it and may serve what is active already.
  ModelTakeUp(std::string folder, ServingRanker& serving)
      : models_(folder), folder_(std::move(folder)), serving_(serving) {}

  // Loads and checks what is active when it is not what was looked at last; whether another ranker
  // serves now. One that is refused is told once, and what served before goes on;
  // what cannot be read just now (kUnavailable) is tried again.
  Result<bool> Step();

 private:
  StoredModels models_;
  std::string folder_;
  ServingRanker& serving_;
  std::optional<size_t> seen_;  // activations; there is always one more when something changes
};

// Takes up the trials that a folder of models declares. A trial runs when the models of all its
// arms load, and else not at all: its people are served by the active model. Not thread-safe.
class TrialTakeUp {
 public:
  // `serving` outlives it.
  TrialTakeUp(std::string folder, ServingRanker& serving)
      : folder_(std::move(folder)), serving_(serving) {}

  // Loads what is declared when that is not what was looked at last, or a model that was not stored
  // then is now, but for trials that ended before `today`; whether something changed. Each trial
  // that does not run is logged once, with the reason. When the declaration cannot be read, what
  // was on goes on, and it is told once.
  Result<bool> Step(Date today);

 private:
  using Rankers = std::map<std::string, std::shared_ptr<const Ranker>>;  // by version

  // From `loaded_` where it is there. What is not stored goes to `missing_`.
  Result<LoadedTrial> Load(const Trial& trial);
  bool IsMissingOneStored() const;

  std::string folder_;
  ServingRanker& serving_;
  std::string seen_;  // the bytes declared
  std::set<std::string> missing_;
  Rankers loaded_;
};

// Does both while a server runs, in one thread from construction to destruction, once a second.
// Every change and every refusal is logged.
class ModelWatch {
 public:
  static constexpr std::chrono::milliseconds kEvery{1000};

  // `trials` goes on from what it took up before; `today` is asked from the thread.
  ModelWatch(std::string folder, ServingRanker& serving, TrialTakeUp trials,
             std::function<Date()> today);
  ~ModelWatch();

 private:
  void Run();

  ModelTakeUp take_up_;
  TrialTakeUp trials_;
  std::function<Date()> today_;
  ServingRanker& serving_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace kstati::recommender
