// SPDX-License-Identifier: Apache-2.0
#include "recommender/evaluation/trial_report.h"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <map>
#include <numeric>
#include <utility>

#include "base/small_groups.h"
#include "recommender/evaluation/drawings.h"

namespace kstati::recommender::evaluation {
namespace {

struct ArmPerson {
  double taken = 0;
  double shown = 0;
};

// What the log has of one arm.
struct ArmLog {
  std::map<CitizenId, ArmPerson> by_citizen;
  uint64_t lists = 0;

  std::vector<ArmPerson> People() const {
    std::vector<ArmPerson> people;
    for (const auto& [citizen, person] : by_citizen) people.push_back(person);
    return people;
  }
  double Taken() const {
    double taken = 0;
    for (const auto& [citizen, person] : by_citizen) taken += person.taken;
    return taken;
  }
};

std::vector<ArmLog> LogsOf(const Trial& trial, const std::vector<ExposureOutcome>& outcomes) {
  std::vector<ArmLog> logs(trial.arms.size());
  const std::string split = trial.Split();
  for (const auto& [exposure, taken] : outcomes) {
    if (exposure.arm.trial != trial.name || exposure.arm.split != split) continue;
    if (!trial.IsOn(exposure.on) || exposure.shown == 0) continue;
    const auto arm = std::ranges::find(trial.arms, exposure.arm.arm, &Arm::name);
    if (arm == trial.arms.end() || arm->version != exposure.ranked_by.model_version) continue;
    ArmLog& log = logs[static_cast<size_t>(arm - trial.arms.begin())];
    log.lists += 1;
    ArmPerson& person = log.by_citizen[exposure.citizen];
    person.shown += static_cast<double>(exposure.shown);
    person.taken += static_cast<double>(std::ranges::count(taken, true));
  }
  return logs;
}

// Of the people from `first` on.
double ShareOf(const std::vector<ArmPerson>& people, const Multiplicity& times, size_t first) {
  double taken = 0;
  double shown = 1e-9;
  for (size_t i = 0; i < people.size(); ++i) {
    taken += times[first + i] * people[i].taken;
    shown += times[first + i] * people[i].shown;
  }
  return taken / shown;
}

Estimate ShareWithInterval(const std::vector<ArmPerson>& people, const BootstrapOptions& options) {
  return Bootstrap(
      people.size(), [&](const Multiplicity& times) { return ShareOf(people, times, 0); }, options);
}

Drawings DifferenceOf(const std::vector<ArmPerson>& arm, const std::vector<ArmPerson>& first,
                      const BootstrapOptions& options) {
  return Draw(
      first.size() + arm.size(),
      [&](const Multiplicity& times) {
        return ShareOf(arm, times, first.size()) - ShareOf(first, times, 0);
      },
      options);
}

// Of each arm but the first. The least probable difference has an interval at 5 percent by the
// number of differences, the next one by one fewer, and so on for as long as zero is outside; what
// is left has the interval at which that ended (Holm).
std::vector<Estimate> DifferencesOf(const std::vector<ArmLog>& logs,
                                    const BootstrapOptions& options) {
  constexpr double kTail = 0.025;
  std::vector<Drawings> drawings;
  for (size_t i = 1; i < logs.size(); ++i) {
    drawings.push_back(DifferenceOf(logs[i].People(), logs[0].People(), options));
  }
  std::vector<size_t> order(drawings.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, {}, [&](size_t i) { return ChanceOfZero(drawings[i]); });
  std::vector<Estimate> differences(drawings.size());
  size_t left = drawings.size();
  bool has_ended = false;
  for (const size_t i : order) {
    differences[i] = EstimateOf(drawings[i], kTail / static_cast<double>(left));
    const bool differs = differences[i].low > 0 || differences[i].high < 0;
    has_ended = has_ended || !differs;
    if (!has_ended && left > 1) --left;
  }
  return differences;
}

// Nothing where chi-square says nothing, an arm being expected to have too few people.
std::optional<double> SplitChance(const Trial& trial, const std::vector<ArmLog>& logs) {
  constexpr double kExpectedMin = 5;
  double people = 0;
  double percent = 0;
  for (size_t i = 0; i < logs.size(); ++i) {
    people += static_cast<double>(logs[i].by_citizen.size());
    percent += trial.arms[i].percent;
  }
  double distance = 0;
  for (size_t i = 0; i < logs.size(); ++i) {
    const double expected = people * trial.arms[i].percent / percent;
    if (expected < kExpectedMin) return std::nullopt;
    const double more = static_cast<double>(logs[i].by_citizen.size()) - expected;
    distance += more * more / expected;
  }
  const boost::math::chi_squared by_chance(static_cast<double>(logs.size() - 1));
  return boost::math::cdf(boost::math::complement(by_chance, distance));
}

// What keeps the arms from being compared; nullopt: nothing. `judged`: an A/A of the same people
// has passed, or this is one.
std::optional<TrialFinding> Hindrance(const TrialReport& report, const std::vector<ArmLog>& logs,
                                      bool judged, Date today) {
  const Trial& trial = report.trial;
  if (report.split_chance && *report.split_chance < kSplitDoubt) return TrialFinding::kOtherShares;
  if (!judged) return TrialFinding::kNoSameAgainstSame;
  if (!IsSettled(trial.until, today)) return TrialFinding::kNotSettled;
  const auto is_small = [](const ArmLog& log) { return log.by_citizen.size() < kLeastGroup; };
  if (std::ranges::any_of(logs, is_small)) return TrialFinding::kTooFewPeople;
  const auto has_nothing = [](const ArmLog& log) { return log.Taken() == 0; };
  const bool nothing = trial.IsSameAgainstSame() ? std::ranges::any_of(logs, has_nothing)
                                                 : std::ranges::all_of(logs, has_nothing);
  if (nothing) return TrialFinding::kNothingTaken;
  return std::nullopt;
}

bool HoldsZero(const ArmFigures& arm) {
  return !arm.difference || (arm.difference->low <= 0 && 0 <= arm.difference->high);
}

TrialFinding FindingOf(const TrialReport& report) {
  if (!report.trial.IsSameAgainstSame()) return TrialFinding::kTold;
  return std::ranges::all_of(report.arms, HoldsZero) ? TrialFinding::kPasses
                                                     : TrialFinding::kDiffers;
}

TrialReport ReportOn(const Trial& trial, const std::vector<ArmLog>& logs, bool judged, Date today,
                     const BootstrapOptions& options) {
  TrialReport report;
  report.trial = trial;
  report.split_chance = SplitChance(trial, logs);
  const std::optional<TrialFinding> hindrance = Hindrance(report, logs, judged, today);
  for (size_t i = 0; i < logs.size(); ++i) {
    ArmFigures& figures = report.arms.emplace_back();
    figures.arm = trial.arms[i];
    const std::vector<ArmPerson> people = logs[i].People();
    if (people.size() < kLeastGroup) continue;
    figures.people = people.size();
    figures.lists = logs[i].lists;
    for (const ArmPerson& person : people) figures.shown += static_cast<uint64_t>(person.shown);
    if (!hindrance) figures.taken = ShareWithInterval(people, options);
  }
  if (hindrance) {
    report.finding = *hindrance;
    return report;
  }
  const std::vector<Estimate> differences = DifferencesOf(logs, options);
  for (size_t i = 0; i < differences.size(); ++i) report.arms[i + 1].difference = differences[i];
  report.finding = FindingOf(report);
  return report;
}

// Whether the latest A/A of the same people that ended before passes.
bool IsJudged(const Trial& trial, const std::vector<TrialReport>& before) {
  for (size_t i = before.size(); i-- > 0;) {
    const Trial& earlier = before[i].trial;
    if (earlier.IsSameAgainstSame() && earlier.Split() == trial.Split() &&
        earlier.until < trial.from) {
      return before[i].finding == TrialFinding::kPasses;
    }
  }
  return false;
}

}  // namespace

std::vector<TrialReport> ReportOnTrials(std::vector<Trial> trials,
                                        const std::vector<ExposureOutcome>& outcomes, Date today,
                                        const BootstrapOptions& options) {
  std::ranges::sort(trials, {}, &Trial::from);
  std::vector<TrialReport> reports;
  for (const Trial& trial : trials) {
    const bool judged = trial.IsSameAgainstSame() || IsJudged(trial, reports);
    reports.push_back(ReportOn(trial, LogsOf(trial, outcomes), judged, today, options));
  }
  return reports;
}

}  // namespace kstati::recommender::evaluation
