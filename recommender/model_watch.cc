// SPDX-License-Identifier: Apache-2.0
#include "recommender/model_watch.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "recommender/internal/durable_files.h"

namespace kstati::recommender {
namespace {

void TellRefusal(std::string_view event, const std::string& trial, const Error& error) {
  log::Failure(event, {{"trial", trial},
                       {"code", std::string(KindOf(error.code).name)},
                       {"message", error.message},
                       {"place", error.place},
                       {"remedy", error.remedy}});
}

}  // namespace

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

Result<LoadedTrial> TrialTakeUp::Load(const Trial& trial) {
  const StoredModels models(folder_);
  LoadedTrial result{trial, {}};
  for (const Arm& arm : trial.arms) {
    auto found = loaded_.find(arm.version);
    if (found == loaded_.end()) {
      const auto stored = models.Find(arm.version);
      if (!stored && stored.error().code == ErrorCode::kNotFound) missing_.insert(arm.version);
      if (!stored) return Fail(stored.error());
      KSTATI_TRY(Ranker read, Ranker::Load(models.FolderOf(arm.version)));
      found = loaded_.emplace(arm.version, std::make_shared<const Ranker>(std::move(read))).first;
    }
    result.rankers.push_back(found->second);
  }
  return result;
}

bool TrialTakeUp::IsMissingOneStored() const {
  const StoredModels models(folder_);
  return std::ranges::any_of(
      missing_, [&](const std::string& version) { return models.Find(version).has_value(); });
}

Result<bool> TrialTakeUp::Step(Date today) {
  const std::string file = TrialsFile(folder_);
  KSTATI_TRY(const auto bytes, internal::ReadFile(file));
  const std::string declared = bytes.value_or("");
  if (declared == seen_ && !IsMissingOneStored()) return false;
  seen_ = declared;
  std::vector<Trial> trials;
  if (bytes) {
    KSTATI_TRY(trials, ParseTrials(declared, file));
  }
  missing_.clear();
  std::vector<LoadedTrial> running;
  Rankers used;
  for (const Trial& trial : trials) {
    if (trial.until < today) continue;
    auto one = Load(trial);
    if (one) {
      for (size_t i = 0; i < trial.arms.size(); ++i) used[trial.arms[i].version] = one->rankers[i];
      running.push_back(*std::move(one));
    } else {
      TellRefusal("trial_not_running", trial.name, one.error());
    }
  }
  loaded_ = std::move(used);
  log::Info("trials_taken_up", {{"trials", running.size()}});
  serving_.PutTrials(std::move(running));
  return true;
}

ModelWatch::ModelWatch(std::string folder, ServingRanker& serving, TrialTakeUp trials,
                       std::function<Date()> today)
    : take_up_(std::move(folder), serving),
      trials_(std::move(trials)),
      today_(std::move(today)),
      serving_(serving),
      thread_([this] { Run(); }) {}

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
  std::string told_of_trials;
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
    const auto trials = trials_.Step(today_());
    const std::string unread = trials ? std::string() : trials.error().ToString();
    if (!trials && unread != told_of_trials) TellRefusal("trials_refused", "", trials.error());
    if (!trials) told_of_trials = unread;
    std::unique_lock lock(mutex_);
    if (wake_.wait_for(lock, kEvery, [this] { return stop_; })) return;
  }
}

}  // namespace kstati::recommender
