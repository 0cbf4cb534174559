// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "recommender/ranker.h"

namespace kstati::recommender {

// A model that was trained and kept, whether or not it ever orders anything.
struct StoredModel {
  std::string version;
  std::string stage;  // "model", or "popularity" where there was too little to train trees by
  std::string feature_schema;
  bool fits = false;  // its features and format are this program's
  Instant trained_at;
  DataStamp data;
  // Digest of the inference model whose estimates were features; empty: none were. nullopt: earlier
  // versions did not note it.
  std::optional<std::string> inference;
  uint64_t seed = 0;
  double held_out_share = 0;
  size_t held_out_groups = 0;
  // On judged citizens of its own data; none of popularity alone.
  evaluation::RankingQuality model;
  evaluation::RankingQuality popularity;
  std::optional<evaluation::RankingGain> gain;  // over popularity; earlier versions noted none
};

// That somebody made a model the one that orders suggestions.
struct Activation {
  std::string version;  // empty: none, as before the first
  Instant at;
  std::string by;
  std::string reason;
  bool is_rollback = false;  // of the latest activation that was not rolled back yet
};

// Whether its order was worse than popularity's on people whom it had not seen, beyond chance.
bool IsWorseThanPopularity(const StoredModel& model);

// What became active by a rollback.
struct RolledBack {
  Activation activation;
  std::vector<std::string> passed_over;  // what stood before and no longer loads, latest first
};

// The models under one folder: `stored/<version>/` each as Train wrote it, and `activations.json`
// with all activations, oldest first. The last one tells what orders suggestions; it is never
// edited, a rollback is a new activation. Changes are made one at a time, each whole or not at all;
// a server takes up what is active when it starts, and within seconds what is activated
// later (model_watch.h).
class StoredModels {
 public:
  explicit StoredModels(std::string folder) : folder_(std::move(folder)) {}

  // Trains and stores, and activates nothing. As recommender::Train.
  Result<TrainReport> Train(const std::vector<Interaction>& interactions,
                            const LoadHouseholdOn& load, const graph::Catalogue& catalogue,
                            const TrainOptions& options) const;

  // Oldest first. kCorrupt when the record of one cannot be read.
  Result<std::vector<StoredModel>> All() const;
  // kNotFound when it is not stored.
  Result<StoredModel> Find(const std::string& version) const;
  // Where a stored model lies: what Ranker::Load reads.
  std::string FolderOf(const std::string& version) const;

  // Oldest first; empty when nothing was ever activated.
  Result<std::vector<Activation>> Activations() const;
  // The version is loaded first, and refused as Ranker::Load refuses it: on another schema of
  // features, or when its stored sample rows do not give the stored scores. kConflict when it is
  // active.
  Result<void> Activate(const Activation& activation) const;
  // Takes the latest activation back that stands: active is again what it took the place of, or
  // what stood before that where it no longer loads. Of `again` only time, name and reason are
  // read. kNotFound when none stands. Returns what is active now.
  Result<RolledBack> Rollback(Activation again) const;

  // The folder that Ranker::Load reads for `folder`: itself when it holds a single model, or that
  // of the active one, or itself again once every activation was taken back; nullopt when it holds
  // no model of its own then.
  static Result<std::optional<std::string>> ActiveFolder(const std::string& folder);

 private:
  Result<void> RequireLoadable(const std::string& version) const;
  Result<void> Append(std::vector<Activation> activations, const Activation& next) const;

  std::string folder_;
};

}  // namespace kstati::recommender
