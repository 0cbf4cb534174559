// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "recommender/evaluation/interaction_evaluation.h"
#include "recommender/evaluation/model_comparison.h"
#include "recommender/evaluation/period_evaluation.h"

namespace kstati::recommender::evaluation {

// The files of a report by name: report.md and the plots it shows.
using ReportFiles = std::map<std::string, std::string>;

ReportFiles ReportOf(const InteractionJudgement& judgement, const std::string& source);
ReportFiles ReportOf(const PeriodJudgement& judgement, const std::string& source);
ReportFiles ReportOf(const TrainReport& report);
ReportFiles ReportOf(const ModelComparison& comparison);

// Writes the files into the folder, which is made where it is not there. kUnavailable when the disk
// refuses.
Result<void> WriteReport(const ReportFiles& files, const std::string& folder);

}  // namespace kstati::recommender::evaluation
