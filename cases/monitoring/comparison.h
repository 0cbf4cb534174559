// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cases/monitoring/event_log.h"

namespace kstati::cases::monitoring {

// What is measured of each case before and after a change.
enum class Measure { kDays, kLate, kRefused, kVisits, kDocuments };

std::string_view NameOf(Measure measure);  // "days", "late", ...
Result<Measure> ParseMeasure(std::string_view name);

// The values of the cases that have the measure (closed ones; kLate: with a deadline; kDays, kLate
// and kRefused: decided, or late before that), of those that started in [from, to). None where the
// log does not tell what would be counted.
std::vector<double> ValuesOf(const EventLog& log, Measure measure, Instant from, Instant to);

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
