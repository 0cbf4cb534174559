// SPDX-License-Identifier: Apache-2.0
#include "recommender/internal/training_heads.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <span>
#include <utility>

#include "recommender/internal/digest.h"

namespace kstati::recommender::internal {
namespace {

using evaluation::OrderRecord;

// Rows of either outcome that calibrating people must give: a line through fewer says nothing.
constexpr std::ptrdiff_t kOutcomesMin = 5;
// Likewise for trees of their own.
constexpr std::ptrdiff_t kCompletionsMin = 20;

constexpr uint64_t kTrialSalt = 0x7e57;

// Columns of what people did before.
constexpr std::array<std::string_view, 12> kHistory{"base_score",
                                                    "ease_score",
                                                    "association_score",
                                                    "services_taken",
                                                    "days_since_taken",
                                                    "times_taken_this",
                                                    "days_since_taken_this",
                                                    "share_taken_without_visit",
                                                    "last_taken_without_visit",
                                                    "times_declined_this",
                                                    "days_since_declined_this",
                                                    "times_declined"};

// Columns of what a segment of people takes up.
constexpr std::array<std::string_view, 2> kPopularity{"base_score", "segment_share"};

// Columns of what others took up. A service that few people took up is rated lower for those few,
// whom what was learned before leaves out, than for others. Trees must not take that for a rule.
constexpr std::array<std::string_view, 4> kRising{"ease_score", "association_score",
                                                  "segment_share", "base_score"};

void Hide(std::span<const std::string_view> columns, FeatureMatrix& rows) {
  const auto names = FeatureNames();
  for (const std::string_view name : columns) {
    const auto column = std::ranges::find(names, name) - names.begin();
    rows.col(column).setConstant(std::numeric_limits<float>::quiet_NaN());
  }
}

bool IsTriedOn(CitizenId citizen) { return Spread(Spread(citizen.number()) ^ kTrialSalt) % 5 == 0; }

bool HasOutcomes(const std::vector<uint8_t>& happened, std::ptrdiff_t least) {
  const auto yes = std::count(happened.begin(), happened.end(), 1);
  return yes >= least && std::ssize(happened) - yes >= least;
}

// The lists of people on whom objectives are tried, or of the others.
TrainingSet PartOf(const TrainingSet& set, bool tried) {
  TrainingSet part;
  std::vector<float> values;
  Eigen::Index first = 0;
  for (size_t list = 0; list < set.lists.size(); ++list) {
    const auto rows = static_cast<Eigen::Index>(set.lists[list]);
    if (IsTriedOn(set.people[list]) == tried) {
      const float* begin = set.rows.data() + first * set.rows.cols();
      values.insert(values.end(), begin, begin + rows * set.rows.cols());
      part.labels.insert(part.labels.end(), set.labels.begin() + first,
                         set.labels.begin() + first + rows);
      part.lists.push_back(set.lists[list]);
      part.people.push_back(set.people[list]);
    }
    first += rows;
  }
  part.rows = Eigen::Map<const FeatureMatrix>(
      values.data(), static_cast<Eigen::Index>(part.labels.size()), set.rows.cols());
  return part;
}

// Calibrated on the same lists, for either objective alike.
std::vector<double> LogOddsOf(const TrainingSet& set, const Booster& booster) {
  const std::vector<float> floats = booster.Margins(set.rows);
  std::vector<double> margins(floats.begin(), floats.end());
  const std::vector<uint8_t> happened(set.labels.begin(), set.labels.end());
  const evaluation::PlattCalibration calibration(margins, happened);
  if (!(calibration.slope() > 0)) return margins;
  for (double& margin : margins) margin = calibration.slope() * margin + calibration.offset();
  return margins;
}

OrderRecord OrderOf(const TrainingSet& set, const std::vector<double>& log_odds) {
  OrderRecord record;
  std::map<CitizenId, uint32_t> people;
  const evaluation::PlattCalibration as_it_is(1, 0);
  size_t first = 0;
  for (size_t list = 0; list < set.lists.size(); ++list) {
    const auto person =
        people.emplace(set.people[list], static_cast<uint32_t>(people.size())).first->second;
    std::vector<double> scores;
    std::vector<bool> taken;
    for (size_t row = first; row < first + set.lists[list]; ++row) {
      scores.push_back(as_it_is(log_odds[row]));
      taken.push_back(set.labels[row] > 0);
    }
    const std::vector<bool> fresh(scores.size());  // the trees are tried, not the list
    record.Add(person, scores, fresh, taken);
    first += set.lists[list];
  }
  return record;
}

std::vector<double> MeanOf(const std::vector<double>& one, const std::vector<double>& other) {
  std::vector<double> mean(one.size());
  for (size_t i = 0; i < one.size(); ++i) mean[i] = (one[i] + other[i]) / 2;
  return mean;
}

bool HasBothLabels(const std::vector<float>& labels) {
  return std::ranges::count(labels, 0.0f) > 0 && std::ranges::count(labels, 1.0f) > 0;
}

// What is known to have come to a result or not, of what was taken up.
struct Completions {
  FeatureMatrix rows;
  std::vector<uint8_t> happened;
};

Completions CompletionsOf(const TrainingSet& set) {
  Completions known;
  std::vector<float> values;
  for (size_t row = 0; row < set.completed.size(); ++row) {
    if (!set.completed[row]) continue;
    const float* begin = set.rows.data() + static_cast<Eigen::Index>(row) * set.rows.cols();
    values.insert(values.end(), begin, begin + set.rows.cols());
    known.happened.push_back(*set.completed[row] ? 1 : 0);
  }
  known.rows = Eigen::Map<const FeatureMatrix>(
      values.data(), static_cast<Eigen::Index>(known.happened.size()), set.rows.cols());
  return known;
}

double ShareOf(const std::vector<uint8_t>& happened) {
  const auto yes = static_cast<double>(std::ranges::count(happened, 1));
  return yes / static_cast<double>(happened.size());
}

}  // namespace

BoosterOptions BoosterOptionsOf(const TrainOptions& options, const TrainingSet& set,
                                Objective objective) {
  BoosterOptions booster{options.rounds, options.depth, options.learning_rate, options.seed,
                         options.on_step};
  booster.objective = objective;
  booster.lists = set.lists;
  for (const std::string_view name : FeatureNames()) {
    booster.rising.push_back(std::ranges::find(kRising, name) != kRising.end() ? 1 : 0);
  }
  return booster;
}

std::optional<evaluation::PlattCalibration> Calibrate(const FeatureMatrix& rows,
                                                      const std::vector<uint8_t>& happened,
                                                      const Booster& booster) {
  if (!HasOutcomes(happened, kOutcomesMin)) return std::nullopt;
  const std::vector<float> margins = booster.Margins(rows);
  const std::vector<double> scores(margins.begin(), margins.end());
  const evaluation::PlattCalibration calibration(scores, happened);
  if (!(calibration.slope() > 0)) return std::nullopt;
  return calibration;
}

std::string NameOf(Objective objective, const Learning& learning) {
  return NameOf(objective) + (learning.with_popularity ? "" : ", popularity left out") +
         (learning.with_history ? "" : ", history left out");
}

FeatureMatrix OnlyRead(FeatureMatrix rows, const Learning& learning) {
  if (!learning.with_history) Hide(kHistory, rows);
  if (!learning.with_popularity) Hide(kPopularity, rows);
  return rows;
}

Result<Learning> ChooseLearning(const TrainingSet& set, const TrainOptions& options,
                                TrainReport& report) {
  const TrainingSet learned = PartOf(set, false);
  const TrainingSet tried = PartOf(set, true);
  Learning chosen;
  if (!HasBothLabels(learned.labels) || !HasBothLabels(tried.labels)) {
    chosen.by_order = false;
    return chosen;
  }
  const auto note = [&](std::string name, const std::vector<double>& log_odds) {
    OrderRecord record = OrderOf(tried, log_odds);
    report.trials.push_back({std::move(name), record.Judge(options.bootstrap).ndcg_at_5});
    return record;
  };
  const auto learn = [&](Objective objective,
                         const Learning& learning) -> Result<std::vector<double>> {
    BoosterOptions booster_options = BoosterOptionsOf(options, learned, objective);
    booster_options.on_round = [] {};
    KSTATI_TRY(const Booster booster,
               Booster::Train(OnlyRead(learned.rows, learning), learned.labels, booster_options));
    return LogOddsOf(tried, booster);
  };
  KSTATI_TRY(std::vector<double> needed, learn(Objective::kLogistic, chosen));
  OrderRecord best = note(NameOf(Objective::kLogistic, chosen), needed);
  for (bool Learning::* more : {&Learning::with_popularity, &Learning::with_history}) {
    Learning larger = chosen;
    larger.*more = true;
    KSTATI_TRY(std::vector<double> by_more, learn(Objective::kLogistic, larger));
    OrderRecord record = note(NameOf(Objective::kLogistic, larger), by_more);
    if (!(evaluation::GainOver(best, record, options.bootstrap).ndcg_at_5.low > 0)) continue;
    chosen = larger;
    best = std::move(record);
    needed = std::move(by_more);
  }
  KSTATI_TRY(const std::vector<double> order, learn(Objective::kNdcg, chosen));
  const OrderRecord by_order = note(NameOf(Objective::kNdcg, chosen), order);
  note("both together", MeanOf(needed, order));
  report.ndcg_gain = evaluation::GainOver(best, by_order, options.bootstrap).ndcg_at_5;
  chosen.by_order = report.ndcg_gain.high >= 0;
  return chosen;
}

Result<std::optional<TrainedProbability>> LearnCompletion(const TrainingSet& training,
                                                          const TrainingSet& calibrating,
                                                          const TrainOptions& options) {
  const std::optional<TrainedProbability> too_few;
  const Completions known = CompletionsOf(training);
  if (!HasOutcomes(known.happened, kCompletionsMin)) return too_few;
  BoosterOptions booster_options = BoosterOptionsOf(options, training, Objective::kLogistic);
  booster_options.on_round = [] {};
  const std::vector<float> labels(known.happened.begin(), known.happened.end());
  KSTATI_TRY(const Booster booster, Booster::Train(known.rows, labels, booster_options));
  const Completions others = CompletionsOf(calibrating);
  const auto calibration = Calibrate(others.rows, others.happened, booster);
  if (!calibration) return too_few;
  KSTATI_TRY(std::string trees, booster.Save());
  return TrainedProbability{std::move(trees), *calibration};
}

Result<std::optional<CompletionQuality>> JudgeCompletion(const TrainedProbability& completion,
                                                         const TrainingSet& training,
                                                         const TrainingSet& judged) {
  const Completions learned = CompletionsOf(training);
  const Completions known = CompletionsOf(judged);
  if (known.happened.empty()) return std::optional<CompletionQuality>();
  KSTATI_TRY(const Booster booster, Booster::Load(completion.trees));
  evaluation::Forecasts forecasts;
  for (const float margin : booster.Margins(known.rows)) {
    forecasts.probability.push_back(completion.calibration(margin));
  }
  forecasts.happened = known.happened;
  forecasts.person.assign(known.happened.size(), 0);
  evaluation::Forecasts everybody = forecasts;
  everybody.probability.assign(known.happened.size(), ShareOf(learned.happened));
  return CompletionQuality{learned.happened.size(), known.happened.size(), ShareOf(known.happened),
                           evaluation::LogLoss(forecasts), evaluation::LogLoss(everybody)};
}

}  // namespace kstati::recommender::internal
