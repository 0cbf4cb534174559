// SPDX-License-Identifier: Apache-2.0
#include "recommender/models/hidden_choice_model.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "recommender/internal/digest.h"

namespace kstati::recommender::models {
namespace {

using Eigen::Index;

constexpr Index kBatch = 64;
constexpr float kSquaresAtStart = 1e-3f;
constexpr float kImpossible = -1e9f;
constexpr float kLastRateShare = 0.1f;
constexpr float kWeightAtStart = 0.5f;

struct Case {
  uint32_t person = 0;
  uint32_t hidden = 0;  // place in the history
};

float ScaleOf(size_t taken) {
  return 1 / std::sqrt(static_cast<float>(std::max<size_t>(1, taken)));
}

// Even between plus and minus `largest`.
Eigen::MatrixXf Drawn(Index rows, Index columns, float largest, uint64_t& state) {
  Eigen::MatrixXf matrix(rows, columns);
  for (Index i = 0; i < matrix.size(); ++i) {
    const auto drawn = static_cast<float>(internal::Spread(state++) >> 40) * 0x1p-24f;
    matrix.data()[i] = largest * (2 * drawn - 1);
  }
  return matrix;
}

}  // namespace

// One run of AdaGrad over batches: each weight keeps the sum of its squared gradients.
class HiddenChoiceFit {
 public:
  HiddenChoiceFit(std::span<const std::vector<ItemIndex>> histories, size_t items,
                  const HiddenChoiceOptions& options, HiddenChoiceModel& model)
      : histories_(histories), options_(options), model_(model), state_(options.seed) {
    state_ = internal::Spread(state_);
    const auto count = static_cast<Index>(items);
    const auto units = static_cast<Index>(options.units);
    const float spread = kWeightAtStart / std::sqrt(static_cast<float>(units));
    model_.inputs_ = Drawn(units, count, 2 * kWeightAtStart, state_);
    model_.biases_ = Drawn(units, 1, kWeightAtStart, state_);
    model_.outputs_ = Drawn(count, units, spread, state_);
    model_.offsets_ = Eigen::VectorXf::Constant(count, 0.5f);
    for (uint32_t person = 0; person < histories.size(); ++person) {
      const auto& history = histories[person];
      for (const ItemIndex item : history) model_.offsets_(item) += 1;
      for (uint32_t i = 0; i < history.size(); ++i) cases_.push_back({person, i});
    }
    model_.offsets_ = model_.offsets_.array().log();
    model_.offsets_.array() -= model_.offsets_.mean();
    const double work = 3.0 * static_cast<double>(cases_.size()) *
                        static_cast<double>(count * units) * options.epochs;
    const double share = std::min(1.0, options.work_max / std::max(1.0, work));
    cases_per_epoch_ = static_cast<size_t>(share * static_cast<double>(cases_.size()));
    input_squares_ = Eigen::MatrixXf::Constant(units, count, kSquaresAtStart);
    bias_squares_ = Eigen::VectorXf::Constant(units, kSquaresAtStart);
    output_squares_ = Eigen::MatrixXf::Constant(count, units, kSquaresAtStart);
    offset_squares_ = Eigen::VectorXf::Constant(count, kSquaresAtStart);
  }

  void Run() {
    for (int epoch = 0; epoch < options_.epochs; ++epoch) {
      for (size_t i = cases_.size(); i > 1; --i) {
        std::swap(cases_[i - 1], cases_[internal::Spread(state_++) % i]);
      }
      const float gone = static_cast<float>(epoch) / static_cast<float>(options_.epochs);
      rate_ = options_.rate * (1 - (1 - kLastRateShare) * gone);
      for (size_t first = 0; first < cases_per_epoch_; first += kBatch) {
        Step({cases_.data() + first, std::min<size_t>(kBatch, cases_per_epoch_ - first)});
      }
      options_.on_epoch();
    }
  }

 private:
  void Step(std::span<const Case> batch) {
    Look(batch);
    const float pull = options_.ridge * static_cast<float>(batch.size());
    const Eigen::MatrixXf back =
        (model_.outputs_.transpose() * gradients_).array() * (1 - units_.array().square());
    Descend(gradients_ * units_.transpose() + pull * model_.outputs_, output_squares_,
            model_.outputs_);
    Descend(gradients_.rowwise().sum(), offset_squares_, model_.offsets_);
    Descend(back.rowwise().sum(), bias_squares_, model_.biases_);
    for (size_t i = 0; i < batch.size(); ++i) {
      const auto column = static_cast<Index>(i);
      const float pull_here = options_.ridge * WeightOf(batch[i]);
      ForOthers(batch[i], [&](float scale, ItemIndex item) {
        Descend(scale * back.col(column) + pull_here * model_.inputs_.col(item),
                input_squares_.col(item), model_.inputs_.col(item));
      });
    }
  }

  // Units and gradients of the scores, one column a case.
  void Look(std::span<const Case> batch) {
    const auto cases = static_cast<Index>(batch.size());
    units_.resize(model_.biases_.size(), cases);
    for (Index i = 0; i < cases; ++i) {
      units_.col(i) = model_.biases_;
      ForOthers(batch[static_cast<size_t>(i)], [&](float scale, ItemIndex item) {
        units_.col(i) += scale * model_.inputs_.col(item);
      });
    }
    units_ = units_.array().tanh();
    gradients_ = (model_.outputs_ * units_).colwise() + model_.offsets_;
    for (Index i = 0; i < cases; ++i) {
      const Case& each = batch[static_cast<size_t>(i)];
      auto column = gradients_.col(i);
      ForOthers(each, [&](float, ItemIndex item) { column(item) = kImpossible; });
      column = (column.array() - column.maxCoeff()).exp();
      column /= column.sum();
      column(histories_[each.person][each.hidden]) -= 1;
      column *= WeightOf(each);
    }
  }

  float WeightOf(const Case& each) const {
    return 1 / static_cast<float>(histories_[each.person].size());
  }

  template <class Visit>
  void ForOthers(const Case& each, const Visit& visit) const {
    const std::vector<ItemIndex>& history = histories_[each.person];
    const float scale = ScaleOf(history.size() - 1);
    for (uint32_t i = 0; i < history.size(); ++i) {
      if (i != each.hidden) visit(scale, history[i]);
    }
  }

  template <class Gradient, class Squares, class Weights>
  void Descend(const Gradient& asked, Squares&& squares, Weights&& weights) const {
    const Eigen::MatrixXf gradient = asked;
    squares.array() += gradient.array().square();
    weights.array() -= rate_ * gradient.array() / squares.array().sqrt();
  }

  std::span<const std::vector<ItemIndex>> histories_;
  const HiddenChoiceOptions& options_;
  HiddenChoiceModel& model_;
  uint64_t state_;
  std::vector<Case> cases_;
  size_t cases_per_epoch_ = 0;
  float rate_ = 0;
  Eigen::MatrixXf input_squares_;
  Eigen::VectorXf bias_squares_;
  Eigen::MatrixXf output_squares_;
  Eigen::VectorXf offset_squares_;
  Eigen::MatrixXf units_;
  Eigen::MatrixXf gradients_;
};

HiddenChoiceModel HiddenChoiceModel::Fit(std::span<const std::vector<ItemIndex>> histories,
                                         size_t items, const HiddenChoiceOptions& options) {
  HiddenChoiceModel model;
  HiddenChoiceFit(histories, items, options, model).Run();
  return model;
}

Eigen::VectorXf HiddenChoiceModel::LogProbabilities(std::span<const ItemIndex> taken) const {
  Eigen::VectorXf units = biases_;
  const float scale = ScaleOf(taken.size());
  for (const ItemIndex item : taken) units += scale * inputs_.col(item);
  Eigen::VectorXf scores = outputs_ * units.array().tanh().matrix() + offsets_;
  for (const ItemIndex item : taken) scores(item) = kImpossible;
  scores.array() -= scores.maxCoeff();
  const float whole = std::log(scores.array().exp().sum());
  scores.array() -= whole;
  return scores;
}

}  // namespace kstati::recommender::models
