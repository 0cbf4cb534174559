// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

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

// Does so while a server runs, in one thread from construction to destruction, once a second. Every
// change and every refusal is logged.
class ModelWatch {
 public:
  static constexpr std::chrono::milliseconds kEvery{1000};

  ModelWatch(std::string folder, ServingRanker& serving);
  ~ModelWatch();

 private:
  void Run();

  ModelTakeUp take_up_;
  ServingRanker& serving_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace kstati::recommender
