// SPDX-License-Identifier: Apache-2.0
#include "recommender/models/item_ranker.h"

#include <algorithm>
#include <utility>

#include "recommender/internal/digest.h"
#include "recommender/models/internal/list_booster.h"

namespace kstati::recommender::models {
namespace {

using internal::ListBooster;
using internal::TrainingLists;

// The items that are not taken, most probable first, cut to the shortlist.
std::vector<ItemIndex> Shortlist(const Eigen::VectorXf& choice, std::span<const ItemIndex> taken,
                                 size_t length) {
  std::vector<bool> is_taken(static_cast<size_t>(choice.size()));
  for (const ItemIndex item : taken) is_taken[item] = true;
  std::vector<ItemIndex> items;
  for (ItemIndex item = 0; item < is_taken.size(); ++item) {
    if (!is_taken[item]) items.push_back(item);
  }
  length = std::min(length, items.size());
  std::partial_sort(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(length), items.end(),
                    [&](ItemIndex a, ItemIndex b) {
                      return choice(a) > choice(b) || (choice(a) == choice(b) && a < b);
                    });
  items.resize(length);
  return items;
}

void AppendRow(const ItemFeatures& features, ItemIndex item, std::vector<float>& rows) {
  const auto row = features.row(item);
  rows.insert(rows.end(), row.data(), row.data() + row.size());
}

// The training lists of one fold: items hidden from people whom the models have not seen.
class Gathering {
 public:
  Gathering(std::span<const std::vector<ItemIndex>> histories, const ItemRankerOptions& options)
      : histories_(histories), options_(options) {
    size_t cases = 0;
    for (const auto& history : histories) cases += history.size() < 2 ? 0 : history.size();
    share_ =
        static_cast<double>(options.cases_max) / static_cast<double>(std::max<size_t>(1, cases));
    lists_.columns = ItemModels::Columns().size();
  }

  void Add(const ItemModels& models, size_t fold) {
    for (size_t person = fold; person < histories_.size();
         person += static_cast<size_t>(options_.folds)) {
      const auto& history = histories_[person];
      for (size_t hidden = 0; history.size() >= 2 && hidden < history.size(); ++hidden) {
        if (IsDrawn(person, hidden)) AddCase(models, history, hidden);
      }
    }
  }

  const TrainingLists& lists() const { return lists_; }

 private:
  bool IsDrawn(size_t person, size_t hidden) const {
    using recommender::internal::Spread;
    const uint64_t digest = Spread(Spread(person ^ options_.seed) + hidden);
    return static_cast<double>(digest >> 11) * 0x1p-53 < share_;
  }

  void AddCase(const ItemModels& models, const std::vector<ItemIndex>& history, size_t hidden) {
    std::vector<ItemIndex> taken = history;
    taken.erase(taken.begin() + static_cast<std::ptrdiff_t>(hidden));
    const Eigen::VectorXf choice = models.ChoiceOf(taken);
    const std::vector<ItemIndex> items = Shortlist(choice, taken, options_.shortlist);
    const auto right = std::find(items.begin(), items.end(), history[hidden]);
    // Put in, it would stand out by having no place on the list, which tells the trees a lie.
    if (right == items.end()) return;
    lists_.lists.push_back({items.size(), static_cast<size_t>(right - items.begin()),
                            1.0f / static_cast<float>(history.size())});
    const ItemFeatures features = models.Features(taken);
    for (const ItemIndex item : items) {
      AppendRow(features, item, lists_.rows);
      lists_.starts.push_back(features(item, ItemModels::StartColumn()));
    }
  }

  std::span<const std::vector<ItemIndex>> histories_;
  const ItemRankerOptions& options_;
  double share_ = 1;
  TrainingLists lists_;
};

std::vector<std::vector<ItemIndex>> WithoutFold(std::span<const std::vector<ItemIndex>> histories,
                                                size_t fold, size_t folds) {
  std::vector<std::vector<ItemIndex>> kept;
  for (size_t person = 0; person < histories.size(); ++person) {
    if (person % folds != fold) kept.push_back(histories[person]);
  }
  return kept;
}

}  // namespace

struct ItemRanker::Implementation {
  ItemModels models;
  ListBooster booster;
  size_t shortlist;
};

ItemRanker::ItemRanker(std::unique_ptr<Implementation> implementation)
    : implementation_(std::move(implementation)) {}
ItemRanker::ItemRanker(ItemRanker&&) noexcept = default;
ItemRanker& ItemRanker::operator=(ItemRanker&&) noexcept = default;
ItemRanker::~ItemRanker() = default;

uint64_t StepsOf(const ItemRankerOptions& options) {
  const auto fits = static_cast<uint64_t>(options.folds) + 1;
  const auto epochs =
      static_cast<uint64_t>(options.models.choice.epochs + options.models.hidden.epochs);
  return fits * epochs + static_cast<uint64_t>(options.rounds);
}

Result<ItemRanker> ItemRanker::Train(std::span<const std::vector<ItemIndex>> histories,
                                     size_t items, const ItemRankerOptions& options) {
  ItemModelOptions model_options = options.models;
  model_options.choice.on_epoch = options.on_step;
  model_options.hidden.on_epoch = options.on_step;
  Gathering gathering(histories, options);
  const auto folds = static_cast<size_t>(options.folds);
  for (size_t fold = 0; fold < folds; ++fold) {
    const auto kept = WithoutFold(histories, fold, folds);
    KSTATI_TRY(const ItemModels models, ItemModels::Fit(kept, items, model_options));
    gathering.Add(models, fold);
  }
  if (gathering.lists().lists.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "nobody has taken two items", "histories",
                "give histories of at least two items");
  }
  KSTATI_TRY(
      ListBooster booster,
      ListBooster::Train(gathering.lists(), {options.rounds, options.depth, options.learning_rate,
                                             options.seed, options.on_step}));
  KSTATI_TRY(ItemModels models, ItemModels::Fit(histories, items, model_options));
  return ItemRanker(std::make_unique<Implementation>(
      Implementation{std::move(models), std::move(booster), options.shortlist}));
}

std::vector<float> ItemRanker::Scores(std::span<const ItemIndex> taken) const {
  const ItemFeatures features = implementation_->models.Features(taken);
  const Eigen::VectorXf choice = implementation_->models.ChoiceOf(taken);
  std::vector<float> scores(choice.data(), choice.data() + choice.size());
  const std::vector<ItemIndex> items = Shortlist(choice, taken, implementation_->shortlist);
  if (items.empty()) return scores;
  std::vector<float> rows;
  std::vector<float> starts;
  for (const ItemIndex item : items) {
    AppendRow(features, item, rows);
    starts.push_back(features(item, ItemModels::StartColumn()));
  }
  const std::vector<float> margins = implementation_->booster.Margins(rows, starts);
  // What is not on the shortlist comes after all of it.
  const float lowest = *std::min_element(margins.begin(), margins.end());
  for (float& score : scores) score += lowest - 1;
  for (size_t i = 0; i < items.size(); ++i) scores[items[i]] = margins[i];
  return scores;
}

const ItemModels& ItemRanker::models() const { return implementation_->models; }

}  // namespace kstati::recommender::models
