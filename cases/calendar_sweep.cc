// SPDX-License-Identifier: Apache-2.0
#include "cases/calendar_sweep.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "cases/draft.h"
#include "cases/pipeline.h"

namespace kstati::cases {
namespace {

constexpr std::string_view kSweptMark = "calendar.swept";

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

Result<SweptCitizens> SweepCitizens(const World& world, DateInterval days, CitizenId after,
                                    size_t citizens_max) {
  KSTATI_CHECK(days.to && citizens_max > 0);
  std::vector<CitizenId> citizens;  // listed first: commits do not like an open snapshot
  KSTATI_TRY_VOID(world.store->ForEachCitizen(after, [&](CitizenId citizen) {
    citizens.push_back(citizen);
    return citizens.size() < citizens_max;
  }));
  SweptCitizens swept;
  for (const CitizenId citizen : citizens) {
    KSTATI_TRY(const size_t found, SweepCitizen(world, citizen, days));
    swept.life_events += found;
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

Result<void> CalendarSweep::Begin() {
  const Date today = world_.Today();
  if (!swept_) {
    KSTATI_TRY(swept_, SweptThrough(*world_.store));
  }
  const Date next = swept_ ? swept_->AddDays(1) : today;
  if (next > today) return {};
  days_ = DateInterval{std::max(next, FirstThatMatters(world_.catalogue(), today)), today};
  after_ = CitizenId();
  life_events_ = 0;
  return {};
}

Result<SweepState> CalendarSweep::Step(size_t citizens_max) {
  if (!days_) KSTATI_TRY_VOID(Begin());
  if (!days_) return SweepState::kNothingDue;
  KSTATI_TRY(const SweptCitizens swept, SweepCitizens(world_, *days_, after_, citizens_max));
  life_events_ += swept.life_events;
  if (swept.next_after) {
    after_ = *swept.next_after;
    return SweepState::kUnderWay;
  }
  profile::Transaction transaction(world_.Now());
  PutSweptThrough(transaction, *days_->to);
  KSTATI_TRY_VOID(world_.store->Commit(transaction));
  swept_ = days_->to;
  days_.reset();
  return SweepState::kFinished;
}

}  // namespace kstati::cases
