// SPDX-License-Identifier: Apache-2.0
#include "cases/calendar_sweep.h"

#include <algorithm>
#include <cstdlib>
#include <string>

#include "base/bytes.h"
#include "base/check.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/micros.h"
#include "cases/draft.h"
#include "cases/pipeline.h"

namespace kstati::cases {
namespace {

constexpr std::string_view kSweptMark = "calendar.swept";
constexpr size_t kSetAsideMax = 10'000;  // of a partition: then it is not they that are in trouble
constexpr int64_t kTryAgainAfter = kMicrosPerMinute;

// A life event found by the calendar, as an event that can be recorded and deduplicated.
profile::RegistryEvent AsRegistryEvent(const recommender::LifeEvent& life_event) {
  profile::RegistryEvent event;
  event.key = life_event.cause;
  event.type = life_event.type;
  event.subject = life_event.subject;
  event.occurred_on = life_event.on;
  event.participants = life_event.participants;
  return event;
}

Result<size_t> SweepCitizen(const World& world, CitizenId citizen, DateInterval days) {
  Draft draft(world, world.Now());
  const Result<bool> known = draft.Knows(citizen);
  if (known && !*known) return 0;  // erased since
  KSTATI_TRY(const auto household, draft.HouseholdOf(citizen));
  size_t found = 0;
  for (Date day = days.from; day <= *days.to; day = day.AddDays(1)) {
    for (const recommender::LifeEvent& life_event :
         recommender::DetectByDate(*household, day, *world.program)) {
      KSTATI_TRY_VOID(ProcessCheckedEvent(world, AsRegistryEvent(life_event)));
      ++found;
    }
  }
  return found;
}

// The first day whose life events could still open a situation.
Date FirstThatMatters(const graph::Catalogue& catalogue, Date today) {
  Date first = today;
  for (const graph::Situation& situation : catalogue.situations()) {
    const Period& lasts = situation.lasts;
    first = std::min(first, today.AddMonths(-lasts.months).AddDays(-lasts.days));
  }
  return first;
}

}  // namespace

Result<SweptCitizens> SweepCitizens(const World& world, size_t partition, DateInterval days,
                                    CitizenId after, size_t citizens_max) {
  KSTATI_CHECK(days.to && citizens_max > 0);
  std::vector<CitizenId> citizens;  // listed first: commits do not like an open snapshot
  KSTATI_TRY_VOID(world.store->ForEachCitizen(partition, after, [&](CitizenId citizen) {
    citizens.push_back(citizen);
    return citizens.size() < citizens_max;
  }));
  SweptCitizens swept;
  for (const CitizenId citizen : citizens) {
    const Result<size_t> found = SweepCitizen(world, citizen, days);
    if (found) {
      swept.life_events += *found;
    } else {
      swept.failed.emplace_back(citizen, found.error());
    }
  }
  if (citizens.size() == citizens_max) swept.next_after = citizens.back();
  return swept;
}

Result<std::optional<Date>> SweptThrough(const profile::Store& store) {
  KSTATI_TRY(const std::optional<std::string> mark, store.GetMark(kSweptMark));
  if (!mark) return std::nullopt;
  ByteReader reader(*mark);
  const Date day = reader.Day();
  KSTATI_TRY_VOID(reader.Finish("mark of the calendar"));
  return std::optional(day);
}

void PutSweptThrough(profile::Transaction& transaction, Date day) {
  ByteWriter writer;
  writer.Day(day);
  transaction.PutMark(kSweptMark, writer.Take());
}

size_t CalendarSweep::set_aside() const {
  size_t count = 0;
  for (const Partition& each : partitions_) count += each.set_aside.size();
  return count;
}

Result<void> CalendarSweep::Begin() {
  if (!partitions_.empty()) return {};
  KSTATI_TRY(marked_, SweptThrough(*world_.store));
  partitions_.resize(world_.store->Partitions());
  for (Partition& each : partitions_) each.swept = marked_;
  return {};
}

void CalendarSweep::BeginIn(Partition& partition) const {
  const Date today = world_.Today();
  const Date next = partition.swept ? partition.swept->AddDays(1) : today;
  if (next > today) return;
  partition.days = DateInterval{std::max(next, FirstThatMatters(world_.catalogue(), today)), today};
  partition.after = CitizenId();
}

Result<SweepState> CalendarSweep::Step(size_t citizens_max) {
  KSTATI_TRY_VOID(Begin());
  const bool is_under_way =
      std::ranges::any_of(partitions_, [](const Partition& each) { return each.days.has_value(); });
  if (!is_under_way) life_events_ = 0;
  SweepState state = SweepState::kNothingDue;
  std::optional<Error> failure;
  for (size_t number = 0; number < partitions_.size(); ++number) {
    const Result<SweepState> step = StepIn(number, citizens_max);
    if (!step) failure = step.error();
    if (!step || *step == SweepState::kNothingDue) continue;
    if (state != SweepState::kUnderWay) state = *step;
  }
  if (const Result<void> noted = NoteProgress(); !noted) failure = noted.error();
  if (failure && state != SweepState::kUnderWay) return Fail(*failure);
  return state;
}

Result<SweepState> CalendarSweep::StepIn(size_t number, size_t citizens_max) {
  Partition& partition = partitions_[number];
  TryAgain(partition);
  if (!partition.days) BeginIn(partition);
  if (!partition.days) return SweepState::kNothingDue;
  if (partition.set_aside.size() >= kSetAsideMax) {
    return Fail(ErrorCode::kUnavailable, "too many people cannot be swept",
                "partition " + std::to_string(number), "`kstati store verify` names the damaged");
  }
  KSTATI_TRY(const SweptCitizens swept,
             SweepCitizens(world_, number, *partition.days, partition.after, citizens_max));
  life_events_ += swept.life_events;
  PutAside(partition, partition.days->from, swept.failed);
  if (swept.next_after) {
    partition.after = *swept.next_after;
    return SweepState::kUnderWay;
  }
  partition.swept = partition.days->to;
  partition.days.reset();
  return SweepState::kFinished;
}

void CalendarSweep::PutAside(Partition& partition, Date since,
                             const std::vector<std::pair<CitizenId, Error>>& failed) {
  for (const auto& [citizen, why] : failed) {
    if (partition.set_aside.empty()) partition.tried_at = world_.Now();
    if (!partition.set_aside.emplace(citizen, since).second) continue;
    metrics::CounterOf("kstati_cases_calendar_set_aside_total",
                       "People whom the sweep of the calendar could not look at, to be tried again")
        .Add();
    log::Failure("calendar_citizen_set_aside", {{"code", std::string(KindOf(why.code).name)}});
  }
}

void CalendarSweep::TryAgain(Partition& partition) {
  const Instant now = world_.Now();
  const bool is_time = std::abs(now.micros - partition.tried_at.micros) >= kTryAgainAfter;
  if (partition.set_aside.empty() || !partition.swept || !is_time) return;
  partition.tried_at = now;
  const Date first = FirstThatMatters(world_.catalogue(), world_.Today());
  std::erase_if(partition.set_aside, [&](const auto& each) {
    const DateInterval days{std::max(each.second, first), *partition.swept};
    const Result<size_t> found = SweepCitizen(world_, each.first, days);
    if (found) life_events_ += *found;
    return found.has_value();
  });
}

// The day before the first one that somebody was not swept for.
Result<void> CalendarSweep::NoteProgress() {
  std::optional<Date> through;
  for (const Partition& each : partitions_) {
    if (!each.swept) return {};
    Date reached = *each.swept;
    for (const auto& [citizen, since] : each.set_aside) {
      reached = std::min(reached, since.AddDays(-1));
    }
    through = through ? std::min(*through, reached) : reached;
  }
  if (!through || (marked_ && *marked_ >= *through)) return {};
  profile::Transaction transaction(world_.Now());
  PutSweptThrough(transaction, *through);
  KSTATI_TRY_VOID(world_.store->Commit(transaction));
  marked_ = through;
  return {};
}

}  // namespace kstati::cases
