// SPDX-License-Identifier: Apache-2.0
#include "cases/clock_keeping.h"

#include <algorithm>
#include <utility>

#include "cases/consenting.h"
#include "cases/journal.h"

namespace kstati::cases {
namespace {

// Every running clock has a timer, so that it is found when another calendar is loaded; one with
// nothing to tell of has this one, which never comes.
constexpr Instant kNever{INT64_MAX};

Reckoning ReckoningOf(const World& world, const CaseClock& clock) {
  return {world.term_calendars().Of(clock.calendar), world.time_zone};
}

bool WasTold(const CaseClock& clock, ClockMark mark, Date due) {
  return std::ranges::any_of(clock.LastTerm(), [&](const ClockEntry& entry) {
    return entry.mark == mark && entry.due == due;
  });
}

// The next moment at which there is something to tell of it.
std::optional<Instant> NextToTell(const CaseClock& clock,
                                  const Result<std::optional<Deadline>>& deadline) {
  if (!clock.Runs()) return std::nullopt;
  if (!deadline || !*deadline) return kNever;
  const Deadline& end = **deadline;
  if (WasTold(clock, ClockMark::kBreachTold, end.due)) return kNever;
  const bool risk_told = WasTold(clock, ClockMark::kRiskTold, end.due);
  return end.risk && !risk_told ? *end.risk : end.breach;
}

profile::Timer TimerOf(const CaseClock& clock, Instant at) {
  return {at, clock.citizen, clock.case_id.text()};
}

std::optional<Date> DueOf(const Result<std::optional<Deadline>>& deadline) {
  if (!deadline || !*deadline) return std::nullopt;
  return (*deadline)->due;
}

// Appends the entry, and keeps the clock and its timer.
void Append(Draft& draft, CaseClock& clock, ClockEntry entry) {
  const World& world = draft.world();
  entry.recorded_at = draft.now();
  entry.calendar = world.VersionOfCalendar(clock.calendar);
  clock.entries.push_back(std::move(entry));
  const auto deadline = DeadlineOf(ReckoningOf(world, clock), clock);
  ClockEntry& added = clock.entries.back();
  if (clock.Runs() && !added.due) added.due = DueOf(deadline);
  const std::optional<Instant> next = NextToTell(clock, deadline);
  if (clock.timer && clock.timer != next) draft.StopTimer(TimerOf(clock, *clock.timer));
  if (next && next != clock.timer) draft.SetTimer(TimerOf(clock, *next));
  clock.timer = next;
  draft.Keep(clock);
}

void WriteDown(Draft& draft, const Case& c, std::string activity, Instant at, std::string reason) {
  JournalEntry entry = draft.EntryAbout(c);
  entry.activity = std::move(activity);
  entry.at = at;
  entry.reason = std::move(reason);
  draft.Append(c.citizen, entry);
}

// From when on the term is breached, wherever that moved.
void WriteDue(Draft& draft, const Case& c, const CaseClock& clock) {
  const auto deadline = DeadlineOf(ReckoningOf(draft.world(), clock), clock);
  if (!clock.Runs() || !deadline || !*deadline) return;
  WriteDown(draft, c, std::string(kDueActivity), draft.now(), (*deadline)->breach.ToString());
}

// The case shows the last day of its clock.
void ShowDue(Case& c, const CaseClock& clock) {
  c.due = clock.entries.back().due;
  c.due_note.clear();
  if (clock.Stands()) c.due_note = "case.due.stands";
  if (!c.due && clock.Runs()) c.due_note = "case.due.calendar_missing";
}

void LetStand(Draft& draft, Case& c, CaseClock& clock, std::string ground, std::string until) {
  ClockEntry entry;
  entry.mark = ClockMark::kPaused;
  entry.at = draft.now();
  entry.ground = ground;
  entry.until = std::move(until);
  Append(draft, clock, entry);
  WriteDown(draft, c, "clock.paused", draft.now(), std::move(ground));
  ShowDue(c, clock);
}

// Again after it stood, or anew when a case that was over is open again.
void LetRun(Draft& draft, Case& c, CaseClock& clock, ClockMark mark, std::string ground) {
  const bool is_anew = mark == ClockMark::kRestarted;
  ClockEntry entry;
  entry.mark = mark;
  entry.at = draft.now();
  entry.ground = ground;
  Append(draft, clock, entry);
  if (is_anew) c.clock_started_at = draft.now();
  WriteDown(draft, c, is_anew ? std::string(kRestartedActivity) : "clock.resumed", draft.now(),
            std::move(ground));
  WriteDue(draft, c, clock);
  ShowDue(c, clock);
}

// Nobody can go on before something from outside of the authority has come.
bool StandsIn(Status status) {
  return status == Status::kSuspended || status == Status::kInformationAsked;
}

void Tell(Draft& draft, CaseClock& clock, const Case& c, ClockMark mark, Instant at, Date due) {
  const bool breach = mark == ClockMark::kBreachTold;
  ClockEntry entry;
  entry.mark = mark;
  entry.at = at;
  entry.due = due;
  Append(draft, clock, entry);
  WriteDown(draft, c, breach ? "clock.breach" : "clock.risk", at, {});
  const std::string message = breach ? "notification.term_breached" : "notification.term_at_risk";
  draft.Tell(c, message, c.id.text() + "." + std::string(NameOf(mark)) + "." + due.ToString());
}

// A breach that has come true, and that nobody was told of yet, before the clock stops or stands:
// afterwards nothing is due of it any more.
void TellBreach(Draft& draft, CaseClock& clock, const Case& c) {
  const auto deadline = DeadlineOf(ReckoningOf(draft.world(), clock), clock);
  if (!clock.Runs() || !deadline || !*deadline) return;
  const Deadline& end = **deadline;
  const bool is_due = end.breach <= draft.now();
  if (!is_due || WasTold(clock, ClockMark::kBreachTold, end.due)) return;
  Tell(draft, clock, c, ClockMark::kBreachTold, end.breach, end.due);
}

void Start(Draft& draft, const Case& c) {
  CaseClock started{c.id, c.citizen, *c.term, {}, std::nullopt, c.calendar};
  ClockEntry entry;
  entry.at = c.clock_started_at;
  Append(draft, started, entry);
  WriteDown(draft, c, std::string(kStartedActivity), c.clock_started_at, {});
  WriteDue(draft, c, started);
}

void Stop(Draft& draft, CaseClock& clock, std::string ground) {
  ClockEntry entry;
  entry.mark = ClockMark::kStopped;
  entry.at = draft.now();
  entry.ground = std::move(ground);
  Append(draft, clock, entry);
}

// The clock waits for the next moment with something to tell, where that is another one.
void SetNext(Draft& draft, CaseClock& clock, const Result<std::optional<Deadline>>& deadline) {
  const std::optional<Instant> next = NextToTell(clock, deadline);
  if (clock.timer == next) return;
  if (clock.timer) draft.StopTimer(TimerOf(clock, *clock.timer));
  if (next) draft.SetTimer(TimerOf(clock, *next));
  clock.timer = next;
  draft.Keep(clock);
}

// A timer that nothing stands behind any more.
void Forget(Draft& draft, CaseClock& clock) {
  if (clock.timer) draft.StopTimer(TimerOf(clock, *clock.timer));
  clock.timer.reset();
  draft.Keep(clock);
}

}  // namespace

Result<std::optional<CaseClock>> ClockOf(Draft& draft, CitizenId citizen, const CaseId& id) {
  KSTATI_TRY_VOID(draft.Cases(citizen));  // what follows rests on the citizen's state
  if (const CaseClock* changed = draft.ChangedClock(id)) return std::optional(*changed);
  KSTATI_TRY(const std::optional<std::string> bytes,
             draft.world().store->GetRecord(citizen, kClockRecord, id.text()));
  if (!bytes) return std::optional<CaseClock>();
  KSTATI_TRY(CaseClock clock, DecodeCaseClock(*bytes));
  return std::optional(std::move(clock));
}

Result<void> FollowCase(Draft& draft, Case& c) {
  // Nearly every new case has no clock yet, and none is looked for.
  const bool is_new = c.history.size() <= 1;
  std::optional<CaseClock> clock;
  if (!is_new) {
    KSTATI_TRY(clock, ClockOf(draft, c.citizen, c.id));
  }
  const std::string reason = c.history.empty() ? std::string() : c.history.back().reason;
  if (c.status == Status::kErased) {
    if (!clock) return {};
    if (clock->timer) draft.StopTimer(TimerOf(*clock, *clock->timer));
    draft.RemoveRecord(c.citizen, kClockRecord, c.id.text());
  } else if (!clock && c.term && IsOpen(c.status)) {
    Start(draft, c);
  } else if (!clock) {
    return {};
  } else if (!IsOpen(c.status) && (clock->Runs() || clock->Stands())) {
    TellBreach(draft, *clock, c);
    Stop(draft, *clock, reason);
  } else if (StandsIn(c.status) && clock->Runs()) {
    TellBreach(draft, *clock, c);
    LetStand(draft, c, *clock, reason, "case.status." + std::string(NameOf(c.status)));
  } else if (!StandsIn(c.status) && clock->Stands()) {
    LetRun(draft, c, *clock, ClockMark::kResumed, reason);
  } else if (IsOpen(c.status) && !clock->Runs() && !clock->Stands()) {
    LetRun(draft, c, *clock, ClockMark::kRestarted, reason);
  }
  return {};
}

Result<void> TellOfClock(Draft& draft, const profile::Timer& timer) {
  draft.NeedNotWait();
  const CaseId id(timer.name);
  KSTATI_TRY(std::optional<CaseClock> clock, ClockOf(draft, timer.citizen, id));
  if (!clock || clock->timer != timer.at) {
    draft.StopTimer(timer);
    return {};
  }
  KSTATI_TRY(const Case c, RequireCase(draft, timer.citizen, id));
  if (!clock->Runs() || !IsOpen(c.status)) {
    Forget(draft, *clock);
    return {};
  }
  KSTATI_TRY_VOID(RecountClock(draft, timer.citizen, id));
  KSTATI_TRY(clock, ClockOf(draft, timer.citizen, id));
  const auto deadline = DeadlineOf(ReckoningOf(draft.world(), *clock), *clock);
  SetNext(draft, *clock, deadline);  // another calendar may have moved it
  if (!deadline || !*deadline) return {};
  const Deadline& end = **deadline;
  if (end.breach <= draft.now()) {
    if (WasTold(*clock, ClockMark::kBreachTold, end.due)) return {};
    Tell(draft, *clock, c, ClockMark::kBreachTold, end.breach, end.due);
  } else if (end.risk && *end.risk <= draft.now() &&
             !WasTold(*clock, ClockMark::kRiskTold, end.due)) {
    Tell(draft, *clock, c, ClockMark::kRiskTold, *end.risk, end.due);
  }
  return {};
}

Result<bool> RecountClock(Draft& draft, CitizenId citizen, const CaseId& id) {
  KSTATI_TRY(std::optional<CaseClock> clock, ClockOf(draft, citizen, id));
  if (!clock || !clock->Runs()) return false;
  const auto deadline = DeadlineOf(ReckoningOf(draft.world(), *clock), *clock);
  if (clock->entries.back().due == DueOf(deadline)) {
    SetNext(draft, *clock, deadline);
    return false;
  }
  KSTATI_TRY(Case c, RequireCase(draft, citizen, id));
  ClockEntry entry;
  entry.mark = ClockMark::kRecounted;
  entry.at = draft.now();
  Append(draft, *clock, entry);
  WriteDown(draft, c, "clock.recounted", draft.now(), {});
  WriteDue(draft, c, *clock);
  ShowDue(c, *clock);
  KSTATI_TRY_VOID(draft.Keep(c));
  return true;
}

Result<std::vector<MovedDeadline>> DeadlinesMovedBy(const World& world, const TermCalendars& from,
                                                    const TermCalendars& to) {
  std::vector<MovedDeadline> moved;
  for (size_t partition = 0; partition < world.store->Partitions(); ++partition) {
    KSTATI_TRY(const std::vector<profile::Timer> timers, world.store->AllTimers(partition));
    for (const profile::Timer& timer : timers) {
      const auto bytes = world.store->GetRecord(timer.citizen, kClockRecord, timer.name);
      if (!bytes && bytes.error().code == ErrorCode::kNotFound) continue;  // erased
      if (!bytes) return Fail(bytes.error());
      if (!*bytes) continue;
      KSTATI_TRY(const CaseClock clock, DecodeCaseClock(**bytes));
      const std::optional<Date> before =
          DueOf(DeadlineOf({from.Of(clock.calendar), world.time_zone}, clock));
      const std::optional<Date> after =
          DueOf(DeadlineOf({to.Of(clock.calendar), world.time_zone}, clock));
      if (before != after) moved.push_back({clock.citizen, clock.case_id, before, after});
    }
  }
  std::ranges::sort(
      moved, {}, [](const MovedDeadline& each) { return std::pair(each.citizen, each.case_id); });
  return moved;
}

}  // namespace kstati::cases
