// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "cases/monitoring/event_log.h"

namespace kstati::cases::monitoring {

// What is measured of each case before and after a change.
enum class Measure {
  kDays,
  kLate,
  kRefused,
  kVisits,
  kDocuments,
  kSuspended,
  kErrors,
  kComplaints,
  kSupport,
  kSatisfiedWithTime,    // of those who were asked: scores of 1 to 5
  kSatisfiedWithEffort,  // the same
};

std::string_view NameOf(Measure measure);  // "days", "late", ...
std::vector<Measure> AllMeasures();        // in this order
Result<Measure> ParseMeasure(std::string_view name);

// The values of the cases that have the measure (closed ones; kLate: with a deadline; kDays, kLate
// and kRefused: decided, or late before that), of those that started in [from, to). None where the
// log does not tell what would be counted.
std::vector<double> ValuesOf(const EventLog& log, Measure measure, Instant from, Instant to);

// Which cases and which feedback are on one side of a comparison.
struct Side {
  std::function<bool(const LoggedCase&)> has_case;
  std::function<bool(const Feedback&)> has_feedback;
};
// The same of one side. Feedback is told of no case: each time counts as one more on some case of
// the side, so that the mean is the number for each case; of surveys each answer is a value.
std::vector<double> ValuesOf(const EventLog& log, Measure measure, const Side& side);

// Of a service's regulation, or of whatever changed at a moment.
struct Change {
  std::string service;          // empty: of all
  std::optional<Date> version;  // the day from which the version of its regulation is in force
  Instant at;                   // without a version
};

struct Sides {
  Side before;
  Side after;
};
// By a moment: cases by their start, feedback by its day, as that begins in UTC. By version: cases
// that go by it, and those that go by the latest one before it in the log, whenever they started;
// feedback from that day on, until the next version in the log begins, and from the day of the one
// before on.
Sides SidesOf(const EventLog& log, const Change& change);

struct Comparison {
  uint64_t before_count = 0;
  uint64_t after_count = 0;
  double before = 0;  // means
  double after = 0;
  double difference = 0;  // after - before
  // The interval in which the difference lies with the confidence asked for.
  double low = 0;
  double high = 0;
  bool differs() const { return low > 0 || high < 0; }
};

// Compares two samples of independent cases by the bootstrap: both are drawn anew `rounds` times,
// and the interval is that of the middle `confidence` of the differences of means (percentiles).
// The same seed gives the same interval. kInvalidArgument with fewer than two cases on a side.
Result<Comparison> Compare(const std::vector<double>& before, const std::vector<double>& after,
                           double confidence, uint64_t seed, size_t rounds = 2'000);

}  // namespace kstati::cases::monitoring
