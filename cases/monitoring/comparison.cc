// SPDX-License-Identifier: Apache-2.0
#include "cases/monitoring/comparison.h"
#include "base/micros.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <string>
#include <utility>

namespace kstati::cases::monitoring {
namespace {

constexpr std::array<std::pair<Measure, std::string_view>, 5> kMeasureNames{{
    {Measure::kDays, "days"},
    {Measure::kLate, "late"},
    {Measure::kRefused, "refused"},
    {Measure::kVisits, "visits"},
    {Measure::kDocuments, "documents"},
}};

double CountOf(const LoggedCase& c, std::string_view activity) {
  return static_cast<double>(std::ranges::count(c.events, activity, &LoggedEvent::activity));
}

// The entries that a measure counts; empty: it counts none.
std::string_view CountedBy(Measure measure) {
  if (measure == Measure::kVisits) return activity::kVisit;
  return measure == Measure::kDocuments ? activity::kDocument : std::string_view();
}

bool HasMeasure(const LoggedCase& c, Measure measure) {
  if (!c.ended) return false;
  switch (measure) {
    case Measure::kDays:
    case Measure::kRefused: return !EndedUndecided(c);
    case Measure::kLate: return c.deadline && (!EndedUndecided(c) || *c.ended > *c.deadline);
    default: return true;
  }
}

double ValueOf(const LoggedCase& c, Measure measure) {
  switch (measure) {
    case Measure::kDays:
      return static_cast<double>(c.ended->micros - c.started.micros) /
             static_cast<double>(kMicrosPerDay);
    case Measure::kLate: return *c.ended > *c.deadline ? 1 : 0;
    case Measure::kRefused: return CountOf(c, activity::kRefused) > 0 ? 1 : 0;
    case Measure::kVisits: return CountOf(c, activity::kVisit);
    case Measure::kDocuments: break;
  }
  return CountOf(c, activity::kDocument);
}

double MeanOf(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

// The same on every machine, unlike the library's distributions.
size_t Draw(std::mt19937_64& random, size_t bound) {
  const uint64_t fair = UINT64_MAX - UINT64_MAX % bound;
  uint64_t number = random();
  while (number >= fair) number = random();
  return static_cast<size_t>(number % bound);
}

double MeanDrawnAnew(std::mt19937_64& random, const std::vector<double>& values) {
  double sum = 0;
  for (size_t i = 0; i < values.size(); ++i) sum += values[Draw(random, values.size())];
  return sum / static_cast<double>(values.size());
}

}  // namespace

std::string_view NameOf(Measure measure) {
  for (const auto& [known, name] : kMeasureNames) {
    if (known == measure) return name;
  }
  return "unknown";
}

Result<Measure> ParseMeasure(std::string_view name) {
  for (const auto& [measure, known] : kMeasureNames) {
    if (known == name) return measure;
  }
  return Fail(ErrorCode::kInvalidArgument, "not a measure", {},
              "name days, late, refused, visits or documents");
}

std::vector<double> ValuesOf(const EventLog& log, Measure measure, Instant from, Instant to) {
  std::vector<double> values;
  const std::string_view counted = CountedBy(measure);
  if (!counted.empty() && !Tells(log, counted)) return values;
  for (const LoggedCase& each : log.cases) {
    if (!HasMeasure(each, measure) || each.started < from || each.started >= to) continue;
    values.push_back(ValueOf(each, measure));
  }
  return values;
}

Result<Comparison> Compare(const std::vector<double>& before, const std::vector<double>& after,
                           double confidence, uint64_t seed, size_t rounds) {
  if (before.size() < 2 || after.size() < 2) {
    return Fail(
        ErrorCode::kInvalidArgument, "there are too few cases to compare",
        "before " + std::to_string(before.size()) + ", after " + std::to_string(after.size()),
        "choose a moment with at least two cases on each side");
  }
  if (!(confidence > 0 && confidence < 1) || rounds < 2) {
    return Fail(ErrorCode::kInvalidArgument, "not a confidence between 0 and 1", {},
                "0.95 is usual");
  }
  Comparison comparison{before.size(), after.size(), MeanOf(before), MeanOf(after)};
  comparison.difference = comparison.after - comparison.before;
  std::mt19937_64 random(seed);
  std::vector<double> differences(rounds);
  for (double& difference : differences) {
    const double drawn_before = MeanDrawnAnew(random, before);
    difference = MeanDrawnAnew(random, after) - drawn_before;
  }
  std::ranges::sort(differences);
  const double outside = (1 - confidence) / 2;
  const auto at = [&](double share) {
    return differences[static_cast<size_t>(std::lround(share * static_cast<double>(rounds - 1)))];
  };
  comparison.low = at(outside);
  comparison.high = at(1 - outside);
  return comparison;
}

}  // namespace kstati::cases::monitoring
