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

constexpr std::array<std::pair<Measure, std::string_view>, 11> kMeasureNames{{
    {Measure::kDays, "days"},
    {Measure::kLate, "late"},
    {Measure::kRefused, "refused"},
    {Measure::kVisits, "visits"},
    {Measure::kDocuments, "documents"},
    {Measure::kSuspended, "suspended"},
    {Measure::kErrors, "errors"},
    {Measure::kComplaints, "complaints"},
    {Measure::kSupport, "support"},
    {Measure::kSatisfiedWithTime, "satisfied_with_time"},
    {Measure::kSatisfiedWithEffort, "satisfied_with_effort"},
}};

double CountOf(const LoggedCase& c, std::string_view activity) {
  return static_cast<double>(std::ranges::count(c.events, activity, &LoggedEvent::activity));
}

// The entries that a measure counts; empty: it counts none.
std::string_view CountedBy(Measure measure) {
  switch (measure) {
    case Measure::kVisits: return activity::kVisit;
    case Measure::kDocuments: return activity::kDocument;
    case Measure::kSuspended: return activity::kSuspended;
    case Measure::kErrors: return activity::kError;
    case Measure::kComplaints: return activity::kComplaint;
    case Measure::kSupport: return activity::kSupport;
    case Measure::kSatisfiedWithTime: return activity::kSurveyTime;
    case Measure::kSatisfiedWithEffort: return activity::kSurveyEffort;
    default: return {};
  }
}

bool IsScore(Measure measure) {
  return measure == Measure::kSatisfiedWithTime || measure == Measure::kSatisfiedWithEffort;
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
    default: return CountOf(c, CountedBy(measure));
  }
}

// Each answer that people gave.
std::vector<double> ScoresOf(const EventLog& log, std::string_view survey, const Side& side) {
  std::vector<double> scores;
  for (const LoggedCase& each : log.cases) {
    if (!side.has_case(each)) continue;
    for (const LoggedEvent& event : each.events) {
      const std::optional<int> score =
          event.activity == survey ? ScoreIn(event.reason) : std::nullopt;
      if (score) scores.push_back(*score);
    }
  }
  for (const Feedback& each : log.feedback) {
    if (each.activity == survey && side.has_feedback(each)) {
      scores.insert(scores.end(), each.count, each.score);
    }
  }
  return scores;
}

// Feedback on what the measure counts, once more for one case after the other.
void AddFeedback(const EventLog& log, std::string_view counted, const Side& side,
                 std::vector<double>& values) {
  if (values.empty()) return;
  uint64_t times = 0;
  for (const Feedback& each : log.feedback) {
    if (each.activity == counted && side.has_feedback(each)) times += each.count;
  }
  const uint64_t for_each = times / values.size();
  const uint64_t left = times % values.size();
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] += static_cast<double>(for_each + (i < left ? 1 : 0));
  }
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
  return Fail(ErrorCode::kInvalidArgument, "not a measure", std::string(name),
              "name days, late, refused, visits, documents or another that the help lists");
}

std::vector<Measure> AllMeasures() {
  std::vector<Measure> all;
  for (const auto& [measure, name] : kMeasureNames) all.push_back(measure);
  return all;
}

std::vector<double> ValuesOf(const EventLog& log, Measure measure, Instant from, Instant to) {
  const auto day_of = [](Instant moment) { return moment.micros / kMicrosPerDay; };
  return ValuesOf(log, measure,
                  {[&](const LoggedCase& c) { return c.started >= from && c.started < to; },
                   [&](const Feedback& feedback) {
                     return feedback.day.days >= day_of(from) && feedback.day.days < day_of(to);
                   }});
}

std::vector<double> ValuesOf(const EventLog& log, Measure measure, const Side& side) {
  std::vector<double> values;
  const std::string_view counted = CountedBy(measure);
  if (!counted.empty() && !Tells(log, counted)) return values;
  if (IsScore(measure)) return ScoresOf(log, counted, side);
  for (const LoggedCase& each : log.cases) {
    if (HasMeasure(each, measure) && side.has_case(each)) values.push_back(ValueOf(each, measure));
  }
  AddFeedback(log, counted, side, values);
  return values;
}

Sides SidesOf(const EventLog& log, const Change& change) {
  const std::string service = change.service;
  if (!change.version) {
    const Instant at = change.at;
    const int64_t day = at.micros / kMicrosPerDay;
    const auto of_service = [service](const auto& each) {
      return service.empty() || each.service == service;
    };
    return {{[=](const LoggedCase& c) { return of_service(c) && c.started < at; },
             [=](const Feedback& each) { return of_service(each) && each.day.days < day; }},
            {[=](const LoggedCase& c) { return of_service(c) && c.started >= at; },
             [=](const Feedback& each) { return of_service(each) && each.day.days >= day; }}};
  }
  // Days are written so that they sort as text.
  const std::string version = change.version->ToString();
  std::string earlier;
  std::string next;  // empty: none yet
  for (const LoggedCase& c : log.cases) {
    if (c.service != service || c.regulation.empty()) continue;
    if (c.regulation < version) earlier = std::max(earlier, c.regulation);
    const bool later = c.regulation > version;
    if (later && (next.empty() || c.regulation < next)) next = c.regulation;
  }
  const auto side = [service](std::string from, std::string to) -> Side {
    return {[=](const LoggedCase& c) {
              return c.service == service && !from.empty() && c.regulation == from;
            },
            [=](const Feedback& each) {
              const std::string day = each.day.ToString();
              return each.service == service && !from.empty() && day >= from &&
                     (to.empty() || day < to);
            }};
  };
  return {side(earlier, version), side(version, next)};
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
