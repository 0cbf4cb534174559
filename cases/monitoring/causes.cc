// SPDX-License-Identifier: Apache-2.0
#include "cases/monitoring/causes.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

namespace kstati::cases::monitoring {
namespace {

constexpr size_t kCausesTogetherMax = 3;

struct WaitKind {
  CauseKind kind;
  std::string_view begins;
  std::string_view ends;
};

constexpr std::array<WaitKind, 3> kWaitKinds{{
    {CauseKind::kMissingAnswer, activity::kSourceAsked, activity::kSourceAnswered},
    {CauseKind::kTechnicalFailure, activity::kSystemDown, activity::kSystemUp},
    {CauseKind::kWork, activity::kOfficialAssigned, activity::kOfficialDone},
}};

struct Wait {
  Cause cause;
  Instant from;
  Instant to;
};

Instant EndOf(const LoggedCase& c, Instant now) { return c.ended.value_or(now); }

// By begin. One that never ended lasts as long as the case.
std::vector<Wait> WaitsOf(const LoggedCase& c, Instant now) {
  std::vector<Wait> waits;
  std::vector<size_t> open;
  for (const LoggedEvent& event : c.events) {
    for (const WaitKind& kind : kWaitKinds) {
      if (event.activity == kind.begins) {
        open.push_back(waits.size());
        waits.push_back({{kind.kind, event.party}, event.at, EndOf(c, now)});
      } else if (event.activity == kind.ends || (event.activity == activity::kSourceSilent &&
                                                 kind.kind == CauseKind::kMissingAnswer)) {
        const auto begun = std::ranges::find_if(
            open, [&](size_t i) { return waits[i].cause == Cause{kind.kind, event.party}; });
        if (begun == open.end()) continue;
        waits[*begun].to = event.at;
        open.erase(begun);
      }
    }
  }
  return waits;
}

int64_t AllowedFor(const Cause& cause, const AllowedTimes& allowed) {
  if (const auto own = allowed.of_party.find(cause.party); own != allowed.of_party.end()) {
    return own->second.count();
  }
  switch (cause.kind) {
    case CauseKind::kMissingAnswer: return allowed.source.count();
    case CauseKind::kTechnicalFailure: return allowed.system.count();
    default: return allowed.official.count();
  }
}

// Waits that overlap make a block; in the counterfactual a block ends with the last of its waits,
// and all that comes after it comes earlier by as much.
Instant Replay(const std::vector<Wait>& waits, const std::vector<Cause>& in_time,
               const AllowedTimes& allowed, Instant end) {
  int64_t gained = 0;
  for (size_t first = 0; first < waits.size();) {
    Instant last = waits[first].to;
    size_t next = first;
    while (next < waits.size() && (next == first || waits[next].from < last)) {
      last = std::max(last, waits[next].to);
      ++next;
    }
    int64_t would_last = INT64_MIN;
    for (size_t i = first; i < next; ++i) {
      const Wait& wait = waits[i];
      int64_t to = wait.to.micros;
      if (std::ranges::find(in_time, wait.cause) != in_time.end()) {
        to = std::min(to, wait.from.micros + AllowedFor(wait.cause, allowed));
      }
      would_last = std::max(would_last, to);
    }
    gained += last.micros - would_last;
    first = next;
  }
  return Instant{end.micros - gained};
}

// Calls `visit` with every subset of `size` causes, in order.
template <class Visit>
void ForEachSubset(const std::vector<Cause>& causes, size_t size, size_t from,
                   std::vector<Cause>& chosen, const Visit& visit) {
  if (chosen.size() == size) {
    visit(chosen);
    return;
  }
  for (size_t i = from; i < causes.size(); ++i) {
    chosen.push_back(causes[i]);
    ForEachSubset(causes, size, i + 1, chosen, visit);
    chosen.pop_back();
  }
}

std::vector<Counterfactual> Explain(const LoggedCase& c, const AllowedTimes& allowed, Instant now) {
  const std::vector<Wait> waits = WaitsOf(c, now);
  std::set<Cause> distinct;
  for (const Wait& wait : waits) {
    // Who kept the time is no cause.
    const bool over = wait.to.micros - wait.from.micros > AllowedFor(wait.cause, allowed);
    if (over) distinct.insert(wait.cause);
  }
  const std::vector<Cause> causes(distinct.begin(), distinct.end());
  std::vector<Counterfactual> found;
  for (size_t size = 1; size <= kCausesTogetherMax && found.empty(); ++size) {
    std::vector<Cause> chosen;
    ForEachSubset(causes, size, 0, chosen, [&](const std::vector<Cause>& in_time) {
      const Instant end = Replay(waits, in_time, allowed, EndOf(c, now));
      if (end <= *c.deadline) found.push_back({in_time, end});
    });
  }
  if (found.empty()) found.push_back({{{CauseKind::kOther, {}}}, EndOf(c, now)});
  return found;
}

}  // namespace

std::string_view NameOf(CauseKind kind) {
  switch (kind) {
    case CauseKind::kMissingAnswer: return "missing_answer";
    case CauseKind::kTechnicalFailure: return "technical_failure";
    case CauseKind::kWork: return "work";
    case CauseKind::kOther: break;
  }
  return "other";
}

Instant EndHad(const LoggedCase& c, const std::vector<Cause>& in_time, const AllowedTimes& allowed,
               Instant now) {
  return Replay(WaitsOf(c, now), in_time, allowed, EndOf(c, now));
}

std::vector<Attribution> AttributeBreaches(const EventLog& log, const AllowedTimes& allowed,
                                           Instant now) {
  std::vector<Attribution> attributions;
  for (const LoggedCase& each : log.cases) {
    const Instant end = EndOf(each, now);
    if (!each.deadline || end <= *each.deadline) continue;
    attributions.push_back({each.id, end, *each.deadline, Explain(each, allowed, now)});
  }
  return attributions;
}

}  // namespace kstati::cases::monitoring
