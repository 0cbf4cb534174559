// SPDX-License-Identifier: Apache-2.0
#include "recommender/evaluation/interaction_evaluation.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace kstati::recommender::evaluation {
namespace {

using models::ItemIndex;

struct NamedScores {
  std::string name;
  ScoreItems score;
};

std::vector<float> ToVector(const Eigen::VectorXf& scores) {
  return {scores.data(), scores.data() + scores.size()};
}

// The models of one split; the scores refer to it.
struct FittedModels {
  std::unique_ptr<models::ItemCounts> counts;
  std::unique_ptr<models::Association> association;
  std::unique_ptr<models::Ease> ease;
  std::unique_ptr<models::ItemRanker> ranker;
  std::vector<NamedScores> scores;
};

bool Wants(const InteractionEvaluationOptions& options, std::string_view name) {
  return std::find(options.models.begin(), options.models.end(), name) != options.models.end();
}

Result<FittedModels> FitModels(const InteractionSplit& split, size_t items,
                               const InteractionEvaluationOptions& options) {
  FittedModels fitted;
  fitted.counts = std::make_unique<models::ItemCounts>(items);
  for (const auto& history : split.training) fitted.counts->Add(history);
  fitted.scores.push_back({std::string(kPopularityModel), [&counts = *fitted.counts](auto) {
                             std::vector<float> shares(counts.items());
                             for (ItemIndex item = 0; item < shares.size(); ++item) {
                               shares[item] = models::ShareOf(counts, item);
                             }
                             return shares;
                           }});
  if (Wants(options, kAssociationModel)) {
    fitted.association =
        std::make_unique<models::Association>(*fitted.counts, options.ranker.models.prior_people);
    fitted.scores.push_back(
        {std::string(kAssociationModel), [&association = *fitted.association](auto taken) {
           return ToVector(association.Scores(taken));
         }});
  }
  if (Wants(options, kEaseModel)) {
    KSTATI_TRY(auto ease, models::Ease::Fit(*fitted.counts, options.ranker.models.ridge));
    fitted.ease = std::make_unique<models::Ease>(std::move(ease));
    fitted.scores.push_back({std::string(kEaseModel), [&model = *fitted.ease](auto taken) {
                               return ToVector(model.Scores(taken));
                             }});
  }
  if (Wants(options, kRankerModel)) {
    models::ItemRankerOptions ranker_options = options.ranker;
    ranker_options.on_step = options.on_step;
    KSTATI_TRY(auto ranker, models::ItemRanker::Train(split.training, items, ranker_options));
    fitted.ranker = std::make_unique<models::ItemRanker>(std::move(ranker));
    fitted.scores.push_back({std::string(kRankerModel), [&model = *fitted.ranker](auto taken) {
                               return model.Scores(taken);
                             }});
  }
  return fitted;
}

bool CanBeJudged(const HeldOutPerson& person) {
  return person.known.empty() ? person.wanted.size() >= 2 : !person.wanted.empty();
}

RankingMeasures Judge(const HeldOutPerson& person, const ScoreItems& score) {
  if (person.known.empty()) return AllButOne(person.wanted, score);
  const std::vector<float> scores = score(person.known);
  std::vector<size_t> places;
  for (const ItemIndex item : person.wanted) {
    places.push_back(PlaceOf(item, scores, person.known));
  }
  std::sort(places.begin(), places.end());
  return MeasuresOfPlaces(places);
}

struct Tally {
  std::string name;
  std::vector<RankingMeasures> by_person;
};

Estimate MeanOf(const Tally& tally, const BootstrapOptions& bootstrap,
                double RankingMeasures::* measure, const Tally* minus = nullptr) {
  std::vector<double> values;
  for (size_t i = 0; i < tally.by_person.size(); ++i) {
    const double other = minus == nullptr ? 0 : minus->by_person[i].*measure;
    values.push_back(tally.by_person[i].*measure - other);
  }
  return BootstrapMean(values, bootstrap);
}

}  // namespace

InteractionSplit GivenSplit(const InteractionTable& training, const InteractionTable& held_out) {
  return {training.histories.people, HeldOutPeople(training, held_out)};
}

InteractionSplit SplitOfOthers(const InteractionTable& training, const InteractionTable& held_out) {
  InteractionSplit split{training.histories.people, {}};
  for (const auto& history : held_out.histories.people) split.held_out.push_back({{}, history});
  return split;
}

InteractionSplit FoldInSplit(const InteractionTable& training, const InteractionTable& known,
                             const InteractionTable& held_out) {
  InteractionSplit split{training.histories.people, HeldOutPeople(known, held_out)};
  for (HeldOutPerson& person : split.held_out) {
    if (person.known.empty()) person.wanted.clear();
  }
  return split;
}

std::vector<InteractionSplit> SplitByPerson(const models::Histories& histories, int folds) {
  std::vector<InteractionSplit> splits(static_cast<size_t>(folds));
  for (size_t person = 0; person < histories.people.size(); ++person) {
    for (size_t fold = 0; fold < splits.size(); ++fold) {
      if (person % splits.size() == fold) {
        splits[fold].held_out.push_back({{}, histories.people[person]});
      } else {
        splits[fold].training.push_back(histories.people[person]);
      }
    }
  }
  return splits;
}

Result<InteractionJudgement> EvaluateInteractions(const std::vector<InteractionSplit>& splits,
                                                  size_t items,
                                                  const InteractionEvaluationOptions& options) {
  if (items > options.items_max) {
    return Fail(
        ErrorCode::kLimitExceeded,
        "there are " + std::to_string(items) + " items, and models of pairs of them", "items",
        "leave the rarest out, so that at most " + std::to_string(options.items_max) + " are left");
  }
  InteractionJudgement judgement;
  judgement.items = items;
  std::vector<Tally> tallies;
  for (const InteractionSplit& split : splits) {
    judgement.training_people = split.training.size();
    KSTATI_TRY(const FittedModels fitted, FitModels(split, items, options));
    tallies.resize(fitted.scores.size());
    for (const HeldOutPerson& person : split.held_out) {
      options.on_step();
      judgement.passed_over += CanBeJudged(person) ? 0 : 1;
      if (!CanBeJudged(person)) continue;
      for (size_t i = 0; i < tallies.size(); ++i) {
        tallies[i].name = fitted.scores[i].name;
        tallies[i].by_person.push_back(Judge(person, fitted.scores[i].score));
      }
    }
  }
  if (tallies.empty() || tallies.front().by_person.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "nobody can be judged", "held out",
                "give people with two items, or with one that training does not have");
  }
  judgement.people = tallies.front().by_person.size();
  for (const Tally& tally : tallies) {
    judgement.models.push_back(
        {tally.name, MeanOf(tally, options.bootstrap, &RankingMeasures::ranked_score),
         MeanOf(tally, options.bootstrap, &RankingMeasures::hit_at_5),
         MeanOf(tally, options.bootstrap, &RankingMeasures::ndcg_at_5),
         MeanOf(tally, options.bootstrap, &RankingMeasures::ranked_score, &tallies.front()),
         MeanOf(tally, options.bootstrap, &RankingMeasures::recall_at_20),
         MeanOf(tally, options.bootstrap, &RankingMeasures::recall_at_50),
         MeanOf(tally, options.bootstrap, &RankingMeasures::ndcg_at_100)});
  }
  return judgement;
}

uint64_t StepsOf(const std::vector<InteractionSplit>& splits,
                 const InteractionEvaluationOptions& options) {
  uint64_t steps = 0;
  for (const InteractionSplit& split : splits) {
    steps += split.held_out.size();
    if (Wants(options, kRankerModel)) steps += models::StepsOf(options.ranker);
  }
  return steps;
}

}  // namespace kstati::recommender::evaluation
