// SPDX-License-Identifier: Apache-2.0
#include "recommender/model_watch.h"

#include <utility>

#include "base/log.h"

namespace kstati::recommender {

Result<bool> ModelTakeUp::Step() {
  KSTATI_TRY(const auto activations, models_.Activations());
  if (activations.size() == seen_) return false;
  auto active = Ranker::Load(folder_);
  const bool may_pass = !active && active.error().code == ErrorCode::kUnavailable;
  if (!may_pass) seen_ = activations.size();
  if (!active) return Fail(active.error());
  const auto before = serving_.Get();
  const bool is_same = active->ranked_by().model_version == before->ranked_by().model_version &&
                       active->ranked_by().stage == before->ranked_by().stage;
  if (is_same) return false;
  serving_.Put(*std::move(active));
  return true;
}

ModelWatch::ModelWatch(std::string folder, ServingRanker& serving)
    : take_up_(std::move(folder), serving), serving_(serving), thread_([this] { Run(); }) {}

ModelWatch::~ModelWatch() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void ModelWatch::Run() {
  std::string told;
  for (;;) {
    const auto changed = take_up_.Step();
    if (changed && *changed) {
      const auto ranker = serving_.Get();
      log::Info("model_taken_up", {{"version", ranker->ranked_by().model_version},
                                   {"ranked_by", ranker->ranked_by().stage}});
    }
    const std::string refused = changed ? std::string() : changed.error().ToString();
    if (!changed && refused != told) {
      const Error& error = changed.error();
      log::Failure("model_refused", {{"code", std::string(KindOf(error.code).name)},
                                     {"message", error.message},
                                     {"place", error.place}});
    }
    if (!changed) told = refused;
    std::unique_lock lock(mutex_);
    if (wake_.wait_for(lock, kEvery, [this] { return stop_; })) return;
  }
}

}  // namespace kstati::recommender
