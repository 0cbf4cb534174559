// SPDX-License-Identifier: Apache-2.0
#include "recommender/inference/told_events.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "base/clock.h"
#include "recommender/inference/signals.h"

namespace kstati::recommender::inference {
namespace {

using profile::Fact;
using profile::FactView;
using profile::History;

// Several records of one event: by more than one registry, or in more than one attribute.
constexpr int64_t kSameEventDays = 30;

bool Is(const Fact& fact, std::string_view attribute) { return fact.attribute.text() == attribute; }

bool Says(const Fact& fact, bool value) {
  const bool* said = std::get_if<bool>(&fact.value);
  return said != nullptr && *said == value;
}

// The kind that the fact tells of when the person was as in the view until then.
std::optional<EventKind> KindTold(const Fact& fact, const FactView& before, Date on) {
  const auto at_risk = [&](EventKind kind) { return IsAtRisk(kind, before, on); };
  if (Is(fact, "person.married") && Says(fact, true) && at_risk(EventKind::kMarried)) {
    return EventKind::kMarried;
  }
  if (Is(fact, "person.employed") && Says(fact, false) && at_risk(EventKind::kStoppedWorking)) {
    return EventKind::kStoppedWorking;
  }
  if (Is(fact, "person.pregnancy_weeks") && std::holds_alternative<Decimal>(fact.value) &&
      at_risk(EventKind::kExpectingChild)) {
    return EventKind::kExpectingChild;
  }
  const bool is_region = Is(fact, "person.region_code");
  const bool registers = Is(fact, "doc.residence_registration") && Says(fact, true);
  if (!is_region && !registers) return std::nullopt;
  const Fact* lived = before.Find(fact.attribute);
  if (lived == nullptr || (is_region && lived->value == fact.value)) return std::nullopt;
  if (at_risk(EventKind::kLeftHome)) return EventKind::kLeftHome;
  if (at_risk(EventKind::kMoved)) return EventKind::kMoved;
  return std::nullopt;
}

bool WasTakenBack(const History& history, const Fact& fact) {
  return std::ranges::any_of(history.supersessions, [&](const profile::Supersession& taken_back) {
    return taken_back.event == fact.reported_by;
  });
}

// Told first counts, also where another registry says another day.
void Add(const ToldEvent& event, std::vector<ToldEvent>& events) {
  const auto same = std::ranges::find_if(events, [&](const ToldEvent& other) {
    return other.kind == event.kind && other.on.AddDays(-kSameEventDays) <= event.on &&
           event.on <= other.on.AddDays(kSameEventDays);
  });
  if (same == events.end()) {
    events.push_back(event);
  } else if (event.told < same->told) {
    *same = event;
  }
}

}  // namespace

std::vector<ToldEvent> ToldEventsOf(const History& history, const std::string& time_zone) {
  std::vector<ToldEvent> events;
  for (const Fact& fact : history.facts) {
    const Date on = fact.valid.from;
    const Date told = LocalDate(fact.known_at, time_zone);
    if (told <= on || WasTakenBack(history, fact)) continue;
    const Date day_before = on.AddDays(-1);
    const FactView before(history, {day_before, Instant{fact.known_at.micros - 1}});
    const auto kind = KindTold(fact, before, day_before);
    if (kind) Add({*kind, on, told}, events);
  }
  std::ranges::sort(events, {},
                    [](const ToldEvent& event) { return std::tuple(event.on, event.kind); });
  return events;
}

bool HappenedUntold(const std::vector<ToldEvent>& events, EventKind kind, Date on) {
  return std::ranges::any_of(events, [&](const ToldEvent& event) {
    return event.kind == kind && event.on <= on && on <= event.on.AddDays(kWindowDays) &&
           on < event.told;
  });
}

}  // namespace kstati::recommender::inference
