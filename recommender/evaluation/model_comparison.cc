// SPDX-License-Identifier: Apache-2.0
#include "recommender/evaluation/model_comparison.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "recommender/evaluation/shown_list.h"

namespace kstati::recommender::evaluation {
namespace {

constexpr size_t kDepth = 5;

struct ListQuality {
  double ndcg = 0;
  double hit = 0;
};

// Of a list in which something was taken up.
ListQuality QualityOf(const std::vector<double>& scores, const std::vector<bool>& taken) {
  const std::vector<size_t> order = OrderOf(scores);
  const auto count = static_cast<size_t>(std::count(taken.begin(), taken.end(), true));
  double gain = 0;
  double ideal = 0;
  for (size_t rank = 0; rank < std::min(kDepth, order.size()); ++rank) {
    const double discount = 1 / std::log2(static_cast<double>(rank) + 2);
    if (taken[order[rank]]) gain += discount;
    if (rank < count) ideal += discount;
  }
  return {gain / ideal, taken[order.front()] ? 1.0 : 0.0};
}

// One model's record over the people, person by person.
class Tally {
 public:
  explicit Tally(const Ranker& ranker) : ranker_(ranker) {}

  void Add(uint32_t person, const profile::Household& household,
           const std::vector<Candidate>& candidates, const std::vector<bool>& taken, Date on,
           const graph::Catalogue& catalogue) {
    const std::vector<double> scores = ranker_.Score(household, candidates, on, catalogue);
    for (size_t i = 0; i < scores.size(); ++i) {
      forecasts_.probability.push_back(scores[i]);
      forecasts_.happened.push_back(taken[i] ? 1 : 0);
      forecasts_.person.push_back(person);
    }
    if (std::find(taken.begin(), taken.end(), true) == taken.end()) return;
    const ListQuality quality = QualityOf(scores, taken);
    Sums& sums = sums_[person];
    sums.ndcg += quality.ndcg;
    sums.hit += quality.hit;
    sums.lists += 1;
  }

  // One value for each person who took something up.
  std::vector<double> Ndcg() const { return Means(&Sums::ndcg); }
  std::vector<double> Hits() const { return Means(&Sums::hit); }
  const Forecasts& forecasts() const { return forecasts_; }
  size_t lists() const {
    return std::accumulate(sums_.begin(), sums_.end(), size_t{0},
                           [](size_t sum, const auto& each) { return sum + each.second.lists; });
  }

  ComparedModel Judge(std::string version, size_t people, const BootstrapOptions& bootstrap) const {
    ComparedModel judged;
    judged.version = std::move(version);
    judged.ndcg_at_5 = BootstrapMean(Ndcg(), bootstrap);
    judged.hit_rate_at_1 = BootstrapMean(Hits(), bootstrap);
    judged.log_loss = Bootstrap(
        people, [&](const Multiplicity& times) { return LogLoss(forecasts_, WeightsOf(times)); },
        bootstrap);
    judged.calibration_error = CalibrationError(forecasts_);
    return judged;
  }

  std::vector<double> WeightsOf(const Multiplicity& times) const {
    std::vector<double> weights;
    for (const uint32_t person : forecasts_.person) weights.push_back(times[person]);
    return weights;
  }

 private:
  struct Sums {
    double ndcg = 0;
    double hit = 0;
    size_t lists = 0;
  };

  std::vector<double> Means(double Sums::* sum) const {
    std::vector<double> means;
    for (const auto& [person, sums] : sums_) {
      means.push_back(sums.*sum / static_cast<double>(sums.lists));
    }
    return means;
  }

  const Ranker& ranker_;
  Forecasts forecasts_;
  std::map<uint32_t, Sums> sums_;
};

Estimate GainOf(std::vector<double> one, const std::vector<double>& other,
                const BootstrapOptions& bootstrap) {
  for (size_t i = 0; i < one.size(); ++i) one[i] = other[i] - one[i];
  return BootstrapMean(one, bootstrap);
}

}  // namespace

Result<ModelComparison> CompareModels(const StoredModels& models, const std::string& one,
                                      const std::string& other,
                                      const std::vector<Interaction>& interactions,
                                      const LoadHouseholdOn& load,
                                      const graph::Catalogue& catalogue,
                                      const BootstrapOptions& bootstrap) {
  KSTATI_TRY(const StoredModel first, models.Find(one));
  KSTATI_TRY(const StoredModel second, models.Find(other));
  KSTATI_TRY(const Ranker first_ranker, Ranker::Load(models.FolderOf(one)));
  KSTATI_TRY(const Ranker second_ranker, Ranker::Load(models.FolderOf(other)));
  Tally first_tally(first_ranker);
  Tally second_tally(second_ranker);
  std::map<CitizenId, uint32_t> people;
  for (const Interaction& interaction : interactions) {
    const CitizenId citizen = interaction.citizen;
    if (PartOf(citizen, first.seed, first.held_out_share) != Part::kJudged) continue;
    if (PartOf(citizen, second.seed, second.held_out_share) != Part::kJudged) continue;
    const ShownList shown = ListOf(interaction, catalogue);
    if (shown.candidates.empty()) continue;
    const auto household = load(citizen, interaction.on, interaction.known_at);
    if (!household && household.error().code == ErrorCode::kNotFound) continue;
    if (!household) return Fail(household.error());
    const uint32_t person =
        people.emplace(citizen, static_cast<uint32_t>(people.size())).first->second;
    for (Tally* const tally : {&first_tally, &second_tally}) {
      tally->Add(person, *household, shown.candidates, shown.taken, interaction.on, catalogue);
    }
  }
  if (first_tally.lists() == 0) {
    return Fail(ErrorCode::kInvalidArgument,
                "there is nobody whom neither model has seen and who took something up",
                "interactions", "train both with the same seed, or collect more");
  }
  ModelComparison comparison;
  comparison.people = people.size();
  comparison.lists = first_tally.lists();
  comparison.one = first_tally.Judge(one, people.size(), bootstrap);
  comparison.other = second_tally.Judge(other, people.size(), bootstrap);
  comparison.ndcg_gain = GainOf(first_tally.Ndcg(), second_tally.Ndcg(), bootstrap);
  comparison.hit_gain = GainOf(first_tally.Hits(), second_tally.Hits(), bootstrap);
  comparison.log_loss_gain = Bootstrap(
      people.size(),
      [&](const Multiplicity& times) {
        const std::vector<double> weights = first_tally.WeightsOf(times);
        return LogLoss(second_tally.forecasts(), weights) -
               LogLoss(first_tally.forecasts(), weights);
      },
      bootstrap);
  return comparison;
}

}  // namespace kstati::recommender::evaluation
