// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>

#include "recommender/hazards/hazard_models.h"
#include "recommender/hazards/internal/logistic_fit.h"
#include "recommender/hazards/logistic.h"

namespace kstati::recommender::hazards {
namespace {

using Eigen::Index;

constexpr size_t kIndicators = 3;     // of the smallest values of a column of numbers
constexpr double kRowsMin = 100;      // of an indicator or a state that has columns of its own
constexpr double kEvenShare = 0.2;    // yes-or-no columns this far from 0 and 1 meet the states
constexpr double kKnownShare = 0.05;  // and this far, the period

// One column of numbers that every state meets: the value itself, or whether it is a certain one.
struct Basis {
  Index column = 0;  // of the table; -1: the period
  int power = 1;
  float equals = NAN;        // NAN: the value itself
  double mean = 0;           // of the values that are not missing
  bool over_period = false;  // times the period, the same for all states
};

// What the regression reads of a row: every column and whether it is missing, then for each state
// its own copy of the bases, then products with the period, then the constant.
class InteractionDesign {
 public:
  InteractionDesign(const PeriodTable& training, const InteractionOptions& options)
      : columns_(training.rows.cols()) {
    FindStates(training);
    FindBases(training, options);
  }

  // Of what is read of a row.
  Index width() const { return Products() + static_cast<Index>(over_period_.size()); }

  // Finds out what varies, and how much: then `Of` may be asked.
  void Measure(const PeriodTable& training) {
    const Eigen::MatrixXd raw = Raw(training);
    mean_ = raw.colwise().mean();
    const Eigen::RowVectorXd variance =
        (raw.rowwise() - mean_).colwise().squaredNorm() / static_cast<double>(raw.rows());
    // What never varies says nothing.
    for (Index column = 0; column < raw.cols(); ++column) {
      if (variance(column) > 1e-9) kept_.push_back(column);
    }
    deviation_ = variance.cwiseSqrt();
  }

  Eigen::MatrixXd Of(const PeriodTable& table) const {
    const Eigen::MatrixXd raw = Raw(table);
    const auto width = static_cast<Index>(kept_.size());
    Eigen::MatrixXd design(raw.rows(), width + 1);
    for (Index i = 0; i < width; ++i) {
      const Index column = kept_[static_cast<size_t>(i)];
      design.col(i) = (raw.col(column).array() - mean_(column)) / deviation_(column);
    }
    design.col(width).setOnes();
    return design;
  }

 private:
  void FindStates(const PeriodTable& training) {
    std::vector<double> rows;
    for (const uint32_t state : training.state) {
      if (rows.size() <= state) rows.resize(state + 1);
      rows[state] += 1;
    }
    for (uint32_t state = 0; state < rows.size(); ++state) {
      if (rows[state] >= kRowsMin) states_.push_back(state);
    }
    std::ranges::stable_sort(states_, std::greater(), [&](uint32_t state) { return rows[state]; });
    if (states_.size() > kStatesMax) states_.resize(kStatesMax);
    std::ranges::sort(states_);
    period_mean_ = std::accumulate(training.period.begin(), training.period.end(), 0.0) /
                   static_cast<double>(training.size());
  }

  void FindBases(const PeriodTable& training, const InteractionOptions& options) {
    for (const int power : {1, 2}) bases_.push_back({-1, power, NAN});
    for (Index column = 0; column < columns_; ++column) {
      std::map<float, double> rows_with;
      double sum = 0;
      double count = 0;
      for (Index row = 0; row < training.rows.rows(); ++row) {
        const float value = training.rows(row, column);
        if (std::isnan(value)) continue;
        rows_with[value] += 1;
        sum += value;
        count += 1;
      }
      if (rows_with.size() < 2) continue;
      const Basis itself{column, 1, NAN, sum / count};
      const bool is_flag = rows_with.size() == 2;
      const double share = rows_with.rbegin()->second / static_cast<double>(training.size());
      const auto is_within = [&](double edge) { return share > edge && share < 1 - edge; };
      if (options.over_period && (!is_flag || is_within(kKnownShare))) {
        Basis& product = over_period_.emplace_back(itself);
        product.over_period = true;
      }
      if (is_flag) {
        if (!options.over_period && is_within(kEvenShare)) bases_.push_back(itself);
        continue;
      }
      bases_.push_back(itself);
      size_t indicators = 0;
      for (const auto& [value, rows] : rows_with) {
        if (indicators++ == kIndicators) break;
        if (rows >= kRowsMin) bases_.push_back({column, 1, value});
      }
    }
  }

  double ValueOf(const Basis& basis, const PeriodTable& table, Index row) const {
    if (basis.column < 0) {
      const double period = table.period[static_cast<size_t>(row)] - period_mean_;
      return basis.power == 1 ? period : period * period / 10;
    }
    const float value = table.rows(row, basis.column);
    if (std::isnan(value)) return 0;
    if (basis.over_period) {
      return (value - basis.mean) * (table.period[static_cast<size_t>(row)] - period_mean_);
    }
    if (std::isnan(basis.equals)) return value - basis.mean;
    return value == basis.equals ? 1 : 0;
  }

  // Where products with the period begin.
  Index Products() const {
    const auto bases = static_cast<Index>(bases_.size());
    return 2 * columns_ + bases + static_cast<Index>(states_.size()) * (bases + 1);
  }

  Eigen::MatrixXd Raw(const PeriodTable& table) const {
    const auto rows = static_cast<Index>(table.size());
    const auto bases = static_cast<Index>(bases_.size());
    const auto states = static_cast<Index>(states_.size());
    const Index products = Products();
    Eigen::MatrixXd raw = Eigen::MatrixXd::Zero(rows, width());
    for (Index row = 0; row < rows; ++row) {
      for (Index column = 0; column < columns_; ++column) {
        const float value = table.rows(row, column);
        raw(row, column) = std::isnan(value) ? 0 : value;
        raw(row, columns_ + column) = std::isnan(value) ? 1 : 0;
      }
      const auto state =
          std::ranges::find(states_, table.state[static_cast<size_t>(row)]) - states_.begin();
      const Index own = 2 * columns_ + bases + state * (bases + 1);
      for (Index i = 0; i < bases; ++i) {
        const double value = ValueOf(bases_[static_cast<size_t>(i)], table, row);
        raw(row, 2 * columns_ + i) = value;
        if (state < states) raw(row, own + i) = value;
      }
      if (state < states) raw(row, own + bases) = 1;
      for (size_t i = 0; i < over_period_.size(); ++i) {
        raw(row, products + static_cast<Index>(i)) = ValueOf(over_period_[i], table, row);
      }
    }
    return raw;
  }

  Index columns_;
  std::vector<uint32_t> states_;  // with columns of their own
  std::vector<Basis> bases_;
  std::vector<Basis> over_period_;
  double period_mean_ = 0;
  std::vector<Index> kept_;
  Eigen::RowVectorXd mean_;
  Eigen::RowVectorXd deviation_;
};

}  // namespace

std::vector<double> ForecastByInteractions(const PeriodTable& training, const PeriodTable& asked,
                                           const InteractionOptions& options) {
  InteractionDesign design(training, options);
  design.Measure(training);
  const double share = std::accumulate(training.happened.begin(), training.happened.end(), 0.0) /
                       static_cast<double>(training.size());
  const Eigen::VectorXd weights =
      internal::FitLogistic(design.Of(training), training.happened, share, options.ridge_rows);
  const Eigen::VectorXd forecasts = (design.Of(asked) * weights).unaryExpr(&Logistic);
  return {forecasts.data(), forecasts.data() + forecasts.size()};
}

double BytesToInteract(const PeriodTable& training, const InteractionOptions& options) {
  constexpr double kCopies =
      2;  // what is read and its standardised form, then that and a scaled one
  const auto width = static_cast<double>(InteractionDesign(training, options).width() + 1);
  return kCopies * static_cast<double>(training.size()) * width * sizeof(double);
}

}  // namespace kstati::recommender::hazards
