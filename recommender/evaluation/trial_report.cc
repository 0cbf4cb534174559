// SPDX-License-Identifier: Apache-2.0
#include "recommender/evaluation/trial_report.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/small_groups.h"

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

Estimate DifferenceOf(const std::vector<ArmPerson>& arm, const std::vector<ArmPerson>& first,
                      const BootstrapOptions& options) {
  return Bootstrap(
      first.size() + arm.size(),
      [&](const Multiplicity& times) {
        return ShareOf(arm, times, first.size()) - ShareOf(first, times, 0);
      },
      options);
}

bool HoldsZero(const ArmFigures& arm) {
  return !arm.difference || (arm.difference->low <= 0 && 0 <= arm.difference->high);
}

// What keeps the arms from being compared; nullopt: nothing.
std::optional<TrialFinding> Hindrance(const Trial& trial, const std::vector<ArmLog>& logs) {
  const auto is_small = [](const ArmLog& log) { return log.by_citizen.size() < kLeastGroup; };
  if (std::ranges::any_of(logs, is_small)) return TrialFinding::kTooFewPeople;
  const auto has_nothing = [](const ArmLog& log) { return log.Taken() == 0; };
  const bool nothing = trial.IsSameAgainstSame() ? std::ranges::any_of(logs, has_nothing)
                                                 : std::ranges::all_of(logs, has_nothing);
  if (nothing) return TrialFinding::kNothingTaken;
  return std::nullopt;
}

TrialFinding FindingOf(const TrialReport& report, Date today) {
  if (report.trial.until.AddDays(kOutcomeDays) >= today) return TrialFinding::kNotSettled;
  if (!report.trial.IsSameAgainstSame()) return TrialFinding::kTold;
  return std::ranges::all_of(report.arms, HoldsZero) ? TrialFinding::kPasses
                                                     : TrialFinding::kDiffers;
}

// `judged`: an A/A of the same people has passed, or this is one.
TrialReport ReportOn(const Trial& trial, const std::vector<ArmLog>& logs, bool judged, Date today,
                     const BootstrapOptions& options) {
  TrialReport report{trial, TrialFinding::kNoSameAgainstSame, {}};
  for (size_t i = 0; i < logs.size(); ++i) {
    ArmFigures figures;
    figures.arm = trial.arms[i];
    const std::vector<ArmPerson> people = logs[i].People();
    if (people.size() >= kLeastGroup) {
      figures.people = people.size();
      figures.lists = logs[i].lists;
      for (const ArmPerson& person : people) figures.shown += static_cast<uint64_t>(person.shown);
      if (judged) figures.taken = ShareWithInterval(people, options);
    }
    report.arms.push_back(std::move(figures));
  }
  if (!judged) return report;
  if (const auto hindrance = Hindrance(trial, logs)) {
    report.finding = *hindrance;
    return report;
  }
  for (size_t i = 1; i < logs.size(); ++i) {
    report.arms[i].difference = DifferenceOf(logs[i].People(), logs[0].People(), options);
  }
  report.finding = FindingOf(report, today);
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
