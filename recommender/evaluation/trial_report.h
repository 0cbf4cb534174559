// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "recommender/arms.h"
#include "recommender/evaluation/bootstrap.h"
#include "recommender/exposure.h"

namespace kstati::recommender::evaluation {

// What an arm's people were shown and took up. Of fewer than kLeastGroup people nothing but that.
struct ArmFigures {
  Arm arm;
  uint64_t people = 0;  // shown anything; 0 also when they are too few to tell of
  uint64_t lists = 0;
  uint64_t shown = 0;
  // Of what was shown, the share that was taken up within kOutcomeDays; with the interval over
  // people. Nothing where the trial is not to be told, or not yet.
  std::optional<Estimate> taken;
  // Of that share, from the first arm's. The intervals of all arms hold at once with 95 percent
  // (Holm): zero lies outside of one where the arm differs, however many there are.
  std::optional<Estimate> difference;
};

enum class TrialFinding {
  kPasses,             // an A/A: its arms do not differ
  kDiffers,            // an A/A: its arms differ though nothing was done to them
  kOtherShares,        // the arms' people are not split as declared: something is lost or doubled
  kNotSettled,         // lists may still be taken up; nothing is told
  kTooFewPeople,       // in some arm
  kNothingTaken,       // in some arm, of an A/A: it says nothing; of an A/B: in all arms
  kNoSameAgainstSame,  // an A/B: no A/A of the same split ended before and passed
  kTold,               // an A/B
};

struct TrialReport {
  Trial trial;
  TrialFinding finding = TrialFinding::kTold;
  // How often the declared shares would split people as unevenly as the arms are, or more so
  // (chi-square); below kSplitDoubt something other than chance did. Nothing where people are too
  // few to tell.
  std::optional<double> split_chance;
  std::vector<ArmFigures> arms;  // as the trial declares them
};

inline constexpr double kSplitDoubt = 0.001;

// Of trials of one name, in the order of their days, by the log alone: a list counts where it says
// that it was shown in this trial, by this split of people and by the arm's version. Before nothing
// can be taken up any more no figure of what was taken up is told, so that an interval is looked at
// once. An A/A passes when people are split as declared, something was taken up in each arm, and
// the interval of each difference holds zero. An A/B tells neither differences nor shares by arm
// unless the latest A/A of the same name and split that ended before it passes: what the same order
// does to both must be known to be nothing first.
std::vector<TrialReport> ReportOnTrials(std::vector<Trial> trials,
                                        const std::vector<ExposureOutcome>& outcomes, Date today,
                                        const BootstrapOptions& options);

}  // namespace kstati::recommender::evaluation
