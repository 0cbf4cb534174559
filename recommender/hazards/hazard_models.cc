// SPDX-License-Identifier: Apache-2.0
#include "recommender/hazards/hazard_models.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "base/check.h"
#include "recommender/hazards/internal/logistic_fit.h"
#include "recommender/hazards/logistic.h"
#include "recommender/internal/booster.h"

namespace kstati::recommender::hazards {
namespace {

using Eigen::Index;

double ShareOf(const PeriodTable& table) {
  const double happened = std::count(table.happened.begin(), table.happened.end(), 1);
  return happened / static_cast<double>(table.size());
}

// Natural cubic splines: linear outside of the outer knots (Hastie, Tibshirani, Friedman, "The
// Elements of Statistical Learning", 5.2.1).
class Splines {
 public:
  explicit Splines(std::vector<float> periods) {
    std::sort(periods.begin(), periods.end());
    for (const double share : {0.05, 0.275, 0.5, 0.725, 0.95}) {
      const auto place = static_cast<size_t>(share * static_cast<double>(periods.size() - 1));
      if (knots_.empty() || periods[place] > knots_.back()) knots_.push_back(periods[place]);
    }
  }
  Index size() const { return knots_.size() < 3 ? 1 : static_cast<Index>(knots_.size()) - 1; }
  Eigen::RowVectorXd Of(double period) const {
    Eigen::RowVectorXd row(size());
    row(0) = period;
    const size_t last = knots_.size() - 1;
    for (Index i = 1; i < size(); ++i) {
      row(i) = Curve(static_cast<size_t>(i) - 1, period) - Curve(last - 1, period);
    }
    return row;
  }

 private:
  double Curve(size_t knot, double period) const {
    const auto cube = [](double value) { return value <= 0 ? 0 : value * value * value; };
    return (cube(period - knots_[knot]) - cube(period - knots_.back())) /
           (knots_.back() - knots_[knot]);
  }
  std::vector<double> knots_;
};

// Columns of the regression: splines, then every column of the table and whether it is missing.
class Design {
 public:
  explicit Design(const PeriodTable& training)
      : splines_(training.period), means_(MeansOf(training.rows)) {
    const Eigen::MatrixXd raw = Raw(training);
    mean_ = raw.colwise().mean();
    deviation_ = (raw.rowwise() - mean_).colwise().squaredNorm() / raw.rows();
    deviation_ = deviation_.cwiseSqrt().unaryExpr([](double d) { return d > 1e-9 ? d : 1.0; });
  }

  Eigen::MatrixXd Of(const PeriodTable& table) const {
    Eigen::MatrixXd design(static_cast<Index>(table.size()), mean_.size() + 1);
    design.leftCols(mean_.size()) =
        ((Raw(table).rowwise() - mean_).array().rowwise() / deviation_.array()).matrix();
    design.rightCols(1).setOnes();
    return design;
  }

 private:
  Eigen::MatrixXd Raw(const PeriodTable& table) const {
    const Index columns = table.rows.cols();
    Eigen::MatrixXd raw(static_cast<Index>(table.size()), splines_.size() + 2 * columns);
    for (Index row = 0; row < raw.rows(); ++row) {
      raw.row(row).head(splines_.size()) = splines_.Of(table.period[static_cast<size_t>(row)]);
      for (Index column = 0; column < columns; ++column) {
        const float value = table.rows(row, column);
        raw(row, splines_.size() + column) = std::isnan(value) ? means_(column) : value;
        raw(row, splines_.size() + columns + column) = std::isnan(value) ? 1 : 0;
      }
    }
    return raw;
  }

  static Eigen::VectorXd MeansOf(const FeatureMatrix& rows) {
    Eigen::VectorXd means = Eigen::VectorXd::Zero(rows.cols());
    for (Index column = 0; column < rows.cols(); ++column) {
      double count = 0;
      for (Index row = 0; row < rows.rows(); ++row) {
        if (std::isnan(rows(row, column))) continue;
        means(column) += rows(row, column);
        count += 1;
      }
      if (count > 0) means(column) /= count;
    }
    return means;
  }

  Splines splines_;
  Eigen::VectorXd means_;  // of the training rows, without what is missing
  Eigen::RowVectorXd mean_;
  Eigen::RowVectorXd deviation_;
};

}  // namespace

PeriodTable Select(const PeriodTable& table, const std::vector<size_t>& rows) {
  PeriodTable selected;
  selected.columns = table.columns;
  selected.people = table.people;
  selected.rows.resize(static_cast<Index>(rows.size()), table.rows.cols());
  for (size_t i = 0; i < rows.size(); ++i) {
    selected.rows.row(static_cast<Index>(i)) = table.rows.row(static_cast<Index>(rows[i]));
    selected.happened.push_back(table.happened[rows[i]]);
    selected.person.push_back(table.person[rows[i]]);
    selected.period.push_back(table.period[rows[i]]);
    selected.state.push_back(table.state[rows[i]]);
  }
  return selected;
}

std::vector<double> ForecastByMarkov(const PeriodTable& training, const PeriodTable& asked,
                                     const MarkovOptions& options) {
  struct Tally {
    double happened = 0;
    double rows = 0;
  };
  std::map<std::pair<float, uint32_t>, Tally> tallies;
  for (size_t row = 0; row < training.size(); ++row) {
    Tally& tally = tallies[{training.period[row], training.state[row]}];
    tally.happened += training.happened[row];
    tally.rows += 1;
  }
  const double everybody = ShareOf(training);
  std::vector<double> forecasts;
  for (size_t row = 0; row < asked.size(); ++row) {
    const auto found = tallies.find({asked.period[row], asked.state[row]});
    const Tally tally = found == tallies.end() ? Tally{} : found->second;
    forecasts.push_back((tally.happened + options.prior_rows * everybody) /
                        (tally.rows + options.prior_rows));
  }
  return forecasts;
}

std::vector<double> ForecastByLogistic(const PeriodTable& training, const PeriodTable& asked) {
  const Design design(training);
  const Eigen::VectorXd weights =
      internal::FitLogistic(design.Of(training), training.happened, ShareOf(training), 1);
  const Eigen::VectorXd forecasts = (design.Of(asked) * weights).unaryExpr(&Logistic);
  return {forecasts.data(), forecasts.data() + forecasts.size()};
}

Result<std::vector<double>> ForecastByTrees(const PeriodTable& training, const PeriodTable& asked,
                                            const TreeOptions& options) {
  const double share = ShareOf(training);
  if (!(share > 0 && share < 1)) {
    return Fail(ErrorCode::kInvalidArgument, "the event happens always or never in training",
                "event", "give rows of both outcomes");
  }
  recommender::internal::BoosterOptions booster_options;
  booster_options.rounds = options.rounds;
  booster_options.depth = options.depth;
  booster_options.learning_rate = options.learning_rate;
  booster_options.seed = options.seed;
  booster_options.leaf_weight_min = options.leaf_weight_min;
  booster_options.leaf_ridge = 3;
  booster_options.row_share = 0.7;
  booster_options.column_share = 0.5;
  const std::vector<float> labels(training.happened.begin(), training.happened.end());
  KSTATI_TRY(const recommender::internal::Booster booster,
             recommender::internal::Booster::Train(training.rows, labels, booster_options));
  return booster.Predict(asked.rows);
}

}  // namespace kstati::recommender::hazards
