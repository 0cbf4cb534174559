// SPDX-License-Identifier: Apache-2.0
#include "cases/monitoring/feedback.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <optional>
#include <utility>

#include "cases/monitoring/csv.h"

namespace kstati::cases::monitoring {
namespace {

constexpr uint64_t kMostTimes = 100'000'000;  // more on a day is a mistake
constexpr std::array<std::string_view, 8> kKinds{
    activity::kComplaint,  activity::kSupport,        activity::kError,
    activity::kContact,    activity::kProbeAvailable, activity::kProbeFailed,
    activity::kSurveyTime, activity::kSurveyEffort};
constexpr std::array<std::string_view, 3> kRequired{"day", "what", "count"};
constexpr std::array<std::string_view, 6> kOptional{"service",   "variant", "procedure",
                                                    "authority", "channel", "score"};

bool IsSurvey(std::string_view what) {
  return what == activity::kSurveyTime || what == activity::kSurveyEffort;
}

class FeedbackReader {
 public:
  explicit FeedbackReader(const CsvRow& header) : header_(header) {}

  Result<void> CheckHeader() const {
    for (const std::string_view name : kRequired) {
      if (std::ranges::find(header_.fields, name) != header_.fields.end()) continue;
      return Wrong(header_.line, "there is no column \"" + std::string(name) + "\"");
    }
    for (const std::string& name : header_.fields) {
      const bool known = std::ranges::find(kRequired, name) != kRequired.end() ||
                         std::ranges::find(kOptional, name) != kOptional.end();
      if (!known) return Wrong(header_.line, "the column \"" + name + "\" is not known");
    }
    return {};
  }

  Result<Feedback> Read(const CsvRow& row) const {
    if (row.fields.size() != header_.fields.size()) {
      return Wrong(row.line, "the line has " + std::to_string(row.fields.size()) +
                                 " fields, the header " + std::to_string(header_.fields.size()));
    }
    Feedback feedback;
    feedback.activity = Text(row, "what");
    if (std::ranges::find(kKinds, feedback.activity) == kKinds.end()) {
      return Wrong(row.line, "\"" + feedback.activity + "\" is no kind of feedback");
    }
    const Result<Date> day = Date::Parse(Text(row, "day"));
    if (!day) return Wrong(row.line, "\"" + Text(row, "day") + "\" is no day");
    feedback.day = *day;
    const std::string count = Text(row, "count");
    const char* const end = count.data() + count.size();
    const auto [read, error] = std::from_chars(count.data(), end, feedback.count);
    if (error != std::errc() || read != end || feedback.count > kMostTimes) {
      return Wrong(row.line, "\"" + count + "\" is no count");
    }
    const std::string score = Text(row, "score");
    feedback.score = ScoreIn(score).value_or(0);
    const bool fits = IsSurvey(feedback.activity) ? feedback.score > 0 : score.empty();
    if (!fits) return Wrong(row.line, "\"" + score + "\" is no score of this");
    feedback.service = Text(row, "service");
    feedback.variant = Text(row, "variant");
    feedback.procedure = Text(row, "procedure");
    feedback.authority = Text(row, "authority");
    feedback.channel = Text(row, "channel");
    return feedback;
  }

 private:
  static tl::unexpected<Error> Wrong(size_t line, std::string what) {
    return Fail(ErrorCode::kInvalidArgument, std::move(what), "line " + std::to_string(line),
                "the header is day,what,count and any of service,variant,procedure,authority,"
                "channel,score; a score of 1 to 5 belongs to survey.time and survey.effort");
  }

  std::string Text(const CsvRow& row, std::string_view column) const {
    const auto found = std::ranges::find(header_.fields, column);
    if (found == header_.fields.end()) return {};
    return row.fields[static_cast<size_t>(found - header_.fields.begin())];
  }

  const CsvRow& header_;
};

}  // namespace

Result<std::vector<Feedback>> ReadFeedback(std::string_view text) {
  CsvReader rows(text);
  KSTATI_TRY(const std::optional<CsvRow> header, rows.Next());
  if (!header) {
    return Fail(ErrorCode::kInvalidArgument, "there is no feedback", "line 1",
                "give a CSV file with a header");
  }
  const FeedbackReader reader(*header);
  KSTATI_TRY_VOID(reader.CheckHeader());
  std::vector<Feedback> all;
  for (;;) {
    KSTATI_TRY(const std::optional<CsvRow> row, rows.Next());
    if (!row) return all;
    KSTATI_TRY(Feedback feedback, reader.Read(*row));
    all.push_back(std::move(feedback));
  }
}

Result<Record> RecordOfFeedback(const std::vector<Record>& records, std::string_view text,
                                const std::string& file, const std::string& by, Instant at) {
  const std::string digest = DigestOf(text);
  for (const Record& record : records) {
    if (record.kind != kFeedbackImported || record.Get("digest") != digest) continue;
    return Fail(ErrorCode::kConflict,
                "the same was imported on " + record.at.ToString() + " from " + record.Get("file"),
                file, "give a file with other days");
  }
  return Record{0,
                at,
                std::string(kFeedbackImported),
                {{"file", file}, {"by", by}, {"digest", digest}, {"text", std::string(text)}}};
}

Result<std::vector<Feedback>> FeedbackIn(const std::vector<Record>& records) {
  std::vector<Feedback> all;
  for (const Record& record : records) {
    if (record.kind != kFeedbackImported) continue;
    KSTATI_TRY(std::vector<Feedback> some, ReadFeedback(record.Get("text")));
    std::ranges::move(some, std::back_inserter(all));
  }
  return all;
}

}  // namespace kstati::cases::monitoring
