// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "base/check.h"
#include "recommender/evaluation/calibration.h"
#include "recommender/features.h"
#include "recommender/internal/digest.h"
#include "recommender/internal/model_folder.h"
#include "recommender/internal/training_heads.h"
#include "recommender/internal/use_training.h"
#include "recommender/ranker.h"

namespace kstati::recommender {
namespace {

using internal::TrainingSet;

// Rows stored with the model to check it by: enough to pass through most trees' branches.
constexpr Eigen::Index kSampleRows = 32;
// Rows by which features are weighed: a row takes as long as some hundred margins.
constexpr Eigen::Index kWeighedRows = 1'000;

// One interaction as the model sees it.
struct Group {
  profile::Household household;
  std::vector<Candidate> candidates;
  std::vector<float> labels;
  std::vector<std::optional<bool>> completed;
  Date on;
  const Background* background = nullptr;
};

std::optional<Group> ToGroup(const Interaction& interaction, profile::Household household,
                             const graph::Catalogue& catalogue) {
  Group group;
  group.household = std::move(household);
  group.on = interaction.on;
  group.background = &interaction.background;
  for (const Interaction::Shown& shown : interaction.shown) {
    const graph::Service* service = catalogue.FindService(shown.service);
    if (service == nullptr) continue;  // no longer in the catalogue
    group.candidates.push_back(
        {service, shown.about, shown.verdict, shown.situation, shown.situation_since});
    group.labels.push_back(shown.taken ? 1.0f : 0.0f);
    group.completed.push_back(shown.taken ? shown.completed : std::nullopt);
  }
  if (group.candidates.empty()) return std::nullopt;
  return group;
}

// nullopt: the citizen has no profile any more, or nothing that was shown is known.
Result<std::optional<Group>> LoadGroup(const Interaction& interaction, const LoadHouseholdOn& load,
                                       const graph::Catalogue& catalogue) {
  auto household = load(interaction.citizen, interaction.on, interaction.known_at);
  if (household) return ToGroup(interaction, *std::move(household), catalogue);
  if (household.error().code == ErrorCode::kNotFound) return std::optional<Group>();
  return Fail(std::move(household).error());
}

FeatureMatrix FeaturesOf(const Group& group, const graph::Catalogue& catalogue,
                         const Learned& learned) {
  return BuildFeatures(group.household, group.candidates, group.on, catalogue, *group.background,
                       learned);
}

struct Split {
  std::vector<const Interaction*> training;
  std::vector<const Interaction*> calibrating;
  std::vector<const Interaction*> judged;
};

Split SplitByCitizen(const std::vector<Interaction>& interactions, const TrainOptions& options) {
  Split split;
  for (const Interaction& interaction : interactions) {
    switch (PartOf(interaction.citizen, options.seed, options.held_out_share)) {
      case Part::kTraining: split.training.push_back(&interaction); break;
      case Part::kCalibrating: split.calibrating.push_back(&interaction); break;
      case Part::kJudged: split.judged.push_back(&interaction); break;
    }
  }
  return split;
}

void Append(const Group& group, CitizenId citizen, TrainingSet& set) {
  set.labels.insert(set.labels.end(), group.labels.begin(), group.labels.end());
  set.completed.insert(set.completed.end(), group.completed.begin(), group.completed.end());
  set.lists.push_back(static_cast<uint32_t>(group.labels.size()));
  set.people.push_back(citizen);
}

FeatureMatrix MatrixOf(const std::vector<float>& values) {
  const auto columns = static_cast<Eigen::Index>(FeatureNames().size());
  return Eigen::Map<const FeatureMatrix>(
      values.data(), static_cast<Eigen::Index>(values.size()) / columns, columns);
}

std::vector<double> Calibrated(const std::vector<float>& margins,
                               const evaluation::PlattCalibration& calibration) {
  std::vector<double> scores;
  for (const float margin : margins) scores.push_back(calibration(margin));
  return scores;
}

std::vector<uint8_t> TakenOf(const TrainingSet& set) {
  return {set.labels.begin(), set.labels.end()};
}

FeatureMatrix EvenlyOf(const FeatureMatrix& rows, Eigen::Index count_max) {
  const Eigen::Index count = std::min(count_max, rows.rows());
  FeatureMatrix drawn(count, rows.cols());
  for (Eigen::Index i = 0; i < count; ++i) drawn.row(i) = rows.row(i * rows.rows() / count);
  return drawn;
}

std::vector<FeatureWeight> WeightsOf(const FeatureMatrix& rows, const internal::Booster& booster) {
  const FeatureMatrix contributions = booster.Contributions(EvenlyOf(rows, kWeighedRows));
  std::vector<FeatureWeight> weights;
  for (Eigen::Index column = 0; column < rows.cols(); ++column) {
    const double mean = contributions.col(column).cast<double>().cwiseAbs().mean();
    const std::string_view name = FeatureNames()[static_cast<size_t>(column)];
    if (mean > 0) weights.push_back({std::string(name), mean});
  }
  std::ranges::stable_sort(weights, std::greater(), &FeatureWeight::mean_contribution);
  return weights;
}

internal::Sample TakeSample(const FeatureMatrix& rows, const internal::Booster& order,
                            const internal::Booster& needed,
                            const evaluation::PlattCalibration& calibration) {
  internal::Sample sample;
  sample.rows = EvenlyOf(rows, kSampleRows);
  sample.needed = Calibrated(needed.Margins(sample.rows), calibration);
  sample.order = order.Margins(sample.rows);
  return sample;
}

// What training people of other folds take up, for the lists of those of one: as the models of
// uses, it has seen nothing of whom the trees learn from. Filled in once all lists are counted.
class FoldShares {
 public:
  // In the order of the set's rows.
  void Count(const Group& group, const Interaction& interaction) {
    const size_t fold = internal::UseTraining::FoldOf(interaction.citizen);
    for (size_t other = 0; other < without_.size(); ++other) {
      if (other != fold) without_[other].Count(group.household, interaction);
    }
    lists_.push_back(
        {fold, Popularity::SegmentOf(*group.household.person, group.on), group.candidates});
  }

  void Fill(FeatureMatrix& rows) const {
    Eigen::Index first = 0;
    for (const List& list : lists_) {
      const auto count = std::ssize(list.candidates);
      PutShares(without_[list.fold].Scores(list.segment, list.candidates),
                rows.middleRows(first, count));
      first += count;
    }
  }

 private:
  struct List {
    size_t fold;
    std::string segment;
    std::vector<Candidate> candidates;
  };

  std::array<Popularity, internal::UseTraining::kFolds> without_;  // that fold
  std::vector<List> lists_;
};

// One training run. For one thread; what it is made of outlives it.
class Training {
 public:
  Training(const LoadHouseholdOn& load, const graph::Catalogue& catalogue,
           const TrainOptions& options)
      : load_(load), catalogue_(catalogue), options_(options) {}

  // Reads what was shown to those whom trees learn from: told what was learned of other folds.
  Result<TrainingSet> Gather(const std::vector<const Interaction*>& interactions,
                             const internal::UseTraining& uses);
  // Reads what was shown to others, whom `learned` has not seen.
  Result<TrainingSet> Gather(const std::vector<const Interaction*>& interactions,
                             const Learned& learned);
  // Trees and what was found of them; nullopt when there is too little to train, calibrate and
  // judge by.
  Result<std::optional<internal::TrainedTrees>> TrainTrees(const TrainingSet& set,
                                                           const Split& split,
                                                           const internal::UseTraining& uses);

  TrainReport& report() { return report_; }
  size_t citizens() const { return citizens_.size(); }

 private:
  // The trees of a model while it is trained.
  struct Heads {
    const internal::Booster& order;
    const internal::Booster& needed;
    const evaluation::PlattCalibration& calibration;
    bool by_order;
  };

  using LearnedFor = std::function<Learned(CitizenId)>;
  using OnGroup = std::function<void(const Group&, const Interaction&, const FeatureMatrix&)>;
  Result<TrainingSet> Gather(const std::vector<const Interaction*>& interactions,
                             const LearnedFor& learned_for, const OnGroup& on_group);
  // What judged people were shown; the report tells how well they were served.
  Result<TrainingSet> Judge(const std::vector<const Interaction*>& judged, const Heads& heads,
                            const Learned& learned);

  const LoadHouseholdOn& load_;
  const graph::Catalogue& catalogue_;
  const TrainOptions& options_;
  std::set<CitizenId> citizens_;
  TrainReport report_;
};

Result<TrainingSet> Training::Gather(const std::vector<const Interaction*>& interactions,
                                     const LearnedFor& learned_for, const OnGroup& on_group) {
  TrainingSet set;
  std::vector<float> values;
  for (const Interaction* interaction : interactions) {
    options_.on_step();
    KSTATI_TRY(const std::optional<Group> group, LoadGroup(*interaction, load_, catalogue_));
    if (!group) continue;
    const FeatureMatrix rows = FeaturesOf(*group, catalogue_, learned_for(interaction->citizen));
    values.insert(values.end(), rows.data(), rows.data() + rows.size());
    Append(*group, interaction->citizen, set);
    citizens_.insert(interaction->citizen);
    on_group(*group, *interaction, rows);
  }
  set.rows = MatrixOf(values);
  return set;
}

Result<TrainingSet> Training::Gather(const std::vector<const Interaction*>& interactions,
                                     const internal::UseTraining& uses) {
  FoldShares shares;
  Popularity popularity;
  KSTATI_TRY(TrainingSet set,
             Gather(
                 interactions,
                 [&](CitizenId citizen) { return Learned{uses.ForTraining(citizen), nullptr}; },
                 [&](const Group& group, const Interaction& interaction, const FeatureMatrix&) {
                   shares.Count(group, interaction);
                   popularity.Count(group.household, interaction);
                 }));
  shares.Fill(set.rows);
  set.popularity = std::move(popularity);
  return set;
}

Result<TrainingSet> Training::Gather(const std::vector<const Interaction*>& interactions,
                                     const Learned& learned) {
  return Gather(
      interactions, [&](CitizenId) { return learned; },
      [](const Group&, const Interaction&, const FeatureMatrix&) {});
}

Result<TrainingSet> Training::Judge(const std::vector<const Interaction*>& judged,
                                    const Heads& heads, const Learned& learned) {
  evaluation::OrderRecord by_model;
  evaluation::OrderRecord by_popularity;
  std::map<CitizenId, uint32_t> people;
  const auto add = [&](const Group& group, const Interaction& interaction,
                       const FeatureMatrix& rows) {
    const uint32_t person =
        people.emplace(interaction.citizen, static_cast<uint32_t>(people.size())).first->second;
    const std::vector<bool> taken(group.labels.begin(), group.labels.end());
    std::vector<bool> fresh;
    for (const Candidate& candidate : group.candidates) {
      fresh.push_back(IsFresh(candidate.situation_since, group.on));
    }
    const std::vector<double> needed = Calibrated(heads.needed.Margins(rows), heads.calibration);
    const std::vector<float> margins = heads.order.Margins(rows);
    const std::vector<double> order(margins.begin(), margins.end());
    by_model.Add(person, heads.by_order ? order : needed, needed, fresh, taken);
    by_popularity.Add(person,
                      learned.popularity->Scores(group.household, group.candidates, group.on),
                      fresh, taken);
  };
  KSTATI_TRY(TrainingSet set, Gather(judged, [&](CitizenId) { return learned; }, add));
  report_.held_out_groups = by_model.lists();
  if (report_.held_out_groups == 0) return set;
  report_.model = by_model.Judge(options_.bootstrap);
  report_.popularity = by_popularity.Judge(options_.bootstrap);
  report_.weights = WeightsOf(set.rows, heads.by_order ? heads.order : heads.needed);
  report_.gain = evaluation::GainOver(by_popularity, by_model, options_.bootstrap);
  return set;
}

Result<std::optional<internal::TrainedTrees>> Training::TrainTrees(
    const TrainingSet& set, const Split& split, const internal::UseTraining& uses) {
  using internal::Objective;
  const std::optional<internal::TrainedTrees> too_few;
  const auto taken = std::count(set.labels.begin(), set.labels.end(), 1.0f);
  if (taken == 0 || static_cast<size_t>(taken) == set.labels.size()) return too_few;
  KSTATI_TRY(const internal::Learning learning, internal::ChooseLearning(set, options_, report_));
  report_.objective =
      internal::NameOf(learning.by_order ? Objective::kNdcg : Objective::kLogistic, learning);
  const FeatureMatrix read = internal::OnlyRead(set.rows, learning);
  const auto learn = [&](Objective objective) {
    return internal::Booster::Train(read, set.labels,
                                    internal::BoosterOptionsOf(options_, set, objective));
  };
  KSTATI_TRY(const internal::Booster needed, learn(Objective::kLogistic));
  KSTATI_TRY(const internal::Booster order, learn(Objective::kNdcg));
  const Learned learned{uses.Whole(), &set.popularity};
  KSTATI_TRY(const TrainingSet calibrating, Gather(split.calibrating, learned));
  const auto calibration = internal::Calibrate(calibrating.rows, TakenOf(calibrating), needed);
  if (!calibration) return too_few;
  report_.rows = set.labels.size();
  const Heads heads{order, needed, *calibration, learning.by_order};
  KSTATI_TRY(const TrainingSet judged, Judge(split.judged, heads, learned));
  if (report_.held_out_groups == 0) return too_few;
  KSTATI_TRY(auto completes, internal::LearnCompletion(set, calibrating, options_));
  if (completes) {
    KSTATI_TRY(report_.completes, internal::JudgeCompletion(*completes, set, judged));
  }
  KSTATI_TRY(std::string order_trees, order.Save());
  KSTATI_TRY(std::string needed_trees, needed.Save());
  KSTATI_CHECK(uses.Whole() != nullptr);  // something was taken up
  return internal::TrainedTrees{
      std::move(order_trees), {std::move(needed_trees), *calibration},
      learning.by_order,      TakeSample(set.rows, order, needed, *calibration),
      *uses.Whole(),          std::move(completes)};
}

// The order of a store that has seen little: nobody is held out of it.
Result<TrainReport> StorePopularity(const std::vector<Interaction>& interactions,
                                    const LoadHouseholdOn& load, const graph::Catalogue& catalogue,
                                    TrainOptions options, const std::string& folder) {
  std::vector<const Interaction*> all;
  for (const Interaction& interaction : interactions) all.push_back(&interaction);
  options.held_out_share = 0;
  options.on_step = [] {};
  Training training(load, catalogue, options);
  const internal::UseTraining nothing({});
  KSTATI_TRY(const TrainingSet set, training.Gather(all, nothing));
  if (set.popularity.empty()) {
    return Fail(
        ErrorCode::kInvalidArgument, "there is nothing to learn from", "interactions",
        "collect interactions of people who have a profile; a list counts once nothing of it "
        "can be taken up any more, thirty days after it was shown");
  }
  TrainReport report;
  report.stage = "popularity";
  report.citizens = training.citizens();
  report.rows = set.labels.size();
  report.data = StampOf(interactions);
  report.trained_at = options.now;
  report.version = internal::VersionOf(set.popularity);
  KSTATI_TRY_VOID(
      internal::WriteModelFolder(folder, std::nullopt, set.popularity, report, options));
  return report;
}

}  // namespace

DataStamp StampOf(const std::vector<Interaction>& interactions) {
  DataStamp stamp;
  stamp.interactions = interactions.size();
  uint64_t digest = internal::Digest({});
  for (const Interaction& interaction : interactions) {
    digest = internal::Digest(Encode(interaction), digest);
    for (const Dealing& dealing : interaction.background.past.dealings()) {
      digest = internal::Digest(Encode(dealing), digest);
    }
    const bool is_first = &interaction == &interactions.front();
    stamp.first = is_first ? interaction.on : std::min(stamp.first, interaction.on);
    stamp.last = is_first ? interaction.on : std::max(stamp.last, interaction.on);
  }
  stamp.fingerprint = internal::Hexadecimal(digest);
  return stamp;
}

Part PartOf(CitizenId citizen, uint64_t seed, double held_out_share) {
  const uint64_t digest = internal::Spread(internal::Spread(citizen.number()) ^ seed);
  const double place = static_cast<double>(digest >> 11) * 0x1p-53;
  if (place >= held_out_share) return Part::kTraining;
  return place < held_out_share / 2 ? Part::kCalibrating : Part::kJudged;
}

Result<TrainReport> Train(const std::vector<Interaction>& interactions, const LoadHouseholdOn& load,
                          const graph::Catalogue& catalogue, const TrainOptions& options,
                          const std::string& folder) {
  const Split split = SplitByCitizen(interactions, options);
  const internal::UseTraining uses(split.training);
  Training training(load, catalogue, options);
  KSTATI_TRY(const TrainingSet set, training.Gather(split.training, uses));
  KSTATI_TRY(const auto trained, training.TrainTrees(set, split, uses));
  if (!trained) return StorePopularity(interactions, load, catalogue, options, folder);
  TrainReport& report = training.report();
  report.citizens = training.citizens();
  report.data = StampOf(interactions);
  report.trained_at = options.now;
  report.version = internal::VersionOf(*trained, set.popularity);
  KSTATI_TRY_VOID(internal::WriteModelFolder(folder, trained, set.popularity, report, options));
  return std::move(report);
}

}  // namespace kstati::recommender
