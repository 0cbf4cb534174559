// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
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
                         const UseModels* uses) {
  return BuildFeatures(group.household, group.candidates, group.on, catalogue, *group.background,
                       uses);
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

internal::Sample TakeSample(const FeatureMatrix& rows, const internal::Booster& booster,
                            const evaluation::PlattCalibration& calibration) {
  internal::Sample sample;
  sample.rows = EvenlyOf(rows, kSampleRows);
  sample.scores = Calibrated(booster.Margins(sample.rows), calibration);
  return sample;
}

// One training run. For one thread; what it is made of outlives it.
class Training {
 public:
  Training(const LoadHouseholdOn& load, const graph::Catalogue& catalogue,
           const TrainOptions& options)
      : load_(load), catalogue_(catalogue), options_(options) {}

  // Reads what was shown; `uses_for` gives the models of uses that speak to a citizen.
  using UsesFor = std::function<const UseModels*(CitizenId)>;
  Result<TrainingSet> Gather(const std::vector<const Interaction*>& interactions,
                             const UsesFor& uses_for);
  // Trees and what was found of them; nullopt when there is too little to train, calibrate and
  // judge by.
  Result<std::optional<internal::TrainedTrees>> TrainTrees(const TrainingSet& set,
                                                           const Split& split,
                                                           const internal::UseTraining& uses);

  TrainReport& report() { return report_; }
  size_t citizens() const { return citizens_.size(); }

 private:
  // What judged people were shown; the report tells how well they were served.
  Result<TrainingSet> Judge(const std::vector<const Interaction*>& judged,
                            const internal::Booster& booster,
                            const evaluation::PlattCalibration& calibration,
                            const Popularity& popularity, const UseModels* uses);

  const LoadHouseholdOn& load_;
  const graph::Catalogue& catalogue_;
  const TrainOptions& options_;
  std::set<CitizenId> citizens_;
  TrainReport report_;
};

Result<TrainingSet> Training::Gather(const std::vector<const Interaction*>& interactions,
                                     const UsesFor& uses_for) {
  TrainingSet set;
  std::vector<float> values;
  for (const Interaction* interaction : interactions) {
    options_.on_step();
    KSTATI_TRY(const std::optional<Group> group, LoadGroup(*interaction, load_, catalogue_));
    if (!group) continue;
    const FeatureMatrix rows = FeaturesOf(*group, catalogue_, uses_for(interaction->citizen));
    values.insert(values.end(), rows.data(), rows.data() + rows.size());
    Append(*group, interaction->citizen, set);
    set.popularity.Count(group->household, *interaction);
    citizens_.insert(interaction->citizen);
  }
  set.rows = MatrixOf(values);
  return set;
}

Result<TrainingSet> Training::Judge(const std::vector<const Interaction*>& judged,
                                    const internal::Booster& booster,
                                    const evaluation::PlattCalibration& calibration,
                                    const Popularity& popularity, const UseModels* uses) {
  evaluation::OrderRecord by_model;
  evaluation::OrderRecord by_popularity;
  std::map<CitizenId, uint32_t> people;
  TrainingSet set;
  std::vector<float> values;
  for (const Interaction* interaction : judged) {
    options_.on_step();
    KSTATI_TRY(const std::optional<Group> group, LoadGroup(*interaction, load_, catalogue_));
    if (!group) continue;
    citizens_.insert(interaction->citizen);
    const FeatureMatrix rows = FeaturesOf(*group, catalogue_, uses);
    values.insert(values.end(), rows.data(), rows.data() + rows.size());
    Append(*group, interaction->citizen, set);
    const uint32_t person =
        people.emplace(interaction->citizen, static_cast<uint32_t>(people.size())).first->second;
    const std::vector<bool> taken(group->labels.begin(), group->labels.end());
    std::vector<bool> fresh;
    for (const Candidate& candidate : group->candidates) {
      fresh.push_back(IsFresh(candidate.situation_since, group->on));
    }
    by_model.Add(person, Calibrated(booster.Margins(rows), calibration), fresh, taken);
    by_popularity.Add(person, popularity.Scores(group->household, group->candidates, group->on),
                      fresh, taken);
  }
  set.rows = MatrixOf(values);
  report_.held_out_groups = by_model.lists();
  if (report_.held_out_groups == 0) return set;
  report_.model = by_model.Judge(options_.bootstrap);
  report_.popularity = by_popularity.Judge(options_.bootstrap);
  report_.weights = WeightsOf(set.rows, booster);
  report_.gain = evaluation::GainOver(by_popularity, by_model, options_.bootstrap);
  return set;
}

Result<std::optional<internal::TrainedTrees>> Training::TrainTrees(
    const TrainingSet& set, const Split& split, const internal::UseTraining& uses) {
  const std::optional<internal::TrainedTrees> too_few;
  const auto taken = std::count(set.labels.begin(), set.labels.end(), 1.0f);
  if (taken == 0 || static_cast<size_t>(taken) == set.labels.size()) return too_few;
  KSTATI_TRY(const internal::Learning learning, internal::ChooseLearning(set, options_, report_));
  report_.objective = internal::NameOf(learning);
  KSTATI_TRY(const internal::Booster booster,
             internal::Booster::Train(
                 learning.with_history ? set.rows : internal::WithoutHistory(set.rows), set.labels,
                 internal::BoosterOptionsOf(options_, set, learning.objective)));
  const auto whole = [&](CitizenId) { return uses.Whole(); };
  KSTATI_TRY(const TrainingSet calibrating, Gather(split.calibrating, whole));
  const auto calibration = internal::Calibrate(calibrating.rows, TakenOf(calibrating), booster);
  if (!calibration) return too_few;
  report_.rows = set.labels.size();
  KSTATI_TRY(const TrainingSet judged,
             Judge(split.judged, booster, *calibration, set.popularity, uses.Whole()));
  if (report_.held_out_groups == 0) return too_few;
  KSTATI_TRY(auto completes, internal::LearnCompletion(set, calibrating, options_));
  if (completes) {
    KSTATI_TRY(report_.completes, internal::JudgeCompletion(*completes, set, judged));
  }
  KSTATI_TRY(std::string trees, booster.Save());
  KSTATI_CHECK(uses.Whole() != nullptr);  // something was taken up
  return internal::TrainedTrees{std::move(trees), *calibration,
                                TakeSample(set.rows, booster, *calibration), *uses.Whole(),
                                std::move(completes)};
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
  KSTATI_TRY(const TrainingSet set, training.Gather(all, [](CitizenId) { return nullptr; }));
  if (set.popularity.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "there is nothing to learn from", "interactions",
                "collect interactions of people who have a profile");
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
  KSTATI_TRY(const TrainingSet set, training.Gather(split.training, [&](CitizenId citizen) {
    return uses.ForTraining(citizen);
  }));
  KSTATI_TRY(const auto trained, training.TrainTrees(set, split, uses));
  if (!trained) return StorePopularity(interactions, load, catalogue, options, folder);
  TrainReport& report = training.report();
  report.citizens = training.citizens();
  report.data = StampOf(interactions);
  report.trained_at = options.now;
  report.version = internal::VersionOf(*trained);
  KSTATI_TRY_VOID(internal::WriteModelFolder(folder, trained, set.popularity, report, options));
  return std::move(report);
}

}  // namespace kstati::recommender
