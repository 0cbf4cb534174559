// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "graph/catalogue.h"
#include "profile/household.h"
#include "recommender/candidate.h"
#include "recommender/evaluation/order_record.h"
#include "recommender/interaction.h"
#include "recommender/topics.h"

namespace kstati::recommender {

// How often people of a segment (age band, region) take up each service: the order when no model is
// there. Reading is safe from any thread.
class Popularity {
 public:
  void Count(const profile::Household& household, const Interaction& interaction);
  // Share of showings taken up in the segment, smoothed towards the service's overall share, that
  // towards the catalogue's priority. In [0, 1].
  double Score(const profile::Household& household, const Candidate& candidate, Date on) const;
  // One score per candidate.
  std::vector<double> Scores(const profile::Household& household,
                             std::span<const Candidate> candidates, Date on) const;
  std::vector<double> Scores(std::string_view segment, std::span<const Candidate> candidates) const;
  // "25-34|77"; an unknown part is "?".
  static std::string SegmentOf(const profile::FactView& person, Date on);
  bool empty() const;

  std::string Encode() const;
  static Result<Popularity> Decode(std::string_view bytes);

 private:
  struct Tally {
    double shown = 0;
    double taken = 0;
  };
  std::map<std::string, Tally, std::less<>> tallies_;
};

// What a ranker makes of candidates, one entry for each.
struct Ratings {
  std::vector<double> order;   // a higher one comes first; of no scale
  std::vector<double> needed;  // the probability that the person takes it up, in [0, 1]
};

struct RankedBy {
  std::string stage;          // "model" | "popularity" | "catalogue"
  std::string model_version;  // of what Train stored; empty without it
};

// Puts candidates in order. After loading nothing but Follow changes it; safe from any thread.
class Ranker {
 public:
  // Orders by the catalogue's priority only.
  Ranker();
  ~Ranker();
  Ranker(Ranker&&) noexcept;
  Ranker& operator=(Ranker&&) noexcept;

  // Reads `order.ubj`, `needed.ubj`, `uses.bin`, `popularity.json` and `model.json` of a folder, or
  // of the stored model that is active where the folder keeps several (see stored_models.h).
  // Without any of them, or without the folder, the ranker orders by priority; with
  // `popularity.json` alone, by popularity. A model whose features differ from this program's, that
  // gives no probabilities or was never calibrated is refused (kUnsupported), as is one that is
  // incomplete, whose calibration turns the order round, or whose stored sample rows do not give
  // the stored scores (kCorrupt).
  static Result<Ranker> Load(const std::string& folder);

  // By the model: the order by the trees that learned orders, and the probability that the person
  // takes the service up by those that learned it, calibrated on people of whom they saw nothing.
  // Without one, what orders is a share or a priority and stands for both.
  Ratings Rate(const profile::Household& household, std::span<const Candidate> candidates, Date on,
               const graph::Catalogue& catalogue, const Background& background = {}) const;
  // Of each, the probability that it comes to a result once the person has taken it up. Empty where
  // the model was not taught it.
  std::vector<double> Completes(const profile::Household& household,
                                std::span<const Candidate> candidates, Date on,
                                const graph::Catalogue& catalogue,
                                const Background& background = {}) const;
  // What raises the candidate's score most, for the person to read: by the paths of the model's
  // trees, worked out without any fact of a relative, so that nothing about one shows. Nothing
  // without a model.
  std::vector<Topic> Because(const profile::Household& household, const Candidate& candidate,
                             Date on, const graph::Catalogue& catalogue,
                             const Background& background = {}) const;
  // Services which the person took up for themselves and whose users usually need the candidate's
  // next: by what each adds to its score by EASE, the strongest first. Nothing of what was taken up
  // for a relative.
  std::vector<ServiceId> UsesBehind(CitizenId person, const Candidate& candidate,
                                    const Background& background) const;
  // Somebody has taken these services up until now: ratings count it beside what the model was
  // trained on (see use_models.h), and with what was followed of the person before, since of two
  // that come at once the earlier reading may come last. None: the person is erased, and counts no
  // more. Nothing without a model. Forgotten with the ranker: what is trained later counts it from
  // the log.
  void Follow(CitizenId citizen, const std::vector<ServiceId>& taken) const;
  // Returns when what was followed is counted.
  void Settle() const;
  const RankedBy& ranked_by() const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

struct TrainOptions {
  int rounds = 120;
  int depth = 5;
  double learning_rate = 0.1;
  uint64_t seed = 1;
  double held_out_share = 0.2;  // of citizens, half of them to calibrate by
  Instant now;                  // noted with the model
  std::string inference;        // likewise: digest of the model of what was estimated; empty: none
  evaluation::BootstrapOptions bootstrap;  // of the intervals
  std::function<void()> on_step = [] {};   // called once for each interaction and each round
};

// What a model was trained on.
struct DataStamp {
  std::string fingerprint;  // a digest of all interactions in their order
  size_t interactions = 0;
  Date first;
  Date last;
};

// How much a feature moves scores: the mean of what it adds to the margin or takes from it, exact
// Shapley values over what was shown to judged people.
struct FeatureWeight {
  std::string feature;
  double mean_contribution = 0;  // absolute, in log odds before calibration
};

// An objective of the trees and what they read, tried on training people alone: learned from four
// fifths of them, judged on the rest.
struct ObjectiveTrial {
  std::string objective;  // "binary:logistic" | "rank:ndcg", and what was left out
  evaluation::Estimate ndcg_at_5;
};

// How well it is told what comes to a result, of what judged people took up.
struct CompletionQuality {
  size_t learned_rows = 0;
  size_t judged_rows = 0;
  double share = 0;  // that came to a result
  double log_loss = 0;
  double share_log_loss = 0;  // of telling everybody the share among those learned from
};

struct TrainReport {
  std::string stage = "model";       // or "popularity": there was too little to train trees by
  size_t citizens = 0;               // with interactions that could be used
  size_t rows = 0;                   // trained on
  size_t held_out_groups = 0;        // judged interactions in which something was taken up
  evaluation::RankingQuality model;  // places by the order, the rest by the probabilities
  evaluation::RankingQuality popularity;
  evaluation::RankingGain gain;  // of the model over popularity, person by person
  std::vector<FeatureWeight>
      weights;            // the heaviest first; features that no tree asks are left out
  std::string objective;  // of the trees that order; those of probabilities are binary:logistic
  std::vector<ObjectiveTrial> trials;
  evaluation::Estimate ndcg_gain;  // in nDCG@5 of rank:ndcg over binary:logistic, in the trials
  std::optional<CompletionQuality> completes;
  DataStamp data;
  Instant trained_at;
  std::string version;  // digest of what was stored
};

// The household as of a day, by what was known at an instant; nullopt: by all that is recorded.
using LoadHouseholdOn =
    std::function<Result<profile::Household>(CitizenId, Date, std::optional<Instant> known_at)>;

DataStamp StampOf(const std::vector<Interaction>& interactions);
// What a model trained with these options learns from a citizen: its trees, then how its scores
// come true, or nothing, so that it may be judged on the citizen. Those held out are halved. By a
// digest, so that adding data moves nobody.
enum class Part { kTraining, kCalibrating, kJudged };
Part PartOf(CitizenId citizen, uint64_t seed, double held_out_share);

// Trains on the interactions and writes the model folder atomically (a temporary folder renamed).
// The same interactions and options give the same
// model. Interactions of citizens without a profile
// are left out. Where they are too few to train, calibrate and judge by, or trees order strangers
// no better than chance, popularity alone is written, counted over everybody and judged on nobody.
// kInvalidArgument when there is nothing to count.
Result<TrainReport> Train(const std::vector<Interaction>& interactions, const LoadHouseholdOn& load,
                          const graph::Catalogue& catalogue, const TrainOptions& options,
                          const std::string& folder);

}  // namespace kstati::recommender
