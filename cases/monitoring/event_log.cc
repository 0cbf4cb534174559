// SPDX-License-Identifier: Apache-2.0
#include "cases/monitoring/event_log.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace kstati::cases::monitoring {
namespace {

constexpr size_t kDateLength = 10;
constexpr std::array<std::string_view, 3> kDecided{"status.granted", "status.refused",
                                                   "status.done"};
constexpr std::array<std::string_view, 5> kUndecided{
    "status.withdrawn", "status.stopped", "status.erased", "status.annulled", "status.declined"};

struct Row {
  size_t line;  // of its first character, from 1
  std::vector<std::string> fields;
};

// Cuts a CSV text into rows of fields.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : text_(text) {}

  // nullopt at the end.
  Result<std::optional<Row>> Next() {
    while (position_ < text_.size() && IsLineEnd()) Advance();
    if (position_ >= text_.size()) return std::optional<Row>();
    Row row{line_, {}};
    for (;;) {
      KSTATI_TRY(std::string field, Field());
      row.fields.push_back(std::move(field));
      if (position_ >= text_.size() || IsLineEnd()) break;
      Advance();  // the comma
    }
    return std::optional(std::move(row));
  }

 private:
  bool IsLineEnd() const { return text_[position_] == '\n' || text_[position_] == '\r'; }

  void Advance() {
    if (text_[position_] == '\n') ++line_;
    ++position_;
  }

  Result<std::string> Field() {
    std::string field;
    if (position_ >= text_.size() || text_[position_] != '"') {
      while (position_ < text_.size() && text_[position_] != ',' && !IsLineEnd()) {
        field.push_back(text_[position_++]);
      }
      return field;
    }
    const size_t begun_on = line_;
    for (Advance(); position_ < text_.size(); Advance()) {
      if (text_[position_] != '"') {
        field.push_back(text_[position_]);
      } else if (position_ + 1 < text_.size() && text_[position_ + 1] == '"') {
        field.push_back('"');
        Advance();
      } else {
        Advance();
        return field;
      }
    }
    return Fail(ErrorCode::kInvalidArgument, "a quotation mark is not closed",
                "line " + std::to_string(begun_on), "close the field with a quotation mark");
  }

  std::string_view text_;
  size_t position_ = 0;
  size_t line_ = 1;
};

// The places of the columns; SIZE_MAX: the log has none.
struct Places {
  size_t case_id, activity, at, started, ended, deadline, service, authority, channel, reason,
      party;
};

class LogBuilder {
 public:
  LogBuilder(const Columns& columns, const Row& header) : columns_(columns), header_(header) {}

  Result<void> FindColumns() {
    const std::pair<const std::string*, size_t*> wanted[] = {
        {&columns_.case_id, &places_.case_id}, {&columns_.activity, &places_.activity},
        {&columns_.at, &places_.at},           {&columns_.started, &places_.started},
        {&columns_.ended, &places_.ended},     {&columns_.deadline, &places_.deadline},
        {&columns_.service, &places_.service}, {&columns_.authority, &places_.authority},
        {&columns_.channel, &places_.channel}, {&columns_.reason, &places_.reason},
        {&columns_.party, &places_.party},
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

  Result<void> Add(const Row& row) {
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
  const Row& header_;
  Places places_{};
  const Row* row_ = nullptr;
  EventLog log_;
  std::map<std::string, size_t> index_;
};

}  // namespace

bool Tells(const EventLog& log, std::string_view activity) {
  return log.written.contains(activity) || std::ranges::any_of(log.cases, [&](const LoggedCase& c) {
           return std::ranges::any_of(
               c.events, [&](const LoggedEvent& event) { return event.activity == activity; });
         });
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

Result<Instant> ParseLogMoment(std::string_view text) {
  std::string moment(text);
  if (moment.size() > kDateLength && moment[kDateLength] == ' ') moment[kDateLength] = 'T';
  return Instant::Parse(moment);
}

Result<EventLog> ReadCsv(std::string_view text, const Columns& columns) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  CsvReader reader(text);
  KSTATI_TRY(const std::optional<Row> header, reader.Next());
  if (!header) {
    return Fail(ErrorCode::kInvalidArgument, "the log is empty", "line 1",
                "give a CSV file with a header");
  }
  LogBuilder builder(columns, *header);
  KSTATI_TRY_VOID(builder.FindColumns());
  for (;;) {
    KSTATI_TRY(const std::optional<Row> row, reader.Next());
    if (!row) break;
    KSTATI_TRY_VOID(builder.Add(*row));
  }
  return builder.Take();
}

}  // namespace kstati::cases::monitoring
