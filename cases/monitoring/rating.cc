// SPDX-License-Identifier: Apache-2.0
#include "cases/monitoring/rating.h"

#include <algorithm>
#include <cmath>

#include "base/decimal.h"
#include "base/yaml.h"

namespace kstati::cases::monitoring {
namespace {

constexpr double kNormal95 = 1.959963984540054;
constexpr double kWholePoints = 100;
constexpr double kRounding = 1e-9;

double WeightIn(const yaml::Node& node) {
  const std::optional<std::string> text = node.Text();
  if (!text) return 0;
  char* end = nullptr;
  const double weight = std::strtod(text->c_str(), &end);
  if (end == text->c_str() + text->size() && weight >= 0 && weight <= 1) return weight;
  node.Problem("a weight is a number from 0 to 1");
  return 0;
}

Share Others(uint64_t part, uint64_t whole) { return {whole - std::min(part, whole), whole}; }

}  // namespace

RatingFormula LoadRatingFormula(const std::string& path, std::vector<Issue>& issues) {
  RatingFormula formula;
  const yaml::Document document(path, issues);
  const yaml::Node root = document.root();
  if (!root) return formula;
  formula.version = root.Require("version").Text().value_or("");
  const std::optional<int64_t> cases_min = root.Require("cases_min").Integer();
  formula.cases_min = static_cast<uint64_t>(std::max<int64_t>(1, cases_min.value_or(1)));
  const yaml::Node weights = root.Require("weights");
  formula.in_time = WeightIn(weights.Require("in_time"));
  formula.not_refused = WeightIn(weights.Require("not_refused"));
  formula.without_complaint = WeightIn(weights.Require("without_complaint"));
  formula.not_made_to_come = WeightIn(weights.Require("not_made_to_come"));
  const double sum =
      formula.in_time + formula.not_refused + formula.without_complaint + formula.not_made_to_come;
  if (std::abs(sum - 1) > kRounding) weights.Problem("the weights do not make one");
  weights.RejectUnknownKeys();
  root.RejectUnknownKeys();
  return formula;
}

double LowerEnd(const Share& share) {
  if (share.whole == 0) return 0;
  const double n = static_cast<double>(share.whole);
  const double p = static_cast<double>(share.part) / n;
  const double z2 = kNormal95 * kNormal95;
  const double middle = p + z2 / (2 * n);
  const double spread = kNormal95 * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
  return std::max(0.0, (middle - spread) / (1 + z2 / n));
}

std::vector<Rating> Rate(const EventLog& log, const RatingFormula& formula, Instant at) {
  std::vector<Rating> ratings;
  for (const GroupReport& each : MakeReports(log, Grouping::kAuthority, at)) {
    const Report& report = each.report;
    Rating rating{each.group, report.closed, std::nullopt};
    rating.in_time = LowerEnd(Others(report.late.part, report.late.whole));
    rating.not_refused = LowerEnd(Others(report.refusals.part, report.refusals.whole));
    rating.without_complaint = LowerEnd(Others(report.complaints.value_or(0), report.cases));
    const uint64_t forced = report.visits_without_ground.value_or(0) +
                            report.unlisted_asks.value_or(0) + report.held_asks.value_or(0) +
                            report.refused_then_visited.value_or(0);
    rating.not_made_to_come = LowerEnd(Others(forced, report.cases));
    if (report.closed >= formula.cases_min) {
      rating.score = kWholePoints *
                     (formula.in_time * rating.in_time + formula.not_refused * rating.not_refused +
                      formula.without_complaint * rating.without_complaint +
                      formula.not_made_to_come * rating.not_made_to_come);
    }
    ratings.push_back(std::move(rating));
  }
  std::ranges::stable_sort(ratings, [](const Rating& a, const Rating& b) {
    return a.score.value_or(-1) > b.score.value_or(-1);
  });
  return ratings;
}

}  // namespace kstati::cases::monitoring
