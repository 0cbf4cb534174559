// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cases/monitoring/event_log.h"
#include "cases/monitoring/records.h"

namespace kstati::cases::monitoring {

// Reads feedback from CSV with a header: day, what, count and, as far as it is known, service,
// variant, procedure, authority, channel and score. What: complaint, support, error, contact,
// probe.available, probe.failed, survey.time, survey.effort; a survey's lines have a score of 1 to
// 5, and how many gave it. kInvalidArgument with the line of what cannot be read.
Result<std::vector<Feedback>> ReadFeedback(std::string_view text);

// Imported feedback keeps the text that it was imported from.
inline constexpr std::string_view kFeedbackImported = "feedback.imported";

// A record of feedback; kConflict when the same text was imported before.
Result<Record> RecordOfFeedback(const std::vector<Record>& records, std::string_view text,
                                const std::string& file, const std::string& by, Instant at);

// All that was imported.
Result<std::vector<Feedback>> FeedbackIn(const std::vector<Record>& records);

}  // namespace kstati::cases::monitoring
