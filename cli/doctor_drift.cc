// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor_drift.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "cli/commands/model_data.h"
#include "cli/system.h"
#include "recommender/evaluation/drift.h"

namespace kstati::cli {
namespace {

using recommender::evaluation::ModelMonth;

constexpr int kDriftResamples = 200;

std::string MonthName(const ModelMonth& month) { return month.first.ToString().substr(0, 7); }

std::string StabilityOf(const ModelMonth& month) {
  char text[64];
  std::snprintf(text, sizeof text, "%s: stability index %.2f", MonthName(month).c_str(),
                month.stability);
  return text;
}

std::string ForecastOf(const ModelMonth& month) {
  char text[64];
  std::snprintf(text, sizeof text, "%s: forecast %.4f, taken up ", MonthName(month).c_str(),
                month.forecast);
  return text + Readable(month.taken);
}

// The months of one model, oldest first.
Finding DriftIn(const std::vector<ModelMonth>& months) {
  const ModelMonth& latest = months.back();
  std::string state = StabilityOf(latest);
  const auto settled = std::find_if(months.rbegin(), months.rend(),
                                    [](const ModelMonth& month) { return month.settled; });
  if (settled != months.rend()) state += "; " + ForecastOf(*settled);
  const bool is_wrong = settled != months.rend() && settled->miscalibrated;
  if (!latest.drifted && !is_wrong) return {"model drift", Health::kOk, state, ""};
  const std::string what = latest.drifted ? "its scores have moved" : "its forecast does not hold";
  return {"model drift", Health::kWarning, what + " (" + state + ")",
          "`kstati model drift` shows it month by month; train again and compare before "
          "activating"};
}

}  // namespace

std::optional<Finding> ExamineDrift(const Config& config) {
  const auto system = System::Open(config, StoreUse::kExisting);
  if (!system) return std::nullopt;
  const std::string active = (*system)->ranker().Get()->ranked_by().model_version;
  if (active.empty()) return std::nullopt;
  const auto outcomes = ReadOutcomes((*system)->store());
  if (!outcomes) return std::nullopt;
  std::vector<ModelMonth> months = recommender::evaluation::MonthsOf(
      *outcomes, (*system)->world().Today(), {kDriftResamples, 1});
  std::erase_if(months, [&](const ModelMonth& month) { return month.model_version != active; });
  if (months.empty()) return std::nullopt;
  return DriftIn(months);
}

}  // namespace kstati::cli
