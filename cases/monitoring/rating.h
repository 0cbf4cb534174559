// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/issue.h"
#include "cases/monitoring/report.h"

namespace kstati::cases::monitoring {

// How authorities are rated; data, so that a rating can be made again by the formula of its time.
struct RatingFormula {
  std::string version;
  uint64_t cases_min = 0;  // with fewer closed cases an authority is not rated
  // Weights of shares, of which more is better; they make one.
  double in_time = 0;
  double not_refused = 0;
  double without_complaint = 0;
  double not_made_to_come = 0;
};

// Reads a formula from YAML; problems, also weights that do not make one, are appended to `issues`.
RatingFormula LoadRatingFormula(const std::string& path, std::vector<Issue>& issues);

struct Rating {
  std::string authority;
  uint64_t cases = 0;  // closed ones: the sample
  // Of 100. Each share counts with the lower end of its 95 % Wilson interval, so that few cases do
  // not make a leader; absent: too few cases.
  std::optional<double> score;
  double in_time = 0;  // lower ends, of 1
  double not_refused = 0;
  double without_complaint = 0;
  double not_made_to_come = 0;
};

// The best first; those not rated last, by name.
std::vector<Rating> Rate(const EventLog& log, const RatingFormula& formula, Instant at);

// The lower end of the 95 % Wilson interval of a share; 0 of nothing.
double LowerEnd(const Share& share);

}  // namespace kstati::cases::monitoring
