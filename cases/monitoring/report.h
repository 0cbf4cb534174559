// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cases/monitoring/event_log.h"

namespace kstati::cases::monitoring {

// A share of things counted, with how many there were.
struct Share {
  uint64_t part = 0;
  uint64_t whole = 0;
  std::optional<double> value() const {
    if (whole == 0) return std::nullopt;
    return static_cast<double>(part) / static_cast<double>(whole);
  }
};

// How long things took, in days of 24 hours.
struct Durations {
  uint64_t count = 0;
  double mean = 0;
  double median = 0;
  double ninetieth = 0;  // nine of ten took no longer
  double longest = 0;
};
// Zeros without any. The median of an even count is the middle of the two.
Durations DurationsOf(std::vector<int64_t> micros);

// What can be said of some cases. What is absent, and a share of nothing, is not recorded: the log
// has no such entries, and nobody who wrote it would have made them.
struct Report {
  uint64_t cases = 0;
  uint64_t closed = 0;
  uint64_t undecided = 0;  // of the closed: EndedUndecided
  // Of the closed cases that had a deadline: ended after it. Those that ended undecided before it
  // are left out.
  Share late;
  uint64_t overdue = 0;         // open, and past the deadline at the moment of the report
  Durations from_start_to_end;  // of those that were decided
  Durations lateness;           // of the late ones: past the deadline

  // The seven: how often the form was there, orders, errors, refusals, complaints, calls for help,
  // average time (from_start_to_end.mean).
  Share available;
  Share errors;    // cases with one, of all
  Share refusals;  // of cases that were decided
  std::optional<uint64_t> complaints;
  std::optional<uint64_t> support;

  // Satisfaction, mean scores of 1 to 5; absent: nobody answered.
  std::optional<double> satisfied_with_time;
  std::optional<double> satisfied_with_effort;
  uint64_t answers = 0;
  // What it cost people, a case on average.
  std::optional<double> documents;
  std::optional<double> contacts;
  std::optional<double> visits;

  std::optional<uint64_t> suspensions;
  std::optional<uint64_t> filings_refused;
  // Asks of sources that were answered, and those that were not, by the moment of the report.
  Durations answers_of_sources;
  std::optional<uint64_t> unanswered;
  // Signs that people were made to come or to bring what they need not: visits without a ground,
  // asks outside of the regulation or of what the state has, electronic filing refused and a visit
  // after it.
  std::optional<uint64_t> visits_without_ground;
  std::optional<uint64_t> unlisted_asks;
  std::optional<uint64_t> held_asks;
  std::optional<uint64_t> refused_then_visited;
};

enum class Grouping {
  kNone,
  kService,
  kAuthority,
  kChannel,
  kServiceAndAuthority,
  kServiceAndVariant,
  kServiceAndProcedure,  // feedback alone is of a procedure; cases are of all of theirs
};

struct GroupReport {
  std::string group;  // empty with kNone
  Report report;
};

// By group, in order of name. `at`: what is open then counts as open. Feedback is counted in its
// group beside the cases.
std::vector<GroupReport> MakeReports(const EventLog& log, Grouping grouping, Instant at);

// How long a step of the work took: from each activity to the next one of its case.
struct StepReport {
  std::string activity;
  Durations until_next;
};
std::vector<StepReport> MakeStepReports(const EventLog& log);

}  // namespace kstati::cases::monitoring
