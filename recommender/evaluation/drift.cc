// SPDX-License-Identifier: Apache-2.0
#include "recommender/evaluation/drift.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "recommender/evaluation/probability_measures.h"

namespace kstati::recommender::evaluation {
namespace {

constexpr size_t kTenths = 10;
constexpr double kRuleOfThree = 3;  // upper bound of a share never seen, times the sample, at 95 %

// Where the tenths of the first month end, and how its scores fall into them.
class Baseline {
 public:
  explicit Baseline(std::vector<double> scores) {
    std::ranges::sort(scores);
    for (size_t tenth = 1; tenth < kTenths; ++tenth) {
      ends_[tenth - 1] = scores.empty() ? 0 : scores[scores.size() * tenth / kTenths];
    }
    shares_ = SharesOf(scores);
  }

  double Stability(const std::vector<double>& scores) const {
    const Shares shares = SharesOf(scores);
    double index = 0;
    for (size_t tenth = 0; tenth < kTenths; ++tenth) {
      index += (shares[tenth] - shares_[tenth]) * std::log(shares[tenth] / shares_[tenth]);
    }
    return index;
  }

 private:
  using Shares = std::array<double, kTenths>;

  // Half a score more in each, so that an empty one does not make the index infinite.
  Shares SharesOf(const std::vector<double>& scores) const {
    Shares counts;
    counts.fill(0.5);
    for (const double score : scores) {
      counts[static_cast<size_t>(std::ranges::upper_bound(ends_, score) - ends_.begin())] += 1;
    }
    const double sum = std::accumulate(counts.begin(), counts.end(), 0.0);
    for (double& count : counts) count /= sum;
    return counts;
  }

  std::array<double, kTenths - 1> ends_{};
  Shares shares_{};
};

struct MonthData {
  size_t lists = 0;
  std::vector<double> scores;
  Forecasts shown;
  std::map<CitizenId, uint32_t> people;
};

void Add(const ExposureOutcome& outcome, MonthData& month) {
  const Exposure& exposure = outcome.exposure;
  ++month.lists;
  for (const Exposure::Offer& offer : exposure.offers) month.scores.push_back(offer.score);
  const auto person =
      month.people.emplace(exposure.citizen, static_cast<uint32_t>(month.people.size()))
          .first->second;
  for (size_t place = 0; place < exposure.shown; ++place) {
    month.shown.probability.push_back(exposure.offers[place].score);
    month.shown.happened.push_back(outcome.taken[place] ? 1 : 0);
    month.shown.person.push_back(person);
  }
}

double Mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// Taken up of what was shown; people are drawn as wholes.
Estimate TakenShare(const MonthData& month, const BootstrapOptions& bootstrap) {
  const auto share = [&](const Multiplicity& times) {
    double taken = 0;
    double shown = 0;
    for (size_t row = 0; row < month.shown.person.size(); ++row) {
      const double weight = times[month.shown.person[row]];
      taken += weight * month.shown.happened[row];
      shown += weight;
    }
    return shown > 0 ? taken / shown : 0;
  };
  Estimate taken = Bootstrap(month.people.size(), share, bootstrap);
  const double unseen = kRuleOfThree / static_cast<double>(month.people.size());
  if (taken.value == 0) taken.high = std::max(taken.high, std::min(1.0, unseen));
  if (taken.value == 1) taken.low = std::min(taken.low, std::max(0.0, 1 - unseen));
  return taken;
}

// What the stability index comes to when nothing has changed.
double ByChance(const MonthData& one, const MonthData& other) {
  return (kTenths - 1) * (1 / static_cast<double>(one.people.size()) +
                          1 / static_cast<double>(other.people.size()));
}

Date MonthOf(Date day) {
  const Date::Parts parts = day.parts();
  return Date::Of(parts.year, parts.month, 1);
}

ModelMonth Judge(const MonthData& month, Date first, Date today,
                 const BootstrapOptions& bootstrap) {
  ModelMonth judged;
  judged.first = first;
  judged.people = month.people.size();
  judged.lists = month.lists;
  judged.shown = month.shown.probability.size();
  judged.settled = IsSettled(first.AddMonths(1).AddDays(-1), today);
  if (judged.shown == 0) return judged;
  judged.forecast = Mean(month.shown.probability);
  judged.taken = TakenShare(month, bootstrap);
  judged.calibration_error = CalibrationError(month.shown);
  const bool holds = judged.taken.low <= judged.forecast && judged.forecast <= judged.taken.high;
  judged.miscalibrated = judged.people >= kJudgedPeopleMin && judged.settled && !holds;
  return judged;
}

}  // namespace

std::vector<ModelMonth> MonthsOf(const std::vector<ExposureOutcome>& outcomes, Date today,
                                 const BootstrapOptions& bootstrap) {
  std::map<std::string, std::map<Date, MonthData>> models;
  for (const ExposureOutcome& outcome : outcomes) {
    const std::string& version = outcome.exposure.ranked_by.model_version;
    if (version.empty()) continue;
    Add(outcome, models[version][MonthOf(outcome.exposure.on)]);
  }
  std::vector<ModelMonth> judged;
  for (const auto& [version, months] : models) {
    const MonthData& begin = months.begin()->second;
    const Baseline baseline(begin.scores);
    for (const auto& [first, month] : months) {
      ModelMonth& each = judged.emplace_back(Judge(month, first, today, bootstrap));
      each.model_version = version;
      each.judged = std::min(each.people, begin.people.size()) >= kJudgedPeopleMin;
      each.stability = baseline.Stability(month.scores);
      each.drifted = each.judged && each.stability > kDriftedAbove + ByChance(begin, month);
    }
  }
  std::ranges::stable_sort(judged, {}, &ModelMonth::first);
  return judged;
}

}  // namespace kstati::recommender::evaluation
