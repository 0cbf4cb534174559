// SPDX-License-Identifier: Apache-2.0
#include "recommender/models/choice_model.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "recommender/internal/digest.h"

namespace kstati::recommender::models {
namespace {

constexpr float kSquaresAtStart = 1e-3f;
constexpr float kImpossible = -1e9f;
constexpr float kLastRateShare = 0.1f;

struct Case {
  uint32_t person = 0;
  uint32_t hidden = 0;  // place in the history
};

float ScaleOf(size_t taken) {
  return 1 / std::sqrt(static_cast<float>(std::max<size_t>(1, taken)));
}

void Shuffle(std::vector<Case>& cases, uint64_t& state) {
  for (size_t i = cases.size(); i > 1; --i) {
    std::swap(cases[i - 1], cases[internal::Spread(state++) % i]);
  }
}

}  // namespace

// One run of AdaGrad: each weight keeps the sum of its squared gradients.
class ChoiceFit {
 public:
  ChoiceFit(std::span<const std::vector<ItemIndex>> histories, size_t items,
            const ChoiceOptions& options, ChoiceModel& model)
      : histories_(histories), options_(options), model_(model) {
    const auto count = static_cast<Eigen::Index>(items);
    model_.weights_ = Eigen::MatrixXf::Zero(count, count);
    model_.offsets_ = Eigen::VectorXf::Constant(count, 0.5f);
    squares_ = Eigen::MatrixXf::Constant(count, count, kSquaresAtStart);
    offset_squares_ = Eigen::VectorXf::Constant(count, kSquaresAtStart);
    double seen = 0;
    for (uint32_t person = 0; person < histories.size(); ++person) {
      const auto& history = histories[person];
      for (const ItemIndex item : history) model_.offsets_(item) += 1;
      for (uint32_t i = 0; i < history.size(); ++i) cases_.push_back({person, i});
      seen += static_cast<double>(history.size() * (history.size() + 2));
    }
    model_.offsets_ = model_.offsets_.array().log();
    model_.offsets_.array() -= model_.offsets_.mean();
    const double work = seen * static_cast<double>(items) * options.epochs;
    const double share = std::min(1.0, options.work_max / std::max(1.0, work));
    cases_per_epoch_ = static_cast<size_t>(share * static_cast<double>(cases_.size()));
  }

  void Run() {
    uint64_t state = internal::Spread(options_.seed);
    for (int epoch = 0; epoch < options_.epochs; ++epoch) {
      Shuffle(cases_, state);
      const float gone = static_cast<float>(epoch) / static_cast<float>(options_.epochs);
      rate_ = options_.rate * (1 - (1 - kLastRateShare) * gone);
      for (size_t i = 0; i < cases_per_epoch_; ++i) Step(cases_[i]);
      options_.on_epoch();
    }
  }

 private:
  void Step(const Case& each) {
    const std::vector<ItemIndex>& history = histories_[each.person];
    const float scale = ScaleOf(history.size() - 1);
    gradient_ = model_.offsets_;
    ForOthers(each, [&](ItemIndex item) { gradient_ += scale * model_.weights_.col(item); });
    ForOthers(each, [&](ItemIndex item) { gradient_(item) = kImpossible; });
    gradient_ = (gradient_.array() - gradient_.maxCoeff()).exp();
    gradient_ /= gradient_.sum();
    gradient_(history[each.hidden]) -= 1;
    gradient_ /= static_cast<float>(history.size());
    Descend(gradient_.array(), offset_squares_.array(), model_.offsets_.array());
    const float pull = options_.ridge / static_cast<float>(history.size());
    ForOthers(each, [&](ItemIndex item) {
      auto weights = model_.weights_.col(item).array();
      pulled_ = scale * gradient_.array() + pull * weights;
      Descend(pulled_, squares_.col(item).array(), weights);
    });
  }

  template <class Visit>
  void ForOthers(const Case& each, const Visit& visit) const {
    const std::vector<ItemIndex>& history = histories_[each.person];
    for (uint32_t i = 0; i < history.size(); ++i) {
      if (i != each.hidden) visit(history[i]);
    }
  }

  template <class Gradient, class Squares, class Weights>
  void Descend(const Gradient& gradient, Squares squares, Weights weights) const {
    squares += gradient.square();
    weights -= rate_ * gradient / squares.sqrt();
  }

  std::span<const std::vector<ItemIndex>> histories_;
  const ChoiceOptions& options_;
  ChoiceModel& model_;
  Eigen::MatrixXf squares_;
  Eigen::VectorXf offset_squares_;
  Eigen::VectorXf gradient_;
  Eigen::ArrayXf pulled_;
  std::vector<Case> cases_;
  size_t cases_per_epoch_ = 0;
  float rate_ = 0;
};

ChoiceModel ChoiceModel::Fit(std::span<const std::vector<ItemIndex>> histories, size_t items,
                             const ChoiceOptions& options) {
  ChoiceModel model;
  ChoiceFit(histories, items, options, model).Run();
  return model;
}

Eigen::VectorXf ChoiceModel::LogProbabilities(std::span<const ItemIndex> taken) const {
  Eigen::VectorXf scores = offsets_;
  const float scale = ScaleOf(taken.size());
  for (const ItemIndex item : taken) scores += scale * weights_.col(item);
  for (const ItemIndex item : taken) scores(item) = kImpossible;
  scores.array() -= scores.maxCoeff();
  const float whole = std::log(scores.array().exp().sum());
  scores.array() -= whole;
  return scores;
}

}  // namespace kstati::recommender::models
