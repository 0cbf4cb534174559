// SPDX-License-Identifier: Apache-2.0
#include "cases/standard_watch.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "base/clock.h"

namespace kstati::cases {
namespace {

using graph::ApprovedStandard;
using monitoring::LoggedCase;

// Cases that a standard binds together.
using Bound = std::vector<const LoggedCase*>;

struct Span {
  Instant from;
  Instant to;
};

// When the case ran, in order: from its start to its end or `now`, without its pauses.
std::vector<Span> RunsOf(const LoggedCase& c, Instant now) {
  std::vector<Span> runs;
  const Instant end = c.ended.value_or(now);
  std::optional<Instant> running = c.started;
  for (const monitoring::LoggedEvent& event : c.events) {
    if (event.at > end) break;
    if (event.activity == monitoring::activity::kPaused && running) {
      runs.push_back({*running, event.at});
      running.reset();
    }
    if (event.activity == monitoring::activity::kResumed && !running) running = event.at;
  }
  if (running) runs.push_back({*running, end});
  return runs;
}

// When any of the cases ran, in order and apart.
std::vector<Span> UnionOf(const Bound& bound, Instant now) {
  std::vector<Span> runs;
  for (const LoggedCase* c : bound) std::ranges::copy(RunsOf(*c, now), std::back_inserter(runs));
  std::ranges::sort(runs, {}, &Span::from);
  std::vector<Span> joined;
  for (const Span& run : runs) {
    if (!joined.empty() && run.from <= joined.back().to) {
      joined.back().to = std::max(joined.back().to, run.to);
    } else {
      joined.push_back(run);
    }
  }
  return joined;
}

std::vector<Pause> GapsIn(const std::vector<Span>& runs) {
  std::vector<Pause> gaps;
  for (size_t i = 0; i + 1 < runs.size(); ++i) gaps.push_back({runs[i].to, runs[i + 1].from});
  return gaps;
}

class Watching {
 public:
  Watching(const ApprovedStandard& standard, const Reckoning& reckoning, Instant now,
           StandardWatch& watch)
      : standard_(standard), reckoning_(reckoning), now_(now), watch_(watch) {}

  bool Binds(const LoggedCase& c) const {
    if (!monitoring::IsCase(c) ||
        !standard_.in_force.Contains(LocalDate(c.started, reckoning_.zone))) {
      return false;
    }
    if (standard_.service.empty()) return c.situation == standard_.situation.text();
    const bool of_variant = standard_.variant.empty() || c.variant == standard_.variant;
    return c.service == standard_.service.text() && of_variant;
  }

  void Look(const Bound& bound) {
    LookAtCount(bound, Capped::kVisits, monitoring::activity::kVisit, standard_.visits);
    LookAtCount(bound, Capped::kDocuments, monitoring::activity::kDocument, standard_.documents);
    if (standard_.term) LookAtTerm(bound, *standard_.term);
  }

 private:
  void LookAtCount(const Bound& bound, Capped capped, std::string_view activity,
                   std::optional<int> most) {
    if (!most) return;
    std::vector<Instant> moments;
    for (const LoggedCase* c : bound) {
      for (const monitoring::LoggedEvent& event : c->events) {
        if (event.activity == activity) moments.push_back(event.at);
      }
    }
    const size_t allowed = static_cast<size_t>(*most);
    if (moments.size() <= allowed) return;
    std::ranges::sort(moments);
    Raise(bound, capped, static_cast<int64_t>(moments.size()), moments[allowed]);
  }

  void LookAtTerm(const Bound& bound, const Term& most) {
    const std::vector<Span> runs = UnionOf(bound, now_);
    if (runs.empty()) return;
    const auto deadline = DeadlineOf(reckoning_, runs.front().from, most, GapsIn(runs));
    if (!deadline) {
      ++watch_.not_counted;
      return;
    }
    const Instant end = runs.back().to;
    if (!*deadline || end < (*deadline)->breach) return;
    const int64_t days =
        LocalDate(end, reckoning_.zone).days - LocalDate(runs.front().from, reckoning_.zone).days;
    Raise(bound, Capped::kTerm, days, (*deadline)->breach);
  }

  void Raise(const Bound& bound, Capped capped, int64_t asked, Instant since) {
    StandardAlarm alarm{&standard_, capped, {}, asked, since};
    for (const LoggedCase* c : bound) alarm.cases.push_back(c->id);
    watch_.alarms.push_back(std::move(alarm));
  }

  const ApprovedStandard& standard_;
  const Reckoning& reckoning_;
  const Instant now_;
  StandardWatch& watch_;
};

// Each case by itself, but those of a chain that a situation's standard binds together.
std::vector<Bound> BoundOf(const ApprovedStandard& standard, const monitoring::EventLog& log,
                           const Watching& watching) {
  std::vector<Bound> all;
  std::map<std::string, size_t> chains;
  for (const LoggedCase& c : log.cases) {
    if (!watching.Binds(c)) continue;
    const bool alone = !standard.service.empty() || c.chain.empty();
    const auto known = alone ? chains.end() : chains.find(c.chain);
    if (known != chains.end()) {
      all[known->second].push_back(&c);
      continue;
    }
    if (!alone) chains.emplace(c.chain, all.size());
    all.push_back({&c});
  }
  return all;
}

}  // namespace

std::string_view NameOf(Capped capped) {
  switch (capped) {
    case Capped::kVisits: return "visits";
    case Capped::kDocuments: return "documents";
    case Capped::kTerm: return "term";
  }
  return "unknown";
}

StandardWatch WatchStandards(const std::vector<ApprovedStandard>& standards,
                             const monitoring::EventLog& log, const Reckoning& reckoning,
                             Instant now) {
  StandardWatch watch;
  for (const ApprovedStandard& standard : standards) {
    Watching watching(standard, reckoning, now, watch);
    for (const Bound& bound : BoundOf(standard, log, watching)) watching.Look(bound);
  }
  return watch;
}

}  // namespace kstati::cases
