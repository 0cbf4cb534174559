// SPDX-License-Identifier: Apache-2.0
#include "cases/monitoring/event_log.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <utility>

#include "cases/monitoring/csv.h"

namespace kstati::cases::monitoring {
namespace {

constexpr size_t kDateLength = 10;
constexpr int kBestScore = 5;
constexpr std::array<std::string_view, 3> kDecided{"status.granted", "status.refused",
                                                   "status.done"};
constexpr std::array<std::string_view, 5> kUndecided{
    "status.withdrawn", "status.stopped", "status.erased", "status.annulled", "status.declined"};

// The places of the columns; SIZE_MAX: the log has none.
struct Places {
  size_t case_id, activity, at, started, ended, deadline, service, authority, channel, reason,
      party, regulation, variant, situation, chain, person;
};

class LogBuilder {
 public:
  LogBuilder(const Columns& columns, const CsvRow& header) : columns_(columns), header_(header) {}

  Result<void> FindColumns() {
    const std::pair<const std::string*, size_t*> wanted[] = {
        {&columns_.case_id, &places_.case_id}, {&columns_.activity, &places_.activity},
        {&columns_.at, &places_.at},           {&columns_.started, &places_.started},
        {&columns_.ended, &places_.ended},     {&columns_.deadline, &places_.deadline},
        {&columns_.service, &places_.service}, {&columns_.authority, &places_.authority},
        {&columns_.channel, &places_.channel}, {&columns_.reason, &places_.reason},
        {&columns_.party, &places_.party},     {&columns_.regulation, &places_.regulation},
        {&columns_.variant, &places_.variant}, {&columns_.situation, &places_.situation},
        {&columns_.chain, &places_.chain},     {&columns_.person, &places_.person},
    };
    for (const auto& [name, place] : wanted) {
      const auto found = std::ranges::find(header_.fields, *name);
      const bool there = !name->empty() && found != header_.fields.end();
      *place = there ? static_cast<size_t>(found - header_.fields.begin()) : SIZE_MAX;
    }
    for (const auto& [name, place] :
         {std::pair(&columns_.case_id, places_.case_id),
          std::pair(&columns_.activity, places_.activity), std::pair(&columns_.at, places_.at)}) {
      if (place != SIZE_MAX) continue;
      return Fail(ErrorCode::kInvalidArgument, "the log has no column \"" + *name + "\"", "line 1",
                  "name the log's own column for the case, the activity and the moment");
    }
    return {};
  }

  Result<void> Add(const CsvRow& row) {
    row_ = &row;
    if (row.fields.size() != header_.fields.size()) {
      return Wrong("the line has " + std::to_string(row.fields.size()) + " fields, the header " +
                   std::to_string(header_.fields.size()));
    }
    if (Text(places_.case_id).empty()) return Wrong("the line names no case");
    const auto [known, is_new] = index_.try_emplace(Text(places_.case_id), log_.cases.size());
    KSTATI_TRY(const std::optional<Instant> at, Moment(places_.at));
    if (!at) return Wrong("the line has no moment");
    KSTATI_TRY(LoggedCase described, Describe(*at));
    if (is_new) {
      log_.cases.push_back(std::move(described));
    } else {
      KSTATI_TRY_VOID(CheckSame(log_.cases[known->second], described));
    }
    log_.cases[known->second].events.push_back(
        {Text(places_.activity), *at, Text(places_.reason), Text(places_.party)});
    return {};
  }

  EventLog Take() {
    for (LoggedCase& each : log_.cases) {
      std::ranges::stable_sort(each.events, {}, &LoggedEvent::at);
      if (places_.started == SIZE_MAX) each.started = each.events.front().at;
    }
    return std::move(log_);
  }

 private:
  tl::unexpected<Error> Wrong(std::string what) const {
    return Fail(ErrorCode::kInvalidArgument, std::move(what), "line " + std::to_string(row_->line),
                "correct the line, or leave it out");
  }

  std::string Text(size_t place) const { return place == SIZE_MAX ? "" : row_->fields[place]; }

  Result<std::optional<Instant>> Moment(size_t place) const {
    const std::string text = Text(place);
    if (text.empty()) return std::optional<Instant>();
    const Result<Instant> moment = ParseLogMoment(text);
    if (moment) return std::optional(*moment);
    return Wrong("\"" + text + "\" in column " + header_.fields[place] + " is not a moment");
  }

  Result<LoggedCase> Describe(Instant at) const {
    LoggedCase described;
    described.id = Text(places_.case_id);
    described.service = Text(places_.service);
    described.authority = Text(places_.authority);
    described.channel = Text(places_.channel);
    described.regulation = Text(places_.regulation);
    described.variant = Text(places_.variant);
    described.situation = Text(places_.situation);
    described.chain = Text(places_.chain);
    described.person = Text(places_.person);
    KSTATI_TRY(const std::optional<Instant> started, Moment(places_.started));
    described.started = started.value_or(at);
    KSTATI_TRY(described.ended, Moment(places_.ended));
    KSTATI_TRY(described.deadline, Moment(places_.deadline));
    return described;
  }

  Result<void> CheckSame(const LoggedCase& known, const LoggedCase& now) const {
    const bool same_start = places_.started == SIZE_MAX || known.started == now.started;
    if (same_start && known.ended == now.ended && known.deadline == now.deadline) return {};
    return Wrong("the line tells another start, end or deadline of the case than an earlier one");
  }

  const Columns& columns_;
  const CsvRow& header_;
  Places places_{};
  const CsvRow* row_ = nullptr;
  EventLog log_;
  std::map<std::string, size_t> index_;
};

}  // namespace

bool Tells(const EventLog& log, std::string_view activity) {
  const auto in_case = [&](const LoggedCase& c) {
    return std::ranges::find(c.events, activity, &LoggedEvent::activity) != c.events.end();
  };
  return log.written.contains(activity) || std::ranges::any_of(log.cases, in_case) ||
         std::ranges::find(log.feedback, activity, &Feedback::activity) != log.feedback.end();
}

bool IsCase(const LoggedCase& c) {
  return c.events.empty() || std::ranges::any_of(c.events, [](const LoggedEvent& event) {
           return event.activity != activity::kFilingRefused;
         });
}

bool EndedUndecided(const LoggedCase& c) {
  for (const LoggedEvent& event : c.events) {
    if (std::ranges::find(kDecided, event.activity) != kDecided.end()) return false;
    if (std::ranges::find(kUndecided, event.activity) != kUndecided.end()) return true;
  }
  return false;
}

std::optional<int> ScoreIn(std::string_view reason) {
  int score = 0;
  const char* const end = reason.data() + reason.size();
  const auto [read, error] = std::from_chars(reason.data(), end, score);
  const bool whole = error == std::errc() && read == end;
  if (!whole || score < 1 || score > kBestScore) return std::nullopt;
  return score;
}

Result<Instant> ParseLogMoment(std::string_view text) {
  std::string moment(text);
  if (moment.size() > kDateLength && moment[kDateLength] == ' ') moment[kDateLength] = 'T';
  return Instant::Parse(moment);
}

Result<EventLog> ReadCsv(std::string_view text, const Columns& columns) {
  CsvReader reader(text);
  KSTATI_TRY(const std::optional<CsvRow> header, reader.Next());
  if (!header) {
    return Fail(ErrorCode::kInvalidArgument, "the log is empty", "line 1",
                "give a CSV file with a header");
  }
  LogBuilder builder(columns, *header);
  KSTATI_TRY_VOID(builder.FindColumns());
  for (;;) {
    KSTATI_TRY(const std::optional<CsvRow> row, reader.Next());
    if (!row) break;
    KSTATI_TRY_VOID(builder.Add(*row));
  }
  return builder.Take();
}

}  // namespace kstati::cases::monitoring
