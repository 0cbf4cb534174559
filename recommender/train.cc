// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "recommender/evaluation/calibration.h"
#include "recommender/features.h"
#include "recommender/internal/digest.h"
#include "recommender/internal/model_folder.h"
#include "recommender/ranker.h"

namespace kstati::recommender {
namespace {

// Rows stored with the model to check it by: enough to pass through most trees' branches.
constexpr Eigen::Index kSampleRows = 32;
// Rows taken up and rows not taken up, of which the calibrating people must give so many each: a
// line through fewer says nothing.
constexpr std::ptrdiff_t kOutcomesMin = 5;
// Rows by which features are weighed: a row takes as long as some hundred margins.
constexpr Eigen::Index kWeighedRows = 1'000;

// One interaction as the model sees it.
struct Group {
  profile::Household household;
  std::vector<Candidate> candidates;
  std::vector<float> labels;
  Date on;
};

std::optional<Group> ToGroup(const Interaction& interaction, profile::Household household,
                             const graph::Catalogue& catalogue) {
  Group group;
  group.household = std::move(household);
  group.on = interaction.on;
  for (const Interaction::Shown& shown : interaction.shown) {
    const graph::Service* service = catalogue.FindService(shown.service);
    if (service == nullptr) continue;  // no longer in the catalogue
    group.candidates.push_back(
        {service, shown.about, shown.verdict, shown.situation, shown.situation_since});
    group.labels.push_back(shown.taken ? 1.0f : 0.0f);
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

struct TrainingSet {
  FeatureMatrix rows;
  std::vector<float> labels;
  Popularity popularity;
};

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

Result<TrainingSet> Gather(const std::vector<const Interaction*>& interactions,
                           const LoadHouseholdOn& load, const graph::Catalogue& catalogue,
                           const std::function<void()>& on_step, std::set<CitizenId>& citizens) {
  TrainingSet set;
  std::vector<float> values;
  for (const Interaction* interaction : interactions) {
    on_step();
    KSTATI_TRY(const std::optional<Group> group, LoadGroup(*interaction, load, catalogue));
    if (!group) continue;
    const FeatureMatrix rows =
        BuildFeatures(group->household, group->candidates, group->on, catalogue);
    values.insert(values.end(), rows.data(), rows.data() + rows.size());
    set.labels.insert(set.labels.end(), group->labels.begin(), group->labels.end());
    set.popularity.Count(group->household, *interaction);
    citizens.insert(interaction->citizen);
  }
  set.rows =
      Eigen::Map<const FeatureMatrix>(values.data(), static_cast<Eigen::Index>(set.labels.size()),
                                      static_cast<Eigen::Index>(FeatureNames().size()));
  return set;
}

std::vector<double> Calibrated(const std::vector<float>& margins,
                               const evaluation::PlattCalibration& calibration) {
  std::vector<double> scores;
  for (const float margin : margins) scores.push_back(calibration(margin));
  return scores;
}

// Fitted on people of whom the trees have seen nothing. nullopt when nothing can be learned from
// them: they took up too little or almost everything, or the trees order them worse than chance.
std::optional<evaluation::PlattCalibration> Calibrate(const TrainingSet& set,
                                                      const internal::Booster& booster) {
  const std::vector<float> margins = booster.Margins(set.rows);
  const std::vector<double> scores(margins.begin(), margins.end());
  const std::vector<uint8_t> happened(set.labels.begin(), set.labels.end());
  const auto taken = std::count(happened.begin(), happened.end(), 1);
  const std::ptrdiff_t left = std::ssize(happened) - taken;
  if (taken < kOutcomesMin || left < kOutcomesMin) return std::nullopt;
  const evaluation::PlattCalibration calibration(scores, happened);
  if (!(calibration.slope() > 0)) return std::nullopt;
  return calibration;
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

Result<void> Evaluate(const std::vector<const Interaction*>& judged, const LoadHouseholdOn& load,
                      const graph::Catalogue& catalogue, const internal::Booster& booster,
                      const evaluation::PlattCalibration& calibration, const Popularity& popularity,
                      const TrainOptions& options, std::set<CitizenId>& citizens,
                      TrainReport& report) {
  evaluation::OrderRecord by_model;
  evaluation::OrderRecord by_popularity;
  std::map<CitizenId, uint32_t> people;
  std::vector<float> values;
  for (const Interaction* interaction : judged) {
    options.on_step();
    KSTATI_TRY(const std::optional<Group> group, LoadGroup(*interaction, load, catalogue));
    if (!group) continue;
    citizens.insert(interaction->citizen);
    const FeatureMatrix rows =
        BuildFeatures(group->household, group->candidates, group->on, catalogue);
    values.insert(values.end(), rows.data(), rows.data() + rows.size());
    const uint32_t person =
        people.emplace(interaction->citizen, static_cast<uint32_t>(people.size())).first->second;
    const std::vector<bool> taken(group->labels.begin(), group->labels.end());
    by_model.Add(person, Calibrated(booster.Margins(rows), calibration), taken);
    by_popularity.Add(person, popularity.Scores(group->household, group->candidates, group->on),
                      taken);
  }
  report.held_out_groups = by_model.lists();
  if (report.held_out_groups == 0) return {};
  report.model = by_model.Judge(options.bootstrap);
  report.popularity = by_popularity.Judge(options.bootstrap);
  const auto columns = static_cast<Eigen::Index>(FeatureNames().size());
  const auto shown = static_cast<Eigen::Index>(values.size()) / columns;
  report.weights =
      WeightsOf(Eigen::Map<const FeatureMatrix>(values.data(), shown, columns), booster);
  report.gain = evaluation::GainOver(by_popularity, by_model, options.bootstrap);
  return {};
}

internal::Sample TakeSample(const FeatureMatrix& rows, const internal::Booster& booster,
                            const evaluation::PlattCalibration& calibration) {
  internal::Sample sample;
  sample.rows = EvenlyOf(rows, kSampleRows);
  sample.scores = Calibrated(booster.Margins(sample.rows), calibration);
  return sample;
}

// Trees and what was found of them; nullopt when there is too little to train, calibrate and judge
// by.
Result<std::optional<internal::TrainedTrees>> TrainTrees(const TrainingSet& set, const Split& split,
                                                         const LoadHouseholdOn& load,
                                                         const graph::Catalogue& catalogue,
                                                         const TrainOptions& options,
                                                         std::set<CitizenId>& citizens,
                                                         TrainReport& report) {
  const std::optional<internal::TrainedTrees> too_few;
  const auto taken = std::count(set.labels.begin(), set.labels.end(), 1.0f);
  if (taken == 0 || static_cast<size_t>(taken) == set.labels.size()) return too_few;
  const internal::BoosterOptions booster_options{
      options.rounds, options.depth, options.learning_rate, options.seed, options.on_step};
  KSTATI_TRY(const internal::Booster booster,
             internal::Booster::Train(set.rows, set.labels, booster_options));
  KSTATI_TRY(const TrainingSet calibrating,
             Gather(split.calibrating, load, catalogue, options.on_step, citizens));
  const auto calibration = Calibrate(calibrating, booster);
  if (!calibration) return too_few;
  report.rows = set.labels.size();
  KSTATI_TRY_VOID(Evaluate(split.judged, load, catalogue, booster, *calibration, set.popularity,
                           options, citizens, report));
  if (report.held_out_groups == 0) return too_few;
  KSTATI_TRY(std::string trees, booster.Save());
  return internal::TrainedTrees{std::move(trees), *calibration,
                                TakeSample(set.rows, booster, *calibration)};
}

// The order of a store that has seen little: nobody is held out of it.
Result<TrainReport> StorePopularity(const std::vector<Interaction>& interactions,
                                    const LoadHouseholdOn& load, const graph::Catalogue& catalogue,
                                    TrainOptions options, const std::string& folder) {
  std::vector<const Interaction*> all;
  for (const Interaction& interaction : interactions) all.push_back(&interaction);
  std::set<CitizenId> citizens;
  KSTATI_TRY(const TrainingSet set, Gather(all, load, catalogue, [] {}, citizens));
  if (set.popularity.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "there is nothing to learn from", "interactions",
                "collect interactions of people who have a profile");
  }
  options.held_out_share = 0;
  TrainReport report;
  report.stage = "popularity";
  report.citizens = citizens.size();
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
  std::set<CitizenId> citizens;
  KSTATI_TRY(const TrainingSet set,
             Gather(split.training, load, catalogue, options.on_step, citizens));
  TrainReport report;
  KSTATI_TRY(const auto trained,
             TrainTrees(set, split, load, catalogue, options, citizens, report));
  if (!trained) return StorePopularity(interactions, load, catalogue, options, folder);
  report.citizens = citizens.size();
  report.data = StampOf(interactions);
  report.trained_at = options.now;
  report.version = internal::VersionOf(trained->trees, trained->calibration);
  KSTATI_TRY_VOID(internal::WriteModelFolder(folder, trained, set.popularity, report, options));
  return report;
}

}  // namespace kstati::recommender
