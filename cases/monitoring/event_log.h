// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

// What an independent monitor sees: cases without people, and numbers made from them.
namespace kstati::cases::monitoring {

// Activities that mean something to the reports; others are kept and only timed.
namespace activity {
inline constexpr std::string_view kSourceAsked = "source.asked";
inline constexpr std::string_view kSourceAnswered = "source.answered";
inline constexpr std::string_view kSourceSilent = "source.silent";  // nobody waits for it any more
inline constexpr std::string_view kSystemDown = "system.down";
inline constexpr std::string_view kSystemUp = "system.up";
inline constexpr std::string_view kOfficialAssigned = "official.assigned";
inline constexpr std::string_view kOfficialDone = "official.done";
inline constexpr std::string_view kPaused = "clock.paused";
inline constexpr std::string_view kResumed = "clock.resumed";
inline constexpr std::string_view kSuspended = "status.suspended";
inline constexpr std::string_view kRefused = "status.refused";
inline constexpr std::string_view kFilingRefused = "filing.refused";  // electronic filing
inline constexpr std::string_view kVisit = "visit";               // reason: the legal ground of it
inline constexpr std::string_view kDocument = "document.shown";   // by the person, on paper or not
inline constexpr std::string_view kUnlistedAsk = "ask.unlisted";  // outside of the regulation
inline constexpr std::string_view kHeldAsk = "ask.held";          // of what the state has
inline constexpr std::string_view kContact = "contact";           // of the person with anybody
inline constexpr std::string_view kError = "error";
inline constexpr std::string_view kComplaint = "complaint";
inline constexpr std::string_view kSupport = "support";
inline constexpr std::string_view kProbeAvailable = "probe.available";  // of the service's form
inline constexpr std::string_view kProbeFailed = "probe.failed";
inline constexpr std::string_view kSurveyTime = "survey.time";  // reason: a score of 1 to 5
inline constexpr std::string_view kSurveyEffort = "survey.effort";
}  // namespace activity

struct LoggedEvent {
  std::string activity;
  Instant at;
  std::string reason;  // a key or a number; may be empty
  std::string party;   // the source, the official's desk or the system; may be empty
};

struct LoggedCase {
  std::string id;
  std::string service;  // empty: the log tells none
  std::string authority;
  std::string channel;
  Instant started;
  std::optional<Instant> ended;
  std::optional<Instant> deadline;  // the last moment in time
  std::vector<LoggedEvent> events;  // by moment; of equal ones in the log's order
  // The version of its service's regulation: the day from which it is in force; empty: not told.
  std::string regulation = {};
  std::string variant = {};    // of that regulation; empty: not told, or there are none
  std::string situation = {};  // the life situation; empty: applied for outside of one, or not told
  std::string chain = {};      // cases of the same person and situation share one; empty: not told
  std::string person = {};     // cases of the same person share one, a number; empty: not told
};

// How often something happened on a day that is told of no case: complaints, calls for help, what
// people answered when they were asked.
struct Feedback {
  std::string activity;
  Date day;
  std::string service;
  std::string variant;    // of the service; empty: not told
  std::string procedure;  // a kind of procedure; empty: not told
  std::string authority;
  std::string channel;
  uint64_t count = 0;
  int score = 0;  // of a survey: 1 to 5, given so often; else 0
};

struct EventLog {
  std::vector<LoggedCase> cases;  // in order of their first line
  std::vector<Feedback> feedback = {};
  // Activities that whoever wrote the log writes down when they happen: that none is there means
  // that none was. Of others it means nothing.
  std::set<std::string, std::less<>> written = {};
};

// Whether the log tells of the activity where it happens, in cases or as feedback.
bool Tells(const EventLog& log, std::string_view activity);
// Whether an application was taken; all that is told of one that was not are refused filings.
bool IsCase(const LoggedCase& c);
// Whether the case ended without a decision: withdrawn, stopped or taken back. How long that took
// says nothing of the authority.
bool EndedUndecided(const LoggedCase& c);

// Which column holds what; an empty name: the log has no such column. The defaults are those of an
// event log in XES form exported as CSV.
struct Columns {
  std::string case_id = "case:concept:name";
  std::string activity = "concept:name";
  std::string at = "time:timestamp";
  std::string started = "case:startdate";
  std::string ended = "case:enddate";
  std::string deadline = "case:deadline";
  std::string service;
  std::string authority = "case:department";
  std::string channel = "case:channel";
  std::string reason;
  std::string party = "org:group";
  std::string regulation = {};
  std::string variant = {};
  std::string situation = {};
  std::string chain = {};
  std::string person = {};
};

// The score of 1 to 5 that a survey's reason states.
std::optional<int> ScoreIn(std::string_view reason);

// Reads a log of events, a line each, with a header (RFC 4180). A case without a start begins with
// its first event. kInvalidArgument with the line and the column of what cannot be read, or of a
// case's line that contradicts an earlier one.
Result<EventLog> ReadCsv(std::string_view text, const Columns& columns);

// "2011-12-06 13:41:31.788000+01:00", also with T; without a zone it is refused.
Result<Instant> ParseLogMoment(std::string_view text);

}  // namespace kstati::cases::monitoring
