// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor_drift.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "cli/commands/model_data.h"
#include "cli/system.h"

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

template <class Holds>
const ModelMonth* LastOf(const std::vector<ModelMonth>& months, const Holds& holds) {
  const auto last = std::find_if(months.rbegin(), months.rend(), holds);
  return last == months.rend() ? nullptr : &*last;
}

}  // namespace

Finding DriftIn(const std::vector<ModelMonth>& months) {
  // A month that has just begun says nothing yet.
  const ModelMonth* judged = LastOf(months, [](const ModelMonth& month) { return month.judged; });
  if (judged == nullptr) {
    return {"model drift", Health::kOk,
            "too few people were shown its lists to judge it: " +
                std::to_string(recommender::evaluation::kJudgedPeopleMin) + " a month are needed",
            ""};
  }
  std::string state = StabilityOf(*judged);
  const ModelMonth* settled =
      LastOf(months, [](const ModelMonth& month) { return month.judged && month.settled; });
  if (settled != nullptr) state += "; " + ForecastOf(*settled);
  const bool is_wrong = settled != nullptr && settled->miscalibrated;
  if (!judged->drifted && !is_wrong) return {"model drift", Health::kOk, state, ""};
  const std::string what = judged->drifted ? "its scores have moved" : "its forecast does not hold";
  return {"model drift", Health::kWarning, what + " (" + state + ")",
          "`kstati model drift` shows it month by month; train again and compare before "
          "activating"};
}

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
